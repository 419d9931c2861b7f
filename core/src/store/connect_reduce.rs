//! How the Connect screen changes. Owns the way from what was read and typed to a complete configuration, and looking up what
//! Microsoft's page said; leaves signing in with it to `session`.

use std::rc::Rc;

use super::{Effect, Env, LookedUp, Notice, SessionAction, SessionPhase, State, reduce::load_later, session::fail};
use crate::{
    Error,
    auth::aadsts::{self, Setting},
    config::{AppConfig, ConnectForm, Field, Found},
};

pub(super) fn reduce(state: &mut State, action: SessionAction, env: &Env<'_>) -> Vec<Effect> {
    match action {
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
        SessionAction::CheckForm => {
            complete(state);
            Vec::new()
        }
        SessionAction::Reported(text) => {
            state.connect.reported = text;
            state.connect.looked_up = None;
            Vec::new()
        }
        SessionAction::LookUp => {
            look_up(state, env);
            Vec::new()
        }
        SessionAction::Noted(note) => {
            state.connect.note = Some(note);
            load_later(state)
        }
        SessionAction::Reconfigure => {
            state.session = SessionPhase::Starting;
            state.session_problem = None;
            vec![Effect::Configure]
        }
        _ => Vec::new(),
    }
}

pub(super) fn configured(state: &mut State, found: Result<Found, Error>) -> Vec<Effect> {
    match found {
        Err(error) => fail(state, error),
        Ok(Found::Complete(config)) => {
            // An organization that does not fit is said when somebody signs in, not when the page opens.
            let chosen = config.for_organization(&state.connect.organization).unwrap_or_else(|_| config.clone());
            state.connect.configured = Some(Rc::new(config));
            start(state, chosen)
        }
        Ok(Found::WithoutClientId(draft)) => {
            if state.connect.form == ConnectForm::default() {
                state.connect.form = draft.form();
            }
            let complete = state.connect.sent.then(|| draft.complete(&state.connect.form).ok()).flatten();
            state.connect.draft = Some(Rc::new(draft));
            match complete {
                Some(config) => start(state, config),
                None => {
                    state.session = SessionPhase::SignedOut;
                    load_later(state)
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

/// Makes the configuration whole with what is filled in; else leads to the first field that is wrong. Answers whether there is one.
pub(super) fn complete(state: &mut State) -> bool {
    let completed = if let Some(draft) = &state.connect.draft {
        draft.complete(&state.connect.form)
    } else if let Some(configured) = &state.connect.configured {
        configured.for_organization(&state.connect.organization).map_err(|problem| vec![problem])
    } else {
        return state.config.is_some();
    };
    match completed {
        Ok(config) => {
            state.connect.problems.clear();
            state.connect.sent = state.connect.draft.is_some();
            // The same configuration keeps its session; another one would begin a new one.
            if state.config.as_deref() != Some(&config) {
                state.config = Some(Rc::new(config));
            }
            true
        }
        Err(problems) => {
            if let Some(first) = problems.first() {
                state.point_to(first.field);
            }
            state.connect.problems = problems;
            false
        }
    }
}

/// What the number means, and the field where it is mended.
fn look_up(state: &mut State, env: &Env<'_>) {
    let Some(number) = aadsts::find_number(&state.connect.reported) else {
        state.connect.looked_up = Some(LookedUp::Nothing);
        state.point_to(Field::Reported);
        return;
    };
    state.connect.looked_up = Some(LookedUp::Number(number));
    state.say(Notice::LookedUp(number), env.now);
    let field = match aadsts::help(number).action {
        aadsts::Action::Mend(setting) if state.connect.draft.is_some() => match setting {
            Setting::ClientId => Field::ClientId,
            Setting::RedirectUri | Setting::Platform => Field::RedirectUri,
            Setting::AccountType => Field::AccountType,
            Setting::Permissions => Field::Features,
        },
        // Where there is no field to mend, the answer itself is what to read.
        _ => Field::Answer,
    };
    state.point_to(field);
}
