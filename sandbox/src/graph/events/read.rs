//! Event bodies of requests. Owns their reading into a record and the rules that a record must keep; leaves storing and sending to the operations.

use chrono::{DateTime, Datelike, Utc, Weekday};

use crate::{
    graph::{
        error::{Error, Result},
        input::{Input, weekday},
    },
    world::{
        event::{Address, Attendee, Event, OnlineMeeting},
        ids,
        recurrence::{Pattern, Range, Recurrence},
        wire::{AttendeeKind, Importance, PatternKind, RangeKind, Response, Sensitivity, ShowAs, WeekIndex},
        zones::Zone,
    },
};

/// The documented limit.
const MOST_ATTENDEES: usize = 500;
/// Longer series are refused by Exchange; the number is its, from the recurrence range's documentation of Exchange Web Services.
const MOST_OCCURRENCES: i64 = 999;
/// Between the text and what was put there for the online meeting.
const ONLINE_RULE: &str = "________________________________________________________________________________";

/// What a request changed, as far as it matters to others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Touched {
    /// Start, end, all day or the series.
    pub(crate) time: bool,
    /// Something that attendees see: subject, text, place, …
    pub(crate) shown: bool,
    pub(crate) attendees: bool,
}

/// Puts the members of a request's body into a record. Members that the service sets, and unknown ones, are ignored.
pub(crate) fn apply(input: &Input, event: &mut Event) -> Result<Touched> {
    let mut touched = Touched::default();
    times(input, event, &mut touched)?;
    texts(input, event, &mut touched)?;
    own(input, event)?;
    if let Some(attendees) = attendees(input, event)? {
        touched.attendees = true;
        event.attendees = attendees;
    }
    if let Some(value) = input.boolean("hideAttendees")? {
        touched.shown |= event.hide_attendees != value;
        event.hide_attendees = value;
    }
    Ok(touched)
}

fn times(input: &Input, event: &mut Event, touched: &mut Touched) -> Result<()> {
    let before = (event.start.clone(), event.end.clone(), event.all_day, event.recurrence.clone());
    if let Some(start) = input.time("start")? {
        event.start = start;
    }
    if let Some(end) = input.time("end")? {
        event.end = end;
    }
    if let Some(all_day) = input.boolean("isAllDay")? {
        event.all_day = all_day;
    }
    if input.has("recurrence") {
        event.recurrence = input.object("recurrence")?.map(|recurrence| self::recurrence(&recurrence)).transpose()?;
    } else if let Some(recurrence) = &mut event.recurrence
        && before.0.local.date() != event.start.local.date()
    {
        // The series moves with its first day.
        recurrence.range.start = event.start.local.date();
    }
    touched.time = before != (event.start.clone(), event.end.clone(), event.all_day, event.recurrence.clone());
    Ok(())
}

fn texts(input: &Input, event: &mut Event, touched: &mut Touched) -> Result<()> {
    if input.has("subject") {
        event.subject = input.text("subject")?.unwrap_or_default();
        touched.shown = true;
    }
    if input.has("body") {
        event.body = input.body("body")?.unwrap_or_default();
        touched.shown = true;
        // Documented: without the online meeting's part in the body, the meeting is no longer online.
        if event.online.as_ref().is_some_and(|online| !event.body.content.contains(&online.join_url)) {
            event.online = None;
        }
    }
    if let Some(importance) = input.choice("importance", Importance::parse)? {
        event.importance = importance;
        touched.shown = true;
    }
    if let Some(sensitivity) = input.choice("sensitivity", Sensitivity::parse)? {
        event.sensitivity = sensitivity;
        touched.shown = true;
    }
    if let Some(value) = input.boolean("allowNewTimeProposals")? {
        event.allow_new_time_proposals = value;
        touched.shown = true;
    }
    if let Some(value) = input.boolean("responseRequested")? {
        event.response_requested = value;
        touched.shown = true;
    }
    // A change of `location` replaces the whole list, which is kept in step.
    let location = |location: &Input| location.members().clone();
    if input.has("location") {
        let given =
            input.object("location")?.filter(|given| given.text("displayName").is_ok_and(|name| name.is_some_and(|name| !name.is_empty())));
        event.locations = given.iter().map(location).collect();
        touched.shown = true;
    }
    if let Some(list) = input.objects("locations")?.filter(|list| !list.is_empty() || !input.has("location")) {
        event.locations = list.iter().map(location).collect();
        touched.shown = true;
    }
    Ok(())
}

