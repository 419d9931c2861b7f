//! A scripted service with a clock of its own: time passes only when everybody waits, so an hour takes a moment and every run is the same.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::Rc,
    task::{Poll, Waker},
    time::Duration,
};

use convoke_core::{
    Error, ErrorCode,
    auth::{Moment, Secret},
    graph::Mailbox,
};
use futures::{executor::LocalPool, task::LocalSpawnExt};
use http::{Request, Response};
use serde_json::{Value, json};

use super::{
    super::{Client, ClientOptions, TokenRequest, io::Io},
    tabs::Browser,
};

/// What the service answers, and after how long.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    pub(super) after_ms: u32,
    pub(super) what: Result<(u16, Option<String>, Value), ErrorCode>,
}

impl Reply {
    /// An answer after a tenth of a second.
    pub(super) fn json(status: u16, body: Value) -> Self {
        Self { after_ms: 100, what: Ok((status, None, body)) }
    }

    /// A refusal with Graph's envelope.
    pub(super) fn refusal(status: u16, code: &str, retry_after: Option<&str>) -> Self {
        Self { after_ms: 100, what: Ok((status, retry_after.map(str::to_owned), json!({"error": {"code": code, "message": "m"}}))) }
    }

    /// No answer at all.
    pub(super) fn failure(code: ErrorCode) -> Self {
        Self { after_ms: 100, what: Err(code) }
    }
}

/// One request as it left.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    pub(super) at_ms: f64,
    pub(super) method: String,
    pub(super) host: String,
    pub(super) path: String,
    pub(super) bearer: Secret,
    pub(super) lane: String,
    pub(super) body: Value,
    /// `Prefer` and `Content-Range`; empty where there is none.
    pub(super) prefer: String,
    pub(super) range: String,
    /// How many bytes the body has.
    pub(super) length: u64,
}

type Script = Box<dyn FnMut(&Sent) -> Reply>;
/// Told of each answer at the moment it arrives: to what, which waits it asks for in seconds, and when.
type Listener = Box<dyn Fn(&Sent, Vec<u16>, f64)>;

/// The world around a client.
#[derive(Clone)]
pub(super) struct World(Rc<Inner>);

struct Inner {
    browser: Browser,
    now_ms: Cell<f64>,
    timers: RefCell<Vec<(f64, Waker)>>,
    log: RefCell<Vec<Sent>>,
    running: RefCell<HashMap<String, usize>>,
    most: RefCell<HashMap<String, usize>>,
    script: RefCell<Script>,
    listener: RefCell<Option<Listener>>,
    tokens: RefCell<Vec<TokenRequest>>,
    token_ms: Cell<u32>,
    refused_scope: RefCell<String>,
    chance: Cell<u64>,
}

impl World {
    pub(super) fn new(script: impl FnMut(&Sent) -> Reply + 'static) -> Self {
        Self(Rc::new(Inner {
            browser: Browser::default(),
            now_ms: Cell::new(1000.0),
            timers: RefCell::default(),
            log: RefCell::default(),
            running: RefCell::default(),
            most: RefCell::default(),
            script: RefCell::new(Box::new(script)),
            listener: RefCell::default(),
            tokens: RefCell::default(),
            token_ms: Cell::new(0),
            refused_scope: RefCell::default(),
            chance: Cell::new(1),
        }))
    }

    /// Listens to answers as they arrive.
    pub(super) fn on_answer(&self, listener: impl Fn(&Sent, Vec<u16>, f64) + 'static) {
        *self.0.listener.borrow_mut() = Some(Box::new(listener));
    }

    /// How long a token takes.
    pub(super) fn token_takes(&self, milliseconds: u32) {
        self.0.token_ms.set(milliseconds);
    }

    /// A permission that nobody has agreed to.
    pub(super) fn refuse_scope(&self, scope: &str) {
        scope.clone_into(&mut self.0.refused_scope.borrow_mut());
    }

