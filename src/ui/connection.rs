//! The Connection screen: who is signed in, where, with which permissions, and whether it works.

use convoke_core::{
    auth::{granted_by, request_scopes},
    store::{SessionAction, State},
};
use yew::prelude::*;

use super::{
    context::Ui,
    controls::{TextField, alert},
    icons::{Icon, picture},
    strings::Text,
};

/// The Connection screen.
pub(crate) fn connection_screen(ui: &Ui, state: &State, redirect_uri: &AttrValue) -> Html {
    let (Some(account), Some(config)) = (state.session.account(), &state.config) else { return Html::default() };
    let name = account.name.clone().unwrap_or_else(|| account.username.clone());
    let asked = request_scopes(&config.session.features, config.session.scopes.as_deref());
    let fact = |label: Text, value: &str| {
        html! { <div class="fact"><dt>{ ui.text(label) }</dt><dd><bdi>{ value.to_owned() }</bdi></dd></div> }
    };
    let redirect = TextField {
        readonly: true,
        ..TextField::new("connection-redirect", ui.text(Text::RedirectUri), redirect_uri.to_string(), Callback::noop())
    };
    let works = state.check.value.is_some() && !state.check.loading;
    html! {
        <section class="screen connection" aria-labelledby="connection-title">
            <header class="toolbar"><h1 id="connection-title" tabindex="-1">{ ui.text(Text::ConnectionTitle) }</h1></header>
            <div class="card">
                <h2>{ ui.with(Text::SignedInAs, &[("name", &name)]) }</h2>
                <dl class="facts">
                    { fact(Text::Account, &account.username) }
                    if let Some(tenant) = &account.tenant_id { { fact(Text::Tenancy, tenant) } }
                    { fact(Text::SignInHost, &config.session.authority.key()) }
                    { fact(Text::DataHost, &config.graph_base_url) }
                    { fact(Text::TimeZone, ui.zone.name()) }
                </dl>
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
                <h2>{ ui.text(Text::Permissions) }</h2>
                <ul class="permissions">
                    { for asked.iter().filter(|scope| scope.contains('.')).map(|scope| {
                        let granted = granted_by(&state.granted, scope);
                        html! {
                            <li key={scope.clone()}>
                                <code>{ scope }</code>
                                <span class={classes!("badge", if granted { "badge-yes" } else { "badge-open" })}>{ ui.text(if granted { Text::Granted } else { Text::NotGranted }) }</span>
                            </li>
                        }
                    }) }
                </ul>
                { redirect.draw() }
            </div>
        </section>
    }
}
