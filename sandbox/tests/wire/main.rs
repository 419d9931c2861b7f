//! Whether what went over the wire is as Graph is described. Owns the check of recordings (`openapi.json` of the collection beside the
//! project, JSON Schema 2020-12) and the one session that is always recorded; the other tests' recordings are read where they are of this
//! build. This program runs after the others, whose names come before in the alphabet.
//!
//! `CONVOKE_RECORDING=FILE`: checks this recording instead, as after end-to-end tests.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod check;
mod contract;
mod exceptions;
mod finds;
mod operations;
mod records;
mod requests;
mod session;

use std::{collections::BTreeMap, fmt::Write as _, io::Write as _};

use check::Checker;
use contract::Contract;

/// More would scroll the first ones away.
const SHOWN: usize = 40;

#[tokio::test]
async fn what_went_over_the_wire_is_as_described() {
    let Some(contract) = Contract::load() else {
        say("skipped: no ../shared\n");
        return;
    };
    let recordings = match std::env::var_os("CONVOKE_RECORDING") {
        Some(file) => vec![file.into()],
        None => {
            session::record().await;
            records::fresh()
        }
    };
    let mut checker = Checker::new(&contract);
    let mut report = String::new();
    for file in &recordings {
        let before = checker.counts;
        records::read(file, |exchange| checker.exchange(exchange));
        let (answers, requests) = (checker.counts.answers - before.answers, checker.counts.requests - before.requests);
        writeln!(report, "{}: {answers} answers and {requests} requests checked", file.file_name().unwrap().display()).unwrap();
    }
    for (exception, count) in &checker.excused {
        writeln!(report, "excused {count} times: {}: {}", exception.name, exception.reason).unwrap();
    }
    say(&report);
    assert!(checker.counts.answers > 0 && checker.counts.requests > 0, "nothing was checked");
    // One line for each kind of finding, with where it was seen first and how often.
    let mut kinds: BTreeMap<&str, (&str, usize)> = BTreeMap::new();
    for finding in &checker.findings {
        kinds.entry(&finding.what).or_insert((&finding.seen, 0)).1 += 1;
    }
    let lines: Vec<String> = kinds.iter().take(SHOWN).map(|(what, (seen, count))| format!("{count} × {what}\n      {seen}")).collect();
    assert!(kinds.is_empty(), "{} kinds of finding:\n{}", kinds.len(), lines.join("\n"));
}

/// Past the test runner's capture, which keeps the output of tests that pass to itself.
fn say(text: &str) {
    std::io::stderr().write_all(text.as_bytes()).unwrap();
}

/// This program, with one of its tests and other surroundings: whether it passed, and what it said.
fn again(test: &str, surroundings: &[(&str, &std::path::Path)]) -> (bool, String) {
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args([test, "--exact"])
        .envs(surroundings.iter().copied())
        .output()
        .unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout))
}

#[test]
fn without_the_description_it_is_skipped_and_with_it_nothing_is_not_enough() {
    let nowhere = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("no-such-place");
    let (passed, said) = again("what_went_over_the_wire_is_as_described", &[("CONVOKE_SHARED", &nowhere)]);
    assert!(passed && said.contains("skipped: no ../shared"), "{said}");
    if Contract::load().is_some() {
        let empty = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("empty.jsonl");
        std::fs::write(&empty, "").unwrap();
        let (passed, said) = again("what_went_over_the_wire_is_as_described", &[("CONVOKE_RECORDING", &empty)]);
        assert!(!passed && said.contains("nothing was checked"), "{said}");
    } else {
        say("skipped: no ../shared\n");
    }
}
