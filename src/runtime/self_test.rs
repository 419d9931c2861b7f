//! What the program tells of itself while it works: the self-test, check by check, and how long Microsoft asks to wait. Leaves what is
//! looked at to `diagnose`.

use std::time::Duration;

use chrono::TimeDelta;
use convoke_core::{
    diagnose::Check,
    store::{Action, SessionAction, State},
};

use super::Runtime;
use crate::{
    browser::{fetch, page},
    diagnose::diagnose,
};

impl Runtime {
    /// The self-test.
    pub(super) fn test(&self, state: &State, generation: u32) {
        let (Some(client), Some(config)) = (self.client(), &state.config) else { return };
        let session = self.session(config);
        let (runtime, features, abort) = (self.clone(), config.session.features.clone(), self.0.running.begin_test());
        page::spawn(async move {
            let tell = |check: &Check| runtime.dispatch(SessionAction::TestFound(generation, Box::new(check.clone())).into());
            diagnose(&client, Some(&session), &features, &abort, tell).await;
            runtime.dispatch(SessionAction::Tested(generation).into());
        });
    }

    /// Shows how long Microsoft asks to wait. Shorter pauses than two seconds are not worth a word.
    pub(super) fn count_down(&self, pause: Duration) {
        let Some(until) = TimeDelta::from_std(pause)
            .ok()
            .filter(|pause| pause.num_seconds() >= 2)
            .and_then(|pause| page::now().checked_add_signed(pause))
        else {
            return;
        };
        let counting = self.state().paused_until.is_some();
        let runtime = self.clone();
        page::spawn(async move {
            runtime.dispatch(Action::Paused(until));
            while !counting && runtime.state().paused_until.is_some() {
                fetch::sleep(Duration::from_secs(1)).await;
                runtime.dispatch(Action::Tick);
            }
        });
    }
}
