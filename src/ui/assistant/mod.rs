//! The scheduling assistant: people and question above, everybody's time in the middle, suggested times and their reasons below.

mod grid;
mod grid_keys;
mod grid_legend;
mod grid_model;
mod microsoft;
mod options;
mod people;
mod suggestions;
mod why;

use std::rc::Rc;

use convoke_core::store::{AssistantAction, PickerOwner, State, people_times};
use yew::prelude::*;

use self::{
    grid::AvailabilityGrid, grid_model::GridModel, microsoft::microsoft, options::options, people::invitees, suggestions::suggestions,
    why::why,
};
use super::{
    context::use_ui,
    controls::{alert, progress},
    icons::{Icon, picture},
    people_picker::people_picker,
    strings::Text,
};

/// Properties of [`AssistantScreen`].
#[derive(Properties, PartialEq)]
pub(crate) struct AssistantProps {
    /// Everything.
    pub state: Rc<State>,
}

/// The scheduling assistant.
#[component]
pub(crate) fn AssistantScreen(props: &AssistantProps) -> Html {
    let ui = use_ui();
    let state = &props.state;
    let assistant = &state.assistant;
    let people = Rc::new(people_times(state, &ui.zone, &ui.zones, ui.now));
    let model = {
        let ui = ui.clone();
        let key = (people.clone(), assistant.from.clone(), assistant.to.clone(), assistant.duration, assistant.hours);
        use_memo(key, move |(people, from, to, duration, hours)| GridModel::new(&ui.zone, people, from, to, *duration, *hours))
    };
    let loading = people.iter().any(|person| person.loading);
    let failed = people.iter().find_map(|person| person.error.clone());
    let reading = match assistant.progress {
        Some((done, total)) if total > 1 => ui.with(Text::LoadingPart, &[("done", &done.to_string()), ("total", &total.to_string())]),
        _ => ui.text(Text::Loading),
    };
    html! {
        <section class="screen assistant" aria-labelledby="assistant-title">
            <header class="toolbar">
                <h1 id="assistant-title" tabindex="-1">{ ui.text(Text::ViewAssistant) }</h1>
                <p class="lead">{ ui.text(Text::AssistantLead) }</p>
            </header>
            if let Some(error) = failed {
                { alert(&ui, &error, Some(ui.on(AssistantAction::Retry))) }
            }
            <div class="assistant-columns">
                <div class="card assistant-people">
                    { people_picker(&ui, PickerOwner::Assistant, &state.picker, &ui.text(Text::AddPeople)) }
                    { invitees(&ui, &people, assistant.chosen) }
                    <div class="assistant-progress">
                        if loading && !people.is_empty() { { progress(&reading, assistant.progress) } }
                    </div>
                </div>
                <div class="assistant-side">
                    { options(&ui, assistant) }
                    { suggestions(&ui, assistant, &people) }
                    { why(&ui, assistant, &people) }
                    { schedule_button(&ui, state) }
                    { microsoft(&ui, state, &people) }
                </div>
                if let Some(model) = &*model {
                    <AvailabilityGrid model={model.clone()} people={people.clone()} chosen={assistant.chosen} cell={assistant.cell}
                        duration={assistant.duration} result={assistant.result.clone()} />
                }
            </div>
            <p class="zone-note">{ ui.with(Text::TimesIn, &[("zone", ui.zone.name())]) }</p>
        </section>
    }
}

fn schedule_button(ui: &super::context::Ui, state: &State) -> Html {
    let assistant = &state.assistant;
    let ready = assistant.chosen.is_some() && assistant.rechecking.is_none();
    html! {
        <div class="buttons">
            <button type="button" class="button button-main button-large" aria-disabled={(!ready).then_some("true")} onclick={ui.on(AssistantAction::Schedule)}>
                { picture(Icon::Calendar) }{ ui.text(Text::ScheduleMeeting) }
            </button>
            if assistant.rechecking.is_some() { <span class="help" role="status">{ ui.text(Text::Rechecking) }</span> }
        </div>
    }
}
