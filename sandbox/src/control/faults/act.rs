//! What a fault rule does: its members and their checks. Owns the form; leaves the effect to `apply` and `rewrite`. Members can be
//! combined; those that replace the answer do so without carrying the request out, unless `perform` says otherwise.

use axum::http::{HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::control::BadInput;

/// The effect of a rule.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Act {
    /// Waits before anything else, in milliseconds.
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) delay_ms: u64,
    /// Answers with this status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    /// Answers with this body: a string as it is, anything else as JSON. Without it, an error status has an error body of Graph's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) body: Option<Value>,
    /// Sets response headers; null removes one, an array sets it several times.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub(crate) headers: Map<String, Value>,
    /// Carries the request out before its answer is replaced or lost: the write has happened, and the client does not know.
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) perform: bool,
    /// 429 in Graph's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) throttle: Option<Throttle>,
    /// Ends the connection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) drop: Option<Drop>,
    /// Sends this many bytes of the body only, as if that were all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) truncate_bytes: Option<usize>,
    /// Sends the body this slowly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) trickle_bytes_per_second: Option<u32>,
    /// Members get values of another type: numbers as strings, strings as numbers, and so on.
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) wrong_types: bool,
    /// Members other than `id` become null.
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) nulls: bool,
    /// Every object gets members that nobody knows.
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) unknown_members: bool,
    /// Enumerations get a value that nobody knows.
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) unknown_enums: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next_link: Option<NextLink>,
    /// Sets values by JSON pointer (RFC 6901), in which `*` stands for every member or element.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub(crate) set: Map<String, Value>,
    /// Ends the validity of all tokens that the account has so far, before the request is looked at.
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) revoke_tokens: bool,
    /// 401 with a claims challenge for clients that declared `cp1`, a plain one for others: `true`, or the claims. A token that was got
    /// with the `acrs` that they demand is let pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) claims_challenge: Option<Value>,
    /// `false`: leaves out the headers that let a page read the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cors: Option<bool>,
    /// Lets pages read these headers only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expose_headers: Option<Vec<String>>,
    /// Entra ID refuses with this AADSTS number, at the endpoint that the rule's path names: `…/authorize` once the account is known, or
    /// `…/token`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) entra_error: Option<u32>,
    /// Which time this is that the rule acts, from 1.
    #[serde(skip)]
    pub(crate) turn: u32,
}

/// A 429.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Throttle {
    /// A number of seconds, or any text; null: no such header.
    pub(crate) retry_after: Value,
    /// Whether a page may read the header; null: as the switch `exposeRetryAfter` says.
    pub(crate) readable: Option<bool>,
}

impl Default for Throttle {
    fn default() -> Self {
        Self { retry_after: json!(10), readable: None }
    }
}

/// Where a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Drop {
    /// Before a single byte of the answer.
    BeforeResponse,
    /// After half of the body.
    MidBody,
}

/// How paging goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum NextLink {
    /// The link leads to the page that it is on.
    Loop,
    /// The link is a new one each time, and the page repeats.
    Repeat,
}

impl Act {
    /// This effect, for its `turn`th time.
    pub(super) fn numbered(&self, turn: u32) -> Self {
        Self { turn, ..self.clone() }
    }

    /// The claims to challenge with. Without any given, those of the documentation's sample.
    pub(crate) fn challenge(&self) -> Option<Value> {
        match self.claims_challenge.as_ref()? {
            Value::Bool(false) | Value::Null => None,
            Value::Bool(true) => Some(json!({ "access_token": { "acrs": { "essential": true, "value": "cp1" } } })),
            claims => Some(claims.clone()),
        }
    }

    /// Whether the handler is passed over.
    pub(crate) fn instead_of_handling(&self) -> bool {
        let replaced = self.status.is_some() || self.body.is_some() || self.throttle.is_some() || self.drop == Some(Drop::BeforeResponse);
        replaced && !self.perform
    }

    /// Whether the answer's JSON is changed.
    pub(super) fn rewrites(&self) -> bool {
        self.wrong_types || self.nulls || self.unknown_members || self.unknown_enums || self.next_link.is_some() || !self.set.is_empty()
    }

    pub(super) fn check(&self) -> Result<(), BadInput> {
        if !self.status.is_none_or(|status| (200..=599).contains(&status)) {
            return Err(BadInput::new("act.status", "must be between 200 and 599"));
        }
        for (name, value) in &self.headers {
            let texts = if let Value::Array(several) = value { several.as_slice() } else { std::slice::from_ref(value) };
            let fits = |value: &Value| value.is_null() || value.as_str().is_some_and(|text| HeaderValue::from_str(text).is_ok());
            if name.parse::<HeaderName>().is_err() || !texts.iter().all(fits) {
                return Err(BadInput::new("act.headers", "must be names with texts, arrays of texts or null, as HTTP allows them"));
            }
        }
        if self.set.keys().any(|pointer| !pointer.is_empty() && !pointer.starts_with('/')) {
            return Err(BadInput::new("act.set", "its members must be JSON pointers, which begin with /"));
        }
        if self.trickle_bytes_per_second == Some(0) {
            return Err(BadInput::new("act.trickleBytesPerSecond", "must be at least 1"));
        }
        if self.throttle.as_ref().is_some_and(|throttle| throttle.retry_after.is_object() || throttle.retry_after.is_array()) {
            return Err(BadInput::new("act.throttle.retryAfter", "must be a number, a text or null"));
        }
        if json!(self) == json!({}) {
            return Err(BadInput::new("act", "must have at least one member"));
        }
        Ok(())
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
