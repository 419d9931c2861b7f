//! Calendars, calendar groups and permissions. Owns their CRUD; leaves events to `events`.

use axum::http::Method;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::{
    access::{self, Need, Owner},
    calendar_view,
    error::{Error, Result},
    events::{self, Scope, render::address},
    odata::{self, Paging},
    reply::Reply,
    request::Call,
    routes::unknown,
    schedule, scopes,
};
use crate::world::{
    World, ids,
    mailbox::{Calendar, CalendarGroup, MY_ORGANIZATION, Mailbox, Permission},
    wire::Role,
};

/// Graph's calendarColor.
const COLORS: [&str; 11] = [
    "auto",
    "lightBlue",
    "lightGreen",
    "lightOrange",
    "lightGray",
    "lightYellow",
    "lightTeal",
    "lightPink",
    "lightBrown",
    "lightRed",
    "maxColor",
];

/// Everything below `…/calendar`, `…/calendars` and `…/calendarGroups`.
pub(crate) fn route(world: &mut World, call: &Call<'_>, owner: &Owner, segments: &[&str]) -> Result {
    match segments {
        ["calendar", rest @ ..] => {
            let id = access::mailbox(world, owner)?.default_calendar_id();
            one(world, call, owner, &id, rest)
        }
        ["calendars"] => list(world, call, owner, None),
        ["calendars", "$count"] => {
            scopes::outlook(call, scopes::CALENDARS_READ_BASIC)?;
            odata::count(call, shown(world, owner, None)?, Paging::OUTLOOK)
        }
        ["calendars", id, rest @ ..] => {
            if let Some((other, calendar)) = shared_as(world, owner, id) {
                return one_of_another(world, call, owner, (&other, &calendar), rest);
            }
            access::mailbox(world, owner)?.calendar(id).ok_or_else(Error::item_not_found)?;
            one(world, call, owner, id, rest)
        }
        ["calendarGroups", rest @ ..] => groups(world, call, owner, rest),
        _ => Err(unknown(call)),
    }
}

/// Everything below one calendar.
fn one(world: &mut World, call: &Call<'_>, owner: &Owner, id: &str, rest: &[&str]) -> Result {
    let scope = Scope { owner: owner.clone(), calendar: Some(id.to_owned()) };
    match (&call.method, rest) {
        (&Method::GET, []) => {
            access::calendar(world, call, owner, Some(id), Need::Read)?;
            let calendar = access::mailbox(world, owner)?.calendar(id).ok_or_else(Error::item_not_found)?;
            Ok(odata::entity(call, &format!("users('{}')/calendars", owner.id), render(world, owner, calendar)?))
        }
        (&Method::PATCH, []) => update(world, call, owner, id),
        (&Method::DELETE, []) => delete(world, call, owner, id),
        (_, ["events", rest @ ..]) => events::route(world, call, &scope, rest),
        (&Method::GET, ["calendarView"]) => calendar_view::get(world, call, &scope),
        (&Method::GET, ["calendarView", "delta"]) => calendar_view::delta(world, call, &scope),
        (&Method::POST, ["getSchedule"]) => schedule::get(world, call, owner),
        (_, ["calendarPermissions", rest @ ..]) => permissions(world, call, owner, id, rest),
        (_, [] | ["calendarView"] | ["getSchedule"]) => Err(Error::method_not_allowed()),
        _ => Err(unknown(call)),
    }
}

/// Everything below a calendar that somebody else shared. Taking it out of the list gives the permission back; its name and colour are the
/// owner's.
fn one_of_another(world: &mut World, call: &Call<'_>, owner: &Owner, (other, calendar): (&Owner, &Calendar), rest: &[&str]) -> Result {
    let me = access::mailbox(world, owner)?.owner.address.clone();
    match (&call.method, rest) {
        (&Method::GET, []) => {
            access::calendar(world, call, other, Some(&calendar.id), Need::Read)?;
            let shown = render_shared(world, owner, other, calendar, &me)?;
            Ok(odata::entity(call, &format!("users('{}')/calendars", owner.id), shown))
        }
        (&Method::DELETE, []) => {
            scopes::outlook(call, scopes::CALENDARS_WRITE)?;
            let stored = access::mailbox_mut(world, other)?.calendars.iter_mut().find(|stored| stored.id == calendar.id);
            stored.into_iter().for_each(|stored| stored.permissions.retain(|one| !one.grantee.address.eq_ignore_ascii_case(&me)));
            Ok(Reply::empty(204))
        }
        (_, [] | ["calendarPermissions", ..]) => Err(Error::access_denied()),
        _ => one(world, call, other, &calendar.id, rest),
    }
}

