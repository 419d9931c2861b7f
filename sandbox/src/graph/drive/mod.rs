//! Files: drives, folders, contents. Owns addresses by id and by path, and changes; leaves bytes without a token to `transfer`.

mod history;
mod item;
mod sharing;
pub(crate) mod transfer;

use axum::http::Method;
use serde_json::{Value, json};

use super::{
    access::{self, Owner},
    delta::{Item, Round},
    error::{Error, Result},
    odata::{self, Paging, Select},
    reply::Reply,
    request::Call,
    routes::unknown,
    scopes,
};
use crate::world::{
    World,
    drive::{Drive, DriveItem, FileContent, Version},
};

const READ: &[&str] = &["Files.Read", "Files.ReadWrite", "Files.Read.All", "Files.ReadWrite.All"];
const WRITE: &[&str] = &["Files.ReadWrite", "Files.ReadWrite.All"];
const READ_SHARED: &[&str] = &["Files.Read.All", "Files.ReadWrite.All"];
const WRITE_SHARED: &[&str] = &["Files.ReadWrite.All"];

/// Where an address points: an item, or the name that a new one would have in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Target {
    Item(String),
    New { folder: String, name: String },
}

/// Everything below `…/drive` (`rest`: decoded, but spelled as sent).
pub(crate) fn route(world: &mut World, call: &Call<'_>, owner: &Owner, rest: &[&str]) -> Result {
    scopes::directory(call, if call.method == Method::GET { READ } else { WRITE }).map_err(|_| denied())?;
    // Of somebody else's drive only what was shared can be reached, item by item.
    let visiting = !owner.own && call.caller.user_id.is_some() && !is_of_own_group(world, call, owner);
    let drive = &access::mailbox(world, owner)?.drive;
    if visiting {
        scopes::directory(call, if call.method == Method::GET { READ_SHARED } else { WRITE_SHARED }).map_err(|_| denied())?;
        let (target, operation) = locate(drive, rest)?;
        let id = match &target {
            Target::Item(id) => id,
            Target::New { folder, .. } => folder,
        };
        sharing::check(world, call, owner, drive.item(id).ok_or_else(not_found)?)?;
        return serve(world, call, owner, target, &operation);
    }
    match rest {
        [] => Ok(odata::entity(call, "drives", item::render_drive(world, owner, drive))),
        [search] if search.to_lowercase().starts_with("search(") => self::search(world, call, owner, search),
        ["recent" | "recent()"] if call.method == Method::GET => history::recent(world, call, owner),
        ["sharedWithMe" | "sharedWithMe()"] if call.method == Method::GET => {
            odata::collection(call, "Collection(driveItem)", sharing::shared_with(world, call, owner)?, Paging::FILES)
        }
        ["following"] if call.method == Method::GET => {
            let followed = drive.items.iter().filter(|item| item.followed);
            let rows = followed.map(|found| item::render(world, call, owner, found)).collect::<Result<Vec<Value>>>()?;
            odata::collection(call, "Collection(driveItem)", rows, Paging::FILES)
        }
        ["special", name, rest @ ..] => {
            let folder = special(world, call, owner, name)?;
            serve(world, call, owner, Target::Item(folder), &rest.iter().map(|segment| (*segment).to_owned()).collect::<Vec<_>>())
        }
        ["special" | "recent" | "sharedWithMe" | "following", ..] => Err(unknown(call)),
        _ => {
            let (target, operation) = locate(drive, rest)?;
            serve(world, call, owner, target, &operation)
        }
    }
}

/// A group's files are its members'.
fn is_of_own_group(world: &World, call: &Call<'_>, owner: &Owner) -> bool {
    owner.group
        && world
            .group(&owner.id)
            .is_some_and(|group| call.caller.user_id.as_ref().is_some_and(|id| group.members.contains(id) || group.owners.contains(id)))
}

/// The folder with a name of the service's own, which is made when somebody first asks for it (drive: get special).
fn special(world: &mut World, call: &Call<'_>, owner: &Owner, name: &str) -> Result<String> {
    let known =
        [("documents", "Documents"), ("photos", "Pictures"), ("cameraroll", "Camera Roll"), ("music", "Music"), ("approot", "Apps")];
    let (_, name) = known.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).ok_or_else(not_found)?;
    let drive = &access::mailbox(world, owner)?.drive;
    let root = drive.root().ok_or_else(not_found)?.id.clone();
    if let Some(folder) = drive.at_path(&root, name) {
        return Ok(folder.id.clone());
    }
    Ok(save(world, call, owner, &root, name, None, "fail")?.1.id)
}

