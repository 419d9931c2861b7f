//! People, and what their mailbox prefers. Sources: the `user`, `person` and `mailboxSettings` resources of Microsoft Graph v1.0.

use serde_json::Value;

use super::{
    WorkingHours,
    read::{list, some_text, text},
};

/// What a search can find.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PersonKind {
    /// A human being.
    #[default]
    Person,
    /// A room.
    Room,
    /// A group.
    Group,
}

/// Somebody who can be invited, or who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Person {
    /// Graph's id; empty for an address that was typed.
    pub id: String,
    /// What to show.
    pub name: String,
    /// The SMTP address (`mail`, else `userPrincipalName`).
    pub address: String,
    /// The job title; empty where unknown.
    pub job_title: String,
    /// Person, room or group.
    pub kind: PersonKind,
}

/// What the mailbox prefers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MailboxSettings {
    /// A Windows or IANA name, or `Customized Time Zone`; empty where unknown.
    pub time_zone: String,
    /// When its owner works.
    pub working_hours: Option<WorkingHours>,
}

impl Person {
    /// Reads a `user` or a `person`; `None` where there is no object.
    #[must_use]
    pub fn from_json(value: Value) -> Option<Self> {
        let object = value.as_object()?;
        let scored = list(object.get("scoredEmailAddresses")).iter().find_map(|scored| some_text(scored.get("address")));
        let address = some_text(object.get("mail")).or(scored).or_else(|| some_text(object.get("userPrincipalName"))).unwrap_or_default();
        let kind = object.get("personType").map(kind_of).unwrap_or_default();
        Some(Self {
            id: text(object.get("id")).unwrap_or_default(),
            name: some_text(object.get("displayName")).unwrap_or_else(|| address.clone()),
            address,
            job_title: text(object.get("jobTitle")).unwrap_or_default(),
            kind,
        })
    }
}

/// From `personType`: `class` tells groups, `subclass` tells rooms.
fn kind_of(kind: &Value) -> PersonKind {
    let is = |name: &str, word: &str| kind.get(name).and_then(Value::as_str).is_some_and(|found| found.eq_ignore_ascii_case(word));
    if is("subclass", "Room") {
        PersonKind::Room
    } else if is("class", "Group") {
        PersonKind::Group
    } else {
        PersonKind::Person
    }
}

impl MailboxSettings {
    /// Reads `mailboxSettings`; `None` where there is no object.
    #[must_use]
    pub fn from_json(value: &Value) -> Option<Self> {
        let object = value.as_object()?;
        Some(Self {
            time_zone: text(object.get("timeZone")).unwrap_or_default(),
            working_hours: object.get("workingHours").and_then(WorkingHours::from_json),
        })
    }
}
