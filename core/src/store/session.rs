//! How the session changes. Owns what is asked for after signing in and what is erased after signing out.

use std::rc::Rc;

use super::{
    Assistant, Calendar, Effect, Env, Notice, Picker, SessionAction, SessionPhase, SignedIn, State, View, assistant::rank_again,
    assistant_reduce as assistant, calendar, connect_reduce, reduce::load_later, self_test, snapshot::restore,
};
use crate::{
    Error, ErrorCode,
    auth::{granted_by, merge, missing as missing_scopes, protocol::Prompt},
    error::Details,
};

/// What reading the mailbox's settings needs.
const SETTINGS_SCOPE: &str = "MailboxSettings.Read";

pub(super) fn reduce(state: &mut State, action: SessionAction, env: &Env<'_>) -> Vec<Effect> {
    match action {
        SessionAction::Configured(found) => connect_reduce::configured(state, *found),
        SessionAction::Reconfigure
        | SessionAction::Form(_)
        | SessionAction::CheckForm
        | SessionAction::Organization(_)
        | SessionAction::Reported(_)
        | SessionAction::LookUp
        | SessionAction::Noted(_) => connect_reduce::reduce(state, action, env),
        SessionAction::Started(Err(error)) | SessionAction::SignInFailed(error) => fail(state, error),
        SessionAction::Started(Ok(None)) => {
            state.session = SessionPhase::SignedOut;
            Vec::new()
        }
        SessionAction::Started(Ok(Some(signed_in))) => started(state, signed_in, env),
        SessionAction::SignIn => sign_in(state, None),
        SessionAction::OtherAccount => other_account(state),
        SessionAction::Ask(scopes) => {
            state.sign_in_reason = Some(Error::new(ErrorCode::ConsentRequired, "").with(Details { scopes, ..Details::default() }));
            sign_in(state, None)
        }
        SessionAction::Accounts(accounts) => {
            state.accounts = accounts;
            Vec::new()
        }
        SessionAction::Switch(id) => {
            let other = state.session.account().is_some_and(|account| account.id != id);
            if other && state.accounts.iter().any(|account| account.id == id) { vec![Effect::Switch(id)] } else { Vec::new() }
        }
        SessionAction::SignOut => sign_out(state, Effect::SignOut),
        SessionAction::SignOutEverywhere => sign_out(state, Effect::SignOutEverywhere),
        SessionAction::SignOutOf(id) => {
            if state.session.account().is_some_and(|account| account.id == id) {
                return sign_out(state, Effect::SignOut);
            }
            vec![Effect::SignOutOf(id)]
        }
        SessionAction::SignedOut => {
            erase(state);
            state.session = SessionPhase::SignedOut;
            state.say(Notice::SignedOut, env.now);
            // Where another tab signed out, this one still holds what was typed.
            vec![Effect::Forget]
        }
        SessionAction::Window(waiting) => {
            state.sign_in_window = waiting;
            Vec::new()
        }
        SessionAction::OpenAgain => vec![Effect::OpenWindowAgain],
        SessionAction::CancelSignIn => vec![Effect::CancelSignIn],
        SessionAction::SignInHere => {
            state.sign_in_here = true;
            sign_in(state, None)
        }
        SessionAction::Known(known) => {
            state.known = Some(known);
            Vec::new()
        }
        SessionAction::NotKept => {
            state.say(Notice::NotKept, env.now);
            Vec::new()
        }
        SessionAction::Profile(generation, answer) => {
            let answer = note_expiry(state, answer);
            if !state.me.finish(generation, env.now, answer) {
                return Vec::new();
            }
            // Who was invited before the own address was known may turn out to be the organizer.
            let mut invitees = std::mem::take(&mut state.assistant.invitees);
            invitees.retain(|invitee| !is_own(state, &invitee.person.address));
            state.assistant.invitees = invitees;
            if state.route.view == View::Assistant { assistant::changed(state, env) } else { Vec::new() }
        }
        SessionAction::Settings(generation, answer) => {
            // Without MailboxSettings.Read the assistant works with the hours that getSchedule gives: no reason to alarm anybody.
            if state.settings.finish(generation, env.now, answer) {
                rank_again(state, env);
            }
            Vec::new()
        }
        SessionAction::Check if state.session.account().is_none() => Vec::new(),
        SessionAction::Check => vec![Effect::Check(state.check.begin())],
        SessionAction::Checked(generation, answer) => {
            let answer = note_expiry(state, answer);
            let works = answer.is_ok();
            if state.check.finish(generation, env.now, answer) && works {
                state.say(Notice::ConnectionWorks, env.now);
            }
            Vec::new()
        }
        SessionAction::Test | SessionAction::TestFound(..) | SessionAction::Tested(_) | SessionAction::StopTest => {
            self_test::reduce(state, action, env)
        }
        SessionAction::DismissExpired => {
            state.expired = None;
            Vec::new()
        }
        SessionAction::Restored(restored) => {
            restore(state, &restored.0);
            Vec::new()
        }
    }
}

