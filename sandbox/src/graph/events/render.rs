//! Events as JSON. Owns every member, in the documented order; leaves `$select` to `odata`.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Map, Value, json};

pub(crate) use crate::graph::text::{body, escape, plain, preview};
use crate::{
    graph::{
        error::Result,
        input::weekday_name,
        odata::{Row, Select},
        request::Call,
        scopes,
    },
    world::{
        event::{Address, Attendee, Event},
        ids,
        mailbox::Mailbox,
        occurrences::{Instance, Kind},
        recurrence::Recurrence,
        wire::{RangeKind, Response, Role, Sensitivity},
        zones::{Zone, ZonedTime},
    },
};

/// How the caller sees events of one mailbox.
#[derive(Debug, Clone)]
pub(crate) struct View {
    pub(crate) zone: Zone,
    text_bodies: bool,
    role: Role,
    /// Without bodies: only Calendars.ReadBasic was granted.
    basic: bool,
    owner: String,
    select: Select,
    /// A calendar view: two things differ there.
    windowed: bool,
    online_needs_flag: bool,
    base_url: String,
    expand: Vec<String>,
}

impl View {
    pub(crate) fn new(call: &Call<'_>, mailbox: &Mailbox, role: Role, online_needs_flag: bool) -> Result<Self> {
        let basic = !scopes::granted(call, scopes::CALENDARS_READ)
            && !scopes::granted(call, scopes::CALENDARS_READ_SHARED)
            && !scopes::granted(call, &["Group.Read.All", "Group.ReadWrite.All"]);
        let expand = call
            .option("$expand")
            .into_iter()
            .flat_map(|list| list.split(','))
            .map(|name| name.split('(').next().unwrap_or(name).trim().to_ascii_lowercase());
        Ok(Self {
            zone: call.zone()?,
            text_bodies: call.prefer.text_bodies == Some(true),
            role,
            basic,
            owner: mailbox.owner.address.clone(),
            select: Select::read(call),
            windowed: false,
            online_needs_flag,
            base_url: call.base_url.to_owned(),
            expand: expand.collect(),
        })
    }

    /// With bodies, whatever calendar scopes were granted: the event came with a message.
    pub(crate) fn with_bodies(self) -> Self {
        Self { basic: false, ..self }
    }

    /// The view of a span's instances.
    pub(crate) fn windowed(self) -> Self {
        Self { windowed: true, ..self }
    }

    /// Everything there is, in UTC, as the owner may see it.
    pub(crate) fn complete(mailbox: &Mailbox) -> Self {
        Self {
            zone: Zone::utc(),
            text_bodies: false,
            role: Role::DelegateWithPrivate,
            basic: false,
            owner: mailbox.owner.address.clone(),
            select: Select::of(&["cancelledOccurrences"]),
            windowed: false,
            online_needs_flag: false,
            base_url: String::new(),
            expand: vec!["attachments".to_owned(), "exceptionoccurrences".to_owned()],
        }
    }

    /// The same in UTC with everything in it, for filters.
    fn probing(&self) -> Self {
        Self { zone: Zone::utc(), windowed: false, ..self.clone() }
    }

    /// A wall time in the view's zone.
    pub(crate) fn time(&self, time: &ZonedTime, all_day: bool) -> Value {
        zoned(time, all_day, &self.zone)
    }
}

/// An event with the way it is seen.
#[derive(Debug, Clone)]
pub(crate) struct EventRow<'a> {
    pub(crate) view: &'a View,
    pub(crate) instance: Instance<'a>,
}

impl Row for EventRow<'_> {
    fn probe(&self) -> Value {
        render(&self.instance, &self.view.probing())
    }

    fn show(&self) -> Value {
        let mut value = render(&self.instance, self.view);
        let Some(members) = value.as_object_mut() else { return value };
        if self.view.windowed && !self.view.select.is_all() {
            // Documented: a calendar view does not select these two.
            members.shift_remove("createdDateTime");
            members.shift_remove("lastModifiedDateTime");
            if self.view.online_needs_flag && !self.view.select.names("isOnlineMeeting") {
                members.insert("onlineMeeting".to_owned(), Value::Null);
            }
        }
        value
    }
}

