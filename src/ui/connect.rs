//! The Connect screen: signing in, and where the page is not configured the form that configures it.

use convoke_core::{
    auth::request_scopes,
    config::{AccountType, AppConfig, ConnectForm, Field},
    store::{SessionAction, SessionPhase, State},
};
use yew::prelude::*;

use super::{
    context::Ui,
    controls::{TextField, alert, choice, progress},
    icons::{Icon, picture},
    sign_in,
    strings::Text,
};
use crate::browser::dom;

/// The Connect screen.
pub(crate) fn connect_screen(ui: &Ui, state: &State, redirect_uri: &AttrValue) -> Html {
    let going = state.session == SessionPhase::SigningIn;
    let onsubmit = {
        let ui = ui.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            ui.send(SessionAction::SignIn);
        })
    };
    html! {
        <section class="connect" aria-labelledby="connect-title">
            <form class="card" {onsubmit} novalidate={true}>
                <span class="brand-mark brand-mark-large" aria-hidden="true"></span>
                <h1 id="connect-title" tabindex="-1">{ ui.text(Text::ConnectTitle) }</h1>
                <p class="lead">{ ui.text(Text::ConnectLead) }</p>
                if let Some(error) = &state.session_problem {
                    { alert(ui, error, None) }
                    { sign_in::without_window(ui, state) }
                }
                if state.connect.draft.is_some() {
                    { form(ui, state, redirect_uri) }
                }
                <button type="submit" class="button button-main button-large" aria-disabled={going.then_some("true")}>{ sign_in::main_words(ui, state) }</button>
                if going { { progress(&ui.text(Text::SigningIn), None) } }
                if let (Some(config), None) = (&state.config, &state.connect.draft) {
                    { details(ui, state, config) }
                } else if state.connect.draft.is_some() {
                    { registration(ui) }
                }
            </form>
        </section>
    }
}

fn form(ui: &Ui, state: &State, redirect_uri: &AttrValue) -> Html {
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
        readonly: true,
        help: Some(ui.text(Text::RedirectUriHelp)),
        ..TextField::new("connect-redirect", ui.text(Text::RedirectUri), redirect_uri.to_string(), Callback::noop())
    };
    let copy = {
        let redirect_uri = redirect_uri.clone();
        Callback::from(move |_| dom::copy(&redirect_uri))
    };
    html! {
        <>
            <div class="note" role="note">
                <h2>{ ui.text(Text::NoConfigTitle) }</h2>
                <p>{ ui.text(Text::NoConfig) }</p>
            </div>
            { client.draw() }
            { choice("account-type", ui.text(Text::AccountType), &options, chosen, &onchange) }
            if let Some(tenant) = tenant { { tenant.draw() } }
            <div class="field-with-button">
                { redirect.draw() }
                <button type="button" class="button" onclick={copy}>{ ui.text(Text::Copy) }</button>
            </div>
        </>
    }
}

/// What is wrong with a field, in words.
fn problem(ui: &Ui, state: &State, field: Field) -> Option<String> {
    let problem = state.connect.problems.iter().find(|problem| problem.field == field)?;
    let text = match problem.key {
        "connect.client-id.missing" => Text::ClientIdMissing,
        "connect.client-id.malformed" => Text::ClientIdMalformed,
        "connect.tenant.missing" => Text::TenantMissing,
        "connect.tenant.malformed" => Text::TenantMalformed,
        "connect.features.missing" => Text::FeaturesMissing,
        _ => return Some(problem.error.message().to_owned()),
    };
    Some(ui.text(text))
}

fn details(ui: &Ui, state: &State, config: &AppConfig) -> Html {
    let scopes = request_scopes(&config.session.features, config.session.scopes.as_deref()).join(", ");
    let oninput = {
        let ui = ui.clone();
        Callback::from(move |text| ui.send(SessionAction::Organization(text)))
    };
    let organization = TextField {
        help: Some(ui.text(Text::OrganizationHelp)),
        problem: problem(ui, state, Field::Tenant),
        ..TextField::new("connect-organization", ui.text(Text::OrganizationOptional), state.connect.organization.clone(), oninput)
    };
    html! {
        <details class="details">
            <summary>{ ui.text(Text::Details) }</summary>
            <ul>
                <li>{ ui.with(Text::DetailsClient, &[("id", &config.session.client_id)]) }</li>
                <li>{ ui.with(Text::DetailsAuthority, &[("host", &config.session.authority.key())]) }</li>
                <li>{ ui.with(Text::DetailsGraph, &[("host", &config.graph_base_url)]) }</li>
                <li>{ ui.with(Text::DetailsScopes, &[("scopes", &scopes)]) }</li>
            </ul>
            { organization.draw() }
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
