//! Mail folders: lists, changes, delta. Owns everything of a folder but the messages in it.

use axum::http::Method;
use serde_json::{Value, json};

use super::{
    super::{
        access::{self, Owner},
        delta::{Item, Round},
        error::{Error, Result},
        input::Input,
        odata::{self, Paging, Select},
        reply::Reply,
        request::Call,
        routes::unknown,
        scopes,
    },
    Place, READ_BASIC, WRITE, messages, render,
};
use crate::world::{
    World,
    mail::{Folder, FolderSearch},
};

/// Everything below `…/mailFolders`.
pub(super) fn route(world: &mut World, call: &Call<'_>, owner: &Owner, rest: &[&str]) -> Result {
    let reading = call.method == Method::GET;
    let store = &access::mailbox(world, owner)?.mail;
    let root = store.folders.first().map(|folder| folder.parent_id.clone()).unwrap_or_default();
    match rest {
        [] | ["$count" | "delta"] => scopes::outlook(call, if reading { READ_BASIC } else { WRITE })?,
        [id, ..] if store.folder(id).is_none() => return Err(Error::item_not_found()),
        _ => {}
    }
    match (&call.method, rest) {
        (&Method::GET, []) => odata::collection(call, &context(owner), below(world, owner, &root)?, Paging::OUTLOOK),
        (&Method::GET, ["$count"]) => odata::count(call, below(world, owner, &root)?, Paging::OUTLOOK),
        (&Method::GET, ["delta"]) => delta(world, call, owner),
        (&Method::POST, []) => create(world, call, owner, root),
        (_, [id, "messages", rest @ ..]) => {
            let folder = store.folder(id).cloned();
            messages(world, call, &Place { owner, folder }, rest)
        }
        (_, [id, rest @ ..]) => {
            scopes::outlook(call, if reading { READ_BASIC } else { WRITE })?;
            let folder = store.folder(id).cloned().ok_or_else(Error::item_not_found)?;
            one(world, call, owner, &folder, rest)
        }
        _ => Err(Error::method_not_allowed()),
    }
}

fn context(owner: &Owner) -> String {
    format!("users('{}')/mailFolders", owner.id)
}

/// The folders in one, as JSON.
fn below(world: &World, owner: &Owner, parent: &str) -> Result<Vec<Value>> {
    let store = &access::mailbox(world, owner)?.mail;
    Ok(store.folders.iter().filter(|folder| folder.parent_id == parent).map(|folder| render::folder(folder, store)).collect())
}

fn one(world: &mut World, call: &Call<'_>, owner: &Owner, folder: &Folder, rest: &[&str]) -> Result {
    let distinguished = !folder.well_known.is_empty();
    match (&call.method, rest) {
        (&Method::GET, []) => {
            let store = &access::mailbox(world, owner)?.mail;
            Ok(odata::entity(call, &context(owner), render::folder(folder, store)))
        }
        (&Method::GET, ["childFolders"]) => odata::collection(call, &context(owner), below(world, owner, &folder.id)?, Paging::OUTLOOK),
        (&Method::POST, ["childFolders"]) => create(world, call, owner, folder.id.clone()),
        (&Method::DELETE, []) if distinguished => {
            Err(Error::new(400, "ErrorDeleteDistinguishedFolder", "Distinguished folders cannot be deleted."))
        }
        (&Method::DELETE, []) => {
            delete(world, owner, &folder.id)?;
            Ok(Reply::empty(204))
        }
        (&Method::PATCH, []) => {
            let input = call.json()?;
            let name = input.text("displayName")?.unwrap_or_else(|| folder.display_name.clone());
            let mut search = folder.search.clone();
            if let Some(search) = &mut search {
                search.nested = input.boolean("includeNestedFolders")?.unwrap_or(search.nested);
                search.sources = input.texts("sourceFolderIds")?.unwrap_or_else(|| search.sources.clone());
                search.filter = input.text("filterQuery")?.unwrap_or_else(|| search.filter.clone());
                odata::check_filter(&search.filter)?;
            }
            replace(world, call, owner, 200, Folder { display_name: name, search, ..folder.clone() })
        }
        (&Method::POST, ["move"]) if distinguished => {
            Err(Error::new(400, "ErrorMoveDistinguishedFolder", "Distinguished folders cannot be moved."))
        }
        (&Method::POST, ["move"]) => {
            let target = call.json()?.text("destinationId")?.ok_or_else(|| Error::invalid("'destinationId' is needed."))?;
            let store = &access::mailbox(world, owner)?.mail;
            let parent_id = store.folder(&target).map(|folder| folder.id.clone()).ok_or_else(Error::item_not_found)?;
            if parent_id == folder.id || below_it(&store.folders, &folder.id, &parent_id) {
                return Err(Error::invalid("A folder cannot be moved into itself."));
            }
            replace(world, call, owner, 200, Folder { parent_id, ..folder.clone() })
        }
        _ => Err(unknown(call)),
    }
}

