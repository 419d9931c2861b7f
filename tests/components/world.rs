//! States to draw: made by the reducer from the answers that Graph would give, never by hand.

use std::{cell::RefCell, rc::Rc};

use chrono::{DateTime, Utc};
use convoke::ui::{Shell, context::Ui, format::Formats, later, strings::Strings};
use convoke_core::{
    Error, ErrorCode,
    auth::{Account, protocol},
    config::{AppConfig, Found},
    model::{Event, Person, ScheduleInformation},
    store::{
        Action, AssistantAction, CalendarAction, Effect, Env, PickerAction, PickerOwner, Route, SessionAction, SignedIn, State, View,
        reduce,
    },
    time::{Zone, Zones, parse_instant},
};
use serde_json::{Value, json};
use yew::{LocalServerRenderer, prelude::*};

use crate::page::Page;

pub(crate) const CLIENT: &str = "11111111-2222-3333-4444-555555555555";
pub(crate) const ME: &str = "megan@contoso.com";
pub(crate) const ADDRESS: &str = "https://app.example/";

/// A state, and the time and place in which it is drawn: Tuesday 17 March 2026, 09:10 in Berlin.
pub(crate) struct World {
    pub(crate) state: State,
    pub(crate) formats: Formats,
    /// Whether what comes after the first screen has been loaded.
    pub(crate) later: bool,
    zones: Rc<Zones>,
    now: DateTime<Utc>,
    effects: RefCell<Vec<Effect>>,
}

#[derive(Properties, PartialEq)]
struct PageProps {
    ui: Ui,
    state: Rc<State>,
}

/// The frame in its surroundings.
#[component]
fn Framed(props: &PageProps) -> Html {
    html! {
        <ContextProvider<Ui> context={props.ui.clone()}>
            <Shell state={props.state.clone()} redirect_uri={ADDRESS} />
        </ContextProvider<Ui>>
    }
}

impl World {
    /// Nothing is known yet.
    pub(crate) fn new() -> Self {
        let mut state = State::default();
        state.preferences.time_zone = "Europe/Berlin".into();
        Self {
            state,
            formats: Formats::plain(),
            later: true,
            zones: Rc::new(Zones::new(zone)),
            now: utc("2026-03-17T08:10:00Z"),
            effects: RefCell::default(),
        }
    }

    /// The configuration was found, and nobody is signed in.
    pub(crate) fn signed_out(config: &Value) -> Self {
        let mut world = Self::new();
        world.act(SessionAction::Configured(Box::new(AppConfig::parse(config))));
        if matches!(AppConfig::parse(config), Ok(Found::Complete(_))) {
            world.act(SessionAction::Started(Ok(None)));
        }
        world
    }

    /// Megan is signed in.
    pub(crate) fn signed_in(view: View) -> Self {
        let mut world = Self::new();
        world.state.route = Route { view, date: None };
        world.act(SessionAction::Configured(Box::new(AppConfig::parse(&json!({ "clientId": CLIENT })))));
        let account = Account { id: "1".into(), username: ME.into(), name: Some("Megan Bowen".into()), tenant_id: None, object_id: None };
        world.act(SessionAction::Started(Ok(Some(SignedIn { account, granted: Rc::new(vec!["User.Read".into()]) }))));
        world.act(SessionAction::Profile(world.state.me.generation, Ok(person("Megan Bowen", ME))));
        world
    }

    /// Megan's week with these events.
    pub(crate) fn with_events(events: Vec<Value>) -> Self {
        let mut world = Self::signed_in(View::Calendar);
        let events = events.into_iter().map(|event| Rc::new(Event::from_json(event).unwrap())).collect();
        world.act(CalendarAction::Loaded(world.state.calendar.events.generation, Ok((events, false))));
        world
    }

    /// The event of this id, opened, and read whole.
    pub(crate) fn open(mut self, id: &str) -> Self {
        let event = self.state.calendar.events.value.as_ref().unwrap().iter().find(|event| event.id == id).unwrap().clone();
        self.act(CalendarAction::Open(Rc::clone(&event)));
        self.act(CalendarAction::Opened(self.state.calendar.opened, Box::new(Ok((*event).clone()))));
        self
    }

    /// Megan in the assistant with these people; who is busy when, in UTC. Only the week's Tuesday to Friday are asked for.
    pub(crate) fn with_people(people: &str, busy: &[(&str, &str, &str)]) -> Self {
        let mut world = Self::signed_in(View::Assistant);
        world.act(AssistantAction::To("2026-03-20".into()));
        world.act(PickerAction::Paste(PickerOwner::Assistant, people.into()));
        world.answer_schedules(busy);
        world
    }

