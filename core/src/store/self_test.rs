//! The self-test on the Connection screen. Owns that one runs at a time and what has been found so far; leaves the looking to the runtime
//! and what it means to `diagnose`.

use super::{Effect, Env, Notice, SessionAction, State};
use crate::diagnose::{Check, Outcome};

/// A self-test.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SelfTest {
    /// It is under way.
    pub running: bool,
    /// What has been found so far, in order.
    pub checks: Vec<Check>,
    /// Counts the tests, so that a late outcome of an earlier one is known as such.
    pub generation: u32,
}

impl SelfTest {
    /// Forgets what was found, and what is still to come.
    pub(super) fn clear(&mut self) {
        *self = Self { generation: self.generation.wrapping_add(1), ..Self::default() };
    }
}

pub(super) fn reduce(state: &mut State, action: SessionAction, env: &Env<'_>) -> Vec<Effect> {
    match action {
        SessionAction::Test if state.session.account().is_some() && !state.test.running => {
            state.test.clear();
            state.test.running = true;
            vec![Effect::Test(state.test.generation)]
        }
        SessionAction::TestFound(generation, check) if state.test.running && generation == state.test.generation => {
            state.test.checks.push(*check);
            Vec::new()
        }
        SessionAction::Tested(generation) if state.test.running && generation == state.test.generation => {
            state.test.running = false;
            let passed = state.test.checks.iter().filter(|check| check.finding.outcome() == Outcome::Pass).count();
            state.say(Notice::Tested(passed, state.test.checks.len()), env.now);
            Vec::new()
        }
        SessionAction::StopTest if state.test.running => vec![Effect::StopTest],
        _ => Vec::new(),
    }
}
