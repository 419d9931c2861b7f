//! Sharing: permissions of items, links, invitations, and what was shared with somebody. Owns who may do what with an item that is not
//! theirs; a permission on a folder holds for all below it.

use axum::http::Method;
use serde_json::{Map, Value, json};

use super::{denied, item, not_found};
use crate::{
    graph::{
        access::{self, Owner},
        error::{Error, Result},
        mail,
        odata::{self, Paging},
        reply::Reply,
        request::Call,
    },
    identity,
    world::{
        World,
        drive::{Drive, DriveItem, Grantee, Permission},
        event::Address,
    },
};

/// `…/permissions`, `…/invite`, `…/createLink` of an item; `None`: another operation.
pub(super) fn route(world: &mut World, call: &Call<'_>, owner: &Owner, found: &DriveItem, operation: &[&str]) -> Option<Result> {
    Some(match (&call.method, operation) {
        (&Method::GET, ["permissions"]) => list(world, call, owner, found),
        (_, ["permissions", id]) => one(world, call, owner, found, id),
        (&Method::POST, ["invite"]) => invite(world, call, owner, found),
        (&Method::POST, ["createlink"]) => create_link(world, call, owner, found),
        _ => return None,
    })
}

/// What somebody may do with another's item: `None`, or whether it may be changed.
pub(super) fn may_write(world: &World, drive: &Drive, found: &DriveItem, address: &str) -> Option<bool> {
    let holds = |permission: &Permission| match &permission.grantee {
        Grantee::Person(person) => world.recipients(&person.address).iter().any(|id| world.mailbox_at(address) == Some(id)),
        // Who opens a link of the organization's is let in by it; the sandbox takes it as opened.
        Grantee::Link { scope, .. } => scope != "users",
    };
    let all: Vec<&Permission> = drive.with_parents(found).flat_map(|item| &item.permissions).filter(|one| holds(one)).collect();
    (!all.is_empty()).then(|| all.iter().any(|permission| permission.write))
}

fn list(world: &World, call: &Call<'_>, owner: &Owner, found: &DriveItem) -> Result {
    let drive = &access::mailbox(world, owner)?.drive;
    let own =
        json!({ "id": "owner", "roles": ["owner"], "grantedToV2": { "user": identity_of(world, &access::mailbox(world, owner)?.owner) } });
    let shared = drive
        .with_parents(found)
        .flat_map(|item| item.permissions.iter().map(move |permission| (item, permission)))
        .map(|(item, permission)| render(world, permission, (item.id != found.id).then_some((drive, item))));
    odata::collection(call, "Collection(permission)", std::iter::once(own).chain(shared).collect(), Paging::FILES)
}

fn one(world: &mut World, call: &Call<'_>, owner: &Owner, found: &DriveItem, id: &str) -> Result {
    let known = found.permissions.iter().find(|permission| permission.id.eq_ignore_ascii_case(id)).cloned();
    let known = known.ok_or_else(not_found)?;
    let changed = match call.method {
        Method::GET => return Ok(Reply::ok(odata::with_context(call, "permission", render(world, &known, None)))),
        Method::PATCH => Some(Permission { write: writes(&call.json()?.texts("roles")?.unwrap_or_default())?, ..known.clone() }),
        Method::DELETE => None,
        _ => return Err(Error::method_not_allowed()),
    };
    let stored = stored(world, owner, &found.id)?;
    stored.permissions.retain(|permission| permission.id != known.id);
    stored.permissions.extend(changed.clone());
    Ok(match changed {
        Some(changed) => Reply::ok(odata::with_context(call, "permission", render(world, &changed, None))),
        None => Reply::empty(204),
    })
}

fn stored<'a>(world: &'a mut World, owner: &Owner, id: &str) -> Result<&'a mut DriveItem> {
    access::mailbox_mut(world, owner)?.drive.items.iter_mut().find(|item| item.id == id).ok_or_else(not_found)
}

