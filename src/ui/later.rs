//! What the first screen does not need: the assistant with its engine, the dialogs, the connection screen. Owns the list of ways into it, so
//! that the program can be cut in two along this line; loading the second part is the binary's.

use std::rc::Rc;

use convoke_core::store::{Editor, Picker, Rank, State};
use yew::prelude::*;

use super::{assistant::AssistantScreen, connection::connection_screen, context::Ui, editor::EditorDialog};

/// The ways into what is loaded later. Whoever is in front of the line calls through these pointers, and names nothing behind it.
#[derive(Clone, Copy)]
pub struct Later {
    /// The engine.
    pub rank: Rank,
    pub(crate) assistant: fn(&Rc<State>) -> Html,
    pub(crate) connection: fn(&Ui, &State, &AttrValue) -> Html,
    pub(crate) editor: fn(&Editor, &Picker) -> Html,
}

/// What is behind the line. Only what loads it may call this.
#[must_use]
pub fn later() -> Later {
    Later {
        rank: convoke_core::schedule::rank,
        assistant: |state| html! { <AssistantScreen state={Rc::clone(state)} /> },
        connection: connection_screen,
        editor: |editor, picker| html! { <EditorDialog editor={Rc::new(editor.clone())} picker={picker.clone()} /> },
    }
}
