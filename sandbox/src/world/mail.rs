//! Mail as stored: folders and messages, meeting messages among them. Owns the records; leaves sending to `meetings` and `graph::mail`.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;

use super::{
    event::{Address, Attachment, Body, Proposal},
    ids,
    wire::{Importance, Response},
};

/// A mail folder.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    pub(crate) id: String,
    pub(crate) parent_id: String,
    pub(crate) display_name: String,
    /// E.g. `inbox`; empty for a folder that somebody made.
    pub(crate) well_known: String,
    /// Of a search folder: what it finds.
    pub(crate) search: Option<FolderSearch>,
}

/// What makes a folder a search folder: it holds nothing itself and shows what is found elsewhere.
#[derive(Debug, Clone)]
pub(crate) struct FolderSearch {
    /// Folders below the sources are searched as well.
    pub(crate) nested: bool,
    /// Folders' ids.
    pub(crate) sources: Vec<String>,
    /// An OData filter.
    pub(crate) filter: String,
}

/// What makes a message a meeting message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum MeetingKind {
    /// An invitation, or the update of one.
    Request {
        update: bool,
    },
    Cancellation,
    Answer {
        response: Response,
        proposal: Option<Proposal>,
    },
}

/// The meeting that a message is about.
#[derive(Debug, Clone)]
pub(crate) struct MeetingInfo {
    pub(crate) kind: MeetingKind,
    pub(crate) ical_uid: String,
    /// Of a message about one occurrence.
    pub(crate) date: Option<NaiveDate>,
    pub(crate) start: super::zones::ZonedTime,
    pub(crate) end: super::zones::ZonedTime,
    pub(crate) all_day: bool,
    pub(crate) location: String,
}

/// A message.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    /// What stays the same as long as the message is in this mailbox.
    pub(crate) id: String,
    /// How often it moved from folder to folder: each move gives it another regular id.
    pub(crate) moves: u32,
    pub(crate) folder_id: String,
    pub(crate) change: u64,
    pub(crate) created: DateTime<Utc>,
    pub(crate) modified: DateTime<Utc>,
    pub(crate) received: DateTime<Utc>,
    pub(crate) sent: DateTime<Utc>,
    pub(crate) subject: String,
    pub(crate) body: Body,
    pub(crate) from: Address,
    pub(crate) to: Vec<Address>,
    pub(crate) cc: Vec<Address>,
    pub(crate) bcc: Vec<Address>,
    pub(crate) reply_to: Vec<Address>,
    pub(crate) is_read: bool,
    pub(crate) is_draft: bool,
    pub(crate) importance: Importance,
    pub(crate) categories: Vec<String>,
    /// The same for a message and its answers.
    pub(crate) conversation: String,
    pub(crate) internet_message_id: String,
    pub(crate) attachments: Vec<Attachment>,
    pub(crate) meeting: Option<MeetingInfo>,
    /// Headers of the sender's own, whose names begin with `x-`.
    pub(crate) headers: Vec<(String, String)>,
    /// Graph's followupFlag, where one was set.
    pub(crate) flag: Option<Value>,
}

impl Message {
    /// The id in the regular form, which changes with every move.
    pub(crate) fn regular_id(&self) -> String {
        ids::moved(&self.id, self.moves)
    }
}

/// A mailbox's folders and messages.
#[derive(Debug, Clone, Default)]
pub(crate) struct MailStore {
    pub(crate) folders: Vec<Folder>,
    pub(crate) messages: Vec<Message>,
}

impl MailStore {
    /// Whether a folder is another one, or lies somewhere below it.
    pub(crate) fn is_within(&self, id: &str, above: &str) -> bool {
        id == above || self.folders.iter().find(|folder| folder.id == id).is_some_and(|folder| self.is_within(&folder.parent_id, above))
    }

    /// The folder with this id or well-known name.
    pub(crate) fn folder(&self, id_or_name: &str) -> Option<&Folder> {
        self.folders
            .iter()
            .find(|folder| folder.id == id_or_name || (!folder.well_known.is_empty() && folder.well_known.eq_ignore_ascii_case(id_or_name)))
    }
}
