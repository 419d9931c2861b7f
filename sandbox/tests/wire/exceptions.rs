//! Where Graph is not as its description says, by documentation or by report. Owns the list: each has a name and a reason.

use std::cmp::Ordering;

/// A difference that is meant.
#[derive(Debug)]
pub(crate) struct Exception {
    pub(crate) name: &'static str,
    pub(crate) reason: &'static str,
    /// All of these are parts of the finding.
    about: &'static [&'static str],
}

pub(crate) static NAMES_WITHOUT_CASE: Exception = Exception {
    name: "names without case",
    reason: "the documentation's own requests write members, and parameters of actions, in either case",
    about: &[],
};
pub(crate) static WORDS_WITHOUT_CASE: Exception = Exception {
    name: "words without case",
    reason: "the documentation's own requests write \"HTML\", \"Required\", \"Monday\"",
    about: &[],
};
pub(crate) static SCALARS_AS_TEXT: Exception = Exception {
    name: "scalars as text",
    reason: "the documentation's own requests write \"availabilityViewInterval\": \"15\" and \"isOrganizerOptional\": \"false\"",
    about: &[],
};

static LIST: &[Exception] = &[
    Exception {
        name: "not modified",
        reason: "If-None-Match is described for items of a drive, the answer 304 is documented only (driveItem: get)",
        about: &["GET /", "/drive/", "answers 304"],
    },
    Exception {
        name: "casts and counts of groups",
        reason: "documented with examples (group: list members, list memberOf; user: list memberOf), yet not in the description",
        about: &["GET /", "/member", "is answered and not described"],
    },
    Exception {
        name: "delta of a contact folder",
        reason: "documented with an example (contact: delta), yet not in the description",
        about: &["GET /me/contactFolders/", "/contacts/delta: is answered and not described"],
    },
    Exception {
        name: "count beside managers",
        reason: "the documented request for all managers carries $count=true (user: list manager)",
        about: &["GET /me: query: $count"],
    },
    Exception {
        name: "an option without its sign",
        reason: "the documented request says $orderbydisplayName (user: list), which Graph passes over",
        about: &["GET /users: query: $orderbydisplayName"],
    },
    Exception {
        name: "addresses of identities",
        reason: "identity is an open type, and OneDrive adds who it is by address",
        about: &["/drive", "/user: email is not described"],
    },
    Exception {
        name: "contents of attachments",
        reason: "documented with examples (attachment: get), yet not in the description",
        about: &["GET /", "ttachments", "/$value: is answered and not described"],
    },
    Exception {
        name: "deleting contacts for good",
        reason: "in the metadata for contacts as for messages, yet not in the description",
        about: &["POST /me/contacts/", "/permanentDelete: is answered and not described"],
    },
    Exception {
        name: "select without its sign",
        reason: "the documented request says ?select=id,@microsoft.graph.downloadUrl (driveItem: get content)",
        about: &["GET /me/drive/items/{driveItem-id}: query: select is"],
    },
    Exception {
        name: "one permission",
        reason: "documented (permission: get, update, delete), yet not in the description",
        about: &["/items/", "/permissions/", "is answered and not described"],
    },
    Exception {
        name: "following files",
        reason: "documented (driveItem: follow, unfollow; drive: list following), yet not in the description",
        about: &["/drive/", "follow", "is answered and not described"],
    },
    Exception {
        name: "versions of files",
        reason: "documented with examples (driveItem: list versions), yet not in the description",
        about: &["/drive/items/", "/versions", "is answered and not described"],
    },
    Exception {
        name: "one thumbnail",
        reason: "documented with an example (driveItem: list thumbnails), yet not in the description",
        about: &["GET /", "/thumbnails/0/", "is answered and not described"],
    },
    Exception {
        name: "thumbnails of one's own size",
        reason: "documented with an example, select without its sign in it (driveItem: list thumbnails); thumbnailSet is an open type",
        about: &["/thumbnails: ", "is not described", "elect"],
    },
    Exception {
        name: "members by size",
        reason: "thumbnailSet is an open type, whose members are named by the sizes asked for (driveItem: list thumbnails)",
        about: &["/thumbnails: ", "c300x400_crop is not described"],
    },
    Exception {
        name: "copies in the background",
        reason: "documented with an example: 202 with Location and no body (driveItem: copy); the description has a driveItem there",
        about: &["/copy: : the value is not of type \"object\""],
    },
    Exception {
        name: "deferred uploads",
        reason: "documented (driveItem: createUploadSession, deferCommit), yet not in the description",
        about: &["/createUploadSession: : deferCommit is not described"],
    },
    Exception {
        name: "changing search folders",
        reason: "documented (mailSearchFolder: update) without a type in the body, which the description needs to know one",
        about: &["PATCH /me/mailFolders/", "is not described"],
    },
    Exception {
        name: "managed rooms",
        reason: "the documented rooms have isManaged (place: get, list), which the metadata no longer has",
        about: &["/places/", "isManaged is not described"],
    },
];

/// The exception that excuses a finding.
pub(crate) fn of(finding: &str) -> Option<&'static Exception> {
    LIST.iter().find(|exception| exception.about.iter().all(|part| finding.contains(part)))
}

impl PartialEq for Exception {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Exception {}

impl PartialOrd for Exception {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exception {
    fn cmp(&self, other: &Self) -> Ordering {
        self.name.cmp(other.name)
    }
}
