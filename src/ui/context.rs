//! What every component needs and no component owns: how to say that something happened, texts, formats and zones.

use std::rc::Rc;

use chrono::{DateTime, NaiveDateTime, Utc};
use convoke_core::{
    store::Action,
    time::{Zone, Zones},
};
use yew::prelude::*;

use super::{
    Later,
    format::Formats,
    strings::{Strings, Text},
};
use crate::browser::dom;

/// The surroundings of all components.
#[derive(Clone)]
pub struct Ui {
    /// Says that something happened.
    pub dispatch: Callback<Action>,
    /// The texts.
    pub strings: Strings,
    /// Dates and times in words.
    pub formats: Formats,
    /// The zone that times are shown in.
    pub zone: Rc<Zone>,
    /// All zones.
    pub zones: Rc<Zones>,
    /// The present instant, as of the last change.
    pub now: DateTime<Utc>,
    /// What is loaded after the first screen, once it is there.
    pub later: Option<Later>,
    /// What the live region says.
    pub said: AttrValue,
    /// The names of all zones that the browser knows, when they are asked for.
    pub zone_names: Callback<(), Vec<String>>,
    /// The link with which an administrator consents to these permissions, where there is one.
    pub admin_link: Callback<Vec<String>, Option<AttrValue>>,
}

impl PartialEq for Ui {
    fn eq(&self, other: &Self) -> bool {
        self.dispatch == other.dispatch
            && self.strings == other.strings
            && self.formats == other.formats
            && Rc::ptr_eq(&self.zone, &other.zone)
            && self.now == other.now
            && self.later.is_some() == other.later.is_some()
            && self.said == other.said
    }
}

impl Ui {
    /// A text.
    #[must_use]
    pub fn text(&self, text: Text) -> String {
        self.strings.get(text)
    }

    /// A text with its placeholders filled.
    #[must_use]
    pub fn with(&self, text: Text, values: &[(&str, &str)]) -> String {
        self.strings.with(text, values)
    }

    /// An instant as wall time in the viewer's zone.
    #[must_use]
    pub fn local(&self, instant: DateTime<Utc>) -> NaiveDateTime {
        self.zone.local(instant)
    }

    /// Says that something happened.
    pub fn send(&self, action: impl Into<Action>) {
        self.dispatch.emit(action.into());
    }

    /// A callback that copies a text and says so.
    pub fn copying<E: 'static>(&self, text: impl Into<AttrValue>) -> Callback<E> {
        let (dispatch, text) = (self.dispatch.clone(), text.into());
        Callback::from(move |_| {
            dom::copy(&text);
            dispatch.emit(Action::Copied);
        })
    }

    /// A callback that says that something happened, whatever it is given.
    pub fn on<E: 'static>(&self, action: impl Into<Action>) -> Callback<E> {
        let (dispatch, action) = (self.dispatch.clone(), action.into());
        Callback::from(move |_| dispatch.emit(action.clone()))
    }
}

/// The surroundings. Components are drawn below a provider only; without one they are drawn in plain English and nobody listens.
#[hook]
pub fn use_ui() -> Ui {
    use_context::<Ui>().unwrap_or_else(|| Ui {
        dispatch: Callback::noop(),
        strings: Strings::default(),
        formats: Formats::plain(),
        zone: Rc::new(Zone::utc()),
        zones: Rc::new(Zones::new(|_| None)),
        now: DateTime::UNIX_EPOCH,
        later: None,
        said: AttrValue::default(),
        zone_names: Callback::from(|()| Vec::new()),
        admin_link: Callback::from(|_| None),
    })
}
