//! The Graph client for JavaScript. Owns carrying a named operation out, and those that are more than one call; leaves which operations
//! there are to `operations` and `raw`, and the shape of the contract's members to `www/npm/client.js`.

use convoke::client::{Abort, Client, TokenSource};
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
use web_sys::AbortSignal;

use crate::{
    arguments::{Arguments, invalid},
    boundary::{Crossing, abort, thrown, write},
    list::List,
    operations, options, raw,
    session::SessionHandle,
};

/// A digit of an availability view, where nothing else is said.
const INTERVAL: u32 = 30;

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

    /// Carries out one operation and gives its answer. `progress` is told how far an operation of several calls is.
    pub async fn run(&self, operation: String, arguments: JsValue, signal: Option<AbortSignal>, progress: Option<Function>) -> Crossing {
        let client = self.client.clone();
        let work = async {
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
                "users.photo" => Ok(client.run(users::photo(given.text("id")?), &abort).await?.map_or(JsValue::NULL, |photo| file(&photo.bytes, &photo.media_type))),
                "request" => Ok(write(&client.run(raw::request(&mut given)?, &abort).await?)),
                name => Ok(write(&client.run(operations::one(name, &mut given)?, &abort).await?)),
            }
        };
        work.await.map_err(|error: Error| thrown(&error))
    }

    /// A list; nothing is sent before its first page is asked for.
    pub fn list(&self, operation: &str, arguments: &JsValue, signal: Option<AbortSignal>, limit: usize) -> Result<List, JsValue> {
        let open = || -> Result<List, Error> {
            let call = operations::list(operation, &Arguments::read(arguments)?)?;
            Ok(List::new(self.client.pages(call, &abort(signal)), limit))
        };
        open().map_err(|error| thrown(&error))
    }
}

impl Graph {
    fn open(settings: &JsValue, token: TokenSource, base_url: &str) -> Result<Self, Error> {
        let options = options::read(&Arguments::read(settings)?, token, base_url)?;
        Ok(Self { client: Client::new(options)? })
    }
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
