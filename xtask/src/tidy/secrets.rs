//! Where secrets might get out. Owns the rule about fields that hold them; what runs is watched by the tests of sign-in.

use super::{
    Finding,
    tree::{File, Tree},
};

/// Names under which a secret of the protocol goes.
const SECRETS: [&str; 10] = [
    "access_token",
    "refresh_token",
    "id_token",
    "token",
    "bearer",
    "code_verifier",
    "pkce_verifier",
    "verifier",
    "client_secret",
    "password",
];
/// Types that show what they hold.
const PLAIN: [&str; 9] =
    ["String", "&str", "&'static str", "&'a str", "Option<String>", "Rc<str>", "Arc<str>", "Box<str>", "Cow<'static, str>"];
/// Traits by which a type's fields get out. `Deserialize` lets them in only.
const SHOWING: [&str; 2] = ["Debug", "Serialize"];

pub(super) fn secrets_are_redacted(tree: &Tree) -> Vec<Finding> {
    let ours = tree.rust().filter(|file| (file.is_below("core/src") || file.is_below("src")) && !is_test(&file.path));
    ours.flat_map(check).collect()
}

/// Tests make up their secrets.
fn is_test(path: &str) -> bool {
    path.split('/').any(|part| part.trim_end_matches(".rs").ends_with("tests"))
}

fn check(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut derives = String::new();
    let mut shown_until: Option<usize> = None;
    let mut depth = 0_usize;
    for (line, text) in file.code_lines() {
        let trimmed = text.trim();
        if let Some(start) = trimmed.find("derive(") {
            derives.push_str(&trimmed[start..]);
        }
        let opens_type = ["struct ", "enum "].iter().any(|word| trimmed.split("pub").last().unwrap_or(trimmed).contains(word));
        if shown_until.is_none() && opens_type {
            let shows = SHOWING.iter().any(|name| derives.split(|letter: char| !letter.is_alphanumeric()).any(|derived| derived == *name));
            derives.clear();
            if shows && trimmed.contains('{') {
                shown_until = Some(depth);
            }
        }
        if shown_until.is_some() {
            findings.extend(
                plain_secrets(trimmed)
                    .map(|field| Finding::new(&file.path, line, format!("{field} is plain text in a type that shows itself"))),
            );
        }
        depth = (depth + text.matches('{').count()).saturating_sub(text.matches('}').count());
        if shown_until.is_some_and(|end| depth <= end) {
            shown_until = None;
        }
    }
    findings
}

/// The names of fields on this line that are secrets by name and plain by type.
fn plain_secrets(line: &str) -> impl Iterator<Item = &str> {
    let inside = line.rsplit_once('{').map_or(line, |(_, inside)| inside);
    inside.split(", ").filter_map(|field| {
        let (name, kind) = field.split_once(": ")?;
        let name = name.rsplit(' ').next().unwrap_or(name);
        let kind = kind.trim_end_matches([',', ' ', '}']);
        (SECRETS.contains(&name) && PLAIN.contains(&kind)).then_some(name)
    })
}
