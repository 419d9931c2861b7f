//! Messages in MIME form (RFC 5322, RFC 2045): read when they are created or sent so, written for `$value`. Owns the conversion both ways;
//! leaves what happens to the message to `send`.

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::DateTime;
use mail_builder::{MessageBuilder, headers::address::Address as Recipient, headers::raw::Raw};
use mail_parser::{MessageParser, MimeHeaders};

use crate::{
    graph::{
        error::{Error, Result},
        request::Call,
    },
    world::{
        World,
        event::{Address, Attachment, Body},
        mail::Message,
        wire::Importance,
    },
};

/// Whether a request carries a message in MIME: as text, which is the base64 of it.
pub(super) fn is_sent(call: &Call<'_>) -> bool {
    call.header("content-type").is_some_and(|kind| kind.to_ascii_lowercase().starts_with("text/plain"))
}

/// The bytes of a message that was sent so.
pub(super) fn decoded(call: &Call<'_>) -> Result<Vec<u8>> {
    let text: Vec<u8> = call.body.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    STANDARD.decode(text).map_err(|_| Error::new(400, "ErrorMimeContentInvalidBase64String", "Invalid base64 string for MIME content."))
}

/// Puts what the MIME says into a draft. Who it is from stays the mailbox's owner.
pub(super) fn read(world: &mut World, call: &Call<'_>, bytes: &[u8], mut draft: Message) -> Result<Message> {
    let unreadable = || Error::new(400, "ErrorMimeContentInvalid", "The MIME content cannot be read.");
    let parsed = MessageParser::default().parse(bytes).ok_or_else(unreadable)?;
    let people = |list: Option<&mail_parser::Address<'_>>| -> Vec<Address> {
        let all = list.into_iter().flat_map(mail_parser::Address::iter);
        let one = |person: &mail_parser::Addr<'_>| {
            let address = person.address()?.to_owned();
            Some(Address { name: person.name().unwrap_or(&address).to_owned(), address })
        };
        all.filter_map(one).collect()
    };
    draft.subject = parsed.subject().unwrap_or_default().to_owned();
    draft.to = people(parsed.to());
    draft.cc = people(parsed.cc());
    draft.bcc = people(parsed.bcc());
    draft.reply_to = people(parsed.reply_to());
    let is_html = parsed.html_part(0).is_some_and(mail_parser::MessagePart::is_text_html);
    let content = if is_html { parsed.body_html(0) } else { parsed.body_text(0) };
    draft.body = Body { html: is_html, content: content.map(|text| text.trim_end().to_owned()).unwrap_or_default() };
    if let Some(sent) = parsed.date().and_then(|date| DateTime::from_timestamp(date.to_timestamp(), 0)) {
        draft.sent = sent;
    }
    if let Some(id) = parsed.message_id() {
        draft.internet_message_id = format!("<{id}>");
    }
    if let Some(importance) = parsed.header_raw("Importance").and_then(|text| Importance::parse(text.trim())) {
        draft.importance = importance;
    }
    let own = |name: &str| name.len() > 2 && name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("x-"));
    for (name, value) in parsed.headers_raw().filter(|(name, _)| own(name)) {
        draft.headers.push((name.to_owned(), value.trim().to_owned()));
    }
    for part in parsed.attachments() {
        let kind = part.content_type().map(|kind| match kind.subtype() {
            Some(subtype) => format!("{}/{subtype}", kind.ctype()),
            None => kind.ctype().to_owned(),
        });
        draft.attachments.push(Attachment {
            id: world.next_id(),
            name: part.attachment_name().unwrap_or("attachment").to_owned(),
            content_type: kind.unwrap_or_else(|| "application/octet-stream".to_owned()),
            content: part.contents().to_vec(),
            inline: part.content_disposition().is_some_and(mail_parser::ContentType::is_inline),
            content_id: part.content_id().map(str::to_owned),
            item: None,
            modified: call.now,
        });
    }
    Ok(draft)
}

/// A message as MIME.
pub(super) fn written(message: &Message) -> Result<Vec<u8>> {
    let person = |person: &Address| Recipient::new_address(Some(person.name.clone()), person.address.clone());
    let people = |list: &[Address]| Recipient::new_list(list.iter().map(person).collect());
    let mut mime = MessageBuilder::new()
        .from(person(&message.from))
        .subject(message.subject.clone())
        .date(message.sent.timestamp())
        .message_id(message.internet_message_id.trim_matches(['<', '>']).to_owned());
    if !message.to.is_empty() {
        mime = mime.to(people(&message.to));
    }
    if !message.cc.is_empty() {
        mime = mime.cc(people(&message.cc));
    }
    if !message.bcc.is_empty() && message.is_draft {
        mime = mime.bcc(people(&message.bcc));
    }
    if !message.reply_to.is_empty() {
        mime = mime.reply_to(people(&message.reply_to));
    }
    if message.importance != Importance::Normal {
        mime = mime.header("Importance", Raw::new(message.importance.as_str().to_owned()));
    }
    for (name, value) in &message.headers {
        mime = mime.header(name.clone(), Raw::new(value.clone()));
    }
    mime = if message.body.html { mime.html_body(message.body.content.clone()) } else { mime.text_body(message.body.content.clone()) };
    for file in &message.attachments {
        mime = match (&file.content_id, file.inline) {
            (Some(id), true) => mime.inline(file.content_type.clone(), id.clone(), file.content.clone()),
            _ => mime.attachment(file.content_type.clone(), file.name.clone(), file.content.clone()),
        };
    }
    mime.write_to_vec().map_err(|error| Error::new(500, "ErrorInternalServerError", format!("The message cannot be written ({error}).")))
}
