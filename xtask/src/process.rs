//! Child processes that end when we end. Owns the interrupt flag (Ctrl-C, termination); what is run belongs to the callers.

use std::{
    path::Path,
    process::{Child, Command, ExitStatus},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);
const POLL: Duration = Duration::from_millis(20);
/// The exit code that a shell gives to a program ended by Ctrl-C.
const INTERRUPT_EXIT: i32 = 130;

/// From now on an interrupt sets a flag, so that children can be ended first; a second one ends us at once.
pub(crate) fn watch_for_interrupt() -> Result<()> {
    ctrlc::set_handler(|| {
        if INTERRUPTED.swap(true, Ordering::SeqCst) {
            std::process::exit(INTERRUPT_EXIT);
        }
    })
    .context("Ctrl-C cannot be watched for")
}

/// Whether somebody asked us to stop.
pub(crate) fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// Runs `command` to its end with our own input and output; an error unless it succeeded. Ends it when we are interrupted.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let name = name(command);
    let status = status(command)?;
    if status.success() {
        return Ok(());
    }
    let arguments: Vec<_> = command.get_args().map(|argument| argument.to_string_lossy()).collect();
    bail!("{name} {} failed ({status})", arguments.join(" "))
}

/// As [`run`], but how the command ended is the caller's to judge.
pub(crate) fn status(command: &mut Command) -> Result<ExitStatus> {
    let name = name(command);
    let mut child = Guard(command.spawn().with_context(|| format!("{name} did not start"))?);
    loop {
        if let Some(status) = child.0.try_wait().with_context(|| format!("{name} cannot be waited for"))? {
            return Ok(status);
        }
        if interrupted() {
            bail!("interrupted");
        }
        thread::sleep(POLL);
    }
}

/// The program without its directory, which says nothing to people.
fn name(command: &Command) -> String {
    let program = Path::new(command.get_program());
    program.file_stem().unwrap_or(command.get_program()).to_string_lossy().into_owned()
}

/// Whether `command` starts and succeeds; its output is discarded.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// The error of a command that has said already, in full, what is wrong.
#[derive(Debug)]
pub(crate) struct Reported;

impl std::fmt::Display for Reported {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("failed, as reported above")
    }
}

impl std::error::Error for Reported {}

/// A child that is ended, and waited for, when this value goes.
pub(crate) struct Guard(pub(crate) Child);

impl Drop for Guard {
    fn drop(&mut self) {
        // Both fail only for a child that has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
