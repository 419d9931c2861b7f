//! Runs the program: takes actions, asks the reducer, carries out its effects and tells whoever draws. Owns the one `State`; decides
//! nothing itself.

mod requests;
mod self_test;
mod signing;

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use convoke_core::{
    Error,
    auth::{answer::Answer, protocol::SignIn},
    config::AppConfig,
    graph,
    store::{Action, Effect, Env, Preferences, Rank, Restored, SessionAction, State, reduce, snapshot},
    time::Zones,
};

use self::requests::Running;
use crate::{
    browser::{
        config, intl, page,
        storage::{self, Slot},
    },
    client::{Client, ClientOptions, LocalBoxFuture, TokenRequest},
    diagnose::SelfTest,
    session::Session,
};

/// The running program. Clones share it.
#[derive(Clone)]
pub struct Runtime(Rc<Inner>);

/// Who is told of every change.
type Listener = Rc<dyn Fn(Rc<State>)>;

struct Inner {
    state: RefCell<Rc<State>>,
    zones: Rc<Zones>,
    session: RefCell<Option<(Rc<AppConfig>, Session)>>,
    client: RefCell<Option<Client>>,
    answer: RefCell<Option<Answer>>,
    /// Whether the session has said who is here: what changes after that is news.
    is_started: Cell<bool>,
    listener: RefCell<Option<Listener>>,
    loader: Loader,
    loaded: Cell<Option<Loaded>>,
    running: Running,
}

/// What of the program was left out of the first load, as far as it concerns the runtime.
#[derive(Clone, Copy)]
pub struct Loaded {
    /// The engine.
    pub rank: Rank,
    /// The self-test.
    pub test: SelfTest,
}

/// Loads it.
pub type Loader = Box<dyn Fn() -> LocalBoxFuture<Result<Loaded, Error>>>;

impl Runtime {
    /// A program that has not begun. `answer` is what the sign-in left in the address, taken out before anything else ran.
    #[must_use]
    pub fn new(answer: Option<Answer>, loader: Loader) -> Self {
        let mut state = State { route: page::route(), ..State::default() };
        state.preferences.time_zone = intl::own_zone();
        state.preferences.locale = intl::own_locale();
        state.preferences.first_day = intl::first_day(&state.preferences.locale);
        state.offline = page::is_offline();
        Self(Rc::new(Inner {
            state: RefCell::new(Rc::new(state)),
            zones: Rc::new(Zones::new(intl::zone)),
            session: RefCell::default(),
            client: RefCell::default(),
            answer: RefCell::new(answer),
            is_started: Cell::new(false),
            listener: RefCell::default(),
            loader,
            loaded: Cell::default(),
            running: Running::default(),
        }))
    }

    /// Reads the configuration and starts the session. Call once, after `listen`.
    pub fn begin(&self) {
        if let Some(saved) = storage::read_json(Slot::Page) {
            self.dispatch(SessionAction::Restored(Box::new(Restored(saved))).into());
        }
        let runtime = self.clone();
        page::on_change(move |change| runtime.dispatch(change));
        self.configure();
    }

    fn configure(&self) {
        let runtime = self.clone();
        page::spawn(async move {
            let found = config::load().await;
            runtime.dispatch(SessionAction::Configured(Box::new(found)).into());
            // Also without a configuration: what was chosen before a reload counts.
            runtime.prefer();
        });
    }

    /// Who is told of every change.
    pub fn listen(&self, listener: impl Fn(Rc<State>) + 'static) {
        *self.0.listener.borrow_mut() = Some(Rc::new(listener));
    }

    /// What is known now.
    #[must_use]
    pub fn state(&self) -> Rc<State> {
        self.0.state.borrow().clone()
    }

    /// All zones.
    #[must_use]
    pub fn zones(&self) -> Rc<Zones> {
        Rc::clone(&self.0.zones)
    }

    /// The redirect URI that has to be registered.
    #[must_use]
    pub fn redirect_uri(&self) -> String {
        let state = self.state();
        let config = state.config.as_deref().or(state.connect.draft.as_ref().map(|draft| draft.settings()));
        config.and_then(|config| config.session.redirect_uri.clone()).unwrap_or_else(page::own_address)
    }

    /// Takes in that something happened.
    pub fn dispatch(&self, action: Action) {
        let env =
            Env { now: page::now(), zones: &self.0.zones, fresh_id: &page::fresh_id, rank: self.0.loaded.get().map(|loaded| loaded.rank) };
        let effects = reduce(Rc::make_mut(&mut self.0.state.borrow_mut()), action, &env);
        let state = self.state();
        for effect in effects {
            self.perform(effect, &state);
        }
        let listener = self.0.listener.borrow().clone();
        if let Some(listener) = listener {
            // Not what this action left: an effect may have dispatched another one meanwhile.
            listener(self.state());
        }
    }