fn writes(roles: &[String]) -> Result<bool> {
    match roles {
        [role] if role == "read" || role == "write" => Ok(role == "write"),
        _ => Err(Error::new(400, "invalidRequest", "'roles' must be [\"read\"] or [\"write\"].")),
    }
}

/// Each recipient gets a permission, and mail about it unless `sendInvitation` is false.
fn invite(world: &mut World, call: &Call<'_>, owner: &Owner, found: &DriveItem) -> Result {
    let input = call.json()?;
    let write = writes(&input.texts("roles")?.unwrap_or_default())?;
    let mut made = Vec::new();
    for recipient in input.objects("recipients")?.unwrap_or_default() {
        let address = recipient.text("email")?.or(recipient.text("alias")?).or(recipient.text("objectId")?).unwrap_or_default();
        let known = world.user(&address).map(|user| (user.display_name.clone(), user.mail().to_owned()));
        let known = known.or_else(|| world.group(&address).map(|group| (group.display_name.clone(), group.mail.clone())));
        let (name, address) = known.unwrap_or_else(|| (address.clone(), address.clone()));
        if !address.contains('@') {
            return Err(Error::new(400, "invalidRequest", "Each of the 'recipients' needs an 'email'."));
        }
        made.push(Permission { id: next_id(world), write, app_id: String::new(), grantee: Grantee::Person(Address { name, address }) });
    }
    if made.is_empty() {
        return Err(Error::new(400, "invalidRequest", "'recipients' needs at least one recipient."));
    }
    stored(world, owner, &found.id)?.permissions.extend(made.clone());
    if input.boolean("sendInvitation")?.unwrap_or(false) {
        let to = made.iter().filter_map(Permission::person).cloned().collect();
        let text = input.text("message")?.unwrap_or_default();
        mail::notify(world, call, owner, to, &format!("\"{}\" was shared with you", found.name), &text)?;
    }
    let value: Vec<Value> = made.iter().map(|permission| render(world, permission, None)).collect();
    Ok(odata::plain(call, "Collection(permission)", value))
}

fn create_link(world: &mut World, call: &Call<'_>, owner: &Owner, found: &DriveItem) -> Result {
    let input = call.json()?;
    let kind = input.text("type")?.unwrap_or_else(|| "view".to_owned()).to_lowercase();
    let scope = input.text("scope")?.unwrap_or_else(|| "organization".to_owned()).to_lowercase();
    if !["view", "edit", "embed"].contains(&kind.as_str()) || !["anonymous", "organization", "users"].contains(&scope.as_str()) {
        return Err(Error::new(400, "invalidRequest", "'type' must be view, edit or embed, 'scope' anonymous, organization or users."));
    }
    let wanted = Grantee::Link { kind, scope };
    // Documented: an application's link of the same kind is given again, with 200.
    let known = found.permissions.iter().find(|known| known.grantee == wanted && known.app_id == call.caller.app_id).cloned();
    let (status, permission) = match known {
        Some(known) => (200, known),
        None => {
            let write = matches!(&wanted, Grantee::Link { kind, .. } if kind == "edit");
            let made = Permission { id: next_id(world), write, app_id: call.caller.app_id.clone(), grantee: wanted };
            stored(world, owner, &found.id)?.permissions.push(made.clone());
            (201, made)
        }
    };
    Ok(Reply::json(status, odata::with_context(call, "permission", render(world, &permission, None))))
}

fn next_id(world: &mut World) -> String {
    let number = world.next_change();
    world.secret(&format!("permission {number}")).chars().filter(char::is_ascii_alphanumeric).take(24).collect()
}

fn identity_of(world: &World, person: &Address) -> Value {
    json!({ "id": world.user(&person.address).map(|user| user.id.clone()), "displayName": person.name, "email": person.address })
}

