//! Mail. Sources: the `message` pages and "user: sendMail" of Microsoft Graph v1.0. Reading needs Mail.Read, changing Mail.ReadWrite, sending
//! Mail.Send.

use serde_json::{Map, Value};

use super::{
    Query, act, answers::commented, create as create_in, delete as delete_at, get as get_at, given, invalid, list as list_of, pages,
    quoted, update as update_at,
};
use crate::Error;
use crate::graph::{
    Call, Page, Safety,
    input::{addresses, object},
};

const READ: &str = "Mail.Read";
const WRITE: &str = "Mail.ReadWrite";
const SEND: &str = "Mail.Send";
/// What lists bring of a message: all but the body and its headers.
const MESSAGE: &str = "id,changeKey,subject,bodyPreview,from,sender,toRecipients,ccRecipients,bccRecipients,replyTo,receivedDateTime,sentDateTime,\
                       createdDateTime,lastModifiedDateTime,isRead,isDraft,isReadReceiptRequested,isDeliveryReceiptRequested,hasAttachments,\
                       importance,flag,categories,conversationId,parentFolderId,inferenceClassification,internetMessageId,webLink";

/// Messages of the mailbox, or of a folder by its id or well-known name such as `inbox`. Takes `search`, or `filter` and `order_by`, and
/// `top` to 1000.
pub fn list(folder: Option<&str>, query: &Query) -> Result<Call<Page<Value>>, Error> {
    let segments = folder.map_or_else(|| vec!["messages"], |folder| vec!["mailFolders", folder, "messages"]);
    let mut request = list_of(&segments, MESSAGE, READ).timeless();
    if let Some(search) = given(&query.search) {
        if given(&query.filter).is_some() || given(&query.order_by).is_some() {
            return Err(invalid("search", "cannot be combined with `filter` or `orderBy`; Graph orders what it finds by date."));
        }
        request = request.query("$search", quoted(search));
    }
    query.apply(request, 1000, "50").map(pages)
}

/// One message whole.
#[must_use]
pub fn get(id: &str) -> Call<Value> {
    let mut call = get_at(&["messages", id], READ);
    call.request = call.request.timeless();
    call
}

/// Sends a new message; needs somebody to send it to. A failure that leaves open whether it went is not repeated.
pub fn send(message: Value, save_to_sent_items: bool) -> Result<Call<Value>, Error> {
    let message = object(message, "message")?;
    let mut count = 0;
    for name in ["toRecipients", "ccRecipients", "bccRecipients"] {
        match message.get(name) {
            None | Some(Value::Null) => {}
            Some(Value::Array(entries)) => {
                addresses(entries, name)?;
                count += entries.len();
            }
            Some(_) => return Err(invalid(name, "must be a list.")),
        }
    }
    if count == 0 {
        return Err(invalid("toRecipients", "must name somebody."));
    }
    let mut body = Map::new();
    body.insert("message".into(), Value::Object(message));
    body.insert("saveToSentItems".into(), save_to_sent_items.into());
    Ok(act(&["sendMail"], Some(Value::Object(body)), Safety::Never, SEND))
}

/// Answers a message with a comment, to its sender or to all.
#[must_use]
pub fn reply(id: &str, comment: &str, all: bool) -> Call<Value> {
    let action = if all { "replyAll" } else { "reply" };
    let mut body = commented(comment);
    body.entry("comment").or_insert_with(|| "".into());
    act(&["messages", id, action], Some(Value::Object(body)), Safety::Never, SEND)
}

/// A new draft.
pub fn create(message: Value) -> Result<Call<Value>, Error> {
    create_in(&["messages"], message, WRITE)
}

/// Other values for the members in `body`, e.g. `isRead`.
pub fn update(id: &str, body: Value) -> Result<Call<Value>, Error> {
    update_at(&["messages", id], body, WRITE)
}

/// Into the deleted items; what is gone already counts as deleted.
#[must_use]
pub fn delete(id: &str) -> Call<Value> {
    delete_at(&["messages", id], WRITE)
}

/// What is attached, without its bytes.
#[must_use]
pub fn attachments(id: &str) -> Call<Page<Value>> {
    pages(list_of(&["messages", id, "attachments"], "id,name,contentType,size,isInline,lastModifiedDateTime", READ).timeless())
}

/// One attachment with its bytes (`contentBytes`, base64).
#[must_use]
pub fn attachment(id: &str, attachment: &str) -> Call<Value> {
    let mut call = get_at(&["messages", id, "attachments", attachment], READ);
    call.request = call.request.timeless();
    call
}

/// A file attached by one request, at most 3 MB ("Add attachment"); larger ones go up by `files::attachment_session`.
pub fn attach(id: &str, body: Value) -> Result<Call<Value>, Error> {
    create_in(&["messages", id, "attachments"], body, WRITE)
}
