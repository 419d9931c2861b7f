//! The paths that a Rust file imports or names. Owns flattening `use` trees; what a path may be is the rules' matter.

/// Every path of the file, such as `crate::browser::dom`, with its line: those of `use` items flattened, and those in the code.
pub(super) fn paths(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut rest = code;
    let mut line = 1;
    while let Some(start) = next_path(rest) {
        line += newlines(&rest[..start]);
        rest = &rest[start..];
        let length = match rest.strip_prefix("use").filter(|after| after.starts_with(char::is_whitespace)) {
            Some(_) => {
                let length = rest.find(';').unwrap_or(rest.len());
                flatten("", &rest["use".len()..length], &mut |path| found.push((line, path)));
                length
            }
            None => {
                let length = rest.find(|letter: char| !is_word(letter) && letter != ':').unwrap_or(rest.len());
                let path = rest[..length].trim_end_matches(':');
                if path.contains("::") {
                    found.push((line, path.to_owned()));
                }
                length
            }
        };
        line += newlines(&rest[..length]);
        rest = &rest[length..];
    }
    found
}

fn newlines(text: &str) -> usize {
    text.matches('\n').count()
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

fn next_path(text: &str) -> Option<usize> {
    text.find(is_word)
}

/// Calls `found` with every leaf of a `use` tree; renamings and globs are dropped, so that `a::{b as c, d::*}` is `a::b` and `a::d`.
fn flatten(prefix: &str, tree: &str, found: &mut impl FnMut(String)) {
    let tree = tree.trim();
    if tree.is_empty() {
        // Behind a trailing comma.
        return;
    }
    if let Some(open) = tree.find('{') {
        let prefix = format!("{prefix}{}", tree[..open].trim());
        let inside = &tree[open + 1..tree.rfind('}').unwrap_or(tree.len())];
        for branch in branches(inside) {
            flatten(&prefix, branch, found);
        }
        return;
    }
    let name = tree.split_whitespace().next().unwrap_or_default().trim_start_matches("::");
    let path = match name {
        "self" | "*" => prefix.to_owned(),
        _ => format!("{prefix}{name}"),
    };
    let path = path.trim_end_matches('*').trim_end_matches("::");
    if !path.is_empty() {
        found(path.to_owned());
    }
}

/// Splits at the commas that stand in no inner braces.
fn branches(inside: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (at, letter) in inside.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(&inside[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&inside[start..]);
    parts
}

/// Whether `path` is `start` or lies below it.
pub(super) fn is_at(path: &str, start: &str) -> bool {
    path.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(code: &str, expected: &[(usize, &str)]) {
        let expected: Vec<_> = expected.iter().map(|(line, path)| (*line, (*path).to_owned())).collect();
        assert_eq!(paths(code), expected);
    }

    #[test]
    fn use_trees_are_flattened() {
        check("use a::b;", &[(1, "a::b")]);
        check(
            "pub(crate) use a::{self, b as c, d::{e, f::*}, g::*,};",
            &[(1, "a"), (1, "a::b"), (1, "a::d::e"), (1, "a::d::f"), (1, "a::g")],
        );
        check("\nuse {\n  a::b,\n  c,\n};\nx::y()", &[(2, "a::b"), (2, "c"), (6, "x::y")]);
    }

    #[test]
    fn paths_in_code_are_found() {
        check("fn f() -> a::B<c::D> { e::f::<g::H>() }", &[(1, "a::B"), (1, "c::D"), (1, "e::f"), (1, "g::H")]);
        check("user: used, x: y", &[]);
    }

    #[test]
    fn names_are_compared_whole() {
        assert!(is_at("crate::client", "crate::client") && is_at("crate::client::X", "crate::client"));
        assert!(!is_at("crate::client_id", "crate::client"));
    }
}
