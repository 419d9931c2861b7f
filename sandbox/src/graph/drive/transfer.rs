//! Bytes without a token: downloads and upload sessions at addresses that are secrets themselves. Owns these addresses and their routes.

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Path, State},
    http::{HeaderMap, Method, Request, header},
    response::{IntoResponse, Response},
    routing::any,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{Target, exists, history, item, not_found, place, save};
use crate::{
    context::{Caller, Shared},
    graph::{
        MAX_BODY,
        access::{self, Owner},
        error::{Error, Result},
        odata,
        reply::Reply,
        request::{Call, Head},
    },
    world::{
        World,
        drive::{DriveItem, FileContent, Upload},
    },
};

/// How long a download's address works.
const DOWNLOAD_LIFETIME: TimeDelta = TimeDelta::hours(1);
/// How long an upload may pause.
const UPLOAD_LIFETIME: TimeDelta = TimeDelta::days(7);
/// The documented limit of one part.
const MOST_PART: usize = 60 * 1024 * 1024;

/// Routes below `/files`: no token is asked for, the addresses are secret.
pub fn file_router() -> Router<Shared> {
    Router::new()
        .route("/download/{secret}", any(download))
        .route("/upload/{secret}", any(upload))
        .route("/monitor/{secret}", any(monitor))
        .merge(crate::graph::events::upload::router())
}

/// The address of a file's bytes. It is made of the file and an end, so that nothing needs to be remembered.
pub(crate) fn download_url(world: &World, call: &Call<'_>, owner: &Owner, item: &DriveItem) -> String {
    sealed(world, call, "download", &format!("{} {} {}", owner.id, item.id, (call.now + DOWNLOAD_LIFETIME).timestamp()))
}

/// The address of the bytes that a file had in a version.
pub(super) fn version_url(world: &World, call: &Call<'_>, owner: &Owner, item: &DriveItem, version: &str) -> String {
    sealed(world, call, "download", &format!("{} {} {} {version}", owner.id, item.id, (call.now + DOWNLOAD_LIFETIME).timestamp()))
}

/// The address that says how far a copy is.
pub(super) fn monitor_url(world: &World, call: &Call<'_>, copy: &str) -> String {
    sealed(world, call, "monitor", copy)
}

fn sealed(world: &World, call: &Call<'_>, kind: &str, ticket: &str) -> String {
    format!("{}/files/{kind}/{}.{}", call.base_url, URL_SAFE_NO_PAD.encode(ticket), world.secret(ticket))
}

/// What a sealed address stands for.
fn opened(world: &World, secret: &str) -> Option<String> {
    let (ticket, seal) = secret.split_once('.')?;
    let ticket = String::from_utf8(URL_SAFE_NO_PAD.decode(ticket).ok()?).ok()?;
    (world.secret(&ticket) == seal).then_some(ticket)
}

/// Copies are made at once, so that each is done when somebody asks (long running actions).
async fn monitor(State(context): State<Shared>, Path(secret): Path<String>) -> Response {
    let copy = opened(&context.world(), &secret);
    let done = |id| json!({ "operation": "itemCopy", "percentageComplete": 100.0, "resourceId": id, "status": "completed" });
    let reply = copy.map_or_else(|| not_found().reply(context.clock.now()), |id| Reply::ok(done(id)));
    readable(reply).into_response()
}

async fn download(State(context): State<Shared>, Path(secret): Path<String>, method: Method, headers: HeaderMap) -> Response {
    let now = context.clock.now();
    let reply = match method {
        Method::OPTIONS => Ok(Reply::empty(204)),
        Method::GET => bytes_of(&context.world(), &secret, &headers, now),
        _ => Err(Error::method_not_allowed()),
    };
    readable(reply.unwrap_or_else(|error| error.reply(now))).into_response()
}

