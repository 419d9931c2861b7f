//! Groups, rooms and room lists. Owns the records and membership; leaves people to `World::users`.

use serde_json::{Map, Value};

use super::World;

/// A Microsoft 365 group or distribution list.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) id: String,
    pub(crate) tenant_id: String,
    pub(crate) display_name: String,
    pub(crate) description: String,
    pub(crate) mail: String,
    /// A Microsoft 365 group (with a mailbox and a calendar), not a mere distribution list.
    pub(crate) unified: bool,
    /// Object ids.
    pub(crate) owners: Vec<String>,
    /// Object ids.
    pub(crate) members: Vec<String>,
}

/// What `places` knows of a room, beside its mailbox.
#[derive(Debug, Clone)]
pub(crate) struct Room {
    /// The place's id; the room's user has another one.
    pub(crate) id: String,
    pub(crate) tenant_id: String,
    pub(crate) display_name: String,
    pub(crate) email: String,
    pub(crate) capacity: u32,
    pub(crate) building: String,
    pub(crate) floor: i32,
    /// First come, first served: it cannot be booked.
    pub(crate) reserved: bool,
    pub(crate) wheelchair_accessible: bool,
    pub(crate) tags: Vec<String>,
    pub(crate) video_device: Option<String>,
    pub(crate) display_device: Option<String>,
    pub(crate) audio_device: Option<String>,
    pub(crate) phone: String,
    /// Members that were set by requests, by Graph's names.
    pub(crate) changes: Map<String, Value>,
}

/// A building's rooms.
#[derive(Debug, Clone)]
pub(crate) struct RoomList {
    pub(crate) id: String,
    pub(crate) tenant_id: String,
    pub(crate) display_name: String,
    pub(crate) email: String,
    /// The rooms' addresses.
    pub(crate) rooms: Vec<String>,
    pub(crate) street: String,
    pub(crate) city: String,
    pub(crate) country: String,
    /// Members that were set by requests, by Graph's names.
    pub(crate) changes: Map<String, Value>,
}

impl World {
    /// The addresses behind one: a group's members, a room list's rooms; `None` if it is no list.
    pub(crate) fn list_members(&self, address: &str) -> Option<Vec<String>> {
        if let Some(list) = self.room_lists.iter().find(|list| list.email.eq_ignore_ascii_case(address)) {
            return Some(list.rooms.clone());
        }
        let group = self.groups.iter().find(|group| group.mail.eq_ignore_ascii_case(address))?;
        Some(group.members.iter().filter_map(|id| self.user(id)).map(|user| user.mail().to_owned()).collect())
    }

    /// The room with this address.
    pub(crate) fn room(&self, address: &str) -> Option<&Room> {
        self.rooms.iter().find(|room| room.email.eq_ignore_ascii_case(address))
    }
}
