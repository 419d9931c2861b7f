//! Microsoft's own suggestions beside ours: each says whether it is among ours too, or why it is not.

use chrono::{DateTime, Utc};
use convoke_core::{
    model::{FreeBusy, MeetingTimeSuggestion},
    schedule::{HoursPolicy, Role},
    sort::sort_by,
    store::{AssistantAction, PersonTime, State},
    time::{Span, instant_of},
};
use yew::prelude::*;

use super::{
    super::{
        context::Ui,
        controls::{alert, progress},
        format::Form,
        strings::Text,
    },
    suggestions::{display_name, score},
};

/// Microsoft's opinion; nothing where it was not asked.
pub(super) fn microsoft(ui: &Ui, state: &State, people: &[PersonTime]) -> Html {
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
        <section class="card microsoft" aria-labelledby="microsoft-title">
            <h2 id="microsoft-title">{ ui.text(Text::MicrosoftTitle) }</h2>
            if opinion.loading && list.is_empty() { { progress(&ui.text(Text::Loading), None) } }
            if let Some(error) = &opinion.error { { alert(ui, error, Some(ui.on(AssistantAction::Retry))) } }
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
    let hours_count = state.assistant.hours != HoursPolicy::Ignore;
    let reason = if !busy.is_empty() {
        ui.with(Text::ReasonRequiredBusy, &[("names", &busy)])
    } else if hours_count && !outside.is_empty() {
        ui.with(Text::ReasonOutsideHours, &[("names", &outside)])
    } else {
        ui.text(Text::MicrosoftLower)
    };
    ui.with(Text::MicrosoftNot, &[("reason", &reason)])
}

fn hundredths_to_tenths(percent: f64) -> u32 {
    let tenths = (percent * 10.0).round().clamp(0.0, 1000.0);
    // Between 0 and 1000 after the clamp; a NaN becomes 0.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0–1000 just before")]
    let tenths = tenths as u32;
    tenths
}
