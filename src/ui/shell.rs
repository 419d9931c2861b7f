//! The frame around every screen: skip link, banner, views, live region, and what concerns the whole page.

use convoke_core::{
    config::Theme,
    store::{Action, Route, SessionAction, State, View},
};
use yew::prelude::*;

use super::{
    calendar::calendar_screen,
    connect::connect_screen,
    context::{Ui, use_ui},
    controls::{alert, progress},
    icons::{Icon, picture},
    people_picker::initials,
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
                    if let Some(error) = &state.expired {
                        { alert(&ui, error, None) }
                    }
                    { sign_in::window_notice(&ui, state) }
                    { screen(&ui, props) }
                </main>
            </div>
            if let (Some(editor), true) = (&state.editor, signed_in) {
                { ui.later.map_or_else(|| html! { <div class="toast">{ missing(&ui, state) }</div> }, |later| (later.editor)(editor, &state.picker)) }
            }
            <div class="said" role="status" aria-live="polite">{ state.notice.as_ref().map(|notice| words::notice(&ui, notice)).unwrap_or_default() }</div>
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
            View::Calendar => calendar_screen(ui, &state.calendar),
            View::Assistant => ui.later.map_or_else(|| missing(ui, state), |later| (later.assistant)(state)),
            View::Connection => ui.later.map_or_else(|| missing(ui, state), |later| (later.connection)(ui, state, &props.redirect_uri)),
        },
        _ => connect_screen(ui, state, &props.redirect_uri),
    }
}

/// In place of what is not loaded yet.
fn missing(ui: &Ui, state: &State) -> Html {
    match &state.later.error {
        Some(error) => alert(ui, error, Some(ui.on(Action::LoadLater))),
        None => html! { <div class="centred">{ progress(&ui.text(Text::Loading), None) }</div> },
    }
}

fn banner(ui: &Ui, state: &State) -> Html {
    let person = state.session.account().map(|account| {
        let name = account.name.clone().unwrap_or_else(|| account.username.clone());
        html! { <AccountMenu {name} username={account.username.clone()} theme={state.preferences.theme} /> }
    });
    html! {
        <header class="banner" role="banner">
            <span class="brand"><span class="brand-mark" aria-hidden="true"></span>{ ui.text(Text::AppName) }</span>
            if let Some(person) = person { { person } } else { { theme_choice(ui, state.preferences.theme) } }
        </header>
    }
}

/// Properties of [`AccountMenu`].
#[derive(Properties, PartialEq)]
struct AccountMenuProps {
    name: AttrValue,
    username: AttrValue,
    theme: Theme,
}

/// The button that is named by the person, and what it opens. Escape and leaving it close it.
#[component]
fn AccountMenu(props: &AccountMenuProps) -> Html {
    let ui = use_ui();
    let open = use_state_eq(|| false);
    let toggle = {
        let open = open.clone();
        Callback::from(move |_| open.set(!*open))
    };
    let onkeydown = {
        let open = open.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" && *open {
                open.set(false);
                dom::focus_id("account");
            }
        })
    };
    let onfocusout = {
        let open = open.clone();
        Callback::from(move |event: FocusEvent| {
            if !dom::focus_stays_within(&event) {
                open.set(false);
            }
        })
    };
    html! {
        <div class="menu" {onkeydown} {onfocusout}>
            <button type="button" id="account" class="account" aria-expanded={open.to_string()} aria-controls="account-menu" onclick={toggle}>
                <span class="avatar" aria-hidden="true">{ initials(&props.name) }</span>
                <span class="account-name"><bdi>{ &props.name }</bdi></span>
            </button>
            <div id="account-menu" class="menu-body" tabindex="-1" hidden={!*open}>
                <p class="menu-person"><bdi>{ &props.name }</bdi><span class="help"><bdi>{ &props.username }</bdi></span></p>
                { theme_choice(&ui, props.theme) }
                <button type="button" class="button" onclick={ui.on(SessionAction::SignOut)}>{ ui.text(Text::SignOut) }</button>
            </div>
        </div>
    }
}

fn theme_choice(ui: &Ui, theme: Theme) -> Html {
    let onchange = {
        let ui = ui.clone();
        Callback::from(move |event: Event| {
            if let Some(theme) = Theme::parse(&dom::changed_value(&event)) {
                ui.send(Action::Theme(theme));
            }
        })
    };
    let options = [(Theme::Auto, Text::ThemeAuto), (Theme::Light, Text::ThemeLight), (Theme::Dark, Text::ThemeDark)];
    html! {
        <label class="select-line">
            <span>{ ui.text(Text::Theme) }</span>
            <select {onchange}>
                { for options.into_iter().map(|(value, text)| html! {
                    <option key={value.as_str()} value={value.as_str()} selected={value == theme}>{ ui.text(text) }</option>
                }) }
            </select>
        </label>
    }
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
    use convoke_core::store::Notice::{Booked, ConnectionWorks, DraftKept, NotKept, Responded, SignedOut};
    match &state.notice {
        Some(notice @ (Booked { .. } | Responded(..) | DraftKept | NotKept | SignedOut | ConnectionWorks)) => {
            let text = words::notice(ui, notice);
            html! { <div class="toast" aria-hidden="true" key={text.clone()}>{ picture(Icon::Check) }{ text }</div> }
        }
        _ => Html::default(),
    }
}
