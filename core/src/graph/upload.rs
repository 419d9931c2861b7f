//! How a large file goes up: a session, parts in order, and after a failure from where the service stopped. Owns the steps; leaves sending and
//! the file's bytes to the client. Sources: "driveItem: createUploadSession", "Attach large files to Outlook messages or events".
//!
//! The session's address is a secret of its own: whatever goes there goes without a token.

use std::ops::Range;

use http::{HeaderValue, Method, header};
use serde_json::Value;

use super::{HostList, Url, errors::unreadable};
use crate::{Error, ErrorCode};

/// Parts are multiples of this many bytes, the last one excepted.
const GRAIN: u64 = 320 * 1024;
/// What is sent at once: a multiple of the grain below the 4 MB that attachments allow.
const PART: u64 = 12 * GRAIN;
/// A file up to this size goes up in one request.
pub const SMALL_FILE: u64 = 4 * 1024 * 1024;
/// How many sessions a file may take: one that the service forgot is begun anew.
const MOST_SESSIONS: u32 = 3;
/// How often in a row the service may be asked how far it is.
const MOST_QUESTIONS: u32 = 5;

/// What to do next.
#[derive(Debug, Clone, PartialEq)]
pub enum UploadStep {
    /// Ask Graph for a session, and hand its answer to [`Upload::begin`].
    Begin,
    /// Send these bytes there with [`Upload::part`], and hand the outcome to [`Upload::sent`].
    Send(Range<u64>),
    /// Ask the session how far it is, with [`Upload::question`]; the outcome goes to [`Upload::sent`] too.
    Ask,
    /// Look whether the file is there: the session has ended, perhaps because everything had arrived.
    Look,
    /// The file is there; what Graph says of it, null for attachments.
    Done(Value),
}

/// A file on its way.
#[derive(Debug, Clone)]
pub struct Upload {
    size: u64,
    /// How many bytes the service has.
    at: u64,
    session: Option<Url>,
    sessions: u32,
    questions: u32,
    /// All bytes have been sent once; whether they arrived is another question.
    all_sent: bool,
    done: Option<Value>,
    look: bool,
}

impl Upload {
    /// A file of this many bytes.
    #[must_use]
    pub fn new(size: u64) -> Self {
        Self { size, at: 0, session: None, sessions: 0, questions: 0, all_sent: false, done: None, look: false }
    }

    /// How many bytes the service has for certain.
    #[must_use]
    pub fn arrived(&self) -> u64 {
        self.at
    }

    /// What to do next.
    #[must_use]
    pub fn step(&self) -> UploadStep {
        match (&self.done, &self.session) {
            (Some(item), _) => UploadStep::Done(item.clone()),
            (None, _) if self.look => UploadStep::Look,
            (None, None) => UploadStep::Begin,
            (None, Some(_)) if self.questions > 0 => UploadStep::Ask,
            (None, Some(_)) => UploadStep::Send(self.at..self.size.min(self.at + PART)),
        }
    }

    /// Takes Graph's session. Its address must be https, or on the very machine that Graph is on when that is this one.
    pub fn begin(&mut self, session: &Value, hosts: &HostList) -> Result<(), Error> {
        let address = session.get("uploadUrl").and_then(Value::as_str).unwrap_or_default();
        self.session = Some(open_address(address, hosts)?);
        self.sessions += 1;
        self.questions = 0;
        self.at = 0;
        self.all_sent = false;
        Ok(())
    }

    /// The request for a part.
    pub fn part(&self, range: &Range<u64>, bytes: Vec<u8>) -> Result<http::Request<Vec<u8>>, Error> {
        let span =
            ["bytes ", &range.start.to_string(), "-", &range.end.saturating_sub(1).to_string(), "/", &self.size.to_string()].concat();
        let mut request = self.to_session(Method::PUT, bytes)?;
        if let Ok(span) = HeaderValue::from_str(&span) {
            request.headers_mut().insert(header::CONTENT_RANGE, span);
        }
        request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
        Ok(request)
    }

    /// The request that asks how far the session is.
    pub fn question(&self) -> Result<http::Request<Vec<u8>>, Error> {
        self.to_session(Method::GET, Vec::new())
    }

    /// The request that ends a session which nobody wants any more; `None` where there is none.
    #[must_use]
    pub fn farewell(&self) -> Option<http::Request<Vec<u8>>> {
        self.session.as_ref()?;
        self.to_session(Method::DELETE, Vec::new()).ok()
    }

