//! Messages and folders as JSON, meeting messages among them. Owns every member.

use chrono::SecondsFormat;
use serde_json::{Map, Value, json};

use crate::{
    graph::{
        access::{self, Owner},
        error::Result,
        events::render::{self, View, address, attachment, body, etag, plain, preview, zoned},
        odata::{Row, Select},
        request::Call,
        scopes,
    },
    world::{
        World,
        event::Address,
        ids,
        mail::{Folder, MailStore, MeetingInfo, MeetingKind, Message},
        mailbox::Found,
        wire::{Response, Role},
        zones::Zone,
    },
};

/// A rendered message.
pub(crate) struct MessageRow {
    pub(crate) id: String,
    pub(crate) change: u64,
    value: Value,
}

impl Row for MessageRow {
    fn probe(&self) -> Value {
        self.value.clone()
    }

    fn show(&self) -> Value {
        self.value.clone()
    }
}

impl MessageRow {
    pub(crate) fn new(world: &World, call: &Call<'_>, owner: &Owner, message: &Message) -> Result<Self> {
        let zone = call.zone()?;
        let id = if call.prefer.immutable_ids { message.id.clone() } else { message.regular_id() };
        let mut value = message_json(call, message, &id, &zone);
        let expands = |name: &str| call.option("$expand").is_some_and(|list| list.to_lowercase().contains(name));
        if expands("attachments") {
            value["attachments"] = message.attachments.iter().map(attachment).collect::<Vec<_>>().into();
        }
        // `$expand=microsoft.graph.eventMessage/event`
        if expands("eventmessage/event") && message.meeting.is_some() {
            value["event"] = event_of(world, call, owner, message)?.unwrap_or(Value::Null);
        }
        Ok(Self { id, change: message.change, value })
    }
}

fn message_json(call: &Call<'_>, message: &Message, id: &str, zone: &Zone) -> Value {
    let time = |time: chrono::DateTime<chrono::Utc>| time.to_rfc3339_opts(SecondsFormat::Secs, true);
    let recipient = |email: &Address| json!({ "emailAddress": address(email) });
    let recipients = |list: &[Address]| list.iter().map(recipient).collect::<Vec<_>>();
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| {
        out.insert(name.to_owned(), value);
    };
    if let Some(meeting) = &message.meeting {
        put("@odata.type", kind(meeting).into());
    }
    put("@odata.etag", etag(message.change).into());
    put("id", id.into());
    put("createdDateTime", time(message.created).into());
    put("lastModifiedDateTime", time(message.modified).into());
    put("changeKey", ids::change_key(message.change).into());
    put("categories", json!(message.categories));
    put("receivedDateTime", time(message.received).into());
    put("sentDateTime", time(message.sent).into());
    put("hasAttachments", message.attachments.iter().any(|attachment| !attachment.inline).into());
    put("internetMessageId", message.internet_message_id.clone().into());
    put("subject", message.subject.clone().into());
    let with_body = scopes::granted(call, &["Mail.Read", "Mail.ReadWrite"]);
    if with_body {
        put("bodyPreview", preview(&message.body).into());
    }
    put("importance", message.importance.as_str().into());
    put("parentFolderId", message.folder_id.clone().into());
    put("conversationId", message.conversation.clone().into());
    put("conversationIndex", conversation_index(message).into());
    put("isDeliveryReceiptRequested", false.into());
    put("isReadReceiptRequested", false.into());
    put("isRead", message.is_read.into());
    put("isDraft", message.is_draft.into());
    put("webLink", format!("{}/owa/?ItemID={}&exvsurl=1&viewmodel=ReadMessageItem", call.base_url, id.replace('=', "%3D")).into());
    put("inferenceClassification", "focused".into());
    if with_body {
        put("body", body(&message.body, call.prefer.text_bodies == Some(true)));
        // No message here quotes another, so that all of it is unique.
        if Select::read(call).names("uniqueBody") {
            put("uniqueBody", body(&message.body, call.prefer.text_bodies == Some(true)));
        }
    }
    put("sender", recipient(&message.from));
    put("from", recipient(&message.from));
    put("toRecipients", recipients(&message.to).into());
    put("ccRecipients", recipients(&message.cc).into());
    put("bccRecipients", recipients(&message.bcc).into());
    put("replyTo", recipients(&message.reply_to).into());
    put("flag", message.flag.clone().unwrap_or_else(|| json!({ "flagStatus": "notFlagged" })));
    // Documented: only where it is selected.
    if Select::read(call).names("internetMessageHeaders") {
        let headers = message.headers.iter().map(|(name, value)| json!({ "name": name, "value": value }));
        put("internetMessageHeaders", headers.collect::<Vec<_>>().into());
    }
    let mut value = Value::Object(out);
    if let (Some(meeting), Some(members)) = (&message.meeting, value.as_object_mut()) {
        members.extend(meeting_json(meeting, zone));
    }
    value
}

