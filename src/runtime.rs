//! Runs the program: takes actions, asks the reducer, carries out its effects and tells whoever draws. Owns the one `State`; decides
//! nothing itself.

mod requests;
mod signing;

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use convoke_core::{
    Error,
    auth::{answer::Answer, protocol::SignIn},
    config::{AppConfig, Found},
    graph,
    store::{Action, Effect, Env, Rank, Restored, SessionAction, State, reduce, snapshot},
    time::Zones,
};

use self::requests::Running;
use crate::{
    browser::{
        config, intl, page,
        storage::{self, Slot},
    },
    client::{Client, ClientOptions, LocalBoxFuture, TokenRequest},
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
    rank: Cell<Option<Rank>>,
    running: Running,
}

/// Loads what of the program was left out of the first load; of that, the engine concerns the runtime.
pub type Loader = Box<dyn Fn() -> LocalBoxFuture<Result<Rank, Error>>>;

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
            rank: Cell::default(),
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
        let runtime = self.clone();
        page::spawn(async move {
            let found = config::load().await;
            if let Ok(found) = &found {
                runtime.prefer(found);
            }
            runtime.dispatch(SessionAction::Configured(Box::new(found)).into());
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
        let configured = self.state().config.as_ref().and_then(|config| config.session.redirect_uri.clone());
        configured.unwrap_or_else(page::own_address)
    }

    /// Takes in that something happened.
    pub fn dispatch(&self, action: Action) {
        let env = Env { now: page::now(), zones: &self.0.zones, fresh_id: &page::fresh_id, rank: self.0.rank.get() };
        let effects = reduce(Rc::make_mut(&mut self.0.state.borrow_mut()), action, &env);
        let state = self.state();
        for effect in effects {
            self.perform(effect, &state);
        }
        let listener = self.0.listener.borrow().clone();
        if let Some(listener) = listener {
            listener(state);
        }
    }

    /// What the deployer prefers goes before what the browser says.
    fn prefer(&self, found: &Found) {
        let config = match found {
            Found::Complete(config) => config,
            Found::WithoutClientId(draft) => draft.settings(),
        };
        let mut state = self.0.state.borrow_mut();
        let preferences = &mut Rc::make_mut(&mut state).preferences;
        if let Some(locale) = &config.locale {
            preferences.first_day = intl::first_day(locale);
            preferences.locale.clone_from(locale);
        }
        if let Some(zone) = &config.time_zone {
            match self.0.zones.get(zone) {
                Some(zone) => zone.name().clone_into(&mut preferences.time_zone),
                None => page::warn(&["convoke: timeZone in config.json is not known: ", zone].concat()),
            }
        }
        if preferences.theme == convoke_core::config::Theme::Auto {
            preferences.theme = config.theme;
        }
    }

    fn perform(&self, effect: Effect, state: &Rc<State>) {
        match effect {
            Effect::Remember => storage::write_json(Slot::Page, &snapshot(state)),
            Effect::Forget => storage::remove(Slot::Page),
            Effect::Navigate(route) => page::set_route(route),
            Effect::StartSession => self.start_session(state),
            Effect::SignIn { scopes, claims, login_hint } => {
                self.sign_in(state, SignIn { scopes, claims, login_hint, ..SignIn::default() });
            }
            Effect::SignOut => self.sign_out(),
            Effect::LoadLater(generation) => self.load_later(generation),
            Effect::OpenWindowAgain => self.open_window_again(),
            Effect::CancelSignIn => self.cancel_sign_in(),
            effect => match self.client() {
                Some(client) => self.call(client, effect),
                None => page::warn("convoke: a request was made before the sign-in"),
            },
        }
    }

    fn load_later(&self, generation: u32) {
        let (runtime, loading) = (self.clone(), (self.0.loader)());
        page::spawn(async move {
            let answer = loading.await.map(|rank| runtime.0.rank.set(Some(rank)));
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
        if let Some(mailbox) = &config.mailbox {
            options.mailbox = graph::Mailbox::User(mailbox.clone());
        }
        // The configuration was checked when it was read, so this fails only if the two checks differ.
        let client = Client::new(options).map_err(|error| page::warn(error.message())).ok()?;
        *self.0.client.borrow_mut() = Some(client.clone());
        Some(client)
    }
}
