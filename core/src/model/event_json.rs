//! Reading and writing of events. Owns tolerance on the way in and strictness on the way out; leaves the structures to `event`.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{
    Attendee, AttendeeKind, BODY_LIMIT, DateTimeTimeZone, EmailAddress, Event, EventDraft, EventResponse, EventType, Response, Sensitivity,
    ShowAs,
    read::{clip, https, some_text, take_flag, take_text, text, words},
};

words!(AttendeeKind { Required = "required", Optional = "optional", Resource = "resource" });
words!(Response {
    None = "none",
    Organizer = "organizer",
    TentativelyAccepted = "tentativelyAccepted",
    Accepted = "accepted",
    Declined = "declined",
    NotResponded = "notResponded",
});
words!(ShowAs {
    Free = "free",
    Tentative = "tentative",
    Busy = "busy",
    Oof = "oof",
    WorkingElsewhere = "workingElsewhere",
    Unknown = "unknown",
});
words!(Sensitivity { Normal = "normal", Personal = "personal", Private = "private", Confidential = "confidential" });
words!(EventType { SingleInstance = "singleInstance", Occurrence = "occurrence", Exception = "exception", SeriesMaster = "seriesMaster" });

impl Event {
    /// Reads `event`; `None` where there is no object.
    #[must_use]
    pub fn from_json(value: Value) -> Option<Self> {
        let Value::Object(mut object) = value else { return None };
        let organizer = object.get("organizer").and_then(|organizer| EmailAddress::from_json(organizer.get("emailAddress")));
        let attendees = attendees(object.remove("attendees"), organizer.as_ref());
        let location = object.get("location").and_then(|location| text(location.get("displayName"))).unwrap_or_default();
        let body_text = body_text(&mut object);
        let online = object.get("onlineMeeting").and_then(|meeting| https(meeting.get("joinUrl")));
        let join_url = online.or_else(|| https(object.get("onlineMeetingUrl")));
        let web_link = https(object.get("webLink"));
        let response = Response::from_member(object.get("responseStatus").and_then(|status| status.get("response")));
        let (start, end) = (DateTimeTimeZone::from_json(object.get("start")), DateTimeTimeZone::from_json(object.get("end")));
        let show_as = ShowAs::from_member(object.get("showAs"));
        let sensitivity = Sensitivity::from_member(object.get("sensitivity"));
        let kind = EventType::from_member(object.get("type"));
        for name in ["organizer", "start", "end", "showAs", "sensitivity", "type", "responseStatus", "webLink"] {
            object.remove(name);
        }
        Some(Self {
            id: take_text(&mut object, "id").unwrap_or_default(),
            etag: take_text(&mut object, "@odata.etag").filter(|etag| !etag.is_empty()),
            ical_uid: take_text(&mut object, "iCalUId").filter(|uid| !uid.is_empty()),
            subject: take_text(&mut object, "subject").unwrap_or_default(),
            start,
            end,
            is_all_day: take_flag(&mut object, "isAllDay").unwrap_or_default(),
            location,
            show_as,
            sensitivity,
            kind,
            series_master_id: take_text(&mut object, "seriesMasterId").filter(|id| !id.is_empty()),
            is_cancelled: take_flag(&mut object, "isCancelled").unwrap_or_default(),
            is_organizer: take_flag(&mut object, "isOrganizer").unwrap_or_default(),
            response_requested: take_flag(&mut object, "responseRequested").unwrap_or(true),
            allow_new_time_proposals: take_flag(&mut object, "allowNewTimeProposals").unwrap_or(true),
            response,
            organizer,
            attendees,
            body_text,
            join_url,
            web_link,
            other: object,
        })
    }
}

/// The plain body where there is one, else the preview. HTML stays in `other`: it must not be shown as text, nor as itself.
fn body_text(object: &mut Map<String, Value>) -> String {
    let preview = take_text(object, "bodyPreview").unwrap_or_default();
    let body = object.get("body");
    let is_text =
        body.and_then(|body| body.get("contentType")).and_then(Value::as_str).is_some_and(|kind| kind.eq_ignore_ascii_case("text"));
    let content = body.filter(|_| is_text).and_then(|body| text(body.get("content")));
    if content.is_some() {
        object.remove("body");
    }
    clip(content.unwrap_or(preview), BODY_LIMIT)
}

/// Everybody once, whatever the case of their address; the organizer is told apart.
fn attendees(value: Option<Value>, organizer: Option<&EmailAddress>) -> Vec<Attendee> {
    let Some(Value::Array(entries)) = value else { return Vec::new() };
    let mut seen: HashSet<String> = organizer.map(|organizer| organizer.address.to_ascii_lowercase()).into_iter().collect();
    let mut read: Vec<Attendee> = entries.into_iter().filter_map(Attendee::from_json).collect();
    read.retain(|attendee| attendee.email.address.is_empty() || seen.insert(attendee.email.address.to_ascii_lowercase()));
    read
}