    fn to_session(&self, method: Method, body: Vec<u8>) -> Result<http::Request<Vec<u8>>, Error> {
        let address = self.session.as_ref().map(Url::as_str).unwrap_or_default();
        let request = http::Request::builder().method(method).uri(address).body(body);
        request.map_err(|_| unreadable("Graph's upload session has no address that can be used."))
    }

    /// Takes in what became of a part or a question; `sent`: which bytes it held. An error that no step can mend comes back.
    pub fn sent(&mut self, sent: Option<&Range<u64>>, outcome: Result<(u16, Value), Error>) -> Result<(), Error> {
        if let Some(range) = sent {
            self.all_sent |= range.end == self.size;
        }
        match outcome {
            Ok((status, body)) => self.answered(status, body, sent.is_some()),
            Err(error) => self.failed(error),
        }
    }

    fn answered(&mut self, status: u16, body: Value, was_part: bool) -> Result<(), Error> {
        let expected = body.get("nextExpectedRanges").or_else(|| body.get("NextExpectedRanges")).and_then(Value::as_array);
        match (expected.and_then(|ranges| ranges.iter().find_map(begins)), status) {
            (Some(next), _) if next < self.size => {
                // A service that never gets further would be fed for ever.
                self.questions = if was_part && next <= self.at { self.questions + 1 } else { 0 };
                self.at = next;
                if self.questions > MOST_QUESTIONS { Err(stuck()) } else { Ok(()) }
            }
            (_, 200 | 201) if was_part => {
                self.at = self.size;
                self.done = Some(body);
                Ok(())
            }
            // Nothing is missing, yet the file is not said to be there.
            _ if self.all_sent => {
                self.look = true;
                Ok(())
            }
            _ => Err(unreadable("Graph's answer to a part of a file does not say what comes next.")),
        }
    }

    fn failed(&mut self, error: Error) -> Result<(), Error> {
        let status = error.details().status;
        let gone = matches!(status, Some(404 | 410)) || (status == Some(401) && self.session.is_some());
        if gone && self.all_sent {
            // A session ends with the file complete, and an answer can be lost.
            self.look = true;
            return Ok(());
        }
        if gone && self.sessions < MOST_SESSIONS {
            self.session = None;
            return Ok(());
        }
        let open = matches!(status, None | Some(408 | 416 | 429 | 500..=504 | 509));
        let given_up = matches!(error.code(), ErrorCode::Aborted | ErrorCode::Offline);
        self.questions += 1;
        if open && !given_up && self.questions <= MOST_QUESTIONS { Ok(()) } else { Err(error) }
    }

    /// Takes in what was found where the file should be: what Graph says of it, if its size is right, or nothing.
    pub fn looked(&mut self, found: Option<Value>) -> Result<(), Error> {
        self.look = false;
        match found.filter(|item| item.get("size").and_then(Value::as_u64) == Some(self.size)) {
            Some(item) => {
                self.at = self.size;
                self.done = Some(item);
                Ok(())
            }
            None if self.sessions < MOST_SESSIONS => {
                self.session = None;
                Ok(())
            }
            None => Err(stuck()),
        }
    }
}

/// An address that works without a token: https, or http on loopback where Graph itself is on loopback. Errors never repeat it.
pub fn open_address(address: &str, hosts: &HostList) -> Result<Url, Error> {
    let refused = || Error::new(ErrorCode::HostNotAllowed, "Graph's answer points to an address that is not https; it was not followed.");
    let url = Url::parse(address).map_err(|_| refused())?;
    let plain = url.username().is_empty() && url.password().is_none();
    let loopback = url.scheme() == "http" && hosts.allows(&url);
    if plain && (url.scheme() == "https" || loopback) { Ok(url) } else { Err(refused()) }
}

/// Where a range such as `327680-655359`, `327680-` or `327680` begins.
fn begins(range: &Value) -> Option<u64> {
    let text = range.as_str()?;
    text.split('-').next().unwrap_or(text).trim().parse().ok()
}

fn stuck() -> Error {
    Error::new(ErrorCode::Unavailable, "The service does not take the file; try again later.")
}

#[cfg(test)]
#[path = "upload_tests.rs"]
mod tests;
