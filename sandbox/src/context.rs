//! What every request handler shares. Owns the one lock around the world; leaves routes to `identity` and `graph`.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::{clock::Clock, world::World};

/// The state behind all routes, cloned as an `Arc`.
#[derive(Debug)]
pub struct Context {
    world: Mutex<World>,
    /// The sandbox's own time.
    pub clock: Clock,
    /// `http://127.0.0.1:<port>`, without a slash at the end: what nextLinks and issuers are built from.
    pub base_url: String,
}

/// How handlers receive the context.
pub type Shared = Arc<Context>;

impl Context {
    /// Puts a seeded world behind the lock.
    #[must_use]
    pub fn new(world: World, clock: Clock, base_url: String) -> Self {
        Self { world: Mutex::new(world), clock, base_url }
    }

    /// The tenants, people and mailboxes. A panic in one handler must not end all others, so a poisoned lock is taken over.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

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
