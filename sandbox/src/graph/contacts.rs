//! Contacts of a mailbox. Owns their CRUD and delta; there is the default folder alone.

use axum::http::Method;
use serde_json::{Map, Value, json};

use super::{
    access::{self, Owner},
    delta::{Item, Round},
    error::{Error, Result},
    events::render::{etag, utc},
    odata::{self, Paging},
    reply::Reply,
    request::Call,
    routes::unknown,
    scopes,
};
use crate::world::{World, ids, mailbox::Contact};

/// Everything below `…/contactFolders`. The default folder, which is not listed there, is the only one.
pub(crate) fn folders(world: &mut World, call: &Call<'_>, owner: &Owner, rest: &[&str]) -> Result {
    scopes::outlook(call, &["Contacts.Read", "Contacts.ReadWrite"])?;
    if !owner.own && call.caller.user_id.is_some() {
        return Err(Error::access_denied());
    }
    let context = format!("users('{}')/contactFolders", owner.id);
    let default = access::mailbox(world, owner)?.contact_folder_id.clone();
    match (&call.method, rest) {
        (&Method::GET, []) => odata::collection(call, &context, Vec::<Value>::new(), Paging::OUTLOOK),
        (_, [id, ..]) if *id != default && !id.eq_ignore_ascii_case("contacts") => Err(Error::item_not_found()),
        (&Method::GET, [_]) => {
            let root = access::mailbox(world, owner)?.mail.folders.first().map(|folder| folder.parent_id.clone());
            Ok(odata::entity(call, &context, json!({ "id": default, "parentFolderId": root, "displayName": "Contacts" })))
        }
        (&Method::GET, [_, "childFolders"]) => odata::collection(call, &context, Vec::<Value>::new(), Paging::OUTLOOK),
        (_, [_, "contacts", rest @ ..]) => route(world, call, owner, rest),
        _ => Err(unknown(call)),
    }
}

/// What every contact has, with Graph's empty values.
const TEXTS: [&str; 25] = [
    "fileAs",
    "displayName",
    "givenName",
    "initials",
    "middleName",
    "nickName",
    "surname",
    "title",
    "yomiGivenName",
    "yomiSurname",
    "yomiCompanyName",
    "generation",
    "jobTitle",
    "companyName",
    "department",
    "officeLocation",
    "profession",
    "businessHomePage",
    "assistantName",
    "manager",
    "spouseName",
    "personalNotes",
    "mobilePhone",
    "birthday",
    "parentFolderId",
];
const LISTS: [&str; 6] = ["homePhones", "businessPhones", "imAddresses", "children", "categories", "emailAddresses"];
const OBJECTS: [&str; 3] = ["homeAddress", "businessAddress", "otherAddress"];

