//! The server as a whole: configuration, start and stop. Owns the listening socket and the thread; leaves what happens to a request to
//! `pipeline` and what answers it to `identity`, `graph` and `control`.

mod accept;
mod bearer;
mod cors;
mod encryption;
pub(crate) mod errors;
mod pipeline;
pub(crate) mod switches;

use std::{
    fmt, io,
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener},
    path::PathBuf,
    sync::Arc,
    thread::JoinHandle,
};

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use tokio::sync::oneshot;

use crate::{
    context::{Context, Shared},
    control::faults::Rule,
    recording::Recording,
    world::SeedConfig,
};

use encryption::Encryption;
use switches::Switches;

pub(crate) use {accept::Unanswered, cors::Area};

/// How a sandbox starts. The default is what a test wants: loopback, a free port, the seeded tenant of this week.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// Who can connect.
    pub listen: Listen,
    /// `0`: one that is free.
    pub port: u16,
    /// https, with a certificate that is made at the start and trusted by nobody. Takes the feature `tls`.
    pub tls: bool,
    /// Names, calendars and mail follow from it.
    pub seed: u64,
    /// The seeded calendars are those of the week of this day; `None`: of this week.
    pub date: Option<NaiveDate>,
    /// How many times over the tenant is filled, `0` and `1` both meaning once.
    pub scale: u32,
    /// What the clock shows at the start; `None`: the system's time.
    pub now: Option<DateTime<Utc>>,
    /// Fault rules to begin with, in the form that `POST /sandbox/faults` takes.
    pub faults: Option<Value>,
    /// Addresses that sign-in may return to, beside `http://localhost:<any>/` and `http://localhost:<any>/redirect.html`.
    pub redirect_uris: Vec<String>,
    /// Where what clients ask of Graph and are answered is recorded, as lines of JSON.
    pub record: Option<PathBuf>,
    /// Behaviours that differ from the default.
    pub switches: Switches,
}

/// Who can connect to a sandbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Listen {
    /// Programs on this machine.
    #[default]
    Loopback,
    /// Whoever reaches this address, from other machines too. Anybody can sign in to a sandbox as anybody: only for networks of one's own.
    OtherMachinesToo(IpAddr),
}

/// Why a sandbox did not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// The address cannot be listened on.
    Bind {
        /// What was asked for.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The server's thread or its runtime could not be made.
    Thread(io::Error),
    /// TLS was asked for and cannot be had.
    Tls(String),
    /// The fault rules are not in order; the text names the member.
    Faults(String),
    /// The recording cannot be written.
    Record {
        /// What was asked for.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl fmt::Display for StartError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bind { address, source } => {
                write!(formatter, "port: cannot listen on {address} ({source}); choose another, or 0 for a free one")
            }
            Self::Thread(source) => write!(formatter, "the server's thread cannot be started ({source})"),
            Self::Tls(problem) => write!(formatter, "tls: {problem}"),
            Self::Faults(problem) => write!(formatter, "faults: {problem}"),
            Self::Record { file, source } => write!(formatter, "record: {} cannot be written ({source})", file.display()),
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Bind { source, .. } | Self::Thread(source) | Self::Record { source, .. } => Some(source),
            Self::Faults(_) | Self::Tls(_) => None,
        }
    }
}

/// Entra ID and Graph on loopback.
///
/// ```
/// use convoke_sandbox::{Config, Sandbox};
///
/// let date = "2026-11-16".parse().ok();
/// let sandbox = Sandbox::start(Config { date, ..Config::default() })?;
/// assert!(sandbox.graph_url.starts_with("http://127.0.0.1:"));
/// # Ok::<(), convoke_sandbox::StartError>(())
/// ```
#[derive(Debug)]
pub struct Sandbox;

/// A sandbox that answers. It stops when this is dropped.
#[derive(Debug)]
pub struct Running {
    /// `http://127.0.0.1:<port>`, where `/{tenant}/oauth2/v2.0/…` are: the host of an authority.
    pub login_url: String,
    /// `http://127.0.0.1:<port>/v1.0`, Graph's root.
    pub graph_url: String,
    /// `http://127.0.0.1:<port>`, where `/sandbox/…` is.
    pub base_url: String,
    context: Shared,
    stop: Option<oneshot::Sender<()>>,
    stopped: Option<oneshot::Receiver<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sandbox {
    /// Starts a sandbox on a thread and runtime of its own, so that it answers whatever the caller's thread does meanwhile. When this
    /// returns, connections are accepted. Any number can run side by side.
    pub fn start(config: Config) -> Result<Running, StartError> {
        let rules = config.faults.as_ref().map(Rule::parse_all).transpose().map_err(|error| StartError::Faults(error.to_string()))?;
        let host = match config.listen {
            Listen::Loopback => IpAddr::V4(Ipv4Addr::LOCALHOST),
            Listen::OtherMachinesToo(host) => host,
        };
        let address = SocketAddr::new(host, config.port);
        let bound = TcpListener::bind(address).and_then(|listener| {
            listener.set_nonblocking(true)?;
            let port = listener.local_addr()?.port();
            Ok((listener, port))
        });
        let (listener, port) = bound.map_err(|source| StartError::Bind { address, source })?;
        // "Any address" is nothing that a browser could open.
        let shown = if host.is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { host };
        let encryption = Encryption::new(config.tls, &shown.to_string()).map_err(StartError::Tls)?;
        let scheme = if config.tls { "https" } else { "http" };
        let base_url = format!("{scheme}://{}", SocketAddr::new(shown, port));
        let date = config.date.unwrap_or_else(|| config.now.unwrap_or_else(Utc::now).date_naive());
        let seed = SeedConfig { date, seed: config.seed, scale: config.scale.max(1) };
        let recording =
            config.record.map(|file| Recording::open(&file).map_err(|source| StartError::Record { file, source })).transpose()?;
        let mut context = Context::resettable(seed, config.now, config.switches, config.redirect_uris, base_url.clone());
        context.recording = recording;
        context.faults.reseed(config.seed);
        context.faults.install(rules.unwrap_or_default());
        let context = Arc::new(context);
        let (stop, stopping) = oneshot::channel();
        let (done, stopped) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(StartError::Thread)?;
        let router = pipeline::router(Arc::clone(&context));
        let thread = std::thread::Builder::new()
            .name(format!("sandbox-{port}"))
            .spawn(move || {
                runtime.block_on(accept::serve(listener, router, encryption, stopping));
                // Handlers that wait on purpose, as a delay fault does, must not hold up the end.
                runtime.shutdown_background();
                // Nobody listens when the sandbox was dropped instead of stopped.
                let _ = done.send(());
            })
            .map_err(StartError::Thread)?;
        Ok(Running {
            login_url: base_url.clone(),
            graph_url: format!("{base_url}/v1.0"),
            base_url,
            context,
            stop: Some(stop),
            stopped: Some(stopped),
            thread: Some(thread),
        })
    }
}

impl Running {
    /// Stops accepting, lets answers that are under way go out for up to a second, and returns when the port is free.
    pub async fn stop(mut self) {
        drop(self.stop.take());
        if let Some(stopped) = self.stopped.take() {
            // An error means that the thread has ended already, which is what is waited for.
            let _ = stopped.await;
        }
    }

    /// The state behind the routes, for tests that look into mailboxes or move the clock without HTTP.
    #[must_use]
    pub fn context(&self) -> &Shared {
        &self.context
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has said so already.
            let _ = thread.join();
        }
    }
}
