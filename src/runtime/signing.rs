//! Signing in and out, for the running program. Owns the one session and what its changes mean for the state; leaves everything else about
//! accounts to the session.

use std::rc::Rc;

use convoke_core::{
    auth::{machine::Change, protocol::SignIn},
    config::AppConfig,
    store::{Action, SessionAction, SignedIn, State},
};

use super::Runtime;
use crate::{
    browser::{fetch, page},
    session::{Session, Start},
};

impl Runtime {
    pub(super) fn start_session(&self, state: &State) {
        let Some(config) = &state.config else { return };
        let session = self.session(config);
        let answer = self.0.answer.borrow_mut().take();
        let runtime = self.clone();
        page::spawn(async move {
            let Start { account, error, known, note, .. } = session.start(answer).await;
            if let Some(note) = note {
                runtime.dispatch(SessionAction::Noted(note).into());
            }
            runtime.tell_accounts(&session);
            if let Some(known) = known {
                runtime.dispatch(SessionAction::Known(known).into());
            }
            // A callback page shows what the address named before the sign-in.
            let route = page::route();
            if route != runtime.state().route {
                runtime.dispatch(Action::Navigated(route));
            }
            if let Some(account) = account {
                let granted = Rc::new(session.granted());
                runtime.dispatch(SessionAction::Started(Ok(Some(SignedIn { account, granted }))).into());
                if let Some(error) = error {
                    runtime.dispatch(SessionAction::SignInFailed(error).into());
                }
            } else {
                runtime.dispatch(SessionAction::Started(error.map_or(Ok(None), Err)).into());
            }
            runtime.0.is_started.set(true);
        });
    }

    /// Goes to the sign-in, or opens its window. In answer to a click: the window opens before anything is awaited.
    pub(super) fn sign_in(&self, state: &State, request: SignIn) {
        let Some(config) = &state.config else { return };
        let session = self.session(config);
        let runtime = self.clone();
        let popup = config.popup && !state.sign_in_here;
        let account = session.account().map(|account| account.id);
        page::spawn(async move {
            // With the page itself it goes away, and nothing comes back but a failure. With a window the session tells who has come.
            if let Err(error) = session.sign_in(SignIn { popup, account, ..request }).await {
                runtime.dispatch(SessionAction::SignInFailed(error).into());
            }
        });
    }

    /// Signs an account out, by id; without one whoever is in use, or everybody.
    pub(super) fn sign_out(&self, account: Option<String>, everybody: bool) {
        let session = self.current_session();
        let runtime = self.clone();
        let in_use = account.is_none();
        if in_use {
            self.close_client();
            runtime.0.is_started.set(false);
        }
        page::spawn(async move {
            if let Some(session) = &session {
                // The local session is gone whatever happens; where the provider's page cannot be opened, that is all there is to do.
                let _ = session.sign_out(account.as_deref(), everybody).await;
                runtime.tell_accounts(session);
            }
            if in_use {
                runtime.dispatch(SessionAction::SignedOut.into());
                runtime.0.is_started.set(true);
                // Somebody else may be signed in here still.
                if let Some((session, account)) = session.and_then(|session| session.account().map(|account| (session, account))) {
                    let granted = Rc::new(session.granted());
                    runtime.dispatch(SessionAction::Started(Ok(Some(SignedIn { account, granted }))).into());
                }
            }
        });
    }

    /// Uses another account; the session then tells who it is.
    pub(super) fn switch(&self, id: &str) {
        if let Some(session) = self.current_session() {
            session.set_active(id);
        }
    }

    fn tell_accounts(&self, session: &Session) {
        self.dispatch(SessionAction::Accounts(Rc::new(session.accounts())).into());
    }

    pub(super) fn open_window_again(&self) {
        let opened = self.current_session().map(|session| session.open_window_again());
        if let Some(Err(error)) = opened {
            self.dispatch(SessionAction::SignInFailed(error).into());
        }
    }

    pub(super) fn cancel_sign_in(&self) {
        if let Some(session) = self.current_session() {
            session.cancel_sign_in();
        }
    }

    /// The session for this configuration; another configuration gets another session.
    pub(super) fn session(&self, config: &Rc<AppConfig>) -> Session {
        if let Some((known, session)) = self.0.session.borrow().as_ref()
            && Rc::ptr_eq(known, config)
        {
            return session.clone();
        }
        let session = Session::new(Rc::clone(config), fetch::transport());
        *self.0.session.borrow_mut() = Some((Rc::clone(config), session.clone()));
        self.0.client.borrow_mut().take();
        let runtime = self.clone();
        session.watch(move |change| runtime.session_changed(change));
        let runtime = self.clone();
        session.watch_window(move |waiting| runtime.dispatch(SessionAction::Window(waiting).into()));
        let runtime = self.clone();
        session.watch_trouble(move |_| runtime.dispatch(SessionAction::NotKept.into()));
        session
    }

    /// Somebody came, went, or is meant in another's place: also by what happened in another tab. What the last account asked for is
    /// dropped on its way.
    fn session_changed(&self, change: &Change) {
        let Some(session) = self.current_session().filter(|_| self.0.is_started.get()) else { return };
        self.tell_accounts(&session);
        let shown = self.state().session.account().map(|account| account.id.clone());
        let account = session.account();
        let comes = matches!(change, Change::SignedIn(_));
        match account {
            Some(account) if comes || shown.as_ref() != Some(&account.id) => {
                if shown.is_some_and(|shown| shown != account.id) {
                    self.close_client();
                }
                let granted = Rc::new(session.granted());
                self.dispatch(SessionAction::Started(Ok(Some(SignedIn { account, granted }))).into());
            }
            None if shown.is_some() => {
                self.close_client();
                self.dispatch(SessionAction::SignedOut.into());
            }
            _ => {}
        }
    }

    fn current_session(&self) -> Option<Session> {
        self.0.session.borrow().as_ref().map(|(_, session)| session.clone())
    }

    /// Ends what is under way for the account that was in use; the next one gets a client of its own.
    fn close_client(&self) {
        if let Some(client) = self.0.client.borrow_mut().take() {
            client.close();
        }
    }
}