/// Others' calendars that were shared with the owner of this mailbox by name, so far that events can be read.
fn shared_with<'a>(world: &'a World, owner: &Owner) -> impl Iterator<Item = (&'a str, &'a Calendar)> {
    let me = world.mailboxes.get(&owner.id).map(|mailbox| mailbox.owner.address.as_str()).unwrap_or_default();
    let to_me = move |permission: &Permission| permission.grantee.address.eq_ignore_ascii_case(me) && permission.role >= Role::LimitedRead;
    let own = owner.id.clone();
    let others = world.mailboxes.iter().filter(move |(id, _)| **id != own && !me.is_empty());
    others.flat_map(move |(id, mailbox)| {
        mailbox.calendars.iter().filter(move |calendar| calendar.permissions.iter().any(to_me)).map(move |calendar| (id.as_str(), calendar))
    })
}

/// The calendar that stands in this mailbox's list under an id of its own.
fn shared_as(world: &World, owner: &Owner, id: &str) -> Option<(Owner, Calendar)> {
    let found = shared_with(world, owner).find(|(_, calendar)| ids::shared(&calendar.id, &owner.id) == id)?;
    Some((Owner { id: found.0.to_owned(), own: false, group: false }, found.1.clone()))
}

/// A default calendar bears its owner's name in others' lists, as in the documented one.
fn render_shared(world: &World, owner: &Owner, other: &Owner, calendar: &Calendar, me: &str) -> Result<Value> {
    let mailbox = access::mailbox(world, other)?;
    let role = mailbox.role(calendar, me, true);
    let mut shown = render(world, other, calendar)?;
    shown["id"] = ids::shared(&calendar.id, &owner.id).into();
    if calendar.is_default {
        shown["name"] = mailbox.owner.name.clone().into();
    }
    shown["isDefaultCalendar"] = false.into();
    shown["isTallyingResponses"] = false.into();
    shown["isRemovable"] = true.into();
    shown["canShare"] = false.into();
    shown["canEdit"] = (role >= Role::Write).into();
    shown["canViewPrivateItems"] = (role == Role::DelegateWithPrivate).into();
    Ok(shown)
}

/// The calendar that an event lies in.
pub(crate) fn of_event(world: &World, call: &Call<'_>, scope: &Scope, event: &str) -> Result {
    scope.allow(world, call, Need::Read)?;
    let mailbox = access::mailbox(world, &scope.owner)?;
    let found = scope.find(mailbox, event)?;
    let calendar =
        mailbox.events.get(found.index).and_then(|event| mailbox.calendar(&event.calendar_id)).ok_or_else(Error::item_not_found)?;
    Ok(odata::entity(call, &format!("users('{}')/calendars", scope.owner.id), render(world, &scope.owner, calendar)?))
}

fn render(world: &World, owner: &Owner, calendar: &Calendar) -> Result<Value> {
    let mailbox = access::mailbox(world, owner)?;
    let providers = events::providers(world, &owner.id);
    Ok(json!({
        "id": calendar.id,
        "name": calendar.name,
        "color": calendar.color,
        "hexColor": "",
        "isDefaultCalendar": calendar.is_default,
        "changeKey": ids::change_key(calendar.change),
        "canShare": owner.own,
        "canViewPrivateItems": owner.own,
        "canEdit": true,
        "allowedOnlineMeetingProviders": providers,
        "defaultOnlineMeetingProvider": providers.first().unwrap_or(&"unknown"),
        "isTallyingResponses": calendar.is_default,
        "isRemovable": !calendar.is_default,
        "owner": address(&mailbox.owner),
    }))
}

