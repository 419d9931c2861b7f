//! Entra ID's endpoints below `/{tenant}`. Owns sign-in, consent and tokens; leaves who exists to `world`.

use axum::Router;

use crate::context::Shared;

/// Routes below `/{tenant}`.
pub fn router() -> Router<Shared> {
    Router::new()
}
