//! Groups of calendars in a mailbox. Source: the `calendarGroup` pages of Microsoft Graph v1.0. Reading needs Calendars.Read, writing
//! Calendars.ReadWrite.

use serde_json::Value;

use super::{
    calendars::{CALENDAR, named},
    create as create_in, delete as delete_at, list as list_of, pages, update as update_at,
};
use crate::Error;
use crate::graph::{Call, Page};

const READ: &str = "Calendars.Read";
const WRITE: &str = "Calendars.ReadWrite";

/// All groups.
#[must_use]
pub fn list() -> Call<Page<Value>> {
    pages(list_of(&["calendarGroups"], "", READ).timeless())
}

/// A new one; `body` needs a `name`.
pub fn create(body: Value) -> Result<Call<Value>, Error> {
    create_in(&["calendarGroups"], named(body)?, WRITE)
}

/// Another `name`.
pub fn update(id: &str, body: Value) -> Result<Call<Value>, Error> {
    update_at(&["calendarGroups", id], body, WRITE)
}

/// An end of it; Graph refuses where it holds calendars, and for the default group.
#[must_use]
pub fn delete(id: &str) -> Call<Value> {
    delete_at(&["calendarGroups", id], WRITE)
}

/// The calendars in it.
#[must_use]
pub fn calendars(id: &str) -> Call<Page<Value>> {
    pages(list_of(&["calendarGroups", id, "calendars"], CALENDAR, READ).query("$top", "100").timeless())
}