    /// Answers every reading of calendars that waits.
    pub(crate) fn answer_schedules(&mut self, busy: &[(&str, &str, &str)]) {
        for effect in self.effects.take() {
            if let Effect::LoadSchedules { generation, addresses, start, end } = effect {
                let list = addresses.iter().map(|address| schedule(address, busy)).collect();
                self.act(AssistantAction::Schedules(generation, (start, end), addresses, Ok(list)));
            }
        }
    }

    pub(crate) fn act(&mut self, action: impl Into<Action>) {
        let env = Env { now: self.now, zones: &self.zones, fresh_id: &|| "id".into(), rank: Some(convoke_core::schedule::rank) };
        let effects = reduce(&mut self.state, action.into(), &env);
        self.effects.borrow_mut().extend(effects);
    }

    /// The whole page.
    pub(crate) fn draw(&self) -> Page {
        let config = self.state.config.clone();
        let mut ui = Ui {
            dispatch: Callback::noop(),
            strings: Strings::for_locale(&self.state.preferences.locale),
            formats: self.formats.clone(),
            zone: self.zones.get(&self.state.preferences.time_zone).unwrap(),
            zones: Rc::clone(&self.zones),
            now: self.now,
            later: self.later.then(later),
            said: AttrValue::default(),
            zone_names: Callback::from(|()| vec!["Asia/Tokyo".to_owned(), "Europe/Berlin".to_owned()]),
            admin_link: Callback::from(move |scopes: Vec<String>| {
                let link = protocol::admin_consent_url(&config.as_ref()?.session, ADDRESS, &scopes);
                link.map(AttrValue::from)
            }),
        };
        ui.said = convoke::ui::said(&ui, &self.state).into();
        let props = PageProps { ui, state: Rc::new(self.state.clone()) };
        let html = futures::executor::block_on(LocalServerRenderer::<Framed>::with_props(props).hydratable(false).render());
        Page::read(&html)
    }
}

/// An event of this week as Graph writes it, in UTC, changed by these members.
pub(crate) fn event(id: &str, subject: &str, start: &str, end: &str, more: &Value) -> Value {
    let at = |text: &str| json!({ "dateTime": text, "timeZone": "UTC" });
    let mut event = json!({ "id": id, "subject": subject, "start": at(start), "end": at(end), "responseRequested": true });
    for (name, value) in more.as_object().unwrap() {
        event[name] = value.clone();
    }
    event
}

pub(crate) fn person(name: &str, address: &str) -> Person {
    Person { id: address.into(), name: name.into(), address: address.into(), ..Person::default() }
}

pub(crate) fn error(code: ErrorCode) -> Error {
    Error::new(code, "It went wrong.")
}

pub(crate) fn utc(text: &str) -> DateTime<Utc> {
    parse_instant(text).unwrap()
}

fn schedule(address: &str, busy: &[(&str, &str, &str)]) -> ScheduleInformation {
    let at = |text: &str| json!({ "dateTime": text, "timeZone": "UTC" });
    let own = busy.iter().filter(|item| item.0 == address);
    let items: Vec<Value> = own.map(|(_, start, end)| json!({ "status": "busy", "start": at(start), "end": at(end) })).collect();
    let hours = json!({
        "daysOfWeek": ["monday", "tuesday", "wednesday", "thursday", "friday"],
        "startTime": "09:00:00", "endTime": "17:00:00", "timeZone": { "name": "W. Europe Standard Time" },
    });
    let digits = "0".repeat(2_000);
    ScheduleInformation::from_json(
        &json!({ "scheduleId": address, "scheduleItems": items, "availabilityView": digits, "workingHours": hours }),
    )
    .unwrap()
}

/// As much of the world as the tests stand in, for this one year.
fn zone(name: &str) -> Option<Zone> {
    let changes = [("2026-03-29T01:00:00Z", 1), ("2026-10-25T01:00:00Z", 0)].map(|(at, summer)| (utc(at).timestamp(), summer));
    let hours = match name {
        "Europe/Berlin" => 1,
        "Europe/London" => 0,
        _ => return None,
    };
    Some(Zone::new(name, hours * 3600, changes.map(|(at, summer)| (at, (hours + summer) * 3600)).into()))
}
