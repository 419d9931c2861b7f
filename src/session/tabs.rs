//! The other tabs of this origin. Owns what they tell each other: who has signed out, fresh tokens (encrypted with the key that only this
//! origin can use), and a new tab's question who is here. Leaves what is believed of it to the core.

use super::{Session, vault};
use crate::browser::{channel::Channel, fetch, page, patience::within, wake::Wake};
use convoke_core::{
    auth::{
        Account, Known, Tokens,
        machine::{self, Event},
    },
    config::Cache,
    json,
};
use serde_json::{Value, json};
use std::{rc::Rc, time::Duration};

/// How long a question to the other tabs stands. They answer within some milliseconds, or are not there.
const PATIENCE: Duration = Duration::from_millis(600);

impl Session {
    /// Listens to the other tabs, and looks after sign-outs when this one wakes: while it slept, nobody could tell it.
    pub(super) fn join_tabs(&self) {
        let weak = Rc::downgrade(&self.0);
        let channel = Channel::join(&["convoke ", &self.context()].concat(), move |text| {
            if let (Some(inner), Ok(message)) = (weak.upgrade(), serde_json::from_slice::<Value>(text.as_bytes())) {
                page::spawn(async move { Session(inner).heard(&message).await });
            }
        });
        let weak = Rc::downgrade(&self.0);
        let wake = Wake::new(move || {
            if let Some(inner) = weak.upgrade() {
                page::spawn(async move { Session(inner).woken().await });
            }
        });
        *self.0.channel.borrow_mut() = channel;
        *self.0.wake.borrow_mut() = Some(wake);
    }

    async fn heard(&self, message: &Value) {
        let text = |name: &str| message.get(name).and_then(Value::as_str);
        match (text("kind"), text("id"), text("sealed")) {
            (Some("out"), Some(account), _) => self.dispatch(Event::Gone(account.to_owned())),
            (Some("ask"), Some(id), _) => {
                let accounts = machine::accounts(&self.0.state.borrow()).map(|account| account.id.clone()).collect();
                self.send("give", Some(id), accounts).await;
            }
            (Some("give"), Some(id), Some(sealed)) => {
                let asked = self.0.asked.borrow().clone();
                if let Some((_, join)) = asked.filter(|(asked, _)| asked == id) {
                    self.take(sealed, join).await;
                }
            }
            (Some("hand"), _, Some(sealed)) => self.take(sealed, false).await,
            _ => {}
        }
    }

    /// Believes what another tab has encrypted, but for accounts that have signed out since it got them.
    async fn take(&self, sealed: &str, join: bool) {
        let Some(value) = vault::open_for_tabs(sealed, &self.hand_context()).await else { return };
        let mut tokens = Vec::new();
        for handed in value.as_array().into_iter().flatten() {
            let Some(theirs) = Tokens::from_hand(handed, &self.0.config.session, fetch::now()) else { continue };
            let epoch = handed.get("epoch").and_then(Value::as_f64).unwrap_or_default();
            if self.epoch(&theirs.account.id).await <= epoch {
                self.note_epoch(&theirs.account.id, epoch);
                tokens.push(theirs);
            }
        }
        self.dispatch(Event::Handed { tokens, join, now: fetch::now() });
    }

    async fn send(&self, kind: &str, id: Option<&str>, accounts: Vec<String>) {
        if self.0.config.session.cache != Cache::Session || self.0.channel.borrow().is_none() {
            return;
        }
        self.note_epochs().await;
        let tokens: Vec<Value> = {
            let (config, state) = (&self.0.config.session, self.0.state.borrow());
            let hand = |account: &String| {
                let mut value = machine::tokens(&state, Some(account)).and_then(|tokens| tokens.to_hand(config, fetch::now()))?;
                value["epoch"] = self.noted_epoch(account).unwrap_or_default().into();
                Some(value)
            };
            accounts.iter().filter_map(hand).collect()
        };
        if tokens.is_empty() {
            return;
        }
        if let Ok(sealed) = vault::seal_for_tabs(&tokens.into(), &self.hand_context()).await {
            self.say(&json!({ "kind": kind, "id": id, "sealed": sealed }));
        }
    }

