//! What every screen is built of: fields, alerts, dialogs. Owns their roles and names; leaves what happens to whoever uses them.

use convoke_core::{Error, ErrorCode, store::SessionAction};
use yew::prelude::*;

use super::{
    context::use_ui,
    icons::{Icon, Picture},
    strings::Text,
    words,
};
use crate::browser::dom;

/// Properties of [`TextField`].
#[derive(Properties, PartialEq)]
pub(crate) struct TextFieldProps {
    /// The id of the control; its label and help refer to it.
    pub id: AttrValue,
    /// The label.
    pub label: AttrValue,
    /// What stands in it.
    pub value: AttrValue,
    /// Called with what is typed.
    pub oninput: Callback<String>,
    /// `text`, `date` or `time`.
    #[prop_or(AttrValue::Static("text"))]
    pub kind: AttrValue,
    /// A sentence below it.
    #[prop_or_default]
    pub help: Option<AttrValue>,
    /// What is wrong with what stands in it.
    #[prop_or_default]
    pub problem: Option<AttrValue>,
    /// A hint that disappears.
    #[prop_or_default]
    pub placeholder: Option<AttrValue>,
    /// Several lines.
    #[prop_or_default]
    pub multiline: bool,
    /// It can be read and copied, not changed.
    #[prop_or_default]
    pub readonly: bool,
    /// It has the focus when it appears.
    #[prop_or_default]
    pub autofocus: bool,
}

/// A labelled text field with help and problem.
#[component]
pub(crate) fn TextField(props: &TextFieldProps) -> Html {
    let node = use_node_ref();
    let autofocus = props.autofocus;
    use_effect_with(node.clone(), move |node| {
        if autofocus {
            dom::focus(node);
        }
    });
    let help_id = props.help.as_ref().map(|_| AttrValue::from([&*props.id, "-help"].concat()));
    let problem_id = props.problem.as_ref().map(|_| AttrValue::from([&*props.id, "-problem"].concat()));
    let described = [problem_id.clone(), help_id.clone()].into_iter().flatten().map(|id| id.to_string()).collect::<Vec<_>>().join(" ");
    let described = (!described.is_empty()).then_some(described);
    let oninput = props.oninput.reform(|event: InputEvent| dom::input_value(&event));
    let invalid = props.problem.is_some().then_some("true");
    html! {
        <div class={classes!("field", props.problem.is_some().then_some("field-wrong"))}>
            <label for={props.id.clone()}>{ &props.label }</label>
            if props.multiline {
                <textarea ref={node} id={props.id.clone()} rows="4" value={props.value.clone()} placeholder={props.placeholder.clone()}
                    aria-describedby={described} aria-invalid={invalid} {oninput} dir="auto" />
            } else {
                <input ref={node} id={props.id.clone()} type={props.kind.clone()} value={props.value.clone()} placeholder={props.placeholder.clone()}
                    readonly={props.readonly} autocomplete="off" spellcheck="false" aria-describedby={described} aria-invalid={invalid} {oninput} dir="auto" />
            }
            if let (Some(problem), Some(id)) = (&props.problem, problem_id) {
                <p class="problem" {id}><Picture icon={Icon::Warning} />{ problem }</p>
            }
            if let (Some(help), Some(id)) = (&props.help, help_id) {
                <p class="help" {id}>{ help }</p>
            }
        </div>
    }
}

/// Properties of [`Choice`].
#[derive(Properties, PartialEq)]
pub(crate) struct ChoiceProps {
    /// The name of the group, which its options share.
    pub name: AttrValue,
    /// The label of the group.
    pub label: AttrValue,
    /// The labels of the options.
    pub options: Vec<AttrValue>,
    /// Which is chosen.
    pub chosen: usize,
    /// Called with the option that was chosen.
    pub onchange: Callback<usize>,
}

/// A radio group in one line.
#[component]
pub(crate) fn Choice(props: &ChoiceProps) -> Html {
    html! {
        <fieldset class="choice" role="radiogroup">
            <legend>{ &props.label }</legend>
            <div class="choice-options">
                { for props.options.iter().enumerate().map(|(index, option)| html! {
                    <label key={index} class="choice-option">
                        <input type="radio" name={props.name.clone()} checked={index == props.chosen} onchange={props.onchange.reform(move |_| index)} />
                        <span>{ option }</span>
                    </label>
                }) }
            </div>
        </fieldset>
    }
}

/// Properties of [`Alert`].
#[derive(Properties, PartialEq)]
pub(crate) struct AlertProps {
    /// What happened.
    pub error: Error,
    /// Called by "Try again", where that can help.
    #[prop_or_default]
    pub retry: Option<Callback<MouseEvent>>,
}

/// A failure where the person is looking: what happened, what to do, and what to tell support.
#[component]
pub(crate) fn Alert(props: &AlertProps) -> Html {
    let ui = use_ui();
    let copied = use_state(|| false);
    let copy = {
        let (copied, error) = (copied.clone(), props.error.clone());
        Callback::from(move |_| {
            dom::copy(&words::error_details(&error));
            copied.set(true);
        })
    };
    // Where only a sign-in helps, trying again would fail again; what is on the screen and typed survives it.
    let (label, retry) = if props.error.needs_sign_in() {
        let asks = matches!(props.error.code(), ErrorCode::ConsentRequired | ErrorCode::ClaimsChallenge);
        (if asks { Text::Continue } else { Text::SignInAgain }, Some(ui.on(SessionAction::SignIn)))
    } else {
        (Text::TryAgain, props.retry.clone())
    };
    html! {
        <div class="alert" role="alert">
            <Picture icon={Icon::Warning} />
            <div class="alert-body">
                <p>{ words::error(&ui, &props.error) }</p>
                if let Some(id) = &props.error.details().request_id {
                    <p class="help">{ ui.with(Text::ErrorReference, &[("id", id)]) }</p>
                }
                <div class="alert-actions">
                    if let Some(retry) = retry {
                        <button type="button" class="button" onclick={retry}>{ ui.text(label) }</button>
                    }
                    <button type="button" class="button button-quiet" onclick={copy}>
                        { ui.text(if *copied { Text::Copied } else { Text::CopyDetails }) }
                    </button>
                </div>
            </div>
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
        </dialog>
    }
}

/// Properties of [`Progress`].
#[derive(Properties, PartialEq)]
pub(crate) struct ProgressProps {
    /// What is done, in words.
    pub label: AttrValue,
    /// Parts done and parts in all, where that is known.
    #[prop_or_default]
    pub parts: Option<(usize, usize)>,
}

/// Long work.
#[component]
pub(crate) fn Progress(props: &ProgressProps) -> Html {
    let (value, max) = props.parts.map_or((None, None), |(done, total)| (Some(done.to_string()), Some(total.to_string())));
    html! {
        <div class="progress">
            <progress aria-label={props.label.clone()} {value} {max} />
            <span aria-hidden="true">{ &props.label }</span>
        </div>
    }
}
