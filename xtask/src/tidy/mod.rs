//! `cargo xtask tidy`: the rules of the house that no compiler knows. Owns the list of rules and how findings are shown; each rule is a
//! pure function over the tree's files, and has a tree in the tests that breaks it.

mod architecture;
mod code;
mod layout;
mod leftovers;
mod secrets;
mod tree;
mod uses;
mod webpage;

use std::ffi::OsString;

use anyhow::{Result, bail};

use crate::{args::Args, workspace::root};
use tree::Tree;

/// One rule.
struct Rule {
    name: &'static str,
    /// What the rule asks for, shown once with its findings.
    asks: &'static str,
    check: fn(&Tree) -> Vec<Finding>,
}

/// A place where a rule is broken.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Finding {
    path: String,
    /// From 1; 0 where the whole file is meant.
    line: usize,
    what: String,
}

impl Finding {
    fn new(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, what: what.into() }
    }
}

const RULES: &[Rule] = &[
    Rule {
        name: "core-is-pure",
        asks: "core knows neither browser nor system: nothing of the web, no I/O, no clock",
        check: architecture::core_is_pure,
    },
    Rule { name: "layers", asks: "imports go one way: see ARCHITECTURE.md", check: architecture::layers },
    Rule { name: "browser-edge", asks: "web_sys, js_sys and gloo only in src/browser and src/bin", check: architecture::browser_edge },
    Rule {
        name: "exports-in-bins",
        asks: "#[wasm_bindgen] exports only under src/bin; imports (extern blocks) in src/browser too",
        check: architecture::exports_in_bins,
    },
    Rule {
        name: "ui-sees-state",
        asks: "src/ui sees State and dispatches Action; of browser it uses browser::dom alone, of client nothing",
        check: architecture::ui_sees_state,
    },
    Rule { name: "sandbox-is-independent", asks: "the sandbox depends on none of our crates", check: architecture::sandbox_is_independent },
    Rule {
        name: "secrets-are-redacted",
        asks: "a type that shows or writes itself (Debug, Display, Serialize) holds no token or verifier as plain text",
        check: secrets::secrets_are_redacted,
    },
    Rule {
        name: "opens-with-docs",
        asks: "a Rust file opens with //!: what it owns, what it leaves to whom",
        check: layout::opens_with_docs,
    },
    Rule {
        name: "file-length",
        asks: "a Rust file stays under about 400 lines (450 at most), a bin's under 150",
        check: layout::file_length,
    },
    Rule { name: "architecture-paths", asks: "every path that ARCHITECTURE.md names exists", check: layout::architecture_paths },
    Rule {
        name: "no-style-attribute",
        asks: "no style attribute: the content security policy drops it without a word",
        check: webpage::no_style_attribute,
    },
    Rule { name: "no-raw-html", asks: "no from_html_unchecked and no innerHTML: text is text", check: webpage::no_raw_html },
    Rule { name: "no-eval", asks: "no eval and no Function constructor, in the built files either", check: webpage::no_eval },
    Rule { name: "no-leftovers", asks: "nothing unfinished and no lint silenced with allow", check: leftovers::no_leftovers },
    Rule {
        name: "no-machine-paths",
        asks: "no path of one machine and no address of a package registry",
        check: leftovers::no_machine_paths,
    },
];

/// Checks the repository.
#[expect(clippy::print_stdout, reason = "the findings are this command's purpose")]
pub(crate) fn run(words: Vec<OsString>) -> Result<()> {
    Args::new(words)?.finish("")?;
    let tree = Tree::read(root())?;
    for (path, lines) in layout::long_files(&tree) {
        println!("note: {path} has {lines} lines; split it by topic before it reaches 450");
    }
    let mut broken = 0;
    for rule in RULES {
        let findings = (rule.check)(&tree);
        if findings.is_empty() {
            continue;
        }
        broken += 1;
        println!("{}: {}", rule.name, rule.asks);
        for Finding { path, line, what } in findings {
            match line {
                0 => println!("  {path}: {what}"),
                _ => println!("  {path}:{line}: {what}"),
            }
        }
    }
    match broken {
        0 => {
            println!("{} rules hold in {} files", RULES.len(), tree.len());
            Ok(())
        }
        1 => bail!("A rule is broken"),
        _ => bail!("{broken} rules are broken"),
    }
}

#[cfg(test)]
mod tests;
