//! The Connection screen: who is signed in, where, with which permissions, and whether it works.

use convoke_core::{
    auth::Account,
    store::{SessionAction, State},
};
use yew::prelude::*;

use super::{
    context::Ui,
    controls::{TextField, alert, copy_field},
    icons::{Icon, picture},
    people_picker::initials,
    permissions::permission_table,
    self_test::self_test_card,
    sign_in_words,
    strings::Text,
};

/// The Connection screen.
pub(crate) fn connection_screen(ui: &Ui, state: &State, redirect_uri: &AttrValue) -> Html {
    let (Some(account), Some(config)) = (state.session.account(), &state.config) else { return Html::default() };
    let fact = |label: Text, value: &str| {
        html! { <div class="fact"><dt>{ ui.text(label) }</dt><dd><bdi>{ value.to_owned() }</bdi></dd></div> }
    };
    let redirect = TextField {
        help: Some(ui.text(Text::RedirectUriHelp)),
        ..TextField::new("connection-redirect", ui.text(Text::RedirectUri), redirect_uri.to_string(), Callback::noop())
    };
    let works = state.check.value.is_some() && !state.check.loading;
    let cloud = ui.text(sign_in_words::cloud(config.session.cloud));
    html! {
        <section class="screen connection" aria-labelledby="connection-title">
            <header class="toolbar"><h1 id="connection-title" tabindex="-1">{ ui.text(Text::ConnectionTitle) }</h1></header>
            <div class="card">
                <h2>{ ui.with(Text::SignedInAs, &[("name", shown_name(account))]) }</h2>
                <dl class="facts">
                    { fact(Text::Account, &account.username) }
                    if account.is_personal() { { fact(Text::AccountType, &ui.text(Text::Personal)) } }
                    if let Some(tenant) = &account.tenant_id { { fact(Text::Tenancy, tenant) } }
                    { fact(Text::Cloud, &cloud) }
                    { fact(Text::SignInHost, &config.session.authority.key()) }
                    { fact(Text::DataHost, &config.graph_base_url) }
                    { fact(Text::TimeZone, ui.zone.name()) }
                </dl>
                if account.is_personal() { <p class="help">{ ui.text(Text::PersonalLacks) }</p> }
                <div class="buttons">
                    <button type="button" class="button button-main" aria-disabled={state.check.loading.then_some("true")} onclick={ui.on(SessionAction::Check)}>
                        { ui.text(if state.check.loading { Text::Checking } else { Text::CheckConnection }) }
                    </button>
                    if works && state.check.error.is_none() {
                        <span class="good">{ picture(Icon::Check) }{ ui.text(Text::ConnectionWorks) }</span>
                    }
                </div>
                if let Some(error) = &state.check.error {
                    { alert(ui, error, Some(ui.on(SessionAction::Check))) }
                }
            </div>
            <div class="card">
                <h2>{ ui.text(Text::Accounts) }</h2>
                { account_list(ui, state) }
            </div>
            <div class="card">
                <h2>{ ui.text(Text::Permissions) }</h2>
                { permission_table(ui, state, config) }
            </div>
            { self_test_card(ui, &state.test, config) }
            <div class="card">{ copy_field(ui, redirect, Text::Copy) }</div>
        </section>
    }
}

/// The name to show of an account.
pub(crate) fn shown_name(account: &Account) -> &str {
    account.name.as_deref().unwrap_or(&account.username)
}

/// Everybody who is signed in here: to be used instead, or signed out. Also in the account menu.
pub(crate) fn account_list(ui: &Ui, state: &State) -> Html {
    html! {
        <>
            <ul class="accounts">{ for state.accounts.iter().map(|account| account_row(ui, state, account)) }</ul>
            <div class="buttons">
                <button type="button" class="button" onclick={ui.on(SessionAction::OtherAccount)}>{ ui.text(Text::AddAccount) }</button>
            </div>
        </>
    }
}

fn account_row(ui: &Ui, state: &State, account: &Account) -> Html {
    let in_use = state.session.account().is_some_and(|current| current.id == account.id);
    let name = shown_name(account);
    let with_name = |text: Text| ui.with(text, &[("name", name)]);
    html! {
        <li key={account.id.clone()}>
            <span class="avatar" aria-hidden="true">{ initials(name) }</span>
            <span class="account-who"><bdi>{ name }</bdi><span class="help"><bdi>{ &account.username }</bdi></span></span>
            if in_use {
                <span class="badge badge-yes">{ ui.text(Text::InUse) }</span>
            } else {
                <button type="button" class="button button-small" onclick={ui.on(SessionAction::Switch(account.id.clone()))}>{ with_name(Text::UseName) }</button>
                <button type="button" class="button button-small" onclick={ui.on(SessionAction::SignOutOf(account.id.clone()))}>{ with_name(Text::SignOutName) }</button>
            }
        </li>
    }
}
