//! Bytes to and from Graph: files up, whole or in parts, and down. Owns the exchanges with addresses that work without a token; leaves the steps
//! of an upload to `convoke_core::graph`.

use std::{ops::Range, rc::Rc};

use convoke_core::{
    Error, ErrorCode,
    graph::{
        Answer, Attempts, Call, Content, Expect, SMALL_FILE, Safety, Step, Upload, UploadStep, next_step, open_address,
        operations::files::{self, AttachedTo},
    },
};
use http::Request;
use serde_json::Value;

use super::{Abort, Client, LocalBoxFuture};

/// The slowest line for which a transfer is given time, in bytes per millisecond.
const SLOWEST: u64 = 16;
/// Graph takes attachments of less than 3 MB in one request only, and others by a session only.
pub const SMALL_ATTACHMENT: u64 = 3_000_000;

/// Reads some bytes of a file.
type Read = Rc<dyn Fn(Range<u64>) -> LocalBoxFuture<Result<Vec<u8>, Error>>>;

/// A file that is to go up.
#[derive(Clone)]
pub struct Source {
    /// How many bytes it has.
    pub size: u64,
    /// E.g. `text/plain`; empty where nobody knows.
    pub media_type: String,
    /// Reads some of them. The file must not change meanwhile.
    pub read: Read,
}

/// A file that came down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    /// What Graph says that it is; empty where it does not say.
    pub media_type: String,
    /// All of it.
    pub bytes: Vec<u8>,
}

/// What a session has been asked for in vain.
#[derive(Default)]
struct Patience {
    failures: u32,
    /// Until then nothing goes to the session, by the monotonic clock, in milliseconds.
    silent_until: f64,
}

impl Client {
    /// Writes a file of the drive, new or in the place of the one that is there; what Graph says of it. `on_progress(sent, total)` counts
    /// bytes that have arrived. Given up, it leaves nothing behind.
    pub async fn upload(&self, path: &str, source: &Source, abort: &Abort, mut on_progress: impl FnMut(u64, u64)) -> Result<Value, Error> {
        if source.size > SMALL_FILE {
            let (session, look) = (files::session(path)?, files::get(path)?);
            return self.send_in_parts(source, session, Some(look), abort, &mut on_progress).await;
        }
        let bytes = self.guarded(abort, (source.read)(0..source.size)).await?;
        let media_type = if source.media_type.is_empty() { "application/octet-stream" } else { &source.media_type };
        let content = Content { media_type: media_type.to_owned(), bytes: bytes.into() };
        let item = self.run(files::put(path, content)?, abort).await?;
        on_progress(source.size, source.size);
        Ok(item)
    }

    /// Attaches a file of 3 to 150 MB to an event or a message; smaller ones go by `events::attach` and `messages::attach`.
    pub async fn attach(
        &self,
        to: AttachedTo<'_>,
        name: &str,
        source: &Source,
        abort: &Abort,
        mut on_progress: impl FnMut(u64, u64),
    ) -> Result<(), Error> {
        let session = files::attachment_session(to, name, source.size);
        self.send_in_parts(source, session, None, abort, &mut on_progress).await.map(drop)
    }

    /// The bytes of a file of the drive. They come from an address that works without a token, and get none.
    pub async fn download(&self, path: &str, abort: &Abort) -> Result<Download, Error> {
        let call = files::download_link(path)?;
        self.guarded(abort, async {
            let mut attempts = Attempts::default();
            let mut renewed = false;
            loop {
                let item = call.read(self.repeat(&call.request, &mut super::Progress::default()).await?)?;
                let error = match self.fetch_item(&item).await {
                    Ok(bytes) => {
                        let kind = item.get("file").and_then(|file| file.get("mimeType")).and_then(Value::as_str).unwrap_or_default();
                        return Ok(Download { media_type: kind.to_owned(), bytes });
                    }
                    Err(error) => error,
                };
                // The address works for some minutes; a new one is had by asking again, once.
                let expired = matches!(error.details().status, Some(401 | 403 | 404 | 410));
                if expired && !renewed {
                    renewed = true;
                    continue;
                }
                match next_step(&self.inner.policy, &attempts, Safety::Safe, &error, (self.inner.io.random)()).step {
                    Step::Wait(delay) if !expired => {
                        attempts.retries += 1;
                        (self.inner.io.sleep)(delay).await;
                    }
                    _ => return Err(error),
                }
            }
        })
        .await
    }