fn kind(meeting: &MeetingInfo) -> &'static str {
    match meeting.kind {
        MeetingKind::Request { .. } => "#microsoft.graph.eventMessageRequest",
        MeetingKind::Cancellation => "#microsoft.graph.eventMessage",
        MeetingKind::Answer { .. } => "#microsoft.graph.eventMessageResponse",
    }
}

fn meeting_json(meeting: &MeetingInfo, zone: &Zone) -> Map<String, Value> {
    let mut out = Map::new();
    let message_type = match &meeting.kind {
        MeetingKind::Request { .. } => "meetingRequest",
        MeetingKind::Cancellation => "meetingCancelled",
        MeetingKind::Answer { response: Response::Accepted, .. } => "meetingAccepted",
        MeetingKind::Answer { response: Response::Declined, .. } => "meetingDeclined",
        // The misspelling is the metadata's.
        MeetingKind::Answer { .. } => "meetingTenativelyAccepted",
    };
    out.insert("meetingMessageType".to_owned(), message_type.into());
    out.insert("type".to_owned(), if meeting.date.is_some() { "occurrence" } else { "singleInstance" }.into());
    out.insert("isOutOfDate".to_owned(), false.into());
    out.insert("isAllDay".to_owned(), meeting.all_day.into());
    out.insert("isDelegated".to_owned(), false.into());
    out.insert("startDateTime".to_owned(), zoned(&meeting.start, meeting.all_day, zone));
    out.insert("endDateTime".to_owned(), zoned(&meeting.end, meeting.all_day, zone));
    out.insert("location".to_owned(), json!({ "displayName": meeting.location, "locationType": "default", "uniqueIdType": "unknown" }));
    match &meeting.kind {
        MeetingKind::Request { update } => {
            out.insert("responseRequested".to_owned(), true.into());
            out.insert("allowNewTimeProposals".to_owned(), true.into());
            out.insert("meetingRequestType".to_owned(), if *update { "fullUpdate" } else { "newMeetingRequest" }.into());
        }
        MeetingKind::Answer { response, proposal } => {
            out.insert("responseType".to_owned(), response.as_str().into());
            let proposal = proposal
                .as_ref()
                .map(|proposal| json!({ "start": zoned(&proposal.start, false, zone), "end": zoned(&proposal.end, false, zone) }));
            out.insert("proposedNewTime".to_owned(), proposal.unwrap_or(Value::Null));
        }
        MeetingKind::Cancellation => {}
    }
    out
}

/// The event in this mailbox that a meeting message is about.
pub(crate) fn event_of(world: &World, call: &Call<'_>, owner: &Owner, message: &Message) -> Result<Option<Value>> {
    let mailbox = access::mailbox(world, owner)?;
    let Some(meeting) = &message.meeting else { return Ok(None) };
    let Some(index) = mailbox.events.iter().position(|event| event.ical_uid == meeting.ical_uid) else { return Ok(None) };
    let view = View::new(call, mailbox, Role::DelegateWithPrivate, false)?;
    let series = mailbox.events.get(index).is_some_and(|event| event.recurrence.is_some());
    let instance = mailbox.instance(Found { index, date: meeting.date.filter(|_| series) });
    Ok(instance.map(|instance| render::render(&instance, &view.with_bodies())))
}

/// What `$search` looks through.
pub(crate) fn text_of(message: &Message) -> String {
    let people = std::iter::once(&message.from).chain(&message.to).chain(&message.cc);
    let people: Vec<String> = people.map(|person| format!("{} {}", person.name, person.address)).collect();
    format!("{} {} {}", message.subject, plain(&message.body), people.join(" ")).to_lowercase()
}

/// Exchange's position in a conversation ([MS-OXOMSG] 2.2.1.3): a reserved byte, the time as the first five bytes of a FILETIME, and the
/// conversation's sixteen bytes.
fn conversation_index(message: &Message) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let filetime = (message.sent.timestamp() + 11_644_473_600).unsigned_abs() * 10_000_000;
    let conversation = uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, message.conversation.as_bytes());
    let time = filetime.to_be_bytes();
    STANDARD.encode([&[1], time.get(1..6).unwrap_or_default(), conversation.as_bytes()].concat())
}

/// A mailFolder. A search folder's counts are those of its sources: what it finds is known only when somebody asks for it.
pub(crate) fn folder(folder: &Folder, store: &MailStore) -> Value {
    let inside = || store.messages.iter().filter(|message| message.folder_id == folder.id);
    let mut out = json!({
        "id": folder.id,
        "displayName": folder.display_name,
        "parentFolderId": folder.parent_id,
        "childFolderCount": store.folders.iter().filter(|other| other.parent_id == folder.id).count(),
        "unreadItemCount": inside().filter(|message| !message.is_read).count(),
        "totalItemCount": inside().count(),
        "isHidden": false,
    });
    if let Some(search) = &folder.search {
        out["@odata.type"] = "#microsoft.graph.mailSearchFolder".into();
        out["isSupported"] = true.into();
        out["includeNestedFolders"] = search.nested.into();
        out["sourceFolderIds"] = json!(search.sources);
        out["filterQuery"] = search.filter.clone().into();
    }
    out
}
