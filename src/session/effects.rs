//! Carrying out what the state machine decides, one effect after the other. Leaves windows to `window` and the other tabs to `tabs`.

use super::{Change, Session, page, vault};
use crate::browser::{
    clock, crypto, fetch, location,
    lock::lock,
    patience::within,
    storage::{self, Kept, Slot},
};
use convoke_core::{
    Error, ErrorCode,
    auth::{
        Metadata, Secret, SignIn, exchange,
        machine::{self, Effect, Errand, Event, Flow, Seat, Snapshot},
        protocol,
    },
    config::Cache,
};
use serde_json::{Value, json};
use std::{
    future::poll_fn,
    task::{Poll, Waker},
    time::Duration,
};

/// How long a page that is about to go waits for its storage.
const SAVE_PATIENCE: Duration = Duration::from_secs(2);
/// How long another tab may take to renew. A request of its own ends before that.
const LOCK_PATIENCE: Duration = Duration::from_secs(35);

impl Session {
    /// Takes a step of the machine, carries its effects out, and tells who watches or waits.
    pub(super) fn dispatch(&self, event: Event) {
        let before = self.0.state.take();
        let snapshot = Snapshot::of(&before);
        let is_signing_in = matches!(before.flow(), Flow::Redeeming(..) | Flow::Doubting(..));
        let (state, effects) = machine::step(&self.0.config.session, before, event);
        let changes = snapshot.changes(&state, &effects);
        self.0.state.replace(state);
        for change in &changes {
            match change {
                Change::SignedOut(account) => {
                    self.0.epochs.borrow_mut().retain(|(id, _)| *id != account.id);
                }
                Change::SignedIn(account) if is_signing_in => *self.0.arrived.borrow_mut() = Some(account.clone()),
                _ => {}
            }
        }
        for effect in effects {
            if let Err(error) = self.perform(effect) {
                *self.0.error.borrow_mut() = Some(error.clone());
                // What follows in the list would build on this effect.
                self.dispatch(Event::Stayed(error));
                break;
            }
        }
        self.end_window();
        self.0.steps.set(self.0.steps.get() + 1);
        self.0.waiting.take().into_iter().for_each(Waker::wake);
        self.tell_changes(&changes);
    }

    fn perform(&self, effect: Effect) -> Result<(), Error> {
        let session = self.clone();
        match effect {
            Effect::KeepPending(pending) => return keep_pending(&pending.to_json(&self.0.config.session)),
            Effect::ForgetPending => storage::remove(Slot::Pending),
            Effect::Navigate(url) => {
                location::leave(&url)?;
                page::spawn(async move {
                    location::returned().await;
                    session.dispatch(Event::Returned);
                });
            }
            Effect::Show { url, channel } => return self.show(url, &channel),
            Effect::Redeem(serial, code, pending) => page::spawn(async move {
                let result = exchange::redeem(&session.0.transport, &session.0.config.session, &pending, &code, fetch::now()).await;
                session.dispatch(Event::Redeemed(serial, result, fetch::now()));
                session.hand_over().await;
            }),
            Effect::AskClock => page::spawn(async move {
                let clock = clock::of_origin(&session.0.transport).await;
                session.dispatch(Event::Clock(clock, fetch::now()));
                session.hand_over().await;
            }),
            Effect::Restart(request, after_ms) => page::spawn(async move {
                fetch::sleep(Duration::from_millis(after_ms.into())).await;
                let event = match session.prepare(request).await {
                    Ok(departure) => Event::Departing(Box::new(departure)),
                    Err(error) => Event::Stayed(error),
                };
                session.dispatch(event);
            }),
            Effect::Refresh(errand) => page::spawn(async move { session.refresh(&errand).await }),
            Effect::Keep => self.save(),
            Effect::Forget => {
                self.next_save();
                vault::erase();
            }
            Effect::Hand(account) => self.0.to_hand.borrow_mut().push(account),
            Effect::TellGone(account) => self.0.gone.borrow_mut().push(account),
            Effect::Exit(url) => *self.0.exit.borrow_mut() = Some(url),
            Effect::Report(error) => *self.0.error.borrow_mut() = Some(error),
            Effect::Say(note) => self.0.note.set(Some(note)),
        }
        Ok(())
    }

    pub(super) async fn prepare(&self, request: SignIn) -> Result<protocol::Departure, Error> {
        let config = &self.0.config.session;
        let known = self
            .0
            .metadata
            .borrow()
            .clone()
            .or_else(|| machine::tokens(&self.0.state.borrow(), None).map(|tokens| tokens.metadata.clone()));
        let metadata = match known {
            Some(metadata) => metadata,
            None => exchange::discover(&self.0.transport, &config.authority, fetch::now()).await?,
        };
        let departure = {
            let chance = [crypto::random()?, crypto::random()?, crypto::random()?, crypto::random()?];
            let start = protocol::Start { wall_ms: fetch::now().wall_ms, page: location::address(), chance };
            protocol::depart(config, &metadata, &self.redirect_uri(), request, &start)?
        };
        *self.0.metadata.borrow_mut() = Some(metadata);
        Ok(departure)
    }

