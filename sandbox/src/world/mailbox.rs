//! A mailbox: calendars, events, mail, contacts, settings, and who may see what. Owns the records and look-ups within one mailbox; leaves what
//! passes between mailboxes to `meetings`.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Map, Value};

use super::{
    drive::Drive,
    event::{Address, Attachment, Event},
    ids,
    mail::MailStore,
    occurrences::{self, Instance},
    settings::Settings,
    wire::Role,
};

/// The name of the permission that everybody of the organization has.
pub(crate) const MY_ORGANIZATION: &str = "My Organization";

/// Somebody's share of a calendar.
#[derive(Debug, Clone)]
pub(crate) struct Permission {
    pub(crate) id: String,
    /// The address is empty for the organization's own.
    pub(crate) grantee: Address,
    pub(crate) role: Role,
}

/// A calendar.
#[derive(Debug, Clone)]
pub(crate) struct Calendar {
    pub(crate) id: String,
    pub(crate) group_id: String,
    pub(crate) name: String,
    pub(crate) color: String,
    pub(crate) is_default: bool,
    pub(crate) change: u64,
    pub(crate) permissions: Vec<Permission>,
}

/// A group of calendars in the list.
#[derive(Debug, Clone)]
pub(crate) struct CalendarGroup {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) class_id: String,
    pub(crate) change: u64,
}

/// A contact: what the client sent, completed with what the service sets.
#[derive(Debug, Clone)]
pub(crate) struct Contact {
    pub(crate) id: String,
    pub(crate) change: u64,
    /// The folder's id.
    pub(crate) folder_id: String,
    pub(crate) fields: Map<String, Value>,
}

/// A coloured category.
#[derive(Debug, Clone)]
pub(crate) struct Category {
    pub(crate) id: String,
    pub(crate) display_name: String,
    pub(crate) color: String,
}

/// Folders of contacts beside the default one.
#[derive(Debug, Clone)]
pub(crate) struct ContactFolder {
    pub(crate) id: String,
    pub(crate) parent_id: String,
    pub(crate) display_name: String,
    pub(crate) change: u64,
}

/// What a large attachment is for, by id.
#[derive(Debug, Clone)]
pub(crate) enum Holder {
    Event(String),
    Message(String),
}

/// A large attachment that arrives in parts.
#[derive(Debug, Clone)]
pub(crate) struct AttachmentUpload {
    pub(crate) holder: Holder,
    /// With the bytes that have arrived.
    pub(crate) attachment: Attachment,
    pub(crate) size: usize,
    pub(crate) expires: DateTime<Utc>,
}

/// One person's, room's or group's store.
#[derive(Debug, Clone)]
pub(crate) struct Mailbox {
    pub(crate) owner: Address,
    pub(crate) settings: Settings,
    pub(crate) calendar_groups: Vec<CalendarGroup>,
    pub(crate) calendars: Vec<Calendar>,
    pub(crate) events: Vec<Event>,
    pub(crate) mail: MailStore,
    pub(crate) contacts: Vec<Contact>,
    /// The default folder's id.
    pub(crate) contact_folder_id: String,
    pub(crate) contact_folders: Vec<ContactFolder>,
    /// By the secret in the upload's address.
    pub(crate) attachment_uploads: BTreeMap<String, AttachmentUpload>,
    pub(crate) categories: Vec<Category>,
    pub(crate) drive: Drive,
}

/// Where in a mailbox an event id points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    /// The index in `events`.
    pub(crate) index: usize,
    /// Of an occurrence or exception: the pattern's date.
    pub(crate) date: Option<NaiveDate>,
}

impl Mailbox {
    /// The calendar that `/me/calendar` is.
    pub(crate) fn default_calendar(&self) -> Option<&Calendar> {
        self.calendars.iter().find(|calendar| calendar.is_default).or_else(|| self.calendars.first())
    }

    /// The default calendar's id; empty only for a mailbox without any calendar.
    pub(crate) fn default_calendar_id(&self) -> String {
        self.default_calendar().map(|calendar| calendar.id.clone()).unwrap_or_default()
    }

    pub(crate) fn calendar(&self, id: &str) -> Option<&Calendar> {
        self.calendars.iter().find(|calendar| calendar.id == id)
    }

    /// Finds an event, series or occurrence by its id; cancelled occurrences are not found.
    pub(crate) fn find(&self, id: &str) -> Option<Found> {
        self.events.iter().enumerate().find_map(|(index, event)| {
            if event.id == id {
                return Some(Found { index, date: None });
            }
            let date = ids::occurrence_date(&event.id, id)?;
            occurrences::on_date(event, date).map(|_| Found { index, date: Some(date) })
        })
    }

    /// What was found, as it shows.
    pub(crate) fn instance(&self, found: Found) -> Option<Instance<'_>> {
        let event = self.events.get(found.index)?;
        match found.date {
            Some(date) => occurrences::on_date(event, date),
            None => Some(occurrences::unexpanded(event)),
        }
    }

    /// The stored copy of a meeting.
    pub(crate) fn by_uid(&mut self, ical_uid: &str) -> Option<&mut Event> {
        self.events.iter_mut().find(|event| event.ical_uid == ical_uid)
    }

    /// Events of the default calendar.
    pub(crate) fn default_events(&self) -> impl Iterator<Item = &Event> {
        let calendar = self.default_calendar_id();
        self.events.iter().filter(move |event| event.calendar_id == calendar)
    }

    /// What somebody with this address may do with a calendar that is not theirs; `insider`: of the same organization.
    pub(crate) fn role(&self, calendar: &Calendar, address: &str, insider: bool) -> Role {
        let own = calendar.permissions.iter().find(|permission| permission.grantee.address.eq_ignore_ascii_case(address));
        let organization = || calendar.permissions.iter().find(|permission| insider && permission.grantee.name == MY_ORGANIZATION);
        own.or_else(organization).map_or(Role::None, |permission| permission.role)
    }
}

impl Event {
    /// The record that holds an occurrence's changes, made from the plain occurrence if it has none yet.
    pub(crate) fn exception_mut(&mut self, date: NaiveDate) -> &mut Event {
        let plain = occurrences::occurrence_event(self, date);
        self.exceptions.entry(date).or_insert(plain)
    }
}
