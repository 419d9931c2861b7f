//! `cargo xtask mutants`: breaks each rule of the sign-in on purpose, one at a time, and shows which test notices. Owns the copy of the tree
//! that is broken and how a result is judged; the mutants stand in `table`.

mod copy;
mod table;

use std::{collections::BTreeSet, ffi::OsString, process::Command};

use anyhow::{Context, Result, bail};

use crate::{Reported, args::Args, process, test::browser, workspace::scratch};
use copy::Copy;
use table::MUTANTS;

/// The options of `cargo xtask mutants`.
pub(crate) const SYNOPSIS: &str = "[--only RULE,…]";

/// One rule, broken.
struct Mutant {
    /// The rule's name in the table of security requirements, such as `O3`.
    rule: &'static str,
    /// What the broken program does.
    does: &'static str,
    file: &'static str,
    /// Stands in the file exactly once.
    from: &'static str,
    to: &'static str,
    /// The test that must fail.
    killer: Killer,
}

/// Where a test runs, and its name or a part of it that no other has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Killer {
    /// A native test of the package's library.
    Native(&'static str, &'static str),
    /// A wasm test in a browser.
    Browser(&'static str),
    /// A test of the shipped app in a browser against the sandbox, found by its title.
    EndToEnd(&'static str),
}

/// Runs the mutants, each on a copy of the tree as it is now.
#[expect(clippy::print_stdout, reason = "the table is this command's purpose")]
pub(crate) fn run(words: Vec<OsString>) -> Result<()> {
    let mut args = Args::new(words)?;
    let only = args.list("--only")?;
    args.finish(SYNOPSIS)?;
    if let Some(unknown) = only.iter().find(|name| !MUTANTS.iter().any(|mutant| mutant.rule == name.as_str())) {
        bail!("There is no mutant of a rule \"{unknown}\"");
    }
    let chosen: Vec<_> = MUTANTS.iter().filter(|mutant| only.is_empty() || only.iter().any(|name| name == mutant.rule)).collect();
    let copy = Copy::make(&scratch("mutants")?)?;

    let killers: BTreeSet<_> = chosen.iter().map(|mutant| mutant.killer).collect();
    for killer in killers {
        println!("sound program: {killer:?}");
        if !passes(&copy, killer)? {
            bail!("{killer:?} fails, or is not there, before anything was broken");
        }
    }
    let mut survivors = 0;
    for mutant in chosen {
        let whole = copy.replace(mutant.file, mutant.from, mutant.to)?;
        let compiles = compiles(&copy, mutant.killer)?;
        let survives = compiles && passes(&copy, mutant.killer)?;
        whole.restore()?;
        let verdict = match (compiles, survives) {
            (false, _) => "does not compile",
            (true, true) => "SURVIVES",
            (true, false) => "killed",
        };
        survivors += usize::from(verdict != "killed");
        println!("{:<4} {:<16} {}", mutant.rule, verdict, mutant.does);
    }
    match survivors {
        0 => Ok(()),
        _ => {
            println!("{survivors} of the mutants were not killed by a test");
            Err(Reported.into())
        }
    }
}

/// Whether the killer, and at least one test, runs and passes.
fn passes(copy: &Copy, killer: Killer) -> Result<bool> {
    let mut command = match killer {
        Killer::Native(package, test) => copy.cargo(&["test", "--locked", "--quiet", "--package", package, "--lib", "--", test]),
        Killer::Browser(test) => copy.xtask(&["test", "--only", "browser", "--filter", test])?,
        Killer::EndToEnd(title) => copy.xtask(&["test", "--only", "e2e", "--filter", title])?,
    };
    let output = output(&mut command)?;
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(output.status.success() && ran_a_test(&text))
}

/// A filter that fits no test passes too, which would make any mutant look alive.
fn ran_a_test(text: &str) -> bool {
    let counted = |line: &str| {
        let line = line.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
        let rust = line.strip_prefix("test result: ok. ").and_then(|rest| rest.split_once(" passed"));
        let node = line.strip_prefix("pass ").map(|count| (count, ""));
        rust.or(node).and_then(|(count, _)| count.trim().parse::<u32>().ok()).unwrap_or(0) > 0
    };
    text.lines().any(counted)
}

fn compiles(copy: &Copy, killer: Killer) -> Result<bool> {
    let mut command = match killer {
        Killer::Native(package, _) => copy.cargo(&["test", "--locked", "--quiet", "--no-run", "--package", package, "--lib"]),
        Killer::Browser(_) | Killer::EndToEnd(_) => copy.cargo(&[
            "check",
            "--locked",
            "--quiet",
            "--package",
            "convoke",
            "--test",
            browser::TARGET,
            "--target",
            "wasm32-unknown-unknown",
        ]),
    };
    Ok(output(&mut command)?.status.success())
}

fn output(command: &mut Command) -> Result<std::process::Output> {
    if process::interrupted() {
        bail!("interrupted");
    }
    command.output().with_context(|| format!("{} did not start", command.get_program().display()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

    use super::*;
    use crate::workspace::root;

    /// A table that no longer fits the program would show nothing.
    #[test]
    fn every_mutant_fits_the_tree() {
        for mutant in MUTANTS {
            let text = std::fs::read_to_string(root().join(mutant.file)).unwrap();
            assert_eq!(text.matches(mutant.from).count(), 1, "{}: {} in {}", mutant.rule, mutant.from, mutant.file);
            assert_ne!(mutant.from, mutant.to, "{}", mutant.rule);
        }
    }

    /// The page of rules and the table belong together; a rule that nothing can break says so there.
    #[test]
    fn every_rule_of_the_page_has_its_mutant() {
        let page = std::fs::read_to_string(root().join("docs/security.md")).unwrap();
        let rules: Vec<_> = page.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" | ")).collect();
        let rules: Vec<_> = rules.into_iter().filter(|(name, _)| name.starts_with('O')).collect();
        assert_eq!(rules.len(), 31);
        for (name, rest) in rules {
            let mutants: Vec<_> = MUTANTS.iter().filter(|mutant| mutant.rule == name).collect();
            assert_ne!(mutants.is_empty(), !rest.trim_end().ends_with("| – |"), "{name}");
            assert!(mutants.is_empty() || mutants.iter().any(|mutant| rest.contains(mutant.file)), "{name} is kept elsewhere");
        }
        assert!(MUTANTS.iter().all(|mutant| page.contains(&format!("| {} |", mutant.rule))));
    }

    #[test]
    fn no_test_run_without_a_test_counts() {
        assert!(ran_a_test("running 1 test\ntest result: ok. 1 passed; 0 failed"));
        assert!(ran_a_test("\u{2139} pass 3"));
        assert!(!ran_a_test("test result: ok. 0 passed; 0 failed; 300 filtered out"));
        assert!(!ran_a_test("\u{2139} pass 0"));
    }
}
