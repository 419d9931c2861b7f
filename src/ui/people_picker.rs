//! The search for people: a combobox whose list is filled as one types. Owns its keys and roles (WAI-ARIA: editable combobox with list
//! autocomplete); leaves what is found and who is added to the state.

use convoke_core::{
    model::PersonKind,
    store::{Picker, PickerAction, PickerOwner},
};
use yew::prelude::*;

use super::{
    context::Ui,
    controls::alert,
    icons::{Icon, picture},
    strings::Text,
};
use crate::browser::dom;

/// The search for people.
pub(crate) fn people_picker(ui: &Ui, owner: PickerOwner, picker: &Picker, label: &str) -> Html {
    let mine = picker.owner == owner;
    let nothing = Picker::default();
    let picker = if mine { picker } else { &nothing };
    let id = match owner {
        PickerOwner::Assistant => "people-assistant",
        PickerOwner::Editor => "people-editor",
    };
    let option_id = move |index: usize| [id, "-", &index.to_string()].concat();
    let options = picker.options();
    let open = picker.open && (!options.is_empty() || picker.found.loading || picker.found.value.is_some());
    let nobody =
        picker.open && options.is_empty() && !picker.found.loading && picker.found.error.is_none() && !picker.text.trim().is_empty();

    let oninput = {
        let ui = ui.clone();
        Callback::from(move |event: InputEvent| ui.send(PickerAction::Type(owner, dom::input_value(&event))))
    };
    let onkeydown = {
        let ui = ui.clone();
        let expanded = picker.open;
        Callback::from(move |event: KeyboardEvent| {
            let action = match event.key().as_str() {
                "ArrowDown" => PickerAction::Move(1),
                "ArrowUp" => PickerAction::Move(-1),
                "Enter" => PickerAction::Enter(owner),
                // Closes the list first; only the next Escape is the dialog's.
                "Escape" if expanded => PickerAction::Close,
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            ui.send(action);
        })
    };
    let onpaste = {
        let ui = ui.clone();
        Callback::from(move |event: Event| {
            let text = dom::pasted_text(&event);
            // One address is text to go on with; a list is people.
            if convoke_core::store::pasted_addresses(&text).len() > 1 {
                event.prevent_default();
                ui.send(PickerAction::Paste(owner, text));
            }
        })
    };
    let problem = picker.unknown.clone().or_else(|| nobody.then(|| picker.text.trim().to_owned()));
    let list_id = [id, "-list"].concat();
    html! {
        <div class="picker">
            <label for={id}>{ label }</label>
            <div class="picker-box">
                { picture(Icon::Person) }
                <input {id} type="text" role="combobox" autocomplete="off" spellcheck="false" dir="auto"
                    aria-autocomplete="list" aria-expanded={open.to_string()} aria-controls={list_id.clone()}
                    aria-activedescendant={(open && !options.is_empty()).then(|| option_id(picker.active))}
                    aria-describedby={problem.is_some().then(|| [id, "-problem"].concat())}
                    placeholder={ui.text(Text::AddPeopleHint)} value={picker.text.clone()}
                    {oninput} {onkeydown} {onpaste} onblur={ui.on(PickerAction::Close)} />
            </div>
            <ul id={list_id} class="picker-list" role="listbox" aria-label={label.to_owned()} hidden={!open || options.is_empty()}>
                { for options.iter().enumerate().map(|(index, person)| {
                    let onmousedown = {
                        let ui = ui.clone();
                        // Before the field loses the focus, which would close the list.
                        Callback::from(move |event: MouseEvent| {
                            event.prevent_default();
                            ui.send(PickerAction::Choose(owner, index));
                        })
                    };
                    let typed = person.id.is_empty();
                    html! {
                        <li key={person.address.clone()} id={option_id(index)} role="option" aria-selected={(index == picker.active).to_string()}
                            class={classes!("picker-option", (index == picker.active).then_some("picker-active"))} {onmousedown}>
                            <span class="avatar" aria-hidden="true">{ initials(&person.name) }</span>
                            <span class="picker-person">
                                <bdi>{ if typed { ui.with(Text::UsePerson, &[("address", &person.address)]) } else { person.name.clone() } }</bdi>
                                if !typed { <span class="help"><bdi>{ detail(person) }</bdi></span> }
                            </span>
                        </li>
                    }
                }) }
            </ul>
            if mine && picker.found.loading && options.is_empty() {
                <p class="help">{ ui.text(Text::Searching) }</p>
            }
            if let (Some(error), true) = (&picker.found.error, mine) {
                { alert(ui, error, None) }
            }
            if let Some(text) = problem {
                <p class="problem" id={[id, "-problem"].concat()} role="alert">{ picture(Icon::Warning) }{ ui.with(Text::NobodyFound, &[("text", &text)]) }</p>
            }
        </div>
    }
}

fn detail(person: &convoke_core::model::Person) -> String {
    if person.job_title.is_empty() || person.kind != PersonKind::Person {
        person.address.clone()
    } else {
        [person.job_title.as_str(), person.address.as_str()].join(" · ")
    }
}

/// The first letters of the first and the last name, as they are; styles show them as capitals.
#[must_use]
pub(crate) fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|c| !c.is_ascii_punctuation()));
    let first = words.next();
    first.into_iter().chain(words.next_back()).collect()
}
