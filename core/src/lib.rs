//! The brain of Convoke: everything that decides, nothing that acts. No browser, no clock, no network: callers hand in instants,
//! zones and answers, and carry out what comes back. So all of it is tested natively, in seconds.

pub mod api;
pub mod auth;
pub mod config;
pub mod diagnose;
pub mod error;
pub mod graph;
pub mod headers;
pub mod json;
pub mod model;
mod number;
pub mod schedule;
pub mod sort;
pub mod store;
pub mod time;

pub use error::{Error, ErrorCode};
