//! The search for people. Owns what was typed and found; one search is open at a time. Leaves reading addresses to `addresses`.

use super::{
    Effect, Env, Invitee, Load, Notice, PickerAction, State,
    addresses::{read_list, typed_address},
    assistant_reduce as assistant,
    session::{is_own, note_expiry},
};
use crate::{
    model::{Person, PersonKind},
    schedule::Role,
};

/// Which of the two lists of people the search fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PickerOwner {
    /// The assistant.
    #[default]
    Assistant,
    /// The dialog for a new event.
    Editor,
}

/// A search as one types.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Picker {
    /// Whose it is.
    pub owner: PickerOwner,
    /// What was typed.
    pub text: String,
    /// What was found for it.
    pub found: Load<Vec<Person>>,
    /// The option that Enter would take.
    pub active: usize,
    /// Whether the list is open.
    pub open: bool,
    /// What was typed and entered, but is neither an address nor anybody's name.
    pub unknown: Option<String>,
}

impl Picker {
    /// What the list offers: people found. Where the typed text is an address, whoever has it comes first, known or not: somebody who typed a
    /// whole address means nobody else.
    #[must_use]
    pub fn options(&self) -> Vec<Person> {
        let mut options = self.found.value.clone().unwrap_or_default();
        if self.found.loading {
            // What was found for the text before stands until the answer comes, as far as it still fits.
            let text = self.text.trim().to_lowercase();
            options.retain(|person| person.name.to_lowercase().contains(&text) || person.address.to_lowercase().contains(&text));
        }
        if let Some(typed) = typed_address(&self.text) {
            let known = options.iter().position(|person| person.address.eq_ignore_ascii_case(&typed.address));
            let first = known.map_or(typed, |at| options.remove(at));
            options.insert(0, first);
        }
        options
    }
}

pub(super) fn reduce(state: &mut State, action: PickerAction, env: &Env<'_>) -> Vec<Effect> {
    match action {
        PickerAction::Type(owner, text) => {
            let picker = &mut state.picker;
            let same = picker.owner == owner && picker.text.trim() == text.trim() && picker.found.error.is_none();
            picker.owner = owner;
            picker.unknown = None;
            picker.active = 0;
            picker.text = text;
            let wanted = picker.text.trim();
            picker.open = !wanted.is_empty();
            if wanted.is_empty() {
                picker.found.clear();
                return Vec::new();
            }
            if same {
                return Vec::new();
            }
            let generation = picker.found.begin();
            vec![Effect::Search { generation, text: picker.text.trim().to_owned() }]
        }
        PickerAction::Found(generation, answer) => {
            let answer = note_expiry(state, answer);
            let count = answer.as_ref().map(Vec::len).ok();
            if state.picker.found.finish(generation, env.now, answer)
                && let Some(count) = count
            {
                state.picker.active = 0;
                state.say(Notice::Found(count), env.now);
            }
            Vec::new()
        }
        PickerAction::Move(by) => {
            if let Ok(count) = isize::try_from(state.picker.options().len())
                && count > 0
            {
                let active = isize::try_from(state.picker.active).unwrap_or_default();
                // Both below the count, so the sum fits.
                state.picker.active = usize::try_from((active + by.rem_euclid(count)).rem_euclid(count)).unwrap_or_default();
                state.picker.open = true;
            }
            Vec::new()
        }
        // What was typed in one search is never taken into the other list.
        PickerAction::Enter(owner) | PickerAction::Choose(owner, _) if owner != state.picker.owner => Vec::new(),
        PickerAction::Enter(owner) => {
            let typed = typed_address(&state.picker.text);
            let active = state.picker.options().into_iter().nth(state.picker.active);
            match active.filter(|_| state.picker.open).or(typed) {
                Some(person) => take(state, owner, &[person], env),
                None => {
                    // What was typed stays, to be mended.
                    let text = state.picker.text.trim();
                    state.picker.unknown = (!text.is_empty() && !state.picker.found.loading).then(|| text.to_owned());
                    Vec::new()
                }
            }
        }
        PickerAction::Choose(owner, index) => match state.picker.options().get(index).cloned() {
            Some(person) => take(state, owner, &[person], env),
            None => Vec::new(),
        },
        PickerAction::Paste(owner, text) => {
            let (people, rest) = read_list(&text);
            let effects = take(state, owner, &people, env);
            if !rest.is_empty() {
                // What is no address stays, to be mended.
                let rest = rest.join("; ");
                state.picker.unknown = Some(rest.clone());
                state.picker.text = rest;
            }
            effects
        }
        PickerAction::Close => {
            state.picker.open = false;
            Vec::new()
        }
    }
}

fn take(state: &mut State, owner: PickerOwner, people: &[Person], env: &Env<'_>) -> Vec<Effect> {
    let generation = state.picker.found.generation.wrapping_add(1);
    state.picker = Picker { owner, ..Picker::default() };
    state.picker.found.generation = generation;
    match owner {
        PickerOwner::Editor => {
            let others: Vec<&Person> = people.iter().filter(|person| !is_own(state, &person.address)).collect();
            if let Some(editor) = &mut state.editor {
                others.into_iter().for_each(|person| editor.add(person));
            }
            vec![Effect::Remember]
        }
        PickerOwner::Assistant => {
            for person in people {
                let role = if person.kind == PersonKind::Room { Role::Resource } else { Role::Required };
                if assistant::invite(state, Invitee { person: person.clone(), role }) {
                    state.say(Notice::Added(person.name.clone()), env.now);
                }
            }
            assistant::changed(state, env)
        }
    }
}