fn shown(world: &World, owner: &Owner, group: Option<&str>) -> Result<Vec<Value>> {
    let mailbox = access::mailbox(world, owner)?;
    let calendars = mailbox.calendars.iter().filter(|calendar| group.is_none_or(|group| calendar.group_id == group));
    let own = calendars.map(|calendar| render(world, owner, calendar));
    let shared = shared_with(world, owner).filter(|_| group.is_none() && owner.own).map(|(other, calendar)| {
        let other = Owner { id: other.to_owned(), own: false, group: false };
        render_shared(world, owner, &other, calendar, &mailbox.owner.address)
    });
    own.chain(shared).collect()
}

fn list(world: &mut World, call: &Call<'_>, owner: &Owner, group: Option<&str>) -> Result {
    match call.method {
        Method::GET => {
            access::calendar(world, call, owner, None, Need::ReadBasic)?;
            odata::collection(call, &format!("users('{}')/calendars", owner.id), shown(world, owner, group)?, Paging::OUTLOOK)
        }
        Method::POST => create(world, call, owner, group),
        _ => Err(Error::method_not_allowed()),
    }
}

fn create(world: &mut World, call: &Call<'_>, owner: &Owner, group: Option<&str>) -> Result {
    access::calendar(world, call, owner, None, Need::Write)?;
    let input = call.json()?;
    let name = input.text("name")?.filter(|name| !name.trim().is_empty()).ok_or_else(|| Error::invalid("The calendar needs 'name'."))?;
    let color = color(&input)?.unwrap_or("auto");
    let (id, change) = (world.next_id(), world.next_change());
    let mailbox = access::mailbox_mut(world, owner)?;
    if mailbox.calendars.iter().any(|calendar| calendar.name.eq_ignore_ascii_case(&name)) {
        // The name is taken: Exchange Web Services documents this code for folders, which calendars are.
        return Err(Error::new(409, "ErrorFolderExists", "A folder with the specified name already exists."));
    }
    let group_id = group.map(str::to_owned).or_else(|| mailbox.calendar_groups.first().map(|group| group.id.clone())).unwrap_or_default();
    let calendar = Calendar { id, group_id, name, color: color.to_owned(), is_default: false, change, permissions: Vec::new() };
    mailbox.calendars.push(calendar.clone());
    Ok(Reply::json(201, odata::with_context(call, &format!("users('{}')/calendars/$entity", owner.id), render(world, owner, &calendar)?)))
}

fn color(input: &super::input::Input) -> Result<Option<&'static str>> {
    input.choice("color", |text| COLORS.iter().copied().find(|color| color.eq_ignore_ascii_case(text)))
}

fn update(world: &mut World, call: &Call<'_>, owner: &Owner, id: &str) -> Result {
    access::calendar(world, call, owner, Some(id), Need::Write)?;
    let input = call.json()?;
    let (name, color, default) = (input.text("name")?, color(&input)?, input.boolean("isDefaultCalendar")?);
    let change = world.next_change();
    let mailbox = access::mailbox_mut(world, owner)?;
    if default == Some(true) {
        mailbox.calendars.iter_mut().for_each(|calendar| calendar.is_default = calendar.id == id);
    }
    let calendar = mailbox.calendars.iter_mut().find(|calendar| calendar.id == id).ok_or_else(Error::item_not_found)?;
    calendar.change = change;
    if let Some(name) = name {
        calendar.name = name;
    }
    if let Some(color) = color {
        calendar.color = color.to_owned();
    }
    let calendar = calendar.clone();
    Ok(odata::entity(call, &format!("users('{}')/calendars", owner.id), render(world, owner, &calendar)?))
}

