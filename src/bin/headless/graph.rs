//! The Graph client for JavaScript. Owns carrying a named operation out; leaves which operations there are to `operations`, and the shape of
//! the contract's members to `www/npm/client.js`.

use convoke::client::Client;
use convoke_core::Error;
use js_sys::Function;
use serde_json::Value;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use crate::{
    arguments::Arguments,
    boundary::{Crossing, abort, crossing, thrown},
    list::List,
    operations, options,
    session::SessionHandle,
};

/// A client.
#[wasm_bindgen]
pub struct Graph {
    client: Client,
}

#[wasm_bindgen]
impl Graph {
    /// A client whose tokens come from a session.
    pub fn with_session(settings: &JsValue, session: &SessionHandle) -> Result<Graph, JsValue> {
        let session = session.session();
        let base = session.config().graph_base_url.clone();
        Self::open(settings, options::of_session(session), &base).map_err(|error| thrown(&error))
    }

    /// A client whose tokens come from the host.
    pub fn with_provider(settings: &JsValue, provider: Function) -> Result<Graph, JsValue> {
        let base = convoke_core::config::Cloud::default().graph_origin();
        Self::open(settings, options::of_provider(provider), base).map_err(|error| thrown(&error))
    }

    /// Carries out one operation and gives its answer.
    pub async fn run(&self, operation: String, arguments: JsValue, signal: Option<AbortSignal>) -> Crossing {
        crossing(self.answer(&operation, &arguments, signal).await)
    }

    /// A list; nothing is sent before its first page is asked for.
    pub fn list(&self, operation: &str, arguments: &JsValue, signal: Option<AbortSignal>, limit: usize) -> Result<List, JsValue> {
        let open = || -> Result<List, Error> {
            let call = operations::list(operation, &mut Arguments::read(arguments)?)?;
            Ok(List::new(self.client.pages(call, &abort(signal)), limit))
        };
        open().map_err(|error| thrown(&error))
    }
}

impl Graph {
    fn open(settings: &JsValue, token: convoke::client::TokenSource, base_url: &str) -> Result<Self, Error> {
        let options = options::read(&Arguments::read(settings)?, token, base_url)?;
        Ok(Self { client: Client::new(options)? })
    }

    async fn answer(&self, operation: &str, arguments: &JsValue, signal: Option<AbortSignal>) -> Result<Value, Error> {
        let call = operations::one(operation, &mut Arguments::read(arguments)?)?;
        self.client.run(call, &abort(signal)).await
    }
}
