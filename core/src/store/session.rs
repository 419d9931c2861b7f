//! How the session changes. Owns what is asked for after signing in and what is erased after signing out.

use super::{Effect, Env, Notice, SessionAction, SessionPhase, State, View, assistant_reduce as assistant, assistant::rank_again, calendar, snapshot::restore};
use crate::{Error, ErrorCode};

pub(super) fn reduce(state: &mut State, action: SessionAction, env: &Env<'_>) -> Vec<Effect> {
    match action {
        SessionAction::Configured(Ok(Some(config))) => {
            state.config = Some(config);
            state.session = SessionPhase::Starting;
            vec![Effect::StartSession]
        }
        SessionAction::Configured(Ok(None)) => {
            state.session = SessionPhase::SignedOut;
            Vec::new()
        }
        SessionAction::Configured(Err(error)) | SessionAction::Started(Err(error)) | SessionAction::SignInFailed(error) => {
            // A sign-in that somebody broke off is no failure of the page.
            state.session = if error.code() == ErrorCode::InteractionRequired { SessionPhase::SignedOut } else { SessionPhase::Failed };
            state.session_problem = Some(error);
            Vec::new()
        }
        SessionAction::Started(Ok(None)) => {
            state.session = SessionPhase::SignedOut;
            Vec::new()
        }
        SessionAction::Started(Ok(Some((account, granted)))) => {
            state.session = SessionPhase::SignedIn(account);
            state.session_problem = None;
            state.expired = None;
            state.granted = granted;
            let mut effects = vec![Effect::LoadProfile(state.me.begin()), Effect::LoadSettings(state.settings.begin())];
            effects.extend(first_screen(state, env));
            effects
        }
        SessionAction::SignIn => {
            let reason = state.expired.take().or_else(|| state.session_problem.take());
            let login_hint = state.session.account().map(|account| account.username.clone());
            if state.session.account().is_none() {
                state.session = SessionPhase::SigningIn;
            }
            let claims = reason.as_ref().and_then(|error| error.details().claims.clone());
            let scopes = reason.map(|error| error.details().scopes.clone()).unwrap_or_default();
            vec![Effect::Remember, Effect::SignIn { scopes, claims, login_hint }]
        }
        SessionAction::SignOut => vec![Effect::Forget, Effect::SignOut],
        SessionAction::SignedOut => {
            *state = State {
                config: state.config.take(),
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
                state.notice = Some(Notice::ConnectionWorks);
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
