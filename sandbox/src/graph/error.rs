//! Errors in Graph's envelope. Owns their shape and the ones that many operations share.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::reply::Reply;

/// What goes wrong with a request: a status with Graph's code and message. Boxed, for every operation returns one.
#[derive(Debug, Clone)]
pub(crate) struct Error(Box<Parts>);

#[derive(Debug, Clone)]
struct Parts {
    status: u16,
    code: String,
    message: String,
    headers: Vec<(&'static str, String)>,
    /// Members beside `code` and `message`, e.g. `@event.existingEventId`.
    extra: Option<(&'static str, Value)>,
}

/// An operation's outcome.
pub(crate) type Result<T = Reply> = std::result::Result<T, Error>;

impl Error {
    pub(crate) fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self(Box::new(Parts { status, code: code.to_owned(), message: message.into(), headers: Vec::new(), extra: None }))
    }

    /// With a response header.
    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.headers.push((name, value.into()));
        self
    }

    /// With another member in the error object.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.0.extra = Some((name, value.into()));
        self
    }

    /// 400 of Outlook's services.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, "ErrorInvalidRequest", message)
    }

    /// 400 for a body or value that cannot be read.
    pub(crate) fn unreadable(message: impl Into<String>) -> Self {
        Self::new(400, "RequestBodyRead", message)
    }

    /// 400 for query options.
    pub(crate) fn query(message: impl Into<String>) -> Self {
        Self::new(400, "BadRequest", message)
    }

    /// 400 for an argument out of its range.
    pub(crate) fn parameter(message: impl Into<String>) -> Self {
        Self::new(400, "ErrorInvalidParameter", message)
    }

    /// 403 of Outlook's services.
    pub(crate) fn access_denied() -> Self {
        Self::new(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")
    }

    /// 404 of Outlook's services.
    pub(crate) fn item_not_found() -> Self {
        Self::new(404, "ErrorItemNotFound", "The specified object was not found in the store.")
    }

    /// 404 of the directory.
    pub(crate) fn resource_not_found(id: &str) -> Self {
        let message = format!("Resource '{id}' does not exist or one of its queried reference-property objects are not present.");
        Self::new(404, "Request_ResourceNotFound", message)
    }

    /// 405.
    pub(crate) fn method_not_allowed() -> Self {
        Self::new(405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.")
    }

    /// 501 for what the sandbox does not model, by name.
    pub(crate) fn not_modelled(what: &str) -> Self {
        Self::new(501, "NotImplemented", format!("The sandbox does not model {what}."))
    }

    /// 400 for a zone that nobody knows.
    pub(crate) fn time_zone(name: &str) -> Self {
        let message = format!("A valid TimeZone value must be specified. The following TimeZone value is not supported: '{name}'.");
        Self::new(400, "TimeZoneNotSupportedException", message)
    }

    /// As a response. `date` in the inner error has no zone, as at Graph.
    pub(crate) fn reply(self, now: DateTime<Utc>) -> Reply {
        let request_id = uuid::Uuid::new_v4().to_string();
        let mut error = json!({
            "code": self.0.code,
            "message": self.0.message,
            "innerError": {
                "date": now.format("%Y-%m-%dT%H:%M:%S").to_string(),
                "request-id": request_id,
                "client-request-id": request_id,
            },
        });
        if let Some((name, value)) = self.0.extra {
            error[name] = value;
        }
        let mut reply = Reply::json(self.0.status, json!({ "error": error }));
        for (name, value) in self.0.headers {
            reply = reply.header(name, value);
        }
        reply
    }
}
