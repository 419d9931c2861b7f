//! A person's files: a tree of folders and files with their bytes, and uploads that are under way. Owns the records; leaves paths and
//! ranges to `graph::drive`.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::event::Address;

/// Whom a permission is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Grantee {
    /// A person or a list of people.
    Person(Address),
    /// Whoever has the link: `kind` view, edit or embed; `scope` anonymous, organization or users.
    Link { kind: String, scope: String },
}

/// What others may do with an item.
#[derive(Debug, Clone)]
pub(crate) struct Permission {
    pub(crate) id: String,
    pub(crate) write: bool,
    /// Of a link: the application that made it.
    pub(crate) app_id: String,
    pub(crate) grantee: Grantee,
}

impl Permission {
    pub(crate) fn person(&self) -> Option<&Address> {
        match &self.grantee {
            Grantee::Person(person) => Some(person),
            Grantee::Link { .. } => None,
        }
    }
}

/// What a file was before it was replaced.
#[derive(Debug, Clone)]
pub(crate) struct Version {
    pub(crate) file: FileContent,
    pub(crate) modified: DateTime<Utc>,
}

/// A file or folder.
#[derive(Debug, Clone, Default)]
pub(crate) struct DriveItem {
    pub(crate) id: String,
    /// The parent folder's id; `None` for the root.
    pub(crate) parent: Option<String>,
    pub(crate) name: String,
    /// `None` for a folder.
    pub(crate) file: Option<FileContent>,
    pub(crate) created: DateTime<Utc>,
    pub(crate) modified: DateTime<Utc>,
    pub(crate) change: u64,
    /// Those on this item itself.
    pub(crate) permissions: Vec<Permission>,
    /// Former contents, oldest first.
    pub(crate) versions: Vec<Version>,
    pub(crate) followed: bool,
}

/// A file's bytes.
#[derive(Debug, Clone)]
pub(crate) struct FileContent {
    pub(crate) mime_type: String,
    pub(crate) bytes: Vec<u8>,
}

/// A large file that arrives in parts.
#[derive(Debug, Clone)]
pub(crate) struct Upload {
    pub(crate) parent: String,
    pub(crate) name: String,
    /// Graph's conflictBehavior: `fail`, `replace` or `rename`.
    pub(crate) conflict: String,
    pub(crate) received: Vec<u8>,
    /// The file is made only when that is asked for.
    pub(crate) deferred: bool,
    /// All parts are there.
    pub(crate) complete: bool,
    pub(crate) expires: DateTime<Utc>,
}

/// One person's drive.
#[derive(Debug, Clone, Default)]
pub(crate) struct Drive {
    pub(crate) id: String,
    pub(crate) items: Vec<DriveItem>,
    /// By the secret in the upload's address.
    pub(crate) uploads: BTreeMap<String, Upload>,
}

impl Drive {
    pub(crate) fn item(&self, id: &str) -> Option<&DriveItem> {
        self.items.iter().find(|item| item.id == id)
    }

    pub(crate) fn root(&self) -> Option<&DriveItem> {
        self.items.iter().find(|item| item.parent.is_none())
    }

    pub(crate) fn children<'a>(&'a self, parent: &'a str) -> impl Iterator<Item = &'a DriveItem> {
        self.items.iter().filter(move |item| item.parent.as_deref() == Some(parent))
    }

    /// The item at a path below another one; names compare without case, as OneDrive's do.
    pub(crate) fn at_path(&self, from: &str, path: &str) -> Option<&DriveItem> {
        path.split('/')
            .filter(|name| !name.is_empty())
            .try_fold(self.item(from)?, |folder, name| self.children(&folder.id).find(|item| item.name.eq_ignore_ascii_case(name)))
    }

    /// Takes an item away with all that lies below it.
    pub(crate) fn remove(&mut self, id: &str) {
        let children: Vec<String> = self.children(id).map(|child| child.id.clone()).collect();
        children.iter().for_each(|child| self.remove(child));
        self.items.retain(|item| item.id != id);
    }

    /// An item and the folders above it, up to the root.
    pub(crate) fn with_parents<'a>(&'a self, item: &'a DriveItem) -> impl Iterator<Item = &'a DriveItem> {
        std::iter::successors(Some(item), |item| self.item(item.parent.as_deref()?))
    }

    /// The folders from the root to an item, by name: `/Documents`.
    pub(crate) fn path(&self, item: &DriveItem) -> String {
        match item.parent.as_deref().and_then(|parent| self.item(parent)) {
            Some(parent) => format!("{}/{}", self.path(parent), item.name),
            None => String::new(),
        }
    }

    /// The bytes in a file, or in all files below a folder.
    pub(crate) fn size(&self, item: &DriveItem) -> usize {
        match &item.file {
            Some(file) => file.bytes.len(),
            None => self.children(&item.id).map(|child| self.size(child)).sum(),
        }
    }
}
