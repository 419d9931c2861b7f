//! The frame around every screen: skip link, banner, views, live region, and what concerns the whole page.

use convoke_core::{
    auth::Feature,
    store::{Route, State, View, seconds_until},
};
use yew::prelude::*;

use super::{
    account_menu::menus,
    calendar::calendar_screen,
    connect::{connect_screen, field_id},
    context::{Ui, use_ui},
    controls::{alert, behind, progress},
    icons::{Icon, picture},
    sign_in,
    strings::Text,
    words,
};
use crate::browser::dom;

/// Properties of [`Shell`].
#[derive(Properties, PartialEq)]
pub struct ShellProps {
    /// Everything.
    pub state: std::rc::Rc<State>,
    /// The redirect URI to register, for the Connect screen.
    pub redirect_uri: AttrValue,
}

/// The frame around every screen.
#[component]
pub fn Shell(props: &ShellProps) -> Html {
    let ui = use_ui();
    let state = &*props.state;
    let session = state.session.as_str();
    use_effect_with((session, state.preferences.theme, ui.strings.direction()), |(session, theme, direction)| {
        dom::set_root("data-session", session);
        dom::set_root("data-theme", theme.as_str());
        dom::set_root("dir", direction);
    });
    // Where something is wrong, or was looked up, the person is led there.
    use_effect_with(state.attention, |(_, field)| {
        if let Some(field) = field {
            dom::focus_id(field_id(*field));
        }
    });
    // A new screen is read from its heading on, as a new page would be.
    use_effect_with(state.route.view, |_| dom::focus_heading_after_navigation());
    let signed_in = state.session.account().is_some();
    html! {
        <>
            <a class="skip" href="#main" onclick={Callback::from(|event: MouseEvent| { event.prevent_default(); dom::focus_id("main"); })}>{ ui.text(Text::SkipToContent) }</a>
            { banner(&ui, state) }
            <div class="frame">
                if signed_in { { views(&ui, state.route.view) } }
                <main id="main" tabindex="-1">
                    if state.offline { <p class="stale" role="alert">{ ui.text(Text::OfflineBanner) }</p> }
                    { pause(&ui, state) }
                    if let Some(error) = &state.expired {
                        { alert(&ui, error, None) }
                    }
                    { sign_in::window_notice(&ui, state) }
                    if state.route.view != View::Connection { { sign_in::denied(&ui, state) } }
                    { screen(&ui, props) }
                </main>
            </div>
            if let (Some(editor), true) = (&state.editor, signed_in) {
                { behind(&ui, state, |later| (later.editor)(editor, &state.picker)) }
            }
            <div id="said" class="said" role="status" aria-live="polite">{ &ui.said }</div>
            { toast(&ui, state) }
        </>
    }
}

fn screen(ui: &Ui, props: &ShellProps) -> Html {
    use convoke_core::store::SessionPhase;
    let state = &props.state;
    match &state.session {
        SessionPhase::Starting => html! { <div class="centred">{ progress(&ui.text(Text::Loading), None) }</div> },
        SessionPhase::SignedIn(_) => match state.route.view {
            View::Calendar => calendar_screen(ui, &state.calendar, state.denied(Feature::CalendarWrite).is_empty()),
            View::Assistant => behind(ui, state, |later| (later.assistant)(state)),
            View::Connection => behind(ui, state, |later| (later.connection)(ui, state, &props.redirect_uri)),
        },
        _ => connect_screen(ui, state, &props.redirect_uri),
    }
}

fn banner(ui: &Ui, state: &State) -> Html {
    html! {
        <header class="banner" role="banner">
            <span class="brand"><span class="brand-mark" aria-hidden="true"></span>{ ui.text(Text::AppName) }</span>
            { menus(ui, state) }
        </header>
    }
}

/// Microsoft asked to wait. The seconds are for eyes alone: a live region that counts would never be silent.
fn pause(ui: &Ui, state: &State) -> Html {
    let Some(until) = state.paused_until else { return Html::default() };
    let seconds = seconds_until(until, ui.now).to_string();
    html! { <p class="stale" aria-hidden="true">{ picture(Icon::Clock) }{ ui.with(Text::Paused, &[("seconds", &seconds)]) }</p> }
}

fn views(ui: &Ui, current: View) -> Html {
    let views = [
        (View::Calendar, Text::ViewCalendar, Icon::Calendar),
        (View::Assistant, Text::ViewAssistant, Icon::Assistant),
        (View::Connection, Text::ViewConnection, Icon::Connection),
    ];
    html! {
        <nav class="views" aria-label={ui.text(Text::Views)}>
            { for views.into_iter().map(|(view, text, icon)| html! {
                <a key={text.name()} href={Route { view, date: None }.hash()} class="view" aria-current={(view == current).then_some("page")}>
                    { picture(icon) }<span>{ ui.text(text) }</span>
                </a>
            }) }
        </nav>
    }
}

/// What was just done, for eyes: the live region says the same to ears.
fn toast(ui: &Ui, state: &State) -> Html {
    use convoke_core::store::Notice::{Booked, ConnectionWorks, Copied, DraftKept, NotKept, Responded, SignedOut, Switched, Tested};
    match &state.notice {
        Some(
            notice
            @ (Booked { .. } | Responded(..) | DraftKept | NotKept | SignedOut | ConnectionWorks | Copied | Switched(_) | Tested(..)),
        ) => {
            let text = words::notice(ui, notice);
            html! { <div class="toast" aria-hidden="true" key={text.clone()}>{ picture(Icon::Check) }{ text }</div> }
        }
        _ => Html::default(),
    }
}
