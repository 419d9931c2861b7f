//! "Did Microsoft show an error?": takes a number or a whole page of text, says what it means, and offers the value that mends it. Many of
//! Entra's errors never come back to the page (RFC 6749 §4.1.2.1 forbids it), so a person has to carry them over.

use convoke_core::{
    auth::{
        aadsts::{self, Action, Setting},
        request_scopes,
    },
    store::{LookedUp, SessionAction, State},
};
use yew::prelude::*;

use super::{
    context::Ui,
    controls::{TextField, admin_link, copy_field},
    sign_in_words,
    strings::Text,
};

/// The box and its answer.
pub(crate) fn trouble_box(ui: &Ui, state: &State, redirect_uri: &AttrValue) -> Html {
    let oninput = {
        let ui = ui.clone();
        Callback::from(move |text| ui.send(SessionAction::Reported(text)))
    };
    let onsubmit = {
        let ui = ui.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            ui.send(SessionAction::LookUp);
        })
    };
    let nothing = state.connect.looked_up == Some(LookedUp::Nothing);
    let field = TextField {
        help: Some(ui.text(Text::TroubleHelp)),
        problem: nothing.then(|| ui.text(Text::LookedUpNothing)),
        ..TextField::new("connect-trouble", ui.text(Text::Trouble), state.connect.reported.clone(), oninput)
    };
    html! {
        <form class="trouble" {onsubmit} novalidate={true}>
            <div class="field-with-button">
                { field.draw() }
                <button type="submit" class="button">{ ui.text(Text::LookUp) }</button>
            </div>
            if let Some(LookedUp::Number(number)) = state.connect.looked_up { { answer(ui, state, number, redirect_uri) } }
        </form>
    }
}

fn answer(ui: &Ui, state: &State, number: u32, redirect_uri: &AttrValue) -> Html {
    let help = aadsts::help(number);
    let text = ui.text(sign_in_words::topic(help.topic));
    html! {
        <div id="connect-answer" class="note" tabindex="-1" role="group" aria-label={ui.text(Text::Trouble)}>
            <p>{ ui.with(Text::LookedUp, &[("number", &number.to_string()), ("text", &text)]) }</p>
            { remedy(ui, state, help.action, redirect_uri) }
        </div>
    }
}

/// What can be done right here: a value to copy, or a button.
fn remedy(ui: &Ui, state: &State, action: Action, redirect_uri: &AttrValue) -> Html {
    let connect = &state.connect;
    let session = state.config.as_ref().map(|config| &config.session);
    let scopes = session.map(|session| request_scopes(&session.features, session.scopes.as_deref()));
    let scopes = scopes.unwrap_or_else(|| request_scopes(&connect.form.features, None));
    let value = |label: Text, value: String| {
        let field = TextField::new("connect-remedy", ui.text(label), value, Callback::noop());
        copy_field(ui, field, Text::CopyValue)
    };
    let button = |text: Text, action: SessionAction| html! { <button type="button" class="button" onclick={ui.on(action)}>{ ui.text(text) }</button> };
    match action {
        // The form has these fields itself, and the person is led there.
        Action::Mend(Setting::ClientId | Setting::RedirectUri | Setting::Platform) if connect.draft.is_some() => Html::default(),
        Action::Mend(Setting::ClientId) => value(Text::ClientId, session.map(|session| session.client_id.clone()).unwrap_or_default()),
        Action::Mend(Setting::RedirectUri | Setting::Platform) => value(Text::RedirectUri, redirect_uri.to_string()),
        Action::Mend(Setting::Permissions) => value(Text::Permissions, scopes.join(" ")),
        Action::AdminConsent => ui.admin_link.emit(scopes).map(|link| admin_link(ui, "connect-admin-link", &link)).unwrap_or_default(),
        Action::OtherAccount => button(Text::OtherAccount, SessionAction::OtherAccount),
        Action::Continue | Action::Consent => button(Text::Continue, SessionAction::SignIn),
        Action::SignIn | Action::SignInAgain | Action::TryAgain => button(Text::SignInAgain, SessionAction::SignIn),
        Action::Mend(Setting::AccountType) | Action::AskAdministrator | Action::CopyDetails | Action::Wait => Html::default(),
    }
}
