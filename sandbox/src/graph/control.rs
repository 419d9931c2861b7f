//! What tests may look at beside Graph itself. Owns the stored state of a mailbox's events as JSON.

use serde_json::{Value, json};

use super::events::render::{View, render};
use crate::world::{World, occurrences};

/// All events stored in the mailbox of an account, series masters (with `exceptionOccurrences` and `cancelledOccurrences`) and singles of
/// every calendar, as Graph shows them to their owner, in UTC: `{"value": [event, …]}`. `None`: there is no such mailbox.
#[must_use]
pub fn stored_events(world: &World, upn: &str) -> Option<Value> {
    let mailbox = world.mailboxes.get(world.mailbox_at(upn)?)?;
    let view = View::complete(mailbox);
    let events: Vec<Value> = mailbox.events.iter().map(|event| render(&occurrences::unexpanded(event), &view)).collect();
    Some(json!({ "value": events }))
}