    async fn fetch_item(&self, item: &Value) -> Result<Vec<u8>, Error> {
        let link = item.get(files::DOWNLOAD_LINK).and_then(Value::as_str).unwrap_or_default();
        if link.is_empty() {
            return Err(Error::new(ErrorCode::InvalidRequest, "`path` names a folder; only files have bytes."));
        }
        let size = item.get("size").and_then(Value::as_u64);
        let address = open_address(link, &self.inner.hosts)?;
        let request = Request::get(address.as_str()).body(Vec::new()).map_err(|_| cut_off())?;
        let answer = self.bare(request, size.unwrap_or(0), Expect::Bytes).await?;
        if size.is_some_and(|size| size != answer.bytes.len() as u64) { Err(cut_off()) } else { Ok(answer.bytes) }
    }

    async fn send_in_parts(
        &self,
        source: &Source,
        session: Call<Value>,
        look: Option<Call<Value>>,
        abort: &Abort,
        on_progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Value, Error> {
        let mut upload = Upload::new(source.size);
        let mut patience = Patience::default();
        let outcome = self.guarded(abort, self.drive(&mut upload, &mut patience, source, &session, look.as_ref(), on_progress)).await;
        if outcome.is_err()
            && !self.inner.closed.is_aborted()
            && patience.silent_until <= (self.inner.io.now)().mono_ms
            && let Some(farewell) = upload.farewell()
        {
            // Else the service keeps the parts for days. Nothing depends on whether it hears this.
            drop((self.inner.io.send)(farewell, self.inner.timeout_ms).await);
        }
        outcome
    }

    async fn drive(
        &self,
        upload: &mut Upload,
        patience: &mut Patience,
        source: &Source,
        session: &Call<Value>,
        look: Option<&Call<Value>>,
        on_progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Value, Error> {
        loop {
            match upload.step() {
                UploadStep::Begin => {
                    let answer = self.repeat(&session.request, &mut super::Progress::default()).await?;
                    upload.begin(&answer.body, &self.inner.hosts)?;
                }
                UploadStep::Send(range) => {
                    let bytes = (source.read)(range.clone()).await?;
                    let outcome = self.to_session(upload.part(&range, bytes)?, patience).await;
                    upload.sent(Some(&range), outcome)?;
                    on_progress(upload.arrived(), source.size);
                }
                UploadStep::Ask => {
                    let outcome = self.to_session(upload.question()?, patience).await;
                    upload.sent(None, outcome)?;
                }
                // What an attachment came to cannot be looked up by name; its session says that nothing is missing.
                UploadStep::Look => match look {
                    Some(look) => {
                        let found = self.repeat(&look.request, &mut super::Progress::default()).await.ok();
                        upload.looked(found.map(|answer| answer.body))?;
                    }
                    None => return Ok(Value::Null),
                },
                UploadStep::Done(item) => return Ok(item),
            }
        }
    }

    /// An exchange with an upload's session, and after a failure the wait before the next one.
    async fn to_session(&self, request: Request<Vec<u8>>, patience: &mut Patience) -> Result<(u16, Value), Error> {
        let size = request.body().len() as u64;
        let outcome = self.bare(request, size, Expect::Either).await;
        match &outcome {
            Ok(_) => patience.failures = 0,
            Err(error) => {
                // How often is the upload's own rule; how long is everybody's.
                let attempts = Attempts { retries: 0, renewed: true };
                let outcome = next_step(&self.inner.policy, &attempts, Safety::Idempotent, error, (self.inner.io.random)());
                let pause = outcome.pause.unwrap_or_default();
                patience.silent_until = (self.inner.io.now)().mono_ms + pause.as_secs_f64() * 1000.0;
                if let Step::Wait(delay) = outcome.step {
                    let delay = delay.saturating_mul(1 << patience.failures.min(4));
                    patience.failures += 1;
                    (self.inner.io.sleep)(delay.max(pause)).await;
                }
            }
        }
        outcome.map(|answer| (answer.status, answer.body))
    }

    /// One exchange without a token, which has more time the more bytes it carries.
    async fn bare(&self, request: Request<Vec<u8>>, size: u64, expect: Expect) -> Result<Answer, Error> {
        let timeout = match self.inner.timeout_ms {
            0 => 0,
            limit => limit.saturating_add(u32::try_from(size / SLOWEST).unwrap_or(u32::MAX)),
        };
        let response = (self.inner.io.send)(request, timeout).await?;
        Answer::from_http(response, expect, self.now_s())
    }
}

fn cut_off() -> Error {
    Error::new(ErrorCode::InvalidResponse, "The file that came is not the whole of it; try again.")
}
