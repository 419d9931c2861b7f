//! What is done to an event by its people: answering, cancelling, forwarding, reminders. Sources: "event: accept", "tentativelyAccept",
//! "decline", "cancel", "forward", "snoozeReminder", "dismissReminder" of Microsoft Graph v1.0. Forwarding needs Calendars.Read, all else
//! Calendars.ReadWrite.

use serde_json::{Map, Value};

use super::{act, events::READ, events::WRITE, invalid};
use crate::graph::{
    Call, Safety,
    input::{date_time, text},
};
use crate::{Error, model::DateTimeTimeZone, model::EventResponse};

/// How an invitation is answered.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AnswerOptions {
    /// A word to the organizer.
    pub comment: String,
    /// Whether the organizer gets a mail; yes where it is not said.
    pub send_response: Option<bool>,
    /// `{start, end}`, each a `dateTimeTimeZone`.
    pub proposed_new_time: Option<Value>,
}

/// Answers an invitation. `response` is `accept`, `tentativelyAccept` or `decline`; only the latter two can propose another time, and only
/// where the organizer gets a mail.
pub fn respond(id: &str, response: &str, options: &AnswerOptions) -> Result<Call<Value>, Error> {
    let known = [EventResponse::Accept, EventResponse::TentativelyAccept, EventResponse::Decline];
    let Some(response) = known.into_iter().find(|known| known.as_str() == response) else {
        return Err(invalid("response", "must be accept, tentativelyAccept or decline."));
    };
    let send = options.send_response.unwrap_or(true);
    let mut body = commented(&options.comment);
    // Said always: Graph's documentation and its schema disagree about the default.
    body.insert("sendResponse".into(), send.into());
    if let Some(slot) = &options.proposed_new_time {
        if response == EventResponse::Accept {
            return Err(invalid("proposedNewTime", "goes with tentativelyAccept or decline, not with accept."));
        }
        if !send {
            return Err(invalid("proposedNewTime", "needs `sendResponse`: the organizer learns of it by mail."));
        }
        let mut times = Map::new();
        times.insert("start".into(), date_time(slot.get("start"), "proposedNewTime.start")?.to_json());
        times.insert("end".into(), date_time(slot.get("end"), "proposedNewTime.end")?.to_json());
        body.insert("proposedNewTime".into(), Value::Object(times));
    }
    Ok(act(&["events", id, response.as_str()], Some(Value::Object(body)), Safety::Never, WRITE))
}

/// Cancels a meeting as its organizer.
#[must_use]
pub fn cancel(id: &str, comment: &str) -> Call<Value> {
    act(&["events", id, "cancel"], Some(Value::Object(commented(comment))), Safety::Never, WRITE)
}

/// Sends an event on to these SMTP addresses.
pub fn forward(id: &str, to: &[String], comment: &str) -> Result<Call<Value>, Error> {
    let mut body = commented(comment);
    body.insert("toRecipients".into(), recipients(to)?);
    Ok(act(&["events", id, "forward"], Some(Value::Object(body)), Safety::Never, READ))
}

/// Reminds again at that time.
pub fn snooze(id: &str, until: &DateTimeTimeZone) -> Result<Call<Value>, Error> {
    let until = date_time(Some(&until.to_json()), "until")?;
    let mut body = Map::new();
    body.insert("newReminderTime".into(), until.to_json());
    Ok(act(&["events", id, "snoozeReminder"], Some(Value::Object(body)), Safety::Idempotent, WRITE))
}

/// Reminds no more.
#[must_use]
pub fn dismiss(id: &str) -> Call<Value> {
    act(&["events", id, "dismissReminder"], None, Safety::Idempotent, WRITE)
}

/// A body that holds a comment, if there is one.
pub(super) fn commented(comment: &str) -> Map<String, Value> {
    let mut body = Map::new();
    if !comment.is_empty() {
        body.insert("comment".into(), comment.into());
    }
    body
}

/// Addresses as Graph takes them.
fn recipients(to: &[String]) -> Result<Value, Error> {
    if to.is_empty() {
        return Err(invalid("to", "must name at least one address."));
    }
    let recipient = |address: &String| -> Result<Value, Error> {
        let mut email = Map::new();
        email.insert("address".into(), text(address, "to")?.trim().into());
        let mut recipient = Map::new();
        recipient.insert("emailAddress".into(), Value::Object(email));
        Ok(Value::Object(recipient))
    };
    to.iter().map(recipient).collect()
}
