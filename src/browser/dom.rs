//! What components may do to the page beside drawing it: focus, values, dialogs, measures, styles through CSSOM. The only module of
//! `browser` that the interface uses.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{
    Document, Element, Event, FocusEvent, HtmlDialogElement, HtmlElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement,
    MouseEvent, Node,
};
use yew::NodeRef;

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// What stands in the field that an input event came from.
#[must_use]
pub fn input_value(event: &Event) -> String {
    let Some(target) = event.target() else { return String::new() };
    match target.dyn_into::<HtmlInputElement>() {
        Ok(input) => input.value(),
        Err(other) => other.dyn_into::<HtmlTextAreaElement>().map(|area| area.value()).unwrap_or_default(),
    }
}

/// What is chosen in the list that a change event came from.
#[must_use]
pub fn changed_value(event: &Event) -> String {
    event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok()).map(|select| select.value()).unwrap_or_default()
}

/// The text that a paste event brings; empty where it brings none.
#[must_use]
pub fn pasted_text(event: &Event) -> String {
    event
        .dyn_ref::<web_sys::ClipboardEvent>()
        .and_then(web_sys::ClipboardEvent::clipboard_data)
        .and_then(|data| data.get_data("text").ok())
        .unwrap_or_default()
}

/// Puts the focus on the element with this id, if there is one.
pub fn focus_id(id: &str) {
    if let Some(element) =
        document().and_then(|document| document.get_element_by_id(id)).and_then(|element| element.dyn_into::<HtmlElement>().ok())
    {
        focus_element(&element);
    }
}

/// Puts the focus on an element, but only if the focus is inside of that container already: moving a cell must not steal it.
pub fn move_focus_within(container: &str, id: &str) {
    let Some(document) = document() else { return };
    let inside = document
        .get_element_by_id(container)
        .is_some_and(|container| container.contains(document.active_element().map(Node::from).as_ref()));
    // A row that is drawn anew takes its focused cell away, and the browser then gives the focus to the body.
    let lost =
        document.active_element().is_none_or(|active| active.tag_name() == "BODY") && FOCUS_WAS_IN.with(|was| *was.borrow() == container);
    if inside || lost {
        FOCUS_WAS_IN.with(|was| container.clone_into(&mut was.borrow_mut()));
        focus_id(id);
    }
}

thread_local! {
    static FOCUS_WAS_IN: std::cell::RefCell<String> = const { std::cell::RefCell::new(String::new()) };
    static OPEN_DIALOGS: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
    static FIRST_SCREEN: std::cell::Cell<bool> = const { std::cell::Cell::new(true) };
}

/// Puts the focus on the screen's heading, except on the first screen: a page that just opened is read from its beginning.
pub fn focus_heading_after_navigation() {
    if !FIRST_SCREEN.with(|first| first.replace(false))
        && let Some(heading) = document()
            .and_then(|document| document.query_selector("main h1").ok().flatten())
            .and_then(|element| element.dyn_into::<HtmlElement>().ok())
    {
        focus_element(&heading);
    }
}

fn focus_element(element: &HtmlElement) {
    // An element that cannot take the focus is no reason to fail.
    let _ = element.focus();
}

/// Whether the focus goes to another element inside of the one with this id. The event's own `currentTarget` would be the page: Yew
/// listens there for all components.
#[must_use]
pub fn focus_stays_in(event: &FocusEvent, id: &str) -> bool {
    let container = document().and_then(|document| document.get_element_by_id(id));
    let next = event.related_target().and_then(|target| target.dyn_into::<Node>().ok());
    container.zip(next).is_some_and(|(container, next)| container.contains(Some(&next)))
}

/// A modal dialog that is shown; closes it and gives the focus back when dropped.
pub struct ShownDialog {
    dialog: Option<HtmlDialogElement>,
    before: Option<HtmlElement>,
}

/// The page's own live region. A modal dialog makes it inert and speaks through one of its own, so that it must not be found beside it.
const LIVE_REGION: &str = "said";

fn set_page_live(live: bool) {
    let dialogs = OPEN_DIALOGS.with(|open| {
        open.set(if live { open.get().saturating_sub(1) } else { open.get() + 1 });
        open.get()
    });
    if let Some(region) =
        document().and_then(|document| document.get_element_by_id(LIVE_REGION)).and_then(|region| region.dyn_into::<HtmlElement>().ok())
    {
        region.set_hidden(dialogs > 0);
    }
}

/// Shows a dialog over everything else.
#[must_use]
pub fn show_modal(node: &NodeRef) -> ShownDialog {
    let before = document().and_then(|document| document.active_element()).and_then(|element| element.dyn_into::<HtmlElement>().ok());
    let dialog = node.cast::<HtmlDialogElement>();
    if let Some(dialog) = &dialog
        && dialog.show_modal().is_err()
    {
        // Already open, or not in the page any more.
        dialog.set_open(true);
    }
    set_page_live(false);
    ShownDialog { dialog, before }
}

impl Drop for ShownDialog {
    fn drop(&mut self) {
        set_page_live(true);
        if let Some(dialog) = &self.dialog {
            dialog.close();
        }
        if let Some(before) = self.before.as_ref().filter(|before| before.is_connected()) {
            focus_element(before);
        }
    }
}

/// Sets an attribute of the root element.
pub fn set_root(name: &str, value: &str) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        // Fails only for names that are no attribute names.
        let _ = root.set_attribute(name, value);
    }
}

/// Sets a style property by CSSOM: the policy that this page runs under drops `style` attributes.
pub fn set_style(node: &NodeRef, name: &str, value: &str) {
    if let Some(element) = node.cast::<HtmlElement>() {
        // Fails only where the property is read-only.
        let _ = element.style().set_property(name, value);
    }
}

/// Scrolls a box along the reading direction so that the point so many pixels from its start is seen.
pub fn scroll_to_column(node: &NodeRef, x: f64) {
    let Some(element) = node.cast::<Element>() else { return };
    let width = f64::from(element.client_width());
    let start = f64::from(element.scroll_left()).abs();
    if x < start + 40.0 || x > start + width * 0.6 {
        let right_to_left = is_right_to_left(&element);
        let target = (x - width * 0.25).max(0.0);
        #[expect(clippy::cast_possible_truncation, reason = "pixels of a page")]
        element.set_scroll_left(if right_to_left { -target } else { target } as i32);
    }
}

/// How far from the start of its element, in reading direction, a click was.
#[must_use]
pub fn inline_position(event: &MouseEvent) -> Option<f64> {
    let element = event.current_target()?.dyn_into::<Element>().ok()?;
    let bounds = element.get_bounding_client_rect();
    let x = f64::from(event.client_x());
    Some(if is_right_to_left(&element) { bounds.right() - x } else { x - bounds.left() })
}

fn is_right_to_left(element: &Element) -> bool {
    element.closest("[dir]").ok().flatten().and_then(|root| root.get_attribute("dir")).as_deref() == Some("rtl")
}

/// Copies a text. A browser that refuses is let be: the text is on the screen.
pub fn copy(text: &str) {
    if let Some(window) = web_sys::window() {
        let ignore = Closure::once_into_js(|_: JsValue| ());
        let promise = window.navigator().clipboard().write_text(text);
        if let Some(ignore) = ignore.dyn_ref::<js_sys::Function>() {
            // Without a handler a refusal would be an unhandled rejection in the console.
            let _ = js_sys::Reflect::get(&promise, &"catch".into())
                .ok()
                .and_then(|catch| catch.dyn_into::<js_sys::Function>().ok())
                .map(|catch| catch.call1(&promise, ignore));
        }
    }
}
