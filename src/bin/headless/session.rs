//! The session for JavaScript. Owns reading its options and writing its accounts; leaves events and the contract's names to
//! `www/npm/session.js`, and everything else to the library. What it takes to sign in is a part that is loaded when it is first needed.

use std::{cell::OnceCell, rc::Rc};

use convoke::{
    browser::fetch,
    client::LocalBoxFuture,
    session::{Change, Session, TokenRequest},
};
use convoke_core::{
    Error, ErrorCode,
    auth::{Account, Reply, Secret, SignIn, Transport, protocol::Prompt, scopes_json::scopes_for_json},
    config::{AppConfig, Found},
};
use js_sys::Function;
use serde_json::{Map, Value};
use wasm_bindgen::prelude::*;
use wasm_split_helpers::wasm_split;
use web_sys::AbortSignal;

use crate::{
    arguments::{Arguments, invalid},
    boundary::{self, Crossing, NotLoaded, abort, crossing, thrown},
};

type Outcome = LocalBoxFuture<Result<Value, Error>>;

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
    /// A session that has not started. `listener` is told the names of events and whom they are about.
    #[wasm_bindgen(constructor)]
    pub fn new(config: &JsValue, listener: Function) -> Result<SessionHandle, JsValue> {
        let read = || match AppConfig::parse(&boundary::read(config, "config")?)? {
            Found::Complete(config) => Ok(config),
            Found::WithoutClientId(_) => {
                Err(Error::new(ErrorCode::Configuration, "`clientId` is missing: it must be the application's id."))
            }
        };
        let config = read().map_err(|error| thrown(&error))?;
        let session = Session::new(Rc::new(config), transport());
        session.watch(move |change| {
            let (name, account) = match change {
                Change::SignedIn(account) => ("signin", account),
                Change::SignedOut(account) => ("signout", account),
                Change::Switched(account) => ("accountchange", account),
                Change::Expired(account) => ("expired", account),
            };
            // What a host's own listener throws is not ours to handle.
            let _ = listener.call2(&JsValue::UNDEFINED, &name.into(), &boundary::write(&Value::Object(members(account))));
        });
        Ok(Self { session })
    }

    /// Completes a redirect, restores, or does nothing: then null.
    pub async fn start(&self) -> Crossing {
        arrived(|doors| (doors.begin)(self.session.clone())).await
    }

    /// Signs somebody in. By redirect that ends only where it failed.
    pub async fn sign_in(&self, options: JsValue, signal: Option<AbortSignal>) -> Crossing {
        arrived(|doors| (doors.enter)(self.session.clone(), options, signal)).await
    }

    /// Forgets an account, or all, then goes to the provider's sign-out page.
    pub async fn sign_out(&self, options: JsValue) -> Crossing {
        arrived(|doors| (doors.leave)(self.session.clone(), options)).await
    }

    /// An access token.
    pub async fn token(&self, options: JsValue, signal: Option<AbortSignal>) -> Crossing {
        arrived(|doors| (doors.renew)(self.session.clone(), options, signal)).await
    }

    /// Makes another account the active one.
    pub fn activate(&self, id: &str) -> Crossing {
        if !self.session.accounts().iter().any(|account| account.id == id) {
            return Err(thrown(&invalid("id", "is no account that is signed in")));
        }
        // Where there is an account, its part has been loaded.
        if let Some(doors) = DOORS.with(|known| known.get().copied()) {
            (doors.switch)(&self.session, id);
        }
        Ok(JsValue::UNDEFINED)
    }

    /// All accounts, the active one marked.
    pub fn accounts(&self) -> JsValue {
        boundary::write(&self.session.accounts().iter().map(|account| write(&self.session, account)).collect())
    }
}

/// What the part can do. It is reached through these pointers and through nothing else, or it would have to be there from the beginning.
#[derive(Clone, Copy)]
struct Doors {
    begin: fn(Session) -> Outcome,
    enter: fn(Session, JsValue, Option<AbortSignal>) -> Outcome,
    leave: fn(Session, JsValue) -> Outcome,
    renew: fn(Session, JsValue, Option<AbortSignal>) -> Outcome,
    switch: fn(&Session, &str),
    token: fn(Session, convoke::client::TokenRequest) -> LocalBoxFuture<Result<Secret, Error>>,
    send: fn(http::Request<Vec<u8>>) -> Reply,
}

thread_local! {
    static DOORS: OnceCell<Doors> = const { OnceCell::new() };
}

#[wasm_split(session, fallible)]
fn load() -> Result<Doors, NotLoaded> {
    Ok(Doors { begin, enter, leave, renew, switch: Session::set_active, token, send })
}

async fn doors() -> Result<Doors, NotLoaded> {
    let doors = load().await?;
    Ok(DOORS.with(|known| *known.get_or_init(|| doors)))
}

