//! Mail. Owns routes, and lists and changes of messages; leaves folders to `folders`, sending to `send` and JSON to `render`.

mod folders;
mod mime;
mod render;
mod search;
mod send;

use axum::http::Method;
use serde_json::json;

pub(crate) use self::send::notify;

use self::render::MessageRow;
use super::{
    access::{self, Owner},
    delta::{Item, Round},
    error::{Error, Result},
    events::{attach, upload},
    odata::{self, Paging, Row, Select},
    reply::Reply,
    request::Call,
    routes::unknown,
    scopes,
};
use crate::world::{
    World, ids,
    mail::{Folder, MailStore, Message},
    mailbox::Holder,
};

const READ_BASIC: &[&str] = &["Mail.ReadBasic", "Mail.Read", "Mail.ReadWrite"];
const READ: &[&str] = &["Mail.Read", "Mail.ReadWrite"];
const WRITE: &[&str] = &["Mail.ReadWrite"];
const SEND: &[&str] = &["Mail.Send"];

/// Where messages are looked for: everywhere, or in one folder.
#[derive(Debug, Clone)]
struct Place<'a> {
    owner: &'a Owner,
    folder: Option<Folder>,
}

impl Place<'_> {
    /// Whether a message lies here; of a search folder: whether it lies where that one searches.
    fn holds(&self, store: &MailStore, message: &Message) -> bool {
        let Some(folder) = &self.folder else { return true };
        let Some(search) = &folder.search else { return folder.id == message.folder_id };
        let mut sources = search.sources.iter();
        sources.any(|source| message.folder_id == *source || (search.nested && store.is_within(&message.folder_id, source)))
    }

    fn context(&self) -> String {
        match &self.folder {
            Some(folder) => format!("users('{}')/mailFolders('{}')/messages", self.owner.id, folder.id),
            None => format!("users('{}')/messages", self.owner.id),
        }
    }
}

/// Everything below `…/messages`, `…/mailFolders` and `…/sendMail`.
pub(crate) fn route(world: &mut World, call: &Call<'_>, owner: &Owner, segments: &[&str]) -> Result {
    if !owner.own && call.caller.user_id.is_some() {
        return Err(Error::access_denied());
    }
    let place = Place { owner, folder: None };
    match segments {
        ["sendMail"] if call.method == Method::POST => send::send_mail(world, call, owner),
        ["messages", rest @ ..] => messages(world, call, &place, rest),
        ["mailFolders", rest @ ..] => folders::route(world, call, owner, rest),
        _ => Err(Error::method_not_allowed()),
    }
}

fn messages(world: &mut World, call: &Call<'_>, place: &Place<'_>, rest: &[&str]) -> Result {
    match (&call.method, rest) {
        (&Method::GET, []) => list(world, call, place),
        (&Method::GET, ["$count"]) => {
            scopes::outlook(call, READ_BASIC)?;
            odata::count(call, rows(world, call, place)?, Paging::OUTLOOK)
        }
        (&Method::GET, ["delta"]) => delta(world, call, place),
        (&Method::POST, []) => send::create_draft(world, call, place.owner, place.folder.as_ref()),
        (_, [id, rest @ ..]) => one(world, call, place, id, rest),
        _ => Err(Error::method_not_allowed()),
    }
}

/// Newest first, as Outlook lists them.
fn rows(world: &World, call: &Call<'_>, place: &Place<'_>) -> Result<Vec<MessageRow>> {
    let mailbox = access::mailbox(world, place.owner)?;
    let mut found: Vec<&Message> = mailbox.mail.messages.iter().filter(|message| place.holds(&mailbox.mail, message)).collect();
    found.sort_by_key(|message| std::cmp::Reverse((message.received, message.change)));
    if let Some(search) = call.option("$search") {
        if call.option("$filter").is_some() || call.option("$orderby").is_some() {
            return Err(Error::new(
                400,
                "SearchWithFilter",
                "The query parameter '$search' is not supported together with '$filter' or '$orderby'.",
            ));
        }
        let search = search::Search::read(search)?;
        found.retain(|message| search.holds(message));
        // Documented: at most 250 results.
        found.truncate(250);
    }
    let rows = found.into_iter().map(|message| MessageRow::new(world, call, place.owner, message)).collect::<Result<Vec<_>>>()?;
    match place.folder.as_ref().and_then(|folder| folder.search.as_ref()) {
        Some(search) => odata::filtered(rows, &search.filter),
        None => Ok(rows),
    }
}

fn list(world: &World, call: &Call<'_>, place: &Place<'_>) -> Result {
    scopes::outlook(call, READ_BASIC)?;
    efficient(call)?;
    odata::collection(call, &place.context(), rows(world, call, place)?, Paging::OUTLOOK)
}