/// Whether a folder lies somewhere below another one.
fn below_it(folders: &[Folder], above: &str, id: &str) -> bool {
    let parent = folders.iter().find(|folder| folder.id == id).map(|folder| folder.parent_id.as_str());
    parent.is_some_and(|parent| parent == above || below_it(folders, above, parent))
}

/// With everything below it.
fn delete(world: &mut World, owner: &Owner, id: &str) -> Result<()> {
    let store = &mut access::mailbox_mut(world, owner)?.mail;
    let inside: Vec<String> =
        store.folders.iter().map(|folder| folder.id.clone()).filter(|other| other == id || below_it(&store.folders, id, other)).collect();
    store.folders.retain(|folder| !inside.contains(&folder.id));
    store.messages.retain(|message| !inside.contains(&message.folder_id));
    Ok(())
}

fn create(world: &mut World, call: &Call<'_>, owner: &Owner, parent_id: String) -> Result {
    let input = call.json()?;
    let name = input.text("displayName")?.ok_or_else(|| Error::invalid("The folder needs 'displayName'."))?;
    let kind = input.text("@odata.type")?.unwrap_or_default();
    let search = kind.to_ascii_lowercase().ends_with("mailsearchfolder").then(|| search(world, owner, &input)).transpose()?;
    let siblings = access::mailbox(world, owner)?.mail.folders.iter().filter(|folder| folder.parent_id == parent_id);
    if siblings.into_iter().any(|folder| folder.display_name.eq_ignore_ascii_case(&name)) {
        return Err(Error::new(409, "ErrorFolderExists", "A folder with the specified name already exists."));
    }
    let folder = Folder { id: world.next_id(), parent_id, display_name: name, well_known: String::new(), search };
    access::mailbox_mut(world, owner)?.mail.folders.push(folder.clone());
    replace(world, call, owner, 201, folder)
}

/// What a new search folder finds (mailSearchFolder: create).
fn search(world: &World, owner: &Owner, input: &Input) -> Result<FolderSearch> {
    let store = &access::mailbox(world, owner)?.mail;
    let sources = input.texts("sourceFolderIds")?.unwrap_or_default();
    let ids = sources.iter().map(|id| store.folder(id).map(|folder| folder.id.clone()).ok_or_else(Error::item_not_found));
    let sources = ids.collect::<Result<Vec<String>>>()?;
    let filter = input.text("filterQuery")?.unwrap_or_default();
    if sources.is_empty() || filter.is_empty() {
        return Err(Error::invalid("A search folder needs 'sourceFolderIds' and 'filterQuery'."));
    }
    odata::check_filter(&filter)?;
    Ok(FolderSearch { nested: input.boolean("includeNestedFolders")?.unwrap_or(false), sources, filter })
}

/// Stores a folder in the place of its former self, and answers with it.
fn replace(world: &mut World, call: &Call<'_>, owner: &Owner, status: u16, folder: Folder) -> Result {
    let store = &mut access::mailbox_mut(world, owner)?.mail;
    let stored = store.folders.iter_mut().find(|stored| stored.id == folder.id).ok_or_else(Error::item_not_found)?;
    *stored = folder.clone();
    let value = render::folder(&folder, store);
    Ok(Reply::json(status, odata::with_context(call, &format!("{}/$entity", context(owner)), value)))
}

fn delta(world: &mut World, call: &Call<'_>, owner: &Owner) -> Result {
    let round = Round::begin(world, call, context(owner))?;
    let select = Select::read(call);
    let store = &access::mailbox(world, owner)?.mail;
    let items = store.folders.iter().map(|folder| {
        let value = render::folder(folder, store);
        // A folder has no version of its own: what is shown of it is what may change.
        Item { id: folder.id.clone(), change: version(&value), value: select.apply(value) }
    });
    let items = items.collect();
    let removed = |id: &str| json!({ "@odata.type": "#microsoft.graph.mailFolder", "id": id, "@removed": { "reason": "deleted" } });
    round.answer(world, call, "Collection(mailFolder)", items, removed, odata::page_size(call, Paging::OUTLOOK)?)
}

fn version(value: &Value) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    value.to_string().hash(&mut hasher);
    hasher.finish()
}
