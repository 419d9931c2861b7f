//! The only place that touches web-sys. Owns one small module for each browser service; leaves every decision to the core.

mod abort;
pub mod channel;
pub mod clock;
pub mod config;
pub mod crypto;
pub mod dom;
pub mod fetch;
pub mod intl;
pub mod location;
pub mod lock;
pub mod page;
pub mod patience;
pub mod popup;
pub mod storage;
pub mod vault;
pub mod wake;