fn started(state: &mut State, SignedIn { account, granted }: SignedIn, env: &Env<'_>) -> Vec<Effect> {
    let switched = state.session.account().is_some_and(|before| before.id != account.id);
    if state.owner.as_ref().is_some_and(|owner| *owner != account.id) {
        erase(state);
    }
    if switched {
        state.say(Notice::Switched(account.name.clone().unwrap_or_else(|| account.username.clone())), env.now);
    }
    state.owner = Some(account.id.clone());
    if !state.accounts.iter().any(|known| known.id == account.id) {
        Rc::make_mut(&mut state.accounts).push(account.clone());
    }
    state.session = SessionPhase::SignedIn(account);
    state.session_problem = None;
    state.sign_in_here = false;
    state.known = None;
    state.expired = None;
    state.sign_in_reason = None;
    state.connect.note = None;
    state.granted = granted;
    // What was asked for and did not come was refused; what came is refused no longer.
    let refused: Vec<String> = state.refused.iter().chain(&state.asked).cloned().collect();
    state.refused = Rc::new(missing_scopes(&merge(&refused, &[]), &state.granted));
    state.asked.clear();
    let mut effects = vec![Effect::Remember, Effect::LoadProfile(state.me.begin())];
    // Asking without the permission would cost two requests and bring nothing.
    if granted_by(&state.granted, SETTINGS_SCOPE) {
        effects.push(Effect::LoadSettings(state.settings.begin()));
    }
    effects.extend(first_screen(state, env));
    effects.extend(load_later(state));
    effects
}

/// Takes away everything that is somebody's own: what was read, typed and chosen. The counters of requests go on, so that no answer to the
/// last person's requests reaches the next one.
fn erase(state: &mut State) {
    let mut old = std::mem::take(state);
    old.me.clear();
    old.settings.clear();
    old.check.clear();
    old.test.clear();
    old.calendar.events.clear();
    old.picker.found.clear();
    old.assistant.microsoft.clear();
    old.connect.problems.clear();
    *state = State {
        config: old.config,
        connect: old.connect,
        route: old.route,
        preferences: old.preferences,
        chosen: old.chosen,
        accounts: old.accounts,
        attention: old.attention,
        offline: old.offline,
        me: old.me,
        settings: old.settings,
        check: old.check,
        later: old.later,
        test: old.test,
        calendar: Calendar { events: old.calendar.events, opened: old.calendar.opened, ..Calendar::default() },
        picker: Picker { found: old.picker.found, ..Picker::default() },
        assistant: Assistant { microsoft: old.assistant.microsoft, generation: old.assistant.generation, ..Assistant::default() },
        ..State::default()
    };
}

