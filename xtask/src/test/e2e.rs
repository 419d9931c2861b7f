//! End-to-end tests: the shipped app in Chromium against the sandbox. Owns starting both and node; the tests are in `tests/e2e`.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use super::Filter;
use crate::{
    bundle,
    demo::Pair,
    process, sandbox,
    site::Site,
    tools::{self, Browser},
    workspace::{cargo, root, scratch},
};

/// Runs `tests/e2e/*.test.mjs`, or of them the tests that the filter leaves, on the app in `dist/app`, then checks what went over the wire meanwhile.
pub(super) fn run(filter: &Filter) -> Result<()> {
    tools::ensure_node_packages()?;
    let browser = tools::ensure_browser(false)?;
    let recording = new_recording("e2e")?;
    let pair = Pair::on_free_ports(Site::read(&bundle::output_directory())?, Some(&recording))?;
    let files = test_files("tests/e2e")?;
    let mut node = node(&pair, &browser)?;
    // One file after the other: they share a sandbox, which each test sets back before it begins.
    node.args(["--test", "--test-reporter=spec", "--test-concurrency=1"]);
    only(&mut node, filter);
    process::run(node.args(files))?;
    drop(pair);
    check_recording(&recording)
}

/// Leaves of node's tests those that the filter names.
pub(super) fn only(node: &mut Command, filter: &Filter) {
    if let Some(text) = filter {
        // Node takes a pattern; a title is meant literally.
        let escaped: String = text.chars().flat_map(|c| [(!c.is_alphanumeric() && c != ' ').then_some('\\'), Some(c)]).flatten().collect();
        node.arg(format!("--test-name-pattern={escaped}"));
    }
}

/// A file below the target directory in which a sandbox can write down what went over the wire; what was in it is gone.
pub(super) fn new_recording(name: &str) -> Result<PathBuf> {
    let recording = scratch(name)?.join("recording.jsonl");
    if recording.exists() {
        fs::remove_file(&recording).with_context(|| format!("{} cannot be removed", recording.display()))?;
    }
    Ok(recording)
}

/// Holds what clients sent, and what they were answered, against Graph's description.
pub(super) fn check_recording(recording: &Path) -> Result<()> {
    // The choice of packages is that of the native tests, so that nothing is compiled once more.
    let check = ["test", "--locked", "--workspace", "--exclude", "xtask", "--test", "wire"];
    process::run(cargo(&check).env("CONVOKE_RECORDING", recording))
}

/// A node command that knows the pair and the browser.
pub(crate) fn node(pair: &Pair, browser: &Browser) -> Result<Command> {
    let mut command = node_with(browser, &pair.sandbox);
    command.env("CONVOKE_APP_URL", &pair.app.url);
    command.env("CONVOKE_XTASK", env::current_exe().context("this program does not know its own path")?);
    Ok(command)
}

/// A node command that knows the browser and the sandbox.
pub(super) fn node_with(browser: &Browser, sandbox: &sandbox::Running) -> Command {
    let mut command = Command::new("node");
    command.current_dir(root()).env("CONVOKE_SANDBOX_URL", &sandbox.url);
    command.env("CHROMIUM", &browser.chromium).env("CONVOKE_CHROMIUM_FLAGS", super::browser::CHROMIUM_FLAGS.join(" "));
    command
}

/// All `*.test.mjs` of a directory, which is named from the repository's root; an error if there are none.
pub(super) fn test_files(name: &str) -> Result<Vec<PathBuf>> {
    let mut files: Vec<_> = std::fs::read_dir(root().join(name))?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|path| path.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    if files.is_empty() {
        bail!("{name} holds no tests");
    }
    Ok(files)
}
