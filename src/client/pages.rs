//! Lists, page by page. Owns the fetching; leaves the guards against endless and foreign links to `convoke_core::graph::Paging`.

use std::collections::HashMap;

use convoke_core::{
    Error, ErrorCode,
    graph::{Call, Incomplete, Item, Limits, Next, Page, Paging, Request, Target},
};

use super::{Abort, Client};

/// A list that is fetched page by page.
pub struct Pages<T> {
    client: Client,
    call: Call<Page<T>>,
    abort: Abort,
    paging: Paging,
    state: State,
    restarted: bool,
    skipped: usize,
}

enum State {
    First,
    Link(Box<Request>),
    Done(Option<Incomplete>),
}

/// A whole list, or as much of it as could be had.
#[derive(Debug, Clone, PartialEq)]
pub struct Collected<T> {
    /// Each id once, in the order of first appearance, at its latest version.
    pub items: Vec<T>,
    /// Why the end was not reached, where it was not.
    pub incomplete: Option<Incomplete>,
    /// How many entries Graph sent that could not be read.
    pub skipped: usize,
}

impl<T> Pages<T> {
    pub(super) fn new(client: Client, call: Call<Page<T>>, abort: Abort) -> Self {
        Self { client, call, abort, paging: Paging::new(Limits::default()), state: State::First, restarted: false, skipped: 0 }
    }

    /// The same with other limits; before the first page.
    #[must_use]
    pub fn limited(mut self, limits: Limits) -> Self {
        self.paging = Paging::new(limits);
        self
    }

    /// The next page's items, perhaps none; `None` after the last page. An item that changed while paging comes again, under its id.
    ///
    /// After an error the same page can be asked for again.
    pub async fn next_page(&mut self) -> Result<Option<Vec<Item<T>>>, Error> {
        loop {
            let request = match &self.state {
                State::First => &self.call.request,
                State::Link(request) => request,
                State::Done(_) => return Ok(None),
            };
            let answer = match self.client.carry(request, &self.abort).await {
                // A link lives for a limited time; the list itself is still there, so it is read once more from its beginning.
                Err(error) if matches!(self.state, State::Link(_)) && !self.restarted && is_stale(&error) => {
                    self.restarted = true;
                    self.paging.restart();
                    self.state = State::First;
                    continue;
                }
                answer => answer?,
            };
            let mut page = self.call.read(answer)?;
            self.skipped += page.skipped;
            self.state = match self.paging.accept(&mut page, &self.client.inner.hosts)? {
                Next::Follow(url) => {
                    // The link holds the query; the headers have to be said again on each page.
                    let mut request = self.call.request.clone();
                    request.target = Target::Link(url);
                    request.query.clear();
                    State::Link(Box::new(request))
                }
                Next::End => State::Done(None),
                Next::Incomplete(reason) => State::Done(Some(reason)),
            };
            return Ok(Some(page.items));
        }
    }

    /// Whether there is more to ask for.
    #[must_use]
    pub fn has_next(&self) -> bool {
        !matches!(self.state, State::Done(_))
    }

    /// Why the end was not reached, once that is known.
    #[must_use]
    pub fn incomplete(&self) -> Option<Incomplete> {
        match self.state {
            State::Done(reason) => reason,
            _ => None,
        }
    }

    /// How many entries could not be read so far.
    #[must_use]
    pub fn skipped(&self) -> usize {
        self.skipped
    }

    /// All items up to a limit; `on_page` is told after each page what has come so far. The first error ends it.
    pub async fn collect(self, limit: usize, mut on_page: impl FnMut(&[T])) -> Result<Collected<T>, Error> {
        let mut pages = self.limited(Limits { items: limit, ..Limits::default() });
        let mut items: Vec<T> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        while let Some(page) = pages.next_page().await? {
            for Item { id, value, .. } in page {
                match places.get(&id).and_then(|&place| items.get_mut(place)) {
                    Some(known) => *known = value,
                    None => {
                        places.insert(id, items.len());
                        items.push(value);
                    }
                }
            }
            on_page(&items);
        }
        Ok(Collected { items, incomplete: pages.incomplete(), skipped: pages.skipped() })
    }
}

fn is_stale(error: &Error) -> bool {
    matches!(error.code(), ErrorCode::InvalidRequest | ErrorCode::Gone)
}
