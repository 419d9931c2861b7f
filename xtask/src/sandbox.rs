//! The sandbox as a child process. Owns building, starting and ending it; what it answers is its own crate's.

use std::{
    ffi::{OsStr, OsString},
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::{
    process::{self, Guard},
    workspace::{cargo, target_directory},
};

const PACKAGE: &str = "convoke-sandbox";
/// What the sandbox prints before its address once it answers.
const READY: &str = "Sandbox: ";
const START_LIMIT: Duration = Duration::from_secs(60);

/// Passes the rest of the command line through.
pub(crate) fn run(words: Vec<OsString>) -> Result<()> {
    let status = process::status(Command::new(build()?).args(words))?;
    // Interrupting it is how one ends it.
    if status.success() || process::interrupted() {
        return Ok(());
    }
    bail!("The sandbox ended with {status}")
}

/// Compiles the sandbox and names its program. Not in the release profile, which is made for small wasm and ends the whole process at
/// a panic.
pub(crate) fn build() -> Result<PathBuf> {
    process::run(&mut cargo(&["build", "--locked", "--package", PACKAGE, "--bin", PACKAGE]))?;
    Ok(target_directory()?.join("debug").join(format!("{PACKAGE}{}", std::env::consts::EXE_SUFFIX)))
}

/// A sandbox that answers until this value goes.
pub(crate) struct Running {
    /// `http://127.0.0.1:<port>`, without a slash at the end.
    pub(crate) url: String,
    child: Guard,
}

impl Running {
    /// Starts the program that [`build`] named and waits until it says where it answers. Port 0 takes any free one.
    /// `more`: further arguments of the sandbox's.
    pub(crate) fn start(program: &PathBuf, port: u16, more: &[&OsStr]) -> Result<Self> {
        let mut command = Command::new(program);
        command.arg("--port").arg(port.to_string()).stdin(Stdio::null()).stdout(Stdio::piped());
        command.args(more);
        let mut child = Guard(command.spawn().context("The sandbox did not start")?);
        let output = child.0.stdout.take().context("The sandbox has no output")?;
        let (sender, addresses) = mpsc::channel();
        // Reads on after the address: a child whose pipe nobody empties would stop at some line.
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if let Some(url) = line.strip_prefix(READY) {
                    // Nobody listens any more if waiting was given up.
                    let _ = sender.send(url.trim().to_owned());
                }
            }
        });
        let started = Instant::now();
        loop {
            match addresses.recv_timeout(Duration::from_millis(50)) {
                Ok(url) => return Ok(Self { url, child }),
                Err(_) if process::interrupted() => bail!("interrupted"),
                Err(_) if started.elapsed() > START_LIMIT => bail!("The sandbox did not answer within {} s", START_LIMIT.as_secs()),
                Err(_) => {}
            }
            if let Some(status) = child.0.try_wait()? {
                bail!("The sandbox ended before it answered ({status})");
            }
        }
    }

    /// How the sandbox ended, if it has.
    pub(crate) fn ended(&mut self) -> Result<Option<std::process::ExitStatus>> {
        Ok(self.child.0.try_wait()?)
    }
}