/// A UTC time as Outlook writes it, with seven digits.
pub(crate) fn utc(time: DateTime<Utc>) -> String {
    format!("{}0Z", time.format("%Y-%m-%dT%H:%M:%S%.6f"))
}

/// A time that may never have been: the year 1.
pub(crate) fn utc_or_never(time: Option<DateTime<Utc>>) -> String {
    time.map_or_else(|| "0001-01-01T00:00:00Z".to_owned(), |time| time.to_rfc3339_opts(SecondsFormat::Micros, true))
}

/// A dateTimeTimeZone in `zone`. All-day times float: their date is the same everywhere.
pub(crate) fn zoned(time: &ZonedTime, all_day: bool, zone: &Zone) -> Value {
    let local = if all_day { time.local } else { zone.local(time.instant()) };
    json!({ "dateTime": format!("{}0", local.format("%Y-%m-%dT%H:%M:%S%.6f")), "timeZone": zone.name })
}

/// An emailAddress.
pub(crate) fn address(address: &Address) -> Value {
    json!({ "name": address.name, "address": address.address })
}

/// The `@odata.etag` of a change.
pub(crate) fn etag(change: u64) -> String {
    format!("W/\"{}\"", ids::change_key(change))
}

/// A whole event.
pub(crate) fn render(instance: &Instance<'_>, view: &View) -> Value {
    let event = instance.event.as_ref();
    let id = instance.id();
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| {
        out.insert(name.to_owned(), value);
    };
    put("@odata.etag", etag(event.change).into());
    put("id", id.clone().into());
    put("createdDateTime", utc(event.created).into());
    put("lastModifiedDateTime", utc(event.modified).into());
    put("changeKey", ids::change_key(event.change).into());
    put("categories", json!(event.categories));
    put("originalStartTimeZone", event.start.zone.name.clone().into());
    put("originalEndTimeZone", event.end.zone.name.clone().into());
    let ical_uid = instance.series.map_or_else(|| event.ical_uid.clone(), |(_, date)| ids::occurrence_ical_uid(&event.ical_uid, date));
    put("iCalUId", ical_uid.into());
    put("reminderMinutesBeforeStart", event.reminder_minutes.into());
    put("isReminderOn", event.reminder_on.into());
    put("hasAttachments", event.attachments.iter().any(|attachment| !attachment.inline).into());
    put("hideAttendees", event.hide_attendees.into());
    let hidden = hidden(event, view.role);
    // Outlook's own word for what somebody else's private entry is called.
    put("subject", if hidden { "Private Appointment".into() } else { event.subject.clone().into() });
    let bodiless = hidden || view.basic || view.role == Role::LimitedRead;
    if !bodiless {
        put("bodyPreview", preview(&event.body).into());
    }
    put("importance", event.importance.as_str().into());
    put("sensitivity", event.sensitivity.as_str().into());
    put("isAllDay", event.all_day.into());
    put("isCancelled", event.cancelled.into());
    put("isDraft", false.into());
    put("isOrganizer", event.is_organizer.into());
    put("responseRequested", event.response_requested.into());
    put("seriesMasterId", instance.series.map_or(Value::Null, |(master, _)| master.into()));
    if let Some(transaction_id) = &event.transaction_id {
        put("transactionId", transaction_id.clone().into());
    }
    put("showAs", event.show_as.as_str().into());
    put("type", instance.kind.as_str().into());
    let item_id = id.replace('=', "%3D");
    put("webLink", format!("{}/owa/?itemid={item_id}&exvsurl=1&path=/calendar/item", view.base_url).into());
    put("onlineMeetingUrl", Value::Null);
    let online = event.online.as_ref().filter(|_| !hidden);
    put("isOnlineMeeting", online.is_some().into());
    put("onlineMeetingProvider", online.map_or("unknown", |online| online.provider.as_str()).into());
    put("allowNewTimeProposals", event.allow_new_time_proposals.into());
    put(
        "recurrence",
        event
            .recurrence
            .as_ref()
            .filter(|_| instance.kind == Kind::Master)
            .map_or(Value::Null, |recurrence| self::recurrence(recurrence, event)),
    );
    put("responseStatus", json!({ "response": event.response.as_str(), "time": utc_or_never(event.response_time) }));
    if !bodiless {
        put("body", body(&event.body, view.text_bodies));
    }
    put("start", view.time(&event.start, event.all_day));
    put("end", view.time(&event.end, event.all_day));
    let (location, locations) = places(event, hidden);
    put("location", location);
    put("locations", locations);
    put("attendees", if hidden || view.role == Role::LimitedRead { json!([]) } else { attendees(event, view) });
    put("organizer", json!({ "emailAddress": address(&event.organizer) }));
    let joined =
        online.map(|online| json!({ "joinUrl": online.join_url, "conferenceId": online.conference_id, "tollNumber": "+1 323-555-0166" }));
    put("onlineMeeting", joined.unwrap_or(Value::Null));
    if let Some(start) = instance.original_start {
        put("originalStart", start.to_rfc3339_opts(SecondsFormat::Secs, true).into());
    }
    // Documented: only when it is selected, of one series master.
    if view.select.names("cancelledOccurrences") && instance.kind == Kind::Master {
        let cancelled = event.cancelled_dates.iter().map(|date| format!("OID.{}.{date}", event.id));
        put("cancelledOccurrences", cancelled.collect::<Vec<_>>().into());
    }
    if view.expand.iter().any(|name| name == "attachments") && !bodiless {
        put("attachments", event.attachments.iter().map(attachment).collect::<Vec<_>>().into());
    }
    if view.expand.iter().any(|name| name == "exceptionoccurrences") && instance.kind == Kind::Master {
        let dates = event.exceptions.keys().filter_map(|date| crate::world::occurrences::on_date(event, *date));
        let plain = View { expand: Vec::new(), ..view.clone() };
        put("exceptionOccurrences", dates.map(|exception| render(&exception, &plain)).collect::<Vec<_>>().into());
    }
    Value::Object(out)
}

