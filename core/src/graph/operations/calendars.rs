//! Calendars of a mailbox. Sources: "List calendars", "Create calendar", "Get calendar", "Update calendar", "Delete calendar" of Microsoft
//! Graph v1.0. Reading needs Calendars.Read, writing Calendars.ReadWrite.

use serde_json::Value;

use super::{create as create_in, delete as delete_at, get as get_at, list as list_of, pages, update as update_at};
use crate::Error;
use crate::graph::{Call, Page};

const READ: &str = "Calendars.Read";
const WRITE: &str = "Calendars.ReadWrite";
pub(super) const CALENDAR: &str = "id,name,color,hexColor,isDefaultCalendar,changeKey,canShare,canViewPrivateItems,canEdit,isRemovable,\
                                   isTallyingResponses,allowedOnlineMeetingProviders,defaultOnlineMeetingProvider,owner";

/// All, those shared into the mailbox included.
#[must_use]
pub fn list() -> Call<Page<Value>> {
    pages(list_of(&["calendars"], CALENDAR, READ).query("$top", "100").timeless())
}

/// One.
#[must_use]
pub fn get(id: &str) -> Call<Value> {
    get_at(&["calendars", id], READ)
}

/// A new one; `body` needs a `name`.
pub fn create(body: Value) -> Result<Call<Value>, Error> {
    create_in(&["calendars"], named(body)?, WRITE)
}

/// Another `name`, `color` or `isDefaultCalendar`.
pub fn update(id: &str, body: Value) -> Result<Call<Value>, Error> {
    update_at(&["calendars", id], body, WRITE)
}

/// An end of it and of its events; the default calendar cannot be deleted.
#[must_use]
pub fn delete(id: &str) -> Call<Value> {
    delete_at(&["calendars", id], WRITE)
}

/// A body that has a `name`.
pub(super) fn named(body: Value) -> Result<Value, Error> {
    match body.get("name").and_then(Value::as_str) {
        Some(name) if !name.trim().is_empty() => Ok(body),
        _ => Err(super::invalid("name", "must be a text that is not empty.")),
    }
}
