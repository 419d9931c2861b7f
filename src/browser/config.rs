//! Where the deployment's configuration comes from: `globalThis.CONVOKE_CONFIG`, else `config.json` beside the page, never the page's
//! address. Leaves what it may say to `core::config`.

use super::{
    fetch::{self, FetchOptions},
    page,
};
use convoke_core::{
    Error, ErrorCode,
    config::{AppConfig, Found},
};
use http::{Request, header};
use js_sys::{JSON, Object, Reflect};
use serde_json::{Value, json};
use wasm_bindgen::{JsCast, JsValue};

const GLOBAL: &str = "CONVOKE_CONFIG";
const FILE: &str = "config.json";

/// The configuration; a page without any is one whose client id is asked for.
///
/// # Errors
/// `configuration` where there is one that cannot be used, or what the network did.
pub async fn load() -> Result<Found, Error> {
    match injected()? {
        Some(value) => AppConfig::parse(&value),
        None => AppConfig::parse(&beside_page().await?),
    }
}

/// The global, if it is a plain object: an element with that id becomes a global too and must not become configuration.
fn injected() -> Result<Option<Value>, Error> {
    let Ok(value) = Reflect::get(&js_sys::global(), &GLOBAL.into()) else { return Ok(None) };
    if !is_plain(&value) {
        return Ok(None);
    }
    let text = JSON::stringify(&value).ok().and_then(|text| text.as_string());
    let value = text.and_then(|text| serde_json::from_slice(text.as_bytes()).ok());
    value.map(Some).ok_or_else(|| Error::new(ErrorCode::Configuration, "globalThis.CONVOKE_CONFIG cannot be written as JSON."))
}

fn is_plain(value: &JsValue) -> bool {
    let Some(object) = value.dyn_ref::<Object>().filter(|_| value.is_object()) else { return false };
    let prototype = Object::get_prototype_of(object);
    // Of another realm (a frame's script) the prototype is another object: its own prototype is null all the same.
    prototype.is_null()
        || (Object::get_prototype_of(&prototype).is_null() && Reflect::has(&prototype, &"isPrototypeOf".into()).unwrap_or(false))
}

async fn beside_page() -> Result<Value, Error> {
    let page = page::own_address();
    let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
    let request = Request::get([folder, "/", FILE].concat()).header(header::ACCEPT, "application/json").body(Vec::new());
    let request = request.map_err(|_| Error::new(ErrorCode::Configuration, "This page has no address to find config.json beside."))?;
    let answer = fetch::send(request, &FetchOptions { timeout_ms: 15_000, signal: None }).await?;
    // Hosts that answer every path with the page itself have no such file.
    let is_page = answer.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    match answer.status().as_u16() {
        403 | 404 | 410 => Ok(json!({})),
        200..=299 if is_page => Ok(json!({})),
        200..=299 => serde_json::from_slice(answer.body()).map_err(|error| {
            let place = ["line ", &error.line().to_string(), ", column ", &error.column().to_string()].concat();
            Error::new(ErrorCode::Configuration, ["config.json is not valid JSON: see ", &place, "."].concat())
        }),
        status => Err(Error::new(ErrorCode::Unavailable, ["config.json could not be read: status ", &status.to_string(), "."].concat())),
    }
}