pub(super) fn fail(state: &mut State, error: Error) -> Vec<Effect> {
    if error.code() == ErrorCode::UserCancelled {
        let asked = std::mem::take(&mut state.asked);
        state.refused = Rc::new(merge(&state.refused, &asked));
    }
    // A session that ended by itself is no failure of the page.
    let ended = matches!(error.code(), ErrorCode::InteractionRequired | ErrorCode::SessionExpired | ErrorCode::UserCancelled);
    match &state.session {
        // Somebody who is signed in stays so, with what is on screen; the failure stands above it.
        SessionPhase::SignedIn(_) => {
            state.expired = Some(error);
            Vec::new()
        }
        _ => {
            state.session = if ended { SessionPhase::SignedOut } else { SessionPhase::Failed };
            state.session_problem = Some(error);
            // What helps after a failure is not part of the first screen.
            load_later(state)
        }
    }
}

/// Goes to Microsoft's page for another account: nobody is suggested there, and what the last try was for is not asked of the next person.
fn other_account(state: &mut State) -> Vec<Effect> {
    state.session_problem = None;
    state.sign_in_reason = None;
    let expired = state.expired.take();
    let mut effects = sign_in(state, Some(Prompt::SelectAccount));
    state.expired = expired;
    for effect in &mut effects {
        if let Effect::SignIn { login_hint, .. } = effect {
            *login_hint = None;
        }
    }
    effects
}

fn sign_out(state: &mut State, effect: Effect) -> Vec<Effect> {
    // At once: what still comes in until the page has gone must neither be shown nor be stored.
    erase(state);
    state.accounts = Rc::default();
    state.session = SessionPhase::Starting;
    vec![Effect::Forget, effect]
}

fn sign_in(state: &mut State, prompt: Option<Prompt>) -> Vec<Effect> {
    if !connect_reduce::complete(state) {
        return Vec::new();
    }
    state.connect.note = None;
    let asks = |error: &Error| error.details().claims.is_some() || !error.details().scopes.is_empty();
    let shown = state.expired.take().or_else(|| state.session_problem.take());
    // Where the last try failed, its failure is shown; what it was for stands in the reason before.
    let reason = match shown {
        Some(error) if asks(&error) => Some(error),
        shown => state.sign_in_reason.take().or(shown),
    };
    let known = || state.known.as_ref().map(|known| known.username.clone());
    let login_hint = state.session.account().map(|account| account.username.clone()).or_else(known);
    if state.session.account().is_none() {
        state.session = SessionPhase::SigningIn;
    }
    let claims = reason.as_ref().and_then(|error| error.details().claims.clone());
    let scopes = reason.as_ref().map(|error| error.details().scopes.clone()).unwrap_or_default();
    state.sign_in_reason = reason;
    state.asked.clone_from(&scopes);
    vec![Effect::Remember, Effect::SignIn { scopes, claims, login_hint, prompt }]
}

/// Whether an address is that of whoever is signed in: the mailbox's, or the name to sign in with.
pub(super) fn is_own(state: &State, address: &str) -> bool {
    let mailbox = state.me.value.as_ref().map(|me| me.address.as_str());
    let account = state.session.account().map(|account| account.username.as_str());
    [mailbox, account].into_iter().flatten().any(|own| own.eq_ignore_ascii_case(address))
}

/// Reads once more who is signed in and what their mailbox prefers, where that failed.
pub(super) fn missing(state: &mut State) -> Vec<Effect> {
    let mut effects = Vec::new();
    if state.me.error.is_some() {
        effects.push(Effect::LoadProfile(state.me.begin()));
    }
    if state.settings.error.as_ref().is_some_and(Error::retryable) {
        effects.push(Effect::LoadSettings(state.settings.begin()));
    }
    effects
}

/// Remembers that only a new sign-in helps, and hands the answer on.
pub(super) fn note_expiry<T>(state: &mut State, answer: Result<T, Error>) -> Result<T, Error> {
    if let Err(error) = &answer
        && error.needs_sign_in()
        && state.session.account().is_some()
    {
        state.expired = Some(error.clone());
    }
    answer
}

fn first_screen(state: &mut State, env: &Env<'_>) -> Vec<Effect> {
    match state.route.view {
        View::Calendar => calendar::show(state, state.route.date, env),
        View::Assistant => assistant::open(state, env),
        View::Connection => Vec::new(),
    }
}
