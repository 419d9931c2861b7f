//! Lists for JavaScript. Owns one list's place among its pages; leaves turn-taking and iteration to `www/npm/pages.js`.

use std::{cell::RefCell, rc::Rc};

use convoke::client::Pages;
use convoke_core::{
    Error, ErrorCode,
    graph::{Incomplete, Limits},
};
use serde_json::{Map, Value};
use wasm_bindgen::prelude::*;

use crate::boundary::{Crossing, crossing, thrown};

/// A list that is being read.
#[wasm_bindgen]
pub struct List {
    limit: usize,
    /// Out while a page is under way.
    pages: Rc<RefCell<Option<Pages<Value>>>>,
    state: Rc<RefCell<State>>,
}

#[derive(Default)]
struct State {
    ended: bool,
    incomplete: Option<Incomplete>,
}

impl List {
    pub(crate) fn new(pages: Pages<Value>, limit: usize) -> Self {
        let limits = Limits { items: limit, pages: usize::MAX };
        Self { limit, pages: Rc::new(RefCell::new(Some(pages.limited(limits)))), state: Rc::default() }
    }
}

#[wasm_bindgen]
impl List {
    /// The next page's items; none behind the last page. After an error the same page can be asked for again.
    pub async fn next(&self) -> Crossing {
        let Some(mut pages) = self.pages.borrow_mut().take() else { return Err(thrown(&busy())) };
        let outcome = pages.next_page().await;
        {
            let mut state = self.state.borrow_mut();
            state.ended = !pages.has_next();
            state.incomplete = pages.incomplete();
        }
        *self.pages.borrow_mut() = Some(pages);
        crossing(outcome.map(|page| Value::Array(page.unwrap_or_default().into_iter().map(|item| item.value).collect())))
    }

    /// Everything up to the limit, each id once.
    pub async fn all(&self) -> Crossing {
        let Some(pages) = self.pages.borrow_mut().take() else { return Err(thrown(&busy())) };
        let outcome = pages.collect(self.limit, |_| ()).await;
        crossing(outcome.map(|found| {
            let mut members = Map::new();
            members.insert("items".into(), Value::Array(found.items));
            if let Some(reason) = found.incomplete {
                members.insert("incomplete".into(), word(reason).into());
            }
            Value::Object(members)
        }))
    }

    /// Whether there is another page to ask for.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn more(&self) -> bool {
        !self.state.borrow().ended
    }

    /// Why the end was not reached, once that is known.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn incomplete(&self) -> Option<String> {
        self.state.borrow().incomplete.map(|reason| word(reason).to_owned())
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
