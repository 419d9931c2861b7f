//! Calendar views, their delta, and reminders: events expanded over a span. Owns these; leaves expansion to `world::occurrences`.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{
    access::{self, Need},
    delta::{Item, Round},
    error::{Error, Result},
    events::{
        Scope, found_by,
        render::{self, EventRow, View},
        window,
    },
    odata::{self, Paging, Row},
    request::Call,
};
use crate::world::{
    World,
    mailbox::Mailbox,
    occurrences::{self, Instance},
    zones::Zone,
};

/// `GET …/calendarView`.
pub(crate) fn get(world: &World, call: &Call<'_>, scope: &Scope) -> Result {
    let role = scope.allow(world, call, Need::ReadBasic)?;
    let span = window(world, &call.query)?;
    let view = scope.view(world, call, role)?.windowed();
    let mailbox = access::mailbox(world, &scope.owner)?;
    let found = expanded(world, mailbox, scope, &view, span).into_iter().filter(|instance| found_by(call, &instance.event));
    let rows = found.map(|instance| EventRow { view: &view, instance });
    odata::collection(call, &scope.context().replace("/events", "/calendarView"), rows.collect(), Paging::OUTLOOK)
}

/// What the scope's calendar shows in a span. A cancelled meeting is still there, marked as such.
fn expanded<'a>(
    world: &World,
    mailbox: &'a Mailbox,
    scope: &'a Scope,
    view: &View,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Vec<Instance<'a>> {
    let calendar = scope.calendar.clone().unwrap_or_else(|| mailbox.default_calendar_id());
    let zone = if world.switches.all_day_matches_utc { Zone::utc() } else { view.zone.clone() };
    occurrences::between(mailbox.events.iter().filter(|event| event.calendar_id == calendar), from, to, &zone)
}

/// `GET …/reminderView(startDateTime='…',endDateTime='…')`: what is reminded of in a span.
pub(crate) fn reminders(world: &World, call: &Call<'_>, scope: &Scope, arguments: &str) -> Result {
    let role = scope.allow(world, call, Need::Read)?;
    let argument = |name: &str| {
        let pairs = arguments.split(',').filter_map(|pair| pair.split_once('='));
        let value =
            pairs.into_iter().find(|(key, _)| key.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().trim_matches('\''));
        value.and_then(super::input::instant).ok_or_else(|| Error::parameter(format!("The parameter '{name}' is missing or invalid.")))
    };
    let span = (argument("startDateTime")?, argument("endDateTime")?);
    let view = scope.view(world, call, role)?;
    let mailbox = access::mailbox(world, &scope.owner)?;
    let reminded =
        expanded(world, mailbox, scope, &view, span).into_iter().filter(|instance| instance.event.reminder_on && !instance.event.cancelled);
    let items: Vec<Value> = reminded.map(|instance| render::reminder(&instance, &view)).collect();
    Ok(odata::plain(call, "Collection(microsoft.graph.reminder)", items))
}

/// `GET …/calendarView/delta`: everything in the span first, then only what changed. The span is frozen in the token.
pub(crate) fn delta(world: &mut World, call: &Call<'_>, scope: &Scope) -> Result {
    let role = scope.allow(world, call, Need::Read)?;
    for option in ["$select", "$filter", "$orderby", "$search", "$expand", "$top"] {
        if call.option(option).is_some() {
            let message =
                format!("The following parameters are not supported with change tracking over the 'CalendarView' resource: '{option}'.");
            return Err(Error::new(400, "ErrorInvalidUrlQuery", message));
        }
    }
    let round = Round::begin(world, call, scope.context())?;
    let span = window(world, round.query())?;
    let view = scope.view(world, call, role)?;
    let mailbox = access::mailbox(world, &scope.owner)?;
    let items = expanded(world, mailbox, scope, &view, span).into_iter().map(|instance| {
        let (id, change) = (instance.id(), instance.event.change);
        let mut value = EventRow { view: &view, instance }.show();
        value["@odata.type"] = EVENT.into();
        Item { id, change, value }
    });
    let items = items.collect();
    let removed = |id: &str| json!({ "@odata.type": EVENT, "id": id, "@removed": { "reason": "deleted" } });
    round.answer(world, call, "Collection(event)", items, removed, odata::page_size(call, Paging::OUTLOOK)?)
}

const EVENT: &str = "#microsoft.graph.event";