/// Everything below `…/contacts`.
pub(crate) fn route(world: &mut World, call: &Call<'_>, owner: &Owner, rest: &[&str]) -> Result {
    let reading = call.method == Method::GET;
    scopes::outlook(call, if reading { &["Contacts.Read", "Contacts.ReadWrite"] } else { &["Contacts.ReadWrite"] })?;
    if !owner.own && call.caller.user_id.is_some() {
        return Err(Error::access_denied());
    }
    let context = format!("users('{}')/contacts", owner.id);
    let mailbox = access::mailbox(world, owner)?;
    let rows = || mailbox.contacts.iter().map(|contact| render(contact, &mailbox.contact_folder_id)).collect::<Vec<Value>>();
    match (&call.method, rest) {
        (&Method::GET, []) => odata::collection(call, &context, rows(), Paging::OUTLOOK),
        (&Method::GET, ["$count"]) => odata::count(call, rows(), Paging::OUTLOOK),
        (&Method::GET, ["delta"]) => {
            let round = Round::begin(world, call, context.clone())?;
            let items = mailbox.contacts.iter().map(|contact| Item {
                id: contact.id.clone(),
                change: contact.change,
                value: odata::Select::read(call).apply(render(contact, &mailbox.contact_folder_id)),
            });
            let items = items.collect();
            let removed = |id: &str| json!({ "@odata.type": "#microsoft.graph.contact", "id": id, "@removed": { "reason": "deleted" } });
            round.answer(world, call, "Collection(contact)", items, removed, odata::page_size(call, Paging::OUTLOOK)?)
        }
        (&Method::POST, []) => {
            let fields = fields(call, Map::new())?;
            save(world, call, owner, None, fields)
        }
        (method, [id]) => {
            let contact = mailbox.contacts.iter().find(|contact| contact.id == **id).cloned().ok_or_else(Error::item_not_found)?;
            match *method {
                Method::GET => Ok(odata::entity(call, &context, render(&contact, &mailbox.contact_folder_id))),
                Method::PATCH => {
                    let fields = fields(call, contact.fields)?;
                    save(world, call, owner, Some(contact.id), fields)
                }
                Method::DELETE => {
                    access::mailbox_mut(world, owner)?.contacts.retain(|stored| stored.id != contact.id);
                    Ok(Reply::empty(204))
                }
                _ => Err(Error::method_not_allowed()),
            }
        }
        _ => Err(unknown(call)),
    }
}

/// The stored members after a request's: known names in their documented spelling.
fn fields(call: &Call<'_>, mut fields: Map<String, Value>) -> Result<Map<String, Value>> {
    let input = call.json()?;
    let now = Value::from(utc(call.now));
    fields.entry("createdDateTime").or_insert_with(|| now.clone());
    fields.insert("lastModifiedDateTime".to_owned(), now);
    for name in TEXTS.iter().filter(|name| **name != "parentFolderId") {
        if input.has(name) {
            fields.insert((*name).to_owned(), input.text(name)?.map_or(Value::Null, Value::from));
        }
    }
    for name in LISTS {
        if input.has(name) {
            fields.insert(name.to_owned(), input.array(name)?.map_or_else(|| json!([]), Value::from));
        }
    }
    for name in OBJECTS {
        if let Some(object) = input.object(name)? {
            fields.insert(name.to_owned(), Value::Object(object.members().clone()));
        }
    }
    let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    if text("displayName").is_empty() {
        let name = format!("{} {}", text("givenName"), text("surname")).trim().to_owned();
        fields.insert("displayName".to_owned(), name.into());
    }
    Ok(fields)
}

fn save(world: &mut World, call: &Call<'_>, owner: &Owner, id: Option<String>, fields: Map<String, Value>) -> Result {
    let change = world.next_change();
    let (status, id) = match id {
        Some(id) => (200, id),
        None => (201, world.next_id()),
    };
    let contact = Contact { id, change, fields };
    let mailbox = access::mailbox_mut(world, owner)?;
    match mailbox.contacts.iter_mut().find(|stored| stored.id == contact.id) {
        Some(stored) => *stored = contact.clone(),
        None => mailbox.contacts.push(contact.clone()),
    }
    let value = render(&contact, &mailbox.contact_folder_id);
    Ok(Reply::json(status, odata::with_context(call, &format!("users('{}')/contacts/$entity", owner.id), value)))
}

fn render(contact: &Contact, folder: &str) -> Value {
    let mut out = Map::new();
    out.insert("@odata.etag".to_owned(), etag(contact.change).into());
    out.insert("id".to_owned(), contact.id.clone().into());
    out.insert("changeKey".to_owned(), ids::change_key(contact.change).into());
    for name in TEXTS {
        out.insert(name.to_owned(), Value::Null);
    }
    for name in LISTS {
        out.insert(name.to_owned(), json!([]));
    }
    for name in OBJECTS {
        out.insert(name.to_owned(), json!({}));
    }
    out.insert("parentFolderId".to_owned(), folder.into());
    out.extend(contact.fields.clone());
    Value::Object(out)
}
