//! What a file was and where it was copied: versions, copies with their monitors, thumbnails, and what was used lately. Owns these.

use axum::http::Method;
use chrono::SecondsFormat;
use serde_json::{Value, json};

use super::{exists, item, not_found, save, sharing, transfer};
use crate::{
    graph::{
        access::{self, Owner},
        error::{Error, Result},
        odata::{self, Paging},
        reply::Reply,
        request::Call,
    },
    world::{
        World,
        drive::{Drive, DriveItem, FileContent, Version},
    },
};

/// The documented sizes of thumbnails, by their longer side.
const SIZES: [(&str, u32); 3] = [("large", 800), ("medium", 176), ("small", 96)];

/// `…/versions`, `…/thumbnails`, `…/copy`, `…/follow` and `…/unfollow` of an item; `None`: another operation.
pub(super) fn route(world: &mut World, call: &Call<'_>, owner: &Owner, found: &DriveItem, operation: &[&str]) -> Option<Result> {
    Some(match (&call.method, operation) {
        (&Method::GET, ["versions"]) => versions(world, call, owner, found),
        (&Method::GET, ["versions", id]) => version(world, call, owner, found, id),
        (&Method::GET, ["versions", id, "content"]) => version_content(world, call, owner, found, id),
        (&Method::POST, ["versions", id, "restoreversion"]) => restore(world, call, owner, found, id),
        (&Method::GET, ["thumbnails"]) => thumbnails(world, call, owner, found),
        (&Method::GET, ["thumbnails", "0", size]) => thumbnail(world, call, owner, found, size),
        (&Method::POST, ["copy"]) => copy(world, call, owner, found),
        (&Method::POST, ["follow"]) => follow(world, call, owner, found, true),
        (&Method::POST, ["unfollow"]) => follow(world, call, owner, found, false),
        _ => return None,
    })
}

/// A file's states with their names, the newest first: the present one, and those that were kept.
fn states(found: &DriveItem) -> Vec<(String, Version)> {
    let present = found.file.clone().map(|file| Version { file, modified: found.modified });
    let all = found.versions.iter().cloned().chain(present);
    let mut named: Vec<(String, Version)> = all.zip(1..).map(|(state, number)| (format!("{number}.0"), state)).collect();
    named.reverse();
    named
}

fn render_version(world: &World, owner: &Owner, (id, state): &(String, Version)) -> Value {
    let by = access::mailbox(world, owner).map(|mailbox| mailbox.owner.name.clone()).unwrap_or_default();
    json!({
        "id": id,
        "lastModifiedBy": { "user": { "id": owner.id, "displayName": by } },
        "lastModifiedDateTime": state.modified.to_rfc3339_opts(SecondsFormat::Millis, true),
        "size": state.file.bytes.len(),
    })
}

fn versions(world: &World, call: &Call<'_>, owner: &Owner, found: &DriveItem) -> Result {
    let rows = states(found).iter().map(|state| render_version(world, owner, state)).collect();
    odata::collection(call, "Collection(driveItemVersion)", rows, Paging::FILES)
}

fn state(found: &DriveItem, id: &str) -> Result<(String, Version)> {
    states(found).into_iter().find(|(known, _)| known == id).ok_or_else(not_found)
}

fn version(world: &World, call: &Call<'_>, owner: &Owner, found: &DriveItem, id: &str) -> Result {
    Ok(odata::entity(call, "driveItemVersion", render_version(world, owner, &state(found, id)?)))
}

fn version_content(world: &World, call: &Call<'_>, owner: &Owner, found: &DriveItem, id: &str) -> Result {
    let position = state(found, id)?.0;
    Ok(Reply::empty(302).header("Location", transfer::version_url(world, call, owner, found, &position)))
}

/// The bytes of a version, for the address that stands for them.
pub(super) fn bytes_of<'a>(found: &'a DriveItem, id: &str) -> Option<&'a FileContent> {
    let number = id.strip_suffix(".0")?.parse::<usize>().ok()?.checked_sub(1)?;
    found.versions.get(number).map(|version| &version.file).or_else(|| found.file.as_ref().filter(|_| number == found.versions.len()))
}

fn restore(world: &mut World, call: &Call<'_>, owner: &Owner, found: &DriveItem, id: &str) -> Result {
    let (_, old) = state(found, id)?;
    let parent = found.parent.clone().ok_or_else(not_found)?;
    save(world, call, owner, &parent, &found.name, Some(old.file), "replace")?;
    Ok(Reply::empty(204))
}

