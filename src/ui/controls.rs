//! What every screen is built of: fields, alerts, dialogs. Owns their roles and names; leaves what happens to whoever uses them.

use convoke_core::{
    Error, ErrorCode,
    auth::aadsts,
    store::{Action, SessionAction, State},
};
use yew::prelude::*;

use super::{
    context::{Ui, use_ui},
    icons::{Icon, picture},
    later::Later,
    strings::Text,
    words,
};
use crate::browser::dom;

/// A labelled text field with help and problem.
pub(crate) struct TextField {
    /// The id of the control; its label and help refer to it.
    pub(crate) id: &'static str,
    /// The label.
    pub(crate) label: String,
    /// What stands in it.
    pub(crate) value: String,
    /// Called with what is typed.
    pub(crate) oninput: Callback<String>,
    /// `text`, `date` or `time`.
    pub(crate) kind: &'static str,
    /// A sentence below it.
    pub(crate) help: Option<String>,
    /// What is wrong with what stands in it.
    pub(crate) problem: Option<String>,
    /// A hint that disappears.
    pub(crate) placeholder: Option<String>,
    /// Several lines.
    pub(crate) multiline: bool,
    /// It can be read and copied, not changed.
    pub(crate) readonly: bool,
    /// It has the focus when its dialog opens.
    pub(crate) autofocus: bool,
}

impl TextField {
    /// A field for one line of text.
    pub(crate) fn new(id: &'static str, label: String, value: String, oninput: Callback<String>) -> Self {
        let (help, problem, placeholder) = (None, None, None);
        Self { id, label, value, oninput, kind: "text", help, problem, placeholder, multiline: false, readonly: false, autofocus: false }
    }

    /// Draws it.
    pub(crate) fn draw(self) -> Html {
        let Self { id, value, placeholder, .. } = self;
        let help_id = [id, "-help"].concat();
        let problem_id = [id, "-problem"].concat();
        let described = match (&self.problem, &self.help) {
            (Some(_), Some(_)) => Some([problem_id.as_str(), help_id.as_str()].join(" ")),
            (Some(_), None) => Some(problem_id.clone()),
            (None, Some(_)) => Some(help_id.clone()),
            (None, None) => None,
        };
        let oninput = self.oninput.reform(|event: InputEvent| dom::input_value(&event));
        let invalid = self.problem.is_some().then_some("true");
        let control = if self.multiline {
            html! { <textarea {id} rows="4" {value} {placeholder} readonly={self.readonly} aria-describedby={described} aria-invalid={invalid} {oninput} dir="auto" /> }
        } else {
            html! {
                <input {id} type={self.kind} {value} {placeholder} readonly={self.readonly} autofocus={self.autofocus} autocomplete="off" spellcheck="false"
                    aria-describedby={described} aria-invalid={invalid} {oninput} dir="auto" />
            }
        };
        html! {
            <div class={classes!("field", self.problem.is_some().then_some("field-wrong"))}>
                <label for={id}>{ self.label }</label>
                { control }
                if let Some(problem) = self.problem { <p class="problem" id={problem_id}>{ picture(Icon::Warning) }{ problem }</p> }
                if let Some(help) = self.help { <p class="help" id={help_id}>{ help }</p> }
            </div>
        }
    }
}

/// A radio group in one line. `name` is shared by its options; `onchange` gets the one that was chosen.
pub(crate) fn choice(name: &'static str, label: String, options: &[String], chosen: usize, onchange: &Callback<usize>) -> Html {
    html! {
        <fieldset id={name} class="choice" role="radiogroup" tabindex="-1">
            <legend>{ label }</legend>
            <div class="choice-options">
                { for options.iter().enumerate().map(|(index, option)| html! {
                    <label key={index} class="choice-option">
                        <input type="radio" {name} checked={index == chosen} onchange={onchange.reform(move |_: Event| index)} />
                        <span>{ option }</span>
                    </label>
                }) }
            </div>
        </fieldset>
    }
}

/// A text to be copied: read-only, with a button beside it.
pub(crate) fn copy_field(ui: &Ui, field: TextField, button: Text) -> Html {
    let onclick = ui.copying(field.value.clone());
    html! {
        <div class="field-with-button">
            { TextField { readonly: true, ..field }.draw() }
            <button type="button" class="button" {onclick}>{ ui.text(button) }</button>
        </div>
    }
}

/// A failure where the person is looking: what happened, what to do, and what to tell support. `retry` is what "Try again" does.
pub(crate) fn alert(ui: &Ui, error: &Error, retry: Option<Callback<MouseEvent>>) -> Html {
    alert_saying(ui, words::error(ui, error), error, retry)
}

