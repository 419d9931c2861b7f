//! The Graph client for JavaScript. Owns carrying a named operation out, and those that are more than one call; leaves which operations
//! there are to `operations` and `raw`, and the shape of the contract's members to `www/npm/client.js`.

use std::{cell::OnceCell, rc::Rc};

use convoke::{
    browser::page,
    client::{Abort, Client, ClientOptions, LocalBoxFuture, TokenSource},
    diagnose::diagnose,
    session::Session,
};
use convoke_core::{
    Error, ErrorCode,
    auth::Feature,
    diagnose::english,
    graph::{
        Mailbox, SchedulePlan,
        operations::{events, users},
    },
    model::ScheduleInformation,
    time::iso_utc,
};
use js_sys::Function;
use serde_json::Value;
use wasm_bindgen::prelude::*;
use wasm_split_helpers::wasm_split;
use web_sys::{AbortSignal, Blob};

use crate::{
    arguments::{Arguments, invalid},
    boundary::{Crossing, NotLoaded, abort, thrown, write},
    list::{self, List},
    operations, options, raw,
    session::SessionHandle,
    transfer, watch,
};

/// A digit of an availability view, where nothing else is said.
const INTERVAL: u32 = 30;

/// A client.
#[wasm_bindgen]
pub struct Graph(Rc<Opened>);

/// A client that is made when it is first used, by the part that it comes with.
pub(crate) struct Opened {
    options: ClientOptions,
    session: Option<Session>,
    client: OnceCell<Client>,
}

#[wasm_bindgen]
impl Graph {
    /// A client whose tokens come from a session.
    pub fn with_session(settings: &JsValue, session: &SessionHandle) -> Result<Graph, JsValue> {
        let session = session.session();
        let base = session.config().graph_base_url.clone();
        Self::open(settings, options::of_session(session.clone()), &base, Some(session)).map_err(|error| thrown(&error))
    }

    /// A client whose tokens come from the host.
    pub fn with_provider(settings: &JsValue, provider: Function) -> Result<Graph, JsValue> {
        let base = convoke_core::config::Cloud::default().graph_origin();
        Self::open(settings, options::of_provider(provider), base, None).map_err(|error| thrown(&error))
    }

    /// Carries out one operation and gives its answer. `progress` is told how far an operation of several calls is.
    /// `content` is what an upload sends.
    pub async fn run(
        &self,
        operation: String,
        arguments: JsValue,
        signal: Option<AbortSignal>,
        progress: Option<Function>,
        content: Option<Blob>,
    ) -> Crossing {
        let work = Work { opened: Rc::clone(&self.0), operation, arguments, signal, progress, content };
        (doors().await?.carry_out)(work).await.map_err(|error| thrown(&error))
    }

    /// The self-test.
    pub async fn diagnose(&self, arguments: JsValue, signal: Option<AbortSignal>) -> Crossing {
        let work = look_at(self.opened(), arguments, signal).await.map_err(NotLoaded::thrown)?;
        work.await.map_err(|error| thrown(&error))
    }

    /// A list; nothing is sent before its first page is asked for.
    pub async fn list(&self, operation: String, arguments: JsValue, signal: Option<AbortSignal>, limit: usize) -> Result<List, JsValue> {
        let work = Work { opened: Rc::clone(&self.0), operation, arguments, signal, progress: None, content: None };
        (doors().await?.open_list)(work, limit).map_err(|error| thrown(&error))
    }
}

/// What is to be done.
pub(crate) struct Work {
    opened: Rc<Opened>,
    operation: String,
    arguments: JsValue,
    signal: Option<AbortSignal>,
    progress: Option<Function>,
    content: Option<Blob>,
}

impl Graph {
    fn open(settings: &JsValue, token: TokenSource, base_url: &str, session: Option<Session>) -> Result<Self, Error> {
        let options = options::read(&Arguments::read(settings)?, token, base_url)?;
        Ok(Self(Rc::new(Opened { options, session, client: OnceCell::new() })))
    }

    pub(crate) fn opened(&self) -> Rc<Opened> {
        Rc::clone(&self.0)
    }
}

impl Opened {
    /// What the session was made for; without one, what a session is made for where nothing is said.
    fn features(&self) -> Vec<Feature> {
        self.session.as_ref().map_or_else(|| Feature::DEFAULT.to_vec(), |session| session.config().session.features.clone())
    }

    pub(crate) fn client(&self) -> Result<Client, Error> {
        if let Some(client) = self.client.get() {
            return Ok(client.clone());
        }
        let owner = self.session.as_ref().and_then(Session::account).map(|account| account.id);
        let client = Client::new(ClientOptions { owner, ..self.options.clone() })?;
        Ok(self.client.get_or_init(|| client).clone())
    }
}

