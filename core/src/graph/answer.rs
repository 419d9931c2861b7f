//! From bytes to JSON: what counts as an answer at all. Owns content types, empty and damaged bodies; leaves refusals to `errors`.

use std::borrow::Cow;

use http::{HeaderMap, Response, header};
use serde_json::Value;

use super::{challenge::decode_base64, errors};
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
    /// Bytes, e.g. of a picture.
    Bytes,
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
    /// The body where bytes were expected.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// Reads what came back. `now` is the present in seconds since the epoch, for a Retry-After that is a date.
    ///
    /// A refusal is an error by its status and Graph's code, also where it comes with status 200. A page of HTML, a damaged or missing
    /// body is `invalid-response`: a proxy's sign-in page must never pass for data.
    pub fn from_http(response: Response<Vec<u8>>, expect: Expect, now: i64) -> Result<Self, Error> {
        let (parts, bytes) = response.into_parts();
        let status = parts.status.as_u16();
        let binary = expect == Expect::Bytes && parts.status.is_success();
        let html = is_html(&parts.headers, if binary { &[] } else { &bytes });
        let body = if binary || html || bytes.is_empty() { Ok(Value::Null) } else { parse(&bytes) };
        let found = Self { status, headers: parts.headers, body: Value::Null, bytes: if binary { bytes } else { Vec::new() } };
        found.judge(body, html, expect, now)
    }

    /// The same for one item of a batch, whose body has been parsed with the batch.
    pub(super) fn from_parts(status: u16, headers: HeaderMap, body: Value, expect: Expect, now: i64) -> Result<Self, Error> {
        Self { status, headers, ..Self::default() }.judge(Ok(body), false, expect, now)
    }

    fn judge(mut self, body: Result<Value, ()>, html: bool, expect: Expect, now: i64) -> Result<Self, Error> {
        let parsed = body.as_ref().unwrap_or(&Value::Null);
        let refused = parsed.get("error").is_some_and(|error| error.get("code").is_some() || error.get("message").is_some());
        if !(200..300).contains(&self.status) || refused {
            let error = errors::refusal(self.status, &self.headers, parsed, now);
            if expect == Expect::Gone && errors::is_gone(&error) {
                return Ok(self);
            }
            return Err(error);
        }
        if html {
            return Err(self.damaged(
                "A web page came instead of Graph's answer.",
                "Is this network asking you to sign in to it? Open any other page, then try again.",
            ));
        }
        match (body, expect) {
            (_, Expect::Nothing | Expect::Gone) => Ok(self),
            // Inside a batch bytes come as base64.
            (Ok(Value::String(text)), Expect::Bytes) => match decode_base64(&text) {
                Some(bytes) => Ok(Self { bytes, ..self }),
                None => Err(self.damaged("Graph's answer is damaged or cut off.", "Try again.")),
            },
            (Ok(Value::Null), Expect::Json) => Err(self.damaged("Graph's answer is empty.", "Try again.")),
            (Ok(body), _) => {
                self.body = body;
                Ok(self)
            }
            (Err(()), _) => Err(self
                .damaged("Graph's answer is damaged or cut off.", "Try again; if it stays, give the request id to Microsoft's support.")),
        }
    }

    fn damaged(&self, message: &str, advice: &str) -> Error {
        Error::new(ErrorCode::InvalidResponse, message).with(Details {
            status: Some(self.status),
            request_id: errors::request_id(&self.headers, &Value::Null),
            advice: Some(advice.into()),
            ..Details::default()
        })
    }
}

/// Parses a body, with or without a byte order mark.
fn parse(bytes: &[u8]) -> Result<Value, ()> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(value) = serde_json::from_slice(bytes) {
        return Ok(value);
    }
    // Graph cuts previews by UTF-16 units: half of an emoji must not cost a page of events.
    serde_json::from_slice(mend(&String::from_utf8_lossy(bytes)).as_bytes()).map_err(|_| ())
}

/// Replaces escapes of lone surrogates by the replacement character.
fn mend(text: &str) -> Cow<'_, str> {
    let unit = |at: usize| -> Option<u16> {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    let mut mended = String::new();
    let (mut copied, mut at) = (0, 0);
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('\\')) {
        at += found;
        let (length, lone) = match unit(at) {
            Some(0xd800..=0xdbff) if matches!(unit(at + 6), Some(0xdc00..=0xdfff)) => (12, false),
            Some(0xd800..=0xdfff) => (6, true),
            _ => (2, false),
        };
        if lone {
            mended.push_str(text.get(copied..at).unwrap_or_default());
            mended.push_str("\\ufffd");
            copied = at + length;
        }
        at += length;
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    mended.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(mended)
}

fn is_html(headers: &HeaderMap, bytes: &[u8]) -> bool {
    let said = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    said.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("text/html")) || bytes.trim_ascii_start().first() == Some(&b'<')
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
