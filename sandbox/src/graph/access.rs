//! Whose mailbox a request is about and what the caller may do there. Owns that decision and its documented refusals.

use super::{
    error::{Error, Result},
    request::Call,
    scopes,
};
use crate::world::{World, mailbox::Mailbox, wire::Role};

/// Who is asked about: an account or a group with a mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) id: String,
    /// The caller asks about themselves, or is an application.
    pub(crate) own: bool,
    /// A group's calendar rather than a person's.
    pub(crate) group: bool,
}

/// What an operation needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    ReadBasic,
    Read,
    Write,
}

/// The signed-in user.
pub(crate) fn me(call: &Call<'_>) -> Result<Owner> {
    match &call.caller.user_id {
        Some(id) => Ok(Owner { id: id.clone(), own: true, group: false }),
        None => Err(Error::new(400, "BadRequest", "/me request is only valid with delegated authentication flow.")),
    }
}

/// The person of an id or principal name, of the caller's own tenant.
pub(crate) fn person(world: &World, call: &Call<'_>, id: &str) -> Option<Owner> {
    let user = world.user(id).filter(|user| user.tenant_id == call.caller.tenant_id)?;
    // An application acts in everybody's name alike: no mailbox is more another's than the next.
    let own = call.caller.user_id.as_ref().is_none_or(|caller| *caller == user.id);
    Some(Owner { id: user.id.clone(), own, group: false })
}

/// The owner's mailbox, if there is one.
pub(crate) fn mailbox<'a>(world: &'a World, owner: &Owner) -> Result<&'a Mailbox> {
    world.mailboxes.get(&owner.id).ok_or_else(no_mailbox)
}

/// The owner's mailbox, to change.
pub(crate) fn mailbox_mut<'a>(world: &'a mut World, owner: &Owner) -> Result<&'a mut Mailbox> {
    world.mailboxes.get_mut(&owner.id).ok_or_else(no_mailbox)
}

fn no_mailbox() -> Error {
    Error::new(404, "MailboxNotEnabledForRESTAPI", "The mailbox is either inactive, soft-deleted, or is hosted on-premise.")
}

/// Whether the caller may do this with a calendar of the owner's; `calendar`: its id, or the default one. Answers with the caller's role:
/// `DelegateWithPrivate` for one's own.
pub(crate) fn calendar(world: &World, call: &Call<'_>, owner: &Owner, calendar: Option<&str>, need: Need) -> Result<Role> {
    let mailbox = mailbox(world, owner)?;
    if owner.group {
        return group(world, call, owner, need);
    }
    if owner.own || call.caller.user_id.is_none() {
        let needed = match need {
            Need::ReadBasic => scopes::CALENDARS_READ_BASIC,
            Need::Read => scopes::CALENDARS_READ,
            Need::Write => scopes::CALENDARS_WRITE,
        };
        // An application's own token, or one's own mailbox: the scope decides alone.
        return scopes::outlook(call, needed).map(|()| Role::DelegateWithPrivate);
    }
    let needed = if need == Need::Write { scopes::CALENDARS_WRITE_SHARED } else { scopes::CALENDARS_READ_SHARED };
    scopes::outlook(call, needed)?;
    let calendar = match calendar {
        Some(id) => mailbox.calendar(id),
        None => mailbox.default_calendar(),
    };
    let calendar = calendar.ok_or_else(Error::item_not_found)?;
    let caller = call.caller.user_id.as_deref().and_then(|id| world.user(id));
    let address = caller.map_or("", |user| user.user_principal_name.as_str());
    let role = mailbox.role(calendar, address, caller.is_some());
    let least = if need == Need::Write { Role::Write } else { Role::LimitedRead };
    if role >= least {
        return Ok(role);
    }
    // A room that is not shared is not even found (seen by a third party).
    let is_room = world.user(&owner.id).is_some_and(|user| user.room);
    Err(if is_room { Error::item_not_found() } else { Error::access_denied() })
}

fn group(world: &World, call: &Call<'_>, owner: &Owner, need: Need) -> Result<Role> {
    let needed: &[&str] = if need == Need::Write { &["Group.ReadWrite.All"] } else { &["Group.Read.All", "Group.ReadWrite.All"] };
    scopes::outlook(call, needed)?;
    let member = call
        .caller
        .user_id
        .as_ref()
        .is_none_or(|id| world.group(&owner.id).is_some_and(|group| group.members.contains(id) || group.owners.contains(id)));
    if member { Ok(Role::Write) } else { Err(Error::access_denied()) }
}