fn bytes_of(world: &World, secret: &str, headers: &HeaderMap, now: DateTime<Utc>) -> Result {
    let expired = || Error::new(401, "unauthenticated", "The address has expired.");
    let ticket = opened(world, secret).ok_or_else(expired)?;
    let parts: Vec<&str> = ticket.split(' ').collect();
    let [owner, item, until, version @ ..] = parts.as_slice() else { return Err(not_found()) };
    if until.parse::<i64>().is_ok_and(|until| until < now.timestamp()) {
        return Err(expired());
    }
    let item = world.mailboxes.get(*owner).and_then(|mailbox| mailbox.drive.item(item)).ok_or_else(not_found)?;
    let file = match version {
        [version] => history::bytes_of(item, version),
        _ => item.file.as_ref(),
    };
    let file = file.ok_or_else(not_found)?;
    let Some(range) = headers.get(header::RANGE).and_then(|range| range.to_str().ok()) else {
        return Ok(Reply::bytes(&file.mime_type, file.bytes.clone()));
    };
    let total = file.bytes.len();
    let (start, end) = range.strip_prefix("bytes=").and_then(|range| range.split_once('-')).ok_or_else(|| bad_range(total))?;
    let start: usize = start.parse().map_err(|_| bad_range(total))?;
    let end = end.parse::<usize>().unwrap_or(usize::MAX).min(total.saturating_sub(1));
    let bytes = file.bytes.get(start..=end).ok_or_else(|| bad_range(total))?.to_vec();
    Ok(Reply { status: 206, ..Reply::bytes(&file.mime_type, bytes) }.header("Content-Range", format!("bytes {start}-{end}/{total}")))
}

fn bad_range(total: usize) -> Error {
    Error::new(416, "invalidRange", "The range cannot be satisfied.").header("Content-Range", format!("bytes */{total}"))
}

/// `POST …/createUploadSession`.
pub(super) fn create_session(world: &mut World, call: &Call<'_>, owner: &Owner, target: Target) -> Result {
    let item = call.json()?.object("item")?.unwrap_or_default();
    let conflict = item.text("@microsoft.graph.conflictBehavior")?.unwrap_or_else(|| "fail".to_owned());
    let (parent, name) = place(world, owner, target)?;
    let name = item.text("name")?.unwrap_or(name);
    let taken = access::mailbox(world, owner)?.drive.children(&parent).any(|item| item.name.eq_ignore_ascii_case(&name));
    if taken && conflict.eq_ignore_ascii_case("fail") {
        return Err(exists());
    }
    let number = world.next_change();
    let secret = world.secret(&format!("upload {number}"));
    let expires = call.now + UPLOAD_LIFETIME;
    let deferred = call.json()?.boolean("deferCommit")?.unwrap_or(false);
    let upload = Upload { parent, name, conflict, received: Vec::new(), deferred, complete: false, expires };
    let shown = progress(&upload);
    access::mailbox_mut(world, owner)?.drive.uploads.insert(secret.clone(), upload);
    let mut answer = odata::with_context(call, "microsoft.graph.uploadSession", shown);
    answer["uploadUrl"] = format!("{}/files/upload/{secret}", call.base_url).into();
    Ok(Reply::ok(answer))
}

fn progress(upload: &Upload) -> Value {
    json!({
        "expirationDateTime": upload.expires.to_rfc3339_opts(SecondsFormat::Millis, true),
        "nextExpectedRanges": if upload.complete { json!([]) } else { json!([format!("{}-", upload.received.len())]) },
    })
}

async fn upload(State(context): State<Shared>, Path(secret): Path<String>, request: Request<Body>) -> Response {
    let now = context.clock.now();
    let (parts, body) = request.into_parts();
    let reply = match to_bytes(body, MAX_BODY).await {
        Ok(body) if body.len() <= MOST_PART => {
            let mut world = context.world();
            part(&mut world, &context.base_url, now, &secret, &parts.method, parts.headers, body.to_vec())
        }
        _ => Err(Error::new(413, "fragmentTooLarge", "A part has at most 60 MiB.")),
    };
    readable(reply.unwrap_or_else(|error| error.reply(now))).into_response()
}

