//! Entra ID's endpoints below `/{tenant}`. Owns sign-in, consent and tokens; leaves who exists to `world`.
//!
//! `authorize` checks a request, `sign_in` and `consent` lead a person through `pages`, `token` exchanges what came of it. `state` is all
//! that is remembered.

pub(crate) mod authorize;
pub(crate) mod claims;
pub(crate) mod clients;
mod consent;
mod direct;
mod discovery;
mod errors;
mod keys;
mod logout;
pub(crate) mod pages;
mod rules;
mod scopes;
mod sign_in;
pub(crate) mod state;
pub(crate) mod tenant;
pub(crate) mod token;
mod tokens;

use axum::{
    Json, Router,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};

use crate::context::{Context, Shared};

pub(crate) use direct::{Asking, token_without_sign_in};
pub(crate) use keys::keys;
pub(crate) use scopes::GRAPH_ID;
pub(crate) use tokens::{AccessClaims, forged, issuer};

/// What Entra ID says while it is overloaded, under whatever status a fault rule chooses.
pub(crate) fn unavailable(status: StatusCode, context: &Context) -> Response {
    let incident = errors::Incident::new(context.clock.now(), None);
    (status, Json(errors::EntraError::unavailable().to_json(&incident, &context.base_url))).into_response()
}

/// What an application is called.
pub(crate) fn client_name(id: &str) -> Option<&'static str> {
    clients::find(id).map(|client| client.name)
}

/// Routes below `/{tenant}`.
pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .route("/common/discovery/instance", get(discovery::instance))
        .route("/error", get(sign_in::explain))
        .route("/{tenant}/v2.0/.well-known/openid-configuration", get(discovery::configuration))
        .route("/{tenant}/discovery/v2.0/keys", get(keys::jwks))
        .route("/{tenant}/oauth2/v2.0/authorize", get(sign_in::authorize_by_query).post(sign_in::authorize_by_form))
        .route("/{tenant}/oauth2/v2.0/token", post(token::token))
        .route("/{tenant}/oauth2/v2.0/logout", get(logout::logout))
        .route("/{tenant}/adminconsent", get(consent::admin_consent))
        .route("/{tenant}/v2.0/adminconsent", get(consent::admin_consent))
        .route("/{tenant}/login", post(sign_in::login))
        .route("/{tenant}/consent", post(consent::decide))
}
