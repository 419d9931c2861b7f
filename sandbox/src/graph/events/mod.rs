//! Events: lists, single ones, their instances. Owns reading and which sub-resource goes where; leaves changes to `store`, answers and
//! other actions to `actions`, JSON to `render`.

mod actions;
pub(crate) mod attach;
mod read;
pub(crate) mod render;
pub(crate) mod store;
pub(crate) mod upload;

use axum::http::Method;
use chrono::{DateTime, Utc};

use self::render::{EventRow, View};
pub(crate) use self::store::providers;
use super::{
    access::{self, Need, Owner},
    calendar_view,
    error::{Error, Result},
    odata::{self, Paging},
    request::Call,
};
use crate::world::{
    World,
    event::Event,
    mailbox::{Found, Mailbox},
    occurrences,
    wire::Role,
};

/// Whose events, and of which of their calendars.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    pub(crate) owner: Owner,
    /// A calendar's id; `None`: all of them.
    pub(crate) calendar: Option<String>,
}

impl Scope {
    /// What the caller may do here.
    pub(crate) fn allow(&self, world: &World, call: &Call<'_>, need: Need) -> Result<Role> {
        access::calendar(world, call, &self.owner, self.calendar.as_deref(), need)
    }

    /// Whether an event lies in the scope. Somebody else's mailbox shows its default calendar unless one is named.
    pub(crate) fn covers(&self, mailbox: &Mailbox, event: &Event) -> bool {
        match &self.calendar {
            Some(calendar) => event.calendar_id == *calendar,
            None => self.owner.own || self.owner.group || event.calendar_id == mailbox.default_calendar_id(),
        }
    }

    /// The events of the scope.
    pub(crate) fn events<'a>(&'a self, mailbox: &'a Mailbox) -> impl Iterator<Item = &'a Event> {
        mailbox.events.iter().filter(|event| self.covers(mailbox, event))
    }

    /// The event of an id, if it lies in the scope.
    pub(crate) fn find(&self, mailbox: &Mailbox, id: &str) -> Result<Found> {
        let found = mailbox.find(id).filter(|found| mailbox.events.get(found.index).is_some_and(|event| self.covers(mailbox, event)));
        found.ok_or_else(Error::item_not_found)
    }

    /// The scope as contexts name it.
    pub(crate) fn context(&self) -> String {
        let owner = if self.owner.group { "groups" } else { "users" };
        match &self.calendar {
            Some(calendar) => format!("{owner}('{}')/calendars('{calendar}')/events", self.owner.id),
            None => format!("{owner}('{}')/events", self.owner.id),
        }
    }

    /// How the caller sees the scope's events.
    pub(crate) fn view(&self, world: &World, call: &Call<'_>, role: Role) -> Result<View> {
        View::new(call, access::mailbox(world, &self.owner)?, role, world.switches.online_meeting_needs_flag)
    }
}

/// Everything below `…/events`.
pub(crate) fn route(world: &mut World, call: &Call<'_>, scope: &Scope, rest: &[&str]) -> Result {
    match (&call.method, rest) {
        (&Method::GET, []) => list(world, call, scope),
        (&Method::POST, []) => store::create(world, call, scope),
        (&Method::GET, ["$count"]) => {
            scope.allow(world, call, Need::ReadBasic)?;
            let view = scope.view(world, call, Role::DelegateWithPrivate)?;
            odata::count(call, rows(access::mailbox(world, &scope.owner)?, scope, &view), Paging::OUTLOOK)
        }
        (&Method::GET, ["delta"]) => calendar_view::delta(world, call, scope),
        (&Method::GET, [id]) => get(world, call, scope, id),
        (&Method::PATCH, [id]) => store::update(world, call, scope, id),
        (&Method::DELETE, [id]) => store::delete(world, call, scope, id),
        (&Method::GET, [id, "instances"]) => instances(world, call, scope, id),
        (&Method::GET, [id, "exceptionOccurrences"]) => exceptions(world, call, scope, id),
        (&Method::GET, [id, "calendar"]) => super::calendars::of_event(world, call, scope, id),
        (_, [id, "attachments", rest @ ..]) => attach::route(world, call, scope, id, rest),
        (&Method::POST, [id, action]) => actions::route(world, call, scope, id, action),
        (_, [_] | []) => Err(Error::method_not_allowed()),
        _ => Err(super::routes::unknown(call)),
    }
}

fn rows<'a>(mailbox: &'a Mailbox, scope: &'a Scope, view: &'a View) -> Vec<EventRow<'a>> {
    scope.events(mailbox).map(|event| EventRow { view, instance: occurrences::unexpanded(event) }).collect()
}

