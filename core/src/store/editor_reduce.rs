//! How the dialog for a new event opens, sends and closes. Leaves what is typed to `editor`.

use std::rc::Rc;

use chrono::NaiveDate;

use super::{
    Editor, EditorAction, Effect, Env, Invitee, Notice, Route, State, View, assistant_reduce as assistant, calendar, session::note_expiry,
};
use crate::{
    Error,
    model::{AttendeeKind, Event, Person, PersonKind},
    schedule::Role,
    time::Zone,
};

pub(super) fn reduce(state: &mut State, action: EditorAction, env: &Env<'_>) -> Vec<Effect> {
    match action {
        EditorAction::Open(date) => open(state, date, env),
        EditorAction::Set(field, text) => {
            let zone = zone_of_editor(state, env);
            if let Some(editor) = &mut state.editor {
                editor.set(field, text);
                let wrong = editor.check(&zone);
                editor.problems.retain(|problem| wrong.contains(problem));
            }
            vec![Effect::Remember]
        }
        EditorAction::Remove(address) => {
            if let Some(editor) = &mut state.editor {
                editor.attendees.retain(|attendee| !attendee.email.address.eq_ignore_ascii_case(&address));
            }
            vec![Effect::Remember]
        }
        EditorAction::FindTime => find_time(state, env),
        EditorAction::Send => send(state, env),
        EditorAction::Sent(transaction_id, answer) => sent(state, &transaction_id, *answer, env),
        EditorAction::Close => {
            // What is under way is kept even without a text: its answer has to find it.
            let kept = state.editor.take().filter(|editor| editor.has_text() || editor.sending);
            if kept.as_ref().is_some_and(|editor| !editor.sending) {
                state.say(Notice::DraftKept, env.now);
            }
            state.kept_draft = kept;
            vec![Effect::Remember]
        }
        EditorAction::Discard => {
            state.editor = None;
            state.kept_draft = None;
            vec![Effect::Remember]
        }
    }
}

fn open(state: &mut State, date: Option<NaiveDate>, env: &Env<'_>) -> Vec<Effect> {
    if state.editor.is_some() {
        return Vec::new();
    }
    let zone = env.zone(state);
    let mut editor = state.kept_draft.take().unwrap_or_else(|| Editor::new((env.fresh_id)(), env.now, &zone, date));
    // Who became less free was true of another moment.
    editor.changed.clear();
    editor.problems.clear();
    state.editor = Some(editor);
    vec![Effect::Remember]
}

/// The zone of what is typed; a stored name that nobody knows any more gives way to the zone that everything else is shown in.
fn zone_of_editor(state: &mut State, env: &Env<'_>) -> Rc<Zone> {
    let shown = env.zone(state);
    let Some(editor) = &mut state.editor else { return shown };
    env.zones.get(&editor.time_zone).unwrap_or_else(|| {
        shown.name().clone_into(&mut editor.time_zone);
        shown
    })
}

fn send(state: &mut State, env: &Env<'_>) -> Vec<Effect> {
    let zone = zone_of_editor(state, env);
    let Some(editor) = &mut state.editor else { return Vec::new() };
    if editor.sending {
        return Vec::new();
    }
    editor.problems = editor.check(&zone);
    let Some(draft) = editor.draft(&zone) else {
        editor.tries += 1;
        return Vec::new();
    };
    editor.sending = true;
    editor.error = None;
    // Stored before the first POST: if the page dies now, the next visit repeats it under the same id, and Graph books once.
    vec![Effect::Remember, Effect::Create(Box::new(draft))]
}

fn sent(state: &mut State, transaction_id: &str, answer: Result<Event, Error>, env: &Env<'_>) -> Vec<Effect> {
    let answer = note_expiry(state, answer);
    let is_it = |editor: &&mut Option<Editor>| editor.as_ref().is_some_and(|editor| editor.transaction_id == transaction_id);
    // The dialog may have been closed meanwhile, or the draft discarded.
    let place = [&mut state.editor, &mut state.kept_draft].into_iter().find(is_it);
    let event = match answer {
        Err(error) => {
            if let Some(editor) = place.and_then(Option::as_mut) {
                editor.sending = false;
                editor.error = Some(error);
            }
            return vec![Effect::Remember];
        }
        Ok(event) => event,
    };
    let (subject, invited) = match place.and_then(Option::take) {
        Some(editor) => (editor.title.trim().to_owned(), editor.attendees.len()),
        None => (event.subject, event.attendees.len()),
    };
    state.say(Notice::Booked { subject, invited }, env.now);
    assistant::booked(state);
    let mut effects = vec![Effect::Remember];
    match state.route.view {
        View::Calendar => effects.extend(calendar::load(state, env)),
        // The calendar must not show a week that was read before the booking.
        View::Assistant => {
            state.calendar.events.clear();
            effects.extend(assistant::changed(state, env));
        }
        View::Connection => state.calendar.events.clear(),
    }
    effects
}

/// "Find a time": the assistant takes over people, length and day.
fn find_time(state: &mut State, env: &Env<'_>) -> Vec<Effect> {
    if state.editor.as_ref().is_none_or(|editor| editor.sending) {
        return Vec::new();
    }
    let Some(editor) = state.editor.take() else { return Vec::new() };
    if !editor.attendees.is_empty() {
        // Who was left from an earlier search is not invited to this meeting.
        state.assistant.invitees.clear();
    }
    for attendee in &editor.attendees {
        let (kind, role) = match attendee.kind {
            AttendeeKind::Resource => (PersonKind::Room, Role::Resource),
            AttendeeKind::Optional => (PersonKind::Person, Role::Optional),
            AttendeeKind::Required | AttendeeKind::Other(_) => (PersonKind::Person, Role::Required),
        };
        let email = &attendee.email;
        assistant::invite(
            state,
            Invitee { person: Person { name: email.name.clone(), address: email.address.clone(), kind, ..Person::default() }, role },
        );
    }
    if let Some((start, end)) = editor.times()
        && let Ok(minutes) = u32::try_from((end - start).num_minutes())
    {
        assistant::ask_around(state, start.date(), minutes, env);
    }
    state.kept_draft = Some(editor);
    state.route = Route { view: View::Assistant, date: None };
    let mut effects = vec![Effect::Remember, Effect::Navigate(state.route)];
    effects.extend(assistant::open(state, env));
    effects
}