/// `…/drives`.
pub(crate) fn list(world: &World, call: &Call<'_>, owner: &Owner) -> Result {
    scopes::directory(call, READ).map_err(|_| denied())?;
    let drive = item::render_drive(world, owner, &access::mailbox(world, owner)?.drive);
    odata::collection(call, "drives", vec![drive], Paging::FILES)
}

/// Whose drive an id names.
pub(crate) fn owner_of(world: &World, call: &Call<'_>, id: &str) -> Result<Owner> {
    let found = world.mailboxes.iter().find(|(_, mailbox)| mailbox.drive.id == id).map(|(owner, _)| owner.clone());
    let of_group = |id: &String| world.group(id).filter(|group| group.tenant_id == call.caller.tenant_id).map(|group| group.id.clone());
    let owner = found.and_then(|owner| match of_group(&owner) {
        Some(id) => Some(Owner { id, own: false, group: true }),
        None => access::person(world, call, &owner),
    });
    owner.ok_or_else(not_found)
}

fn denied() -> Error {
    Error::new(403, "accessDenied", "The caller does not have permission to perform the action.")
}

fn not_found() -> Error {
    Error::new(404, "itemNotFound", "The resource could not be found.")
}

/// Takes an address apart: `root`, `items/{id}`, `root:/a/b:/content`, `items/{id}:/a:`. Answers with what is left of it.
fn locate(drive: &Drive, rest: &[&str]) -> Result<(Target, Vec<String>)> {
    let root = drive.root().ok_or_else(not_found)?.id.clone();
    let (start, rest, colon) = match rest {
        [first, rest @ ..] if first.eq_ignore_ascii_case("root") => (root, rest, false),
        [first, rest @ ..] if first.eq_ignore_ascii_case("root:") => (root, rest, true),
        [items, id, rest @ ..] if items.eq_ignore_ascii_case("items") => match id.strip_suffix(':') {
            Some(id) => (id.to_owned(), rest, true),
            None => ((*id).to_owned(), rest, false),
        },
        _ => return Err(not_found()),
    };
    let start = if start.eq_ignore_ascii_case("root") { drive.root().ok_or_else(not_found)?.id.clone() } else { start };
    drive.item(&start).ok_or_else(not_found)?;
    if !colon {
        return Ok((Target::Item(start), rest.iter().map(|segment| (*segment).to_owned()).collect()));
    }
    let end = rest.iter().position(|segment| segment.ends_with(':')).map_or(rest.len(), |position| position + 1);
    let (path, operation) = rest.split_at(end);
    let mut names: Vec<&str> = path.iter().map(|name| name.trim_end_matches(':')).filter(|name| !name.is_empty()).collect();
    let operation = operation.iter().map(|segment| (*segment).to_owned()).collect();
    if let Some(item) = drive.at_path(&start, &names.join("/")) {
        return Ok((Target::Item(item.id.clone()), operation));
    }
    let name = names.pop().ok_or_else(not_found)?.to_owned();
    let folder = drive.at_path(&start, &names.join("/")).filter(|folder| folder.file.is_none()).ok_or_else(not_found)?;
    Ok((Target::New { folder: folder.id.clone(), name }, operation))
}

fn serve(world: &mut World, call: &Call<'_>, owner: &Owner, target: Target, operation: &[String]) -> Result {
    let operation: Vec<String> = operation.iter().map(|segment| segment.to_lowercase()).collect();
    let operation: Vec<&str> = operation.iter().map(|name| name.trim_start_matches("microsoft.graph.")).collect();
    match (&call.method, target, operation.as_slice()) {
        (&Method::PUT, target, ["content"]) => put_content(world, call, owner, target),
        (&Method::POST, target, ["createuploadsession"]) => transfer::create_session(world, call, owner, target),
        (_, Target::New { .. }, _) => Err(not_found()),
        (method, Target::Item(id), operation) => {
            let drive = &access::mailbox(world, owner)?.drive;
            let found = drive.item(&id).cloned().ok_or_else(not_found)?;
            if let Some(reply) = history::route(world, call, owner, &found, operation) {
                return reply;
            }
            if let Some(reply) = sharing::route(world, call, owner, &found, operation) {
                return reply;
            }
            match (method, operation) {
                (&Method::GET, []) => show(world, call, owner, &found),
                (&Method::PATCH, []) => change(world, call, owner, &found),
                (&Method::DELETE, []) => delete(world, call, owner, &found),
                (&Method::GET, ["children"]) => children(world, call, owner, &found),
                (&Method::POST, ["children"]) => create_folder(world, call, owner, &found),
                (&Method::GET, ["content"]) if call.option("format").is_some() => Err(Error::not_modelled("the conversion of files")),
                (&Method::GET, ["content"]) => content(world, call, owner, &found),
                (&Method::GET, [function]) if function.starts_with("search(") => search(world, call, owner, function),
                (&Method::GET, ["delta"]) => delta(world, call, owner),
                _ => Err(unknown(call)),
            }
        }
    }
}