fn list(world: &World, call: &Call<'_>, scope: &Scope) -> Result {
    let role = scope.allow(world, call, Need::ReadBasic)?;
    let view = scope.view(world, call, role)?;
    let mut rows = rows(access::mailbox(world, &scope.owner)?, scope, &view);
    rows.retain(|row| found_by(call, &row.instance.event));
    odata::collection(call, &scope.context(), rows, Paging::OUTLOOK)
}

/// `$search`: words in subject, text, place or people. The operation's template has the option and no page says what it looks at; mail's
/// rule is taken.
pub(crate) fn found_by(call: &Call<'_>, event: &Event) -> bool {
    let Some(search) = call.option("$search") else { return true };
    let people = event.attendees.iter().map(|attendee| &attendee.email).chain([&event.organizer]);
    let people: Vec<String> = people.map(|person| format!("{} {}", person.name, person.address)).collect();
    let text = format!("{} {} {} {}", event.subject, super::text::plain(&event.body), event.location_name(), people.join(" "));
    super::text::has_words(&text, search)
}

fn get(world: &World, call: &Call<'_>, scope: &Scope, id: &str) -> Result {
    let role = scope.allow(world, call, Need::ReadBasic)?;
    let view = scope.view(world, call, role)?;
    let mailbox = access::mailbox(world, &scope.owner)?;
    let instance = mailbox.instance(scope.find(mailbox, id)?).ok_or_else(Error::item_not_found)?;
    Ok(odata::entity(call, &scope.context(), render::render(&instance, &view)))
}

/// Occurrences and exceptions of a series within a span; cancelled ones are left out.
fn instances(world: &World, call: &Call<'_>, scope: &Scope, id: &str) -> Result {
    let role = scope.allow(world, call, Need::ReadBasic)?;
    let (from, to) = window(world, &call.query)?;
    let view = scope.view(world, call, role)?.windowed();
    let mailbox = access::mailbox(world, &scope.owner)?;
    let found = scope.find(mailbox, id)?;
    let series = mailbox.events.get(found.index).filter(|event| event.recurrence.is_some() && found.date.is_none());
    let zone = crate::world::zones::Zone::utc();
    let rows = occurrences::between(series.into_iter(), from, to, &zone).into_iter().map(|instance| EventRow { view: &view, instance });
    odata::collection(call, &format!("{}('{id}')/instances", scope.context()), rows.collect(), Paging::OUTLOOK)
}

fn exceptions(world: &World, call: &Call<'_>, scope: &Scope, id: &str) -> Result {
    let role = scope.allow(world, call, Need::ReadBasic)?;
    let view = scope.view(world, call, role)?;
    let mailbox = access::mailbox(world, &scope.owner)?;
    let found = scope.find(mailbox, id)?;
    let series = mailbox.events.get(found.index).into_iter();
    let rows = series.flat_map(|event| event.exceptions.keys().filter_map(|date| occurrences::on_date(event, *date)));
    let rows = rows.map(|instance| EventRow { view: &view, instance }).collect();
    odata::collection(call, &format!("{}('{id}')/exceptionOccurrences", scope.context()), rows, Paging::OUTLOOK)
}

/// The span of `startDateTime` and `endDateTime`: their own offsets decide, without one it is UTC; `Prefer` has no say.
pub(crate) fn window(world: &World, query: &[(String, String)]) -> Result<(DateTime<Utc>, DateTime<Utc>)> {
    let read = |name: &str| {
        let missing = || {
            Error::invalid("This request requires a time window specified by the query string parameters StartDateTime and EndDateTime.")
        };
        let text = query.iter().find(|(option, _)| option.eq_ignore_ascii_case(name)).map(|(_, text)| text.as_str());
        let text = text.filter(|text| !text.is_empty()).ok_or_else(missing)?;
        super::input::instant(text).ok_or_else(|| Error::parameter(format!("The value '{text}' of parameter '{name}' is invalid.")))
    };
    let (from, to) = (read("startDateTime")?, read("endDateTime")?);
    if to < from {
        return Err(Error::parameter("The value of parameter 'endDateTime' is before that of 'startDateTime'."));
    }
    if (to - from).num_seconds() > world.switches.calendar_view_max_days * 86_400 {
        let days = world.switches.calendar_view_max_days;
        return Err(Error::invalid(format!("The requested time window is longer than {days} days.")));
    }
    Ok((from, to))
}
