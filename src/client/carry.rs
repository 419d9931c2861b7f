//! One request on its way. Owns the only loop that performs I/O against Graph: a turn, a token, an exchange, and again; leaves the rules of
//! repetition to `convoke_core::graph`.

use std::{borrow::Cow, pin::Pin, time::Duration};

use convoke_core::{
    Error,
    auth::Secret,
    error::Details,
    graph::{Answer, Attempts, Lane, Request, Safety, Step, may_have_happened, next_step},
    headers::CLIENT_REQUEST_ID,
};
use http::{HeaderValue, Method};

use super::{Abort, Client, TokenRequest};

/// A page of fewer entries than this is not made smaller.
const SMALLEST_PAGE: u32 = 10;

/// What one request has come to so far.
#[derive(Clone, Default)]
pub(super) struct Progress {
    pub(super) attempts: Attempts,
    /// Claims for the next token.
    pub(super) claims: Option<String>,
    /// The token that was refused last.
    pub(super) rejected: Option<Secret>,
    /// An attempt failed in a way that leaves open whether it was carried out.
    pub(super) doubtful: bool,
}

impl Progress {
    /// Takes in that an attempt failed.
    pub(super) fn note(&mut self, safety: Safety, error: &Error) {
        self.doubtful |= may_have_happened(safety, error);
    }
}

impl Client {
    /// One request until its answer or its end.
    pub(super) async fn carry(&self, request: &Request, abort: &Abort) -> Result<Answer, Error> {
        self.guarded(abort, async {
            let mut progress = Progress::default();
            match self.repeat(request, &mut progress).await {
                Ok(answer) => Ok(answer),
                Err(error) => self.recover(request, error, progress.doubtful).await,
            }
        })
        .await
    }

