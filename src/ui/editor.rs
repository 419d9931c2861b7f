//! The dialog for a new event. Owns its fields and where a problem is shown; leaves what is right to the state.

use std::rc::Rc;

use convoke_core::{
    model::AttendeeKind,
    store::{Editor, EditorAction, EditorField, FieldProblem, Picker, PickerOwner},
};
use yew::prelude::*;

use super::{
    context::{Ui, use_ui},
    controls::{Dialog, TextField, alert},
    icons::{Icon, picture},
    people_picker::{initials, people_picker},
    strings::Text,
    words,
};
use crate::browser::dom;

/// Properties of [`EditorDialog`].
#[derive(Properties, PartialEq)]
pub(crate) struct EditorProps {
    /// What is typed.
    pub editor: Rc<Editor>,
    /// The search for people.
    pub picker: Picker,
}

/// The dialog for a new event.
#[component]
pub(crate) fn EditorDialog(props: &EditorProps) -> Html {
    let ui = use_ui();
    let editor = &props.editor;
    // After a failed try the person stands at the first field that is wrong.
    let first_wrong = editor.problems.first().map(|(field, _)| *field);
    use_effect_with(editor.tries, move |_| {
        if let Some(field) = first_wrong {
            dom::focus_id(field_id(field));
        }
    });
    let onsubmit = {
        let ui = ui.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            ui.send(EditorAction::Send);
        })
    };
    let field = |field: EditorField, label: Text, value: &str, kind: &'static str| {
        TextField {
            kind,
            problem: editor.problems.iter().find(|(at, _)| *at == field).map(|(_, problem)| ui.text(problem_text(*problem))),
            multiline: field == EditorField::Description,
            autofocus: field == EditorField::Title,
            // What is typed while it is on its way would be lost when it arrives.
            readonly: editor.sending,
            placeholder: (field == EditorField::Title).then(|| ui.text(Text::TitleHint)),
            ..TextField::new(field_id(field), ui.text(label), value.to_owned(), set(&ui, field))
        }
        .draw()
    };
    let send = if editor.sending {
        Text::Sending
    } else if editor.attendees.is_empty() {
        Text::Save
    } else {
        Text::Send
    };
    html! {
        <Dialog labelled_by="editor-title" class="editor" onclose={ui.on(EditorAction::Close)}>
            <form {onsubmit} novalidate={true}>
                <header class="dialog-head">
                    <h2 id="editor-title">{ ui.text(Text::NewEvent) }</h2>
                    <button type="button" class="button button-icon button-quiet" aria-label={ui.text(Text::Close)} onclick={ui.on(EditorAction::Close)}>
                        { picture(Icon::Cross) }
                    </button>
                </header>
                <div class="dialog-body">
                    if let Some(error) = &editor.error {
                        { alert(&ui, error, Some(ui.on(EditorAction::Send))) }
                    }
                    { for editor.changed.iter().map(|(name, status)| html! {
                        <p class="stale" role="alert" key={name.clone()}>
                            { ui.with(Text::ChangedSince, &[("name", name), ("status", &words::free_busy(&ui, *status))]) }
                        </p>
                    }) }
                    { field(EditorField::Title, Text::Title, &editor.title, "text") }
                    <div class="field-row">
                        { field(EditorField::StartDate, Text::StartDate, &editor.start_date, "date") }
                        { field(EditorField::StartTime, Text::StartTime, &editor.start_time, "time") }
                    </div>
                    <div class="field-row">
                        { field(EditorField::EndDate, Text::EndDate, &editor.end_date, "date") }
                        { field(EditorField::EndTime, Text::EndTime, &editor.end_time, "time") }
                    </div>
                    <p class="help">{ ui.with(Text::TimesIn, &[("zone", &editor.time_zone)]) }</p>
                    { people_picker(&ui, PickerOwner::Editor, &props.picker, &ui.text(Text::Attendees)) }
                    { chips(&ui, editor) }
                    { field(EditorField::Location, Text::Location, &editor.location, "text") }
                    { field(EditorField::Description, Text::Description, &editor.description, "text") }
                </div>
                <footer class="dialog-foot">
                    <button type="submit" class="button button-main" aria-disabled={editor.sending.then_some("true")}>{ ui.text(send) }</button>
                    if !editor.from_assistant {
                        <button type="button" class="button" onclick={ui.on(EditorAction::FindTime)}>{ picture(Icon::Assistant) }{ ui.text(Text::FindATime) }</button>
                    }
                    <button type="button" class="button button-quiet" onclick={ui.on(EditorAction::Discard)}>{ ui.text(Text::Discard) }</button>
                </footer>
            </form>
        </Dialog>
    }
}

fn chips(ui: &Ui, editor: &Editor) -> Html {
    if editor.attendees.is_empty() {
        return Html::default();
    }
    html! {
        <ul class="chips" aria-label={ui.text(Text::Attendees)}>
            { for editor.attendees.iter().map(|attendee| {
                let email = &attendee.email;
                let remove = ui.with(Text::RemoveName, &[("name", &email.name)]);
                html! {
                    <li key={email.address.clone()} class="chip">
                        <span class="avatar" aria-hidden="true">{ initials(&email.name) }</span>
                        <bdi title={email.address.clone()}>{ &email.name }</bdi>
                        if attendee.kind == AttendeeKind::Optional { <span class="help">{ ui.text(Text::Optional) }</span> }
                        <button type="button" class="chip-remove" aria-label={remove} onclick={ui.on(EditorAction::Remove(email.address.clone()))}>
                            { picture(Icon::Cross) }
                        </button>
                    </li>
                }
            }) }
        </ul>
    }
}

fn set(ui: &Ui, field: EditorField) -> Callback<String> {
    let ui = ui.clone();
    Callback::from(move |text| ui.send(EditorAction::Set(field, text)))
}

fn field_id(field: EditorField) -> &'static str {
    match field {
        EditorField::Title => "editor-field-title",
        EditorField::Location => "editor-field-location",
        EditorField::Description => "editor-field-description",
        EditorField::StartDate => "editor-field-start-date",
        EditorField::StartTime => "editor-field-start-time",
        EditorField::EndDate => "editor-field-end-date",
        EditorField::EndTime => "editor-field-end-time",
    }
}

fn problem_text(problem: FieldProblem) -> Text {
    match problem {
        FieldProblem::Missing => Text::ProblemMissing,
        FieldProblem::NotADate => Text::ProblemNotADate,
        FieldProblem::NotATime => Text::ProblemNotATime,
        FieldProblem::NotAfterStart => Text::ProblemNotAfterStart,
        FieldProblem::TooLong => Text::ProblemTooLong,
        FieldProblem::InGap => Text::ProblemInGap,
    }
}
