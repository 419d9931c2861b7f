//! The one way to Graph: takes calls as data, gets tokens, sends, waits, repeats. Owns the only loop that performs I/O; leaves the order of
//! requests to `queue`, and what may be repeated, and when, to `convoke_core::graph`.

mod io;
mod many;
mod pages;
mod queue;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;

use std::{rc::Rc, time::Duration};

use convoke_core::{
    Error,
    auth::Secret,
    error::Details,
    graph::{Answer, Attempts, Call, Context, HostList, Lane, Mailbox, Page, Policy, Request, Step, next_step},
    headers::CLIENT_REQUEST_ID,
};
use http::HeaderValue;

use io::Io;
pub use io::LocalBoxFuture;
pub use pages::{Collected, Pages};
use queue::Queue;

pub use crate::browser::fetch::Abort;

/// Which token is wanted.
#[derive(Debug, Clone, Default)]
pub struct TokenRequest {
    /// Delegated permissions, least first; empty for whatever has been consented to.
    pub scopes: Vec<String>,
    /// Claims that Graph challenged for, decoded JSON.
    pub claims: Option<String>,
    /// The token that Graph just refused: another one is wanted.
    pub rejected: Option<Secret>,
}

/// Where tokens come from: a session, or the host.
pub type TokenSource = Rc<dyn Fn(TokenRequest) -> LocalBoxFuture<Result<Secret, Error>>>;

/// How a client is set up.
#[derive(Clone)]
pub struct ClientOptions {
    /// E.g. `https://graph.microsoft.com`, without a version.
    pub base_url: String,
    /// Further hosts that may get the token.
    pub hosts: Vec<String>,
    /// Whose mailbox.
    pub mailbox: Mailbox,
    /// The zone of times in answers, a Windows or IANA name; `None` for UTC.
    pub time_zone: Option<String>,
    /// Where tokens come from.
    pub token: TokenSource,
    /// How many requests may run at once against one mailbox.
    pub max_concurrency: usize,
    /// For one attempt, in milliseconds; 0 for no limit.
    pub timeout_ms: u32,
    /// How often one request is repeated.
    pub max_retries: u32,
    /// Told when requests have to wait because the service said so, e.g. to show a countdown.
    pub on_pause: Option<Rc<dyn Fn(Duration)>>,
}

impl ClientOptions {
    /// The defaults: one's own mailbox, UTC, 4 at once (Outlook's limit), 30 seconds, 3 repetitions.
    #[must_use]
    pub fn new(base_url: impl Into<String>, token: TokenSource) -> Self {
        Self {
            base_url: base_url.into(),
            hosts: Vec::new(),
            mailbox: Mailbox::Me,
            time_zone: None,
            token,
            max_concurrency: 4,
            timeout_ms: 30_000,
            max_retries: 3,
            on_pause: None,
        }
    }
}

/// A Graph client. Clones share its queues.
#[derive(Clone)]
pub struct Client(Rc<Inner>);

struct Inner {
    hosts: HostList,
    context: Context,
    policy: Policy,
    queue: Queue,
    width: usize,
    timeout_ms: u32,
    token: TokenSource,
    on_pause: Option<Rc<dyn Fn(Duration)>>,
    closed: Abort,
    io: Io,
}

/// What one request has come to so far.
#[derive(Default)]
struct Progress {
    attempts: Attempts,
    /// Claims for the next token.
    claims: Option<String>,
    /// The token that was refused last.
    rejected: Option<Secret>,
}

impl Client {
    /// A client. An address or host that must not get a token is `configuration`.
    pub fn new(options: ClientOptions) -> Result<Self, Error> {
        Self::with_io(options, Io::browser())
    }

    fn with_io(options: ClientOptions, io: Io) -> Result<Self, Error> {
        let hosts = HostList::new(&options.base_url, &options.hosts)?;
        let context = Context { base: hosts.base().clone(), mailbox: options.mailbox, time_zone: options.time_zone };
        Ok(Self(Rc::new(Inner {
            hosts,
            context,
            policy: Policy { max_retries: options.max_retries, ..Policy::default() },
            queue: Queue::new(options.max_concurrency),
            width: options.max_concurrency.max(1),
            timeout_ms: options.timeout_ms,
            token: options.token,
            on_pause: options.on_pause,
            closed: Abort::new(),
            io,
        })))
    }