/// What the part can do. It is reached through these pointers and through nothing else, or it would have to be there from the beginning.
pub(crate) struct Doors {
    carry_out: fn(Work) -> Outcome,
    open_list: fn(Work, usize) -> Result<List, Error>,
    pub(crate) next_page: fn(Rc<list::Inner>) -> LocalBoxFuture<Result<Value, Error>>,
    pub(crate) collect: fn(Rc<list::Inner>) -> LocalBoxFuture<Result<Value, Error>>,
    pub(crate) watch: fn(watch::Work) -> LocalBoxFuture<Result<(), Error>>,
}

type Outcome = LocalBoxFuture<Result<JsValue, Error>>;

#[wasm_split(graph, fallible)]
fn load() -> Result<Doors, NotLoaded> {
    Ok(Doors { carry_out, open_list, next_page: list::next_page, collect: list::collect, watch: watch::keep_watching })
}

/// Loads the part, where that has not been done.
pub(crate) async fn doors() -> Result<Doors, JsValue> {
    load().await.map_err(NotLoaded::thrown)
}

fn carry_out(work: Work) -> Outcome {
    Box::pin(async move {
        let Work { opened, operation, arguments, signal, progress, content } = work;
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
            "files.upload" => {
                let source = transfer::source(content.ok_or_else(|| invalid("content", "must be a Blob or bytes"))?);
                let sent = |sent, total| tell(progress.as_ref(), sent, total);
                Ok(write(&client.upload(given.text("path")?, &source, &abort, sent).await?))
            }
            "files.download" => {
                let file = client.download(given.text("path")?, &abort).await?;
                Ok(transfer::file(&file.bytes, &file.media_type))
            }
            "users.photo" => {
                let photo = client.run(users::photo(given.text("id")?), &abort).await?;
                Ok(photo.map_or(JsValue::NULL, |photo| transfer::file(&photo.bytes, &photo.media_type)))
            }
            "findMeetingTimes" => meeting_times(&opened, &client, &mut given, &abort).await,
            "request" => Ok(write(&client.run(raw::request(&mut given)?, &abort).await?)),
            name => Ok(write(&client.run(operations::one(name, &mut given)?, &abort).await?)),
        }
    })
}

#[wasm_split(diagnose, fallible)]
fn look_at(
    opened: Rc<Opened>,
    arguments: JsValue,
    signal: Option<AbortSignal>,
) -> Result<LocalBoxFuture<Result<JsValue, Error>>, NotLoaded> {
    Ok(Box::pin(async move {
        let features = options::features(&Arguments::read(&arguments)?)?.unwrap_or_else(|| opened.features());
        let checks = diagnose(&opened.client()?, opened.session.as_ref(), &features, &abort(signal), |_| ()).await;
        let heading = ["Convoke self-test, ", &iso_utc(page::now())].concat();
        Ok(write(&english::to_json(&heading, &checks)))
    }))
}

fn open_list(work: Work, limit: usize) -> Result<List, Error> {
    let call = operations::list(&work.operation, &Arguments::read(&work.arguments)?)?;
    Ok(List::new(work.opened.client()?.pages(call, &abort(work.signal)), limit))
}

/// Graph refuses it to personal accounts and to applications, and does not always say that this is why.
async fn meeting_times(opened: &Opened, client: &Client, given: &mut Arguments, abort: &Abort) -> Result<JsValue, Error> {
    let unsupported = |message: &str| Error::new(ErrorCode::UnsupportedAccount, message);
    if opened.session.as_ref().and_then(Session::account).is_some_and(|account| account.is_personal()) {
        return Err(unsupported("Personal accounts have no findMeetingTimes."));
    }
    match client.run(operations::one("findMeetingTimes", given)?, abort).await {
        Err(error) if error.code() == ErrorCode::Forbidden && opened.options.mailbox != Mailbox::Me => {
            let message = "findMeetingTimes is for the signed-in person alone, not for applications or another's mailbox.";
            Err(unsupported(message).with(error.details().clone()))
        }
        answer => answer.map(|found| write(&found)),
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
    let on_progress = |done: usize, total: usize| tell(progress.as_ref(), done as u64, total as u64);
    let found = client.schedules(&plan, abort, on_progress).await?;
    Ok(write(&found.iter().map(ScheduleInformation::to_json).collect()))
}

/// Tells a host's own function how far something is.
fn tell(progress: Option<&Function>, done: u64, total: u64) {
    #[expect(clippy::cast_precision_loss, reason = "counts of calls, and of the bytes of a file")]
    let number = |count: u64| JsValue::from_f64(count as f64);
    if let Some(progress) = progress {
        // What it throws is not ours to handle.
        let _ = progress.call2(&JsValue::UNDEFINED, &number(done), &number(total));
    }
}