/// Whether the caller sees only that there is something.
fn hidden(event: &Event, role: Role) -> bool {
    let secret = matches!(event.sensitivity, Sensitivity::Private | Sensitivity::Confidential);
    secret && role != Role::DelegateWithPrivate
}

fn attendees(event: &Event, view: &View) -> Value {
    let me = |attendee: &&Attendee| attendee.email.address.eq_ignore_ascii_case(&view.owner);
    let shown = event.attendees.iter().filter(|attendee| event.is_organizer || !event.hide_attendees || me(attendee));
    let list = shown.map(|attendee| {
        // Unanswered is notResponded in one's own calendar and none in everybody else's.
        let response =
            if me(&attendee) && !event.is_organizer && attendee.response.is_open() { Response::NotResponded } else { attendee.response };
        let mut out = json!({
            "type": attendee.kind.as_str(),
            "status": { "response": response.as_str(), "time": utc_or_never(attendee.response_time) },
            "emailAddress": address(&attendee.email),
        });
        if let Some(proposal) = &attendee.proposal {
            out["proposedNewTime"] = json!({ "start": view.time(&proposal.start, false), "end": view.time(&proposal.end, false) });
        }
        out
    });
    list.collect::<Vec<_>>().into()
}

fn places(event: &Event, hidden: bool) -> (Value, Value) {
    if hidden || event.locations.is_empty() {
        return (
            json!({ "displayName": "", "locationType": "default", "uniqueIdType": "unknown", "address": {}, "coordinates": {} }),
            json!([]),
        );
    }
    let complete = |members: &Map<String, Value>, id_type: &str| {
        let mut out = members.clone();
        let name = out.get("displayName").cloned().unwrap_or_default();
        out.entry("locationType").or_insert_with(|| "default".into());
        out.entry("uniqueId").or_insert(name);
        out.insert("uniqueIdType".to_owned(), id_type.into());
        Value::Object(out)
    };
    let locations: Vec<Value> = event.locations.iter().map(|location| complete(location, "private")).collect();
    let location = match event.locations.as_slice() {
        [one] => complete(one, "private"),
        // Several are named together.
        _ => complete(&Map::from_iter([("displayName".to_owned(), event.location_name().into())]), "private"),
    };
    (location, locations.into())
}

