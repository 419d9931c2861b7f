//! Who is invited: name, role, what their clock shows at the chosen time, and the way out.

use chrono::{DateTime, Utc};
use convoke_core::{
    schedule::Role,
    store::{AssistantAction, PersonTime},
};
use yew::prelude::*;

use super::super::{
    context::Ui,
    icons::{Icon, picture},
    people_picker::initials,
    strings::Text,
};

/// Who is invited.
pub(crate) fn invitees(ui: &Ui, people: &[PersonTime], chosen: Option<(DateTime<Utc>, DateTime<Utc>)>) -> Html {
    html! {
        <ul class="invitees" aria-label={ui.text(Text::Attendees)}>
            { for people.iter().map(|person| row(ui, person, chosen)) }
        </ul>
    }
}

fn row(ui: &Ui, time: &PersonTime, chosen: Option<(DateTime<Utc>, DateTime<Utc>)>) -> Html {
    let person = &time.person;
    let organizer = time.role == Role::Organizer;
    let name = if organizer { ui.text(Text::YouOrganizer) } else { person.name.clone() };
    let clock = chosen.and_then(|(start, _)| time.zone.as_ref().map(|zone| ui.formats.time(zone.local(start))));
    let role = role_text(time.role);
    let toggle =
        ui.on(AssistantAction::SetRole(person.address.clone(), if time.role == Role::Required { Role::Optional } else { Role::Required }));
    html! {
        <li key={person.address.clone()} class="invitee">
            <span class="avatar" aria-hidden="true">{ initials(&person.name) }</span>
            <span class="invitee-name">
                <bdi>{ &name }</bdi>
                <span class="help"><bdi>{ if organizer { &person.name } else { &person.address } }</bdi></span>
                if let Some(reason) = &time.refusal {
                    <span class="problem">{ ui.with(Text::RowError, &[("reason", reason)]) }</span>
                }
            </span>
            if let Some(clock) = clock { <span class="invitee-clock">{ picture(Icon::Clock) }{ clock }</span> }
            if !organizer {
                if matches!(time.role, Role::Required | Role::Optional) {
                    <button type="button" class="button button-small" aria-label={ui.with(Text::RoleOf, &[("role", &ui.text(role)), ("name", &person.name)])} onclick={toggle}>
                        { ui.text(role) }
                    </button>
                } else {
                    <span class="badge">{ ui.text(role) }</span>
                }
                <button type="button" class="button button-icon button-quiet button-small" title={ui.text(Text::Remove)}
                    aria-label={ui.with(Text::RemoveName, &[("name", &person.name)])} onclick={ui.on(AssistantAction::Remove(person.address.clone()))}>
                    { picture(Icon::Cross) }
                </button>
            }
        </li>
    }
}

fn role_text(role: Role) -> Text {
    match role {
        Role::Organizer => Text::Organizer,
        Role::Required => Text::Required,
        Role::Optional => Text::Optional,
        Role::Resource => Text::Room,
    }
}