fn delete(world: &mut World, call: &Call<'_>, owner: &Owner, id: &str) -> Result {
    access::calendar(world, call, owner, Some(id), Need::Write)?;
    let mailbox = access::mailbox_mut(world, owner)?;
    if mailbox.calendar(id).is_some_and(|calendar| calendar.is_default) {
        return Err(Error::new(400, "ErrorDeleteDistinguishedFolder", "The default calendar cannot be deleted."));
    }
    mailbox.calendars.retain(|calendar| calendar.id != id);
    mailbox.events.retain(|event| event.calendar_id != id);
    Ok(Reply::empty(204))
}

fn groups(world: &mut World, call: &Call<'_>, owner: &Owner, rest: &[&str]) -> Result {
    let need = if call.method == Method::GET { Need::ReadBasic } else { Need::Write };
    access::calendar(world, call, owner, None, need)?;
    let context = format!("users('{}')/calendarGroups", owner.id);
    match (&call.method, rest) {
        (&Method::GET, []) => {
            let rows: Vec<Value> = access::mailbox(world, owner)?.calendar_groups.iter().map(render_group).collect();
            odata::collection(call, &context, rows, Paging::OUTLOOK)
        }
        (&Method::GET, ["$count"]) => Ok(Reply::count(access::mailbox(world, owner)?.calendar_groups.len())),
        (&Method::POST, []) => {
            let name = call.json()?.text("name")?.ok_or_else(|| Error::invalid("The calendar group needs 'name'."))?;
            let (id, change) = (world.next_id(), world.next_change());
            let group = CalendarGroup { class_id: ids::guid(&id), id, name, change };
            access::mailbox_mut(world, owner)?.calendar_groups.push(group.clone());
            Ok(Reply::json(201, odata::with_context(call, &format!("{context}/$entity"), render_group(&group))))
        }
        (_, [id, rest @ ..]) => {
            let mailbox = access::mailbox(world, owner)?;
            let group = mailbox.calendar_groups.iter().find(|group| group.id == **id).cloned().ok_or_else(Error::item_not_found)?;
            group_route(world, call, owner, group, rest)
        }
        _ => Err(Error::method_not_allowed()),
    }
}

fn group_route(world: &mut World, call: &Call<'_>, owner: &Owner, mut group: CalendarGroup, rest: &[&str]) -> Result {
    let context = format!("users('{}')/calendarGroups", owner.id);
    match (&call.method, rest) {
        (&Method::GET, []) => Ok(odata::entity(call, &context, render_group(&group))),
        (&Method::PATCH, []) => {
            group.name = call.json()?.text("name")?.unwrap_or(group.name);
            group.change = world.next_change();
            let mailbox = access::mailbox_mut(world, owner)?;
            mailbox.calendar_groups.iter_mut().filter(|stored| stored.id == group.id).for_each(|stored| *stored = group.clone());
            Ok(odata::entity(call, &context, render_group(&group)))
        }
        (&Method::DELETE, []) => {
            let mailbox = access::mailbox_mut(world, owner)?;
            let holds_default = mailbox.default_calendar().is_some_and(|calendar| calendar.group_id == group.id);
            if holds_default {
                return Err(Error::new(400, "ErrorDeleteDistinguishedFolder", "The default calendar group cannot be deleted."));
            }
            if mailbox.calendars.iter().any(|calendar| calendar.group_id == group.id) {
                return Err(Error::new(400, "ErrorCalendarGroupIsNotEmpty", "The calendar group still has calendars."));
            }
            mailbox.calendar_groups.retain(|stored| stored.id != group.id);
            Ok(Reply::empty(204))
        }
        (_, ["calendars"]) => list(world, call, owner, Some(&group.id)),
        (_, ["calendars", id, rest @ ..]) => {
            let calendar = access::mailbox(world, owner)?.calendar(id).filter(|calendar| calendar.group_id == group.id);
            calendar.ok_or_else(Error::item_not_found)?;
            one(world, call, owner, id, rest)
        }
        _ => Err(unknown(call)),
    }
}

fn render_group(group: &CalendarGroup) -> Value {
    json!({ "id": group.id, "name": group.name, "classId": group.class_id, "changeKey": ids::change_key(group.change) })
}

