//! Tenants, people, groups, rooms and their mailboxes, as plain data. Owns what is stored and what follows from it without any request
//! (invitations, rooms' answers); leaves HTTP to `graph` and `identity`.

pub(crate) mod availability;
pub(crate) mod delta;
pub(crate) mod directory;
pub(crate) mod drive;
pub(crate) mod event;
pub(crate) mod ids;
pub(crate) mod mail;
pub(crate) mod mailbox;
pub(crate) mod meetings;
pub(crate) mod occurrences;
pub(crate) mod recurrence;
pub(crate) mod responses;
pub(crate) mod seed;
pub(crate) mod settings;
pub(crate) mod sign_in;
pub(crate) mod switches;
mod windows_zones;
pub(crate) mod wire;
pub(crate) mod zones;

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
};

use serde_json::{Map, Value};

pub(crate) use self::ids::{token as page_token, token_number as page_token_number};
pub use self::{seed::SeedConfig, sign_in::SignInRule, switches::Switches};

use self::{
    delta::Snapshots,
    directory::{Group, Room, RoomList},
    mailbox::Mailbox,
};

/// Everything that the sandbox knows, in memory.
#[derive(Debug, Default)]
pub struct World {
    /// The directories: Contoso, Fabrikam, and Microsoft's own for personal accounts.
    pub tenants: Vec<Tenant>,
    /// Everyone who can sign in or be invited, rooms among them.
    pub users: Vec<User>,
    /// Second-hand behaviours of Graph, each with its documented default.
    pub switches: Switches,
    pub(crate) groups: Vec<Group>,
    pub(crate) rooms: Vec<Room>,
    pub(crate) room_lists: Vec<RoomList>,
    /// By the id of the user or group who owns it. Not everybody has one.
    pub(crate) mailboxes: BTreeMap<String, Mailbox>,
    pub(crate) snapshots: Snapshots,
    /// Requests being served, by application and mailbox.
    pub(crate) in_flight: HashMap<(String, String), u32>,
    /// Positions in `users` by id and principal name in lower case; complete while it has two entries for each of them.
    index: HashMap<String, usize>,
    /// Positions in `users` by display name; complete while it has one for each of them.
    by_name: Vec<usize>,
    seed: u64,
    counter: u64,
}

/// A directory.
#[derive(Debug, Clone)]
pub struct Tenant {
    /// The directory (tenant) id, a GUID.
    pub id: String,
    /// The first verified domain, e.g. `contoso.onmicrosoft.com`.
    pub domain: String,
    /// E.g. `Contoso`.
    pub display_name: String,
    /// Whether accounts are personal Microsoft accounts (the tenant `consumers`).
    pub consumer: bool,
    /// Whether people may consent for themselves; else an administrator has to.
    pub user_consent: bool,
}

/// An account, person or room.
#[derive(Debug, Clone, Default)]
pub struct User {
    /// The object id, a GUID.
    pub id: String,
    /// The tenant's id.
    pub tenant_id: String,
    /// E.g. `adelev@contoso.onmicrosoft.com`, which is the SMTP address too.
    pub user_principal_name: String,
    /// E.g. `Adele Vance`.
    pub display_name: String,
    /// The password that the sign-in page asks for; `None`: it asks for none.
    pub password: Option<String>,
    /// Whether the person may consent for the whole organization.
    pub admin: bool,
    /// Rooms have mailboxes and never sign in.
    pub room: bool,
    /// E.g. `Adele`; empty for rooms.
    pub given_name: String,
    /// E.g. `Vance`; empty for rooms.
    pub surname: String,
    /// E.g. `Retail Manager`.
    pub job_title: String,
    /// E.g. `Retail`.
    pub department: String,
    /// E.g. `18/2111`.
    pub office_location: String,
    /// E.g. `+1 425 555 0109`.
    pub mobile_phone: String,
    /// E.g. `en-US`.
    pub preferred_language: String,
    /// The manager's object id.
    pub manager: Option<String>,
    /// Of a guest: the principal name in the home directory, which the person signs in with.
    pub guest_of: Option<String>,
    /// What the organization demands at sign-in.
    pub rule: Option<SignInRule>,
    /// Members that were set by requests, by Graph's names.
    pub profile: Map<String, Value>,
    /// The world's counter at the last change; 0: none since the start.
    pub change: u64,
}

