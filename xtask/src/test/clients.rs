//! Clients that nobody here wrote, against the sandbox: MSAL.js, oidc-client-ts, the Graph JavaScript client, as npm has them. Owns starting
//! what they need; the tests are in `tests/clients`.

use std::ffi::OsStr;

use anyhow::Result;

use super::e2e;
use crate::{
    process,
    sandbox::{self, Build},
    tools,
};

/// Runs all `tests/clients/*.test.mjs` on a sandbox with TLS, without which MSAL.js takes no authority, then checks what went over the wire
/// meanwhile.
pub(super) fn run() -> Result<()> {
    tools::ensure_node_packages()?;
    let browser = tools::ensure_browser(false)?;
    let recording = e2e::new_recording("clients")?;
    let options = [OsStr::new("--tls"), OsStr::new("--record"), recording.as_os_str()];
    let sandbox = sandbox::Running::start(&sandbox::build(Build::Tls)?, 0, &options)?;
    let mut node = e2e::node_with(&browser, &sandbox);
    // One file after the other: they share a sandbox, which each test sets back before it begins.
    node.args(["--test", "--test-reporter=spec", "--test-concurrency=1", "--test-timeout=60000"]);
    process::run(node.args(e2e::test_files("tests/clients")?))?;
    drop(sandbox);
    e2e::check_recording(&recording)
}