fn show(world: &World, call: &Call<'_>, owner: &Owner, found: &DriveItem) -> Result {
    let value = item::render(world, call, owner, found)?;
    let etag = value["eTag"].as_str().unwrap_or_default();
    if call.header("if-none-match").is_some_and(|known| known == etag) {
        return Ok(Reply::empty(304));
    }
    let mut value = value.clone();
    if call.option("$expand").is_some_and(|list| list.to_lowercase().contains("children")) {
        let drive = &access::mailbox(world, owner)?.drive;
        let children = drive.children(&found.id).map(|child| item::render(world, call, owner, child)).collect::<Result<Vec<Value>>>()?;
        value["children"] = children.into();
    }
    Ok(odata::entity(call, "drive/items", value))
}

fn children(world: &World, call: &Call<'_>, owner: &Owner, folder: &DriveItem) -> Result {
    let drive = &access::mailbox(world, owner)?.drive;
    let mut rows = drive.children(&folder.id).map(|child| item::render(world, call, owner, child)).collect::<Result<Vec<Value>>>()?;
    rows.sort_by_cached_key(|row| row["name"].as_str().map(str::to_lowercase));
    odata::collection(call, "drive/items/children", rows, Paging::FILES)
}

fn search(world: &World, call: &Call<'_>, owner: &Owner, function: &str) -> Result {
    let words = function.split('\'').nth(1).unwrap_or_default().to_lowercase();
    let drive = &access::mailbox(world, owner)?.drive;
    let found = drive.items.iter().filter(|item| item.parent.is_some() && item.name.to_lowercase().contains(&words));
    let rows = found.map(|found| item::render(world, call, owner, found)).collect::<Result<Vec<Value>>>()?;
    odata::collection(call, "Collection(driveItem)", rows, Paging::FILES)
}

fn delta(world: &mut World, call: &Call<'_>, owner: &Owner) -> Result {
    let round = Round::begin(world, call, format!("drive {}", owner.id))?;
    let select = Select::read(call);
    let drive = &access::mailbox(world, owner)?.drive;
    let mut items = Vec::new();
    for found in &drive.items {
        items.push(Item { id: found.id.clone(), change: found.change, value: select.apply(item::render(world, call, owner, found)?) });
    }
    round.answer(
        world,
        call,
        "Collection(driveItem)",
        items,
        |id| json!({ "id": id, "deleted": { "state": "deleted" } }),
        odata::page_size(call, Paging::FILES)?,
    )
}

/// The bytes lie at an address that needs no token: the answer leads there.
fn content(world: &World, call: &Call<'_>, owner: &Owner, found: &DriveItem) -> Result {
    if found.file.is_none() {
        return Err(Error::new(400, "invalidRequest", "A folder has no content."));
    }
    Ok(Reply::empty(302).header("Location", transfer::download_url(world, call, owner, found)))
}

fn check_etag(call: &Call<'_>, found: &DriveItem) -> Result<()> {
    match call.header("if-match") {
        Some(expected) if expected != "*" && expected != item::etag(found) => {
            Err(Error::new(412, "resourceModified", "ETag does not match current item's value."))
        }
        _ => Ok(()),
    }
}

fn change(world: &mut World, call: &Call<'_>, owner: &Owner, found: &DriveItem) -> Result {
    check_etag(call, found)?;
    let input = call.json()?;
    let name = input.text("name")?.unwrap_or_else(|| found.name.clone());
    let target = input.object("parentReference")?.map(|parent| parent.text("id")).transpose()?.flatten();
    let parent = target.or_else(|| found.parent.clone());
    let drive = &access::mailbox(world, owner)?.drive;
    if parent.as_deref().is_some_and(|parent| drive.item(parent).is_none_or(|folder| folder.file.is_some())) {
        return Err(not_found());
    }
    let taken = parent
        .as_deref()
        .is_some_and(|parent| drive.children(parent).any(|other| other.id != found.id && other.name.eq_ignore_ascii_case(&name)));
    if taken {
        return Err(exists());
    }
    let changed = DriveItem { name, parent, modified: call.now, change: world.next_change(), ..found.clone() };
    let drive = &mut access::mailbox_mut(world, owner)?.drive;
    drive.items.iter_mut().filter(|stored| stored.id == changed.id).for_each(|stored| *stored = changed.clone());
    Ok(odata::entity(call, "drive/items", item::render(world, call, owner, &changed)?))
}

