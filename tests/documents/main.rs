//! What the pages of `docs` promise: the tests that they name exist, and their table of permissions is the program's.

#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use std::{fs, path::Path};

use convoke_core::{
    auth::{Feature, aadsts, needs_admin},
    config::{AppConfig, Found},
};
use serde_json::json;

fn read(path: &str) -> String {
    let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&whole).unwrap_or_else(|error| panic!("{}: {error}", whole.display()))
}

/// The cells of every line of a page's tables, headings left out.
fn rows(page: &str) -> Vec<Vec<String>> {
    let lines: Vec<&str> = page.lines().collect();
    let is_rule = |line: &str| line.starts_with("|--") || line.starts_with("|:-");
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    let rows = lines.iter().enumerate().filter(|(index, line)| {
        let is_heading = lines.get(index + 1).is_some_and(|next| is_rule(next));
        line.starts_with('|') && !is_rule(line) && !is_heading
    });
    rows.map(|(_, line)| cells(line)).collect()
}

/// The file and the name of the test in a cell such as "`tests/x.mjs`: does this".
fn test_in(cell: &str) -> Option<(&str, &str)> {
    let (file, name) = cell.strip_prefix('`')?.split_once("`: ")?;
    Some((file, name))
}

#[test]
fn every_way_to_sign_in_names_a_test_that_exists() {
    let rows = rows(&read("docs/sign-in.md"));
    assert!(rows.len() > 20, "{} rows", rows.len());
    for row in rows {
        let (file, name) = row.last().and_then(|cell| test_in(cell)).unwrap_or_else(|| panic!("no test in {row:?}"));
        let text = read(file);
        assert!(text.contains(name), "{file} has no test “{name}”");
    }
}

#[test]
fn the_check_finds_a_test_that_is_gone() {
    assert_eq!(test_in("`tests/e2e/x.test.mjs`: signs in"), Some(("tests/e2e/x.test.mjs", "signs in")));
    assert_eq!(test_in("signs in"), None);
    assert!(!read("docs/sign-in.md").contains("client_credentials_in_the_page_work"));
}

#[test]
fn the_permissions_of_the_page_are_those_of_the_program() {
    let page = read("docs/registration.md");
    let rows = rows(&page);
    for feature in Feature::ALL {
        let name = ["`", feature.name(), "`"].concat();
        let row = rows.iter().find(|row| row.len() == 3 && row[0].split(", ").any(|cell| cell == name));
        let row = row.unwrap_or_else(|| panic!("{name} is missing"));
        for scope in feature.scopes(&[]) {
            assert!(row[1].split([',', ';', ' ']).any(|word| word == *scope), "{name} needs {scope}: {}", row[1]);
            assert_eq!(row[2] == "an administrator", needs_admin(scope), "{scope}");
        }
    }
}

#[test]
fn the_hosts_of_the_page_are_those_of_the_program() {
    let page = read("docs/registration.md");
    for cloud in ["global", "us-government", "us-government-dod", "china"] {
        let config = AppConfig::parse(&json!({ "clientId": "11111111-2222-3333-4444-555555555555", "cloud": cloud })).unwrap();
        let Found::Complete(config) = config else { panic!("the fixture names a client") };
        let hosts = format!("| `{}` | `{}` |", config.session.cloud.login_origin(), config.graph_base_url);
        assert!(page.contains(&hosts), "{hosts}");
    }
}

#[test]
fn every_number_of_the_page_is_one_that_the_program_can_explain() {
    let page = read("docs/registration.md");
    let numbers: Vec<u32> = page
        .split("AADSTS")
        .skip(1)
        .map(|rest| rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap())
        .collect();
    assert!(numbers.len() > 6);
    for number in numbers {
        assert!(aadsts::numbers().any(|known| known == number), "{number}");
    }
}
