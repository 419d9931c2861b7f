//! Tests of the store, by screen. Owns the small world that they act in: one reducer, a clock that stands still, zones from chrono-tz.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails loudly")]

mod assistant;
mod assistant_booking;
mod calendar;
mod calendar_answers;
mod connect;
mod editor;
mod editor_sending;
mod later;
mod people;
mod random;
mod self_test;
mod session;
mod snapshot;
mod windows;

use std::{cell::Cell, rc::Rc};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::*;
use crate::{
    Error, ErrorCode,
    auth::Account,
    config::{AppConfig, Found},
    model::{Attendee, Event, Person, ScheduleInformation},
    time::{
        Zones,
        fixtures::{utc, zones},
    },
};

pub(super) const ME: &str = "megan@contoso.com";

/// A state, the clock, and every zone there is.
pub(super) struct World {
    pub(super) state: State,
    pub(super) zones: Zones,
    pub(super) now: DateTime<Utc>,
    ids: Cell<u32>,
    /// The engine, once it is loaded.
    pub(super) rank: Option<Rank>,
}

impl World {
    /// Nobody is signed in. It is Tuesday 17 March 2026, 09:10 in Berlin.
    pub(super) fn new() -> Self {
        Self::at("2026-03-17T08:10:00Z", "Europe/Berlin")
    }

    pub(super) fn at(now: &str, zone: &str) -> Self {
        let mut state = State::default();
        state.preferences.time_zone = zone.into();
        Self { state, zones: zones(), now: utc(now), ids: Cell::new(0), rank: Some(crate::schedule::rank) }
    }

    /// Megan is signed in and her profile is known; the screen is the one given.
    pub(super) fn signed_in(view: View) -> Self {
        Self::new().sign_in(view)
    }

    pub(super) fn sign_in(mut self, view: View) -> Self {
        self.state.route = Route { view, date: None };
        self.act(SessionAction::Configured(Box::new(Ok(found(&json!({ "clientId": CLIENT }))))));
        self.start("1");
        let generation = self.state.me.generation;
        self.act(SessionAction::Profile(generation, Ok(person("Megan Bowen", ME))));
        self
    }

    pub(super) fn start(&mut self, id: &str) -> Vec<Effect> {
        self.act(SessionAction::Started(Ok(Some(SignedIn {
            account: account(id),
            granted: Rc::new(vec!["User.Read".into(), "MailboxSettings.Read".into()]),
        }))))
    }

    pub(super) fn act(&mut self, action: impl Into<Action>) -> Vec<Effect> {
        let fresh_id = || {
            self.ids.set(self.ids.get() + 1);
            ["id-", &self.ids.get().to_string()].concat()
        };
        let env = Env { now: self.now, zones: &self.zones, fresh_id: &fresh_id, rank: self.rank };
        reduce(&mut self.state, action.into(), &env)
    }

    pub(super) fn editor(&self) -> &Editor {
        self.state.editor.as_ref().expect("the dialog is open")
    }
}

pub(super) const CLIENT: &str = "11111111-2222-3333-4444-555555555555";

pub(super) fn found(config: &Value) -> Found {
    AppConfig::parse(config).unwrap()
}

pub(super) fn account(id: &str) -> Account {
    Account { id: id.into(), username: ME.into(), name: Some("Megan Bowen".into()), tenant_id: None, object_id: None }
}

pub(super) fn person(name: &str, address: &str) -> Person {
    Person { id: address.into(), name: name.into(), address: address.into(), ..Person::default() }
}

pub(super) fn error(code: ErrorCode) -> Error {
    Error::new(code, "It went wrong.")
}

/// An event as Graph writes it. Times with a `Z` are UTC, others in the zone given.
pub(super) fn event(id: &str, start: &str, end: &str, zone: &str) -> Rc<Event> {
    let at = |text: &str| json!({ "dateTime": text, "timeZone": zone });
    Rc::new(Event::from_json(json!({ "id": id, "subject": format!("About {id}"), "start": at(start), "end": at(end) })).unwrap())
}

/// Free/busy with these stretches: state, start and end in UTC.
pub(super) fn schedule(address: &str, items: &[(&str, &str, &str)]) -> ScheduleInformation {
    let at = |text: &str| json!({ "dateTime": text, "timeZone": "UTC" });
    let items: Vec<Value> =
        items.iter().map(|(status, start, end)| json!({ "status": status, "start": at(start), "end": at(end) })).collect();
    // Graph gives digits as well; here they cover no slot, so items alone count.
    ScheduleInformation::from_json(&json!({ "scheduleId": address, "scheduleItems": items, "availabilityView": "0".repeat(2_000) }))
        .unwrap()
}

pub(super) fn attendee_addresses(attendees: &[Attendee]) -> Vec<&str> {
    attendees.iter().map(|attendee| attendee.email.address.as_str()).collect()
}