impl User {
    /// Where the person receives mail.
    #[must_use]
    pub fn mail(&self) -> &str {
        self.guest_of.as_deref().unwrap_or(&self.user_principal_name)
    }
}

impl World {
    /// The account with this object id or principal name, compared as Entra does, without case.
    #[must_use]
    pub fn user(&self, id_or_principal_name: &str) -> Option<&User> {
        if self.index.len() == 2 * self.users.len() {
            return self.index.get(&id_or_principal_name.to_ascii_lowercase()).and_then(|index| self.users.get(*index));
        }
        // Somebody was put into the list directly.
        self.users.iter().find(|user| {
            user.id.eq_ignore_ascii_case(id_or_principal_name) || user.user_principal_name.eq_ignore_ascii_case(id_or_principal_name)
        })
    }

    /// The same, to change.
    pub(crate) fn user_mut(&mut self, id_or_principal_name: &str) -> Option<&mut User> {
        let id = self.user(id_or_principal_name)?.id.clone();
        match self.index.get(&id.to_ascii_lowercase()) {
            Some(position) if self.index.len() == 2 * self.users.len() => self.users.get_mut(*position),
            _ => self.users.iter_mut().find(|user| user.id == id),
        }
    }

    /// The accounts in the order of their display names, compared without case.
    pub(crate) fn users_by_name(&self) -> impl Iterator<Item = &User> {
        let ordered = self.by_name.len() == self.users.len();
        let order = if ordered { Cow::Borrowed(self.by_name.as_slice()) } else { Cow::Owned(self.ordered_users()) };
        (0..self.users.len()).filter_map(move |place| self.users.get(*order.get(place)?))
    }

    /// Brings that order up to date, so that lists need not sort.
    pub(crate) fn order_users(&mut self) {
        self.by_name = self.ordered_users();
    }

    fn ordered_users(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.users.len()).collect();
        order.sort_by_cached_key(|position| self.users.get(*position).map(|user| user.display_name.to_lowercase()));
        order
    }

    /// Adds an account to the list and to its index.
    pub(crate) fn add_user(&mut self, user: User) {
        let position = self.users.len();
        self.index.insert(user.id.to_ascii_lowercase(), position);
        self.index.insert(user.user_principal_name.to_ascii_lowercase(), position);
        self.users.push(user);
    }

    /// The world that a seed makes: the same for the same configuration.
    #[must_use]
    pub fn seeded(config: &SeedConfig) -> Self {
        seed::build(config)
    }

    pub(crate) fn tenant(&self, id: &str) -> Option<&Tenant> {
        self.tenants.iter().find(|tenant| tenant.id == id)
    }

    /// The group with this id or address.
    pub(crate) fn group(&self, id_or_mail: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.id.eq_ignore_ascii_case(id_or_mail) || group.mail.eq_ignore_ascii_case(id_or_mail))
    }

    /// The id of the mailbox that receives at an address, a person's, room's or Microsoft 365 group's.
    pub(crate) fn mailbox_at(&self, address: &str) -> Option<&str> {
        let owner = self.user(address).map(|user| &user.id).or_else(|| self.group(address).map(|group| &group.id))?;
        self.mailboxes.contains_key(owner).then_some(owner.as_str())
    }

    /// Counts a change; the number goes into what changed.
    pub(crate) fn next_change(&mut self) -> u64 {
        self.counter += 1;
        self.counter
    }

    /// A secret that only this world can have made of a text.
    pub(crate) fn secret(&self, text: &str) -> String {
        ids::secret(self.seed, text)
    }

    /// A fresh item id.
    pub(crate) fn next_id(&mut self) -> String {
        let number = self.next_change();
        ids::item(self.seed, number)
    }

    /// A fresh iCalUId.
    pub(crate) fn next_ical_uid(&mut self) -> String {
        let number = self.next_change();
        ids::ical_uid(self.seed, number)
    }
}
