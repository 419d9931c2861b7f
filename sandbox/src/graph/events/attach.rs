//! Attachments of events and messages. Owns reading and listing them; leaves upload sessions for large ones to `upload`.

use axum::http::Method;
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{Scope, render, store, upload};
use crate::{
    graph::{
        access::{self, Need},
        error::{Error, Result},
        input::Input,
        odata::{self, Paging},
        reply::Reply,
        request::Call,
        scopes,
    },
    world::{
        World,
        event::{Attachment, Event},
        mailbox::{Found, Holder, Mailbox},
    },
};

/// Larger files need an upload session.
const MOST_BYTES: usize = 3 * 1024 * 1024;

/// Everything below `…/events/{id}/attachments`.
pub(crate) fn route(world: &mut World, call: &Call<'_>, scope: &Scope, id: &str, rest: &[&str]) -> Result {
    let need = if call.method == Method::GET { Need::Read } else { Need::Write };
    if scope.owner.group {
        return Err(Error::not_modelled("attachments of group events: Graph does not support them"));
    }
    scope.allow(world, call, need)?;
    if need == Need::Read && scope.owner.own {
        scopes::outlook(call, scopes::CALENDARS_READ)?;
    }
    let mailbox = access::mailbox(world, &scope.owner)?;
    let found = scope.find(mailbox, id)?;
    let event = mailbox.instance(found).ok_or_else(Error::item_not_found)?.event.into_owned();
    if let Some(reply) = read_only(call, &event.attachments, rest, &format!("{}('{id}')/attachments", scope.context()))? {
        return Ok(reply);
    }
    store::check_etag(world, call, event.change)?;
    if (&call.method, rest) == (&Method::POST, ["createUploadSession"].as_slice()) {
        return upload::create(world, call, &scope.owner, Holder::Event(id.to_owned()));
    }
    let (attachment, reply) = match (&call.method, rest) {
        (&Method::POST, []) => {
            let attachment = read(world, call, &call.json()?)?;
            let shown =
                odata::with_context(call, &format!("{}('{id}')/attachments/$entity", scope.context()), render::attachment(&attachment));
            (Some(attachment), Reply::json(201, shown))
        }
        (&Method::DELETE, [_]) => (None, Reply::empty(204)),
        _ => return Err(crate::graph::routes::unknown(call)),
    };
    let change = world.next_change();
    let record = touched(access::mailbox_mut(world, &scope.owner)?, found, change, call.now)?;
    change_list(&mut record.attachments, attachment, rest)?;
    Ok(reply)
}

/// Adds an attachment that has arrived in parts.
pub(super) fn append(mailbox: &mut Mailbox, found: Found, attachment: Attachment, change: u64, now: DateTime<Utc>) -> Result<()> {
    touched(mailbox, found, change, now)?.attachments.push(attachment);
    Ok(())
}

/// The record of an event or occurrence, marked as changed.
fn touched(mailbox: &mut Mailbox, found: Found, change: u64, now: DateTime<Utc>) -> Result<&mut Event> {
    let stored = mailbox.events.get_mut(found.index).ok_or_else(Error::item_not_found)?;
    stored.touch(change, now);
    let record = match found.date {
        Some(date) => stored.exception_mut(date),
        None => stored,
    };
    record.touch(change, now);
    Ok(record)
}

/// Adds the new attachment, or removes the one that the address names.
pub(crate) fn change_list(list: &mut Vec<Attachment>, added: Option<Attachment>, rest: &[&str]) -> Result<()> {
    match (added, rest) {
        (Some(added), _) => list.push(added),
        (None, [id]) => {
            let index = list.iter().position(|attachment| attachment.id == **id).ok_or_else(Error::item_not_found)?;
            list.remove(index);
        }
        _ => {}
    }
    Ok(())
}

/// The answer to a reading request; `None` for a writing one.
pub(crate) fn read_only(call: &Call<'_>, list: &[Attachment], rest: &[&str], context: &str) -> Result<Option<Reply>> {
    let one = |id: &str| list.iter().find(|attachment| attachment.id == id).ok_or_else(Error::item_not_found);
    Ok(match (&call.method, rest) {
        (&Method::GET, []) => {
            let rows: Vec<Value> = list.iter().map(render::attachment).collect();
            Some(odata::collection(call, context, rows, Paging::OUTLOOK)?)
        }
        (&Method::GET, [id]) => {
            let found = one(id)?;
            let mut shown = render::attachment(found);
            // `$expand=microsoft.graph.itemattachment/item`
            if let Some(item) = &found.item
                && call.option("$expand").is_some_and(|list| list.to_lowercase().contains("itemattachment/item"))
            {
                shown["item"] = item.clone();
            }
            Some(odata::entity(call, context, shown))
        }
        (&Method::GET, [id, "$value"]) => {
            let attachment = one(id)?;
            if attachment.item.is_some() {
                return Err(Error::not_modelled("the raw contents of attached items"));
            }
            Some(Reply::bytes(&attachment.content_type, attachment.content.clone()))
        }
        _ => None,
    })
}

/// An attachment of a request.
pub(crate) fn read(world: &mut World, call: &Call<'_>, input: &Input) -> Result<Attachment> {
    let kind = input.text("@odata.type")?.unwrap_or_default();
    let (content, item) = match kind.trim_start_matches('#').to_ascii_lowercase().as_str() {
        "microsoft.graph.fileattachment" => {
            let content = input.base64("contentBytes")?.ok_or_else(|| Error::invalid("A file attachment needs 'contentBytes'."))?;
            (content, None)
        }
        "microsoft.graph.itemattachment" => {
            let item = input.object("item")?.ok_or_else(|| Error::invalid("An item attachment needs 'item'."))?;
            let kind = item.text("@odata.type")?.unwrap_or_default().trim_start_matches('#').to_ascii_lowercase();
            if !["microsoft.graph.event", "microsoft.graph.message", "microsoft.graph.contact"].contains(&kind.as_str()) {
                return Err(Error::invalid("The attached item needs '@odata.type' of an event, a message or a contact."));
            }
            (Vec::new(), Some(Value::Object(item.members().clone())))
        }
        _ => return Err(Error::not_modelled(&format!("attachments of the type '{kind}'"))),
    };
    if content.len() > MOST_BYTES {
        return Err(Error::new(413, "ErrorMessageSizeExceeded", "Attachments of 3 MB and more need an upload session."));
    }
    Ok(Attachment {
        id: world.next_id(),
        name: input.text("name")?.ok_or_else(|| Error::invalid("An attachment needs 'name'."))?,
        content_type: input.text("contentType")?.unwrap_or_else(|| "application/octet-stream".to_owned()),
        content,
        inline: input.boolean("isInline")?.unwrap_or(false),
        content_id: input.text("contentId")?,
        item,
        modified: call.now,
    })
}