/// What concerns the owner alone.
fn own(input: &Input, event: &mut Event) -> Result<()> {
    if let Some(categories) = input.texts("categories")? {
        event.categories = categories;
    }
    if let Some(show_as) = input.choice("showAs", ShowAs::parse)? {
        event.show_as = show_as;
    }
    if let Some(minutes) = input.integer("reminderMinutesBeforeStart")? {
        event.reminder_minutes = minutes;
    }
    if let Some(on) = input.boolean("isReminderOn")? {
        event.reminder_on = on;
    }
    Ok(())
}

fn attendees(input: &Input, event: &Event) -> Result<Option<Vec<Attendee>>> {
    if !input.has("attendees") {
        return Ok(None);
    }
    let mut attendees: Vec<Attendee> = Vec::new();
    for object in input.objects("attendees")?.unwrap_or_default() {
        let email = object.address("emailAddress")?.filter(|email| email.address.contains('@'));
        let email = email.ok_or_else(|| Error::new(400, "ErrorInvalidRecipients", "At least one attendee has no valid address."))?;
        let kind = object.choice("type", AttendeeKind::parse)?.unwrap_or(AttendeeKind::Required);
        if attendees.iter().any(|known| known.email.address.eq_ignore_ascii_case(&email.address)) {
            continue;
        }
        let known = event.attendees.iter().find(|known| known.email.address.eq_ignore_ascii_case(&email.address)).cloned();
        let fresh = Attendee { kind, email: email.clone(), response: Response::None, response_time: None, proposal: None };
        attendees.push(known.map_or(fresh, |known| Attendee { kind, email, ..known }));
    }
    if attendees.len() > MOST_ATTENDEES {
        return Err(Error::invalid(format!("An event can have at most {MOST_ATTENDEES} attendees.")));
    }
    Ok(Some(attendees))
}

/// A patternedRecurrence. Members that the pattern does not use are validated all the same, as documented.
fn recurrence(input: &Input) -> Result<Recurrence> {
    let missing = |name: &str| Error::invalid(format!("The recurrence needs '{name}'."));
    let pattern = input.object("pattern")?.ok_or_else(|| missing("pattern"))?;
    let range = input.object("range")?.ok_or_else(|| missing("range"))?;
    let kind = pattern.choice("type", PatternKind::parse)?.ok_or_else(|| missing("pattern.type"))?;
    let number = |name: &str, least: i64, most: i64| -> Result<Option<u32>> {
        let value = pattern.integer(name)?;
        match value {
            // Zero is what answers carry for members that are not used.
            Some(0) if name != "interval" => Ok(None),
            Some(value) if (least..=most).contains(&value) => Ok(u32::try_from(value).ok()),
            Some(_) => Err(Error::invalid(format!("The recurrence's 'pattern.{name}' must be {least} to {most}."))),
            None => Ok(None),
        }
    };
    let interval = number("interval", 1, 999)?.ok_or_else(|| missing("pattern.interval"))?;
    let (month, day) = (number("month", 1, 12)?, number("dayOfMonth", 1, 31)?);
    let days = pattern.days_of_week("daysOfWeek")?.unwrap_or_default();
    let index = pattern.choice("index", WeekIndex::parse)?.unwrap_or(WeekIndex::First);
    let first_day = pattern.choice("firstDayOfWeek", weekday)?.unwrap_or(Weekday::Sun);
    let by_day = matches!(kind, PatternKind::Weekly | PatternKind::RelativeMonthly | PatternKind::RelativeYearly);
    if by_day && days.is_empty() {
        return Err(missing("pattern.daysOfWeek"));
    }
    if matches!(kind, PatternKind::AbsoluteMonthly | PatternKind::AbsoluteYearly) && day.is_none() {
        return Err(missing("pattern.dayOfMonth"));
    }
    if matches!(kind, PatternKind::AbsoluteYearly | PatternKind::RelativeYearly) && month.is_none() {
        return Err(missing("pattern.month"));
    }
    let pattern = Pattern {
        kind,
        interval,
        month: month.unwrap_or(0),
        day_of_month: day.unwrap_or(0),
        days_of_week: days,
        first_day_of_week: first_day,
        index,
    };
    Ok(Recurrence { pattern, range: self::range(&range)? })
}

