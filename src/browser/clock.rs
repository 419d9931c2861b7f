//! Another clock than this machine's. Leaves what follows from it to `core::auth`.

use super::page;
use convoke_core::auth::Transport;
use http::{Method, Request, header};

/// What the server that this page came from says the time is, in seconds since 1970. None where it cannot be asked or does not say.
pub async fn of_origin(transport: &Transport) -> Option<f64> {
    let request = Request::builder().method(Method::HEAD).uri(page::own_address()).body(Vec::new()).ok()?;
    let answer = transport(request).await.ok()?;
    let milliseconds = js_sys::Date::parse(answer.headers().get(header::DATE)?.to_str().ok()?);
    milliseconds.is_finite().then_some(milliseconds / 1000.0)
}
