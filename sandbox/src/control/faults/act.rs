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
    pub(crate) drop: Option<Place>,
    /// Stops sending and leaves the connection open, until the client gives up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hang: Option<Place>,
    /// Sends this many bytes of the body only, as if that were all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) truncate_bytes: Option<usize>,
    /// Sends the body this slowly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) trickle_bytes_per_second: Option<u32>,
    /// Puts text before the body, such as a byte order mark.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) prepend: String,
    /// Puts text after the body.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) append: String,
    /// The body is not in UTF-8, or not compressed as its header says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) encoding: Option<Encoding>,
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
    /// The items of each page come twice in it.
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) duplicate_items: bool,
    /// The link for the next round of a delta query is the one that was asked for: the round's changes come again.
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) replay_changes: bool,
    /// The tokens of pages and delta queries that were given out so far are no longer known.
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) expire_tokens: bool,
    /// Sets values by JSON pointer (RFC 6901), in which `*` stands for every member or element; `-` adds an element.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub(crate) set: Map<String, Value>,
    /// Takes values away, by such pointers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) remove: Vec<String>,
    /// What is wrong with the list of a batch's answers. Rules for single requests act on the parts of a batch too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) batch: Option<Disorder>,
    /// The id token of a token answer says something else, or is signed in another way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id_token: Option<IdToken>,
    /// Parameters of the answer that `…/authorize` sends to the application; null leaves one out.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub(crate) answer: Map<String, Value>,
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

impl Throttle {
    /// What `Retry-After` says, if it is there.
    pub(super) fn header(&self) -> Option<String> {
        match &self.retry_after {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }
}

/// Where a connection ends, or goes silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Place {
    /// Before a single byte of the answer.
    BeforeResponse,
    /// After half of the body.
    MidBody,
}

/// How a body is not what its headers lead to expect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Encoding {
    /// Little-endian, with a byte order mark.
    #[serde(rename = "utf-16")]
    Utf16,
    /// `Content-Encoding: gzip`, and data that breaks off.
    BrokenGzip,
}

/// How paging goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum NextLink {
    /// The link leads to the page that it is on.
    Loop,
    /// The link is a new one each time, and the page repeats.
    Repeat,
    /// The next page begins with this page's last item.
    Overlap,
    /// The right path, on `graph.example.org`.
    OtherHost,
    /// The right path, on `http://graph.microsoft.com`.
    Http,
    /// The path alone, without a host.
    Relative,
    /// Graph's host stands where user and password do; the host is `graph.example.org`.
    Userinfo,
    /// The right link, and more than 8 KiB long.
    Long,
}

/// What is wrong with a batch's list of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Disorder {
    /// They come in reverse.
    OutOfOrder,
    /// The last one is not there.
    Missing,
    /// The first one comes twice.
    Duplicate,
    /// One more comes, for an id that nobody sent.
    UnknownId,
}

/// A forged id token.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct IdToken {
    /// Claims in the place of the right ones; null leaves one out.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub(crate) claims: Map<String, Value>,
    /// `none` (no signature) or `broken` (RS256 with a wrong one).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) signature: Option<Signature>,
}

/// How a forged token is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Signature {
    None,
    Broken,
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
        let silent = self.drop == Some(Place::BeforeResponse) || self.hang == Some(Place::BeforeResponse);
        (self.status.is_some() || self.body.is_some() || self.throttle.is_some() || silent) && !self.perform
    }

    /// Whether it is asked in the course of a sign-in, where the account is known, and not when a request comes in.
    pub(super) fn belongs_to_sign_in(&self) -> bool {
        self.entra_error.is_some() || !self.answer.is_empty()
    }

    /// Whether a part of a batch can have it: a part has a status, headers and a body, and no connection or token of its own.
    pub(super) fn suits_parts(&self) -> bool {
        let whole_answer = self.drop.is_some()
            || self.hang.is_some()
            || self.truncate_bytes.is_some()
            || self.trickle_bytes_per_second.is_some()
            || self.encoding.is_some()
            || !self.prepend.is_empty()
            || !self.append.is_empty();
        let whole_request = self.revoke_tokens || self.claims_challenge.is_some() || self.expire_tokens || self.batch.is_some();
        !whole_answer && !whole_request && self.cors.is_none() && self.expose_headers.is_none() && !self.belongs_to_sign_in()
    }

    /// Whether the answer's JSON is changed.
    pub(super) fn rewrites(&self) -> bool {
        let values = self.wrong_types || self.nulls || self.unknown_members || self.unknown_enums || !self.set.is_empty();
        let lists = self.next_link.is_some() || self.duplicate_items || self.replay_changes || self.batch.is_some();
        values || lists || !self.remove.is_empty() || self.id_token.is_some()
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
        if self.remove.iter().any(|pointer| !pointer.starts_with('/')) {
            return Err(BadInput::new("act.remove", "its elements must be JSON pointers, which begin with /"));
        }
        if self.answer.values().any(|value| !value.is_string() && !value.is_null()) {
            return Err(BadInput::new("act.answer", "its members must be texts or null"));
        }
        if self.trickle_bytes_per_second == Some(0) {
            return Err(BadInput::new("act.trickleBytesPerSecond", "must be at least 1"));
        }
        if self.throttle.as_ref().is_some_and(|throttle| throttle.retry_after.is_object() || throttle.retry_after.is_array()) {
            return Err(BadInput::new("act.throttle.retryAfter", "must be a number, a text or null"));
        }
        if !self.answer.is_empty() && json!(self).as_object().is_some_and(|members| members.len() > 1) {
            return Err(BadInput::new(
                "act.answer",
                "stands alone: it acts when the browser is sent back, other members when a request comes",
            ));
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
