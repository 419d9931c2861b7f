//! Watching a list for changes by delta queries. Owns what is known, the rounds, and telling what is new from what has changed or gone; leaves
//! waiting, and who of several tabs asks, to the client. Sources: "Use delta query to track changes", "event: delta", "message: delta".
//!
//! A round is a list of pages whose last one holds the link to the next round. What came is merged at the end of a round, so that a round
//! that breaks off, or a page that comes twice, changes nothing.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use http::Method;
use serde_json::{Map, Value};

use super::{Answer, Call, HostList, Request, Target, Url, errors::unreadable, input::invalid};
use crate::{Error, ErrorCode, json, time::iso_utc};

/// Graph's page size for delta queries is small by default.
const PAGE: u32 = 100;
/// More pages than this are no round but a server that repeats itself.
const MOST_PAGES: usize = 1_000;
/// How a checkpoint begins, so that another version's is not misread.
const VERSION: &str = "convoke-delta-1";
const MESSAGE: &str = "subject,from,toRecipients,receivedDateTime,isRead,isDraft,importance,hasAttachments,bodyPreview,flag,categories,conversationId,parentFolderId,webLink";

/// What is watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Watched {
    /// Events of the default calendar between two instants, series expanded.
    Events {
        /// From here.
        start: DateTime<Utc>,
        /// To here.
        end: DateTime<Utc>,
    },
    /// Messages of a folder, by its id or well-known name.
    Messages {
        /// E.g. `inbox`.
        folder: String,
    },
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// It is there now.
    Created(Value),
    /// It is another than it was; for messages perhaps with the changed members only.
    Updated(Value),
    /// It is gone; with its `id`, and what else Graph said.
    Deleted(Value),
}

/// What follows a page.
#[derive(Debug, Clone, PartialEq)]
pub enum Progress {
    /// The round goes on: ask for the next page.
    More,
    /// The round is over, with these changes in the order in which Graph told them. The first one of all has none: it makes the baseline.
    Done(Vec<Change>),
}

/// What is known of a watched list.
#[derive(Debug, Clone)]
pub struct Delta {
    watched: Watched,
    /// The next page or round; `None` for the first request of all.
    link: Option<Url>,
    /// Where the next round begins, for coming back after a failure inside a round.
    round: Option<Url>,
    /// Ids with a digest of the version that is known.
    known: HashMap<String, u64>,
    /// A round has been completed: what comes is news.
    settled: bool,
    /// This round reads everything anew, so what it does not bring is gone.
    whole: bool,
    /// What this round has brought so far: the id, the etag unless it is gone, and what Graph said.
    pending: Vec<(String, Option<String>, Value)>,
    pages: usize,
}

impl Delta {
    /// A watch that starts now: the first round is silent.
    #[must_use]
    pub fn new(watched: Watched) -> Self {
        Self { watched, link: None, round: None, known: HashMap::new(), settled: false, whole: true, pending: Vec::new(), pages: 0 }
    }

    /// A watch that goes on where [`Self::checkpoint`] was made. A checkpoint of something else, of another version, or with a link to a
    /// host that must not see the token is an error; so is a text that is none.
    pub fn resume(watched: Watched, checkpoint: &str, hosts: &HostList) -> Result<Self, Error> {
        let unusable = || invalid("resume", "is no checkpoint of this watch; leave it out to start anew.");
        let Ok(Value::Object(said)) = serde_json::from_str::<Value>(checkpoint) else { return Err(unusable()) };
        let is = |name: &str, text: &str| said.get(name).and_then(Value::as_str) == Some(text);
        if !is("version", VERSION) || !is("watched", &watched.name()) {
            return Err(unusable());
        }
        let link = hosts.check(said.get("link").and_then(Value::as_str).unwrap_or_default())?;
        let Some(Value::Object(known)) = said.get("known") else { return Err(unusable()) };
        let version = |value: &Value| u64::from_str_radix(value.as_str()?, 16).ok();
        let known = known.iter().filter_map(|(id, value)| Some((id.clone(), version(value)?))).collect();
        Ok(Self { round: Some(link.clone()), link: Some(link), known, settled: true, whole: false, ..Self::new(watched) })
    }

    /// What [`Self::resume`] takes; `None` before the first round is over. Holds ids, but no content and no token.
    #[must_use]
    pub fn checkpoint(&self) -> Option<String> {
        let link = self.round.as_ref().filter(|_| self.settled)?;
        let mut known: Vec<(&String, &u64)> = self.known.iter().collect();
        known.sort_unstable();
        let known: Map<String, Value> = known.into_iter().map(|(id, version)| (id.clone(), hex(*version).into())).collect();
        let mut said = Map::new();
        said.insert("version".into(), VERSION.into());
        said.insert("watched".into(), self.watched.name().into());
        said.insert("link".into(), link.as_str().into());
        said.insert("known".into(), Value::Object(known));
        Some(json::write(&Value::Object(said)))
    }

    /// What is watched.
    #[must_use]
    pub fn watched(&self) -> &Watched {
        &self.watched
    }

    /// The next request.
    #[must_use]
    pub fn request(&self) -> Request {
        let mut request = self.watched.request();
        if let Some(link) = &self.link {
            request.target = Target::Link(link.clone());
            request.query.clear();
        }
        request
    }