    /// The work, unless somebody gives up or the client is closed. On the heap: futures inside futures inside futures would fill the stack.
    pub(super) fn guarded<'a, T: 'a>(
        &'a self,
        abort: &'a Abort,
        work: impl Future<Output = Result<T, Error>> + 'a,
    ) -> impl Future<Output = Result<T, Error>> + 'a {
        let work: Pin<Box<dyn Future<Output = Result<T, Error>> + 'a>> = Box::pin(work);
        async move { self.inner.closed.guard(abort.guard(work)).await?? }
    }

    /// The same request until it is answered or may not be repeated any more.
    pub(super) async fn repeat(&self, request: &Request, progress: &mut Progress) -> Result<Answer, Error> {
        let lane = request.lane(&self.inner.context.mailbox);
        self.repeat_in(&lane, 1, request, progress).await
    }

    /// The same in a lane, in which it counts for `weight` requests.
    pub(super) async fn repeat_in(&self, lane: &Lane, weight: usize, request: &Request, progress: &mut Progress) -> Result<Answer, Error> {
        let ticket = self.inner.queue.ticket();
        let mut request = Cow::Borrowed(request);
        loop {
            let error = match self.attempt(&request, lane, ticket, weight, progress).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            progress.note(request.safety, &error);
            let outcome = next_step(&self.inner.policy, &progress.attempts, request.safety, &error, (self.inner.io.random)());
            self.pause(lane, outcome.pause);
            if !self.follow(outcome.step, progress).await {
                return Err(error);
            }
            // A page that took the server too long is asked for in smaller pieces ("Microsoft Graph error responses", 504).
            if error.details().status == Some(504)
                && let Some(smaller) = with_smaller_page(&request)
            {
                request = Cow::Owned(smaller);
            }
        }
    }

    /// Waits or notes a renewal, as the step says; false where it says to give up.
    async fn follow(&self, step: Step, progress: &mut Progress) -> bool {
        match step {
            Step::GiveUp => return false,
            Step::Wait(delay) => {
                progress.attempts.retries += 1;
                (self.inner.io.sleep)(delay).await;
            }
            Step::Renew { claims } => {
                progress.attempts.renewed = true;
                progress.claims = claims;
            }
        }
        true
    }

    /// One exchange, in its turn.
    async fn attempt(&self, request: &Request, lane: &Lane, ticket: u64, weight: usize, progress: &mut Progress) -> Result<Answer, Error> {
        let inner = &*self.inner;
        let mut message = request.to_http(&inner.context)?;
        // Before anybody is asked for a token: it must not be got for a host that may not have it.
        inner.hosts.check(&message.uri().to_string())?;
        let id = self.request_id();
        if let Ok(value) = HeaderValue::from_str(&id) {
            message.headers_mut().insert(CLIENT_REQUEST_ID, value);
        }
        let (_permit, _places, token) = loop {
            if self.background {
                (inner.io.shown)().await;
            }
            let permit = inner.queue.acquire(lane, ticket, weight, &inner.io).await;
            // A token that Graph refused stays refused for the rest of this request, as do the claims that it asked for.
            let rejected = progress.rejected.clone().filter(|_| progress.attempts.renewed);
            let wanted = TokenRequest { scopes: request.scopes(&inner.context.mailbox), claims: progress.claims.clone(), rejected };
            let token = (inner.token)(wanted).await?;
            let places = match lane {
                Lane::Mailbox(_) => inner.tabs.enter(lane, weight.min(inner.width), inner.width, &inner.io).await,
                // The directory counts requests over minutes, not at a time.
                Lane::Directory => Vec::new(),
            };
            // All this may have taken long enough for another request to be told to wait, and that goes for all of the lane.
            let hidden = self.background && !(inner.io.is_shown)();
            if !hidden && !inner.queue.is_paused(lane, &inner.io) {
                break (permit, places, token);
            }
        };
        inner.hosts.authorize(&mut message, token.expose())?;
        let answer = (inner.io.send)(message, inner.timeout_ms).await;
        if !progress.attempts.renewed {
            progress.rejected = Some(token);
        }
        answer.and_then(|response| Answer::from_http(response, request.expect, self.now_s())).map_err(|error| named(error, id))
    }

    /// Seconds since the epoch.
    pub(super) fn now_s(&self) -> i64 {
        #[expect(clippy::cast_possible_truncation, reason = "whole seconds are meant")]
        let seconds = ((self.inner.io.now)().wall_ms / 1000.0) as i64;
        seconds
    }

    /// Lets nobody send in this lane for so long, in no tab.
    pub(super) fn pause(&self, lane: &Lane, pause: Option<Duration>) {
        if let Some(pause) = pause {
            self.inner.queue.pause(lane, pause, &self.inner.io);
            self.inner.tabs.tell(lane, pause);
            if let Some(on_pause) = &self.inner.on_pause {
                on_pause(pause);
            }
        }
    }

    /// An id by which Microsoft's support finds the request, in the form of a GUID. It need not be hard to guess.
    fn request_id(&self) -> String {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let random = || (self.inner.io.random)();
        let digit = |at| match at {
            8 | 13 | 18 | 23 => '-',
            14 => '4',
            19 => char::from(HEX[8 + (random() * 4.0) as usize % 4]),
            _ => char::from(HEX[(random() * 16.0) as usize % 16]),
        };
        (0..36).map(digit).collect()
    }
}

/// The same list in pages of half the size, where there is a size to halve.
fn with_smaller_page(request: &Request) -> Option<Request> {
    let top = request.query.iter().position(|(name, _)| request.method == Method::GET && name == "$top")?;
    let half = request.query[top].1.parse::<u32>().ok()? / 2;
    (half >= SMALLEST_PAGE).then(|| {
        let mut smaller = request.clone();
        smaller.query[top].1 = half.to_string();
        smaller
    })
}

/// The error with our own id where the service gave none: the browser may have hidden it, or nothing came back at all.
fn named(error: Error, id: String) -> Error {
    if error.details().request_id.is_some() {
        return error;
    }
    let details = Details { request_id: Some(id), ..error.details().clone() };
    error.with(details)
}
