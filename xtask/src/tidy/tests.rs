//! Every rule, shown a tree that keeps it and trees that break it.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use super::*;

/// A small repository that keeps all rules.
const CLEAN: &[(&str, &str)] = &[
    ("ARCHITECTURE.md", "`core/src/lib.rs` and `src/ui/`, `www/*.js`; `text/html`, `Call<T>`.\n```\n`not/checked`\n```\n"),
    ("core/Cargo.toml", "[package]\nname = \"convoke-core\"\n[dependencies]\nserde = \"1\" # not wasm-bindgen\n"),
    ("core/src/lib.rs", "//! Owns web_sys in words only.\nuse std::time::Duration;\n"),
    ("core/src/model/mod.rs", "//! Owns.\nuse crate::time::Zone;\n"),
    (
        "core/src/auth/tokens.rs",
        "//! Owns.\n#[derive(Debug)]\nstruct Tokens {\n    access_token: Secret,\n    kind: String,\n}\n#[derive(Deserialize)]\nstruct Wire {\n    access_token: String,\n}\n",
    ),
    ("src/lib.rs", "//! Owns.\n"),
    ("src/client/tests/world.rs", "//! Owns.\n#[derive(Debug)]\nstruct Seen {\n    bearer: String,\n}\n"),
    (
        "src/browser/intl.rs",
        "//! Owns.\nuse js_sys::Date;\n#[wasm_bindgen]\nextern \"C\" {\n    #[wasm_bindgen(catch)]\n    fn format();\n}\n",
    ),
    ("src/bin/app.rs", "//! Owns.\nuse web_sys::Window;\n#[wasm_bindgen]\npub fn start() {}\n"),
    ("src/ui/grid.rs", "//! Owns.\nuse crate::{browser::dom::focus, store::State};\nlet style = \"x\"; html! { <p class=\"a\" /> }\n"),
    ("sandbox/Cargo.toml", "[package]\nname = \"convoke-sandbox\"\n[dependencies]\naxum = \"0.8\"\n"),
    ("sandbox/src/lib.rs", "//! Owns. Not convoke_core::model.\n"),
    ("www/start.js", "import(\"x\"); retrieval(1); medieval(2); aFunction(3);\n"),
    ("dist/app/assets/app.js", "const a = Function; b.eval(c); return `Function(${name})`;\n"),
    ("index.html", "<p class=\"start\">https://example.org/work/x</p>\n"),
];

/// The rules that the clean tree with `path` replaced or added breaks.
fn broken_by(path: &str, text: &str) -> Vec<&'static str> {
    let mut files: Vec<(String, String)> = CLEAN.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    files.retain(|(known, _)| known != path);
    files.push((path.to_owned(), text.to_owned()));
    let tree = Tree::new(files);
    RULES.iter().filter(|rule| !(rule.check)(&tree).is_empty()).map(|rule| rule.name).collect()
}

#[test]
fn a_clean_tree_breaks_no_rule() {
    assert_eq!(broken_by("README.md", "# Convoke\n"), [""; 0]);
}

