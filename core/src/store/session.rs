//! How the session changes. Owns what is asked for after signing in and what is erased after signing out.

use std::rc::Rc;

use super::{Effect, Env, Notice, SessionAction, SessionPhase, SignedIn, State, View, assistant_reduce as assistant, assistant::rank_again, calendar, snapshot::restore};
use crate::{
    Error, ErrorCode,
    config::{AppConfig, ConnectForm, FieldError, Found},
};

pub(super) fn reduce(state: &mut State, action: SessionAction, env: &Env<'_>) -> Vec<Effect> {
    match action {
        SessionAction::Configured(found) => configured(state, *found),
        SessionAction::Form(form) => {
            state.connect.form = form;
            state.connect.problems.clear();
            vec![Effect::Remember]
        }
        SessionAction::Organization(text) => {
            state.connect.organization = text;
            state.connect.problems.clear();
            vec![Effect::Remember]
        }
        SessionAction::Started(Err(error)) | SessionAction::SignInFailed(error) => fail(state, error),
        SessionAction::Started(Ok(None)) => {
            state.session = SessionPhase::SignedOut;
            Vec::new()
        }
        SessionAction::Started(Ok(Some(SignedIn { account, granted }))) => {
            state.session = SessionPhase::SignedIn(account);
            state.session_problem = None;
            state.expired = None;
            state.granted = granted;
            let mut effects = vec![Effect::LoadProfile(state.me.begin()), Effect::LoadSettings(state.settings.begin())];
            effects.extend(first_screen(state, env));
            effects
        }
        SessionAction::SignIn => sign_in(state),
        SessionAction::SignOut => vec![Effect::Forget, Effect::SignOut],
        SessionAction::SignedOut => {
            *state = State {
                config: state.config.take(),
                connect: state.connect.clone(),
                session: SessionPhase::SignedOut,
                preferences: state.preferences.clone(),
                notice: Some(Notice::SignedOut),
                ..State::default()
            };
            Vec::new()
        }
        SessionAction::Profile(generation, answer) => {
            let answer = note_expiry(state, answer);
            state.me.finish(generation, env.now, answer);
            if state.route.view == View::Assistant { assistant::changed(state, env) } else { Vec::new() }
        }
        SessionAction::Settings(generation, answer) => {
            // Without MailboxSettings.Read the assistant works with the hours that getSchedule gives: no reason to alarm anybody.
            state.settings.finish(generation, env.now, answer);
            rank_again(state, &env.zone(state), env.zones, env.now);
            Vec::new()
        }
        SessionAction::Check => vec![Effect::Check(state.check.begin())],
        SessionAction::Checked(generation, answer) => {
            let answer = note_expiry(state, answer);
            let works = answer.is_ok();
            if state.check.finish(generation, env.now, answer) && works {
                state.say(Notice::ConnectionWorks, env.now);
            }
            Vec::new()
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

fn configured(state: &mut State, found: Result<Found, Error>) -> Vec<Effect> {
    match found {
        Err(error) => fail(state, error),
        Ok(Found::Complete(config)) => {
            // An organization that does not fit is said when somebody signs in, not when the page opens.
            let config = config.for_organization(&state.connect.organization).unwrap_or(config);
            start(state, config)
        }
        Ok(Found::WithoutClientId(draft)) => {
            if !state.connect.sent && state.connect.form == ConnectForm::default() {
                state.connect.form = draft.form();
            }
            let complete = state.connect.sent.then(|| draft.complete(&state.connect.form).ok()).flatten();
            state.connect.draft = Some(Rc::new(draft));
            match complete {
                Some(config) => start(state, config),
                None => {
                    state.session = SessionPhase::SignedOut;
                    Vec::new()
                }
            }
        }
    }
}

fn start(state: &mut State, config: AppConfig) -> Vec<Effect> {
    state.config = Some(Rc::new(config));
    state.session = SessionPhase::Starting;
    vec![Effect::StartSession]
}

fn fail(state: &mut State, error: Error) -> Vec<Effect> {
    // A session that ended by itself is no failure of the page.
    let ended = matches!(error.code(), ErrorCode::InteractionRequired | ErrorCode::SessionExpired | ErrorCode::UserCancelled);
    match &state.session {
        // Somebody who is signed in stays so, with what is on screen; the failure stands above it.
        SessionPhase::SignedIn(_) => state.expired = Some(error),
        _ => {
            state.session = if ended { SessionPhase::SignedOut } else { SessionPhase::Failed };
            state.session_problem = Some(error);
        }
    }
    Vec::new()
}

fn sign_in(state: &mut State) -> Vec<Effect> {
    if let Err(problems) = complete_config(state) {
        state.connect.problems = problems;
        return Vec::new();
    }
    let reason = state.expired.take().or_else(|| state.session_problem.take());
    let login_hint = state.session.account().map(|account| account.username.clone());
    if state.session.account().is_none() {
        state.session = SessionPhase::SigningIn;
    }
    let claims = reason.as_ref().and_then(|error| error.details().claims.clone());
    let scopes = reason.map(|error| error.details().scopes.clone()).unwrap_or_default();
    vec![Effect::Remember, Effect::SignIn { scopes, claims, login_hint }]
}

/// Makes the configuration whole with what is filled in.
fn complete_config(state: &mut State) -> Result<(), Vec<FieldError>> {
    if let Some(draft) = &state.connect.draft {
        state.config = Some(Rc::new(draft.complete(&state.connect.form)?));
        state.connect.sent = true;
    } else if let Some(config) = &state.config
        && !state.connect.organization.trim().is_empty()
    {
        state.config = Some(Rc::new(config.for_organization(&state.connect.organization).map_err(|problem| vec![problem])?));
    }
    Ok(())
}

/// Remembers that only a new sign-in helps, and hands the answer on.
pub(super) fn note_expiry<T>(state: &mut State, answer: Result<T, Error>) -> Result<T, Error> {
    if let Err(error) = &answer
        && error.needs_sign_in()
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
