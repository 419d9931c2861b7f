//! Large attachments of events and messages, which arrive in parts at an address that stands for a token (attachment: createUploadSession).
//! Owns sessions and parts; leaves small attachments to `attach` and files to `drive::transfer`.

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Path, State},
    http::{HeaderMap, Method, Request},
    response::{IntoResponse, Response},
    routing::any,
};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::{
    context::Shared,
    graph::{
        MAX_BODY,
        access::{self, Owner},
        drive::transfer::{Span, readable},
        error::{Error, Result},
        odata,
        reply::Reply,
        request::Call,
    },
    world::{
        World,
        event::Attachment,
        mailbox::{AttachmentUpload, Holder},
    },
};

/// The documented range of sizes: what is smaller is attached at once.
const SIZES: std::ops::RangeInclusive<usize> = 3 * 1024 * 1024..=150 * 1024 * 1024;
/// The documented limit of one part.
const MOST_PART: usize = 4 * 1024 * 1024;
/// How long an upload may take; the documentation's samples end about then.
const LIFETIME: TimeDelta = TimeDelta::hours(2);

/// Routes below `/files`.
pub(crate) fn router() -> Router<Shared> {
    Router::new().route("/attachment/{secret}", any(upload))
}

/// `POST …/attachments/createUploadSession`.
pub(crate) fn create(world: &mut World, call: &Call<'_>, owner: &Owner, holder: Holder) -> Result {
    if !owner.own && call.caller.user_id.is_some() {
        // Documented as a known issue: not in shared or delegated mailboxes.
        return Err(Error::access_denied());
    }
    let item = call.json()?.object("AttachmentItem")?.ok_or_else(|| Error::parameter("'AttachmentItem' is needed."))?;
    let kind = item.text("attachmentType")?.unwrap_or_default();
    if !kind.eq_ignore_ascii_case("file") {
        return Err(Error::not_modelled(&format!("upload sessions for attachments of the type '{kind}'")));
    }
    let size = item.integer("size")?.and_then(|size| usize::try_from(size).ok()).ok_or_else(|| Error::parameter("'size' is needed."))?;
    if size < *SIZES.start() {
        // The code is from memory; the limit is documented.
        let message = "The attachment size should be at least 3 MB; attach smaller ones in one request.";
        return Err(Error::new(400, "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize", message));
    }
    if size > *SIZES.end() {
        return Err(Error::new(413, "ErrorMessageSizeExceeded", "The attachment is larger than 150 MB."));
    }
    let attachment = Attachment {
        id: world.next_id(),
        name: item.text("name")?.ok_or_else(|| Error::parameter("'name' is needed."))?,
        content_type: item.text("contentType")?.unwrap_or_else(|| "application/octet-stream".to_owned()),
        content: Vec::new(),
        inline: item.boolean("isInline")?.unwrap_or(false),
        content_id: item.text("contentId")?,
        item: None,
        modified: call.now,
    };
    let number = world.next_change();
    let secret = world.secret(&format!("attachment {number}"));
    let upload = AttachmentUpload { holder, attachment, size, expires: call.now + LIFETIME };
    let mut shown = json!({ "expirationDateTime": time(upload.expires), "nextExpectedRanges": ["0-"] });
    shown["uploadUrl"] = format!("{}/files/attachment/{secret}", call.base_url).into();
    access::mailbox_mut(world, owner)?.attachment_uploads.insert(secret, upload);
    Ok(Reply::json(201, odata::with_context(call, "microsoft.graph.uploadSession", shown)))
}

fn time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// How far an upload is, in the words of Outlook's own service, which the parts go to: one name begins with a capital there.
fn progress(upload: &AttachmentUpload, base_url: &str) -> Value {
    json!({
        "@odata.context": format!("{base_url}/files/$metadata#AttachmentSessions/$entity"),
        "ExpirationDateTime": time(upload.expires),
        "nextExpectedRanges": [upload.attachment.content.len().to_string()],
    })
}

async fn upload(State(context): State<Shared>, Path(secret): Path<String>, request: Request<Body>) -> Response {
    let now = context.clock.now();
    let (parts, body) = request.into_parts();
    let reply = match to_bytes(body, MAX_BODY).await {
        Ok(body) if body.len() <= MOST_PART => {
            part(&mut context.world(), &context.base_url, now, &secret, (&parts.method, &parts.headers), &body)
        }
        _ => Err(Error::new(413, "ErrorMessageSizeExceeded", "A part has at most 4 MB.")),
    };
    readable(reply.unwrap_or_else(|error| error.reply(now))).into_response()
}

/// A part, a question how far it is, or the end of the session.
fn part(
    world: &mut World,
    base_url: &str,
    now: DateTime<Utc>,
    secret: &str,
    (method, headers): (&Method, &HeaderMap),
    body: &[u8],
) -> Result {
    let found = world.mailboxes.iter_mut().find(|(_, mailbox)| mailbox.attachment_uploads.contains_key(secret));
    let (owner, mailbox) = found.ok_or_else(Error::item_not_found)?;
    let owner = owner.clone();
    let upload = mailbox.attachment_uploads.get_mut(secret).filter(|upload| upload.expires > now).ok_or_else(Error::item_not_found)?;
    match *method {
        Method::GET => return Ok(Reply::ok(progress(upload, base_url))),
        Method::DELETE => {
            mailbox.attachment_uploads.remove(secret);
            return Ok(Reply::empty(204));
        }
        Method::PUT => {}
        _ => return Err(Error::method_not_allowed()),
    }
    let span = Span::read(headers, body.len()).filter(|span| span.total == upload.size);
    let span =
        span.ok_or_else(|| Error::parameter("The part needs a header 'Content-Range: bytes first-last/total' that fits its length."))?;
    if span.first != upload.attachment.content.len() {
        return Err(Error::new(416, "ErrorInvalidRange", "The part does not begin where the last one ended."));
    }
    upload.attachment.content.extend_from_slice(body);
    if upload.attachment.content.len() < upload.size {
        return Ok(Reply::ok(progress(upload, base_url)));
    }
    let upload = mailbox.attachment_uploads.remove(secret).ok_or_else(Error::item_not_found)?;
    let (id, change) = (upload.attachment.id.clone(), world.next_change());
    let mailbox = world.mailboxes.get_mut(&owner).ok_or_else(Error::item_not_found)?;
    let place = match &upload.holder {
        Holder::Event(event_id) => {
            let found = mailbox.find(event_id).ok_or_else(Error::item_not_found)?;
            super::attach::append(mailbox, found, upload.attachment, change, now)?;
            format!("events/{event_id}")
        }
        Holder::Message(message_id) => {
            let message = mailbox.mail.messages.iter_mut().find(|message| message.id == *message_id).ok_or_else(Error::item_not_found)?;
            message.change = change;
            message.attachments.push(upload.attachment);
            format!("messages/{message_id}")
        }
    };
    Ok(Reply::empty(201).header("Location", format!("{base_url}/v1.0/users/{owner}/{place}/attachments/{id}")))
}
