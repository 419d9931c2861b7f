//! An answer before it becomes HTTP, so that a batch can take it apart. Owns bodies and headers that every answer has.

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::Value;

use super::request::Call;
use crate::world::ids;

/// What an answer carries.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Content {
    Empty,
    Json(Value),
    Bytes { content_type: String, bytes: Vec<u8> },
}

/// A status with a body and headers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) content: Content,
    pub(crate) headers: Vec<(String, String)>,
}

impl Reply {
    /// JSON with a status.
    pub(crate) const fn json(status: u16, value: Value) -> Self {
        Self { status, content: Content::Json(value), headers: Vec::new() }
    }

    /// JSON with 200.
    pub(crate) const fn ok(value: Value) -> Self {
        Self::json(200, value)
    }

    /// No body.
    pub(crate) const fn empty(status: u16) -> Self {
        Self { status, content: Content::Empty, headers: Vec::new() }
    }

    /// Bytes or text with 200.
    pub(crate) fn bytes(content_type: &str, bytes: Vec<u8>) -> Self {
        Self { status: 200, content: Content::Bytes { content_type: content_type.to_owned(), bytes }, headers: Vec::new() }
    }

    /// A count, as `/$count` gives it.
    pub(crate) fn count(number: usize) -> Self {
        Self::bytes("text/plain", number.to_string().into_bytes())
    }

    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Adds what depends on preferences: which were applied, and ids in the form that was preferred. The request's own ids are the server's.
    pub(crate) fn finish(mut self, call: &Call<'_>) -> Self {
        if call.prefer.immutable_ids
            && let Content::Json(value) = &mut self.content
        {
            immutable(value);
        }
        let applied = call.prefer.applied();
        if self.status < 300 && !applied.is_empty() {
            self.headers.push(("Preference-Applied".to_owned(), applied));
        }
        self
    }
}

/// Gives item ids the form that stays the same when an item moves.
fn immutable(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(immutable),
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text) if matches!(name.as_str(), "id" | "eventId" | "seriesMasterId") => {
                        if let Some(rest) = text.strip_prefix(ids::REGULAR) {
                            *text = format!("{}{rest}", ids::IMMUTABLE);
                        }
                    }
                    member => immutable(member),
                }
            }
        }
        _ => {}
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = match self.content {
            Content::Empty => status.into_response(),
            Content::Json(value) => {
                let content_type = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";
                (status, [(header::CONTENT_TYPE, content_type)], value.to_string()).into_response()
            }
            Content::Bytes { content_type, bytes } => (status, [(header::CONTENT_TYPE, content_type)], bytes).into_response(),
        };
        for (name, value) in self.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}
