//! What a sign-in says while its window is open, the way on where windows do not work, and what is off for want of a permission. Leaves the
//! forms to `connect`, and each permission by itself to `permissions`.

use convoke_core::{
    ErrorCode,
    auth::{machine::Waiting, merge, needs_admin},
    store::{SessionAction, State},
};
use yew::prelude::*;

use super::{context::Ui, sign_in_words, strings::Text};

/// As long as the sign-in window is awaited: what to do there, and what if it has gone.
pub(crate) fn window_notice(ui: &Ui, state: &State) -> Html {
    let Some(waiting) = state.sign_in_window else { return Html::default() };
    let text = if waiting == Waiting::Open { Text::WindowOpen } else { Text::WindowUnsure };
    html! {
        <div class="note" role="status">
            <p>{ ui.text(text) }</p>
            <div class="alert-actions">
                <button type="button" class="button" onclick={ui.on(SessionAction::OpenAgain)}>{ ui.text(Text::OpenAgain) }</button>
                <button type="button" class="button button-quiet" onclick={ui.on(SessionAction::CancelSignIn)}>{ ui.text(Text::Cancel) }</button>
            </div>
        </div>
    }
}

/// Where a window did not open or did not answer: the page itself can go to the sign-in.
pub(crate) fn without_window(ui: &Ui, state: &State) -> Html {
    let uses_windows = state.config.as_ref().is_some_and(|config| config.popup) && !state.sign_in_here;
    let problem = state.session_problem.as_ref().or(state.expired.as_ref()).map(convoke_core::Error::code);
    let failed = matches!(problem, Some(ErrorCode::PopupBlocked | ErrorCode::Timeout | ErrorCode::UserCancelled));
    if !uses_windows || !failed {
        return Html::default();
    }
    html! { <button type="button" class="button" onclick={ui.on(SessionAction::SignInHere)}>{ ui.text(Text::SignInHere) }</button> }
}

/// What is off for want of a permission that was asked for and not given: it says so here, rather than failing when it is used.
pub(crate) fn denied(ui: &Ui, state: &State) -> Html {
    let Some(config) = &state.config else { return Html::default() };
    let mut names = Vec::new();
    let mut scopes = Vec::new();
    for feature in &config.session.features {
        let denied = state.denied(*feature);
        if !denied.is_empty() {
            names.push(ui.text(sign_in_words::feature(*feature)));
            scopes = merge(&scopes, &denied);
        }
    }
    if scopes.is_empty() {
        return Html::default();
    }
    let by_admin = scopes.iter().any(|scope| needs_admin(scope));
    html! {
        <div class="note" role="note">
            <p>{ ui.with(Text::Denied, &[("features", &names.join(", "))]) }</p>
            if !by_admin {
                <div class="alert-actions">
                    <button type="button" class="button" onclick={ui.on(SessionAction::Ask(scopes))}>{ ui.text(Text::AskAgain) }</button>
                </div>
            }
        </div>
    }
}

/// The main button's words: "Sign in with Microsoft", or "Continue as Adele Vance".
pub(crate) fn main_words(ui: &Ui, state: &State) -> String {
    match &state.known {
        Some(known) => ui.with(Text::ContinueAs, &[("name", known.name.as_ref().unwrap_or(&known.username))]),
        None => ui.text(Text::SignIn),
    }
}