    /// A client of `https://graph.example` in this world.
    pub(super) fn client(&self) -> Client {
        let world = self.clone();
        let token = Rc::new(move |request: TokenRequest| {
            let world = world.clone();
            Box::pin(async move {
                world.sleep(world.0.token_ms.get().into()).await;
                if request.scopes.iter().any(|scope| *scope == *world.0.refused_scope.borrow()) {
                    return Err(Error::new(ErrorCode::ConsentRequired, "scripted"));
                }
                world.0.tokens.borrow_mut().push(request);
                Ok(Secret::new(format!("token-{}", world.0.tokens.borrow().len())))
            }) as super::super::LocalBoxFuture<_>
        });
        let mut options = ClientOptions::new("https://graph.example", token);
        options.mailbox = Mailbox::Me;
        Client::with_io(options, self.io()).unwrap()
    }

    /// The browser whose tabs the clients are.
    pub(super) fn browser(&self) -> &Browser {
        &self.0.browser
    }

    /// Runs the work to its end, and time with it.
    pub(super) fn run<T: 'static>(&self, work: impl Future<Output = T> + 'static) -> T {
        let mut pool = LocalPool::new();
        let done = Rc::new(RefCell::new(None));
        let result = done.clone();
        pool.spawner().spawn_local(async move { *result.borrow_mut() = Some(work.await) }).unwrap();
        loop {
            pool.run_until_stalled();
            if let Some(result) = done.borrow_mut().take() {
                return result;
            }
            assert!(self.advance(), "everybody waits, and no timer runs");
        }
    }

    pub(super) fn now_ms(&self) -> f64 {
        self.0.now_ms.get()
    }

    pub(super) async fn sleep(&self, milliseconds: f64) {
        let until = self.now_ms() + milliseconds;
        std::future::poll_fn(|context| {
            if self.now_ms() >= until {
                return Poll::Ready(());
            }
            self.0.timers.borrow_mut().push((until, context.waker().clone()));
            Poll::Pending
        })
        .await;
    }

    pub(super) fn sent(&self) -> Vec<Sent> {
        self.0.log.borrow().clone()
    }

    pub(super) fn paths(&self) -> Vec<String> {
        self.sent().into_iter().map(|sent| sent.path).collect()
    }

    pub(super) fn tokens(&self) -> Vec<TokenRequest> {
        self.0.tokens.borrow().clone()
    }

    /// The most that ever ran at once in a lane.
    pub(super) fn most(&self, lane: &str) -> usize {
        self.0.most.borrow().get(lane).copied().unwrap_or(0)
    }

    fn advance(&self) -> bool {
        let mut timers = self.0.timers.take();
        let Some(next) = timers.iter().map(|(at, _)| *at).min_by(f64::total_cmp) else { return false };
        self.0.now_ms.set(next.max(self.now_ms()));
        timers.retain(|(at, waker)| {
            let due = *at <= next;
            if due {
                waker.wake_by_ref();
            }
            !due
        });
        self.0.timers.borrow_mut().extend(timers);
        true
    }

    fn io(&self) -> Io {
        let (sending, sleeping, now, chance) = (self.clone(), self.clone(), self.clone(), self.clone());
        let bare = Io {
            lock: Rc::new(|_| unreachable!("the browser has locks")),
            talk: Rc::new(|_, _| None),
            shown: Rc::new(|| Box::pin(async {})),
            is_shown: Rc::new(|| true),
            send: Rc::new(move |request, _| {
                let world = sending.clone();
                Box::pin(async move { world.exchange(&request).await })
            }),
            sleep: Rc::new(move |duration: Duration| {
                let world = sleeping.clone();
                Box::pin(async move { world.sleep(duration.as_secs_f64() * 1000.0).await })
            }),
            now: Rc::new(move || Moment { wall_ms: now.now_ms(), mono_ms: now.now_ms() }),
            random: Rc::new(move || chance.random()),
        };
        self.0.browser.furnish(bare)
    }

    /// Knuth's MMIX generator: the same run for the same seed.
    pub(super) fn random(&self) -> f64 {
        let next = self.0.chance.get().wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0.chance.set(next);
        (next >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(super) fn seed(&self, seed: u64) {
        self.0.chance.set(seed);
    }

    async fn exchange(&self, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Error> {
        let header = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
        let path = request.uri().path_and_query().unwrap().as_str().to_owned();
        let body: Value = serde_json::from_slice(request.body()).unwrap_or_default();
        let sent = Sent {
            at_ms: self.now_ms(),
            method: request.method().to_string(),
            host: request.uri().host().unwrap().to_owned(),
            // An upload's session is a service of its own.
            lane: if request.uri().host() == Some("graph.example") { lane(&path, &body) } else { path.clone() },
            path,
            bearer: Secret::new(header("authorization")),
            body,
            prefer: header("prefer"),
            range: header("content-range"),
            length: request.body().len() as u64,
        };
        // Addresses that work without a token are not Graph's own.
        assert_eq!(header("client-request-id").len(), if sent.host == "graph.example" { 36 } else { 0 });
        self.0.log.borrow_mut().push(sent.clone());
        let weight = sent.body["requests"].as_array().map_or(1, |items| items.len().min(4));
        let _flight = Flight::start(self.clone(), &sent.lane, weight);
        let reply = (self.0.script.borrow_mut())(&sent);
        self.sleep(reply.after_ms.into()).await;
        match reply.what {
            Err(code) => Err(Error::new(code, "scripted")),
            Ok((status, retry_after, body)) => {
                if let Some(listener) = &*self.0.listener.borrow() {
                    let inner = body["responses"].as_array().into_iter().flatten();
                    let inner = inner.filter_map(|item| item["headers"]["Retry-After"].as_str());
                    let waits = inner.chain(retry_after.as_deref()).filter_map(|wait| wait.parse().ok());
                    listener(&sent, waits.collect(), self.now_ms());
                }
                let mut response = Response::builder().status(status).header("content-type", "application/json");
                if let Some(value) = retry_after {
                    response = response.header("retry-after", value);
                }
                if let Some(challenge) = body["challenge"].as_str() {
                    response = response.header("www-authenticate", challenge);
                }
                Ok(response.body(if body.is_null() { Vec::new() } else { serde_json::to_vec(&body).unwrap() }).unwrap())
            }
        }
    }
}

/// The mailbox, or the directory, that a request counts against: the service's own view. Of a batch, the one mailbox that it is about.
fn lane(path: &str, body: &Value) -> String {
    if let Some(items) = body["requests"].as_array() {
        let lanes = items.iter().map(|item| lane(&["/v1.0", item["url"].as_str().unwrap()].concat(), &Value::Null));
        let mut mailboxes: Vec<String> = lanes.filter(|lane| lane != "directory").collect();
        mailboxes.dedup();
        assert!(mailboxes.len() <= 1, "a batch is about several mailboxes: {mailboxes:?}");
        return mailboxes.pop().unwrap_or_else(|| "directory".to_owned());
    }
    let mut segments = path.split('?').next().unwrap_or_default().split('/').skip(2);
    match (segments.next(), segments.next(), segments.next()) {
        (Some("users"), Some(id), Some(service)) if service != "photo" => id.to_owned(),
        (Some("users"), ..) => "directory".to_owned(),
        _ => "me".to_owned(),
    }
}

/// A request under way, over when dropped.
struct Flight(World, String, usize);

impl Flight {
    fn start(world: World, lane: &str, weight: usize) -> Self {
        let mut running = world.0.running.borrow_mut();
        let now = running.entry(lane.to_owned()).or_default();
        *now += weight;
        let mut most = world.0.most.borrow_mut();
        let most = most.entry(lane.to_owned()).or_default();
        *most = (*most).max(*now);
        drop(running);
        Self(world.clone(), lane.to_owned(), weight)
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        if let Some(running) = self.0.0.running.borrow_mut().get_mut(&self.1) {
            *running -= self.2;
        }
    }
}
