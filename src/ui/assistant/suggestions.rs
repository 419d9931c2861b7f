//! Suggested times with their reasons.

use convoke_core::{
    schedule::{HoursPolicy, Role, Suggestion},
    store::{Assistant, AssistantAction, PersonTime},
};
use yew::prelude::*;

use super::super::{context::Ui, format::Form, strings::Text, words};

/// Suggested times.
pub(crate) fn suggestions(ui: &Ui, assistant: &Assistant, people: &[PersonTime]) -> Html {
    let suggestions = &assistant.result.suggestions;
    let chosen = assistant
        .chosen
        .and_then(|(start, end)| suggestions.iter().position(|suggestion| suggestion.start == start && suggestion.end == end));
    let reading = people.iter().any(|person| person.loading);
    let onkeydown = {
        let (ui, suggestions) = (ui.clone(), assistant.result.clone());
        Callback::from(move |event: KeyboardEvent| {
            let last = suggestions.suggestions.len().saturating_sub(1);
            let next = match event.key().as_str() {
                "ArrowDown" => chosen.map_or(0, |at| (at + 1).min(last)),
                "ArrowUp" => chosen.map_or(last, |at| at.saturating_sub(1)),
                "Home" => 0,
                "End" => last,
                _ => return,
            };
            event.prevent_default();
            if let Some(suggestion) = suggestions.suggestions.get(next) {
                ui.send(AssistantAction::Choose(suggestion.start, suggestion.end));
            }
        })
    };
    html! {
        <div class="card suggestions">
            <h2 id="suggestions-title">{ ui.text(Text::SuggestedTimes) }</h2>
            <ul role="listbox" class="suggestion-list" tabindex="0" aria-labelledby="suggestions-title"
                aria-activedescendant={chosen.map(option_id)} {onkeydown}>
                { for suggestions.iter().enumerate().map(|(index, suggestion)| option(ui, suggestion, index, chosen == Some(index), people)) }
            </ul>
            if suggestions.is_empty() && !reading {
                { nothing_fits(ui, assistant) }
            }
        </div>
    }
}

fn option_id(index: usize) -> String {
    ["suggestion-", &index.to_string()].concat()
}

fn option(ui: &Ui, suggestion: &Suggestion, index: usize, chosen: bool, people: &[PersonTime]) -> Html {
    let (start, end) = (ui.local(suggestion.start), ui.local(suggestion.end));
    let day = ui.formats.write(start, Form::Day);
    let time = ui.formats.range(start, end);
    let score = score(suggestion.score_tenths);
    let reasons =
        suggestion.reasons.iter().map(|reason| words::reason(ui, reason, &|id| name_of(ui, people, id))).collect::<Vec<_>>().join("; ");
    let name = ui.with(Text::SuggestionName, &[("day", &day), ("time", &time), ("score", &score), ("reason", &reasons)]);
    html! {
        <li key={suggestion.start.timestamp()} id={option_id(index)} role="option" aria-selected={chosen.to_string()} aria-label={name}
            class={classes!("suggestion", chosen.then_some("suggestion-chosen"))} onclick={ui.on(AssistantAction::Choose(suggestion.start, suggestion.end))}>
            <span class="suggestion-when"><span class="suggestion-day">{ day }</span><span class="suggestion-time">{ time }</span></span>
            <span class="suggestion-score">{ score }{ " %" }</span>
            <span class="suggestion-why">{ reasons }</span>
        </li>
    }
}

/// Why the list is empty and what to do, with the one step that can be offered as a button.
fn nothing_fits(ui: &Ui, assistant: &Assistant) -> Html {
    if assistant.range(ui.local(ui.now).date()).is_err() {
        return Html::default();
    }
    let reason = words::empty_reason(ui, assistant.result.empty_reason).unwrap_or_else(|| ui.text(Text::EmptyWindow));
    html! {
        <div class="note" role="status">
            <h3>{ ui.text(Text::NothingFits) }</h3>
            <p>{ reason }</p>
            if assistant.hours == HoursPolicy::Require {
                <button type="button" class="button" onclick={ui.on(AssistantAction::Hours(HoursPolicy::Prefer))}>{ ui.text(Text::IgnoreHoursHint) }</button>
            }
        </div>
    }
}

/// The name that stands for an address: the organizer is "You".
pub(super) fn name_of(ui: &Ui, people: &[PersonTime], address: &str) -> String {
    people
        .iter()
        .find(|person| person.person.address.eq_ignore_ascii_case(address))
        .map_or_else(|| address.to_owned(), |person| display_name(ui, person))
}

pub(super) fn display_name(ui: &Ui, person: &PersonTime) -> String {
    if person.role == Role::Organizer { ui.text(Text::YouOrganizer) } else { person.person.name.clone() }
}

/// Tenths without a needless `.0`.
pub(super) fn score(tenths: u32) -> String {
    let whole = (tenths / 10).to_string();
    if tenths.is_multiple_of(10) { whole } else { [whole, (tenths % 10).to_string()].join(".") }
}
