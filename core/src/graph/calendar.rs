//! Calendars and events: the view, one event, writing, answering. Source: Microsoft Graph v1.0, "Outlook calendar".

use chrono::{DateTime, Utc};
use http::{Method, header};
use serde_json::{Map, Value};

use super::{Answer, Call, Expect, Page, Request, Safety, paging::page};
use crate::Error;
use crate::model::{Calendar, DateTimeTimeZone, Event, EventDraft, EventResponse};
use crate::time::iso_utc;

const READ: &str = "Calendars.Read";
const WRITE: &str = "Calendars.ReadWrite";

/// What the calendar shows of an event. `onlineMeeting` comes only together with `isOnlineMeeting`.
const VIEW: &str = "subject,start,end,isAllDay,location,showAs,sensitivity,type,seriesMasterId,isCancelled,isOrganizer,responseRequested,\
                    responseStatus,allowNewTimeProposals,organizer,attendees,bodyPreview,isOnlineMeeting,onlineMeeting,iCalUId,webLink,\
                    categories,hasAttachments";

/// Graph's own page is 10 events; with 250 a busy month is one or two pages, and far from the size at which it times out.
const VIEW_PAGE: &str = "250";

/// Another time that an attendee proposes with a tentative or negative answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Start.
    pub start: DateTimeTimeZone,
    /// End, exclusive.
    pub end: DateTimeTimeZone,
}

/// The mailbox's calendars, those shared into it included.
#[must_use]
pub fn calendars() -> Call<Page<Calendar>> {
    let request = Request::mailbox(Method::GET, &["calendars"], READ)
        .query("$select", "name,color,hexColor,isDefaultCalendar,canEdit,canViewPrivateItems,owner,allowedOnlineMeetingProviders,defaultOnlineMeetingProvider")
        .query("$top", "100")
        .timeless();
    Call::new(request, |answer| page(answer, Calendar::from_json))
}

/// What happens between two instants, series expanded, ordered by start. `calendar`: one calendar's id, or `None` for the default one.
///
/// All-day events match as if their days were UTC days: ask for a day more on each side and filter by date.
#[must_use]
pub fn calendar_view(calendar: Option<&str>, start: DateTime<Utc>, end: DateTime<Utc>) -> Call<Page<Event>> {
    let mut segments = in_calendar(calendar);
    segments.push("calendarView");
    let request = Request::mailbox(Method::GET, &segments, READ)
        .query("startDateTime", iso_utc(start))
        .query("endDateTime", iso_utc(end))
        .query("$select", VIEW)
        .query("$orderby", "start/dateTime")
        .query("$top", VIEW_PAGE);
    Call::new(request, |answer| page(answer, Event::from_json))
}

/// One event whole, its body as plain text.
#[must_use]
pub fn event(id: &str) -> Call<Event> {
    let mut request = Request::mailbox(Method::GET, &["events", id], READ);
    request.prefer.text_body = true;
    Call::new(request, read_event)
}

/// Books. The draft's `transaction_id` lets Graph recognize a repetition, so it may be sent again after any failure.
#[must_use]
pub fn create_event(draft: &EventDraft, calendar: Option<&str>) -> Call<Event> {
    let mut segments = in_calendar(calendar);
    segments.push("events");
    let safety = if draft.transaction_id.is_empty() { Safety::Never } else { Safety::Once };
    let mut request = Request::mailbox(Method::POST, &segments, WRITE).body(draft.to_json(), safety);
    request.prefer.text_body = true;
    Call::new(request, read_event)
}

/// Changes an event. `changes` holds the changed members only, as [`EventDraft::changes_from`] gives them. With `etag`, it fails with
/// `precondition-failed` if the event has changed since it was read. An etag that HTTP cannot carry is `invalid-request`.
pub fn update_event(id: &str, etag: Option<&str>, changes: Map<String, Value>) -> Result<Call<Event>, Error> {
    let mut request =
        Request::mailbox(Method::PATCH, &["events", id], WRITE).body(Value::Object(changes), Safety::Idempotent).if_match(etag)?;
    request.prefer.text_body = true;
    Ok(Call::new(request, read_event))
}

/// Deletes an event; the organizer's deletion sends cancellations. One that is gone already counts as deleted.
pub fn delete_event(id: &str, etag: Option<&str>) -> Result<Call<()>, Error> {
    let mut request = Request::mailbox(Method::DELETE, &["events", id], WRITE).timeless().if_match(etag)?;
    request.safety = Safety::Idempotent;
    request.expect = Expect::Gone;
    Ok(Call::new(request, nothing))
}

/// Answers an invitation. `send`: whether the organizer gets a mail; a proposal needs one.
#[must_use]
pub fn respond(id: &str, response: EventResponse, comment: &str, send: bool, proposal: Option<&Proposal>) -> Call<()> {
    let mut body = Map::new();
    if !comment.is_empty() {
        body.insert("comment".into(), comment.into());
    }
    // Said always: Graph's documentation and its schema disagree about the default.
    body.insert("sendResponse".into(), send.into());
    if let Some(proposal) = proposal.filter(|_| response != EventResponse::Accept) {
        let mut slot = Map::new();
        slot.insert("start".into(), proposal.start.to_json());
        slot.insert("end".into(), proposal.end.to_json());
        body.insert("proposedNewTime".into(), Value::Object(slot));
    }
    let mut request =
        Request::mailbox(Method::POST, &["events", id, response.as_str()], WRITE).body(Value::Object(body), Safety::Never).timeless();
    request.expect = Expect::Nothing;
    Call::new(request, nothing)
}

/// Cancels a meeting as its organizer, with a word to the attendees.
#[must_use]
pub fn cancel_event(id: &str, comment: &str) -> Call<()> {
    let mut body = Map::new();
    body.insert("comment".into(), comment.into());
    let mut request = Request::mailbox(Method::POST, &["events", id, "cancel"], WRITE).body(Value::Object(body), Safety::Never).timeless();
    request.expect = Expect::Nothing;
    Call::new(request, nothing)
}

fn in_calendar(calendar: Option<&str>) -> Vec<&str> {
    calendar.map_or_else(Vec::new, |id| vec!["calendars", id])
}

fn read_event(answer: Answer) -> Result<Event, Error> {
    Event::from_json(answer.body).ok_or_else(|| super::errors::unreadable("Graph's answer is not an event."))
}

fn nothing(_: Answer) -> Result<(), Error> {
    Ok(())
}

impl Request {
    fn if_match(self, etag: Option<&str>) -> Result<Self, Error> {
        match etag {
            Some(etag) => self.header(header::IF_MATCH, etag),
            None => Ok(self),
        }
    }
}
