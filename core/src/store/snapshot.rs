//! What survives a redirect, a reload and a session's end: what was typed and chosen, never what was read from a mailbox, never a token.

use std::rc::Rc;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{Editor, Invitee, State, state::is_meant};
use crate::{
    config::{ConnectForm, Theme},
    model::{Attendee, AttendeeKind, EmailAddress, Person, PersonKind},
    schedule::{HoursPolicy, Role},
};

/// Raised when the shape changes: an older snapshot is then ignored.
const VERSION: u64 = 1;

/// What is typed and chosen, as JSON.
#[must_use]
pub fn snapshot(state: &State) -> Value {
    let assistant = &state.assistant;
    json!({
        "version": VERSION,
        "account": state.owner,
        "connect": { "form": state.connect.form.to_json(), "organization": state.connect.organization, "sent": state.connect.sent },
        "theme": state.chosen.theme.map(Theme::as_str),
        "locale": state.chosen.locale,
        "timeZone": state.chosen.time_zone,
        "asked": state.asked,
        "refused": *state.refused,
        "assistant": {
            "invitees": assistant.invitees.iter().map(invitee).collect::<Vec<_>>(),
            "duration": assistant.duration,
            "from": assistant.from,
            "to": assistant.to,
            "hours": hours_word(assistant.hours),
            "chosen": assistant.chosen.filter(|_| assistant.chosen_by_person).map(|(start, end)| json!([start.timestamp(), end.timestamp()])),
        },
        "editor": state.editor.as_ref().map(editor),
        "draft": state.kept_draft.as_ref().map(editor),
    })
}

/// Takes in what `snapshot` wrote. Anything that does not fit is left out: a snapshot is a help, never a reason to fail.
pub fn restore(state: &mut State, saved: &Value) {
    if saved["version"].as_u64() != Some(VERSION) {
        return;
    }
    state.chosen.theme = saved["theme"].as_str().and_then(Theme::parse);
    if let Some(theme) = state.chosen.theme {
        state.preferences.theme = theme;
    }
    let chosen = |name: &str| saved[name].as_str().map(str::to_owned);
    (state.chosen.locale, state.chosen.time_zone) = (chosen("locale"), chosen("timeZone"));
    let scopes = |name: &str| saved[name].as_array().into_iter().flatten().map(text).collect::<Vec<_>>();
    (state.asked, state.refused) = (scopes("asked"), Rc::new(scopes("refused")));
    let connect = &saved["connect"];
    let form = ConnectForm::from_json(&connect["form"]);
    state.connect.sent = form.is_some() && connect["sent"].as_bool().unwrap_or_default();
    state.connect.form = form.unwrap_or_default();
    state.connect.organization = text(&connect["organization"]);
    state.owner = saved["account"].as_str().map(str::to_owned);
    let from = &saved["assistant"];
    let assistant = &mut state.assistant;
    assistant.invitees =
        once_each(from["invitees"].as_array().into_iter().flatten().filter_map(read_invitee), |invitee| &invitee.person.address);
    if let Some(duration) =
        from["duration"].as_u64().and_then(|minutes| u32::try_from(minutes).ok()).filter(|minutes| (5..=1440).contains(minutes))
    {
        assistant.duration = duration;
    }
    assistant.from = text(&from["from"]);
    assistant.to = text(&from["to"]);
    assistant.hours = [HoursPolicy::Require, HoursPolicy::Prefer, HoursPolicy::Ignore]
        .into_iter()
        .find(|hours| Some(hours_word(*hours)) == from["hours"].as_str())
        .unwrap_or_default();
    assistant.chosen = instant(&from["chosen"][0]).zip(instant(&from["chosen"][1])).filter(|(start, end)| start < end);
    assistant.chosen_by_person = assistant.chosen.is_some();
    state.editor = read_editor(&saved["editor"]);
    state.kept_draft = read_editor(&saved["draft"]);
}

fn invitee(invitee: &Invitee) -> Value {
    let person = &invitee.person;
    json!({
        "id": person.id, "name": person.name, "address": person.address, "title": person.job_title,
        "role": match invitee.role { Role::Optional => "optional", Role::Resource => "resource", _ => "required" },
    })
}

fn read_invitee(value: &Value) -> Option<Invitee> {
    let address = text(&value["address"]);
    let role = match value["role"].as_str() {
        Some("optional") => Role::Optional,
        Some("resource") => Role::Resource,
        _ => Role::Required,
    };
    let kind = if role == Role::Resource { PersonKind::Room } else { PersonKind::Person };
    let person = Person { id: text(&value["id"]), name: text(&value["name"]), address, job_title: text(&value["title"]), kind };
    (!person.address.is_empty()).then_some(Invitee { person, role })
}

fn editor(editor: &Editor) -> Value {
    json!({
        "transactionId": editor.transaction_id,
        "title": editor.title, "location": editor.location, "description": editor.description,
        "startDate": editor.start_date, "startTime": editor.start_time, "endDate": editor.end_date, "endTime": editor.end_time,
        "timeZone": editor.time_zone,
        "attendees": editor.attendees.iter().map(|attendee| json!({
            "name": attendee.email.name, "address": attendee.email.address,
            "kind": match attendee.kind { AttendeeKind::Optional => "optional", AttendeeKind::Resource => "resource", _ => "required" },
        })).collect::<Vec<_>>(),
        "fromAssistant": editor.from_assistant,
    })
}

fn read_editor(value: &Value) -> Option<Editor> {
    let transaction_id = text(&value["transactionId"]);
    let attendees = value["attendees"].as_array().into_iter().flatten().map(|attendee| Attendee {
        email: EmailAddress { name: text(&attendee["name"]), address: text(&attendee["address"]) },
        kind: match attendee["kind"].as_str() {
            Some("optional") => AttendeeKind::Optional,
            Some("resource") => AttendeeKind::Resource,
            _ => AttendeeKind::Required,
        },
        ..Attendee::default()
    });
    let attendees = once_each(attendees.filter(|attendee| !attendee.email.address.is_empty()), |attendee| &attendee.email.address);
    let mut editor = Editor {
        transaction_id,
        title: text(&value["title"]),
        location: text(&value["location"]),
        description: text(&value["description"]),
        start_date: text(&value["startDate"]),
        start_time: text(&value["startTime"]),
        end_date: text(&value["endDate"]),
        end_time: text(&value["endTime"]),
        time_zone: text(&value["timeZone"]),
        attendees,
        from_assistant: value["fromAssistant"].as_bool().unwrap_or_default(),
        ..Editor::default()
    };
    editor.measure();
    (!editor.transaction_id.is_empty()).then_some(editor)
}

/// The first of each address, whatever its case.
fn once_each<T>(all: impl Iterator<Item = T>, address: impl Fn(&T) -> &String) -> Vec<T> {
    all.fold(Vec::new(), |mut kept: Vec<T>, next| {
        if !kept.iter().any(|known| address(known).eq_ignore_ascii_case(address(&next))) {
            kept.push(next);
        }
        kept
    })
}

fn hours_word(hours: HoursPolicy) -> &'static str {
    match hours {
        HoursPolicy::Require => "require",
        HoursPolicy::Prefer => "prefer",
        HoursPolicy::Ignore => "ignore",
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn instant(value: &Value) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(value.as_i64()?, 0).filter(|instant| is_meant(&instant.date_naive()))
}
