//! The banner's menus: buttons that open a panel below them. Escape and leaving a panel close it. Owns what is in the account's; leaves
//! the settings to `settings`.

use convoke_core::store::{Action, Menu, SessionAction, State};
use yew::prelude::*;

use super::{
    connection::{account_list, shown_name},
    context::Ui,
    controls::behind,
    people_picker::initials,
    strings::Text,
};
use crate::browser::dom;

/// The menus of the banner.
pub(crate) fn menus(ui: &Ui, state: &State) -> Html {
    let account = state.session.account();
    html! {
        <div class="menus">
            { menu(ui, state, Menu::Settings, html! { { ui.text(Text::Settings) } }) }
            if let Some(account) = account {
                { menu(ui, state, Menu::Account, button_of(shown_name(account))) }
            }
        </div>
    }
}

fn button_of(name: &str) -> Html {
    html! {
        <>
            <span class="avatar" aria-hidden="true">{ initials(name) }</span>
            <span class="account-name"><bdi>{ name }</bdi></span>
        </>
    }
}

/// What the account's button opens.
pub(crate) fn account_panel(ui: &Ui, state: &State) -> Html {
    html! {
        <>
            { account_list(ui, state) }
            <div class="buttons">
                <button type="button" class="button" onclick={ui.on(SessionAction::SignOut)}>{ ui.text(Text::SignOut) }</button>
                if state.accounts.len() > 1 {
                    <button type="button" class="button" onclick={ui.on(SessionAction::SignOutEverywhere)}>{ ui.text(Text::SignOutEverywhere) }</button>
                }
            </div>
        </>
    }
}

/// A button and what it opens.
fn menu(ui: &Ui, state: &State, which: Menu, label: Html) -> Html {
    let (id, box_id, panel_id, class) = match which {
        Menu::Account => ("account", "account-box", "account-menu", "account"),
        Menu::Settings => ("settings", "settings-box", "settings-menu", "account settings-button"),
    };
    let open = state.menu == Some(which);
    let close = |focus: bool| {
        let ui = ui.clone();
        move || {
            ui.send(Action::Menu(None));
            if focus {
                dom::focus_id(id);
            }
        }
    };
    let onkeydown = {
        let close = close(true);
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" && open {
                close();
            }
        })
    };
    let onfocusout = {
        let close = close(false);
        Callback::from(move |event: FocusEvent| {
            if open && !dom::focus_stays_in(&event, box_id) {
                close();
            }
        })
    };
    let onclick = ui.on(Action::Menu((!open).then_some(which)));
    html! {
        <div id={box_id} class="menu" key={id} {onkeydown} {onfocusout}>
            <button type="button" {id} {class} aria-expanded={open.to_string()} aria-controls={panel_id} {onclick}>{ label }</button>
            <div id={panel_id} class="menu-body" tabindex="-1" hidden={!open}>
                if open { { behind(ui, state, |later| (later.panel)(ui, state, which)) } }
            </div>
        </div>
    }
}
