//! The npm package: built and weighed, installed into fresh projects (`tests/package`), and each of its members tried against the sandbox
//! (`tests/api`). Owns starting what these need.

use std::{ffi::OsStr, process::Command};

use anyhow::Result;

use super::{Filter, e2e};
use crate::{
    bundle::Options,
    npm, process,
    sandbox::{self, Build},
    size, tools,
    workspace::{cargo, scratch, target_directory},
};

/// The week in which the tests take place.
const DATE: &str = "2026-11-16";

/// Builds `dist/npm` and holds it to its budget.
pub(super) fn build() -> Result<()> {
    npm::build(Options { release: true, wasm_opt: false, small: false })?;
    size::run(vec!["npm".into()])
}

/// Packs it, installs it, compiles and builds programs that use it, and runs them.
pub(super) fn in_projects(filter: &Filter) -> Result<()> {
    tools::ensure_node_packages()?;
    let browser = tools::ensure_browser(false)?;
    let sandbox = sandbox::Running::start(&sandbox::build(Build::Plain)?, 0, &[])?;
    let mut node = e2e::node_with(&browser, &sandbox);
    node.env("CONVOKE_PROJECTS", scratch("projects")?);
    run(node, "tests/package", filter)
}

/// Runs all `tests/api/*.test.mjs`, then checks what went over the wire meanwhile.
pub(super) fn members(filter: &Filter) -> Result<()> {
    tools::ensure_node_packages()?;
    let browser = tools::ensure_browser(false)?;
    let recording = e2e::new_recording("api")?;
    let options = [OsStr::new("--date"), OsStr::new(DATE), OsStr::new("--record"), recording.as_os_str()];
    let sandbox = sandbox::Running::start(&sandbox::build(Build::Plain)?, 0, &options)?;
    process::run(&mut cargo(&["build", "--locked", "--package", "token-broker"]))?;
    let mut node = e2e::node_with(&browser, &sandbox);
    node.env("CONVOKE_BROKER", target_directory()?.join("debug").join(format!("token-broker{}", std::env::consts::EXE_SUFFIX)));
    run(node, "tests/api", filter)?;
    drop(sandbox);
    e2e::check_recording(&recording)
}

/// One file after the other: they share a sandbox and a machine.
fn run(mut node: Command, tests: &str, filter: &Filter) -> Result<()> {
    node.args(["--test", "--test-reporter=spec", "--test-concurrency=1", "--test-timeout=240000"]);
    e2e::only(&mut node, filter);
    process::run(node.args(e2e::test_files(tests)?))
}
