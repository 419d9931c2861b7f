//! `cargo xtask bench`: measurements. Owns the choice of what is measured.

mod engine;
mod http;
mod sandbox;

use std::ffi::OsString;

use anyhow::{Result, bail};

use crate::args::Args;

/// What is measured, and the options.
pub(crate) const SYNOPSIS: &str = "engine [--people N,…] | sandbox [--requests N]";

/// Measures what was named.
pub(crate) fn run(mut words: Vec<OsString>) -> Result<()> {
    if words.is_empty() {
        bail!("What is to be measured? There is {SYNOPSIS}");
    }
    let subject = words.remove(0);
    let mut args = Args::new(words)?;
    match subject.to_str() {
        Some("engine") => {
            let people = args.list("--people")?;
            args.finish("--people N,…")?;
            engine::run(&people)
        }
        Some("sandbox") => {
            let requests = args.value("--requests")?;
            args.finish("--requests N")?;
            sandbox::run(requests.as_deref())
        }
        _ => bail!("\"{}\" cannot be measured; there is {SYNOPSIS}", subject.display()),
    }
}
