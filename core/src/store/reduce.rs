//! The reducer: sends each action to the part of the state that it belongs to.

use std::rc::Rc;

use chrono::{DateTime, Utc};

use super::{
    Action, AssistantAction, Effect, Notice, Route, State, View, assistant_reduce as assistant, calendar, editor_reduce as editor, people,
    session,
};
use crate::{
    Error,
    schedule::{RankRequest, RankResult},
    time::{Zone, Zones},
};

/// What the reducer may know of the world.
pub struct Env<'a> {
    /// The present instant.
    pub now: DateTime<Utc>,
    /// The zones that the browser knows.
    pub zones: &'a Zones,
    /// A fresh random id for a transaction.
    pub fresh_id: &'a dyn Fn() -> String,
    /// The engine, once it is there: it belongs to what is loaded after the first screen.
    pub rank: Option<Rank>,
}

/// [`crate::schedule::rank`], or nothing.
pub type Rank = fn(&RankRequest, &Zones) -> Result<RankResult, Error>;

impl Env<'_> {
    /// The zone that times are shown in. One that nobody knows becomes UTC, so that nothing is hidden.
    #[must_use]
    pub fn zone(&self, state: &State) -> Rc<Zone> {
        self.zones.get(&state.preferences.time_zone).unwrap_or_else(|| Rc::new(Zone::utc()))
    }
}

/// Takes in what happened; answers with what shall be done.
#[must_use]
pub fn reduce(state: &mut State, action: Action, env: &Env<'_>) -> Vec<Effect> {
    match action {
        Action::Session(action) => session::reduce(state, action, env),
        // What comes late, after somebody signed out, finds nobody whose it could be.
        Action::Calendar(_) | Action::Editor(_) | Action::Picker(_) | Action::Assistant(_) if state.session.account().is_none() => {
            Vec::new()
        }
        Action::Calendar(action) => calendar::reduce(state, action, env),
        Action::Editor(action) => editor::reduce(state, action, env),
        Action::Picker(action) => people::reduce(state, action, env),
        Action::Assistant(action) => assistant::reduce(state, action, env),
        Action::Navigated(route) => navigated(state, route, env),
        Action::Online(online) => {
            let was_offline = std::mem::replace(&mut state.offline, !online);
            if online && was_offline { refresh(state, env) } else { Vec::new() }
        }
        Action::Theme(theme) => {
            state.chosen.theme = Some(theme);
            state.preferences.theme = theme;
            vec![Effect::Remember]
        }
        Action::Locale(locale) => {
            state.chosen.locale = Some(locale);
            vec![Effect::Remember, Effect::Prefer]
        }
        Action::TimeZone(zone) => {
            state.chosen.time_zone = Some(zone);
            vec![Effect::Remember, Effect::Prefer]
        }
        Action::Preferred(preferences) => {
            let moved = (&state.preferences.time_zone, state.preferences.first_day) != (&preferences.time_zone, preferences.first_day);
            state.preferences = preferences;
            if !moved {
                return Vec::new();
            }
            let effects = navigated(state, state.route, env);
            if effects.is_empty() { refresh(state, env) } else { effects }
        }
        Action::Paused(until) => {
            if state.paused_until.is_none_or(|known| known < until) {
                state.paused_until = Some(until);
                state.say(Notice::Paused(seconds_until(until, env.now)), env.now);
            }
            Vec::new()
        }
        Action::Menu(menu) => {
            state.menu = menu;
            if menu.is_some() { load_later(state) } else { Vec::new() }
        }
        Action::Copied => {
            state.say(Notice::Copied, env.now);
            Vec::new()
        }
        Action::Tick => {
            if state.paused_until.is_some_and(|until| until <= env.now) {
                state.paused_until = None;
            }
            Vec::new()
        }
        Action::Refresh => refresh(state, env),
        Action::LoadLater => load_later(state),
        Action::Later(generation, answer) => {
            state.later.finish(generation, env.now, answer);
            if state.route.view == View::Assistant && state.session.account().is_some() {
                assistant::changed(state, env)
            } else {
                Vec::new()
            }
        }
    }
}

fn navigated(state: &mut State, route: Route, env: &Env<'_>) -> Vec<Effect> {
    if state.session.account().is_none() {
        state.route = route;
        return Vec::new();
    }
    let moved = state.route != route;
    state.route = route;
    if route.view != View::Assistant {
        // Who left the assistant does not want its dialog over another screen.
        state.assistant.rechecking = None;
    }
    match route.view {
        View::Calendar => calendar::show(state, route.date, env),
        View::Assistant if moved => assistant::open(state, env),
        View::Assistant | View::Connection => Vec::new(),
    }
}

/// Has the rest of the program loaded, unless it is there or on its way.
pub(super) fn load_later(state: &mut State) -> Vec<Effect> {
    if state.later.value.is_some() || state.later.loading {
        return Vec::new();
    }
    vec![Effect::LoadLater(state.later.begin())]
}

/// Reads again what is on screen and failed or got old.
fn refresh(state: &mut State, env: &Env<'_>) -> Vec<Effect> {
    if state.session.account().is_none() || state.offline {
        return Vec::new();
    }
    let mut effects = load_later(state);
    effects.extend(session::missing(state));
    match state.route.view {
        View::Calendar => effects.extend(calendar::load(state, env)),
        View::Assistant => {
            assistant::forget_old_schedules(state, env.now);
            effects.extend(assistant::reduce(state, AssistantAction::Retry, env));
        }
        View::Connection => {}
    }
    effects
}

/// Whole seconds until then, the one that has begun included.
#[must_use]
pub fn seconds_until(then: DateTime<Utc>, now: DateTime<Utc>) -> u64 {
    (then - now).num_milliseconds().max(1).unsigned_abs().div_ceil(1000)
}
