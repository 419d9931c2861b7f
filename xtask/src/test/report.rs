//! What the steps of `cargo xtask test` came to. Owns headlines, the summary and its last line.

#![expect(clippy::print_stdout, reason = "the report is for the terminal")]

use std::{
    env,
    io::{IsTerminal, stdout},
    time::Duration,
};

use anyhow::Result;

use crate::Reported;

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Passed(Duration),
    Failed(Duration),
    /// Because the step of this name failed.
    NotRun(&'static str),
}

/// All steps so far.
pub(super) struct Report {
    steps: Vec<(&'static str, Outcome)>,
    coloured: bool,
}

impl Default for Report {
    fn default() -> Self {
        Self { steps: Vec::new(), coloured: stdout().is_terminal() && env::var_os("NO_COLOR").is_none() }
    }
}

const BOLD: &str = "1";
const RED: &str = "31";
const GREEN: &str = "32";

impl Report {
    pub(super) fn headline(&self, name: &str, about: &str) {
        println!("\n{}", self.paint(BOLD, &format!("=== {name}: {about}")));
    }

    pub(super) fn result(&self, name: &str, result: &Result<()>, took: Duration) {
        match result {
            Ok(()) => println!("--- {name}: {} in {}", self.paint(GREEN, "passed"), seconds(took)),
            Err(error) => println!("{error:#}\n--- {name}: {} in {}", self.paint(RED, "failed"), seconds(took)),
        }
    }

    pub(super) fn add(&mut self, name: &'static str, outcome: Outcome) {
        self.steps.push((name, outcome));
    }

    /// Whether the step `name` failed or could not be run.
    pub(super) fn failed(&self, name: &str) -> bool {
        self.steps.iter().any(|(known, outcome)| *known == name && !matches!(outcome, Outcome::Passed(_)))
    }

    /// Prints the summary; an error unless all passed.
    pub(super) fn finish(self) -> Result<()> {
        println!("\n{}", self.paint(BOLD, "=== summary"));
        for (name, outcome) in &self.steps {
            match outcome {
                Outcome::Passed(took) => println!("{name:12} {} {:>9}", self.paint(GREEN, "passed"), seconds(*took)),
                Outcome::Failed(took) => println!("{name:12} {} {:>9}", self.paint(RED, "failed"), seconds(*took)),
                Outcome::NotRun(needed) => println!("{name:12} not run, because {needed} failed"),
            }
        }
        let (passed, failed) = self.counts();
        println!("{passed} passed, {failed} failed");
        // Nothing after that line: it is what scripts look for.
        if failed == 0 { Ok(()) } else { Err(Reported.into()) }
    }

    fn counts(&self) -> (usize, usize) {
        let count = |wanted: fn(&Outcome) -> bool| self.steps.iter().filter(|(_, outcome)| wanted(outcome)).count();
        (count(|outcome| matches!(outcome, Outcome::Passed(_))), count(|outcome| matches!(outcome, Outcome::Failed(_))))
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.coloured { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_was_not_run_counts_as_neither_and_blocks_those_behind_it() {
        let took = Duration::from_millis(1);
        let mut report = Report { steps: Vec::new(), coloured: false };
        report.add("fmt", Outcome::Passed(took));
        assert!(!report.failed("fmt"));
        report.add("build", Outcome::Failed(took));
        report.add("size", Outcome::NotRun("build"));
        assert!(report.failed("build") && report.failed("size"));
        assert_eq!(report.counts(), (1, 1));
        assert!(report.finish().is_err());
    }
}
