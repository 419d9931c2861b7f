//! `cargo xtask test`: every check, in the order in which failures come cheapest. Owns the list of steps and the summary; the
//! steps that take a browser have files beside this one.

pub(crate) mod browser;
mod clients;
pub(crate) mod e2e;
mod package;
mod report;

use std::{ffi::OsString, time::Instant};

use anyhow::{Result, bail};

use crate::{
    args::Args,
    bundle::{self, Options},
    process, size, split, tidy, tools,
    workspace::{WASM, cargo},
};
use report::{Outcome, Report};

/// The options of `cargo xtask test`.
pub(crate) const SYNOPSIS: &str = "[--only STEP,…] [--skip STEP,…] [--filter TEXT]";

/// Which tests of a step run: those whose name holds this text, or all. Steps that are no tests of ours take no notice.
type Filter = Option<String>;

/// One check.
struct Step {
    name: &'static str,
    about: &'static str,
    /// The step whose result this one uses.
    needs: Option<&'static str>,
    run: fn(&Filter) -> Result<()>,
}

const STEPS: &[Step] = &[
    Step { name: "fmt", about: "formatting", needs: None, run: |_| fmt() },
    Step { name: "tidy", about: "the rules that no compiler knows", needs: None, run: |_| tidy::run(Vec::new()) },
    Step { name: "clippy", about: "lints of the whole workspace", needs: None, run: |_| clippy() },
    Step { name: "clippy-wasm", about: "lints of what goes to the browser", needs: None, run: |_| clippy_wasm() },
    Step { name: "native", about: "tests on this machine", needs: None, run: native },
    Step { name: "browser", about: "wasm tests in headless Chromium", needs: None, run: browser::run },
    Step { name: "clients", about: "other people's clients in Chromium against the sandbox", needs: None, run: |_| clients::run() },
    Step { name: "build", about: "the app as it ships", needs: None, run: |_| build() },
    Step { name: "size", about: "bytes over the wire", needs: Some("build"), run: |_| size::run(Vec::new()) },
    Step { name: "npm", about: "the npm package as it ships, and its bytes", needs: None, run: |_| package::build() },
    Step { name: "package", about: "the package in fresh projects", needs: Some("npm"), run: package::in_projects },
    Step { name: "api", about: "each member of the package in Chromium against the sandbox", needs: Some("npm"), run: package::members },
    Step { name: "e2e", about: "the shipped app in Chromium against the sandbox", needs: Some("build"), run: e2e::run },
];

/// Runs the chosen steps; a failure ends only the steps that use its result.
pub(crate) fn run(words: Vec<OsString>) -> Result<()> {
    let mut args = Args::new(words)?;
    let (only, skip) = (args.list("--only")?, args.list("--skip")?);
    let filter = args.value("--filter")?;
    args.finish(SYNOPSIS)?;
    let mut report = Report::default();
    for step in choose(&only, &skip)? {
        let outcome = match step.needs.filter(|needed| report.failed(needed)) {
            Some(needed) => Outcome::NotRun(needed),
            None => perform(step, &filter, &mut report)?,
        };
        report.add(step.name, outcome);
    }
    report.finish()
}

fn perform(step: &Step, filter: &Filter, report: &mut Report) -> Result<Outcome> {
    report.headline(step.name, step.about);
    let started = Instant::now();
    let result = (step.run)(filter);
    if process::interrupted() {
        bail!("interrupted");
    }
    let took = started.elapsed();
    report.result(step.name, &result, took);
    Ok(if result.is_ok() { Outcome::Passed(took) } else { Outcome::Failed(took) })
}

/// The steps that `only` (all, if empty) and `skip` leave, with those that they need.
fn choose(only: &[String], skip: &[String]) -> Result<Vec<&'static Step>> {
    for name in only.iter().chain(skip) {
        if !STEPS.iter().any(|step| step.name == name) {
            let names: Vec<_> = STEPS.iter().map(|step| step.name).collect();
            bail!("There is no step \"{name}\"; there are {}", names.join(", "));
        }
    }
    let named = |list: &[String], name: &str| list.iter().any(|known| known == name);
    let wanted = |step: &Step| (only.is_empty() || named(only, step.name)) && !named(skip, step.name);
    let needed = |step: &Step| STEPS.iter().any(|other| other.needs == Some(step.name) && wanted(other));
    Ok(STEPS.iter().filter(|step| wanted(step) || needed(step)).collect())
}

fn fmt() -> Result<()> {
    process::run(&mut cargo(&["fmt", "--all", "--check"]))
}

fn clippy() -> Result<()> {
    process::run(&mut cargo(&[
        "clippy",
        "--locked",
        "--workspace",
        "--all-targets",
        "--features",
        "convoke/split",
        "--",
        "-D",
        "warnings",
    ]))?;
    process::run(&mut cargo(&["clippy", "--locked", "--package", "convoke-sandbox", "--features", "tls", "--", "-D", "warnings"]))
}

/// Native tests are left out: what they draw random cases with does not compile for wasm.
fn clippy_wasm() -> Result<()> {
    tools::ensure_wasm_target()?;
    for targets in
        [&["convoke-core", "--lib"][..], &["convoke", "--features", split::FEATURE, "--lib", "--bins", "--test", browser::TARGET]]
    {
        let mut command = cargo(&["clippy", "--locked", "--target", WASM, "--package"]);
        process::run(command.args(targets).args(["--", "-D", "warnings"]))?;
    }
    Ok(())
}

/// xtask is tested apart: with the features of the whole workspace it would be compiled, with all of wasm-bindgen's tool, once more.
fn native(filter: &Filter) -> Result<()> {
    let others = process::run(cargo(&["test", "--locked", "--no-fail-fast", "--workspace", "--exclude", "xtask"]).args(filter));
    let own = process::run(cargo(&["test", "--locked", "--package", "xtask"]).args(filter));
    others.and(own)
}

fn build() -> Result<()> {
    bundle::build_for_deployment(Options { release: true, wasm_opt: false, small: false }, None)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

    use super::*;

    fn names(only: &[&str], skip: &[&str]) -> Vec<&'static str> {
        let owned = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        choose(&owned(only), &owned(skip)).unwrap().iter().map(|step| step.name).collect()
    }

    #[test]
    fn chosen_steps_bring_what_they_need() {
        assert_eq!(names(&[], &[]).len(), STEPS.len());
        assert_eq!(names(&["fmt", "e2e"], &[]), ["fmt", "build", "e2e"]);
        assert!(!names(&[], &["e2e"]).contains(&"e2e"));
        assert!(choose(&["cippy".to_owned()], &[]).err().unwrap().to_string().contains("\"cippy\""));
    }

    #[test]
    fn a_step_stands_behind_the_one_it_needs() {
        for (index, step) in STEPS.iter().enumerate() {
            assert!(step.needs.is_none_or(|needed| STEPS[..index].iter().any(|earlier| earlier.name == needed)), "{}", step.name);
        }
    }
}