#[test]
fn every_rule_can_be_broken() {
    let unfinished = concat!("//! Owns.\n// FIX", "ME\n");
    let machine = concat!("see /tm", "p/x");
    let registry = concat!("\"resolved\": \"https://registry.np", "mjs.org/x\"");
    let long = format!("//! Owns.\n{}", "\n".repeat(450));
    let long_bin = format!("//! Owns.\n{}", "\n".repeat(150));
    let cases: &[(&str, &str, &str)] = &[
        ("core-is-pure", "core/Cargo.toml", "[dependencies]\nweb-sys.workspace = true\n"),
        ("core-is-pure", "core/Cargo.toml", "[dependencies]\ngloo-net = \"1\"\n"),
        ("core-is-pure", "core/Cargo.toml", "[dependencies.yew]\nversion = \"1\"\n"),
        ("core-is-pure", "core/Cargo.toml", "[dependencies]\nchrono = { version = \"0.4\", features = [\"clock\"] }\n"),
        ("core-is-pure", "core/src/lib.rs", "//! Owns.\nuse std::{fmt, fs};\n"),
        ("core-is-pure", "core/src/lib.rs", "//! Owns.\nfn f() { js_sys::Date::now() }\n"),
        ("core-is-pure", "core/src/lib.rs", "//! Owns.\nuse std::time::{Duration, SystemTime};\n"),
        ("layers", "core/src/model/event.rs", "//! Owns.\nuse crate::{store::State};\n"),
        ("layers", "core/src/time.rs", "//! Owns.\nfn f() -> crate::model::Event {}\n"),
        ("layers", "src/client.rs", "//! Owns.\nuse crate::ui::App;\n"),
        ("browser-edge", "src/ui/grid.rs", "//! Owns.\nuse web_sys::Element;\n"),
        ("browser-edge", "src/client.rs", "//! Owns.\nfn f() { gloo_net::http::get() }\n"),
        ("exports-in-bins", "src/client.rs", "//! Owns.\n#[wasm_bindgen]\npub fn f() {}\n"),
        (
            "exports-in-bins",
            "src/browser/intl.rs",
            "//! Owns.\n#[wasm_bindgen]\nextern \"C\" {\n    fn a();\n}\n#[wasm_bindgen(js_name = f)]\npub fn f() {}\n",
        ),
        ("exports-in-bins", "src/client.rs", "//! Owns.\n#[wasm_bindgen]\nextern \"C\" {}\n"),
        ("ui-sees-state", "src/ui/grid.rs", "//! Owns.\nuse crate::browser::{dom, fetch};\n"),
        ("ui-sees-state", "src/ui/grid.rs", "//! Owns.\nuse crate::client::Client;\n"),
        ("ui-sees-state", "src/ui/grid.rs", "//! Owns.\nuse super::super::browser::storage;\n"),
        ("sandbox-is-independent", "sandbox/Cargo.toml", "[dependencies]\nconvoke-core.workspace = true\n"),
        ("sandbox-is-independent", "sandbox/Cargo.toml", "[dependencies]\nmodel = { path = \"../core\" }\n"),
        ("sandbox-is-independent", "sandbox/src/lib.rs", "//! Owns.\nuse convoke_core::model;\n"),
        (
            "secrets-are-redacted",
            "core/src/auth/tokens.rs",
            "//! Owns.\n#[derive(Clone, Debug)]\npub struct Tokens {\n    pub refresh_token: Option<String>,\n}\n",
        ),
        (
            "secrets-are-redacted",
            "src/client.rs",
            "//! Owns.\n#[derive(Serialize)]\nenum Held {\n    Some { verifier: String, x: u8 },\n}\n",
        ),
        ("opens-with-docs", "src/lib.rs", "mod client;\n"),
        ("file-length", "src/lib.rs", &long),
        ("file-length", "src/bin/app.rs", &long_bin),
        ("file-length", "sandbox/src/main.rs", &long_bin),
        ("architecture-paths", "ARCHITECTURE.md", "See `core/src/gone.rs`.\n"),
        ("architecture-paths", "ARCHITECTURE.md", "See `www/*.ts`, `gone/*` and `DESIGN.md`.\n"),
        ("no-style-attribute", "src/ui/grid.rs", "//! Owns.\nhtml! { <p style=\"top: 0\" /> }\n"),
        ("no-style-attribute", "src/ui/grid.rs", "//! Owns.\nhtml! { <p\n  style = {top} /> }\n"),
        ("no-style-attribute", "src/browser/dom.rs", "//! Owns.\nfn f() { e.set_attribute(\"style\", x) }\n"),
        ("no-style-attribute", "index.html", "<p style=\"top: 0\">\n"),
        ("no-raw-html", "src/ui/body.rs", "//! Owns.\nfn f() { Html::from_html_unchecked(x) }\n"),
        ("no-raw-html", "www/start.js", "place.innerHTML = x;\n"),
        ("no-eval", "dist/app/assets/app.js", "const f = new Function(a, b);\n"),
        ("no-eval", "www/start.js", "eval(x)\n"),
        ("no-leftovers", "src/client.rs", unfinished),
        ("no-leftovers", "src/client.rs", "//! Owns.\nfn f() { todo!() }\n"),
        ("no-leftovers", "src/client.rs", "//! Owns.\n#[allow(dead_code)]\nfn f() {}\n"),
        ("no-machine-paths", "README.md", machine),
        ("no-machine-paths", "tests/package-lock.json", registry),
    ];
    for (rule, path, text) in cases {
        assert_eq!(broken_by(path, text), [*rule], "{path}:\n{}", text.lines().take(5).collect::<Vec<_>>().join("\n"));
    }
    for rule in RULES {
        assert!(cases.iter().any(|(name, ..)| *name == rule.name), "nothing breaks {}", rule.name);
    }
}

#[test]
fn a_missing_architecture_page_is_a_finding() {
    assert_eq!(layout::architecture_paths(&Tree::new([])).len(), 1);
}

#[test]
fn findings_name_the_line() {
    let tree = Tree::new([("src/ui/a.rs".to_owned(), "//! Owns.\n\nuse crate::{\n    client::X,\n};\n".to_owned())]);
    assert_eq!(architecture::ui_sees_state(&tree), [Finding::new("src/ui/a.rs", 3, "names crate::client::X")]);
}

#[test]
fn the_repository_is_read_with_files_that_git_does_not_know() {
    let tree = Tree::read(root()).unwrap();
    assert!(tree.exists("xtask/src/tidy/tests.rs") && tree.exists("core") && !tree.exists("target"));
}
