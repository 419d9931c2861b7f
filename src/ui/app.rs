//! The root component: joins the running program to the components, and gives them their surroundings.

use std::rc::Rc;

use convoke_core::{
    auth::protocol::admin_consent_url,
    store::{Action, State},
    time::{Zone, Zones},
};
use yew::prelude::*;

use super::{Later, context::Ui, format::Formats, shell::Shell, strings::Strings, words};

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
    /// The names of all zones that the browser knows, when they are asked for.
    pub zone_names: Callback<(), Vec<String>>,
}

impl PartialEq for AppProps {
    fn eq(&self, other: &Self) -> bool {
        self.dispatch == other.dispatch && self.listen == other.listen
    }
}

/// What the live region says.
#[must_use]
pub fn said(ui: &Ui, state: &State) -> String {
    state.notice.as_ref().map(|notice| words::notice(ui, notice)).unwrap_or_default()
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
    let redirect_uri = props.redirect_uri.emit(());
    let admin_link = {
        let (config, redirect_uri) = (state.config.clone(), redirect_uri.clone());
        Callback::from(move |scopes: Vec<String>| {
            let config = config.as_ref()?;
            admin_consent_url(&config.session, &redirect_uri, &scopes).map(AttrValue::from)
        })
    };
    let mut ui = Ui {
        dispatch: props.dispatch.clone(),
        strings: words.0.clone(),
        formats: words.1.clone(),
        zone: props.zones.get(&state.preferences.time_zone).unwrap_or_else(|| Rc::new(Zone::utc())),
        zones: Rc::clone(&props.zones),
        now: props.now.emit(()),
        later: props.later.emit(()),
        said: AttrValue::default(),
        zone_names: props.zone_names.clone(),
        admin_link,
    };
    ui.said = said(&ui, &state).into();
    html! {
        <ContextProvider<Ui> context={ui}>
            <Shell state={(*state).clone()} {redirect_uri} />
        </ContextProvider<Ui>>
    }
}
