//! The only place that touches web-sys. Owns one small module for each browser service; leaves every decision to the core.

mod abort;
pub mod dom;
pub mod fetch;
pub mod intl;
pub mod page;