/// One request to an upload's address: a part, a question how far it is, or its end.
fn part(world: &mut World, base_url: &str, now: DateTime<Utc>, secret: &str, method: &Method, headers: HeaderMap, body: Vec<u8>) -> Result {
    if *method == Method::OPTIONS {
        return Ok(Reply::empty(204));
    }
    let found = world.mailboxes.iter().find(|(_, mailbox)| mailbox.drive.uploads.contains_key(secret)).map(|(owner, _)| owner.clone());
    let owner = Owner { id: found.ok_or_else(not_found)?, own: true, group: false };
    let uploads = &mut access::mailbox_mut(world, &owner)?.drive.uploads;
    let upload = uploads.get_mut(secret).filter(|upload| upload.expires > now).ok_or_else(not_found)?;
    match *method {
        Method::GET => return Ok(Reply::ok(progress(upload))),
        Method::DELETE => {
            uploads.remove(secret);
            return Ok(Reply::empty(204));
        }
        Method::PUT if !upload.complete => {}
        // Of a deferred upload: now the file is made.
        Method::POST if upload.complete => return finished(world, base_url, now, &owner, secret),
        _ => return Err(Error::method_not_allowed()),
    }
    let wrong = "The part needs a header 'Content-Range: bytes first-last/total' that fits its length.";
    let Span { first, total } = Span::read(&headers, body.len()).ok_or_else(|| Error::new(400, "invalidRequest", wrong))?;
    if first != upload.received.len() {
        // Parts come in order; the client asks what is expected and goes on from there.
        return Err(Error::new(416, "invalidRange", "The part does not begin where the last one ended."));
    }
    upload.received.extend(body);
    upload.complete = upload.received.len() >= total;
    if !upload.complete || upload.deferred {
        return Ok(Reply::json(202, progress(upload)));
    }
    finished(world, base_url, now, &owner, secret)
}

/// Makes the file of an upload whose parts are all there.
fn finished(world: &mut World, base_url: &str, now: DateTime<Utc>, owner: &Owner, secret: &str) -> Result {
    let upload = access::mailbox_mut(world, owner)?.drive.uploads.remove(secret).ok_or_else(not_found)?;
    let file = FileContent { mime_type: "application/octet-stream".to_owned(), bytes: upload.received };
    // The session was created by its owner; what is left to do is done in that name.
    let tenant_id = world.user(&owner.id).map(|user| user.tenant_id.clone()).unwrap_or_default();
    let caller = Caller { tenant_id, user_id: Some(owner.id.clone()), app_id: String::new(), scopes: Vec::new() };
    let head = Head { method: Method::PUT, path: String::new(), query: String::new() };
    let call = Call::new(&caller, now, base_url, head, HeaderMap::new(), Vec::new());
    let (status, made) = save(world, &call, owner, &upload.parent, &upload.name, Some(file), &upload.conflict)?;
    Ok(Reply::json(status, item::render(world, &call, owner, &made)?))
}

/// A `Content-Range`: where a part begins, and how long the whole is.
pub(crate) struct Span {
    pub(crate) first: usize,
    pub(crate) total: usize,
}

impl Span {
    /// `None`: there is no such header, or it does not fit a part of this length.
    pub(crate) fn read(headers: &HeaderMap, length: usize) -> Option<Self> {
        let range = headers.get(header::CONTENT_RANGE)?.to_str().ok()?.strip_prefix("bytes ")?;
        let (span, total) = range.split_once('/')?;
        let (first, last) = span.split_once('-')?;
        let number = |text: &str| text.trim().parse::<usize>().ok();
        let (first, last, total) = (number(first)?, number(last)?, number(total)?);
        (last >= first && last - first + 1 == length && last < total).then_some(Self { first, total })
    }
}

/// Any page may use these addresses: who has one may use it.
pub(crate) fn readable(reply: Reply) -> Reply {
    reply
        .header("Access-Control-Allow-Origin", "*")
        .header("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE, OPTIONS")
        .header("Access-Control-Allow-Headers", "Content-Range, Content-Type, Range")
        .header("Access-Control-Expose-Headers", "Content-Range")
}
