//! Behaviours of Entra ID and of the server before Graph that differ between tenants, years or sources, and can therefore be chosen. Owns
//! their names and defaults; leaves acting on them to whoever asks, and Graph's own to `world::switches`.

use serde::{Deserialize, Serialize};

/// What can be chosen, by [`crate::Config`] at the start and by `POST /sandbox/switches` (any members of it) afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Switches {
    /// A refresh token dies when it is used. Entra ID leaves the old one valid, so this is off by default.
    pub strict_rotation: bool,
    /// Pages may read `Retry-After`. In 2022 Graph did not list it among the exposed headers; later imitations of it do.
    pub expose_retry_after: bool,
    /// People may consent for themselves where no administrator is needed. Tenants can forbid that altogether.
    pub user_consent: bool,
    /// `expires_in` of access tokens, in seconds. Entra ID draws from 3600 to 5400 anew for each token; a fixed figure in between keeps
    /// tests repeatable.
    pub access_token_seconds: u32,
    /// The lifetime of a single-page application's refresh token in seconds, counted from the sign-in.
    pub refresh_token_seconds: u32,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            strict_rotation: false,
            expose_retry_after: true,
            user_consent: true,
            access_token_seconds: 4500,
            refresh_token_seconds: 24 * 60 * 60,
        }
    }
}
