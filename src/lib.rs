//! The browser half of Convoke: carries out what `convoke_core` decides.

pub mod browser;
pub mod client;
pub mod diagnose;
pub mod runtime;
pub mod session;
pub mod ui;
