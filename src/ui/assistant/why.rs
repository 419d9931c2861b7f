//! "Why this time": the chosen time, the reasons by name, and what every clock shows then.

use convoke_core::{
    model::FreeBusy,
    schedule::Role,
    store::{Assistant, PersonTime},
    time::Span,
};
use yew::prelude::*;

use super::{
    super::{context::Ui, format::Form, strings::Text, words},
    suggestions::name_of,
};

/// "Why this time".
pub(crate) fn why(ui: &Ui, assistant: &Assistant, people: &[PersonTime]) -> Html {
    let Some((start, end)) = assistant.chosen else {
        return html! {
            <section class="card why" role="region" aria-labelledby="why-title">
                <h2 id="why-title">{ ui.text(Text::WhyThisTime) }</h2>
                <p class="help">{ ui.text(Text::NoTimeChosen) }</p>
            </section>
        };
    };
    let slot = Span::new(start, end);
    let day = ui.formats.write(ui.local(start), Form::Day);
    let time = ui.formats.range(ui.local(start), ui.local(end));
    html! {
        <section class="card why" role="region" aria-labelledby="why-title">
            <h2 id="why-title">{ ui.text(Text::WhyThisTime) }</h2>
            <p class="why-when"><span class="suggestion-day">{ day }</span><span class="suggestion-time">{ time }</span></p>
            if let Some(suggestion) = assistant.chosen_suggestion() {
                <ul class="why-reasons">
                    { for suggestion.reasons.iter().map(|reason| html! {
                        <li key={reason.code.as_str()}>{ words::reason(ui, reason, &|id| name_of(ui, people, id)) }</li>
                    }) }
                </ul>
            }
            <ul class="why-people">
                { for people.iter().map(|person| person_line(ui, person, slot)) }
            </ul>
        </section>
    }
}

fn person_line(ui: &Ui, person: &PersonTime, slot: Span) -> Html {
    let name = if person.role == Role::Organizer { ui.text(Text::YouOrganizer) } else { person.person.name.clone() };
    let status = if person.loading { FreeBusy::Unknown } else { person.during(slot) };
    let outside = person.minutes_outside(slot).filter(|minutes| *minutes > 0);
    html! {
        <li key={person.person.address.clone()} class="why-person">
            <span class={classes!("swatch", words::free_busy_class(status))} aria-hidden="true"></span>
            <bdi class="why-name">{ name }</bdi>
            <span>{ if person.loading { ui.text(Text::NotReadYet) } else { words::free_busy(ui, status) } }</span>
            if let Some(zone) = &person.zone {
                <span class="help">{ [ui.formats.range(zone.local(slot.start), zone.local(slot.end)), city(zone.name())].join(" ") }</span>
            }
            if let Some(minutes) = outside {
                <span class="badge badge-perhaps">{ ui.with(Text::OutsideBy, &[("minutes", &minutes.to_string())]) }</span>
            }
        </li>
    }
}

/// The last part of an IANA name, as people know it; nothing for a zone that is no place.
fn city(zone: &str) -> String {
    zone.rsplit_once('/').map(|(_, city)| city.replace('_', " ")).unwrap_or_default()
}
