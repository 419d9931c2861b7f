//! wasm tests in headless Chromium. Owns handing cargo a test runner (this program), the browser's options, and a sandbox for the tests of
//! the client, whose address the browser's name ends with.

use std::{env, ffi::OsString, fs};

use anyhow::{Context, Result};
use serde_json::json;

use super::Filter;
use crate::{
    TEST_RUNNER, process, sandbox, tools,
    workspace::{WASM, cargo, scratch},
};

/// Keeps the browser off the network and quiet; the runner itself adds what headless running needs.
pub(crate) const CHROMIUM_FLAGS: [&str; 7] = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
];
/// The browser tests' one program (`tests/browser/main.rs`): each program starts a browser of its own. The library's own tests are
/// native ones, whose tools need not compile for wasm.
pub(crate) const TARGET: &str = "browser";

/// Compiles the tests for wasm and lets cargo run them, or those that the filter leaves.
pub(super) fn run(filter: &Filter) -> Result<()> {
    tools::ensure_wasm_target()?;
    let browser = tools::ensure_browser(true)?;
    let sandbox = sandbox::Running::start(&sandbox::build(sandbox::Build::Plain)?, 0, &[])?;
    let options = scratch("browser")?.join("webdriver.json");
    // The runner passes nothing on to the page; what a browser calls itself is read there.
    let agent = format!("--user-agent=Chromium sandbox={}", sandbox.url);
    let flags: Vec<&str> = CHROMIUM_FLAGS.into_iter().chain([agent.as_str()]).collect();
    let capabilities = json!({ "goog:chromeOptions": { "binary": browser.chromium, "args": flags } });
    fs::write(&options, capabilities.to_string()).with_context(|| format!("{} cannot be written", options.display()))?;

    let mut command = cargo(&["test", "--locked", "--target", WASM, "--package", "convoke", "--test", TARGET]);
    let this = env::current_exe().context("this program does not know its own path")?;
    // As a list: cargo would split a text at the spaces of a path.
    let runner = json!([this, TEST_RUNNER]).to_string();
    command.arg("--config").arg(format!("target.{WASM}.runner={runner}"));
    command.env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", &options);
    command.env("WASM_BINDGEN_TEST_TIMEOUT", "900").env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "30");
    if let Some(driver) = &browser.driver {
        command.env("CHROMEDRIVER", driver);
    }
    // The runner would prefer any of these to the driver that belongs to our browser.
    for other in ["GECKODRIVER", "GECKODRIVER_REMOTE", "SAFARIDRIVER", "SAFARIDRIVER_REMOTE", "CHROMEDRIVER_REMOTE"] {
        command.env_remove(other);
    }
    process::run(command.args(filter))
}

/// What cargo calls for each test program: wasm-bindgen's runner, of the version that the tests were compiled with.
pub(crate) fn run_wasm_test(words: Vec<OsString>) -> Result<()> {
    let name = OsString::from("wasm-bindgen-test-runner");
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(std::iter::once(name).chain(words))
}
