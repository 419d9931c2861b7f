//! What a step means for those who watch a session. Owns the four events of the npm module's contract; leaves telling them to the browser
//! half.

use super::{Effect, Flow, State};
use crate::auth::Account;

/// Something that a page may want to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Somebody signed in here. Whom a reload restored did not.
    SignedIn(Account),
    /// Somebody signed out, here or in another tab.
    SignedOut(Account),
    /// Another account is the active one now.
    Switched(Account),
    /// The provider has ended somebody's session.
    Expired(Account),
}

/// What a watcher compares.
#[derive(Debug, Clone)]
pub struct Snapshot {
    seats: Vec<(Account, bool)>,
    active: Option<String>,
    is_signing_in: bool,
    is_new: bool,
}

impl Snapshot {
    /// As it is now.
    #[must_use]
    pub fn of(state: &State) -> Self {
        Self {
            seats: state.seats.iter().map(|seat| (seat.account().clone(), super::has_ended(state, Some(seat.id())))).collect(),
            active: state.active.clone(),
            is_signing_in: matches!(state.flow, Flow::Redeeming(..) | Flow::Doubting(..)),
            is_new: matches!(state.flow, Flow::New),
        }
    }

    fn has(&self, id: &str) -> Option<bool> {
        self.seats.iter().find(|(account, _)| account.id == id).map(|(_, ended)| *ended)
    }

    /// What has changed since, in the order in which to tell it.
    #[must_use]
    pub fn changes(&self, after: &State, effects: &[Effect]) -> Vec<Change> {
        if self.is_new {
            return Vec::new();
        }
        let now = Self::of(after);
        let mut changes = Vec::new();
        for (account, _) in &self.seats {
            if now.has(&account.id).is_none() {
                changes.push(Change::SignedOut(account.clone()));
            }
        }
        for (account, ended) in &now.seats {
            let handed = effects.iter().any(|effect| matches!(effect, Effect::Hand(id) if *id == account.id));
            match (self.has(&account.id), ended) {
                (Some(false), true) => changes.push(Change::Expired(account.clone())),
                (None | Some(true), false) => changes.push(Change::SignedIn(account.clone())),
                // The same person, once more.
                (Some(false), false) if self.is_signing_in && handed => changes.push(Change::SignedIn(account.clone())),
                _ => {}
            }
        }
        if self.active.is_some() && now.active.is_some() && self.active != now.active {
            changes.extend(super::account(after).cloned().map(Change::Switched));
        }
        changes
    }
}
