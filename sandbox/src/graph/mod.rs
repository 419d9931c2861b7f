//! Microsoft Graph v1.0 as far as the sandbox models it. Owns its routes; leaves bearer validation and CORS to the server.

use axum::Router;

use crate::context::Shared;

/// Routes below `/v1.0`.
pub fn router() -> Router<Shared> {
    Router::new()
}
