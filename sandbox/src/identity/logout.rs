//! `GET /{tenant}/oauth2/v2.0/logout`: the end of a browser's session (OpenID Connect RP-Initiated Logout 1.0). Owns who is signed out
//! and where the browser goes; tokens that were issued live on, as in life.

use axum::{
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::Value;
use url::Url;

use crate::context::{Context, Shared};

use super::{authorize::Parameters, clients, keys::keys, pages, sign_in::session_id};

/// `id_token_hint` or `logout_hint` name one account; without them all of the browser's accounts are signed out.
pub(crate) async fn logout(State(context): State<Shared>, Query(parameters): Query<Parameters>, headers: HeaderMap) -> Response {
    let hinted = hinted_account(&context, &parameters);
    if let Some(id) = session_id(&headers) {
        let mut identity = context.identity();
        match (&hinted, identity.sessions.get_mut(&id)) {
            (Some(user_id), Some(session)) => session.sign_out(user_id),
            _ => {
                identity.sessions.remove(&id);
            }
        }
    }
    // Only to an address that some application registered: this must not become a way to send a browser anywhere.
    let wanted = parameters
        .get("post_logout_redirect_uri")
        .filter(|uri| clients::all().iter().any(|client| client.may_return_to(uri, &context.redirect_uris)));
    let Some(mut target) = wanted.and_then(|uri| Url::parse(uri).ok()) else { return pages::signed_out() };
    if let Some(state) = parameters.get("state") {
        target.query_pairs_mut().append_pair("state", state);
    }
    (StatusCode::FOUND, [(header::LOCATION, target.as_str()), (header::CACHE_CONTROL, "no-store")]).into_response()
}

fn hinted_account(context: &Context, parameters: &Parameters) -> Option<String> {
    let token = parameters.get("id_token_hint").and_then(|token| keys().verify::<Value>(token));
    let from_token = token.as_ref().and_then(|claims| claims["oid"].as_str());
    let hint = from_token.or_else(|| parameters.get("logout_hint").map(String::as_str))?;
    context.world().user(hint).map(|user| user.id.clone())
}
