//! The command `convoke-sandbox`. Owns its arguments and what it prints; leaves everything else to the library.

use std::{error::Error, fs, net::IpAddr, process::ExitCode};

use convoke_sandbox::{Config, Listen, Sandbox};
use lexopt::prelude::{Long, Short, ValueExt};

const HELP: &str = "Entra ID and Microsoft Graph on this machine, without a tenant.

Usage: convoke-sandbox [options]

  --port N              listen on this port (default 4365; 0: any that is free)
  --tls                 https, with a certificate that is made now and trusted by nobody (takes the feature `tls`)
  --seed N              another tenant: names, calendars and mail follow from the number
  --date YYYY-MM-DD     fill the calendars of this day's week instead of the present one
  --scale N             fill the tenant N times over
  --faults FILE         begin with the fault rules in this JSON file
  --record FILE         add what clients ask of Graph and are answered to this file, as lines of JSON
  --redirect-uri URI    let sign-in return to this address too (may be repeated)
  --let-other-machines-connect ADDRESS
                        listen on this address instead of loopback; anybody who reaches it can sign in as anybody
  --help                print this

Entra ID is at http://127.0.0.1:<port>/<tenant>/…, Graph at http://127.0.0.1:<port>/v1.0/…, control at
http://127.0.0.1:<port>/sandbox/….";

/// The port when none is given: 365, somewhere free.
const PORT: u16 = 4365;

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a command talks to its terminal")]
fn main() -> ExitCode {
    let config = match arguments(lexopt::Parser::from_env()) {
        Ok(Some(config)) => config,
        Ok(None) => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("convoke-sandbox: {error}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    match run(config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("convoke-sandbox: {error}");
            ExitCode::FAILURE
        }
    }
}

fn arguments(mut parser: lexopt::Parser) -> Result<Option<Config>, Box<dyn Error>> {
    let mut config = Config { port: PORT, ..Config::default() };
    while let Some(argument) = parser.next()? {
        match argument {
            Long("port") => config.port = parser.value()?.parse().map_err(|error| format!("--port: {error}"))?,
            Long("tls") => config.tls = true,
            Long("seed") => config.seed = parser.value()?.parse().map_err(|error| format!("--seed: {error}"))?,
            Long("date") => config.date = Some(parser.value()?.parse().map_err(|error| format!("--date: {error}"))?),
            Long("scale") => config.scale = parser.value()?.parse().map_err(|error| format!("--scale: {error}"))?,
            Long("faults") => {
                let file = parser.value()?;
                let text = fs::read_to_string(&file).map_err(|error| format!("--faults: {}: {error}", file.display()))?;
                let rules = serde_json::from_str(&text).map_err(|error| format!("--faults: {}: {error}", file.display()))?;
                config.faults = Some(rules);
            }
            Long("record") => config.record = Some(parser.value()?.into()),
            Long("redirect-uri") => {
                config.redirect_uris.push(parser.value()?.string().map_err(|error| format!("--redirect-uri: {error}"))?)
            }
            Long("let-other-machines-connect") => {
                let address: IpAddr = parser.value()?.parse().map_err(|error| format!("--let-other-machines-connect: {error}"))?;
                config.listen = Listen::OtherMachinesToo(address);
            }
            Long("help") | Short('h') => return Ok(None),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Some(config))
}

#[expect(clippy::print_stdout, reason = "a command talks to its terminal")]
fn run(config: Config) -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let stop = until_told_to_stop()?;
        let running = Sandbox::start(config)?;
        println!("Sandbox: {}", running.base_url);
        println!("Its accounts are made up and its tokens mean nothing elsewhere. Stop it with Ctrl-C.");
        stop.await;
        running.stop().await;
        Ok(())
    })
}

/// Resolves at Ctrl-C or, where there is such a thing, SIGTERM. Listening begins at once, not at the first poll.
#[cfg(unix)]
fn until_told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn until_told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    // An error means that there is nothing to wait for, and the sandbox then runs until it is killed.
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
