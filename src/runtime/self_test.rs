//! What the program tells of itself while it works: the self-test, check by check, and how long Microsoft asks to wait. Leaves what is
//! looked at to `diagnose`.

use std::time::Duration;

use chrono::TimeDelta;
use convoke_core::{
    diagnose::Check,
    store::{Action, SessionAction, State},
};

use super::Runtime;
use crate::browser::{fetch, page};

impl Runtime {
    /// The self-test.
    pub(super) fn test(&self, state: &State, generation: u32) {
        // The button stands on a screen that is loaded together with the test.
        let (Some(client), Some(config), Some(loaded)) = (self.client(), &state.config, self.0.loaded.get()) else { return };
        let (session, abort) = (self.session(config), self.0.running.begin_test());
        let runtime = self.clone();
        let tell = move |check: &Check| runtime.dispatch(SessionAction::TestFound(generation, Box::new(check.clone())).into());
        let test = (loaded.test)(client, session, config.session.features.clone(), abort, Box::new(tell));
        let runtime = self.clone();
        page::spawn(async move {
            test.await;
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