fn delete(world: &mut World, call: &Call<'_>, owner: &Owner, found: &DriveItem) -> Result {
    check_etag(call, found)?;
    if found.parent.is_none() {
        return Err(Error::new(400, "invalidRequest", "The root folder cannot be deleted."));
    }
    access::mailbox_mut(world, owner)?.drive.remove(&found.id);
    Ok(Reply::empty(204))
}

fn exists() -> Error {
    Error::new(409, "nameAlreadyExists", "The specified item name already exists.")
}

fn create_folder(world: &mut World, call: &Call<'_>, owner: &Owner, parent: &DriveItem) -> Result {
    let input = call.json()?;
    if !input.has("folder") {
        return Err(Error::not_modelled("children other than folders"));
    }
    let name = input.text("name")?.ok_or_else(|| Error::new(400, "invalidRequest", "The folder needs 'name'."))?;
    let conflict = input.text("@microsoft.graph.conflictBehavior")?.unwrap_or_else(|| "fail".to_owned());
    let (status, made) = save(world, call, owner, &parent.id, &name, None, &conflict)?;
    Ok(Reply::json(status, odata::with_context(call, "drive/items/$entity", item::render(world, call, owner, &made)?)))
}

fn put_content(world: &mut World, call: &Call<'_>, owner: &Owner, target: Target) -> Result {
    if call.body.len() > world.switches.simple_upload_bytes {
        return Err(Error::new(413, "requestEntityTooLarge", "The file is too large for one request; use an upload session."));
    }
    let (folder, name) = place(world, owner, target)?;
    let mime_type = call.header("content-type").unwrap_or("application/octet-stream").to_owned();
    let file = FileContent { mime_type, bytes: call.body.clone() };
    let (status, made) = save(world, call, owner, &folder, &name, Some(file), "replace")?;
    Ok(Reply::json(status, odata::with_context(call, "drive/items/$entity", item::render(world, call, owner, &made)?)))
}

/// The folder and name of a file to be written.
fn place(world: &World, owner: &Owner, target: Target) -> Result<(String, String)> {
    match target {
        Target::New { folder, name } => Ok((folder, name)),
        Target::Item(id) => {
            let found = access::mailbox(world, owner)?.drive.item(&id).ok_or_else(not_found)?;
            let parent = found.parent.clone().filter(|_| found.file.is_some());
            Ok((parent.ok_or_else(|| Error::new(400, "invalidRequest", "A folder has no content."))?, found.name.clone()))
        }
    }
}

/// Writes a file or folder under a name; `conflict` decides what happens if it is taken: `fail`, `replace` or `rename`.
fn save(
    world: &mut World,
    call: &Call<'_>,
    owner: &Owner,
    folder: &str,
    name: &str,
    file: Option<FileContent>,
    conflict: &str,
) -> Result<(u16, DriveItem)> {
    let change = world.next_change();
    let number = world.next_id();
    let drive = &mut access::mailbox_mut(world, owner)?.drive;
    let taken = |drive: &Drive, name: &str| drive.children(folder).find(|item| item.name.eq_ignore_ascii_case(name)).cloned();
    let mut name = name.to_owned();
    match (taken(drive, &name), conflict.to_lowercase().as_str()) {
        (None, _) => {}
        (Some(known), "replace") if known.file.is_some() == file.is_some() => {
            let mut versions = known.versions.clone();
            versions.extend(known.file.clone().map(|file| Version { file, modified: known.modified }));
            let changed = DriveItem { file, modified: call.now, change, versions, ..known };
            drive.items.iter_mut().filter(|stored| stored.id == changed.id).for_each(|stored| *stored = changed.clone());
            return Ok((200, changed));
        }
        (Some(_), "rename") => {
            let (stem, end) =
                name.rsplit_once('.').map_or((name.clone(), String::new()), |(stem, end)| (stem.to_owned(), format!(".{end}")));
            let mut round = 1;
            while taken(drive, &name).is_some() {
                name = format!("{stem} {round}{end}");
                round += 1;
            }
        }
        (Some(_), _) => return Err(exists()),
    }
    let id = format!("01{}", crate::world::ids::guid(&number).replace('-', "").to_uppercase());
    let made = DriveItem {
        id,
        parent: Some(folder.to_owned()),
        name,
        file,
        created: call.now,
        modified: call.now,
        change,
        ..DriveItem::default()
    };
    drive.items.push(made.clone());
    Ok((201, made))
}
