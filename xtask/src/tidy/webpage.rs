//! What the content security policy refuses, or must never have to. Owns the rules about markup and scripts.

use super::{
    Finding,
    tree::{File, Tree},
};

pub(super) fn no_style_attribute(tree: &Tree) -> Vec<Finding> {
    let components = tree.rust_below("src").flat_map(|file| lines_with(file, &file.code, has_style_attribute));
    // By name, as in set_attribute("style", …): strings are blanked in the code, so the text is asked.
    let by_name = |line: &str| ["attribute(\"style\"", "attr(\"style\""].iter().any(|call| line.contains(call));
    let calls = tree.rust_below("src").flat_map(|file| lines_with(file, &file.text, by_name));
    let pages = tree.sources().filter(|file| file.path.ends_with(".html") && !file.is_below("tests"));
    let pages = pages.flat_map(|file| lines_with(file, &file.text, has_style_attribute));
    components.chain(calls).chain(pages).collect()
}

/// `style=` with a value behind it. `let style = …` is a variable.
fn has_style_attribute(line: &str) -> bool {
    line.match_indices("style").any(|(at, word)| {
        let before = &line[..at];
        let after = line[at + word.len()..].trim_start();
        let is_word = !before.ends_with(|letter: char| letter.is_alphanumeric() || "_-.\"".contains(letter));
        let is_variable = ["let", "mut", "const", "static"].iter().any(|keyword| before.trim_end().ends_with(keyword));
        let value = after.strip_prefix('=').map(str::trim_start);
        is_word && !is_variable && value.is_some_and(|value| value.starts_with(['"', '{', '\'']))
    })
}

pub(super) fn no_raw_html(tree: &Tree) -> Vec<Finding> {
    const CALLS: [&str; 5] = ["from_html_unchecked", "set_inner_html", "set_outer_html", "insert_adjacent_html", "VRaw"];
    const MEMBERS: [&str; 4] = [".innerHTML", ".outerHTML", "insertAdjacentHTML", "document.write"];
    let rust = tree.rust_below("src").flat_map(|file| lines_with(file, &file.code, |line| CALLS.iter().any(|call| line.contains(call))));
    let scripts = tree.sources().filter(|file| file.is_below("www") && is_script(file));
    let scripts = scripts.flat_map(|file| lines_with(file, &file.text, |line| MEMBERS.iter().any(|member| line.contains(member))));
    rust.chain(scripts).collect()
}

pub(super) fn no_eval(tree: &Tree) -> Vec<Finding> {
    let scripts = tree.sources().filter(|file| file.is_below("www")).chain(tree.built()).filter(|file| is_script(file));
    scripts.flat_map(|file| lines_with(file, &file.text, evaluates)).collect()
}

fn evaluates(line: &str) -> bool {
    let called = |name: &str| {
        line.match_indices(name).any(|(at, _)| {
            // Behind a quote begins a text: the glue names functions so when it describes a value.
            let is_whole = !line[..at].ends_with(|letter: char| letter.is_alphanumeric() || "_$.`\"'".contains(letter));
            is_whole && line[at + name.len()..].trim_start().starts_with('(')
        })
    };
    called("eval") || called("Function")
}

fn is_script(file: &File) -> bool {
    [".js", ".mjs"].iter().any(|ending| file.path.ends_with(ending))
}

fn lines_with(file: &File, text: &str, is_wrong: impl Fn(&str) -> bool) -> Vec<Finding> {
    let wrong = (1..).zip(text.lines()).filter(|(_, line)| is_wrong(line));
    wrong.map(|(line, text)| Finding::new(&file.path, line, excerpt(text))).collect()
}

/// Built files have long lines.
fn excerpt(text: &str) -> String {
    text.trim().chars().take(100).collect()
}