    /// Gives the other tabs what this one has just got, so that they need not ask for it themselves.
    pub(super) async fn hand_over(&self) {
        let accounts = self.0.to_hand.take();
        if !accounts.is_empty() {
            self.send("hand", None, accounts).await;
        }
    }

    /// Asks the other tabs what they have, until that is enough or nobody answers in time.
    pub(super) async fn ask_others(&self, join: bool, is_enough: impl Fn() -> bool) {
        let id = page::fresh_id();
        *self.0.asked.borrow_mut() = Some((id.clone(), join));
        self.say(&json!({ "kind": "ask", "id": id }));
        let answered = async {
            while !is_enough() {
                self.step().await;
            }
        };
        // Nobody there is as good an answer as any.
        let _ = within(PATIENCE, answered).await;
        self.0.asked.borrow_mut().take_if(|(asked, _)| *asked == id);
    }

    /// For a tab that has nobody: takes over whom the other tabs have. Who was here last is given where there is none.
    pub(super) async fn join_others(&self) -> Option<Known> {
        // Nobody has signed in, or all have signed out: nobody to wait for.
        let sealed = vault::text(&self.last_name()).await?;
        let value = vault::open_for_tabs(&sealed, &self.hand_context()).await?;
        self.ask_others(true, || self.account().is_some()).await;
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        Some(Known { username: text("username")?, name: text("name") })
    }

    /// Remembers whom to offer first in a new tab: a name and nothing else, encrypted, until that person signs out.
    pub(super) async fn remember_last(&self) {
        let Some(account) = self.account() else { return };
        let Account { username, name, .. } = account;
        if let Ok(sealed) = vault::seal_for_tabs(&json!({ "username": username, "name": name }), &self.hand_context()).await
            && self.account().is_some()
        {
            vault::share_text(&self.last_name(), Some(&sealed)).await;
        }
    }

    /// Tells the other tabs who has gone: those that live by message, those that sleep by a number that they see when they wake.
    pub(super) async fn tell_gone(&self) {
        let gone = self.0.gone.take();
        if gone.is_empty() {
            return;
        }
        for account in &gone {
            self.say(&json!({ "kind": "out", "id": account }));
        }
        for account in &gone {
            vault::raise(&self.epoch_name(account)).await;
        }
        if self.account().is_none() {
            vault::share_text(&self.last_name(), None).await;
        } else {
            self.remember_last().await;
        }
    }

    async fn woken(&self) {
        let known = self.0.epochs.borrow().clone();
        for (account, epoch) in known {
            if self.epoch(&account).await > epoch {
                self.dispatch(Event::Gone(account));
            }
        }
    }

    /// How many times this account has signed out on this browser.
    pub(super) async fn epoch(&self, account: &str) -> f64 {
        vault::number(&self.epoch_name(account)).await
    }

    /// Notes the numbers of those who have come since.
    pub(super) async fn note_epochs(&self) {
        let accounts: Vec<String> = machine::accounts(&self.0.state.borrow()).map(|account| account.id.clone()).collect();
        for account in accounts {
            if self.noted_epoch(&account).is_none() {
                let epoch = self.epoch(&account).await;
                self.note_epoch(&account, epoch);
            }
        }
    }

    pub(super) fn noted_epoch(&self, account: &str) -> Option<f64> {
        self.0.epochs.borrow().iter().find(|(known, _)| known == account).map(|(_, epoch)| *epoch)
    }

    pub(super) fn note_epoch(&self, account: &str, epoch: f64) {
        let mut epochs = self.0.epochs.borrow_mut();
        epochs.retain(|(known, _)| known != account);
        epochs.push((account.to_owned(), epoch));
    }

    fn say(&self, message: &Value) {
        if let Some(channel) = &*self.0.channel.borrow() {
            channel.say(&json::write(message));
        }
    }

    fn hand_context(&self) -> String {
        [self.context().as_str(), " between tabs"].concat()
    }

    fn last_name(&self) -> String {
        [self.context().as_str(), " last"].concat()
    }

    fn epoch_name(&self, account: &str) -> String {
        [self.context().as_str(), " out ", account].concat()
    }
}
