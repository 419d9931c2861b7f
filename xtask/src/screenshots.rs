//! `cargo xtask screenshots`: pictures of the demo's screens. Owns starting what they are taken of; which screens there are is told in
//! `tests/e2e/screenshots.mjs`.

use std::ffi::OsString;

use anyhow::Result;

use crate::{
    args::Args,
    bundle::{self, Options},
    demo::Pair,
    process, test, tools,
    workspace::{root, target_directory},
};

/// Takes all pictures and says where they are.
#[expect(clippy::print_stdout, reason = "says where the result is")]
pub(crate) fn run(words: Vec<OsString>) -> Result<()> {
    Args::new(words)?.finish("")?;
    tools::ensure_node_packages()?;
    let browser = tools::ensure_browser(false)?;
    let site = bundle::build(Options { release: true, wasm_opt: false, small: false })?;
    let pair = Pair::on_free_ports(site, None)?;
    let directory = target_directory()?.join("screenshots");
    std::fs::create_dir_all(&directory)?;
    let mut node = test::e2e::node(&pair, &browser)?;
    process::run(node.arg(root().join("tests/e2e/screenshots.mjs")).env("CONVOKE_SCREENSHOTS", &directory))?;
    println!("The pictures are in {}", directory.display());
    Ok(())
}
