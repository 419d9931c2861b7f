//! The one way to Graph: takes calls as data and carries them out. Owns the constructor and what can be asked of a client; leaves the loop that
//! performs I/O to `carry`, the order of requests to `queue` and `tabs`, and what may be repeated, and when, to `convoke_core::graph`.

mod batch;
mod carry;
mod gather;
mod io;
mod pages;
mod queue;
mod recover;
mod schedules;
mod tabs;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
mod transfer;
mod watch;

use std::{rc::Rc, time::Duration};

use convoke_core::{
    Error,
    auth::Secret,
    graph::{Call, Context, HostList, Mailbox, Page, Policy},
};

use carry::Progress;
use gather::Gather;
use io::Io;
pub use io::LocalBoxFuture;
pub use pages::{Collected, Pages};
use queue::Queue;
use tabs::Tabs;
pub use transfer::{Download, SMALL_ATTACHMENT, Source};
pub use watch::{Report, WatchOptions};

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
    /// Ids of Outlook's items that survive a move between folders, in place of Graph's usual ones.
    pub immutable_ids: bool,
    /// Who `Me` is, e.g. the account's id: tabs of the same account share its mailbox's limit. `None` where that is not known.
    pub owner: Option<String>,
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
            immutable_ids: false,
            owner: None,
            on_pause: None,
        }
    }
}

/// A Graph client. Clones share its queues.
#[derive(Clone)]
pub struct Client {
    inner: Rc<Inner>,
    /// Nobody is waiting for it: nothing is sent while the page is hidden.
    background: bool,
}

struct Inner {
    hosts: HostList,
    context: Context,
    policy: Policy,
    queue: Queue,
    tabs: Tabs,
    gather: Gather,
    width: usize,
    timeout_ms: u32,
    token: TokenSource,
    on_pause: Option<Rc<dyn Fn(Duration)>>,
    closed: Abort,
    io: Io,
}

impl Client {
    /// A client. An address or host that must not get a token is `configuration`.
    pub fn new(options: ClientOptions) -> Result<Self, Error> {
        Self::with_io(options, Io::browser())
    }

    fn with_io(options: ClientOptions, io: Io) -> Result<Self, Error> {
        let hosts = HostList::new(&options.base_url, &options.hosts)?;
        let context = Context {
            base: hosts.base().clone(),
            mailbox: options.mailbox,
            time_zone: options.time_zone,
            immutable_ids: options.immutable_ids,
        };
        let queue = Queue::new(options.max_concurrency);
        let inner = Rc::new(Inner {
            tabs: Tabs::new(hosts.base().as_str(), options.owner.as_deref(), &queue, &io),
            hosts,
            context,
            policy: Policy { max_retries: options.max_retries, ..Policy::default() },
            queue,
            gather: Gather::default(),
            width: options.max_concurrency.max(1),
            timeout_ms: options.timeout_ms,
            token: options.token,
            on_pause: options.on_pause,
            closed: Abort::new(),
            io,
        });
        Ok(Self { inner, background: false })
    }

    /// The same client for what nobody waits for: it sends nothing while the page is hidden.
    #[must_use]
    pub fn in_background(&self) -> Self {
        Self { inner: Rc::clone(&self.inner), background: true }
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
        self.inner.closed.abort();
    }
}
