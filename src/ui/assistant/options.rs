//! The question: how long, in which days, and what working hours are worth.

use convoke_core::{
    schedule::HoursPolicy,
    store::{Assistant, AssistantAction, RangeProblem},
};
use yew::prelude::*;

use super::super::{
    context::Ui,
    controls::{TextField, choice},
    strings::Text,
    words,
};
use crate::browser::dom;

/// Lengths that are offered, in minutes.
const DURATIONS: [u32; 9] = [15, 30, 45, 60, 90, 120, 180, 240, 480];

/// The question.
pub(crate) fn options(ui: &Ui, assistant: &Assistant) -> Html {
    let problem = assistant.range(ui.local(ui.now).date()).err().map(|problem| (field(problem), ui.text(range_text(problem))));
    let problem_at = |from: bool| problem.as_ref().filter(|(at_from, _)| *at_from == from).map(|(_, text)| text.clone());
    let onduration = {
        let ui = ui.clone();
        Callback::from(move |event: Event| {
            if let Ok(minutes) = dom::changed_value(&event).parse() {
                ui.send(AssistantAction::Duration(minutes));
            }
        })
    };
    let onfrom = {
        let ui = ui.clone();
        Callback::from(move |text| ui.send(AssistantAction::From(text)))
    };
    let onto = {
        let ui = ui.clone();
        Callback::from(move |text| ui.send(AssistantAction::To(text)))
    };
    let policies = [HoursPolicy::Require, HoursPolicy::Prefer, HoursPolicy::Ignore];
    let onhours = {
        let ui = ui.clone();
        Callback::from(move |index: usize| ui.send(AssistantAction::Hours(policies.get(index).copied().unwrap_or_default())))
    };
    let date = |id, label, value: &str, first, oninput| TextField {
        kind: "date",
        problem: problem_at(first),
        ..TextField::new(id, ui.text(label), value.to_owned(), oninput)
    };
    let words = [Text::HoursOnly, Text::HoursPrefer, Text::HoursIgnore].map(|text| ui.text(text));
    let chosen = policies.iter().position(|policy| *policy == assistant.hours).unwrap_or_default();
    let lengths = DURATIONS.into_iter().chain((!DURATIONS.contains(&assistant.duration)).then_some(assistant.duration));
    html! {
        <div class="card assistant-options">
            <div class="field">
                <label for="assistant-duration">{ ui.text(Text::Duration) }</label>
                <select id="assistant-duration" role="combobox" onchange={onduration}>
                    { for lengths.map(|minutes| html! {
                        <option key={minutes} value={minutes.to_string()} selected={minutes == assistant.duration}>{ words::duration(ui, minutes) }</option>
                    }) }
                </select>
            </div>
            <div class="field-row">
                { date("assistant-from", Text::From, &assistant.from, true, onfrom).draw() }
                { date("assistant-to", Text::To, &assistant.to, false, onto).draw() }
            </div>
            { choice("working-hours", ui.text(Text::WorkingHours), &words, chosen, &onhours) }
        </div>
    }
}

/// Whether the problem stands at "From".
fn field(problem: RangeProblem) -> bool {
    problem == RangeProblem::From
}

fn range_text(problem: RangeProblem) -> Text {
    match problem {
        RangeProblem::From => Text::RangeFrom,
        RangeProblem::To => Text::RangeTo,
        RangeProblem::Backwards => Text::RangeBackwards,
        RangeProblem::TooLong => Text::RangeTooLong,
        RangeProblem::Past => Text::RangePast,
    }
}
