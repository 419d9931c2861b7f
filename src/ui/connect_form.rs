//! The form of the Connect screen: application, account type, permissions, the redirect URI, and how to register. Drawn only where the
//! deployer has filled nothing in, so it is loaded later; leaves signing in to `connect`.

use convoke_core::{
    auth::{protocol::admin_consent_url, request_scopes},
    config::{AccountType, ConnectForm, Draft, Field},
    store::{SessionAction, State},
};
use yew::prelude::*;

use super::{
    connect::problem,
    context::Ui,
    controls::{TextField, choice, copy_field},
    icons::{Icon, picture},
    permissions::permission_boxes,
    strings::Text,
};

/// The fields of the form, for a page whose deployer has not named the application.
pub(crate) fn connect_fields(ui: &Ui, state: &State, redirect_uri: &AttrValue) -> Html {
    let Some(draft) = &state.connect.draft else { return Html::default() };
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
            { registration(ui) }
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