fn range(input: &Input) -> Result<Range> {
    let missing = |name: &str| Error::invalid(format!("The recurrence needs 'range.{name}'."));
    let kind = input.choice("type", RangeKind::parse)?.ok_or_else(|| missing("type"))?;
    let start = input.date("startDate")?.ok_or_else(|| missing("startDate"))?;
    let end = input.date("endDate")?.filter(|_| kind == RangeKind::EndDate);
    let count = input.integer("numberOfOccurrences")?.unwrap_or(0);
    if kind == RangeKind::EndDate && end.is_none() {
        return Err(missing("endDate"));
    }
    if end.is_some_and(|end| end < start) {
        return Err(Error::invalid("The recurrence's 'range.endDate' is before its 'range.startDate'."));
    }
    if kind == RangeKind::Numbered && !(1..=MOST_OCCURRENCES).contains(&count) {
        return Err(Error::invalid(format!("The recurrence's 'range.numberOfOccurrences' must be 1 to {MOST_OCCURRENCES}.")));
    }
    let zone = input.text("recurrenceTimeZone")?.filter(|zone| !zone.is_empty());
    if let Some(name) = zone.as_ref().filter(|name| Zone::named(name).is_none()) {
        return Err(Error::time_zone(name));
    }
    let count = if kind == RangeKind::Numbered { u32::try_from(count).unwrap_or(0) } else { 0 };
    Ok(Range { kind, start, end, count, zone })
}

/// The rules that a whole event must keep.
pub(crate) fn validate(event: &mut Event) -> Result<()> {
    if event.all_day {
        for (name, time) in [("Start", &event.start), ("End", &event.end)] {
            if !time.is_midnight() {
                let message = format!("The Event.{name} property for an all-day event needs to be set to midnight.");
                return Err(Error::invalid(message));
            }
        }
        if event.start.zone.name != event.end.zone.name {
            return Err(Error::invalid("The Event.Start and Event.End properties of an all-day event need the same time zone."));
        }
        if event.end.local <= event.start.local {
            return Err(Error::invalid("An all-day event ends at a midnight after its start."));
        }
    }
    if event.end.instant() < event.start.instant() {
        // Exchange Web Services documents this code; Graph passes it on.
        return Err(Error::new(400, "ErrorCalendarEndDateIsEarlierThanStartDate", "The end of the event is before its start."));
    }
    if let Some(recurrence) = &event.recurrence {
        if recurrence.range.start != event.start.local.date() {
            return Err(Error::invalid("The recurrence's 'range.startDate' must be the date of the event's start."));
        }
        let first = recurrence.first().ok_or_else(|| Error::new(400, "ErrorRecurrenceHasNoOccurrence", "The series never happens."))?;
        // Where the start does not fit the pattern, the series begins on the first day that does.
        let shift = first - event.start.local.date();
        event.start.local += shift;
        event.end.local += shift;
        if let Some(recurrence) = &mut event.recurrence {
            recurrence.range.start = first;
        }
    }
    if event.start.local.year() < 1601 || event.end.local.year() > 4500 {
        return Err(Error::invalid("The event lies outside of the calendar's range (the years 1601 to 4500)."));
    }
    Ok(())
}

