//! What Entra ID remembers between requests: sessions, sign-ins under way, consents, codes, refresh tokens. Owns their lifetimes; leaves
//! when to make them to `authorize`, `sign_in` and `token`.

use std::collections::{BTreeSet, HashMap};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use rand::Rng;

use super::{
    authorize::AuthorizationRequest,
    claims::ClaimsRequest,
    clients::{Client, Platform},
};

/// Codes live for ten minutes, RFC 6749 §4.1.2's recommended maximum and what Entra ID does.
pub(crate) const CODE_LIFETIME: TimeDelta = TimeDelta::minutes(10);
/// How long a server's refresh token may lie unused.
pub(crate) const WEB_REFRESH_LIFETIME: TimeDelta = TimeDelta::days(90);
const FLOW_LIFETIME: TimeDelta = TimeDelta::hours(1);

/// Everything that a restart of Entra ID would lose if it kept its state in memory.
#[derive(Debug, Default)]
pub(crate) struct IdentityState {
    pub(crate) sessions: HashMap<String, Session>,
    flows: HashMap<String, Flow>,
    pub(crate) consents: Consents,
    pub(crate) codes: HashMap<String, Code>,
    pub(crate) refresh_tokens: HashMap<String, RefreshToken>,
    revocations: HashMap<String, Revocation>,
}

/// A browser that has signed in, known by its cookie.
#[derive(Debug, Clone, Default)]
pub(crate) struct Session {
    /// Object ids with the time of the sign-in, oldest first.
    pub(crate) accounts: Vec<(String, DateTime<Utc>)>,
    /// Those of them who have proved more than their name.
    pub(crate) proved: BTreeSet<String>,
}

impl Session {
    /// Adds the account, or renews the time of its sign-in.
    pub(crate) fn sign_in(&mut self, user_id: &str, now: DateTime<Utc>) {
        self.accounts.retain(|(id, _)| id != user_id);
        self.accounts.push((user_id.to_owned(), now));
    }

    pub(crate) fn sign_out(&mut self, user_id: &str) {
        self.accounts.retain(|(id, _)| id != user_id);
        self.proved.remove(user_id);
    }

    pub(crate) fn signed_in_at(&self, user_id: &str) -> Option<DateTime<Utc>> {
        self.accounts.iter().find(|(id, _)| id == user_id).map(|(_, at)| *at)
    }
}

/// A sign-in that waits for somebody at a page.
#[derive(Debug, Clone)]
pub(crate) struct Flow {
    pub(crate) request: AuthorizationRequest,
    /// The object id, once an account has been chosen.
    pub(crate) account: Option<String>,
    /// Whether that account has proved itself in this flow.
    pub(crate) authenticated: bool,
    started: DateTime<Utc>,
}

impl Flow {
    pub(crate) fn new(request: AuthorizationRequest, now: DateTime<Utc>) -> Self {
        Self { request, account: None, authenticated: false, started: now }
    }
}

/// Who allowed what to which application.
#[derive(Debug, Default)]
pub(crate) struct Consents {
    by_user: HashMap<(String, &'static str), BTreeSet<&'static str>>,
    by_tenant: HashMap<(String, &'static str), BTreeSet<&'static str>>,
}

impl Consents {
    pub(crate) fn grant(&mut self, user_id: &str, client: &Client, scopes: impl IntoIterator<Item = &'static str>) {
        self.by_user.entry((user_id.to_owned(), client.id)).or_default().extend(scopes);
    }

    pub(crate) fn grant_for_tenant(&mut self, tenant_id: &str, client: &Client, scopes: impl IntoIterator<Item = &'static str>) {
        self.by_tenant.entry((tenant_id.to_owned(), client.id)).or_default().extend(scopes);
    }

    /// Forgets what was granted by one user, or by everybody and for all tenants.
    pub(crate) fn withdraw(&mut self, user_id: Option<&str>) {
        self.by_user.retain(|(user, _), _| user_id.is_some_and(|withdrawn| user != withdrawn));
        if user_id.is_none() {
            self.by_tenant.clear();
        }
    }

    /// What the application may do for this user, by name in alphabetical order.
    pub(crate) fn granted(&self, user_id: &str, tenant_id: &str, client: &Client) -> BTreeSet<&'static str> {
        let own = self.by_user.get(&(user_id.to_owned(), client.id));
        let tenant = self.by_tenant.get(&(tenant_id.to_owned(), client.id));
        own.into_iter().chain(tenant).flatten().copied().collect()
    }
}

/// What a code or a refresh token stands for.
#[derive(Debug, Clone)]
pub(crate) struct Grant {
    pub(crate) client: &'static Client,
    /// The object id.
    pub(crate) user_id: String,
    /// Granted scopes, OpenID Connect's among them.
    pub(crate) scopes: Vec<&'static str>,
    pub(crate) claims: ClaimsRequest,
    pub(crate) signed_in: DateTime<Utc>,
    /// What the organization demands beyond a name was proved.
    pub(crate) proved: bool,
    /// The user's count of revocations when it was granted.
    pub(crate) generation: u64,
}

/// An authorization code.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    pub(crate) grant: Grant,
    pub(crate) redirect_uri: String,
    pub(crate) platform: Platform,
    pub(crate) challenge: Option<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) issued: DateTime<Utc>,
    /// Kept after its use, so that a second one is known for what it is.
    pub(crate) redeemed: bool,
}

/// A refresh token.
#[derive(Debug, Clone)]
pub(crate) struct RefreshToken {
    pub(crate) grant: Grant,
    pub(crate) platform: Platform,
    /// When the first token of this chain was issued.
    pub(crate) first_issued: DateTime<Utc>,
    pub(crate) expires: DateTime<Utc>,
    /// Under strict rotation: it has been exchanged for a newer one.
    pub(crate) used: bool,
}

#[derive(Debug, Clone, Copy)]
struct Revocation {
    generation: u64,
    at: DateTime<Utc>,
}

impl IdentityState {
    /// Keeps a sign-in under way and says by what its pages will name it.
    pub(crate) fn begin(&mut self, flow: Flow) -> String {
        let now = flow.started;
        self.flows.retain(|_, other| now - other.started < FLOW_LIFETIME);
        let id = secret();
        self.flows.insert(id.clone(), flow);
        id
    }

    pub(crate) fn flow(&mut self, id: &str) -> Option<&mut Flow> {
        self.flows.get_mut(id)
    }

    pub(crate) fn finish(&mut self, id: &str) -> Option<Flow> {
        self.flows.remove(id)
    }

    /// How often this user's tokens have been revoked. Tokens carry the count, because `iat` is too coarse to order within a second.
    pub(crate) fn generation(&self, user_id: &str) -> u64 {
        self.revocations.get(user_id).map_or(0, |revocation| revocation.generation)
    }

    /// When this user's tokens were last revoked.
    pub(crate) fn revoked_at(&self, user_id: &str) -> Option<DateTime<Utc>> {
        self.revocations.get(user_id).map(|revocation| revocation.at)
    }

    /// Ends the validity of every token that the user has so far.
    pub(crate) fn revoke(&mut self, user_id: &str, now: DateTime<Utc>) {
        let generation = self.generation(user_id) + 1;
        self.revocations.insert(user_id.to_owned(), Revocation { generation, at: now });
    }
}

/// 256 random bits for cookies, codes and tokens.
pub(crate) fn secret() -> String {
    URL_SAFE_NO_PAD.encode(rand::rng().random::<[u8; 32]>())
}
