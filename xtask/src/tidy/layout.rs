//! How files look from outside: their first line, their length, and that the architecture page names those that exist.

use super::{Finding, tree::Tree};

const SOFT_LIMIT: usize = 400;
const HARD_LIMIT: usize = 450;
const BIN_LIMIT: usize = 150;
const PAGE: &str = "ARCHITECTURE.md";
/// Endings by which a name without a slash is known as a file.
const ENDINGS: [&str; 9] = [".rs", ".md", ".toml", ".html", ".js", ".mjs", ".css", ".json", ".ts"];

pub(super) fn opens_with_docs(tree: &Tree) -> Vec<Finding> {
    let bare = tree.rust().filter(|file| !file.text.starts_with("//! "));
    bare.map(|file| Finding::new(&file.path, 1, "does not begin with //!")).collect()
}

pub(super) fn file_length(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust() {
        let lines = file.text.lines().count();
        let limit = if is_program(&file.path) { BIN_LIMIT } else { HARD_LIMIT };
        if lines > limit {
            findings.push(Finding::new(&file.path, 0, format!("has {lines} lines; {limit} is the limit")));
        }
    }
    findings
}

/// Files that are longer than they should be, but not yet too long.
pub(super) fn long_files(tree: &Tree) -> impl Iterator<Item = (&str, usize)> {
    let lengths = tree.rust().map(|file| (file.path.as_str(), file.text.lines().count()));
    lengths.filter(|(path, lines)| !is_program(path) && (SOFT_LIMIT + 1..=HARD_LIMIT).contains(lines))
}

/// A file directly in a `bin` directory, or a `main.rs` of a program (that of a test is none).
fn is_program(path: &str) -> bool {
    let (directory, name) = path.rsplit_once('/').unwrap_or(("", path));
    directory.ends_with("src/bin") || name == "main.rs" && directory.ends_with("src")
}

pub(super) fn architecture_paths(tree: &Tree) -> Vec<Finding> {
    let Some(page) = tree.get(PAGE) else { return vec![Finding::new(PAGE, 0, "does not exist")] };
    let mut findings = Vec::new();
    let mut fenced = false;
    for (line, text) in (1..).zip(page.text.lines()) {
        if text.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        // Every second part stands between backticks.
        for name in text.split('`').skip(1).step_by(2).filter(|name| is_path(name)) {
            let start = name.split('*').next().unwrap_or_default();
            let exists = if start == name { tree.exists(name) } else { tree.sources().any(|file| file.path.starts_with(start)) };
            if !exists {
                findings.push(Finding::new(PAGE, line, format!("`{name}` does not exist")));
            }
        }
    }
    findings
}

/// Whether a word in backticks is a path from the root: it has a slash or a known ending, and nothing that a path of ours never has.
fn is_path(name: &str) -> bool {
    let plain = name.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-/*@".contains(letter));
    let is_type = ["application/", "text/", "image/"].iter().any(|start| name.starts_with(start));
    let is_built = ["target/", "dist/", "node_modules/"].iter().any(|start| name.starts_with(start));
    plain
        && !is_type
        && !is_built
        && !name.starts_with(['/', '.', '*'])
        && (name.contains('/') || ENDINGS.iter().any(|ending| name.ends_with(ending)))
}
