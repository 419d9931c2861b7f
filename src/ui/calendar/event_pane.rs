//! One event, in a dialog: when, where, who, what, and the answer. The body is text; nothing of it is ever read as HTML.

use std::rc::Rc;

use convoke_core::{
    model::{Attendee, AttendeeKind, Event, EventResponse, Response},
    store::{self, CalendarAction, OpenEvent},
};
use yew::prelude::*;

use super::{
    super::{
        context::Ui,
        controls::{Dialog, alert, progress},
        format::Form,
        icons::{Icon, picture},
        strings::Text,
        words,
    },
    agenda::subject,
};

/// One event.
pub(crate) fn event_pane(ui: &Ui, open: &OpenEvent, may_write: bool) -> Html {
    let event = &open.event;
    html! {
        <Dialog labelled_by="event-title" class="event-pane" onclose={ui.on(CalendarAction::Close)}>
            <header class="dialog-head">
                <h2 id="event-title"><bdi>{ subject(ui, event) }</bdi></h2>
                <button type="button" class="button button-icon button-quiet" aria-label={ui.text(Text::Close)} onclick={ui.on(CalendarAction::Close)}>
                    { picture(Icon::Cross) }
                </button>
            </header>
            <div class="dialog-body">
                if event.is_cancelled {
                    <p class="stale">{ ui.text(Text::Cancelled) }</p>
                }
                <dl class="facts">
                    { fact(ui, Icon::Clock, Text::When, when(ui, event)) }
                    if !event.location.is_empty() {
                        { fact(ui, Icon::Place, Text::Where, html! { <bdi>{ &event.location }</bdi> }) }
                    }
                    if let Some(organizer) = &event.organizer {
                        { fact(ui, Icon::Person, Text::Organizer, html! { <bdi title={organizer.address.clone()}>{ &organizer.name }</bdi> }) }
                    }
                    if !event.attendees.is_empty() {
                        { fact(ui, Icon::Assistant, Text::Attendees, attendees(ui, event)) }
                    }
                    { fact(ui, Icon::Text, Text::Description, body(ui, open)) }
                </dl>
                if let Some(url) = &event.join_url {
                    <a class="button" href={url.clone()} target="_blank" rel="noopener noreferrer">{ picture(Icon::Join) }{ ui.text(Text::Join) }</a>
                }
                if let Some(error) = &open.whole.error {
                    { alert(ui, error, Some(ui.on(CalendarAction::Open(Rc::clone(event))))) }
                }
                if let Some(error) = &open.answer_error {
                    { alert(ui, error, None) }
                }
            </div>
            if !event.is_organizer && !event.is_cancelled && event.response != Response::Organizer {
                { answers(ui, open, may_write) }
            }
        </Dialog>
    }
}

fn fact(ui: &Ui, icon: Icon, name: Text, value: Html) -> Html {
    html! {
        <div class="fact">
            <dt>{ picture(icon) }<span>{ ui.text(name) }</span></dt>
            <dd>{ value }</dd>
        </div>
    }
}

fn when(ui: &Ui, event: &Rc<Event>) -> Html {
    let Some(placed) = store::place(event, &ui.zone, &ui.zones) else { return html! { { &event.start.date_time } } };
    let text = if event.is_all_day {
        let last = placed.end.date().pred_opt().unwrap_or(placed.end.date());
        let first = ui.formats.date(placed.start.date(), Form::Day);
        if last > placed.start.date() {
            [first, ui.formats.date(last, Form::Day)].join(" – ")
        } else {
            [first, ui.text(Text::AllDay)].join(", ")
        }
    } else {
        let day = ui.formats.write(placed.start, Form::Day);
        [day, ui.formats.range(placed.start, placed.end)].join(", ")
    };
    html! {
        <>
            { text }
            <span class="help">{ if event.is_all_day { String::new() } else { ui.zone.name().to_owned() } }</span>
            if placed.zone_unknown { <p class="problem">{ ui.text(Text::ZoneUnknown) }</p> }
        </>
    }
}

fn attendees(ui: &Ui, event: &Event) -> Html {
    let line = |attendee: &Attendee| {
        let kind = match attendee.kind {
            AttendeeKind::Optional => Some(Text::Optional),
            AttendeeKind::Resource => Some(Text::Room),
            _ => None,
        };
        html! {
            <li key={attendee.email.address.clone()} class="attendee">
                <bdi title={attendee.email.address.clone()}>{ &attendee.email.name }</bdi>
                if let Some(kind) = kind { <span class="help">{ ui.text(kind) }</span> }
                <span class={classes!("badge", response_class(&attendee.response))}>{ words::response(ui, &attendee.response) }</span>
            </li>
        }
    };
    html! { <ul class="attendees">{ for event.attendees.iter().map(line) }</ul> }
}

fn response_class(response: &Response) -> &'static str {
    match response {
        Response::Accepted | Response::Organizer => "badge-yes",
        Response::TentativelyAccepted => "badge-perhaps",
        Response::Declined => "badge-no",
        _ => "badge-open",
    }
}

fn body(ui: &Ui, open: &OpenEvent) -> Html {
    if open.whole.loading && open.event.body_text.is_empty() {
        return html! { { progress(&ui.text(Text::Loading), None) } };
    }
    let text = open.event.body_text.trim();
    if text.is_empty() {
        return html! { <span class="help">{ ui.text(Text::NoDescription) }</span> };
    }
    html! { <div class="event-body" dir="auto">{ text.to_owned() }</div> }
}

fn answers(ui: &Ui, open: &OpenEvent, may_write: bool) -> Html {
    let choices = [
        (EventResponse::Accept, Text::Accept, Icon::Check),
        (EventResponse::TentativelyAccept, Text::Tentative, Icon::Question),
        (EventResponse::Decline, Text::Decline, Icon::Cross),
    ];
    let button = |(response, text, icon): (EventResponse, Text, Icon)| {
        let given = open.event.response == response.as_response();
        html! {
            <button type="button" class={classes!("button", given.then_some("button-chosen"))} aria-pressed={given.to_string()}
                disabled={!may_write} aria-disabled={open.answering.is_some().then_some("true")} onclick={ui.on(CalendarAction::Respond(response))}>
                { picture(icon) }{ ui.text(text) }
            </button>
        }
    };
    html! {
        <footer class="dialog-foot" role="group" aria-label={ui.text(Text::YourAnswer)}>
            { for choices.into_iter().map(button) }
            if open.answering.is_some() { <span class="help" role="status">{ ui.text(Text::Answering) }</span> }
        </footer>
    }
}
