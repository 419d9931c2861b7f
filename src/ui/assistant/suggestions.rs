//! Suggested times: ours with their reasons, Microsoft's beside them with what we think of each.

use std::rc::Rc;

use chrono::{DateTime, Utc};
use convoke_core::{
    model::{FreeBusy, MeetingTimeSuggestion},
    schedule::{HoursPolicy, Role, Suggestion},
    sort::sort_by,
    store::{AssistantAction, PersonTime, State},
    time::{Span, instant_of},
};
use yew::prelude::*;

use super::super::{
    context::{Ui, use_ui},
    controls::{Alert, Progress},
    format::Form,
    strings::Text,
    words,
};

/// Properties of [`Suggestions`].
#[derive(Properties, PartialEq)]
pub(crate) struct SuggestionsProps {
    /// Everything.
    pub state: Rc<State>,
    /// Everybody's time.
    pub people: Rc<Vec<PersonTime>>,
}

/// Suggested times.
#[component]
pub(crate) fn Suggestions(props: &SuggestionsProps) -> Html {
    let ui = use_ui();
    let assistant = &props.state.assistant;
    let suggestions = &assistant.result.suggestions;
    let chosen = assistant
        .chosen
        .and_then(|(start, end)| suggestions.iter().position(|suggestion| suggestion.start == start && suggestion.end == end));
    let reading = props.people.iter().any(|person| person.loading);
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
                { for suggestions.iter().enumerate().map(|(index, suggestion)| option(&ui, suggestion, index, chosen == Some(index), &props.people)) }
            </ul>
            if suggestions.is_empty() && !reading {
                { nothing_fits(&ui, &props.state) }
            }
            { microsoft(&ui, &props.state, &props.people) }
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
fn nothing_fits(ui: &Ui, state: &State) -> Html {
    if state.assistant.range(ui.local(ui.now).date()).is_err() {
        return Html::default();
    }
    let reason = words::empty_reason(ui, state.assistant.result.empty_reason).unwrap_or_else(|| ui.text(Text::EmptyWindow));
    html! {
        <div class="note" role="status">
            <h3>{ ui.text(Text::NothingFits) }</h3>
            <p>{ reason }</p>
            if state.assistant.hours == HoursPolicy::Require {
                <button type="button" class="button" onclick={ui.on(AssistantAction::Hours(HoursPolicy::Prefer))}>{ ui.text(Text::IgnoreHoursHint) }</button>
            }
        </div>
    }
}

fn microsoft(ui: &Ui, state: &State, people: &[PersonTime]) -> Html {
    let opinion = &state.assistant.microsoft;
    if !opinion.loading && opinion.value.is_none() && opinion.error.is_none() {
        return Html::default();
    }
    let mut list: Vec<(DateTime<Utc>, DateTime<Utc>, &MeetingTimeSuggestion)> = opinion
        .value
        .iter()
        .flat_map(|times| &times.suggestions)
        .filter_map(|suggestion| {
            Some((instant_of(&suggestion.start, &ui.zones)?.instant, instant_of(&suggestion.end, &ui.zones)?.instant, suggestion))
        })
        .collect();
    // Graph's order is documented as by confidence, then by time, and is neither in its own samples.
    sort_by(&mut list, |a, b| b.2.confidence.total_cmp(&a.2.confidence).then(a.0.cmp(&b.0)));
    html! {
        <section class="microsoft" aria-labelledby="microsoft-title">
            <h3 id="microsoft-title">{ ui.text(Text::MicrosoftTitle) }</h3>
            if opinion.loading && list.is_empty() { <Progress label={ui.text(Text::Loading)} /> }
            if let Some(error) = &opinion.error { <Alert error={error.clone()} retry={ui.on(AssistantAction::Retry)} /> }
            <ul class="microsoft-list">
                { for list.iter().map(|(start, end, suggestion)| {
                    let day = ui.formats.write(ui.local(*start), Form::Day);
                    let time = ui.formats.range(ui.local(*start), ui.local(*end));
                    let confidence = score(hundredths_to_tenths(suggestion.confidence));
                    html! {
                        <li key={start.timestamp()} class="microsoft-item">
                            <button type="button" class="button button-quiet" onclick={ui.on(AssistantAction::Choose(*start, *end))}>
                                { ui.with(Text::MicrosoftConfidence, &[("day", &day), ("time", &time), ("confidence", &confidence)]) }
                            </button>
                            <span class="help">{ our_view(ui, state, people, *start, *end) }</span>
                        </li>
                    }
                }) }
            </ul>
            if let (Some(times), true, false) = (&opinion.value, list.is_empty(), opinion.loading) {
                <p class="help">{ ui.text(match times.empty_reason.as_str() {
                    "organizerUnavailable" => Text::MicrosoftEmptyOrganizer,
                    "attendeesUnavailable" | "attendeesUnavailableOrUnknown" => Text::MicrosoftEmptyAttendees,
                    _ => Text::MicrosoftNone,
                }) }</p>
            }
        </section>
    }
}

/// "also ours, no. 3", or why ours leaves it out.
fn our_view(ui: &Ui, state: &State, people: &[PersonTime], start: DateTime<Utc>, end: DateTime<Utc>) -> String {
    let ours = &state.assistant.result.suggestions;
    if let Some(at) = ours.iter().position(|suggestion| suggestion.start == start && suggestion.end == end) {
        return ui.with(Text::MicrosoftAlso, &[("rank", &(at + 1).to_string())]);
    }
    let slot = Span::new(start, end);
    let names = |wanted: &dyn Fn(&PersonTime) -> bool| {
        people
            .iter()
            .filter(|person| person.role != Role::Optional && wanted(person))
            .map(|person| display_name(ui, person))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let busy = names(&|person| matches!(person.during(slot), FreeBusy::Busy | FreeBusy::Oof));
    let outside = names(&|person| person.minutes_outside(slot).is_some_and(|minutes| minutes > 0));
    let reason = if !busy.is_empty() {
        ui.with(Text::ReasonRequiredBusy, &[("names", &busy)])
    } else if !outside.is_empty() {
        ui.with(Text::ReasonOutsideHours, &[("names", &outside)])
    } else {
        ui.text(Text::MicrosoftLower)
    };
    ui.with(Text::MicrosoftNot, &[("reason", &reason)])
}

/// The name that stands for an address: the organizer is "You".
pub(super) fn name_of(ui: &Ui, people: &[PersonTime], address: &str) -> String {
    people
        .iter()
        .find(|person| person.person.address.eq_ignore_ascii_case(address))
        .map_or_else(|| address.to_owned(), |person| display_name(ui, person))
}

fn display_name(ui: &Ui, person: &PersonTime) -> String {
    if person.role == Role::Organizer { ui.text(Text::YouOrganizer) } else { person.person.name.clone() }
}

/// Tenths without a needless `.0`.
fn score(tenths: u32) -> String {
    let whole = (tenths / 10).to_string();
    if tenths.is_multiple_of(10) { whole } else { [whole, (tenths % 10).to_string()].join(".") }
}

fn hundredths_to_tenths(percent: f64) -> u32 {
    let tenths = (percent * 10.0).round().clamp(0.0, 1000.0);
    // Between 0 and 1000 after the clamp; a NaN becomes 0.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0–1000 just before")]
    let tenths = tenths as u32;
    tenths
}
