//! The Connect screen: signing in, and where the page is not configured the form that configures it.

use convoke_core::{
    Error, ErrorCode,
    auth::{machine::Note, protocol::admin_consent_url, request_scopes},
    config::{AccountType, AppConfig, ConnectForm, Draft, Field, FieldProblem},
    store::{SessionAction, SessionPhase, State},
};
use yew::prelude::*;

use super::{
    context::Ui,
    controls::{TextField, alert_saying, choice, copy_field, progress},
    icons::{Icon, picture},
    permissions::permission_boxes,
    sign_in,
    strings::Text,
    trouble::trouble_box,
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
                    if connect.draft.is_some() { { registration(ui) } }
                    if troubled { { trouble_box(ui, state, redirect_uri) } }
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
            if let Some(draft) = &state.connect.draft { { fields(ui, state, draft, redirect_uri) } }
            <button type="submit" class="button button-main button-large" aria-disabled={going.then_some("true")}>{ sign_in::main_words(ui, state) }</button>
            if state.known.is_some() {
                <button type="button" class="button button-quiet" onclick={ui.on(SessionAction::OtherAccount)}>{ ui.text(Text::OtherAccount) }</button>
            }
            if going { { progress(&ui.text(Text::SigningIn), None) } }
        </form>
    }
}

fn fields(ui: &Ui, state: &State, draft: &Draft, redirect_uri: &AttrValue) -> Html {
    let form = &state.connect.form;
    let types = [AccountType::Organizations, AccountType::Common, AccountType::Consumers];
    let chosen = types.iter().position(|kind| *kind == form.account_type).unwrap_or(3);
    let change = |edit: fn(&mut ConnectForm, String)| {
        let (ui, form) = (ui.clone(), form.clone());
        Callback::from(move |text: String| {
            let mut form = form.clone();
            edit(&mut form, text);
            ui.send(SessionAction::Form(form));
        })
    };
    let onchange = {
        let (ui, form) = (ui.clone(), form.clone());
        Callback::from(move |index: usize| {
            let account_type = types.get(index).cloned().unwrap_or_else(|| AccountType::Tenant(String::new()));
            ui.send(SessionAction::Form(ConnectForm { account_type, ..form.clone() }));
        })
    };
    let options = [Text::AccountOrganizations, Text::AccountCommon, Text::AccountConsumers, Text::AccountTenant].map(|text| ui.text(text));
    let client = TextField {
        help: Some(ui.text(Text::ClientIdHelp)),
        problem: problem(ui, state, Field::ClientId),
        ..TextField::new("connect-client", ui.text(Text::ClientId), form.client_id.clone(), change(|form, text| form.client_id = text))
    };
    let tenant = match &form.account_type {
        AccountType::Tenant(tenant) => Some(TextField {
            problem: problem(ui, state, Field::Tenant),
            ..TextField::new(
                "connect-tenant",
                ui.text(Text::Tenant),
                tenant.clone(),
                change(|form, text| form.account_type = AccountType::Tenant(text)),
            )
        }),
        _ => None,
    };
    let redirect = TextField {
        help: Some(ui.text(Text::RedirectUriHelp)),
        ..TextField::new("connect-redirect", ui.text(Text::RedirectUri), redirect_uri.to_string(), Callback::noop())
    };
    let personal = matches!(form.account_type, AccountType::Common | AccountType::Consumers);
    html! {
        <>
            <div class="note" role="note">
                <h2>{ ui.text(Text::NoConfigTitle) }</h2>
                <p>{ ui.text(Text::NoConfig) }</p>
            </div>
            { client.draw() }
            { choice("account-type", ui.text(Text::AccountType), &options, chosen, &onchange) }
            if let Some(tenant) = tenant { { tenant.draw() } }
            if personal { <p class="help">{ ui.text(Text::PersonalLacks) }</p> }
            { permission_boxes(ui, form, problem(ui, state, Field::Features)) }
            { copy_field(ui, redirect, Text::Copy) }
            if form.account_type != AccountType::Consumers { { admin_consent(ui, draft, form, redirect_uri) } }
        </>
    }
}

/// The link for administrators. Until the form is complete it leads to what is missing.
fn admin_consent(ui: &Ui, draft: &Draft, form: &ConnectForm, redirect_uri: &AttrValue) -> Html {
    let link = draft.complete(form).ok().and_then(|config| {
        let scopes = request_scopes(&config.session.features, config.session.scopes.as_deref());
        admin_consent_url(&config.session, redirect_uri, &scopes)
    });
    let complete = link.is_some();
    let onclick = {
        let ui = ui.clone();
        Callback::from(move |event: MouseEvent| {
            if !complete {
                event.prevent_default();
                ui.send(SessionAction::CheckForm);
            }
        })
    };
    html! {
        <div class="field">
            <p><a href={link.unwrap_or_else(|| "#".to_owned())} target={complete.then_some("_blank")} rel="noopener" aria-describedby="admin-consent-help" {onclick}>{ ui.text(Text::AdminConsent) }</a></p>
            <p class="help" id="admin-consent-help">{ ui.text(Text::AdminConsentHelp) }</p>
        </div>
    }
}

/// What is wrong with a field, in words.
fn problem(ui: &Ui, state: &State, field: Field) -> Option<String> {
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

fn registration(ui: &Ui) -> Html {
    html! {
        <details class="details">
            <summary>{ ui.text(Text::HowToRegister) }</summary>
            <ol>
                { for [Text::RegisterStep1, Text::RegisterStep2, Text::RegisterStep3, Text::RegisterStep4].into_iter().map(|step| html! {
                    <li key={step.name()}>{ ui.text(step) }</li>
                }) }
            </ol>
            <p class="help">{ picture(Icon::Lock) }{ ui.text(Text::NoSecret) }</p>
        </details>
    }
}