fn render(world: &World, permission: &Permission, inherited: Option<(&Drive, &DriveItem)>) -> Value {
    let mut out = json!({ "id": permission.id, "roles": [if permission.write { "write" } else { "read" }] });
    match &permission.grantee {
        Grantee::Link { kind, scope } => {
            let url = format!("https://contoso-my.sharepoint.com/:f:/g/{}", permission.id);
            let mut link = json!({ "type": kind, "scope": scope, "webUrl": url, "preventsDownload": false });
            if kind == "embed" {
                link["webHtml"] = format!("<iframe src=\"{url}\"></iframe>").into();
            }
            if let Some(name) = identity::client_name(&permission.app_id) {
                link["application"] = json!({ "id": permission.app_id, "displayName": name });
            }
            out["link"] = link;
        }
        Grantee::Person(person) => {
            let identity = identity_of(world, person);
            let site = json!({ "id": "1", "displayName": person.name, "loginName": format!("i:0#.f|membership|{}", person.address) });
            out["@deprecated.GrantedTo"] = "GrantedTo has been deprecated. Refer to GrantedToV2".into();
            out["grantedTo"] = json!({ "user": identity });
            out["grantedToV2"] = json!({ "user": identity, "siteUser": site });
            if identity["id"].is_null() {
                out["invitation"] = json!({ "email": person.address, "signInRequired": true });
            }
        }
    }
    if let Some((drive, item)) = inherited {
        out["inheritedFrom"] = json!({ "driveId": drive.id, "id": item.id, "path": format!("/drive/root:{}", drive.path(item)) });
    }
    out
}

/// What was shared with somebody by name, in all drives: each as a `remoteItem`.
pub(super) fn shared_with(world: &World, call: &Call<'_>, owner: &Owner) -> Result<Vec<Value>> {
    let me = access::mailbox(world, owner)?.owner.address.clone();
    let mut found = Vec::new();
    for (id, mailbox) in world.mailboxes.iter().filter(|(id, _)| **id != owner.id) {
        let to_me = |permission: &Permission| {
            permission.person().is_some_and(|person| world.recipients(&person.address).iter().any(|id| world.mailbox_at(&me) == Some(id)))
        };
        for shared in mailbox.drive.items.iter().filter(|item| item.permissions.iter().any(to_me)) {
            let other = Owner { id: id.clone(), own: false, group: false };
            found.push(remote(item::render(world, call, &other, shared)?));
        }
    }
    Ok(found)
}

/// Everybody's view of an item in somebody else's drive.
fn remote(shown: Value) -> Value {
    let Value::Object(mut members) = shown else { return shown };
    members.remove("@microsoft.graph.downloadUrl");
    let copied = ["id", "name", "lastModifiedDateTime", "webUrl", "size", "createdBy", "lastModifiedBy", "createdDateTime"];
    let mut out: Map<String, Value> =
        copied.iter().filter_map(|name| members.get(*name).map(|value| ((*name).to_owned(), value.clone()))).collect();
    let inner = ["id", "name", "size", "file", "folder", "parentReference", "fileSystemInfo", "webUrl"];
    let remote: Map<String, Value> =
        inner.iter().filter_map(|name| members.get(*name).map(|value| ((*name).to_owned(), value.clone()))).collect();
    out.insert("remoteItem".to_owned(), Value::Object(remote));
    out.insert("fileSystemInfo".to_owned(), members.get("fileSystemInfo").cloned().unwrap_or_default());
    Value::Object(out)
}

/// Refuses what the caller may not do with somebody else's item.
pub(super) fn check(world: &World, call: &Call<'_>, owner: &Owner, found: &DriveItem) -> Result<()> {
    let caller = call.caller.user_id.as_deref().and_then(|id| world.user(id)).ok_or_else(denied)?;
    let drive = &access::mailbox(world, owner)?.drive;
    match may_write(world, drive, found, caller.mail()) {
        Some(write) if write || call.method == Method::GET => Ok(()),
        _ => Err(denied()),
    }
}
