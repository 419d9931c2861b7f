//! Who may know whom. Owns the rules about imports and dependencies.

use super::{
    Finding,
    tree::{File, Tree},
    uses::{is_at, paths},
};

/// Packages and features that would tie core to a browser, a clock or a network.
const WEB_PACKAGES: [&str; 9] = ["wasm-bindgen", "web-sys", "js-sys", "gloo", "yew", "reqwest", "tokio", "serde-wasm-bindgen", "getrandom"];
const WEB_FEATURES: [&str; 3] = ["\"wasmbind\"", "\"clock\"", "\"js\""];
/// Paths that core must not name.
const OUTSIDE: [&str; 13] = [
    "wasm_bindgen",
    "web_sys",
    "js_sys",
    "gloo_net",
    "yew",
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "std::io",
    "std::time::SystemTime",
    "std::time::Instant",
];
/// What a module of core may not import from its own crate.
const CORE_LAYERS: [(&str, &[&str]); 5] = [
    ("core/src/time", &["model", "graph", "schedule", "auth", "store"]),
    ("core/src/model", &["graph", "schedule", "auth", "store"]),
    ("core/src/graph", &["schedule", "store"]),
    ("core/src/schedule", &["graph", "auth", "store"]),
    ("core/src/auth", &["schedule", "store"]),
];
/// The same for the browser half.
const BROWSER_LAYERS: [(&str, &[&str]); 3] =
    [("src/browser", &["client", "runtime", "ui"]), ("src/client", &["runtime", "ui"]), ("src/runtime", &["ui"])];

pub(super) fn core_is_pure(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(manifest) = tree.get("core/Cargo.toml") {
        for (line, text) in (1..).zip(manifest.text.lines()) {
            let text = text.split('#').next().unwrap_or_default();
            let named = text.split(['=', '.', ' ']).next().unwrap_or_default().trim_matches(['"', '[', ']']);
            let tables = text.trim_matches(['[', ']']).split('.').skip(1).any(|part| WEB_PACKAGES.contains(&part));
            if tables || WEB_PACKAGES.iter().any(|package| named == *package || named.starts_with("gloo-")) {
                findings.push(Finding::new(&manifest.path, line, format!("names {}", text.trim())));
            }
            findings.extend(
                WEB_FEATURES
                    .iter()
                    .filter(|feature| text.contains(**feature))
                    .map(|feature| Finding::new(&manifest.path, line, format!("takes the feature {feature}"))),
            );
        }
    }
    for file in tree.rust_below("core/src") {
        findings.extend(forbidden(file, |path| OUTSIDE.iter().any(|outside| is_at(path, outside))));
    }
    findings
}

pub(super) fn layers(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (layer, higher) in CORE_LAYERS.iter().chain(&BROWSER_LAYERS) {
        let module = format!("{layer}.rs");
        for file in tree.rust().filter(|file| file.path == module || file.is_below(layer)) {
            findings.extend(forbidden(file, |path| higher.iter().any(|name| is_at(path, &format!("crate::{name}")))));
        }
    }
    findings
}

pub(super) fn browser_edge(tree: &Tree) -> Vec<Finding> {
    let inner = tree.rust_below("src").filter(|file| !file.is_below("src/browser") && !file.is_below("src/bin"));
    let is_web = |path: &str| ["web_sys", "js_sys"].iter().any(|name| is_at(path, name)) || path.starts_with("gloo");
    inner.flat_map(|file| forbidden(file, is_web)).collect()
}

pub(super) fn exports_in_bins(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust().filter(|file| (file.is_below("src") || file.is_below("core")) && !file.is_below("src/bin")) {
        let imports_allowed = file.is_below("src/browser");
        // Inside an extern block, the attributes describe imports.
        let mut block_ends_at: Option<usize> = None;
        let mut depth = 0_usize;
        let lines: Vec<_> = file.code_lines().collect();
        for (index, (line, text)) in lines.iter().enumerate() {
            let is_attribute = text.contains("#[wasm_bindgen]") || text.contains("#[wasm_bindgen(") || text.contains("#[wasm_bindgen::");
            if is_attribute && block_ends_at.is_none() {
                let item = lines[index..].iter().map(|(_, text)| text.trim()).find(|text| !text.is_empty() && !text.starts_with("#["));
                let is_import = item.is_some_and(|item| item.starts_with("extern ") || item.starts_with("unsafe extern "));
                if !is_import || !imports_allowed {
                    findings.push(Finding::new(&file.path, *line, text.trim()));
                }
            }
            if block_ends_at.is_none() && text.contains("extern \"") && text.contains('{') {
                block_ends_at = Some(depth);
            }
            depth = (depth + text.matches('{').count()).saturating_sub(text.matches('}').count());
            if block_ends_at.is_some_and(|end| depth <= end) {
                block_ends_at = None;
            }
        }
    }
    findings
}

pub(super) fn ui_sees_state(tree: &Tree) -> Vec<Finding> {
    let is_forbidden = |path: &str| {
        let path = path.trim_start_matches("super::");
        let path = path.strip_prefix("crate::").unwrap_or(path);
        is_at(path, "client") || is_at(path, "convoke::client") || is_at(path, "browser") && !is_at(path, "browser::dom")
    };
    tree.rust_below("src/ui").flat_map(|file| forbidden(file, is_forbidden)).collect()
}

pub(super) fn sandbox_is_independent(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(manifest) = tree.get("sandbox/Cargo.toml") {
        for (line, text) in (1..).zip(manifest.text.lines()) {
            let text = text.split('#').next().unwrap_or_default().trim();
            let names_us = text.starts_with("convoke") || text.contains(".convoke") || text.contains("path = \"..");
            if names_us {
                findings.push(Finding::new(&manifest.path, line, format!("names {text}")));
            }
        }
    }
    for file in tree.rust_below("sandbox") {
        findings.extend(forbidden(file, |path| is_at(path, "convoke") || is_at(path, "convoke_core")));
    }
    findings
}

/// The paths of `file` that `is_forbidden` says so of.
fn forbidden(file: &File, is_forbidden: impl Fn(&str) -> bool) -> Vec<Finding> {
    let named = paths(&file.code).into_iter().filter(|(_, path)| is_forbidden(path));
    named.map(|(line, path)| Finding::new(&file.path, line, format!("names {path}"))).collect()
}
