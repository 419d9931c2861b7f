//! What the first screen does not need: the assistant with its engine, the dialogs, the connection screen, the form of a page that is not
//! configured, what helps after a failed sign-in, and what the menus open. Owns the list of ways into it, so
//! that the program can be cut in two along this line; loading the second part is the binary's.

use std::rc::Rc;

use convoke_core::store::{Editor, Menu, Picker, Rank, State};
use yew::prelude::*;

use super::{
    account_menu::account_panel, assistant::AssistantScreen, connect_form::connect_fields, connection::connection_screen, context::Ui,
    editor::EditorDialog, settings::settings, trouble::trouble_box,
};
use crate::diagnose::{SelfTest, self_test};

/// The ways into what is loaded later. Whoever is in front of the line calls through these pointers, and names nothing behind it.
#[derive(Clone, Copy)]
pub struct Later {
    /// The engine.
    pub rank: Rank,
    /// The self-test.
    pub test: SelfTest,
    pub(crate) assistant: fn(&Rc<State>) -> Html,
    pub(crate) connection: fn(&Ui, &State, &AttrValue) -> Html,
    pub(crate) editor: fn(&Editor, &Picker) -> Html,
    pub(crate) connect_fields: fn(&Ui, &State, &AttrValue) -> Html,
    pub(crate) trouble: fn(&Ui, &State, &AttrValue) -> Html,
    pub(crate) panel: fn(&Ui, &State, Menu) -> Html,
}

/// What is behind the line. Only what loads it may call this.
#[must_use]
pub fn later() -> Later {
    Later {
        rank: convoke_core::schedule::rank,
        test: self_test,
        assistant: |state| html! { <AssistantScreen state={Rc::clone(state)} /> },
        connection: connection_screen,
        connect_fields,
        trouble: trouble_box,
        panel: |ui, state, menu| match menu {
            Menu::Account => account_panel(ui, state),
            Menu::Settings => settings(ui, state),
        },
        editor: |editor, picker| html! { <EditorDialog editor={Rc::new(editor.clone())} picker={picker.clone()} /> },
    }
}
