//! Folders of contacts. Owns their tree; the default folder is its top, is not listed in `contactFolders`, and keeps its place and name.

use axum::http::Method;
use serde_json::{Value, json};

use super::{
    access::{self, Owner},
    contacts,
    delta::{Item, Round},
    error::{Error, Result},
    odata::{self, Paging},
    reply::Reply,
    request::Call,
    routes::unknown,
};
use crate::world::{
    World,
    mailbox::{ContactFolder, Mailbox},
};

/// Everything below `…/contactFolders`.
pub(crate) fn route(world: &mut World, call: &Call<'_>, owner: &Owner, rest: &[&str]) -> Result {
    contacts::allow(call, owner)?;
    let context = format!("users('{}')/contactFolders", owner.id);
    let mailbox = access::mailbox(world, owner)?;
    let default = mailbox.contact_folder_id.clone();
    match (&call.method, rest) {
        (&Method::GET, []) => odata::collection(call, &context, below(mailbox, &default), Paging::OUTLOOK),
        (&Method::GET, ["$count"]) => odata::count(call, below(mailbox, &default), Paging::OUTLOOK),
        (&Method::GET, ["delta"]) => delta(world, call, owner, &context),
        (&Method::POST, []) => create(world, call, owner, default),
        (_, [id, rest @ ..]) => {
            let default = mailbox.contact_folder(id).ok_or_else(Error::item_not_found)?;
            one(world, call, owner, &default, rest)
        }
        _ => Err(Error::method_not_allowed()),
    }
}

impl Mailbox {
    /// The folder with this id; `contacts` names the default one.
    fn contact_folder(&self, id: &str) -> Option<ContactFolder> {
        if id == self.contact_folder_id || id.eq_ignore_ascii_case("contacts") {
            let parent_id = self.mail.folders.first().map(|folder| folder.parent_id.clone()).unwrap_or_default();
            return Some(ContactFolder { id: self.contact_folder_id.clone(), parent_id, display_name: "Contacts".to_owned(), change: 0 });
        }
        self.contact_folders.iter().find(|folder| folder.id == id).cloned()
    }
}

fn one(world: &mut World, call: &Call<'_>, owner: &Owner, folder: &ContactFolder, rest: &[&str]) -> Result {
    let context = format!("users('{}')/contactFolders", owner.id);
    let mailbox = access::mailbox(world, owner)?;
    let is_default = folder.id == mailbox.contact_folder_id;
    match (&call.method, rest) {
        (&Method::GET, []) => Ok(odata::entity(call, &context, render(folder))),
        (&Method::PATCH | &Method::DELETE, []) if is_default => {
            Err(Error::new(400, "ErrorDeleteDistinguishedFolder", "The default folder cannot be changed or deleted."))
        }
        (&Method::PATCH, []) => change(world, call, owner, folder),
        (&Method::DELETE, []) | (&Method::POST, ["permanentDelete"]) if !is_default => {
            let gone = with_all_below(mailbox, &folder.id);
            let mailbox = access::mailbox_mut(world, owner)?;
            mailbox.contact_folders.retain(|other| !gone.contains(&other.id));
            mailbox.contacts.retain(|contact| !gone.contains(&contact.folder_id));
            Ok(Reply::empty(204))
        }
        (&Method::GET, ["childFolders"]) => {
            odata::collection(call, &format!("{context}('{}')/childFolders", folder.id), below(mailbox, &folder.id), Paging::OUTLOOK)
        }
        (&Method::POST, ["childFolders"]) => create(world, call, owner, folder.id.clone()),
        (_, ["contacts", rest @ ..]) => contacts::route(world, call, owner, Some(&folder.id), rest),
        (_, []) => Err(Error::method_not_allowed()),
        _ => Err(unknown(call)),
    }
}

fn below(mailbox: &Mailbox, parent: &str) -> Vec<Value> {
    mailbox.contact_folders.iter().filter(|folder| folder.parent_id == parent).map(render).collect()
}

fn with_all_below(mailbox: &Mailbox, id: &str) -> Vec<String> {
    let children = mailbox.contact_folders.iter().filter(|folder| folder.parent_id == id);
    std::iter::once(id.to_owned()).chain(children.flat_map(|child| with_all_below(mailbox, &child.id))).collect()
}

fn create(world: &mut World, call: &Call<'_>, owner: &Owner, parent_id: String) -> Result {
    let display_name = call.json()?.text("displayName")?.ok_or_else(|| Error::invalid("The folder needs 'displayName'."))?;
    refuse_taken(access::mailbox(world, owner)?, &parent_id, &display_name, "")?;
    let folder = ContactFolder { id: world.next_id(), parent_id, display_name, change: world.next_change() };
    access::mailbox_mut(world, owner)?.contact_folders.push(folder.clone());
    Ok(Reply::json(201, odata::with_context(call, &format!("users('{}')/contactFolders/$entity", owner.id), render(&folder))))
}

fn refuse_taken(mailbox: &Mailbox, parent_id: &str, name: &str, except: &str) -> Result<()> {
    let mut others = mailbox.contact_folders.iter().filter(|other| other.parent_id == parent_id && other.id != except);
    if others.any(|other| other.display_name.eq_ignore_ascii_case(name)) {
        return Err(Error::new(409, "ErrorFolderExists", "A folder with the specified name already exists."));
    }
    Ok(())
}

fn change(world: &mut World, call: &Call<'_>, owner: &Owner, folder: &ContactFolder) -> Result {
    let input = call.json()?;
    let mailbox = access::mailbox(world, owner)?;
    let parent_id = match input.text("parentFolderId")? {
        Some(id) => mailbox.contact_folder(&id).ok_or_else(Error::item_not_found)?.id,
        None => folder.parent_id.clone(),
    };
    if with_all_below(mailbox, &folder.id).contains(&parent_id) {
        return Err(Error::invalid("A folder cannot be moved into itself."));
    }
    let display_name = input.text("displayName")?.unwrap_or_else(|| folder.display_name.clone());
    refuse_taken(mailbox, &parent_id, &display_name, &folder.id)?;
    let changed = ContactFolder { id: folder.id.clone(), parent_id, display_name, change: world.next_change() };
    let folders = &mut access::mailbox_mut(world, owner)?.contact_folders;
    folders.iter_mut().filter(|stored| stored.id == changed.id).for_each(|stored| *stored = changed.clone());
    Ok(odata::entity(call, &format!("users('{}')/contactFolders", owner.id), render(&changed)))
}

fn delta(world: &mut World, call: &Call<'_>, owner: &Owner, context: &str) -> Result {
    let round = Round::begin(world, call, context.to_owned())?;
    let select = odata::Select::read(call);
    let folders = &access::mailbox(world, owner)?.contact_folders;
    let items = folders.iter().map(|folder| Item { id: folder.id.clone(), change: folder.change, value: select.apply(render(folder)) });
    let items = items.collect();
    let removed = |id: &str| json!({ "@odata.type": "#microsoft.graph.contactFolder", "id": id, "@removed": { "reason": "deleted" } });
    round.answer(world, call, "Collection(contactFolder)", items, removed, odata::page_size(call, Paging::OUTLOOK)?)
}

fn render(folder: &ContactFolder) -> Value {
    json!({ "id": folder.id, "parentFolderId": folder.parent_id, "displayName": folder.display_name })
}
