//! The root component: joins the running program to the components, and gives them their surroundings.

use std::rc::Rc;

use convoke_core::{
    store::{Action, State},
    time::{Zone, Zones},
};
use yew::prelude::*;

use super::{Later, context::Ui, format::Formats, shell::Shell, strings::Strings};

/// How the root component is joined to the program, without knowing it.
#[derive(Clone, Properties)]
pub struct AppProps {
    /// The state to begin with.
    pub state: Rc<State>,
    /// Says that something happened.
    pub dispatch: Callback<Action>,
    /// Takes who is to be told of every change.
    pub listen: Callback<Callback<Rc<State>>>,
    /// All zones.
    pub zones: Rc<Zones>,
    /// Dates and times in words, for a locale.
    pub formats: Callback<AttrValue, Formats>,
    /// The present instant, when it is asked for.
    pub now: Callback<(), chrono::DateTime<chrono::Utc>>,
    /// What is loaded after the first screen, once it is there.
    pub later: Callback<(), Option<Later>>,
    /// The redirect URI to register, when it is asked for.
    pub redirect_uri: Callback<(), AttrValue>,
}

impl PartialEq for AppProps {
    fn eq(&self, other: &Self) -> bool {
        self.dispatch == other.dispatch && self.listen == other.listen
    }
}

/// The root component.
#[component]
pub fn App(props: &AppProps) -> Html {
    let state = use_state(|| Rc::clone(&props.state));
    {
        let setter = state.setter();
        use_effect_with((), {
            let listen = props.listen.clone();
            move |()| listen.emit(Callback::from(move |state: Rc<State>| setter.set(state)))
        });
    }
    let locale = state.preferences.locale.clone();
    let words = use_memo(locale, {
        let formats = props.formats.clone();
        move |locale| (Strings::for_locale(locale), formats.emit(locale.clone().into()))
    });
    let ui = Ui {
        dispatch: props.dispatch.clone(),
        strings: words.0.clone(),
        formats: words.1.clone(),
        zone: props.zones.get(&state.preferences.time_zone).unwrap_or_else(|| Rc::new(Zone::utc())),
        zones: Rc::clone(&props.zones),
        now: props.now.emit(()),
        later: props.later.emit(()),
    };
    html! {
        <ContextProvider<Ui> context={ui}>
            <Shell state={(*state).clone()} redirect_uri={props.redirect_uri.emit(())} />
        </ContextProvider<Ui>>
    }
}
