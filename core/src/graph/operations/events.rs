//! Events: lists, one, writing, and what hangs on them. Sources: "List events", "List calendarView", "Get event", "Create event", "Update
//! event", "Delete event", "List instances", "List attachments", "reminderView" of Microsoft Graph v1.0. Answers to invitations are in
//! `answers`. Reading needs Calendars.Read, writing Calendars.ReadWrite.

use http::{Method, header};
use serde_json::Value;

use super::{Query, delete as delete_at, get as get_at, invalid, list as list_of, literal, pages};
use crate::Error;
use crate::graph::{
    Call, Page, Request, Safety,
    input::{event as check, object, text, window},
};
use crate::time::iso_utc;

pub(super) const READ: &str = "Calendars.Read";
pub(super) const WRITE: &str = "Calendars.ReadWrite";

/// What lists bring of an event: all that is small. The body comes with [`get`], or where `select` names it.
const EVENT: &str = "id,changeKey,iCalUId,transactionId,subject,bodyPreview,start,end,originalStartTimeZone,originalEndTimeZone,originalStart,\
                     isAllDay,isCancelled,isDraft,isOrganizer,isOnlineMeeting,onlineMeeting,onlineMeetingProvider,onlineMeetingUrl,location,\
                     locations,organizer,attendees,hideAttendees,showAs,sensitivity,importance,type,seriesMasterId,recurrence,categories,\
                     responseRequested,responseStatus,allowNewTimeProposals,reminderMinutesBeforeStart,isReminderOn,hasAttachments,webLink";
/// Attachments without their bytes.
const ATTACHMENT: &str = "id,name,contentType,size,isInline,lastModifiedDateTime";
const PAGE: &str = "100";

/// Which events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventQuery {
    /// An instant with an offset or `Z`. With both, what happens between them, series expanded; without, the stored events.
    pub start: Option<String>,
    /// Likewise.
    pub end: Option<String>,
    /// A calendar's id; the default calendar where there is none.
    pub calendar: Option<String>,
    /// With `calendar`, the calendar group that it lies in; alone, a Microsoft 365 group whose calendar is meant (Group.Read.All).
    pub group: Option<String>,
    /// `filter`, `order_by`, `top` to 1000.
    pub list: Query,
}

/// Events of a calendar or of a time.
pub fn list(query: &EventQuery) -> Result<Call<Page<Value>>, Error> {
    let mut segments = match (query.calendar.as_deref(), query.group.as_deref()) {
        (Some(calendar), Some(group)) => vec!["calendarGroups", group, "calendars", calendar],
        (Some(calendar), None) => vec!["calendars", calendar],
        (None, Some(group)) => vec!["groups", group],
        (None, None) => Vec::new(),
    };
    let times = match (query.start.as_deref(), query.end.as_deref()) {
        (Some(start), Some(end)) => Some(window(start, end)?),
        (None, None) => None,
        (Some(_), None) => return Err(invalid("end", "is needed beside `start`.")),
        (None, Some(_)) => return Err(invalid("start", "is needed beside `end`.")),
    };
    segments.push(if times.is_some() { "calendarView" } else { "events" });
    let mut request = if query.group.is_some() && query.calendar.is_none() {
        super::select_of(Request::root(Method::GET, &segments, "Group.Read.All"), EVENT)
    } else {
        list_of(&segments, EVENT, READ)
    };
    if let Some((start, end)) = times {
        request = request.query("startDateTime", iso_utc(start)).query("endDateTime", iso_utc(end));
    }
    query.list.apply(request, 1000, PAGE).map(pages)
}

/// One event whole.
#[must_use]
pub fn get(id: &str) -> Call<Value> {
    get_at(&["events", id], READ)
}

/// The event that has this `iCalUId`, under whatever id it has now: ids change when an event moves to another calendar.
#[must_use]
pub fn with_ical_uid(uid: &str) -> Call<Page<Value>> {
    pages(list_of(&["events"], EVENT, READ).query("$filter", ["iCalUId eq ", &literal(uid)].concat()).query("$top", "2"))
}

/// A new event; needs `start` and `end`. `transaction_id` is what Graph recognizes a repetition by, unless the body has one of its own.
pub fn create(body: Value, calendar: Option<&str>, transaction_id: &str) -> Result<Call<Value>, Error> {
    let mut body = object(body, "body")?;
    check(&body, true)?;
    if body.get("transactionId").and_then(Value::as_str).is_none_or(str::is_empty) {
        body.insert("transactionId".into(), text(transaction_id, "transactionId")?.into());
    }
    let mut segments = calendar.map_or_else(Vec::new, |id| vec!["calendars", id]);
    segments.push("events");
    Ok(Call::of(Request::mailbox(Method::POST, &segments, WRITE).body(Value::Object(body), Safety::Once)))
}

/// Other values for the members in `body`. With `etag` it fails with `precondition-failed` where the event has changed since.
pub fn update(id: &str, body: Value, etag: Option<&str>) -> Result<Call<Value>, Error> {
    let body = object(body, "body")?;
    check(&body, false)?;
    let request = Request::mailbox(Method::PATCH, &["events", id], WRITE).body(Value::Object(body), Safety::Idempotent);
    Ok(Call::of(if_match(request, etag)?))
}

/// An end; the organizer's sends cancellations. What is gone already counts as deleted.
pub fn delete(id: &str, etag: Option<&str>) -> Result<Call<Value>, Error> {
    let mut call = delete_at(&["events", id], WRITE);
    call.request = if_match(call.request, etag)?;
    Ok(call)
}

/// The occurrences and exceptions of a series between two instants.
pub fn instances(id: &str, start: &str, end: &str) -> Result<Call<Page<Value>>, Error> {
    let (start, end) = window(start, end)?;
    let request = list_of(&["events", id, "instances"], EVENT, READ)
        .query("startDateTime", iso_utc(start))
        .query("endDateTime", iso_utc(end))
        .query("$top", PAGE);
    Ok(pages(request))
}

/// The reminders that fire between two instants.
pub fn reminders(start: &str, end: &str) -> Result<Call<Page<Value>>, Error> {
    let (start, end) = window(start, end)?;
    let mut path = String::from("/me/reminderView(startDateTime='");
    path.push_str(&[&iso_utc(start), "',endDateTime='", &iso_utc(end), "')"].concat());
    let mut request = Request::new(Method::GET, crate::graph::Target::Path(path));
    request.scopes.push(READ.into());
    Ok(pages(request))
}

/// What is attached, without its bytes.
#[must_use]
pub fn attachments(id: &str) -> Call<Page<Value>> {
    pages(list_of(&["events", id, "attachments"], ATTACHMENT, READ).timeless())
}

/// One attachment with its bytes (`contentBytes`, base64).
#[must_use]
pub fn attachment(id: &str, attachment: &str) -> Call<Value> {
    let mut call = get_at(&["events", id, "attachments", attachment], READ);
    call.request = call.request.timeless();
    call
}

/// A file attached by one request, at most 3 MB ("Add attachment"); larger ones go up by `files::attachment_session`.
pub fn attach(id: &str, body: Value) -> Result<Call<Value>, Error> {
    super::create(&["events", id, "attachments"], body, WRITE)
}

fn if_match(request: Request, etag: Option<&str>) -> Result<Request, Error> {
    match etag {
        Some(etag) => request.header(header::IF_MATCH, text(etag, "etag")?),
        None => Ok(request),
    }
}
