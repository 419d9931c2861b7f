//! What should not have been committed. Owns the rules about unfinished work and about traces of one machine.

use super::{Finding, tree::Tree};

// Written in parts: this file is checked as well.
const UNFINISHED: [&str; 3] = [concat!("FIX", "ME"), concat!("XX", "X"), concat!("TO", "DO")];
const MACROS: [&str; 3] = ["todo!", "unimplemented!", "dbg!"];
const MACHINE: [&str; 4] = [concat!("/wo", "rk/"), concat!("/tm", "p/"), concat!("/ro", "ot/"), concat!("/ho", "me/")];
const REGISTRIES: [&str; 6] = [
    concat!("registry.np", "mjs.org"),
    concat!("registry.ya", "rnpkg.com"),
    concat!("index.cr", "ates.io"),
    concat!("static.cr", "ates.io"),
    concat!("deb.de", "bian.org"),
    concat!("proxy.gol", "ang.org"),
];

pub(super) fn no_leftovers(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.sources().filter(|file| !is_lockfile(&file.path)) {
        for (line, text) in (1..).zip(file.text.lines()) {
            findings.extend(UNFINISHED.iter().filter(|word| has_word(text, word)).map(|word| Finding::new(&file.path, line, *word)));
        }
    }
    for file in tree.rust() {
        for (line, text) in file.code_lines() {
            findings.extend(MACROS.iter().filter(|name| has_word(text, name)).map(|name| Finding::new(&file.path, line, *name)));
            if text.contains("#[allow(") || text.contains("#![allow(") {
                findings.push(Finding::new(&file.path, line, "allow: write #[expect(…, reason = …)]"));
            }
        }
    }
    findings
}

pub(super) fn no_machine_paths(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.sources() {
        for (line, text) in (1..).zip(file.text.lines()) {
            let paths = MACHINE.iter().filter(|path| begins_path(text, path));
            let hosts = REGISTRIES.iter().filter(|host| text.contains(**host));
            findings.extend(paths.chain(hosts).map(|name| Finding::new(&file.path, line, *name)));
        }
    }
    findings
}

fn is_lockfile(path: &str) -> bool {
    path.ends_with("Cargo.lock") || path.ends_with("package-lock.json")
}

/// Whether `word` stands in `text` by itself, and not within a longer one.
fn has_word(text: &str, word: &str) -> bool {
    let joins = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.match_indices(word).any(|(at, _)| !text[..at].ends_with(joins) && !text[at + word.len()..].starts_with(joins))
}

/// Whether an absolute path begins here, and does not merely go on, as in the middle of a web address.
fn begins_path(text: &str, path: &str) -> bool {
    text.match_indices(path).any(|(at, _)| !text[..at].ends_with(|letter: char| letter.is_alphanumeric() || "_-./}*".contains(letter)))
}
