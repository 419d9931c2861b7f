//! What outlives a reload, encrypted. Owns the key (in IndexedDB, usable by this origin and readable by nobody), the ciphertext (in this
//! tab's storage), and the few facts that all tabs share: which sign-outs there have been, and whom to offer first; leaves what is in
//! them to the caller. Where the browser keeps no key, nothing is kept at all.

use super::{
    crypto,
    patience::within,
    storage::{self, Slot},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use convoke_core::{Error, ErrorCode};
use js_sys::{Promise, Reflect};
use serde_json::{Value, json};
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, IdbDatabase, IdbFactory, IdbOpenDbRequest, IdbRequest, IdbTransactionMode};

const DATABASE: &str = "convoke";
const STORE: &str = "kept";
const KEY: &str = "key";
/// Some browsers never answer for their database, in private windows or after a crash. Nobody waits for that.
const PATIENCE: Duration = Duration::from_secs(3);

/// Encrypts a value and keeps it for this tab if `wanted` still says so when the encryption is done: a sign-out may come in between.
///
/// `context` names whose it is; only the same context reads it again.
///
/// # Errors
/// Where the browser keeps no key or nothing at all; then nothing was kept.
pub async fn save(value: &Value, context: &str, wanted: impl Fn() -> bool) -> Result<(), Error> {
    let sealed = crypto::seal(&key().await?, convoke_core::json::write(value).as_bytes(), context).await?;
    if !wanted() {
        return Ok(());
    }
    match storage::keep(Slot::Session, &json!({ "v": 1, "sealed": BASE64_STANDARD.encode(sealed) })) {
        storage::Kept::ForTab => Ok(()),
        storage::Kept::ForPage => {
            // In memory the tokens are anyhow.
            storage::remove(Slot::Session);
            Err(closed())
        }
    }
}

/// What was kept under this context; none where there is nothing, or nothing that opens.
pub async fn load(context: &str) -> Option<Value> {
    let kept = storage::read_json(Slot::Session)?;
    let sealed = BASE64_STANDARD.decode(kept.get("sealed")?.as_str()?).ok()?;
    let plain = crypto::open(&key().await.ok()?, &sealed, context).await.ok()?;
    serde_json::from_slice(&plain).ok()
}

/// Forgets what was kept. The key stays: other tabs use it, and it opens nothing that is gone.
pub fn erase() {
    storage::remove(Slot::Session);
}

/// Encrypts a text for the other tabs of this origin, which open it with [`open_for_tabs`] and the same context.
///
/// # Errors
/// Where the browser keeps no key.
pub async fn seal_for_tabs(value: &Value, context: &str) -> Result<String, Error> {
    let sealed = crypto::seal(&key().await?, convoke_core::json::write(value).as_bytes(), context).await?;
    Ok(BASE64_STANDARD.encode(sealed))
}

/// What another tab encrypted; none where it is not ours.
pub async fn open_for_tabs(sealed: &str, context: &str) -> Option<Value> {
    let plain = crypto::open(&key().await.ok()?, &BASE64_STANDARD.decode(sealed).ok()?, context).await.ok()?;
    serde_json::from_slice(&plain).ok()
}

/// A number that all tabs share; 0 where there is none.
pub async fn number(name: &str) -> f64 {
    fact(name).await.and_then(|value| value.as_f64()).unwrap_or_default()
}

/// A text that all tabs share.
pub async fn text(name: &str) -> Option<String> {
    fact(name).await.and_then(|value| value.as_string())
}

/// Raises a number that all tabs share by one. Two tabs that do it at the same time may raise it by one together, which is enough: it
/// only has to differ from what it was.
pub async fn raise(name: &str) {
    let next = number(name).await + 1.0;
    share(name, &next.into()).await;
}

/// Shares a text with all tabs, until it is replaced; none removes it.
pub async fn share_text(name: &str, text: Option<&str>) {
    share(name, &text.map_or(JsValue::UNDEFINED, JsValue::from_str)).await;
}

async fn fact(name: &str) -> Option<JsValue> {
    let read = async {
        let database = open().await?;
        let store = database.transaction_with_str(STORE).and_then(|transaction| transaction.object_store(STORE));
        let found = done(&store.and_then(|store| store.get(&name.into())).map_err(|_| closed())?).await;
        database.close();
        found
    };
    in_time(read).await.ok()
}

async fn share(name: &str, value: &JsValue) {
    let write = async {
        let database = open().await?;
        let transaction = database.transaction_with_str_and_mode(STORE, IdbTransactionMode::Readwrite);
        let store = transaction.and_then(|transaction| transaction.object_store(STORE));
        let request =
            store.and_then(|store| if value.is_undefined() { store.delete(&name.into()) } else { store.put_with_key(value, &name.into()) });
        let written = done(&request.map_err(|_| closed())?).await;
        database.close();
        written
    };
    // What cannot be shared is told by message alone.
    let _ = in_time(write).await;
}

/// Whether the browser keeps a key for this origin.
pub async fn has_key() -> bool {
    key().await.is_ok()
}

/// This origin's key, made when it is first needed. It is read anew each time: once an hour does not need a copy.
async fn key() -> Result<CryptoKey, Error> {
    in_time(stored_key()).await
}

async fn stored_key() -> Result<CryptoKey, Error> {
    let database = open().await?;
    let store = |mode| database.transaction_with_str_and_mode(STORE, mode)?.object_store(STORE);
    let read = || async {
        let request = store(IdbTransactionMode::Readonly).and_then(|store| store.get(&KEY.into())).map_err(|_| closed())?;
        done(&request).await.map(|found| found.dyn_into::<CryptoKey>().ok())
    };
    let key = match read().await? {
        Some(key) => key,
        None => {
            let fresh = crypto::generate().await?;
            let add = store(IdbTransactionMode::Readwrite).and_then(|store| store.add_with_key(&fresh, &KEY.into()));
            // `add` fails where another tab was faster: its key counts then.
            if done(&add.map_err(|_| closed())?).await.is_ok() { fresh } else { read().await?.ok_or_else(closed)? }
        }
    };
    database.close();
    Ok(key)
}

async fn open() -> Result<IdbDatabase, Error> {
    let factory = Reflect::get(&js_sys::global(), &"indexedDB".into()).ok().filter(JsValue::is_object).ok_or_else(closed)?;
    let request: IdbOpenDbRequest = factory.unchecked_into::<IdbFactory>().open_with_u32(DATABASE, 2).map_err(|_| closed())?;
    let upgraded = request.clone();
    let upgrade = Closure::<dyn FnMut()>::new(move || {
        let database = upgraded.result().ok().and_then(|result| result.dyn_into::<IdbDatabase>().ok());
        // A database without the store fails at its first transaction, with a message of its own.
        let _ = database.map(|database| database.create_object_store(STORE));
    });
    request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
    done(&request).await?.dyn_into().map_err(|_| closed())
}

/// The result of a request to the database.
async fn done(request: &IdbRequest) -> Result<JsValue, Error> {
    let settled = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    let settled = JsFuture::from(settled).await;
    request.set_onsuccess(None);
    request.set_onerror(None);
    settled.and_then(|_| request.result()).map_err(|_| closed())
}

async fn in_time<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    within(PATIENCE, work).await.unwrap_or_else(|| Err(closed()))
}

fn closed() -> Error {
    Error::new(ErrorCode::Unavailable, "This browser keeps no data for this page: a reload will need a new sign-in.")
}