/// Documented: what is sorted by must be filtered by too, first and in the same order.
fn efficient(call: &Call<'_>) -> Result<()> {
    let (Some(filter), Some(order)) = (call.option("$filter"), call.option("$orderby")) else { return Ok(()) };
    let ordered = order.split(',').filter_map(|part| part.split_whitespace().next());
    let mut position = 0;
    for (index, property) in ordered.enumerate() {
        let found = filter.get(position..).and_then(|rest| rest.to_lowercase().find(&property.to_lowercase()));
        // The first one must begin the filter.
        match found {
            Some(offset)
                if index > 0 || filter.get(..offset).is_some_and(|before| before.chars().all(|letter| letter == '(' || letter == ' ')) =>
            {
                position += offset + property.len();
            }
            _ => {
                let message = "The restriction or sort order is too complex for this operation.";
                return Err(Error::new(400, "InefficientFilter", message));
            }
        }
    }
    Ok(())
}

fn delta(world: &mut World, call: &Call<'_>, place: &Place<'_>) -> Result {
    scopes::outlook(call, READ)?;
    if place.folder.is_none() {
        return Err(Error::query("Change tracking is per folder: ask '/mailFolders/{id}/messages/delta'."));
    }
    if call.option("$search").is_some() {
        return Err(Error::query("$search is not supported with delta."));
    }
    let round = Round::begin(world, call, place.context())?;
    let select = Select::read(call);
    let asked = |name: &str| round.query().iter().find(|(option, _)| option == name).map(|(_, value)| value.as_str());
    let mut found = rows(world, call, place)?;
    // Documented: no other filters and orders than these two.
    if let Some(filter) = asked("$filter") {
        let words: Vec<&str> = filter.split_whitespace().collect();
        if !matches!(words.as_slice(), [property, "ge" | "gt", _] if property.eq_ignore_ascii_case("receivedDateTime")) {
            return Err(Error::new(400, "ErrorInvalidUrlQuery", "$filter with delta is for receivedDateTime with ge or gt only."));
        }
        found = odata::filtered(found, filter)?;
    }
    if asked("$orderby").is_some_and(|order| !order.trim().eq_ignore_ascii_case("receivedDateTime desc")) {
        return Err(Error::new(400, "ErrorInvalidUrlQuery", "$orderby with delta is for receivedDateTime desc only."));
    }
    let items = found.into_iter().map(|row| Item { id: row.id.clone(), change: row.change, value: select.apply(row.show()) });
    let items = items.collect();
    let removed = |id: &str| json!({ "@odata.type": "#microsoft.graph.message", "id": id, "@removed": { "reason": "deleted" } });
    round.answer(world, call, "Collection(message)", items, removed, odata::page_size(call, Paging::OUTLOOK)?)
}

fn one(world: &mut World, call: &Call<'_>, place: &Place<'_>, id: &str, rest: &[&str]) -> Result {
    let needed = match (&call.method, rest) {
        (&Method::GET, []) | (&Method::GET, _) => READ,
        (_, ["send" | "reply" | "replyAll" | "forward"]) => SEND,
        _ => WRITE,
    };
    scopes::outlook(call, needed)?;
    let mailbox = access::mailbox(world, place.owner)?;
    let named = |message: &Message| if call.immutably_named { message.id == id } else { message.regular_id() == id };
    let message = mailbox.mail.messages.iter().find(|message| named(message) && place.holds(&mailbox.mail, message)).cloned();
    let message = message.ok_or_else(Error::item_not_found)?;
    let id = message.id.as_str();
    match (&call.method, rest) {
        (&Method::GET, []) => Ok(odata::entity(call, &place.context(), MessageRow::new(world, call, place.owner, &message)?.show())),
        (&Method::PATCH, []) => send::update(world, call, place.owner, message),
        (&Method::DELETE, []) => {
            let deleted = mailbox.mail.folder("deleteditems").map(|folder| folder.id.clone()).unwrap_or_default();
            // From Deleted Items it is gone for good.
            if message.folder_id == deleted {
                remove(world, place.owner, id)?
            } else {
                relocate(world, call, place.owner, &message, &deleted)?;
            }
            Ok(Reply::empty(204))
        }
        (&Method::POST, ["permanentDelete"]) => {
            remove(world, place.owner, id)?;
            Ok(Reply::empty(204))
        }
        (&Method::POST, [action @ ("move" | "copy")]) => {
            let target = call.json()?.text("destinationId")?.ok_or_else(|| Error::invalid("'destinationId' is needed."))?;
            let target = mailbox.mail.folder(&target).map(|folder| folder.id.clone()).ok_or_else(Error::item_not_found)?;
            let moved = if *action == "move" {
                relocate(world, call, place.owner, &message, &target)?
            } else {
                duplicate(world, call, place.owner, &message, &target)?
            };
            let shown = MessageRow::new(world, call, place.owner, &moved)?.show();
            Ok(Reply::json(201, odata::with_context(call, &format!("users('{}')/messages/$entity", place.owner.id), shown)))
        }
        (_, ["attachments", rest @ ..]) => attachments(world, call, place, &message, rest),
        (&Method::GET, ["$value"]) => Ok(Reply::bytes("text/plain", mime::written(&message)?)),
        (&Method::GET, ["event"]) => {
            let event = render::event_of(world, call, place.owner, &message)?.ok_or_else(Error::item_not_found)?;
            Ok(odata::entity(call, &format!("users('{}')/events", place.owner.id), event))
        }
        (&Method::POST, [action]) => send::action(world, call, place.owner, &message, action),
        _ => Err(unknown(call)),
    }
}

