//! Lists for JavaScript. Owns one list's place among its pages; leaves turn-taking and iteration to `www/npm/pages.js`.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use convoke::client::{LocalBoxFuture, Pages};
use convoke_core::{
    Error, ErrorCode,
    graph::{Incomplete, Limits},
};
use serde_json::{Map, Value};
use wasm_bindgen::prelude::*;

use crate::{
    boundary::{Crossing, crossing},
    graph::doors,
};

/// A list that is being read.
#[wasm_bindgen]
pub struct List(Rc<Inner>);

pub(crate) struct Inner {
    limit: usize,
    /// Out while a page is under way.
    pages: RefCell<Option<Pages<Value>>>,
    ended: Cell<bool>,
    incomplete: Cell<Option<Incomplete>>,
}

impl List {
    pub(crate) fn new(pages: Pages<Value>, limit: usize) -> Self {
        let limits = Limits { items: limit, pages: usize::MAX };
        let pages = RefCell::new(Some(pages.limited(limits)));
        Self(Rc::new(Inner { limit, pages, ended: Cell::new(false), incomplete: Cell::new(None) }))
    }
}

pub(crate) fn next_page(list: Rc<Inner>) -> LocalBoxFuture<Result<Value, Error>> {
    Box::pin(async move {
        let mut pages = list.pages.borrow_mut().take().ok_or_else(busy)?;
        let outcome = pages.next_page().await;
        list.ended.set(!pages.has_next());
        list.incomplete.set(pages.incomplete());
        *list.pages.borrow_mut() = Some(pages);
        Ok(Value::Array(outcome?.unwrap_or_default().into_iter().map(|item| item.value).collect()))
    })
}

pub(crate) fn collect(list: Rc<Inner>) -> LocalBoxFuture<Result<Value, Error>> {
    Box::pin(async move {
        let pages = list.pages.borrow_mut().take().ok_or_else(busy)?;
        let found = pages.collect(list.limit, |_| ()).await?;
        let mut members = Map::new();
        members.insert("items".into(), Value::Array(found.items));
        if let Some(reason) = found.incomplete {
            members.insert("incomplete".into(), word(reason).into());
        }
        Ok(Value::Object(members))
    })
}

#[wasm_bindgen]
impl List {
    /// The next page's items; none behind the last page. After an error the same page can be asked for again.
    pub async fn next(&self) -> Crossing {
        crossing((doors().await?.next_page)(Rc::clone(&self.0)).await)
    }

    /// Everything up to the limit, each id once.
    pub async fn all(&self) -> Crossing {
        crossing((doors().await?.collect)(Rc::clone(&self.0)).await)
    }

    /// Whether there is another page to ask for.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn more(&self) -> bool {
        !self.0.ended.get()
    }

    /// Why the end was not reached, once that is known.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn incomplete(&self) -> Option<String> {
        self.0.incomplete.get().map(|reason| word(reason).to_owned())
    }
}

fn word(reason: Incomplete) -> &'static str {
    match reason {
        Incomplete::Limit => "limit",
        Incomplete::Loop => "loop",
    }
}

fn busy() -> Error {
    Error::new(ErrorCode::InvalidRequest, "A page of this list is under way: wait for it before the next one.")
}