/// A patternedRecurrence; members that the pattern does not use carry the documented fillers.
fn recurrence(recurrence: &Recurrence, event: &Event) -> Value {
    let (pattern, range) = (&recurrence.pattern, &recurrence.range);
    json!({
        "pattern": {
            "type": pattern.kind.as_str(),
            "interval": pattern.interval,
            "month": pattern.month,
            "dayOfMonth": pattern.day_of_month,
            "daysOfWeek": pattern.days_of_week.iter().map(|day| weekday_name(*day)).collect::<Vec<_>>(),
            "firstDayOfWeek": weekday_name(pattern.first_day_of_week),
            "index": pattern.index.as_str(),
        },
        "range": {
            "type": range.kind.as_str(),
            "startDate": range.start.to_string(),
            "endDate": range.end.filter(|_| range.kind == RangeKind::EndDate).map_or_else(|| "0001-01-01".to_owned(), |end| end.to_string()),
            "recurrenceTimeZone": range.zone.as_ref().unwrap_or(&event.start.zone.name),
            "numberOfOccurrences": range.count,
        },
    })
}

/// An attachment with its bytes.
pub(crate) fn attachment(attachment: &crate::world::event::Attachment) -> Value {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let modified = attachment.modified.to_rfc3339_opts(SecondsFormat::Secs, true);
    if let Some(item) = &attachment.item {
        return json!({
            "@odata.type": "#microsoft.graph.itemAttachment",
            "id": attachment.id,
            "lastModifiedDateTime": modified,
            "name": attachment.name,
            "contentType": null,
            "size": item.to_string().len(),
            "isInline": attachment.inline,
        });
    }
    json!({
        "@odata.type": "#microsoft.graph.fileAttachment",
        "@odata.mediaContentType": attachment.content_type,
        "id": attachment.id,
        "lastModifiedDateTime": modified,
        "name": attachment.name,
        "contentType": attachment.content_type,
        "size": attachment.content.len(),
        "isInline": attachment.inline,
        "contentId": attachment.content_id,
        "contentLocation": null,
        "contentBytes": STANDARD.encode(&attachment.content),
    })
}

/// A reminder, for `reminderView`.
pub(crate) fn reminder(instance: &Instance<'_>, view: &View) -> Value {
    let event = instance.event.as_ref();
    let fires = event.snoozed_until.unwrap_or_else(|| instance.span(&view.zone).0 - TimeDelta::minutes(event.reminder_minutes));
    let fire_time = ZonedTime { local: Zone::utc().local(fires), zone: Zone::utc() };
    json!({
        "eventId": instance.id(),
        "changeKey": ids::change_key(event.change),
        "eventSubject": event.subject,
        "eventWebLink": format!("{}/owa/?itemid={}&exvsurl=1&path=/calendar/item", view.base_url, instance.id().replace('=', "%3D")),
        "eventStartTime": view.time(&event.start, event.all_day),
        "eventEndTime": view.time(&event.end, event.all_day),
        "eventLocation": { "displayName": event.location_name() },
        "reminderFireTime": view.time(&fire_time, false),
    })
}