/// Makes a meeting an online one where that was asked for and the calendar has the provider; where not, nothing happens, and nothing is said.
pub(crate) fn online(input: &Input, event: &mut Event, allowed: &[&str], now: DateTime<Utc>) -> Result<()> {
    let wanted = input.boolean("isOnlineMeeting")? == Some(true);
    let provider = input.text("onlineMeetingProvider")?.filter(|provider| !provider.eq_ignore_ascii_case("unknown"));
    // Once online, a meeting stays so, with its provider.
    if !wanted || event.online.is_some() {
        return Ok(());
    }
    let provider = match provider {
        Some(provider) => allowed.iter().find(|known| known.eq_ignore_ascii_case(&provider)),
        None => allowed.first(),
    };
    let Some(provider) = provider else { return Ok(()) };
    let thread = ids::guid(&format!("{}{}", event.ical_uid, now.timestamp_micros()));
    let join_url = format!("https://teams.microsoft.com/l/meetup-join/19%3ameeting_{}%40thread.v2/0", thread.replace('-', ""));
    let conference_id = format!("{:09}", event.change.wrapping_mul(7919) % 1_000_000_000);
    let text = super::render::escape(&super::render::plain(&event.body)).replace('\n', "<br>\r\n");
    let start = if event.body.html { event.body.content.clone() } else { format!("<div>{text}</div>") };
    let part = format!("<div>{ONLINE_RULE}</div>\r\n<div><a href=\"{join_url}\">Join Microsoft Teams Meeting</a></div>\r\n");
    let content = match start.rfind("</body>") {
        Some(end) => format!("{}{part}{}", &start[..end], &start[end..]),
        None => format!("{start}\r\n{part}"),
    };
    event.body = crate::world::event::Body { html: true, content };
    event.online = Some(OnlineMeeting { provider: (*provider).to_owned(), join_url, conference_id });
    Ok(())
}

/// A timeSlot, for proposals.
pub(crate) fn proposal(input: &Input) -> Result<Option<crate::world::event::Proposal>> {
    let Some(slot) = input.object("proposedNewTime")? else { return Ok(None) };
    match (slot.time("start")?, slot.time("end")?) {
        (Some(start), Some(end)) if start.instant() <= end.instant() => Ok(Some(crate::world::event::Proposal { start, end })),
        _ => Err(Error::parameter("A proposed new time needs a start and an end after it.")),
    }
}

/// A new event before anything is put into it.
pub(crate) fn blank(owner: &Address, calendar_id: &str, zone: &Zone, now: DateTime<Utc>) -> Event {
    let start = crate::world::zones::ZonedTime { local: zone.local(now), zone: zone.clone() };
    Event {
        id: String::new(),
        calendar_id: calendar_id.to_owned(),
        ical_uid: String::new(),
        created: now,
        modified: now,
        change: 0,
        categories: Vec::new(),
        subject: String::new(),
        body: Default::default(),
        importance: Importance::Normal,
        sensitivity: Sensitivity::Normal,
        show_as: ShowAs::Busy,
        all_day: false,
        cancelled: false,
        is_organizer: true,
        end: start.clone(),
        start,
        recurrence: None,
        exceptions: Default::default(),
        cancelled_dates: Default::default(),
        locations: Vec::new(),
        attendees: Vec::new(),
        organizer: owner.clone(),
        reminder_minutes: 15,
        reminder_on: true,
        snoozed_until: None,
        allow_new_time_proposals: true,
        response_requested: true,
        hide_attendees: false,
        response: Response::Organizer,
        response_time: None,
        online: None,
        transaction_id: None,
        attachments: Vec::new(),
    }
}
