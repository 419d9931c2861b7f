//! The calendar screen: the toolbar of the week and the agenda below it. Leaves one event to `event_pane`.

mod agenda;
mod event_pane;

use std::rc::Rc;

use chrono::Days;
use convoke_core::store::{Action, Calendar, CalendarAction, EditorAction};
use yew::prelude::*;

use self::{agenda::agenda, event_pane::event_pane};
use super::{
    context::Ui,
    controls::{alert, progress},
    format::Form,
    icons::{Icon, picture},
    strings::Text,
};

/// The calendar screen. `may_write`: whether the permission to change events was not refused.
pub(crate) fn calendar_screen(ui: &Ui, calendar: &Calendar, may_write: bool) -> Html {
    let last = calendar.week.checked_add_days(Days::new(6)).unwrap_or(calendar.week);
    let title = [ui.formats.date(calendar.week, Form::ShortDate), ui.formats.date(last, Form::Date)].join(" – ");
    let events = calendar.events.value.clone().filter(|_| calendar.events_week == Some(calendar.week));
    html! {
        <section class="screen calendar" aria-labelledby="calendar-title">
            <header class="toolbar">
                <h1 id="calendar-title" tabindex="-1">{ title }</h1>
                <div class="toolbar-group" role="group" aria-label={ui.text(Text::ViewCalendar)}>
                    <button type="button" class="button" onclick={ui.on(CalendarAction::Today)}>{ ui.text(Text::Today) }</button>
                    <button type="button" class="button button-icon" aria-label={ui.text(Text::Previous)} title={ui.text(Text::Previous)} onclick={ui.on(CalendarAction::Move(-1))}>
                        { picture(Icon::Before) }
                    </button>
                    <button type="button" class="button button-icon" aria-label={ui.text(Text::Next)} title={ui.text(Text::Next)} onclick={ui.on(CalendarAction::Move(1))}>
                        { picture(Icon::After) }
                    </button>
                </div>
                <button type="button" class="button button-main toolbar-end" disabled={!may_write} onclick={ui.on(EditorAction::Open(None))}>
                    { picture(Icon::Plus) }{ ui.text(Text::NewEvent) }
                </button>
            </header>
            if let Some(error) = &calendar.events.error {
                { alert(ui, error, Some(ui.on(CalendarAction::Reload))) }
                if let (Some(at), true) = (calendar.events.at, events.is_some()) {
                    <p class="stale">{ ui.with(Text::StaleWeek, &[("time", &ui.formats.time(ui.local(at)))]) }</p>
                }
            }
            if calendar.events.loading {
                { progress(&ui.text(Text::Loading), None) }
            }
            if let Some(events) = events {
                { agenda(ui, calendar.week, &events) }
                if calendar.incomplete {
                    <p class="stale">{ ui.text(Text::Incomplete) }</p>
                }
            } else if calendar.events.loading {
                { agenda_skeleton() }
            }
            if let Some(open) = &calendar.open {
                { event_pane(ui, open, may_write) }
            }
            <p class="zone-note">{ ui.with(Text::TimesIn, &[("zone", ui.zone.name())]) }</p>
        </section>
    }
}

/// What stands where the agenda will be: nothing moves when it comes.
fn agenda_skeleton() -> Html {
    html! {
        <div class="agenda agenda-skeleton" aria-hidden="true">
            { for (0..5).map(|day| html! {
                <div key={day} class="day"><div class="day-name"></div><div class="day-events"><div class="event-skeleton"></div><div class="event-skeleton"></div></div></div>
            }) }
        </div>
    }
}

/// Opens an event.
fn open(event: &Rc<convoke_core::model::Event>) -> Action {
    CalendarAction::Open(Rc::clone(event)).into()
}
