//! The week as a list of days. Owns how an event reads in one line.

use std::rc::Rc;

use chrono::NaiveDate;
use convoke_core::{
    model::{Event, Response},
    store::{self, DayOfEvents, Placed},
};
use yew::prelude::*;

use super::{
    super::{
        context::Ui,
        format::Form,
        icons::{Icon, picture},
        strings::Text,
        words,
    },
    open,
};

/// The week as a list of days.
pub(crate) fn agenda(ui: &Ui, week: NaiveDate, events: &[Rc<Event>]) -> Html {
    let days = store::days_of_events(week, events, &ui.zone, &ui.zones);
    let today = ui.local(ui.now).date();
    html! {
        <ol class="agenda">
            { for days.iter().map(|day| draw_day(ui, day, today)) }
        </ol>
    }
}

fn draw_day(ui: &Ui, day: &DayOfEvents, today: NaiveDate) -> Html {
    let is_today = day.date == today;
    let class = classes!("day", is_today.then_some("day-today"), (day.date < today).then_some("day-past"));
    html! {
        <li key={day.date.to_string()} {class}>
            <h2 class="day-name" aria-current={is_today.then_some("date")}>
                { ui.formats.date(day.date, Form::Day) }
                if is_today { <span class="day-mark">{ ui.text(Text::Today) }</span> }
            </h2>
            if day.events.is_empty() {
                <p class="day-empty">{ ui.text(Text::NothingToday) }</p>
            } else {
                <ul class="day-events">
                    { for day.events.iter().map(|placed| draw_event(ui, placed, day.date)) }
                </ul>
            }
        </li>
    }
}

fn draw_event(ui: &Ui, placed: &Placed, date: NaiveDate) -> Html {
    let event = &placed.event;
    let time = time_of(ui, placed);
    let subject = subject(ui, event);
    let place = if event.location.is_empty() { ui.text(Text::NoPlace) } else { event.location.clone() };
    let show_as = words::show_as(ui, &event.show_as);
    let response = if event.is_organizer { ui.text(Text::ResponseOrganizer) } else { words::own_response(ui, &event.response) };
    let name = ui
        .with(Text::EventName, &[("subject", &subject), ("time", &time), ("place", &place), ("showAs", &show_as), ("response", &response)]);
    let open_answer = !event.is_organizer && matches!(event.response, Response::None | Response::NotResponded) && event.response_requested;
    let class = classes!(
        "event",
        words::show_as_class(&event.show_as),
        open_answer.then_some("event-open"),
        event.is_cancelled.then_some("event-cancelled"),
        (event.response == Response::Declined).then_some("event-declined")
    );
    // An event over several days stands on each of them, so the date belongs to the key.
    let key = [&event.id, "@", &date.to_string()].concat();
    html! {
        <li {key}>
            <button type="button" {class} aria-label={name} aria-haspopup="dialog" onclick={ui.on(open(event))}>
                <span class="event-time">{ time }</span>
                <span class="event-subject"><bdi>{ subject }</bdi></span>
                <span class="event-facts">
                    if !event.location.is_empty() {
                        <span class="event-fact">{ picture(Icon::Place) }<bdi>{ &event.location }</bdi></span>
                    }
                    if !event.attendees.is_empty() {
                        <span class="event-fact">{ picture(Icon::Person) }{ event.attendees.len() }</span>
                    }
                    if event.is_cancelled {
                        <span class="badge">{ ui.text(Text::Cancelled) }</span>
                    } else if open_answer {
                        <span class="badge badge-open">{ ui.text(Text::ResponseNone) }</span>
                    }
                    if placed.zone_unknown {
                        <span class="badge" title={ui.text(Text::ZoneUnknown)}>{ picture(Icon::Question) }{ "UTC" }</span>
                    }
                </span>
            </button>
        </li>
    }
}

/// `10:00–10:30` or `All day`.
pub(super) fn time_of(ui: &Ui, placed: &Placed) -> String {
    if placed.event.is_all_day { ui.text(Text::AllDay) } else { ui.formats.range(placed.start, placed.end) }
}

/// The title, or what stands for it.
pub(super) fn subject(ui: &Ui, event: &Event) -> String {
    if !event.subject.trim().is_empty() {
        event.subject.clone()
    } else if event.sensitivity == convoke_core::model::Sensitivity::Private {
        ui.text(Text::Private)
    } else {
        ui.text(Text::NoSubject)
    }
}