/// Who may see a calendar. The organization's own entry can be changed but not removed.
fn permissions(world: &mut World, call: &Call<'_>, owner: &Owner, calendar: &str, rest: &[&str]) -> Result {
    let need = if call.method == Method::GET { Need::Read } else { Need::Write };
    access::calendar(world, call, owner, Some(calendar), need)?;
    let context = format!("users('{}')/calendars('{calendar}')/calendarPermissions", owner.id);
    let find = |mailbox: &Mailbox, id: &str| {
        let permissions = mailbox.calendar(calendar).map(|calendar| calendar.permissions.as_slice()).unwrap_or_default();
        permissions.iter().position(|permission| permission.id == id).ok_or_else(Error::item_not_found)
    };
    let role = |call: &Call<'_>| call.json()?.choice("role", Role::parse)?.ok_or_else(|| Error::invalid("The permission needs 'role'."));
    let list = |world: &'_ mut World| -> Result<Vec<Permission>> {
        let mailbox = access::mailbox(world, owner)?;
        Ok(mailbox.calendar(calendar).map(|calendar| calendar.permissions.clone()).unwrap_or_default())
    };
    match (&call.method, rest) {
        (&Method::GET, []) => {
            let rows: Vec<Value> = list(world)?.iter().map(render_permission).collect();
            odata::collection(call, &context, rows, Paging::OUTLOOK)
        }
        (&Method::POST, []) => {
            let missing = || Error::invalid("The permission needs 'emailAddress'.");
            let grantee = call.json()?.address("emailAddress")?.filter(|grantee| !grantee.address.is_empty()).ok_or_else(missing)?;
            let permission = Permission { id: STANDARD.encode(grantee.address.to_lowercase()), grantee, role: role(call)? };
            let mailbox = access::mailbox_mut(world, owner)?;
            let stored = mailbox.calendars.iter_mut().find(|stored| stored.id == calendar).ok_or_else(Error::item_not_found)?;
            stored.permissions.retain(|known| known.id != permission.id);
            stored.permissions.push(permission.clone());
            // Documented as 200, unlike other creations.
            Ok(Reply::ok(odata::with_context(call, &format!("{context}/$entity"), render_permission(&permission))))
        }
        (method, [id]) => {
            let index = find(access::mailbox(world, owner)?, id)?;
            let role = if method == Method::PATCH { Some(role(call)?) } else { None };
            let mailbox = access::mailbox_mut(world, owner)?;
            let stored = mailbox.calendars.iter_mut().find(|stored| stored.id == calendar).ok_or_else(Error::item_not_found)?;
            let permission = stored.permissions.get_mut(index).ok_or_else(Error::item_not_found)?;
            match *method {
                Method::GET => Ok(odata::entity(call, &context, render_permission(permission))),
                Method::PATCH => {
                    permission.role = role.unwrap_or(permission.role);
                    Ok(odata::entity(call, &context, render_permission(permission)))
                }
                Method::DELETE if permission.grantee.name == MY_ORGANIZATION => {
                    Err(Error::invalid("The permission of the organization cannot be removed."))
                }
                Method::DELETE => {
                    stored.permissions.remove(index);
                    Ok(Reply::empty(204))
                }
                _ => Err(Error::method_not_allowed()),
            }
        }
        _ => Err(unknown(call)),
    }
}

fn render_permission(permission: &Permission) -> Value {
    let organization = permission.grantee.address.is_empty();
    let mut roles = vec!["freeBusyRead", "limitedRead", "read", "write"];
    if organization {
        roles.insert(0, "none");
    } else {
        roles.extend(["delegateWithoutPrivateEventAccess", "delegateWithPrivateEventAccess"]);
    }
    let address = if organization { Value::Null } else { permission.grantee.address.clone().into() };
    json!({
        "id": permission.id,
        "isRemovable": !organization,
        "isInsideOrganization": true,
        "role": permission.role.as_str(),
        "allowedRoles": roles,
        "emailAddress": { "name": permission.grantee.name, "address": address },
    })
}