/// Pictures of pictures: the file itself stands for each size. Other files have none.
fn sizes(world: &World, call: &Call<'_>, owner: &Owner, found: &DriveItem, names: &[&str]) -> Option<Value> {
    found.file.as_ref().filter(|file| file.mime_type.starts_with("image/"))?;
    let url = transfer::download_url(world, call, owner, found);
    let mut set = json!({ "id": "0" });
    for name in names {
        let (width, height) = measures(name)?;
        set[*name] = json!({ "width": width, "height": height, "url": url });
    }
    Some(set)
}

/// A size by name, or `c300x400` with or without `_crop` (driveItem: list thumbnails).
fn measures(name: &str) -> Option<(u32, u32)> {
    if let Some((_, longer)) = SIZES.iter().find(|(known, _)| *known == name) {
        return Some((*longer, *longer * 2 / 3));
    }
    let (width, height) = name.strip_prefix('c')?.trim_end_matches("_crop").split_once('x')?;
    Some((width.parse().ok()?, height.parse().ok()?))
}

fn thumbnails(world: &World, call: &Call<'_>, owner: &Owner, found: &DriveItem) -> Result {
    let all = SIZES.map(|(name, _)| name);
    let names: Vec<&str> = match call.option("$select") {
        Some(select) => select.split(',').map(str::trim).filter(|name| *name != "id").collect(),
        None => all.to_vec(),
    };
    Ok(odata::plain(call, "Collection(thumbnailSet)", sizes(world, call, owner, found, &names).into_iter().collect()))
}

fn thumbnail(world: &World, call: &Call<'_>, owner: &Owner, found: &DriveItem, size: &str) -> Result {
    let set = sizes(world, call, owner, found, &[size]).ok_or_else(not_found)?;
    Ok(odata::entity(call, "thumbnail", set[size].clone()))
}

/// The copy is made at once; the monitor's address says so.
fn copy(world: &mut World, call: &Call<'_>, owner: &Owner, found: &DriveItem) -> Result {
    let input = call.json()?;
    let name = input.text("name")?.unwrap_or_else(|| found.name.clone());
    let target = input.object("parentReference")?.map(|parent| parent.text("id")).transpose()?.flatten();
    let target = target.or_else(|| found.parent.clone()).ok_or_else(not_found)?;
    let drive = &access::mailbox(world, owner)?.drive;
    let folder = drive.item(&target).filter(|folder| folder.file.is_none()).ok_or_else(not_found)?.id.clone();
    if drive.children(&folder).any(|other| other.name.eq_ignore_ascii_case(&name)) {
        return Err(exists());
    }
    if drive.with_parents(drive.item(&folder).ok_or_else(not_found)?).any(|above| above.id == found.id) {
        return Err(Error::new(400, "invalidRequest", "A folder cannot be copied into itself."));
    }
    let made = copy_tree(world, call, owner, found, &folder, &name)?;
    Ok(Reply::empty(202).header("Location", transfer::monitor_url(world, call, &made.id)))
}

fn copy_tree(world: &mut World, call: &Call<'_>, owner: &Owner, found: &DriveItem, folder: &str, name: &str) -> Result<DriveItem> {
    let (_, made) = save(world, call, owner, folder, name, found.file.clone(), "fail")?;
    let children: Vec<DriveItem> = access::mailbox(world, owner)?.drive.children(&found.id).cloned().collect();
    for child in children {
        copy_tree(world, call, owner, &child, &made.id, &child.name)?;
    }
    Ok(made)
}

fn follow(world: &mut World, call: &Call<'_>, owner: &Owner, found: &DriveItem, followed: bool) -> Result {
    let drive: &mut Drive = &mut access::mailbox_mut(world, owner)?.drive;
    drive.items.iter_mut().filter(|item| item.id == found.id).for_each(|item| item.followed = followed);
    if !followed {
        return Ok(Reply::empty(204));
    }
    Ok(odata::entity(call, "drive/items", item::render(world, call, owner, found)?))
}

/// `…/recent`: the person's own files, those changed last before the others, and those that others shared.
pub(super) fn recent(world: &World, call: &Call<'_>, owner: &Owner) -> Result {
    let drive = &access::mailbox(world, owner)?.drive;
    let mut files: Vec<&DriveItem> = drive.items.iter().filter(|item| item.file.is_some()).collect();
    files.sort_by_key(|item| std::cmp::Reverse((item.modified, item.change)));
    let mut rows = files.into_iter().map(|file| item::render(world, call, owner, file)).collect::<Result<Vec<Value>>>()?;
    rows.extend(sharing::shared_with(world, call, owner)?);
    for row in &mut rows {
        // Nobody keeps when files are read: the last change is the last use that is known.
        row["fileSystemInfo"]["lastAccessedDateTime"] = row["lastModifiedDateTime"].clone();
    }
    odata::collection(call, "Collection(driveItem)", rows, Paging::FILES)
}
