//! The Connect screen: signing in, and where the page is not configured the form that configures it.

use std::rc::Rc;

use convoke_core::{
    auth::request_scopes,
    config::{AccountType, AppConfig, ConnectForm, Field},
    store::{SessionAction, SessionPhase, State},
};
use yew::prelude::*;

use super::{
    context::{Ui, use_ui},
    controls::{Alert, Choice, Progress, TextField},
    icons::{Icon, Picture},
    strings::Text,
};
use crate::browser::dom;

/// Properties of [`ConnectScreen`].
#[derive(Properties, PartialEq)]
pub(crate) struct ConnectProps {
    /// Everything.
    pub state: Rc<State>,
    /// The redirect URI to register.
    pub redirect_uri: AttrValue,
}

/// The Connect screen.
#[component]
pub(crate) fn ConnectScreen(props: &ConnectProps) -> Html {
    let ui = use_ui();
    let state = &props.state;
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
                    <Alert error={error.clone()} />
                }
                if state.connect.draft.is_some() {
                    { form(&ui, state, &props.redirect_uri) }
                }
                <button type="submit" class="button button-main button-large" aria-disabled={going.then_some("true")}>{ ui.text(Text::SignIn) }</button>
                if going { <Progress label={ui.text(Text::SigningIn)} /> }
                if let (Some(config), None) = (&state.config, &state.connect.draft) {
                    { details(&ui, state, config) }
                } else if state.connect.draft.is_some() {
                    { registration(&ui) }
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
    let options: Vec<AttrValue> = [Text::AccountOrganizations, Text::AccountCommon, Text::AccountConsumers, Text::AccountTenant]
        .map(|text| ui.text(text).into())
        .into();
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
            <TextField id="connect-client" label={ui.text(Text::ClientId)} value={form.client_id.clone()} help={AttrValue::from(ui.text(Text::ClientIdHelp))}
                problem={problem(state, Field::ClientId)} oninput={change(|form, text| form.client_id = text)} />
            <Choice name="account-type" label={ui.text(Text::AccountType)} {options} {chosen} {onchange} />
            if let AccountType::Tenant(tenant) = &form.account_type {
                <TextField id="connect-tenant" label={ui.text(Text::Tenant)} value={tenant.clone()} problem={problem(state, Field::Tenant)}
                    oninput={change(|form, text| form.account_type = AccountType::Tenant(text))} />
            }
            <div class="field-with-button">
                <TextField id="connect-redirect" label={ui.text(Text::RedirectUri)} value={redirect_uri.clone()} readonly={true}
                    help={AttrValue::from(ui.text(Text::RedirectUriHelp))} oninput={Callback::noop()} />
                <button type="button" class="button" onclick={copy}>{ ui.text(Text::Copy) }</button>
            </div>
        </>
    }
}

fn problem(state: &State, field: Field) -> Option<AttrValue> {
    state.connect.problems.iter().find(|problem| problem.field == field).map(|problem| AttrValue::from(problem.error.message().to_owned()))
}

fn details(ui: &Ui, state: &State, config: &AppConfig) -> Html {
    let scopes = request_scopes(&config.session.features, config.session.scopes.as_deref()).join(", ");
    let oninput = {
        let ui = ui.clone();
        Callback::from(move |text| ui.send(SessionAction::Organization(text)))
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
            <TextField id="connect-organization" label={ui.text(Text::OrganizationOptional)} value={state.connect.organization.clone()}
                help={AttrValue::from(ui.text(Text::OrganizationHelp))} problem={problem(state, Field::Tenant)} {oninput} />
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
            <p class="help"><Picture icon={Icon::Lock} />{ ui.text(Text::NoSecret) }</p>
        </details>
    }
}
