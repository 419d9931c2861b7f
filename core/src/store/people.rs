//! The search for people. Owns what was typed and found, and how typed text becomes an address; one search is open at a time.

use super::{Effect, Env, Load, Notice, PickerAction, State, assistant_reduce as assistant, session::note_expiry};
use crate::model::{Person, PersonKind};

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
    /// What the list offers: people found, and last the typed text itself where it is an address that was not found.
    #[must_use]
    pub fn options(&self) -> Vec<Person> {
        let mut options = self.found.value.clone().unwrap_or_default();
        if self.found.loading {
            // What was found for the text before stands until the answer comes, as far as it still fits.
            let text = self.text.trim().to_lowercase();
            options.retain(|person| person.name.to_lowercase().contains(&text) || person.address.to_lowercase().contains(&text));
        }
        if let Some(typed) = typed_address(&self.text)
            && !options.iter().any(|person| person.address.eq_ignore_ascii_case(&typed.address))
        {
            options.push(typed);
        }
        options
    }
}

/// The address in what somebody typed or pasted: `adele@contoso.com`, `Adele Vance <adele@contoso.com>`, `mailto:adele@contoso.com`.
#[must_use]
pub fn typed_address(text: &str) -> Option<Person> {
    let text = text.trim().trim_end_matches([';', ',']).trim();
    let (name, address) = match text.rsplit_once('<') {
        Some((name, rest)) => (name.trim().trim_matches('"'), rest.trim_end_matches('>').trim()),
        None => ("", text),
    };
    let address = address.strip_prefix("mailto:").unwrap_or(address);
    let (local, domain) = address.split_once('@')?;
    let well_formed = !local.is_empty()
        && !domain.contains('@')
        && domain.contains('.')
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && !address.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';' | '"'));
    well_formed.then(|| Person {
        name: if name.is_empty() { address.to_owned() } else { name.to_owned() },
        address: address.to_owned(),
        kind: PersonKind::Person,
        ..Person::default()
    })
}

/// The addresses in a pasted list, separated by commas, semicolons or lines. Text that is no address is not among them.
#[must_use]
pub fn pasted_addresses(text: &str) -> Vec<Person> {
    text.split([',', ';', '\n', '\t']).filter_map(typed_address).collect()
}

pub(super) fn reduce(state: &mut State, action: PickerAction, env: &Env<'_>) -> Vec<Effect> {
    match action {
        PickerAction::Type(owner, text) => {
            let picker = &mut state.picker;
            picker.owner = owner;
            picker.unknown = None;
            picker.active = 0;
            let same = picker.text.trim() == text.trim();
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
                state.say(Notice::Found(count), env.now);
            }
            Vec::new()
        }
        PickerAction::Move(by) => {
            let count = state.picker.options().len();
            if count > 0 {
                let active = isize::try_from(state.picker.active).unwrap_or(0);
                let count = isize::try_from(count).unwrap_or(1);
                state.picker.active = usize::try_from((active + by).rem_euclid(count)).unwrap_or(0);
                state.picker.open = true;
            }
            Vec::new()
        }
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
            let people = pasted_addresses(&text);
            take(state, owner, &people, env)
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
            if let Some(editor) = &mut state.editor {
                people.iter().for_each(|person| editor.add(person));
            }
            vec![Effect::Remember]
        }
        PickerOwner::Assistant => {
            for person in people {
                if assistant::invite(state, person.clone()) {
                    state.say(Notice::Added(person.name.clone()), env.now);
                }
            }
            assistant::changed(state, env)
        }
    }
}
