//! Following `@odata.nextLink` to an end, whatever the server does. Owns the guards (a foreign host, a link seen before, pages that add
//! nothing, limits); leaves fetching to the caller. Source: "Paging Microsoft Graph data in your app".

use std::collections::{HashSet, hash_map::DefaultHasher};
use std::hash::{Hash, Hasher};

use oauth2::url::Url;
use serde_json::Value;

use super::{Answer, HostList, errors::unreadable};
use crate::{Error, json};

/// One page as it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// Its items.
    pub items: Vec<Item<T>>,
    /// How many entries were null or of the wrong shape.
    pub skipped: usize,
    /// `@odata.nextLink`, unchecked.
    pub next: Option<String>,
    /// `@odata.deltaLink`, unchecked.
    pub delta: Option<String>,
}

/// An item of a list, with what tells it from others.
#[derive(Debug, Clone, PartialEq)]
pub struct Item<T> {
    /// Graph's id; where there is none, a digest of the item.
    pub id: String,
    /// `@odata.etag`, empty where there is none.
    pub etag: String,
    /// The item.
    pub value: T,
}

/// Where a list has to end at the latest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Items.
    pub items: usize,
    /// Pages, empty ones included.
    pub pages: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { items: 10_000, pages: 1_000 }
    }
}

/// Why a list ended before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Incomplete {
    /// The limit was reached.
    Limit,
    /// The server repeats itself.
    Loop,
}

/// What follows a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Fetch this.
    Follow(Url),
    /// That was all.
    End,
    /// That was not all, but it ends here.
    Incomplete(Incomplete),
}

/// What has been seen of one list.
#[derive(Debug, Clone, Default)]
pub struct Paging {
    limits: Limits,
    pages: usize,
    /// Links of this round.
    links: HashSet<u64>,
    /// Ids of this round, for the guard against repetition.
    round: HashSet<u64>,
    /// Ids that have been handed out.
    shown: HashSet<u64>,
    /// Ids together with their versions, likewise.
    known: HashSet<u64>,
}

impl Paging {
    /// A list that starts now.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// Judges a page and drops from it what has been shown already, unchanged. A link to a host that may not see the token is an error:
    /// the page itself came from a server that cannot be trusted with the rest.
    pub fn accept<T>(&mut self, page: &mut Page<T>, hosts: &HostList) -> Result<Next, Error> {
        self.pages += 1;
        let next = page.next.as_deref().map(|link| hosts.check(link)).transpose()?;
        let empty = page.items.is_empty();
        let (mut adds, mut over) = (false, false);
        page.items.retain(|item| {
            let id = digest(&item.id);
            adds |= self.round.insert(id);
            if self.shown.len() >= self.limits.items && !self.shown.contains(&id) {
                over = true;
                return false;
            }
            self.shown.insert(id);
            self.known.insert(digest(&(id, &item.etag)))
        });
        let Some(next) = next else { return Ok(if over { Next::Incomplete(Incomplete::Limit) } else { Next::End }) };
        Ok(if !self.links.insert(digest(next.as_str())) || (!empty && !adds) {
            Next::Incomplete(Incomplete::Loop)
        } else if self.shown.len() >= self.limits.items || self.pages >= self.limits.pages {
            Next::Incomplete(Incomplete::Limit)
        } else {
            Next::Follow(next)
        })
    }

    /// The list begins again from its first page, because its links ran out of time: what was shown stays known, what was followed not.
    pub fn restart(&mut self) {
        self.links.clear();
        self.round.clear();
    }
}

/// Reads a page, each entry by `read`; entries that are null or unreadable are counted, not failed on.
pub(super) fn page<T>(answer: Answer, read: fn(Value) -> Option<T>) -> Result<Page<T>, Error> {
    let Value::Object(mut body) = answer.body else { return Err(unreadable("Graph's answer is not a list.")) };
    let Some(Value::Array(entries)) = body.remove("value") else { return Err(unreadable("Graph's answer holds no list.")) };
    let count = entries.len();
    let items: Vec<Item<T>> = entries
        .into_iter()
        .filter_map(|entry| {
            let member = |name: &str| entry.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            let (mut id, etag) = (member("id"), member("@odata.etag"));
            if id.is_empty() {
                id = digest(&json::write(&entry)).to_string();
            }
            read(entry).map(|value| Item { id, etag, value })
        })
        .collect();
    let mut link = |name: &str| match body.remove(name) {
        Some(Value::String(link)) if !link.is_empty() => Some(link),
        _ => None,
    };
    let (next, delta) = (link("@odata.nextLink"), link("@odata.deltaLink"));
    Ok(Page { skipped: count - items.len(), items, next, delta })
}

/// Ids are long and lists may be: 8 bytes each instead.
fn digest<T: Hash + ?Sized>(value: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
#[path = "paging_tests.rs"]
mod tests;
