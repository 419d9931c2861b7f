//! What the README lists is what there is, and each entry has a test: kinds of faults, switches, numbers of Entra ID's errors.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::{Value, json};

use crate::harness::*;

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// All tests of this directory and of the recipes but the present file.
fn tests() -> String {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/server");
    let both = [directory.join("recipes"), directory];
    let files = both.iter().flat_map(|directory| fs::read_dir(directory).unwrap()).map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|end| end == "rs") && !path.ends_with("documented.rs"));
    files.map(|path| fs::read_to_string(path).unwrap()).collect()
}

/// The rows of the README's table below this heading, cells trimmed; the head and the ruler left out.
pub(crate) fn table(heading: &str) -> Vec<Vec<String>> {
    let readme = read("README.md");
    let section = readme.split(&format!("\n{heading}\n")).nth(1).unwrap_or_else(|| panic!("no {heading:?}"));
    let lines = section.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    lines.skip(2).map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
}

/// What stands between backticks.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[tokio::test]
async fn every_kind_of_fault_is_documented_and_tested() {
    let running = start();
    let refused: Value = Browser::new(&running).control("/faults", json!({ "act": { "kinds": 1 } })).await.json().await.unwrap();
    let message = refused["error"]["message"].as_str().unwrap();
    // serde names the member that it does not know first, and then all that it knows.
    let kinds: BTreeSet<&str> = names(message).skip(1).collect();
    assert!(kinds.len() > 15 && kinds.contains("claimsChallenge"), "{message}");
    let kinds_documented = table("## Faults");
    let documented: BTreeSet<&str> =
        kinds_documented.iter().flat_map(|row| names(&row[0])).map(|name| name.split(':').next().unwrap()).collect();
    assert_eq!(documented, kinds);
    // A recipe is tested as it stands in the README, which the next test makes sure of.
    let tests = tests() + &json!(table("## Recipes")).to_string().replace('\\', "");
    for kind in kinds {
        assert!(tests.contains(&format!("\"{kind}\":")), "no test sees {kind} on the wire");
    }
}

#[test]
fn every_recipe_is_tested() {
    let tests = tests();
    let recipes = table("## Recipes");
    assert!(recipes.len() > 70, "{}", recipes.len());
    for row in recipes {
        assert!(tests.contains(&format!("\"{}\"", row[0])), "no test installs {:?}", row[0]);
    }
}

#[tokio::test]
async fn every_switch_is_documented() {
    let running = start();
    let switches: Value = reqwest::get(format!("{}/sandbox/switches", running.base_url)).await.unwrap().json().await.unwrap();
    let rows = table("## Switches");
    let documented: Vec<(&str, &str)> = rows.iter().map(|row| (names(&row[0]).next().unwrap(), names(&row[1]).next().unwrap())).collect();
    let offered: Vec<(&str, String)> =
        switches.as_object().unwrap().iter().map(|(name, value)| (name.as_str(), value.to_string())).collect();
    assert_eq!(documented, offered.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>());
}

/// The numbers in `errors.rs` stand in the table, and the tests that the table names exist and speak of their number.
#[test]
fn every_error_of_entra_is_documented_and_tested() {
    let source = read("src/identity/errors.rs");
    let made = source.split("Self::new(").skip(1).map(|rest| rest.chars().filter(|c| *c != '_').take_while(char::is_ascii_digit));
    let numbers: BTreeSet<u32> = made.filter_map(|digits| digits.collect::<String>().parse().ok()).collect();
    let tests = tests();
    let mut documented = BTreeSet::new();
    for row in table("## Errors of Entra ID") {
        let [number, _, _, test] = row.as_slice() else { panic!("{row:?}") };
        // A range is made by one arm and named by its first and last number.
        let Ok(number) = number.parse::<u32>() else { continue };
        documented.insert(number);
        let test = names(test).next().unwrap();
        let body = tests.split(&format!("fn {test}(")).nth(1).unwrap_or_else(|| panic!("AADSTS{number}: there is no test {test}"));
        let body = body.split("\n}\n").next().unwrap().replace('_', "");
        assert!(body.contains(&number.to_string()), "{test} does not speak of {number}");
    }
    // Signing fails only if the built-in key is broken, and then every test fails.
    let unreachable = BTreeSet::from([9_002_313]);
    assert_eq!(documented, numbers.difference(&unreachable).copied().collect());
}

/// All Rust files below a directory of the sandbox.
fn sources(directory: &Path) -> String {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let text = |path: std::path::PathBuf| match path.is_dir() {
        true => sources(&path),
        false if path.extension().is_some_and(|end| end == "rs") => fs::read_to_string(path).unwrap(),
        false => String::new(),
    };
    entries.map(text).collect()
}

#[test]
fn every_test_that_the_readme_names_is_there() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources = sources(&here.join("tests")) + &sources(&here.join("src"));
    let rows = table("## What there is, and what checks it");
    assert!(rows.len() > 35, "{}", rows.len());
    for row in rows {
        for test in names(&row[1]) {
            assert!(sources.contains(&format!("fn {test}()")), "{}: there is no test {test}", row[0]);
        }
    }
}

#[tokio::test]
async fn accounts_have_the_rules_that_the_readme_says() {
    let running = start();
    let browser = Browser::new(&running);
    let readme = read("README.md");
    let section = readme.split("| account at `fabrikam.onmicrosoft.com` | rule |").nth(1).unwrap();
    let rows: Vec<Vec<&str>> =
        section.lines().skip(2).take_while(|line| line.starts_with('|')).map(|line| names(line).take(2).collect()).collect();
    for row in &rows {
        let read = reqwest::get(format!("{}/sandbox/accounts/{}@fabrikam.onmicrosoft.com", running.base_url, row[0])).await.unwrap();
        assert_eq!(read.json::<Value>().await.unwrap()["rule"], row[1]);
    }
    // serde names the value that it does not know first, and then all that it knows.
    let refused: Value = browser.control(&format!("/accounts/{ADELE}"), json!({ "rule": "x" })).await.json().await.unwrap();
    let known: BTreeSet<&str> = names(refused["error"]["message"].as_str().unwrap()).skip(1).collect();
    assert_eq!(rows.iter().map(|row| row[1]).collect::<BTreeSet<_>>(), known);
}
