//! The response headers under which the app runs, as a rule file. Owns the policy's words; which hosts it names comes from the
//! configuration. The file has the form that static hosts read as `_headers`, and our own server reads it too, so that what is
//! tested is what ships.

use std::ffi::OsString;

use anyhow::Result;

use crate::{args::Args, config::Hosts};

/// The options of `cargo xtask policy`.
pub(crate) const SYNOPSIS: &str = "[--config FILE]";
/// The name of the rule file in the app's directory.
pub(crate) const FILE_NAME: &str = "_headers";

/// Prints the headers of a page, for embedders and for servers that read no rule file.
#[expect(clippy::print_stdout, reason = "printing is this command's purpose")]
pub(crate) fn run(words: Vec<OsString>) -> Result<()> {
    let mut args = Args::new(words)?;
    let config = args.path("--config")?;
    args.finish(SYNOPSIS)?;
    for (name, value) in headers(&Hosts::from_file(config.as_deref())?) {
        println!("{name}: {value}");
    }
    println!("{}: {}", OPENER.0, OPENER.1);
    Ok(())
}

/// The content security policy: nothing but our own files, connections to `hosts` alone, no inline script or style, no eval.
pub(crate) fn content_security_policy(hosts: &Hosts) -> String {
    let connect = std::iter::once("'self'").chain(hosts.origins()).collect::<Vec<_>>().join(" ");
    [
        "default-src 'none'",
        // WebAssembly needs a word of its own; it allows neither eval nor `new Function`.
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        &format!("connect-src {connect}"),
        "img-src 'self' data: blob:",
        "frame-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types convoke 'allow-duplicates'",
    ]
    .join("; ")
}

/// Keeps a sign-in window's way back open, which `same-origin` would cut. For pages that sign in alone: on the callback page it would cut it
/// as well, and there is nobody to protect there.
const OPENER: (&str, &str) = ("Cross-Origin-Opener-Policy", "same-origin-allow-popups");

/// The headers of every response.
pub(crate) fn headers(hosts: &Hosts) -> Vec<(&'static str, String)> {
    vec![
        ("Content-Security-Policy", content_security_policy(hosts)),
        ("X-Content-Type-Options", "nosniff".to_owned()),
        ("Referrer-Policy", "no-referrer".to_owned()),
    ]
}

/// The rule file: the headers of every response, and how long each kind of file may be kept. No header stands in two rules that
/// match one path, because static hosts would join both values.
pub(crate) fn rule_file(hosts: &Hosts) -> String {
    let mut text = String::from("/*\n");
    for (name, value) in headers(hosts) {
        text.push_str(&format!("  {name}: {value}\n"));
    }
    // A name below assets/ holds a hash of the contents, so the contents never change.
    text.push_str("/assets/*\n  Cache-Control: public, max-age=31536000, immutable\n");
    for path in ["/", "/index.html", "/config.json", "/redirect.html", "/redirect.js"] {
        text.push_str(&format!("{path}\n  Cache-Control: no-cache\n"));
        if matches!(path, "/" | "/index.html") {
            text.push_str(&format!("  {}: {}\n", OPENER.0, OPENER.1));
        }
    }
    text
}

/// The rules of a rule file, ready to be asked for a path.
#[derive(Default)]
pub(crate) struct Rules(Vec<(String, Vec<(String, String)>)>);

impl Rules {
    /// Reads a rule file: a path per unindented line, its headers on the indented lines below.
    pub(crate) fn parse(text: &str) -> Self {
        let mut rules: Vec<(String, Vec<(String, String)>)> = Vec::new();
        for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
            match (line.starts_with(char::is_whitespace), line.trim().split_once(": ")) {
                (false, _) => rules.push((line.trim().to_owned(), Vec::new())),
                (true, Some((name, value))) => {
                    if let Some((_, headers)) = rules.last_mut() {
                        headers.push((name.to_owned(), value.to_owned()));
                    }
                }
                (true, None) => {}
            }
        }
        Self(rules)
    }

    /// The headers of all rules that match `path`, which begins with a slash.
    pub(crate) fn headers(&self, path: &str) -> impl Iterator<Item = (&str, &str)> {
        let matching = self.0.iter().filter(move |(pattern, _)| match pattern.strip_suffix('*') {
            Some(start) => path.starts_with(start),
            None => path == pattern,
        });
        matching.flat_map(|(_, headers)| headers).map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

    use super::*;

    fn global() -> Hosts {
        Hosts::from_json("{}").unwrap()
    }

    #[test]
    fn the_policy_names_the_two_hosts_and_nothing_unsafe() {
        let policy = content_security_policy(&global());
        assert!(policy.contains("; connect-src 'self' https://login.microsoftonline.com https://graph.microsoft.com;"), "{policy}");
        assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval';"), "{policy}");
        for word in ["'unsafe-inline'", "'unsafe-eval'", "*"] {
            assert!(!policy.contains(word), "{word} in {policy}");
        }
    }

    #[test]
    fn the_rule_file_is_read_as_it_was_written() {
        let rules = Rules::parse(&rule_file(&global()));
        let header = |path: &str, wanted: &str| {
            let found: Vec<_> = rules.headers(path).filter(|(name, _)| *name == wanted).map(|(_, value)| value.to_owned()).collect();
            assert!(found.len() < 2, "{wanted} stands twice for {path}");
            found.into_iter().next()
        };
        for path in ["/", "/index.html", "/redirect.html", "/assets/app-1.js", "/nothing"] {
            assert_eq!(header(path, "Content-Security-Policy"), Some(content_security_policy(&global())));
            assert_eq!(header(path, "X-Content-Type-Options").as_deref(), Some("nosniff"));
            assert_eq!(header(path, "Referrer-Policy").as_deref(), Some("no-referrer"));
        }
        for (path, expected) in
            [("/", Some("same-origin-allow-popups")), ("/index.html", Some("same-origin-allow-popups")), ("/redirect.html", None)]
        {
            assert_eq!(header(path, "Cross-Origin-Opener-Policy").as_deref(), expected, "{path}");
        }
        assert_eq!(header("/redirect.html", "Cache-Control").as_deref(), Some("no-cache"));
        assert_eq!(header("/assets/app-1.js", "Cache-Control").as_deref(), Some("public, max-age=31536000, immutable"));
        assert_eq!(header("/config.json", "Cache-Control").as_deref(), Some("no-cache"));
        assert_eq!(header("/icon.svg", "Cache-Control"), None);
    }
}
