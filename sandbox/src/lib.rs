//! Entra ID and Microsoft Graph on loopback. Owns nothing of Convoke's: an independent reading of the same documentation.
//! Tokens that it signs mean nothing anywhere else.

pub mod clock;
pub mod context;
pub mod graph;
pub mod identity;
pub mod world;
