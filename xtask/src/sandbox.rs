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
    let how = if words.iter().any(|word| word == "--tls") { Build::Tls } else { Build::Plain };
    let status = process::status(Command::new(build(how)?).args(words))?;
    // Interrupting it is how one ends it.
    if status.success() || process::interrupted() {
        return Ok(());
    }
    bail!("The sandbox ended with {status}")
}

/// How the sandbox is compiled. Never in the release profile, which is made for small wasm and ends the whole process at a panic.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Build {
    /// Quickly.
    Plain,
    /// Quickly, with `--tls`.
    Tls,
    /// Optimized for speed, in the profile `native`.
    Native,
}

/// Compiles the sandbox and names its program.
pub(crate) fn build(how: Build) -> Result<PathBuf> {
    let (options, directory): (&[&str], _) = match how {
        Build::Plain => (&[], "debug"),
        Build::Tls => (&["--features", "tls"], "debug"),
        Build::Native => (&["--profile", "native"], "native"),
    };
    process::run(cargo(&["build", "--locked", "--package", PACKAGE, "--bin", PACKAGE]).args(options))?;
    Ok(target_directory()?.join(directory).join(format!("{PACKAGE}{}", std::env::consts::EXE_SUFFIX)))
}

/// A sandbox that answers until this value goes.
pub(crate) struct Running {
    /// `http://127.0.0.1:<port>`, or https with `--tls`, without a slash at the end.
    pub(crate) url: String,
    child: Guard,
}

impl Running {
    /// Starts the program that [`build`] named and waits until it says where it answers. Port 0 takes any free one.
    /// `more`: further arguments of the sandbox's.
    pub(crate) fn start(program: &PathBuf, port: u16, more: &[&OsStr]) -> Result<Self> {
        let mut command = Command::new(program);
        command.arg("--port").arg(port.to_string()).args(more).stdin(Stdio::null()).stdout(Stdio::piped());
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

    /// The process, for looking at its memory.
    pub(crate) fn process_id(&self) -> u32 {
        self.child.0.id()
    }

    /// How the sandbox ended, if it has.
    pub(crate) fn ended(&mut self) -> Result<Option<std::process::ExitStatus>> {
        Ok(self.child.0.try_wait()?)
    }
}
