//! People, and what their mailbox prefers. Sources: the `user`, `person` and `mailboxSettings` resources of Microsoft Graph v1.0.

use super::WorkingHours;

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