fn remove(world: &mut World, owner: &Owner, id: &str) -> Result<()> {
    access::mailbox_mut(world, owner)?.mail.messages.retain(|message| message.id != id);
    Ok(())
}

/// A moved message has a new regular id and keeps the immutable one.
fn relocate(world: &mut World, call: &Call<'_>, owner: &Owner, message: &Message, folder: &str) -> Result<Message> {
    let change = world.next_change();
    let moved = Message { moves: message.moves + 1, folder_id: folder.to_owned(), change, modified: call.now, ..message.clone() };
    let store = &mut access::mailbox_mut(world, owner)?.mail;
    store.messages.retain(|stored| stored.id != message.id);
    store.messages.push(moved.clone());
    Ok(moved)
}

fn duplicate(world: &mut World, call: &Call<'_>, owner: &Owner, message: &Message, folder: &str) -> Result<Message> {
    let (change, id) = (world.next_change(), world.next_id());
    let copy = Message { id, moves: 0, folder_id: folder.to_owned(), change, modified: call.now, ..message.clone() };
    access::mailbox_mut(world, owner)?.mail.messages.push(copy.clone());
    Ok(copy)
}

fn attachments(world: &mut World, call: &Call<'_>, place: &Place<'_>, message: &Message, rest: &[&str]) -> Result {
    let context = format!("{}('{}')/attachments", place.context(), message.id);
    if let Some(reply) = attach::read_only(call, &message.attachments, rest, &context)? {
        return Ok(reply);
    }
    let (added, reply) = match (&call.method, rest) {
        (&Method::POST, []) => {
            let added = attach::read(world, call, &call.json()?)?;
            let shown = odata::with_context(call, &format!("{context}/$entity"), super::events::render::attachment(&added));
            (Some(added), Reply::json(201, shown))
        }
        (&Method::POST, ["createUploadSession"]) => {
            return upload::create(world, call, place.owner, Holder::Message(message.id.clone()));
        }
        (&Method::DELETE, [_]) => (None, Reply::empty(204)),
        _ => return Err(unknown(call)),
    };
    let change = world.next_change();
    let stored = access::mailbox_mut(world, place.owner)?.mail.messages.iter_mut().find(|stored| stored.id == message.id);
    let stored = stored.ok_or_else(Error::item_not_found)?;
    stored.change = change;
    attach::change_list(&mut stored.attachments, added, rest)?;
    Ok(reply)
}

/// `POST …/translateExchangeIds`: between regular and immutable ids.
pub(crate) fn translate_ids(world: &World, call: &Call<'_>, owner: &Owner) -> Result {
    scopes::outlook(call, scopes::USER_READ)?;
    let input = call.json()?;
    let kind = |name: &str| -> Result<bool> {
        match input.text(name)?.unwrap_or_default().to_lowercase().as_str() {
            "restid" => Ok(false),
            "restimmutableentryid" => Ok(true),
            other => Err(Error::not_modelled(&format!("ids of the type '{other}'"))),
        }
    };
    let (from_immutable, to_immutable) = (kind("sourceIdType")?, kind("targetIdType")?);
    let messages = &access::mailbox(world, owner)?.mail.messages;
    let translate = |id: &String| {
        let stored = if from_immutable { id.replacen(ids::IMMUTABLE, ids::REGULAR, 1) } else { id.clone() };
        let message = messages.iter().find(|message| if from_immutable { message.id == stored } else { message.regular_id() == stored });
        let target = match (message, to_immutable) {
            (Some(message), true) => message.id.replacen(ids::REGULAR, ids::IMMUTABLE, 1),
            (Some(message), false) => message.regular_id(),
            // Events and contacts never move here.
            (None, true) => stored.replacen(ids::REGULAR, ids::IMMUTABLE, 1),
            (None, false) => stored,
        };
        json!({ "sourceId": id, "targetId": target })
    };
    let ids = input.texts("inputIds")?.unwrap_or_default();
    if ids.len() > 1000 {
        return Err(Error::parameter("At most 1000 ids are translated at once."));
    }
    Ok(odata::plain(call, "Collection(microsoft.graph.convertIdResult)", ids.iter().map(translate).collect()))
}
