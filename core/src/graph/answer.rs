//! From bytes to JSON: what counts as an answer at all. Owns content types, empty and damaged bodies; leaves refusals to `errors`.

use http::{HeaderMap, Response};
use serde_json::Value;

use super::errors;
use crate::{Error, ErrorCode, error::Details};

/// Which answer an operation has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// JSON.
    Json,
    /// Nothing (202, 204); a body is ignored.
    Nothing,
    /// JSON or nothing.
    Either,
    /// Nothing, and that it is not there any more is as good.
    Gone,
}

/// A good answer.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// As far as the browser shows them.
    pub headers: HeaderMap,
    /// The body; null where there is none.
    pub body: Value,
}
