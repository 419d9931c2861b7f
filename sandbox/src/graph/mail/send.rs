//! Writing and sending messages. Owns drafts, answers and delivery to mailboxes here; what goes outside goes nowhere.

use serde_json::Value;

use crate::{
    graph::{
        access::{self, Owner},
        error::{Error, Result},
        events::{attach, render::escape},
        input::Input,
        odata::{self, Row},
        reply::Reply,
        request::Call,
        routes::unknown,
        scopes,
    },
    world::{
        World,
        event::{Address, Body},
        mail::{Folder, Message},
        wire::Importance,
    },
};

use super::{SEND, WRITE, mime, render::MessageRow};

/// `POST …/sendMail`.
pub(crate) fn send_mail(world: &mut World, call: &Call<'_>, owner: &Owner) -> Result {
    scopes::outlook(call, SEND)?;
    if mime::is_sent(call) {
        let message = in_mime(world, call, owner, "outbox")?;
        return deliver(world, call, owner, message, true);
    }
    let input = call.json()?;
    let message = input.object("message")?.ok_or_else(|| Error::parameter("'message' is needed."))?;
    let draft = draft(world, call, owner, "outbox")?;
    let message = filled(world, call, &message, draft)?;
    let save = input.boolean("saveToSentItems")?.unwrap_or(true);
    deliver(world, call, owner, message, save)
}

/// The message that a request carries as MIME.
fn in_mime(world: &mut World, call: &Call<'_>, owner: &Owner, folder: &str) -> Result<Message> {
    let bytes = mime::decoded(call)?;
    let draft = draft(world, call, owner, folder)?;
    mime::read(world, call, &bytes, draft)
}

/// `POST …/messages`.
pub(crate) fn create_draft(world: &mut World, call: &Call<'_>, owner: &Owner, folder: Option<&Folder>) -> Result {
    scopes::outlook(call, WRITE)?;
    let mut message = if mime::is_sent(call) {
        in_mime(world, call, owner, "drafts")?
    } else {
        let draft = draft(world, call, owner, "drafts")?;
        filled(world, call, &call.json()?, draft)?
    };
    if let Some(folder) = folder {
        message.folder_id = folder.id.clone();
    }
    store(world, call, owner, message)
}

/// Mail that the service sends in somebody's name, such as about a shared file. Nothing of it is kept in Sent Items.
pub(crate) fn notify(world: &mut World, call: &Call<'_>, owner: &Owner, to: Vec<Address>, subject: &str, text: &str) -> Result<()> {
    let draft = draft(world, call, owner, "outbox")?;
    let body = Body { html: false, content: text.to_owned() };
    deliver(world, call, owner, Message { to, subject: subject.to_owned(), body, ..draft }, false).map(drop)
}

fn store(world: &mut World, call: &Call<'_>, owner: &Owner, message: Message) -> Result {
    access::mailbox_mut(world, owner)?.mail.messages.push(message.clone());
    let shown = MessageRow::new(world, call, owner, &message)?.show();
    Ok(Reply::json(201, odata::with_context(call, &format!("users('{}')/messages/$entity", owner.id), shown)))
}

/// An empty draft.
fn draft(world: &mut World, call: &Call<'_>, owner: &Owner, folder: &str) -> Result<Message> {
    let (id, change) = (world.next_id(), world.next_change());
    let mailbox = access::mailbox(world, owner)?;
    Ok(Message {
        folder_id: mailbox.mail.folder(folder).map(|folder| folder.id.clone()).unwrap_or_default(),
        change,
        moves: 0,
        created: call.now,
        modified: call.now,
        received: call.now,
        sent: call.now,
        subject: String::new(),
        body: Body::default(),
        from: mailbox.owner.clone(),
        to: Vec::new(),
        cc: Vec::new(),
        bcc: Vec::new(),
        reply_to: Vec::new(),
        is_read: true,
        is_draft: true,
        importance: Importance::Normal,
        categories: Vec::new(),
        conversation: id.clone(),
        internet_message_id: format!("<{change:012x}@contoso.onmicrosoft.com>"),
        attachments: Vec::new(),
        meeting: None,
        headers: Vec::new(),
        flag: None,
        id,
    })
}

/// Puts a request's members into a message.
fn filled(world: &mut World, call: &Call<'_>, input: &Input, mut message: Message) -> Result<Message> {
    if message.is_draft {
        message.subject = input.text("subject")?.unwrap_or(message.subject);
        message.body = input.body("body")?.unwrap_or(message.body);
        message.to = input.recipients("toRecipients")?.unwrap_or(message.to);
        message.cc = input.recipients("ccRecipients")?.unwrap_or(message.cc);
        message.bcc = input.recipients("bccRecipients")?.unwrap_or(message.bcc);
        message.reply_to = input.recipients("replyTo")?.unwrap_or(message.reply_to);
    } else if input.has("subject") || input.has("body") || input.has("toRecipients") {
        return Err(Error::new(400, "ErrorInvalidPropertySet", "Subject, body and recipients can be changed in drafts only."));
    }
    message.importance = input.choice("importance", Importance::parse)?.unwrap_or(message.importance);
    message.categories = input.texts("categories")?.unwrap_or(message.categories);
    message.is_read = input.boolean("isRead")?.unwrap_or(message.is_read);
    if let Some(flag) = input.object("flag")? {
        let status = flag.text("flagStatus")?.unwrap_or_else(|| "notFlagged".to_owned());
        if !["notFlagged", "complete", "flagged"].iter().any(|known| known.eq_ignore_ascii_case(&status)) {
            return Err(Error::unreadable(format!("Requested value '{status}' was not found.")));
        }
        message.flag = Some(Value::Object(flag.members().clone()));
    }
    for header in input.objects("internetMessageHeaders")?.unwrap_or_default() {
        let (name, value) = (header.text("name")?.unwrap_or_default(), header.text("value")?.unwrap_or_default());
        if !name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("x-")) {
            // The code is from memory.
            let text = format!("The internet message header name '{name}' should start with 'x-' or 'X-'.");
            return Err(Error::new(400, "InvalidInternetMessageHeader", text));
        }
        message.headers.push((name, value));
    }
    for file in input.objects("attachments")?.unwrap_or_default() {
        message.attachments.push(attach::read(world, call, &file)?);
    }
    Ok(message)
}