impl Attendee {
    /// Reads `attendee`; `None` where there is no object.
    #[must_use]
    pub fn from_json(value: Value) -> Option<Self> {
        let Value::Object(mut object) = value else { return None };
        let read = Self {
            email: EmailAddress::from_json(object.get("emailAddress")).unwrap_or_default(),
            kind: AttendeeKind::from_member(object.get("type")),
            response: Response::from_member(object.get("status").and_then(|status| status.get("response"))),
            other: Map::new(),
        };
        for name in ["emailAddress", "type", "status"] {
            object.remove(name);
        }
        Some(Self { other: object, ..read })
    }

    /// As Graph takes it: who and in which role; answers are the server's.
    fn to_json(&self) -> Value {
        let mut email = Map::new();
        email.insert("address".into(), self.email.address.as_str().into());
        if !self.email.name.is_empty() {
            email.insert("name".into(), self.email.name.as_str().into());
        }
        let mut object = Map::new();
        object.insert("emailAddress".into(), Value::Object(email));
        object.insert("type".into(), self.kind.as_word().into());
        Value::Object(object)
    }
}

impl EmailAddress {
    /// Reads `emailAddress`; `None` where there is neither a name nor an address.
    #[must_use]
    pub fn from_json(value: Option<&Value>) -> Option<Self> {
        let value = value?;
        let address = text(value.get("address")).unwrap_or_default();
        let name = some_text(value.get("name")).unwrap_or_else(|| address.clone());
        (!name.is_empty()).then_some(Self { name, address })
    }
}

impl DateTimeTimeZone {
    /// Reads `dateTimeTimeZone`; empty where there is none.
    #[must_use]
    pub fn from_json(value: Option<&Value>) -> Self {
        let member = |name| text(value.and_then(|value| value.get(name))).unwrap_or_default();
        Self { date_time: member("dateTime"), time_zone: member("timeZone") }
    }

    /// As Graph writes it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut object = Map::new();
        object.insert("dateTime".into(), self.date_time.as_str().into());
        object.insert("timeZone".into(), self.time_zone.as_str().into());
        Value::Object(object)
    }
}

impl EventResponse {
    /// Graph's action.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::TentativelyAccept => "tentativelyAccept",
            Self::Decline => "decline",
        }
    }
}

impl EventDraft {
    /// The draft of a change to an event that was read with its whole body.
    #[must_use]
    pub fn of(event: &Event) -> Self {
        Self {
            transaction_id: String::new(),
            subject: event.subject.clone(),
            location: event.location.clone(),
            body_text: event.body_text.clone(),
            start: event.start.clone(),
            end: event.end.clone(),
            attendees: event.attendees.clone(),
        }
    }

    /// The whole of a new event, as Graph takes it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut object = Map::new();
        if !self.transaction_id.is_empty() {
            object.insert("transactionId".into(), self.transaction_id.as_str().into());
        }
        object.insert("subject".into(), self.subject.as_str().into());
        object.insert("start".into(), self.start.to_json());
        object.insert("end".into(), self.end.to_json());
        if !self.body_text.is_empty() {
            object.insert("body".into(), self.body());
        }
        if !self.location.is_empty() {
            object.insert("location".into(), self.place());
        }
        if !self.attendees.is_empty() {
            object.insert("attendees".into(), self.people());
        }
        Value::Object(object)
    }

    /// Only the members in which this draft differs from the event. Start and end go together, since each is checked against the other.
    #[must_use]
    pub fn changes_from(&self, event: &Event) -> Map<String, Value> {
        let mut changes = Map::new();
        if self.subject != event.subject {
            changes.insert("subject".into(), self.subject.as_str().into());
        }
        if self.start != event.start || self.end != event.end {
            changes.insert("start".into(), self.start.to_json());
            changes.insert("end".into(), self.end.to_json());
        }
        if lines(&self.body_text) != lines(&event.body_text) {
            changes.insert("body".into(), self.body());
        }
        if self.location != event.location {
            changes.insert("location".into(), self.place());
        }
        if roles(&self.attendees) != roles(&event.attendees) {
            changes.insert("attendees".into(), self.people());
        }
        changes
    }

    fn body(&self) -> Value {
        let mut body = Map::new();
        body.insert("contentType".into(), "text".into());
        body.insert("content".into(), self.body_text.as_str().into());
        Value::Object(body)
    }

    fn place(&self) -> Value {
        let mut place = Map::new();
        place.insert("displayName".into(), self.location.as_str().into());
        Value::Object(place)
    }

    fn people(&self) -> Value {
        Value::Array(self.attendees.iter().map(Attendee::to_json).collect())
    }
}

/// A text box gives other line ends than Graph; that alone is no change.
fn lines(text: &str) -> Vec<&str> {
    text.trim_end().lines().collect()
}

/// Who comes in which role, whatever the order.
fn roles(attendees: &[Attendee]) -> HashSet<String> {
    attendees.iter().map(|attendee| [&attendee.email.address.to_ascii_lowercase(), " ", attendee.kind.as_word()].concat()).collect()
}