    /// Carries a call out: waits its turn, sends, and repeats as far as that is safe. `aborted` where `abort` says so.
    pub async fn run<T>(&self, call: Call<T>, abort: &Abort) -> Result<T, Error> {
        call.read(self.carry(&call.request, abort).await?)
    }

    /// A list, page by page; nothing is sent before the first page is asked for.
    #[must_use]
    pub fn pages<T>(&self, call: Call<Page<T>>, abort: &Abort) -> Pages<T> {
        Pages::new(self.clone(), call, abort.clone())
    }

    /// Ends everything that runs or waits, and refuses what comes later: after a sign-out nothing more may leave.
    pub fn close(&self) {
        self.0.closed.abort();
    }

    /// One request until its answer or its end.
    async fn carry(&self, request: &Request, abort: &Abort) -> Result<Answer, Error> {
        self.guarded(abort, self.repeat(request, 1, &mut Progress::default())).await
    }

    /// The work, unless somebody gives up or the client is closed.
    async fn guarded<T>(&self, abort: &Abort, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        self.0.closed.guard(abort.guard(work)).await??
    }

    async fn repeat(&self, request: &Request, weight: usize, progress: &mut Progress) -> Result<Answer, Error> {
        let lane = request.lane(&self.0.context.mailbox);
        let ticket = self.0.queue.ticket();
        loop {
            let error = match self.attempt(request, &lane, ticket, weight, progress).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let outcome = next_step(&self.0.policy, &progress.attempts, request.safety, &error, (self.0.io.random)());
            self.pause(&lane, outcome.pause);
            if !self.follow(outcome.step, progress).await {
                return Err(error);
            }
        }
    }

    /// Waits or notes a renewal, as the step says; false where it says to give up.
    async fn follow(&self, step: Step, progress: &mut Progress) -> bool {
        match step {
            Step::GiveUp => return false,
            Step::Wait(delay) => {
                progress.attempts.retries += 1;
                (self.0.io.sleep)(delay).await;
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
        let inner = &*self.0;
        let mut message = request.to_http(&inner.context)?;
        let id = self.request_id();
        if let Ok(value) = HeaderValue::from_str(&id) {
            message.headers_mut().insert(CLIENT_REQUEST_ID, value);
        }
        let (_permit, token) = loop {
            let permit = inner.queue.acquire(lane, ticket, weight, &inner.io).await;
            // A token that Graph refused stays refused for the rest of this request, as do the claims that it asked for.
            let rejected = progress.rejected.clone().filter(|_| progress.attempts.renewed);
            let wanted = TokenRequest { scopes: request.scopes.clone(), claims: progress.claims.clone(), rejected };
            let token = (inner.token)(wanted).await?;
            // Getting the token may have taken long enough for another request to be told to wait, and that goes for all of the lane.
            if !inner.queue.is_paused(lane, &inner.io) {
                break (permit, token);
            }
        };
        inner.hosts.authorize(&mut message, token.expose())?;
        let answer = (inner.io.send)(message, inner.timeout_ms).await;
        if !progress.attempts.renewed {
            progress.rejected = Some(token);
        }
        let now = ((inner.io.now)().wall_ms / 1000.0) as i64;
        answer.and_then(|response| Answer::from_http(response, request.expect, now)).map_err(|error| named(error, id))
    }

    fn pause(&self, lane: &Lane, pause: Option<Duration>) {
        if let Some(pause) = pause {
            self.0.queue.pause(lane, pause, &self.0.io);
            if let Some(on_pause) = &self.0.on_pause {
                on_pause(pause);
            }
        }
    }

    /// An id by which Microsoft's support finds the request, in the form of a GUID. It need not be hard to guess.
    fn request_id(&self) -> String {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let digit = |at| match at {
            8 | 13 | 18 | 23 => '-',
            14 => '4',
            19 => char::from(HEX[8 + ((self.0.io.random)() * 4.0) as usize % 4]),
            _ => char::from(HEX[((self.0.io.random)() * 16.0) as usize % 16]),
        };
        (0..36).map(digit).collect()
    }
}

/// The error with our own id where the service gave none: the browser may have hidden it, or nothing came back at all.
fn named(error: Error, id: String) -> Error {
    if error.details().request_id.is_some() {
        return error;
    }
    let details = Details { request_id: Some(id), ..error.details().clone() };
    error.with(details)
}
