//! getSchedule: free/busy of several mailboxes at once. Owns limits, privacy and errors per schedule; leaves the view's digits to
//! `world::availability`.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};

use super::{
    access::Owner,
    error::{Error, Result},
    events::render::zoned,
    reply::Reply,
    request::Call,
    scopes,
    settings::working_hours,
};
use crate::world::{
    World, availability,
    mailbox::Mailbox,
    occurrences::Instance,
    wire::{Role, Sensitivity},
    zones::{Zone, ZonedTime},
};

/// How many mailboxes one call may ask about, members of lists counted.
const MOST_SCHEDULES: usize = 20;

/// What was asked.
struct Question {
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    interval: TimeDelta,
    /// The zone of the request's times: all-day items are its midnights.
    asking: Zone,
    /// The zone of the answer.
    answering: Zone,
}

/// `POST …/getSchedule`.
pub(crate) fn get(world: &World, call: &Call<'_>, owner: &Owner) -> Result {
    scopes::outlook(call, scopes::CALENDARS_READ_BASIC)?;
    refuse_personal(world, &owner.id)?;
    let input = call.json()?;
    let addresses = input.texts("schedules")?.unwrap_or_default();
    if addresses.is_empty() {
        return Err(Error::parameter("'schedules' needs at least one address."));
    }
    let missing = |name: &str| Error::parameter(format!("'{name}' is needed."));
    let start = input.time("startTime")?.ok_or_else(|| missing("startTime"))?;
    let end = input.time("endTime")?.ok_or_else(|| missing("endTime"))?;
    let minutes = input.integer("availabilityViewInterval")?.unwrap_or(30);
    if !(5..=1440).contains(&minutes) {
        // Exchange Web Services' code for the same setting.
        return Err(Error::new(400, "ErrorInvalidMergedFreeBusyInterval", "The interval must be 5 to 1440 minutes."));
    }
    let (from, to) = (start.instant(), end.instant());
    if to <= from {
        return Err(Error::parameter("'endTime' must be after 'startTime'."));
    }
    if to - from > TimeDelta::days(world.switches.schedule_max_days) {
        let message = format!("The requested time period is longer than {} days.", world.switches.schedule_max_days);
        return Err(Error::new(400, "ErrorTimeIntervalTooBig", message));
    }
    let entities: usize = addresses.iter().map(|address| world.list_members(address).map_or(1, |members| members.len().max(1))).sum();
    if entities > MOST_SCHEDULES {
        // The documentation gives the number but no code.
        let message =
            format!("At most {MOST_SCHEDULES} schedules can be requested at once, members of lists counted; these are {entities}.");
        return Err(Error::parameter(message));
    }
    let question = Question { from, to, interval: TimeDelta::minutes(minutes), asking: start.zone, answering: call.zone()? };
    let value: Vec<Value> = addresses.iter().map(|address| schedule(world, call, &question, address)).collect();
    Ok(Reply::ok(json!({ "@odata.context": call.context("Collection(microsoft.graph.scheduleInformation)"), "value": value })))
}

/// Personal accounts have neither getSchedule nor findMeetingTimes, and no directory; the words are those of public reports.
pub(crate) fn refuse_personal(world: &World, owner: &str) -> Result<()> {
    let personal = world.user(owner).and_then(|user| world.tenant(&user.tenant_id)).is_some_and(|tenant| tenant.consumer);
    if personal { Err(Error::new(400, "BadRequest", "This API is not supported for MSA accounts.")) } else { Ok(()) }
}

fn schedule(world: &World, call: &Call<'_>, question: &Question, address: &str) -> Value {
    let insider = |id: &str| {
        let person = world.user(id).is_some_and(|user| user.tenant_id == call.caller.tenant_id);
        person || world.group(id).is_some_and(|group| group.tenant_id == call.caller.tenant_id)
    };
    if let Some(members) = world.list_members(address) {
        return list(world, question, address, &members);
    }
    match world.mailbox_at(address).filter(|id| insider(id)).and_then(|id| Some((id, world.mailboxes.get(id)?))) {
        Some((id, mailbox)) => mailbox_schedule(world, call, question, address, id, mailbox),
        None => unresolvable(world, address),
    }
}

/// The documented way to fail for one schedule among others.
fn unresolvable(world: &World, address: &str) -> Value {
    let code = world.switches.unresolvable_response_code;
    let message = match code {
        5009 => format!("Unable to resolve e-mail address {address} to an Active Directory object."),
        _ => "Proxy web request failed.".to_owned(),
    };
    let error = json!({ "message": message, "responseCode": code.to_string() });
    // The two answers that were seen differ in this too.
    if code == 5009 {
        json!({ "scheduleId": address, "error": error })
    } else {
        json!({ "scheduleId": address, "scheduleItems": null, "error": error })
    }
}

fn mailbox_schedule(world: &World, call: &Call<'_>, question: &Question, address: &str, id: &str, mailbox: &Mailbox) -> Value {
    let own = call.caller.user_id.as_deref() == Some(id);
    let caller = call.caller.user_id.as_deref().and_then(|id| world.user(id)).map_or("", |user| user.user_principal_name.as_str());
    let role = mailbox.default_calendar().map_or(Role::None, |calendar| mailbox.role(calendar, caller, true));
    let items = mailbox.items(question.from, question.to, &question.asking);
    json!({
        "scheduleId": address,
        "availabilityView": view(question, items.iter()),
        "scheduleItems": items.iter().map(|item| render(question, item, own, role)).collect::<Vec<_>>(),
        "workingHours": working_hours(&mailbox.settings.hours),
    })
}

fn view<'a>(question: &Question, items: impl Iterator<Item = &'a Instance<'a>>) -> String {
    let spans = items.map(|item| {
        let (start, end) = item.span(&question.asking);
        (start, end, item.event.show_as)
    });
    availability::view(spans, question.from, question.to, question.interval)
}

fn render(question: &Question, item: &Instance<'_>, own: bool, role: Role) -> Value {
    let event = item.event.as_ref();
    let (start, end) = item.span(&question.asking);
    let time = |instant| zoned(&ZonedTime { local: Zone::utc().local(instant), zone: Zone::utc() }, false, &question.answering);
    let open = matches!(event.sensitivity, Sensitivity::Normal | Sensitivity::Personal);
    let mut out = Map::new();
    if own || (open && role >= Role::LimitedRead) {
        out.insert("isPrivate".to_owned(), (!open).into());
        out.insert("subject".to_owned(), event.subject.clone().into());
        out.insert("location".to_owned(), event.location_name().into());
    }
    out.insert("status".to_owned(), event.show_as.as_str().into());
    out.insert("start".to_owned(), time(start));
    out.insert("end".to_owned(), time(end));
    Value::Object(out)
}

/// A list's one schedule: all members' items without any detail. That lists are expanded is documented, how the answer looks is not.
fn list(world: &World, question: &Question, address: &str, members: &[String]) -> Value {
    let mailboxes = members.iter().filter_map(|member| world.mailboxes.get(world.mailbox_at(member)?));
    let items: Vec<Instance<'_>> = mailboxes.flat_map(|mailbox| mailbox.items(question.from, question.to, &question.asking)).collect();
    json!({
        "scheduleId": address,
        "availabilityView": view(question, items.iter()),
        "scheduleItems": items.iter().map(|item| render(question, item, false, Role::FreeBusyRead)).collect::<Vec<_>>(),
    })
}
