//! The Connect screen: signing in, and where the page is not configured the form that configures it.

use convoke_core::{
    Error, ErrorCode,
    auth::{machine::Note, request_scopes},
    config::{AppConfig, Field, FieldProblem},
    store::{SessionAction, SessionPhase, State},
};
use yew::prelude::*;

use super::{
    context::Ui,
    controls::{TextField, alert_saying, behind, progress},
    sign_in,
    strings::Text,
    words,
};

/// The Connect screen.
pub(crate) fn connect_screen(ui: &Ui, state: &State, redirect_uri: &AttrValue) -> Html {
    let connect = &state.connect;
    let known = state.config.is_some() || connect.draft.is_some() || connect.configured.is_some();
    // Without a configuration there is nothing to sign in with: what helps is reading it again.
    let retry = (!known).then(|| ui.on(SessionAction::Reconfigure));
    let troubled = connect.draft.is_some() || connect.note.is_some() || connect.looked_up.is_some() || state.session_problem.is_some();
    html! {
        <section class="connect" aria-labelledby="connect-title">
            <div class="card">
                <span class="brand-mark brand-mark-large" aria-hidden="true"></span>
                <h1 id="connect-title" tabindex="-1">{ ui.text(Text::ConnectTitle) }</h1>
                <p class="lead">{ ui.text(Text::ConnectLead) }</p>
                if let Some(error) = &state.session_problem {
                    { alert_saying(ui, sentence(ui, error, known), error, retry) }
                    { sign_in::without_window(ui, state) }
                }
                if let Some(note) = connect.note {
                    <p class="stale" role="status">{ ui.text(match note { Note::Unanswered => Text::NoteUnanswered, Note::Stray => Text::NoteStray }) }</p>
                }
                if known {
                    { sign_in_form(ui, state, redirect_uri) }
                    if let (Some(config), None) = (&state.config, &connect.draft) { { details(ui, state, config) } }
                                        if troubled { { behind(ui, state, |later| (later.trouble)(ui, state, redirect_uri)) } }
                }
            </div>
        </section>
    }
}

/// What went wrong. Where not even the configuration came, it was not Microsoft's fault.
fn sentence(ui: &Ui, error: &Error, known: bool) -> String {
    if known || error.code() == ErrorCode::Configuration { words::error(ui, error) } else { ui.text(Text::ConfigUnread) }
}

/// The form, or only its button where the deployer has filled it in.
fn sign_in_form(ui: &Ui, state: &State, redirect_uri: &AttrValue) -> Html {
    let going = state.session == SessionPhase::SigningIn;
    let onsubmit = {
        let ui = ui.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            ui.send(SessionAction::SignIn);
        })
    };
    html! {
        <form class="sign-in" {onsubmit} novalidate={true}>
            if state.connect.draft.is_some() { { behind(ui, state, |later| (later.connect_fields)(ui, state, redirect_uri)) } }
            <button type="submit" class="button button-main button-large" aria-disabled={going.then_some("true")}>{ sign_in::main_words(ui, state) }</button>
            if state.known.is_some() {
                <button type="button" class="button button-quiet" onclick={ui.on(SessionAction::OtherAccount)}>{ ui.text(Text::OtherAccount) }</button>
            }
            if going { { progress(&ui.text(Text::SigningIn), None) } }
        </form>
    }
}

/// What is wrong with a field, in words.
pub(crate) fn problem(ui: &Ui, state: &State, field: Field) -> Option<String> {
    let wrong = state.connect.problems.iter().find(|wrong| wrong.field == field)?;
    Some(ui.text(match (field, wrong.problem) {
        (Field::ClientId, FieldProblem::Missing) => Text::ClientIdMissing,
        (Field::ClientId, FieldProblem::Malformed) => Text::ClientIdMalformed,
        (Field::Tenant, FieldProblem::Missing) => Text::TenantMissing,
        (Field::Tenant, FieldProblem::Malformed) => Text::TenantMalformed,
        _ => Text::FeaturesMissing,
    }))
}

/// The id of a field, so that the person can be led there.
pub(crate) fn field_id(field: Field) -> &'static str {
    match field {
        Field::ClientId => "connect-client",
        // In a configured page the tenant is the organization.
        Field::Tenant => "connect-tenant",
        Field::Features => "connect-features",
        Field::AccountType => "account-type",
        Field::RedirectUri => "connect-redirect",
        Field::Reported => "connect-trouble",
        Field::Answer => "connect-answer",
    }
}

fn details(ui: &Ui, state: &State, config: &AppConfig) -> Html {
    let scopes = request_scopes(&config.session.features, config.session.scopes.as_deref()).join(", ");
    let oninput = {
        let ui = ui.clone();
        Callback::from(move |text| ui.send(SessionAction::Organization(text)))
    };
    let onsubmit = {
        let ui = ui.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            ui.send(SessionAction::SignIn);
        })
    };
    let organization = TextField {
        help: Some(ui.text(Text::OrganizationHelp)),
        problem: problem(ui, state, Field::Tenant),
        ..TextField::new("connect-tenant", ui.text(Text::OrganizationOptional), state.connect.organization.clone(), oninput)
    };
    html! {
        <details class="details" open={state.connect.problems.iter().any(|wrong| wrong.field == Field::Tenant)}>
            <summary>{ ui.text(Text::Details) }</summary>
            <ul>
                <li>{ ui.with(Text::DetailsClient, &[("id", &config.session.client_id)]) }</li>
                <li>{ ui.with(Text::DetailsAuthority, &[("host", &config.session.authority.key())]) }</li>
                <li>{ ui.with(Text::DetailsGraph, &[("host", &config.graph_base_url)]) }</li>
                <li>{ ui.with(Text::DetailsScopes, &[("scopes", &scopes)]) }</li>
            </ul>
            // In a form of its own, so that Enter signs in.
            <form {onsubmit} novalidate={true}>{ organization.draw() }</form>
        </details>
    }
}
