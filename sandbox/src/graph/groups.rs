//! Groups: lists, members, and the calendars of Microsoft 365 groups. Owns their JSON; leaves events to `events`. Groups are not created or
//! changed here.

use axum::http::Method;
use serde_json::{Value, json};

use super::{
    access::Owner,
    calendar_view, calendars,
    delta::{Item, Round},
    drive,
    error::{Error, Result},
    events::{self, Scope},
    odata::{self, Paging, Row, Select},
    request::Call,
    routes::unknown,
    scopes,
    users::{self, Search},
};
use crate::world::{World, directory::Group};

const READ: &[&str] = &[
    "Group.ReadBasic.All",
    "GroupMember.Read.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
const READ_MEMBERS: &[&str] =
    &["GroupMember.Read.All", "Group.Read.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];

/// Everything below `/groups`.
pub(crate) fn route(world: &mut World, call: &Call<'_>, rest: &[&str]) -> Result {
    if call.method != Method::GET && !matches!(rest, [_, "events" | "calendar" | "drive", ..]) {
        return Err(Error::not_modelled("creating, changing or deleting groups"));
    }
    match rest {
        [] => list(world, call, false),
        ["$count"] => list(world, call, true),
        ["delta"] => delta(world, call),
        [id, rest @ ..] => {
            let group = world.groups.iter().find(|group| group.id.eq_ignore_ascii_case(id) && group.tenant_id == call.caller.tenant_id);
            let group = group.cloned().ok_or_else(|| Error::resource_not_found(id))?;
            one(world, call, &group, rest)
        }
    }
}

fn list(world: &World, call: &Call<'_>, count: bool) -> Result {
    scopes::directory(call, READ)?;
    let search = call.option("$search").map(|text| Search::read(call, text)).transpose()?;
    let groups = world.groups.iter().filter(|group| group.tenant_id == call.caller.tenant_id).map(render);
    let rows: Vec<Value> = groups.filter(|group| search.as_ref().is_none_or(|search| search.holds(group))).collect();
    if count { odata::count(call, rows, Paging::DIRECTORY) } else { odata::collection(call, "groups", rows, Paging::DIRECTORY) }
}

fn delta(world: &mut World, call: &Call<'_>) -> Result {
    scopes::directory(call, READ_MEMBERS)?;
    let round = Round::begin(world, call, "groups".to_owned())?;
    let select = Select::read(call);
    let groups = world.groups.iter().filter(|group| group.tenant_id == call.caller.tenant_id);
    let items = groups.map(|group| {
        let mut value = select.apply(render(group));
        if select.is_all() || select.names("members") {
            let members = group.members.iter().map(|id| json!({ "@odata.type": "#microsoft.graph.user", "id": id }));
            value["members@delta"] = members.collect::<Vec<_>>().into();
        }
        Item { id: group.id.clone(), change: 1, value }
    });
    let items = items.collect();
    let size = odata::page_size(call, Paging::DIRECTORY)?;
    round.answer(world, call, "groups", items, |id| json!({ "id": id, "@removed": { "reason": "deleted" } }), size)
}

fn one(world: &mut World, call: &Call<'_>, group: &Group, rest: &[&str]) -> Result {
    let owner = Owner { id: group.id.clone(), own: false, group: true };
    let scope = Scope { owner: owner.clone(), calendar: None };
    match rest {
        [] => {
            scopes::directory(call, READ)?;
            Ok(odata::entity(call, "groups", with_selected(call, render(group))))
        }
        ["members" | "transitiveMembers"] => people(world, call, &group.members, false),
        ["members" | "transitiveMembers", "$count"] | ["members" | "transitiveMembers", "user", "$count"] => {
            people(world, call, &group.members, true)
        }
        // A cast to users: all members are.
        ["members" | "transitiveMembers", "user"] => people(world, call, &group.members, false),
        ["owners"] => people(world, call, &group.owners, false),
        // No group is in a group here.
        ["memberOf" | "transitiveMemberOf", rest @ ..] => {
            scopes::directory(call, READ_MEMBERS)?;
            memberships(call, Vec::new(), rest)
        }
        ["events", rest @ ..] => events::route(world, call, &scope, rest),
        ["calendarView"] => calendar_view::get(world, call, &scope),
        ["calendarView", "delta"] => calendar_view::delta(world, call, &scope),
        ["drive", ..] => {
            let rest: Vec<&str> = call.raw_segments.iter().skip(3).map(String::as_str).collect();
            drive::route(world, call, &owner, &rest)
        }
        ["drives"] if call.method == Method::GET => drive::list(world, call, &owner),
        ["calendar", ..] => calendars::route(world, call, &owner, rest),
        _ => Err(unknown(call)),
    }
}

fn people(world: &World, call: &Call<'_>, ids: &[String], count: bool) -> Result {
    scopes::directory(call, READ_MEMBERS)?;
    let rows: Vec<Value> =
        ids.iter().filter_map(|id| world.user(id)).map(|user| users::typed(users::row(world, call, user).show())).collect();
    if count { odata::count(call, rows, Paging::DIRECTORY) } else { odata::collection(call, "directoryObjects", rows, Paging::DIRECTORY) }
}

/// `…/memberOf` of a person.
pub(crate) fn of_member(world: &World, call: &Call<'_>, owner: &Owner, rest: &[&str]) -> Result {
    let scopes_of_self: &[&str] = &["User.Read", "User.Read.All", "Directory.Read.All", "GroupMember.Read.All", "Group.Read.All"];
    scopes::directory(call, if owner.own { scopes_of_self } else { READ_MEMBERS })?;
    let groups = world.groups.iter().filter(|group| group.members.contains(&owner.id));
    let rows: Vec<Value> = groups
        .map(|group| {
            let mut value = render(group);
            value["@odata.type"] = "#microsoft.graph.group".into();
            value
        })
        .collect();
    memberships(call, rows, rest)
}

fn memberships(call: &Call<'_>, rows: Vec<Value>, rest: &[&str]) -> Result {
    match rest {
        [] | ["group"] => odata::collection(call, "directoryObjects", rows, Paging::DIRECTORY),
        ["$count"] | ["group", "$count"] => odata::count(call, rows, Paging::DIRECTORY),
        _ => Err(unknown(call)),
    }
}

/// Members that come only when selected, and only for one group.
fn with_selected(call: &Call<'_>, mut group: Value) -> Value {
    let select = Select::read(call);
    let more = json!({
        "allowExternalSenders": false,
        "autoSubscribeNewMembers": false,
        "hideFromAddressLists": false,
        "hideFromOutlookClients": false,
        "isSubscribedByMail": false,
        "unseenCount": 0,
    });
    if let (Value::Object(more), Some(group)) = (more, group.as_object_mut()) {
        group.extend(more.into_iter().filter(|(name, _)| select.names(name)));
    }
    group
}

fn render(group: &Group) -> Value {
    json!({
        "id": group.id,
        "deletedDateTime": null,
        "classification": null,
        "createdDateTime": "2024-01-15T09:00:00Z",
        "description": group.description,
        "displayName": group.display_name,
        "expirationDateTime": null,
        "groupTypes": if group.unified { json!(["Unified"]) } else { json!([]) },
        "isAssignableToRole": null,
        "mail": group.mail,
        "mailEnabled": true,
        "mailNickname": group.mail.split('@').next(),
        "membershipRule": null,
        "membershipRuleProcessingState": null,
        "onPremisesDomainName": null,
        "onPremisesLastSyncDateTime": null,
        "onPremisesNetBiosName": null,
        "onPremisesSamAccountName": null,
        "onPremisesSecurityIdentifier": null,
        "onPremisesSyncEnabled": null,
        "preferredDataLocation": null,
        "preferredLanguage": null,
        "proxyAddresses": [format!("SMTP:{}", group.mail)],
        "renewedDateTime": "2024-01-15T09:00:00Z",
        "resourceBehaviorOptions": [],
        "resourceProvisioningOptions": [],
        "securityEnabled": false,
        "securityIdentifier": security_identifier(&group.id),
        "theme": null,
        "visibility": if group.unified { json!("Private") } else { Value::Null },
        "onPremisesProvisioningErrors": [],
    })
}

/// Entra's: `S-1-12-1-` and the object id's sixteen bytes as four little-endian numbers.
fn security_identifier(id: &str) -> Option<String> {
    let bytes = uuid::Uuid::parse_str(id).ok()?.to_bytes_le();
    let (numbers, _) = bytes.as_chunks::<4>();
    let numbers: Vec<String> = numbers.iter().map(|number| u32::from_le_bytes(*number).to_string()).collect();
    Some(format!("S-1-12-1-{}", numbers.join("-")))
}
