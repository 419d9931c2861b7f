//! The session for JavaScript. Owns reading its options; leaves events and the contract's names to `www/npm/session.js`.

use std::rc::Rc;

use convoke::{
    browser::fetch,
    session::{Session, TokenRequest},
};
use convoke_core::{
    Error, ErrorCode,
    auth::SignIn,
    config::{AppConfig, Found},
};
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

use crate::{
    arguments::Arguments,
    boundary::{self, Crossing, abort, crossing, thrown},
};
use web_sys::AbortSignal;

/// A session.
#[wasm_bindgen]
pub struct SessionHandle {
    session: Session,
}

impl SessionHandle {
    pub(crate) fn session(&self) -> Session {
        self.session.clone()
    }
}

#[wasm_bindgen]
impl SessionHandle {
    /// A session that has not started.
    #[wasm_bindgen(constructor)]
    pub fn new(config: &JsValue) -> Result<SessionHandle, JsValue> {
        let read = || match AppConfig::parse(&boundary::read(config, "config")?)? {
            Found::Complete(config) => Ok(config),
            Found::WithoutClientId(_) => Err(Error::new(ErrorCode::Configuration, "`clientId` is missing: it must be the application's id.")),
        };
        let config = read().map_err(|error| thrown(&error))?;
        Ok(Self { session: Session::new(Rc::new(config), fetch::transport()) })
    }

    /// Completes a redirect, restores, or does nothing.
    pub async fn start(&self) -> Crossing {
        let answer = Session::take_answer();
        let started = self.session.start(answer).await;
        if let Some(error) = started.error {
            return Err(thrown(&error));
        }
        Ok(started.account.map_or(JsValue::NULL, |account| {
            boundary::write(&json!({ "account": { "id": account.id, "username": account.username }, "state": started.state }))
        }))
    }

    /// Goes to the sign-in page.
    pub async fn sign_in(&self, options: JsValue, signal: Option<AbortSignal>) -> Crossing {
        let work = async {
            let arguments = Arguments::read(&options)?;
            let request = SignIn { scopes: arguments.texts("scopes")?.unwrap_or_default(), ..SignIn::default() };
            let never = self.session.sign_in(request).await?;
            match never {}
        };
        crossing(abort(signal).guard(work).await.flatten())
    }

    /// Forgets everything here, then goes to the provider's sign-out page.
    pub async fn sign_out(&self) -> Crossing {
        crossing(self.session.sign_out().await.map(|()| Value::Null))
    }

    /// An access token.
    pub async fn token(&self, options: JsValue, signal: Option<AbortSignal>) -> Crossing {
        let work = async {
            let arguments = Arguments::read(&options)?;
            let scopes = arguments.texts("scopes")?.unwrap_or_default();
            let token = self.session.token(TokenRequest { scopes: &scopes, claims: arguments.optional_text("claims")?, rejected: None }).await?;
            Ok(Value::from(token.expose()))
        };
        crossing(abort(signal).guard(work).await.flatten())
    }
}
