//! What a mailbox prefers: zone, working hours, automatic replies. Sources: "Get mailboxSettings", "Update mailboxSettings" of Microsoft Graph
//! v1.0. Reading needs MailboxSettings.Read, writing MailboxSettings.ReadWrite.

use serde_json::Value;

use super::{get as get_at, update as update_at};
use crate::Error;
use crate::graph::Call;

/// All settings. Automatic replies hold times, which come in the zone asked for.
#[must_use]
pub fn get() -> Call<Value> {
    get_at(&["mailboxSettings"], "MailboxSettings.Read")
}

/// Other values for the members in `body`.
pub fn update(body: Value) -> Result<Call<Value>, Error> {
    update_at(&["mailboxSettings"], body, "MailboxSettings.ReadWrite")
}
