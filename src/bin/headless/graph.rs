//! The Graph client for JavaScript. Owns carrying a named operation out, and those that are more than one call; leaves which operations
//! there are to `operations` and `raw`, and the shape of the contract's members to `www/npm/client.js`.

use std::{cell::OnceCell, rc::Rc};

use convoke::client::{Abort, Client, ClientOptions, LocalBoxFuture, TokenSource};
use convoke_core::{
    Error, ErrorCode,
    graph::{
        SchedulePlan,
        operations::{events, users},
    },
    model::ScheduleInformation,
};
use js_sys::{Array, Function, Uint8Array};
use serde_json::Value;
use wasm_bindgen::prelude::*;
use wasm_split_helpers::wasm_split;
use web_sys::AbortSignal;

use crate::{
    arguments::{Arguments, invalid},
    boundary::{Crossing, NotLoaded, abort, thrown, write},
    list::List,
    operations, options, raw,
    session::SessionHandle,
};

/// A digit of an availability view, where nothing else is said.
const INTERVAL: u32 = 30;

/// A client.
#[wasm_bindgen]
pub struct Graph(Rc<Opened>);

/// A client that is made when it is first used, by the part that it comes with.
struct Opened {
    options: ClientOptions,
    client: OnceCell<Client>,
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

    /// Carries out one operation and gives its answer. `progress` is told how far an operation of several calls is.
    pub async fn run(&self, operation: String, arguments: JsValue, signal: Option<AbortSignal>, progress: Option<Function>) -> Crossing {
        let work = Work { opened: Rc::clone(&self.0), operation, arguments, signal, progress };
        carry_out(Box::new(work)).await.map_err(NotLoaded::thrown)?.await.map_err(|error| thrown(&error))
    }

    /// A list; nothing is sent before its first page is asked for.
    pub async fn list(&self, operation: String, arguments: JsValue, signal: Option<AbortSignal>, limit: usize) -> Result<List, JsValue> {
        let work = Work { opened: Rc::clone(&self.0), operation, arguments, signal, progress: None };
        open_list(Box::new(work), limit).await.map_err(NotLoaded::thrown)?.map_err(|error| thrown(&error))
    }
}

/// What is to be done.
struct Work {
    opened: Rc<Opened>,
    operation: String,
    arguments: JsValue,
    signal: Option<AbortSignal>,
    progress: Option<Function>,
}

impl Graph {
    fn open(settings: &JsValue, token: TokenSource, base_url: &str) -> Result<Self, Error> {
        let options = options::read(&Arguments::read(settings)?, token, base_url)?;
        Ok(Self(Rc::new(Opened { options, client: OnceCell::new() })))
    }
}

impl Opened {
    fn client(&self) -> Result<Client, Error> {
        if let Some(client) = self.client.get() {
            return Ok(client.clone());
        }
        let client = Client::new(self.options.clone())?;
        Ok(self.client.get_or_init(|| client).clone())
    }
}

#[wasm_split(graph, fallible)]
fn carry_out(work: Box<Work>) -> Result<LocalBoxFuture<Result<JsValue, Error>>, NotLoaded> {
    Ok(Box::pin(async move {
        let Work { opened, operation, arguments, signal, progress } = *work;
        let client = opened.client()?;
        let mut given = Arguments::read(&arguments)?;
        let abort = abort(signal);
        match operation.as_str() {
            "batch" => raw::batch(&client, &raw::requests(&mut given)?, &abort).await,
            "getSchedule" => schedules(&client, &given, &abort, progress).await,
            "events.reminders" => {
                let call = operations::with_options(events::reminders(given.text("start")?, given.text("end")?)?, &given)?;
                let found = client.pages(call, &abort).collect(usize::MAX, |_| ()).await?;
                Ok(write(&Value::Array(found.items)))
            }
            "users.photo" => {
                let photo = client.run(users::photo(given.text("id")?), &abort).await?;
                Ok(photo.map_or(JsValue::NULL, |photo| file(&photo.bytes, &photo.media_type)))
            }
            "request" => Ok(write(&client.run(raw::request(&mut given)?, &abort).await?)),
            name => Ok(write(&client.run(operations::one(name, &mut given)?, &abort).await?)),
        }
    }))
}

#[wasm_split(graph, fallible)]
fn open_list(work: Box<Work>, limit: usize) -> Result<Result<List, Error>, NotLoaded> {
    let open = || {
        let call = operations::list(&work.operation, &Arguments::read(&work.arguments)?)?;
        Ok(List::new(work.opened.client()?.pages(call, &abort(work.signal)), limit))
    };
    Ok(open())
}

async fn schedules(client: &Client, given: &Arguments, abort: &Abort, progress: Option<Function>) -> Result<JsValue, Error> {
    let addresses = given.texts("schedules")?.ok_or_else(|| invalid("schedules", "is missing: it must be a list of addresses"))?;
    if addresses.iter().any(|address| address.trim().is_empty()) {
        return Err(invalid("schedules", "holds an empty address"));
    }
    let interval = given.count("intervalMinutes", 5, 1440)?.unwrap_or(INTERVAL);
    let interval = u16::try_from(interval).map_err(|_| Error::new(ErrorCode::InvalidRequest, "`intervalMinutes` is too large."))?;
    let plan = SchedulePlan::new(&addresses, given.instant("start")?, given.instant("end")?, interval)?;
    let on_progress = |done: usize, total: usize| {
        if let Some(progress) = &progress {
            // What the host's own function throws is not ours to handle.
            let _ = progress.call2(&JsValue::UNDEFINED, &JsValue::from(done), &JsValue::from(total));
        }
    };
    let found = client.schedules(&plan, abort, on_progress).await?;
    Ok(write(&found.iter().map(ScheduleInformation::to_json).collect()))
}

/// Bytes and their media type, of which JavaScript makes a Blob.
fn file(bytes: &[u8], media_type: &str) -> JsValue {
    Array::of2(&Uint8Array::from(bytes), &media_type.into()).into()
}