/// Goes through a door and waits for what comes of it.
async fn arrived(go: impl FnOnce(Doors) -> Outcome) -> Crossing {
    crossing(go(doors().await.map_err(NotLoaded::thrown)?).await)
}

/// The page's fetch, in the part that needs it.
fn transport() -> Transport {
    Rc::new(|request| {
        Box::pin(async move {
            match doors().await {
                Ok(doors) => (doors.send)(request).await,
                Err(NotLoaded) => Err(NotLoaded::error()),
            }
        })
    })
}

/// A token for a client.
pub(crate) async fn token_for(session: Session, wanted: convoke::client::TokenRequest) -> Result<Secret, Error> {
    match doors().await {
        Ok(doors) => (doors.token)(session, wanted).await,
        Err(NotLoaded) => Err(NotLoaded::error()),
    }
}

fn send(request: http::Request<Vec<u8>>) -> Reply {
    fetch::transport()(request)
}

fn begin(session: Session) -> Outcome {
    Box::pin(async move {
        let started = session.start(Session::take_answer()).await;
        if let Some(error) = started.error {
            return Err(error);
        }
        let Some(account) = started.account else { return Ok(Value::Null) };
        let mut members = Map::new();
        members.insert("account".into(), write(&session, &account));
        if let Some(state) = started.state {
            members.insert("state".into(), state.into());
        }
        Ok(Value::Object(members))
    })
}

fn enter(session: Session, options: JsValue, signal: Option<AbortSignal>) -> Outcome {
    Box::pin(async move {
        let request = sign_in_request(&Arguments::read(&options)?)?;
        let account = abort(signal).guard(session.sign_in(request)).await??;
        Ok(write(&session, &account))
    })
}

fn leave(session: Session, options: JsValue) -> Outcome {
    Box::pin(async move {
        let given = Arguments::read(&options)?;
        session.sign_out(given.optional_text("account")?, given.flag("everywhere")?.unwrap_or(false)).await?;
        Ok(Value::Null)
    })
}

fn renew(session: Session, options: JsValue, signal: Option<AbortSignal>) -> Outcome {
    Box::pin(async move {
        let given = Arguments::read(&options)?;
        let scopes = given.texts("scopes")?.ok_or_else(|| invalid("scopes", "is missing: it must be a list of permissions"))?;
        let request = TokenRequest {
            scopes: &scopes,
            claims: given.optional_text("claims")?,
            account: given.optional_text("account")?,
            rejected: None,
        };
        let token = abort(signal).guard(session.token(request)).await??;
        Ok(token.expose().into())
    })
}

fn token(session: Session, wanted: convoke::client::TokenRequest) -> LocalBoxFuture<Result<Secret, Error>> {
    Box::pin(async move {
        let convoke::client::TokenRequest { scopes, claims, rejected } = wanted;
        session.token(TokenRequest { scopes: &scopes, claims: claims.as_deref(), rejected: rejected.as_ref(), account: None }).await
    })
}

fn sign_in_request(given: &Arguments) -> Result<SignIn, Error> {
    let text = |name: &str| given.optional_text(name).map(|text| text.map(str::to_owned));
    let mut scopes = given.texts("scopes")?.unwrap_or_default();
    if let Some(features) = given.get("features") {
        let needs = scopes_for_json(features)?;
        let needs = needs.as_array().into_iter().flatten();
        scopes.extend(needs.filter_map(|need| need.get("scope")?.as_str().map(str::to_owned)));
    }
    let prompt = match given.optional_text("prompt")? {
        None => None,
        Some(name) => Some(
            Prompt::from_name(name).ok_or_else(|| invalid("prompt", "must be \"login\", \"consent\", \"select_account\" or \"none\""))?,
        ),
    };
    Ok(SignIn {
        scopes,
        prompt,
        login_hint: text("loginHint")?,
        state: text("state")?,
        popup: given.flag("popup")?.unwrap_or(false),
        ..SignIn::default()
    })
}

/// An account as the contract has it.
fn write(session: &Session, account: &Account) -> Value {
    let mut members = members(account);
    let active = session.account().is_some_and(|active| active.id == account.id);
    members.insert("active".into(), active.into());
    Value::Object(members)
}

/// What an account says by itself.
fn members(account: &Account) -> Map<String, Value> {
    let mut members = Map::new();
    let mut member = |name: &str, text: Option<&str>| {
        if let Some(text) = text {
            members.insert(name.into(), text.into());
        }
    };
    member("id", Some(&account.id));
    member("username", Some(&account.username));
    member("name", account.name.as_deref());
    member("tenantId", account.tenant_id.as_deref());
    member("objectId", account.object_id.as_deref());
    members
}
