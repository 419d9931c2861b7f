//! `/sandbox/tokens`: an access token without a sign-in, for tests and for a first look at Graph from a command line. Owns the endpoint; leaves
//! the token's content to `identity`.

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;

use crate::{
    context::Shared,
    identity::{self, Asking},
};

use super::{BadInput, no_such_account};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Wanted {
    /// A principal name.
    account: String,
    /// Permissions, parted by spaces; nobody has to have consented to them.
    scope: String,
    /// The `claims` parameter that a client would have sent.
    claims: Option<String>,
}

/// `POST` with `{"account": "adelev@contoso.onmicrosoft.com", "scope": "User.Read Calendars.Read"}`: `{"accessToken": …}`, of the demo's client.
pub(crate) async fn issue(State(context): State<Shared>, body: Bytes) -> Result<Response, BadInput> {
    let wanted: Wanted = super::read(&super::json_body(&body)?)?;
    let asking = Asking { account: &wanted.account, scope: &wanted.scope, claims: wanted.claims.as_deref() };
    let issued = identity::token_without_sign_in(&context, &asking)
        .map_err(|scope| BadInput::new("scope", format!("Graph has no permission {scope}")))?;
    Ok(match issued {
        Some(token) => (StatusCode::CREATED, Json(json!({ "accessToken": token }))).into_response(),
        None => no_such_account("account", &wanted.account),
    })
}