    /// Takes a page in. A page that is none, or that leads to a host that must not see the token, is an error; the round then begins again.
    pub fn accept(&mut self, answer: Answer, hosts: &HostList) -> Result<Progress, Error> {
        self.take_page(answer, hosts).inspect_err(|_| self.rewind())
    }

    fn take_page(&mut self, answer: Answer, hosts: &HostList) -> Result<Progress, Error> {
        let page = Call::list(Request::new(Method::GET, Target::Root(Vec::new()))).read(answer)?;
        let check = |link: Option<String>| link.map(|link| hosts.check(&link)).transpose();
        let (next, last) = (check(page.next)?, check(page.delta)?);
        for item in page.items {
            let removed = item.value.get("@removed").is_some();
            if item.value.get("id").is_some_and(Value::is_string) {
                self.pending.push((item.id, (!removed).then_some(item.etag), item.value));
            }
        }
        self.pages += 1;
        match (next, last) {
            (Some(next), _) if self.pages < MOST_PAGES && self.link.as_ref() != Some(&next) => {
                self.link = Some(next);
                Ok(Progress::More)
            }
            (Some(_), _) => Err(unreadable("Graph's list of changes does not come to an end.")),
            (None, Some(last)) => {
                self.link = Some(last.clone());
                self.round = Some(last);
                Ok(Progress::Done(self.merge()))
            }
            (None, None) => Err(unreadable("Graph's list of changes has no end that can be gone on from.")),
        }
    }

    /// What to do about a failure: true where everything is to be read anew, since Graph has forgotten what we know. What is known stays
    /// until then, so that afterwards only differences are told.
    pub fn forgotten(&mut self, error: &Error, hosts: &HostList) -> bool {
        let stale = error.code() == ErrorCode::Gone && self.link.is_some();
        self.rewind();
        if stale {
            // Only a link of our own kind is worth following: anything else starts with what is watched.
            self.link = error.details().location.as_deref().and_then(|link| hosts.check(link).ok());
            self.round = None;
            self.whole = true;
        }
        stale
    }

    /// Back to where the round began.
    fn rewind(&mut self) {
        self.pending.clear();
        self.pages = 0;
        self.link.clone_from(&self.round);
    }

    /// Ends a round: what came last of an item counts.
    fn merge(&mut self) -> Vec<Change> {
        let pending = std::mem::take(&mut self.pending);
        self.pages = 0;
        let mut last: HashMap<&str, usize> = HashMap::new();
        for (index, (id, ..)) in pending.iter().enumerate() {
            last.insert(id, index);
        }
        let mut changes = Vec::new();
        let mut seen: HashMap<String, u64> = HashMap::new();
        for (index, (id, etag, item)) in pending.iter().enumerate() {
            if last.get(id.as_str()) != Some(&index) {
                continue;
            }
            let Some(etag) = etag else {
                // Of something that was never known there is nothing to tell.
                if self.known.remove(id).is_some() {
                    changes.push(Change::Deleted(item.clone()));
                }
                continue;
            };
            let version = version(etag, item);
            seen.insert(id.clone(), version);
            match self.known.get(id) {
                None => changes.push(Change::Created(item.clone())),
                Some(known) if *known != version => changes.push(Change::Updated(item.clone())),
                Some(_) => {}
            }
        }
        if self.whole {
            let mut gone: Vec<String> = self.known.keys().filter(|id| !seen.contains_key(*id)).cloned().collect();
            gone.sort_unstable();
            changes.extend(gone.into_iter().map(|id| Change::Deleted(Value::Object(Map::from_iter([("id".to_owned(), id.into())])))));
            self.known = seen;
        } else {
            self.known.extend(seen);
        }
        self.whole = false;
        if std::mem::replace(&mut self.settled, true) { changes } else { Vec::new() }
    }
}

impl Watched {
    /// The first request of all.
    fn request(&self) -> Request {
        let mut request = match self {
            // `$select` is not supported here.
            Self::Events { start, end } => Request::mailbox(Method::GET, &["calendarView", "delta"], "Calendars.Read")
                .query("startDateTime", iso_utc(*start))
                .query("endDateTime", iso_utc(*end)),
            Self::Messages { folder } => Request::mailbox(Method::GET, &["mailFolders", folder, "messages", "delta"], "Mail.Read")
                .query("$select", MESSAGE)
                .timeless(),
        };
        request.prefer.max_page_size = Some(PAGE);
        request
    }

    /// What tells it from others: tabs that watch the same share one watch.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Events { start, end } => ["events ", &iso_utc(*start), " ", &iso_utc(*end)].concat(),
            Self::Messages { folder } => ["messages ", folder].concat(),
        }
    }
}

/// The version of an item: its etag, else its change key, else everything about it.
fn version(etag: &str, item: &Value) -> u64 {
    let key = item.get("changeKey").and_then(Value::as_str);
    match Some(etag).filter(|etag| !etag.is_empty()).or(key) {
        Some(text) => digest(text.as_bytes()),
        None => digest(json::write(item).as_bytes()),
    }
}

/// FNV-1a: the same in every version of the program, since checkpoints outlive it.
fn digest(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

fn hex(number: u64) -> String {
    (0..16).rev().filter_map(|place| char::from_digit(((number >> (place * 4)) & 15) as u32, 16)).collect()
}

#[cfg(test)]
#[path = "delta_tests.rs"]
mod tests;
