//! The one way to Graph: takes calls as data, gets tokens, sends, waits, repeats. Owns the only loop that performs I/O and the order in
//! which requests leave; leaves what may be repeated, and when, to `convoke_core::graph`.

/// A boxed future on this thread.
pub type LocalBoxFuture<T> = Pin<Box<dyn Future<Output = T>>>;

/// Which token is wanted.
#[derive(Debug, Clone, Default)]
pub struct TokenRequest {
    /// Delegated permissions, least first; empty for whatever has been consented to.
    pub scopes: Vec<String>,
    /// Claims that Graph challenged for, decoded JSON.
    pub claims: Option<String>,
    /// The token that Graph just refused: give another one, freshly made.
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
    /// For one attempt.
    pub timeout_ms: u32,
    /// How often one request is repeated.
    pub max_retries: u32,
}

impl ClientOptions {
    /// The defaults: one's own mailbox, UTC, 4 at once, 30 seconds, 3 repetitions.
    pub fn new(base_url: impl Into<String>, token: TokenSource) -> Self;
}

/// A Graph client. Cloning it shares its queues.
#[derive(Clone)]
pub struct Client(Rc<Inner>);

impl Client {
    /// A base address or host that cannot get a token is `configuration`.
    pub fn new(options: ClientOptions) -> Result<Self, Error>;
    /// Carries a call out.
    pub async fn run<T>(&self, call: Call<T>, abort: &Abort) -> Result<T, Error>;
    /// A list, page by page.
    pub fn pages<T>(&self, call: Call<Page<T>>, abort: &Abort) -> Pages<T>;
    /// Free/busy of any number of people over any window, merged. `on_progress(done, total)` counts calls.
    pub async fn schedules(&self, plan: &SchedulePlan, abort: &Abort, on_progress: impl FnMut(usize, usize)) -> Result<Vec<ScheduleInformation>, Error>;
    /// Any number of requests in `$batch` calls; answers in the order given. Read each with its call's `read`.
    pub async fn batch(&self, requests: &[Request], abort: &Abort) -> Vec<Result<Answer, Error>>;
}

impl<T> Pages<T> {
    /// The next page's items; `None` after the last. An item that changed while paging comes again, under its id.
    pub async fn next_page(&mut self) -> Result<Option<Vec<Item<T>>>, Error>;
    /// Why the end was not reached, once that is known.
    pub fn incomplete(&self) -> Option<Incomplete>;
    /// All items up to a limit, each id once, `on_page` after each page with all that have come so far.
    pub async fn collect(self, limit: usize, on_page: impl FnMut(&[T])) -> Result<(Vec<T>, Option<Incomplete>), Error>;
}