    /// What the person chose goes before what the deployer says, and that before what the browser says.
    fn prefer(&self) {
        let state = self.state();
        let connect = &state.connect;
        let deployed = connect.configured.as_deref().or(connect.draft.as_ref().map(|draft| draft.settings()));
        // An empty choice is "As the system", against the deployer too.
        let first =
            |chosen: &Option<String>, deployed: Option<&String>| chosen.as_ref().or(deployed).filter(|text| !text.is_empty()).cloned();
        let locale = first(&state.chosen.locale, deployed.and_then(|config| config.locale.as_ref())).unwrap_or_else(intl::own_locale);
        let zone = first(&state.chosen.time_zone, deployed.and_then(|config| config.time_zone.as_ref())).and_then(|name| {
            let zone = self.0.zones.get(&name);
            if zone.is_none() {
                page::warn(&["convoke: this browser knows no time zone ", &name].concat());
            }
            zone
        });
        let preferences = Preferences {
            time_zone: zone.map_or_else(intl::own_zone, |zone| zone.name().to_owned()),
            first_day: intl::first_day(&locale),
            locale,
            theme: state.chosen.theme.or(deployed.map(|config| config.theme)).unwrap_or_default(),
        };
        self.dispatch(Action::Preferred(preferences));
    }

    fn perform(&self, effect: Effect, state: &Rc<State>) {
        match effect {
            Effect::Remember => storage::write_json(Slot::Page, &snapshot(state)),
            Effect::Forget => storage::remove(Slot::Page),
            Effect::Navigate(route) => page::set_route(route),
            Effect::Configure => self.configure(),
            Effect::Prefer => self.prefer(),
            Effect::StartSession => self.start_session(state),
            Effect::SignIn { scopes, claims, login_hint, prompt } => {
                self.sign_in(state, SignIn { scopes, claims, login_hint, prompt, ..SignIn::default() });
            }
            Effect::LoadLater(generation) => self.load_later(generation),
            Effect::SignOut => self.sign_out(None, false),
            Effect::SignOutOf(id) => self.sign_out(Some(id), false),
            Effect::SignOutEverywhere => self.sign_out(None, true),
            Effect::Switch(id) => self.switch(&id),
            Effect::OpenWindowAgain => self.open_window_again(),
            Effect::CancelSignIn => self.cancel_sign_in(),
            Effect::Test(generation) => self.test(state, generation),
            Effect::StopTest => self.0.running.stop_test(),
            effect => match self.client() {
                Some(client) => self.call(client, effect),
                None => page::warn("convoke: a request was made before the sign-in"),
            },
        }
    }

    fn load_later(&self, generation: u32) {
        let (runtime, loading) = (self.clone(), (self.0.loader)());
        page::spawn(async move {
            let answer = loading.await.map(|loaded| runtime.0.loaded.set(Some(loaded)));
            runtime.dispatch(Action::Later(generation, answer));
        });
    }

    fn client(&self) -> Option<Client> {
        if let Some(client) = self.0.client.borrow().as_ref() {
            return Some(client.clone());
        }
        let (config, session) = self.0.session.borrow().clone()?;
        // Its own: a client never asks for another account with this one's requests.
        let account = session.account()?.id;
        let token = move |request: TokenRequest| -> LocalBoxFuture<Result<convoke_core::auth::Secret, Error>> {
            let (session, account) = (session.clone(), account.clone());
            Box::pin(async move {
                let request = crate::session::TokenRequest {
                    scopes: &request.scopes,
                    claims: request.claims.as_deref(),
                    rejected: request.rejected.as_ref(),
                    account: Some(&account),
                };
                session.token(request).await
            })
        };
        let mut options = ClientOptions::new(config.graph_base_url.clone(), Rc::new(token));
        options.hosts.clone_from(&config.graph_hosts);
        let runtime = self.clone();
        options.on_pause = Some(Rc::new(move |pause| runtime.count_down(pause)));
        if let Some(mailbox) = &config.mailbox {
            options.mailbox = graph::Mailbox::User(mailbox.clone());
        }
        // The configuration was checked when it was read, so this fails only if the two checks differ.
        let client = Client::new(options).map_err(|error| page::warn(error.message())).ok()?;
        *self.0.client.borrow_mut() = Some(client.clone());
        Some(client)
    }
}
