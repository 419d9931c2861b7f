//! Entra ID and Microsoft Graph on loopback. Owns nothing of Convoke's: an independent reading of the same documentation.
//! Tokens that it signs mean nothing anywhere else.

pub mod clock;
pub mod context;
mod control;
pub mod graph;
mod identity;
pub mod recording;
mod server;
pub mod world;

pub use server::switches::Switches;
pub use server::{Config, Listen, Running, Sandbox, StartError};