/// `PATCH …/messages/{id}`.
pub(crate) fn update(world: &mut World, call: &Call<'_>, owner: &Owner, message: Message) -> Result {
    let change = world.next_change();
    let mut message = filled(world, call, &call.json()?, message)?;
    (message.change, message.modified) = (change, call.now);
    let store = &mut access::mailbox_mut(world, owner)?.mail;
    store.messages.iter_mut().filter(|stored| stored.id == message.id).for_each(|stored| *stored = message.clone());
    Ok(odata::entity(call, &format!("users('{}')/messages", owner.id), MessageRow::new(world, call, owner, &message)?.show()))
}

/// `send`, and answers: sent at once (`reply`, …) or as drafts (`createReply`, …).
pub(crate) fn action(world: &mut World, call: &Call<'_>, owner: &Owner, message: &Message, action: &str) -> Result {
    if action == "send" {
        if !message.is_draft {
            return Err(Error::invalid("Only a draft can be sent."));
        }
        access::mailbox_mut(world, owner)?.mail.messages.retain(|stored| stored.id != message.id);
        return deliver(world, call, owner, message.clone(), true);
    }
    let (kind, send) = match action {
        "reply" | "replyAll" | "forward" => (action.to_owned(), true),
        "createReply" => ("reply".to_owned(), false),
        "createReplyAll" => ("replyAll".to_owned(), false),
        "createForward" => ("forward".to_owned(), false),
        _ => return Err(unknown(call)),
    };
    let answer = if mime::is_sent(call) {
        // The MIME is the answer as a whole, quotation and recipients with it.
        let answer = in_mime(world, call, owner, "drafts")?;
        Message { conversation: message.conversation.clone(), ..answer }
    } else {
        answer(world, call, owner, message, &kind, &call.json()?)?
    };
    if send { deliver(world, call, owner, answer, true) } else { store(world, call, owner, answer) }
}

fn answer(world: &mut World, call: &Call<'_>, owner: &Owner, message: &Message, kind: &str, input: &Input) -> Result<Message> {
    let changes = input.object("message")?.unwrap_or_default();
    let comment = input.text("comment")?;
    // Documented: a comment or the message's body, not both.
    if comment.is_some() && changes.has("body") {
        return Err(Error::invalid("A comment and the message's body cannot be given together."));
    }
    let mut draft = draft(world, call, owner, "drafts")?;
    let prefix = if kind == "forward" { "FW: " } else { "RE: " };
    let bare = message.subject.trim_start_matches("RE: ").trim_start_matches("FW: ");
    draft.subject = format!("{prefix}{bare}");
    draft.conversation = message.conversation.clone();
    let me = draft.from.address.clone();
    match kind {
        "forward" => {
            draft.to = input.recipients("toRecipients")?.unwrap_or_default();
            draft.attachments = message.attachments.clone();
        }
        "replyAll" => {
            let others = message.to.iter().filter(|person| !person.address.eq_ignore_ascii_case(&me));
            draft.to = std::iter::once(&message.from).chain(others).cloned().collect();
            draft.cc = message.cc.clone();
        }
        _ => draft.to = if message.reply_to.is_empty() { vec![message.from.clone()] } else { message.reply_to.clone() },
    }
    let original = if message.body.html { message.body.content.clone() } else { escape(&message.body.content) };
    let comment = escape(&comment.unwrap_or_default());
    let content = format!("<div>{comment}</div>\r\n<hr>\r\n<div><b>From:</b> {}</div>\r\n{original}", escape(&message.from.name));
    draft.body = Body { html: true, content };
    filled(world, call, &changes, draft)
}

/// Puts the message into the inboxes of its recipients here, and into the sender's Sent Items.
fn deliver(world: &mut World, call: &Call<'_>, owner: &Owner, mut message: Message, save: bool) -> Result {
    let recipients: Vec<String> =
        [&message.to, &message.cc, &message.bcc].into_iter().flatten().map(|person| person.address.clone()).collect();
    if recipients.is_empty() {
        return Err(Error::new(400, "ErrorInvalidRecipients", "At least one recipient is needed."));
    }
    (message.is_draft, message.sent, message.received) = (false, call.now, call.now);
    let mut reached = std::collections::BTreeSet::new();
    for recipient in recipients.iter().flat_map(|address| world.recipients(address)).collect::<Vec<_>>() {
        if !reached.insert(recipient.clone()) {
            continue;
        }
        let (id, change) = (world.next_id(), world.next_change());
        let Some(mailbox) = world.mailboxes.get_mut(&recipient) else { continue };
        let folder_id = mailbox.mail.folder("inbox").map(|folder| folder.id.clone()).unwrap_or_default();
        mailbox.mail.messages.push(Message { id, change, folder_id, is_read: false, bcc: Vec::new(), ..message.clone() });
    }
    if save {
        let (id, change) = (world.next_id(), world.next_change());
        let store = &mut access::mailbox_mut(world, owner)?.mail;
        let folder_id = store.folder("sentitems").map(|folder| folder.id.clone()).unwrap_or_default();
        store.messages.push(Message { id, change, folder_id, is_read: true, ..message });
    }
    Ok(Reply::empty(202))
}