    /// One at a time over all tabs: whoever comes second takes over what the first has got, and asks only where that does not come.
    async fn refresh(&self, errand: &Errand) {
        fetch::sleep(Duration::from_millis(errand.after_ms.into())).await;
        let Some((_, Some(token))) = self.errand_tokens(errand) else { return self.refused(errand) };
        // The name gives nothing away; without WebCrypto there would be no session.
        let name = match crypto::digest(token.expose()).await {
            Ok(hash) => ["convoke ", &errand.account, " ", &hash].concat(),
            Err(_) => ["convoke ", &errand.account].concat(),
        };
        let lock = within(LOCK_PATIENCE, lock(&name)).await.flatten();
        if lock.as_ref().is_none_or(|lock| lock.was_taken) {
            self.ask_others(false, || self.errand_tokens(errand).is_none()).await;
        }
        let Some((metadata, Some(token))) = self.errand_tokens(errand) else { return };
        let config = &self.0.config.session;
        let claims = errand.claims.as_deref();
        let result = exchange::refresh(&self.0.transport, config, &metadata, &token, &errand.scopes, claims, fetch::now()).await;
        if result.as_ref().is_err_and(|error| error.code() == ErrorCode::SessionExpired) {
            // A provider that lets a refresh token be used once may have answered another tab, or answered this one in vain.
            self.ask_others(false, || self.errand_tokens(errand).is_none()).await;
        }
        self.dispatch(Event::Refreshed(errand.serial, result, fetch::now()));
        self.hand_over().await;
        drop(lock);
    }

    fn errand_tokens(&self, errand: &Errand) -> Option<(Metadata, Option<Secret>)> {
        let state = self.0.state.borrow();
        machine::errand_tokens(&state, errand.serial).map(|tokens| (tokens.metadata.clone(), tokens.refresh.clone()))
    }

    fn refused(&self, errand: &Errand) {
        let error = Error::new(ErrorCode::InteractionRequired, "There is nothing to renew the session with: sign in again.");
        self.dispatch(Event::Refreshed(errand.serial, Err(error), fetch::now()));
    }

    /// What the last page of this tab kept. An account that was signed out elsewhere since is not among it.
    pub(super) async fn restored(&self) -> (Vec<Seat>, Option<String>) {
        let Some(saved) = vault::load(&self.context()).await else { return (Vec::new(), None) };
        let mut seats = Vec::new();
        for value in saved.get("accounts").and_then(Value::as_array).into_iter().flatten() {
            let Some(seat) = Seat::from_json(value, &self.0.config.session) else { continue };
            let epoch = value.get("epoch").and_then(Value::as_f64).unwrap_or_default();
            if self.epoch(&seat.account().id).await <= epoch {
                self.note_epoch(&seat.account().id, epoch);
                seats.push(seat);
            }
        }
        (seats, saved.get("active").and_then(Value::as_str).map(str::to_owned))
    }

    fn save(&self) {
        if self.0.config.session.cache != Cache::Session {
            return;
        }
        let (session, save, context) = (self.clone(), self.next_save(), self.context());
        self.0.saving.set(true);
        page::spawn(async move {
            session.note_epochs().await;
            let value = session.to_json();
            // A sign-out or a newer save makes this one stale, and what is stale is never written.
            let wanted = || session.0.saves.get() == save;
            let kept = match value {
                Some(value) if wanted() => vault::save(&value, &context, wanted).await,
                _ => Ok(()),
            };
            if let Err(error) = kept {
                session.tell_not_kept(&error);
            }
            if wanted() {
                session.0.saving.set(false);
                session.0.waiting.take().into_iter().for_each(Waker::wake);
                session.remember_last().await;
            }
        });
    }

    /// Waits until what was to be kept is, before the page goes.
    pub(super) async fn saved(&self) {
        let done = poll_fn(|context| {
            if !self.0.saving.get() {
                return Poll::Ready(());
            }
            self.0.waiting.borrow_mut().push(context.waker().clone());
            Poll::Pending
        });
        // A browser that keeps nothing has said so by then.
        let _ = within(SAVE_PATIENCE, done).await;
    }

    fn to_json(&self) -> Option<Value> {
        let (config, state) = (&self.0.config.session, self.0.state.borrow());
        let (seats, active) = machine::seats(&state);
        let accounts: Vec<Value> = seats
            .filter_map(|seat| {
                let mut value = seat.to_json(config)?;
                value["epoch"] = self.noted_epoch(&seat.account().id).unwrap_or_default().into();
                Some(value)
            })
            .collect();
        (!accounts.is_empty()).then(|| json!({ "accounts": accounts, "active": active }))
    }

    fn next_save(&self) -> u64 {
        self.0.saves.set(self.0.saves.get() + 1);
        self.0.saves.get()
    }
}

fn keep_pending(value: &Value) -> Result<(), Error> {
    match storage::keep(Slot::Pending, value) {
        Kept::ForTab => Ok(()),
        Kept::ForPage => {
            storage::remove(Slot::Pending);
            let message = "This browser keeps no data for this page, so the sign-in could not be finished on the way back. Allow site data \
                           for this address, then sign in.";
            Err(Error::new(ErrorCode::Configuration, message))
        }
    }
}
