//! What every request handler shares. Owns the one lock around the world; leaves routes to `identity` and `graph`.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
    time::Duration,
};

use chrono::{DateTime, Utc};

use crate::{
    clock::Clock,
    control::{faults::Faults, requests::RequestLog},
    identity::state::IdentityState,
    recording::Recording,
    server::switches::Switches,
    world::{SeedConfig, World},
};

/// The state behind all routes, cloned as an `Arc`.
pub struct Context {
    world: Mutex<World>,
    /// The sandbox's own time.
    pub clock: Clock,
    /// `http://127.0.0.1:<port>`, without a slash at the end: what nextLinks and issuers are built from.
    pub base_url: String,
    /// Redirect URIs of the demo's client beside the registered ones.
    pub(crate) redirect_uris: Vec<String>,
    pub(crate) identity: Mutex<IdentityState>,
    pub(crate) requests: RequestLog,
    pub(crate) faults: Faults,
    pub(crate) recording: Option<Recording>,
    switches: RwLock<Switches>,
    beginning: Beginning,
}

/// How handlers receive the context.
pub type Shared = Arc<Context>;

/// What a reset goes back to.
#[derive(Default)]
struct Beginning {
    seed: Option<SeedConfig>,
    now: Option<DateTime<Utc>>,
    switches: Switches,
}

impl Context {
    /// Puts a seeded world behind the lock.
    #[must_use]
    pub fn new(world: World, clock: Clock, base_url: String) -> Self {
        Self {
            world: Mutex::new(world),
            clock,
            base_url,
            redirect_uris: Vec::new(),
            identity: Mutex::default(),
            requests: RequestLog::default(),
            faults: Faults::default(),
            recording: None,
            switches: RwLock::default(),
            beginning: Beginning::default(),
        }
    }

    /// A context that can be reset: the world is made from `seed`, now and at each reset; `now` is what the clock shows then.
    pub(crate) fn resettable(
        seed: SeedConfig,
        now: Option<DateTime<Utc>>,
        switches: Switches,
        redirect_uris: Vec<String>,
        base_url: String,
    ) -> Self {
        let clock = now.map_or_else(Clock::default, Clock::starting_at);
        let mut context = Self::new(World::seeded(&seed), clock, base_url);
        context.redirect_uris = redirect_uris;
        context.switches = RwLock::new(switches.clone());
        context.beginning = Beginning { seed: Some(seed), now, switches };
        context
    }

    /// The tenants, people and mailboxes. A panic in one handler must not end all others, so a poisoned lock is taken over.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sessions, consents, codes and tokens. Where both locks are needed, this one is taken first.
    pub(crate) fn identity(&self) -> MutexGuard<'_, IdentityState> {
        self.identity.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The behaviours in force, as a copy.
    #[must_use]
    pub fn switches(&self) -> Switches {
        self.switches.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set_switches(&self, switches: Switches) {
        *self.switches.write().unwrap_or_else(PoisonError::into_inner) = switches;
    }

    /// Everything as it was at the start: world, clock, switches; no session, consent, fault or logged request.
    pub(crate) fn reset(&self) {
        if let Some(seed) = &self.beginning.seed {
            // Seeded before the lock is taken: other requests wait for the exchange alone.
            let world = World::seeded(seed);
            *self.world() = world;
        }
        *self.identity() = IdentityState::default();
        self.set_switches(self.beginning.switches.clone());
        self.faults.clear();
        self.requests.clear();
        match self.beginning.now {
            Some(now) => self.clock.set(now),
            None => self.clock.follow_system(),
        }
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Context").field("base_url", &self.base_url).field("clock", &self.clock).finish_non_exhaustive()
    }
}

/// How long a Graph request is to take at least: a request extension, inserted by fault rules. The handler waits, not the server, because
/// what waits counts against the mailbox's limit of requests in flight.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Latency(pub(crate) Duration);

/// The parts of a batch, by id, that are not to be carried out because fault rules answer for them, and with which status: a request
/// extension, as is `Latency`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Withheld(pub(crate) Vec<(String, u16)>);

/// Whose valid access token came with a Graph request. The bearer check inserts it as a request extension; Graph's handlers decide
/// from `scopes` what it may do.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The directory (tenant) id.
    pub tenant_id: String,
    /// The signed-in user's object id; `None` for an application's own token (client credentials).
    pub user_id: Option<String>,
    /// The application (client) id.
    pub app_id: String,
    /// Delegated scopes (or application roles), as granted, e.g. `Calendars.ReadWrite`.
    pub scopes: Vec<String>,
}
