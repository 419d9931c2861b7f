//! Signing in: authorization code with PKCE in a public browser client. Owns every decision (what to ask for, whether an answer is ours,
//! when to refresh, when to stop) as pure steps; leaves navigation, storage and HTTP to the browser half, which hands answers in.

pub mod aadsts;
mod account;
pub mod answer;
mod authority;
mod claims;
pub mod exchange;
#[cfg(test)]
mod fixture;
mod id_token;
pub mod lint;
pub mod machine;
mod pending;
pub mod protocol;
mod refusal;
mod scopes;
pub mod scopes_json;
mod secret;
mod tokens;

pub use account::{Account, Known};
pub use answer::Answer;
pub use authority::{Authority, Metadata, Protocol};
pub use exchange::{Reply, Transport};
pub use pending::Pending;
pub use protocol::SignIn;
pub use refusal::Refusal;
pub use scopes::{BASE_SCOPES, Feature, Need, covers, granted_by, merge, missing, needs_admin, request_scopes, scope_key, scopes_for};
pub use secret::Secret;
pub use tokens::{Access, Moment, Tokens};
