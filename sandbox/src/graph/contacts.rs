//! Contacts of a mailbox. Owns their CRUD, search and delta; leaves folders to `contact_folders`.

use axum::http::Method;
use serde_json::{Map, Value, json};

use super::{
    access::{self, Owner},
    delta::{Item, Round},
    error::{Error, Result},
    events::{
        render::{etag, utc},
        store,
    },
    odata::{self, Paging},
    reply::Reply,
    request::Call,
    routes::unknown,
    scopes,
    text::has_words,
};
use crate::world::{World, ids, mailbox::Contact};

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

/// Everything below `…/contacts`, of the default folder or of a named one. One contact is found by its id, wherever it is.
pub(crate) fn route(world: &mut World, call: &Call<'_>, owner: &Owner, folder: Option<&str>, rest: &[&str]) -> Result {
    allow(call, owner)?;
    let context = match folder {
        Some(folder) => format!("users('{}')/contactFolders('{folder}')/contacts", owner.id),
        None => format!("users('{}')/contacts", owner.id),
    };
    let mailbox = access::mailbox(world, owner)?;
    let place = folder.unwrap_or(&mailbox.contact_folder_id).to_owned();
    let inside = || mailbox.contacts.iter().filter(|contact| contact.folder_id == place);
    let rows = || inside().map(render).filter(|contact| is_sought(call, contact)).collect::<Vec<Value>>();
    match (&call.method, rest) {
        (&Method::GET, []) => odata::collection(call, &context, rows(), Paging::OUTLOOK),
        (&Method::GET, ["$count"]) => odata::count(call, rows(), Paging::OUTLOOK),
        (&Method::GET, ["delta"]) => {
            let round = Round::begin(world, call, context.clone())?;
            let items = inside().map(|contact| Item {
                id: contact.id.clone(),
                change: contact.change,
                value: odata::Select::read(call).apply(render(contact)),
            });
            let items = items.collect();
            let removed = |id: &str| json!({ "@odata.type": "#microsoft.graph.contact", "id": id, "@removed": { "reason": "deleted" } });
            round.answer(world, call, "Collection(contact)", items, removed, odata::page_size(call, Paging::OUTLOOK)?)
        }
        (&Method::POST, []) => {
            let fields = fields(call, Map::new())?;
            save(world, call, owner, None, place, fields)
        }
        (method, [id] | [id, "permanentDelete"]) => {
            let found = mailbox.contacts.iter().find(|contact| contact.id == **id && (folder.is_none() || contact.folder_id == place));
            let contact = found.cloned().ok_or_else(Error::item_not_found)?;
            match (method, rest.len()) {
                (&Method::GET, 1) => return Ok(odata::entity(call, &context, render(&contact))),
                (&Method::PATCH, 1) => {
                    store::check_etag(world, call, contact.change)?;
                    let fields = fields(call, contact.fields)?;
                    return save(world, call, owner, Some(contact.id), contact.folder_id, fields);
                }
                (&Method::DELETE, 1) | (&Method::POST, 2) => store::check_etag(world, call, contact.change)?,
                _ => return Err(Error::method_not_allowed()),
            }
            access::mailbox_mut(world, owner)?.contacts.retain(|stored| stored.id != contact.id);
            Ok(Reply::empty(204))
        }
        _ => Err(unknown(call)),
    }
}

/// Whether the caller may read, or change, this mailbox's contacts.
pub(super) fn allow(call: &Call<'_>, owner: &Owner) -> Result<()> {
    let reading = call.method == Method::GET;
    scopes::outlook(call, if reading { &["Contacts.Read", "Contacts.ReadWrite"] } else { &["Contacts.ReadWrite"] })?;
    if !owner.own && call.caller.user_id.is_some() { Err(Error::access_denied()) } else { Ok(()) }
}

/// `$search`: words in the contact's texts and addresses. The operation's template has the option; mail's rule is taken.
fn is_sought(call: &Call<'_>, contact: &Value) -> bool {
    call.option("$search").is_none_or(|search| {
        let names = ["displayName", "givenName", "surname", "nickName", "companyName", "department", "jobTitle", "personalNotes"];
        let texts = names.iter().filter_map(|name| contact[*name].as_str());
        let addresses = contact["emailAddresses"].as_array().into_iter().flatten().filter_map(|email| email["address"].as_str());
        has_words(&texts.chain(addresses).collect::<Vec<_>>().join(" "), search)
    })
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

fn save(world: &mut World, call: &Call<'_>, owner: &Owner, id: Option<String>, folder_id: String, fields: Map<String, Value>) -> Result {
    let change = world.next_change();
    let (status, id) = match id {
        Some(id) => (200, id),
        None => (201, world.next_id()),
    };
    let contact = Contact { id, change, folder_id, fields };
    let mailbox = access::mailbox_mut(world, owner)?;
    match mailbox.contacts.iter_mut().find(|stored| stored.id == contact.id) {
        Some(stored) => *stored = contact.clone(),
        None => mailbox.contacts.push(contact.clone()),
    }
    let value = render(&contact);
    Ok(Reply::json(status, odata::with_context(call, &format!("users('{}')/contacts/$entity", owner.id), value)))
}

fn render(contact: &Contact) -> Value {
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
    out.extend(contact.fields.clone());
    out.insert("parentFolderId".to_owned(), contact.folder_id.clone().into());
    Value::Object(out)
}
