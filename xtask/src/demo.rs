//! `cargo xtask demo`: the app beside the sandbox. Owns choosing ports, putting both together and ending both.

use std::{
    ffi::{OsStr, OsString},
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail};

use crate::{
    args::Args,
    bundle::{self, Options},
    config::{self, Hosts},
    policy, process,
    sandbox::{self, Build},
    serve,
    site::Site,
};

/// The options of `cargo xtask demo`.
pub(crate) const SYNOPSIS: &str = "[--port N] [--sandbox-port N] [--debug]";
const PORT: u16 = 8080;
const SANDBOX_PORT: u16 = 8081;

/// Builds both, starts both, says where they are and waits for Ctrl-C.
#[expect(clippy::print_stdout, reason = "the two lines are what people and scripts wait for")]
pub(crate) fn run(words: Vec<OsString>) -> Result<()> {
    let mut args = Args::new(words)?;
    let (port, sandbox_port) = (args.port("--port")?, args.port("--sandbox-port")?);
    let options = Options { release: !args.switch("--debug"), wasm_opt: false, small: false };
    args.finish(SYNOPSIS)?;
    if port.is_some() && port != Some(0) && port == sandbox_port {
        bail!("--port and --sandbox-port have to differ");
    }
    // Looked at before the long part, though somebody may take the port meanwhile: that is then seen again below.
    check(port, "--port")?;
    check(sandbox_port, "--sandbox-port")?;

    let site = bundle::build(options)?;
    let program = sandbox::build(Build::Plain)?;
    let port = match port {
        Some(port) => port,
        None => serve::free_port(PORT, sandbox_port)?,
    };
    let listeners = serve::listen(port).map_err(|error| serve::port_taken(port, "--port", &error))?;
    let sandbox_port = match sandbox_port {
        Some(port) => port,
        None => serve::free_port(SANDBOX_PORT, Some(port))?,
    };
    let mut pair = Pair::start(site, listeners, sandbox::Running::start(&program, sandbox_port, &[])?)?;

    println!("Convoke: {}\nSandbox: {}", pair.app.url, pair.sandbox.url);
    // A script that waits for these lines reads them from a pipe.
    std::io::stdout().flush()?;
    while !process::interrupted() {
        if let Some(status) = pair.sandbox.ended()? {
            if process::interrupted() {
                break;
            }
            bail!("The sandbox ended by itself ({status})");
        }
        thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

fn check(port: Option<u16>, option: &str) -> Result<()> {
    if let Some(port) = port {
        serve::listen(port).map_err(|error| serve::port_taken(port, option, &error))?;
    }
    Ok(())
}

/// The week in which the end-to-end tests take place; they set the clocks on both sides to it.
const TEST_DATE: &str = "2026-11-16";

/// An app whose configuration names the sandbox beside it; both end when this value goes.
pub(crate) struct Pair {
    pub(crate) app: serve::Running,
    pub(crate) sandbox: sandbox::Running,
}

impl Pair {
    /// Fits configuration and policy to the sandbox, serves the app and waits until both answer.
    pub(crate) fn start(mut site: Site, listeners: Vec<std::net::TcpListener>, sandbox: sandbox::Running) -> Result<Self> {
        let config = config::demo(&sandbox.url);
        site.insert(policy::FILE_NAME, policy::rule_file(&Hosts::from_json(&config)?));
        site.insert("config.json", config);
        let app = serve::serve(site, listeners)?;
        for url in [&app.url, &sandbox.url] {
            answers(url).with_context(|| format!("{url} does not answer"))?;
        }
        Ok(Self { app, sandbox })
    }

    /// A pair on free ports. `record`: where the sandbox writes what it was asked and answered.
    pub(crate) fn on_free_ports(site: Site, record: Option<&Path>) -> Result<Self> {
        let mut arguments = vec![OsStr::new("--date"), OsStr::new(TEST_DATE)];
        if let Some(record) = record {
            arguments.extend([OsStr::new("--record"), record.as_os_str()]);
        }
        let sandbox = sandbox::Running::start(&sandbox::build(Build::Plain)?, 0, &arguments)?;
        Self::start(site, serve::listen(0)?, sandbox)
    }
}

/// Asks for the first page and reads the beginning of an answer, whatever its status.
fn answers(url: &str) -> Result<()> {
    let address = url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(stream, "GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut start = [0; 5];
    stream.read_exact(&mut start)?;
    if &start != b"HTTP/" {
        bail!("that is not a web server");
    }
    Ok(())
}