/// The same with a sentence of its own.
pub(crate) fn alert_saying(ui: &Ui, sentence: String, error: &Error, retry: Option<Callback<MouseEvent>>) -> Html {
    let details = error.details();
    let help = details.aadsts.map(|number| (number, aadsts::help(number).action));
    let by_admin = error.code() == ErrorCode::AdminConsentRequired || matches!(help, Some((_, aadsts::Action::AdminConsent)));
    let link = by_admin.then(|| ui.admin_link.emit(details.scopes.clone())).flatten();
    // Where only a sign-in helps, trying again would fail again; what is on the screen and typed survives it.
    let (label, retry) = if matches!(help, Some((_, aadsts::Action::OtherAccount))) {
        (Text::OtherAccount, Some(ui.on(SessionAction::OtherAccount)))
    } else if error.needs_sign_in() {
        let asks = matches!(error.code(), ErrorCode::ConsentRequired | ErrorCode::ClaimsChallenge);
        (if asks { Text::Continue } else { Text::SignInAgain }, Some(ui.on(SessionAction::SignIn)))
    } else {
        (Text::TryAgain, retry)
    };
    html! {
        <div class="alert" role="alert">
            { picture(Icon::Warning) }
            <div class="alert-body">
                <p>{ sentence }</p>
                if let Some((number, _)) = help { <p class="help">{ ui.with(Text::Number, &[("number", &number.to_string())]) }</p> }
                if let Some(wait) = details.retry_after { <p class="help">{ ui.with(Text::WaitSeconds, &[("seconds", &wait.as_secs().max(1).to_string())]) }</p> }
                if let Some(id) = &details.request_id {
                    <p class="help">{ ui.with(Text::ErrorReference, &[("id", id)]) }</p>
                }
                if let Some(link) = link { { admin_link(ui, "alert-admin-link", &link) } }
                <div class="alert-actions">
                    if let Some(retry) = retry {
                        <button type="button" class="button" onclick={retry}>{ ui.text(label) }</button>
                    }
                    <button type="button" class="button button-quiet" onclick={ui.copying(words::error_details(ui, error))}>{ ui.text(Text::CopyDetails) }</button>
                </div>
            </div>
        </div>
    }
}

/// The link that an administrator consents with, to be copied and sent.
pub(crate) fn admin_link(ui: &Ui, id: &'static str, link: &AttrValue) -> Html {
    let field = TextField {
        help: Some(ui.text(Text::AdminLinkHelp)),
        ..TextField::new(id, ui.text(Text::AdminLink), link.to_string(), Callback::noop())
    };
    copy_field(ui, field, Text::CopyLink)
}

/// What is loaded after the first screen; until it has come, that it is on its way, or why it is not.
pub(crate) fn behind(ui: &Ui, state: &State, draw: impl FnOnce(Later) -> Html) -> Html {
    match (ui.later, &state.later.error) {
        (Some(later), _) => draw(later),
        (None, Some(error)) => alert_saying(ui, ui.text(Text::ErrorPart), error, Some(ui.on(Action::LoadLater))),
        (None, None) => html! { <div class="centred">{ progress(&ui.text(Text::Loading), None) }</div> },
    }
}

/// Long work: what is done, in words, and parts done of parts in all where that is known.
pub(crate) fn progress(label: &str, parts: Option<(usize, usize)>) -> Html {
    let (value, max) = parts.map_or((None, None), |(done, total)| (Some(done.to_string()), Some(total.to_string())));
    html! {
        <div class="progress">
            <progress aria-label={label.to_owned()} {value} {max} />
            <span aria-hidden="true">{ label }</span>
        </div>
    }
}

/// Properties of [`Dialog`].
#[derive(Properties, PartialEq)]
pub(crate) struct DialogProps {
    /// The id of the heading that names it.
    pub labelled_by: AttrValue,
    /// Called by Escape and by "Close".
    pub onclose: Callback<()>,
    /// A further class.
    #[prop_or_default]
    pub class: Classes,
    /// What is in it.
    pub children: Html,
}

/// A modal dialog: keeps the focus, gives it back when it is closed, closes by Escape.
#[component]
pub(crate) fn Dialog(props: &DialogProps) -> Html {
    let node = use_node_ref();
    let said = use_ui().said;
    use_effect_with(node.clone(), |node| {
        let shown = dom::show_modal(node);
        move || drop(shown)
    });
    let oncancel = {
        let onclose = props.onclose.clone();
        Callback::from(move |event: Event| {
            // The state decides what is on screen: without this the browser would close it behind the state's back.
            event.prevent_default();
            onclose.emit(());
        })
    };
    html! {
        <dialog ref={node} class={classes!("dialog", props.class.clone())} aria-labelledby={props.labelled_by.clone()} {oncancel}>
            { props.children.clone() }
            // While the dialog is modal the page's own live region is not heard.
            <div class="said" role="status" aria-live="polite">{ said }</div>
        </dialog>
    }
}
