//! One signed-in account and what a session remembers of it. Owns its form in storage; leaves how it changes to the machine.

use super::{Effect, Errand};
use crate::{
    auth::{Account, Moment, Tokens, pending::texts, scopes},
    config::SessionConfig,
    error::Error,
};
use serde_json::Value;

/// A signed-in account with what was refused to it, so that nothing is asked again unbidden.
#[derive(Debug, Clone)]
pub struct Seat {
    pub(crate) tokens: Tokens,
    /// Scopes that were refused in this tab.
    pub(super) refused: Vec<String>,
    pub(super) phase: Phase,
}

/// Where a seat stands.
#[derive(Debug, Clone)]
pub(super) enum Phase {
    /// Nothing is under way.
    Resting,
    /// The refresh token is on its way to the token endpoint.
    Renewing(Renewal),
    /// No further token comes for the moment: since when, and for how many seconds.
    Paused(Moment, f64, Error),
    /// No further token comes without the person.
    Stuck(Error),
    /// The provider has ended the session.
    Ended,
}

/// A refresh under way.
#[derive(Debug, Clone)]
pub(super) struct Renewal {
    pub(super) serial: u32,
    /// Beyond what was granted.
    pub(super) extra: Vec<String>,
    pub(super) claims: Option<String>,
    pub(super) attempt: u8,
}

impl Seat {
    pub(super) fn new(tokens: Tokens) -> Self {
        Self { tokens, refused: Vec::new(), phase: Phase::Resting }
    }

    pub(super) fn id(&self) -> &String {
        &self.tokens.account.id
    }

    /// Whose it is.
    #[must_use]
    pub fn account(&self) -> &Account {
        &self.tokens.account
    }

    pub(super) fn renewal(&self) -> Option<&Renewal> {
        if let Phase::Renewing(renewal) = &self.phase { Some(renewal) } else { None }
    }

    pub(super) fn needs_restoring(&self) -> bool {
        self.tokens.access.is_none() && self.tokens.refresh.is_some() && matches!(self.phase, Phase::Resting)
    }

    /// Begins a refresh.
    pub(super) fn renew(&mut self, renewal: Renewal, after_ms: u32) -> Effect {
        let base = scopes::BASE_SCOPES.map(str::to_owned);
        let errand = Errand {
            serial: renewal.serial,
            account: self.id().clone(),
            scopes: scopes::merge(&scopes::merge(&base, &self.tokens.granted), &renewal.extra),
            claims: renewal.claims.clone(),
            after_ms,
        };
        self.phase = Phase::Renewing(renewal);
        Effect::Refresh(Box::new(errand))
    }

    /// Remembers scopes that were asked for and not given.
    pub(super) fn refuse(&mut self, asked: &[String]) {
        let missing = scopes::missing(asked, &self.tokens.granted);
        self.refused = scopes::merge(&self.refused, &missing);
        self.refused.retain(|scope| !scopes::granted_by(&self.tokens.granted, scope));
    }

    /// What outlives a reload, to be encrypted; none where there is nothing to renew with. Access tokens are not in it.
    #[must_use]
    pub fn to_json(&self, config: &SessionConfig) -> Option<Value> {
        let mut value = self.tokens.to_json(config)?;
        value["refused"] = self.refused.clone().into();
        Some(value)
    }

    /// The same again; none where it was made for another configuration or is damaged.
    #[must_use]
    pub fn from_json(value: &Value, config: &SessionConfig) -> Option<Self> {
        let refused = value.get("refused").and_then(texts).unwrap_or_default();
        Some(Self { refused, ..Self::new(Tokens::from_json(value, config)?) })
    }
}
