//! Documented request and answer pairs, where their collection lies beside the project: what the sandbox answers has the documented members.

use std::{
    collections::BTreeSet,
    fs,
    io::{ErrorKind, Write},
    path::PathBuf,
};

use serde_json::{Value, json};

use crate::{Graph, meeting};

mod address;
mod left_out;
mod replay;
mod shape;
mod state;

/// A documented pair; `None`, after saying so, where the collection is missing.
fn pair(name: &str) -> Option<Value> {
    shared(&["examples", &format!("{name}.json")])
}

/// `CONVOKE_SHARED` names another place than the one beside the project.
fn directory() -> PathBuf {
    let beside = || [env!("CARGO_MANIFEST_DIR"), "..", "..", "shared"].iter().collect();
    std::env::var_os("CONVOKE_SHARED").map_or_else(beside, PathBuf::from).join("graph")
}

fn shared(file: &[&str]) -> Option<Value> {
    let path: PathBuf = std::iter::once(directory()).chain(file.iter().map(PathBuf::from)).collect();
    match fs::read_to_string(path) {
        Err(error) if error.kind() == ErrorKind::NotFound && !directory().exists() => {
            say("skipped: no ../shared\n");
            None
        }
        text => Some(serde_json::from_str(&text.unwrap()).unwrap()),
    }
}

/// Past the test runner's capture, which keeps the output of tests that pass to itself.
fn say(text: &str) {
    std::io::stderr().write_all(text.as_bytes()).unwrap();
}

fn names(value: &Value) -> BTreeSet<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[tokio::test]
async fn a_created_series_has_the_documented_members() {
    let Some(pair) = pair("user-post-events.create_event_recurring") else { return };
    let alex = Graph::new().session("alexw");
    let made = alex.create(&pair["requestBody"]).await;
    let documented = &pair["responseBodyRepaired"];
    let missing: Vec<&str> = names(documented).difference(&names(&made)).copied().collect();
    assert!(missing.is_empty(), "{missing:?}");
    for name in ["pattern", "range"] {
        assert_eq!(names(&made["recurrence"][name]), names(&documented["recurrence"][name]));
    }
    assert_eq!(made["recurrence"]["pattern"], documented["recurrence"]["pattern"]);
    let zone = ["Prefer: outlook.timezone=\"Pacific Standard Time\""];
    let read = alex.send("GET", &crate::event_path(&made), &zone, None).await.body;
    assert_eq!((&read["start"], &read["end"]), (&documented["start"], &documented["end"]));
    let path = format!("{}/instances?startDateTime=2017-01-01&endDateTime=2018-12-31&$top=50", crate::event_path(&made));
    let last = alex.all(&path, &zone).await.pop().unwrap();
    assert_eq!(last["start"]["dateTime"], "2017-12-25T12:00:00.0000000", "the last Monday before the documented end");
}

#[tokio::test]
async fn get_schedule_answers_the_documented_question() {
    let Some(pair) = pair("calendar-getschedule.calendar_getschedule") else { return };
    let graph = Graph::new();
    let documented = pair["responseBody"]["value"].as_array().unwrap();
    // Put the documented items into the calendars first; Megan's belong to somebody whose subjects nobody sees.
    let people = [("adelev", "adelev"), ("meganb", "diegos")];
    for (schedule, (_, account)) in documented.iter().zip(people) {
        let session = graph.session(account);
        for item in schedule["scheduleItems"].as_array().unwrap() {
            let mut event = meeting(item["subject"].as_str().unwrap_or("x"), "10:00", "11:00", &[]);
            (event["start"], event["end"], event["showAs"]) = (item["start"].clone(), item["end"].clone(), item["status"].clone());
            event["location"] = json!({ "displayName": item["location"] });
            session.create(&event).await;
        }
    }
    let question = pair["requestBody"].to_string().replace("meganb", "diegos").into_bytes();
    let adele = graph.session("adelev");
    let answer =
        adele.send("POST", "/me/calendar/getSchedule", &["Prefer: outlook.timezone=\"Pacific Standard Time\""], Some(question)).await;
    assert_eq!(answer.body["@odata.context"].as_str().unwrap().split('#').nth(1), Some("Collection(microsoft.graph.scheduleInformation)"));
    for (seen, documented) in answer.body["value"].as_array().unwrap().iter().zip(documented) {
        assert_eq!(seen["availabilityView"], documented["availabilityView"]);
        let sorted = |schedule: &Value| {
            let mut items: Vec<String> = schedule["scheduleItems"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| format!("{} {} {} {} {}", item["start"], item["end"], item["status"], item["subject"], item["location"]))
                .collect();
            items.sort();
            items
        };
        assert_eq!(sorted(seen), sorted(documented));
    }
}

#[tokio::test]
async fn every_documented_path_is_answered_or_refused_by_name() {
    let Some(openapi) = shared(&["openapi.json"]) else { return };
    let adele = Graph::new().session("adelev");
    let mut answered = 0;
    for (template, operations) in openapi["paths"].as_object().unwrap() {
        for method in
            operations.as_object().unwrap().keys().filter(|name| ["get", "post", "patch", "put", "delete"].contains(&name.as_str()))
        {
            let path = template.replace("{user-id}", "adelev@contoso.onmicrosoft.com").replace(['{', '}'], "");
            let answer = adele.send(&method.to_uppercase(), &path, &["Content-Type: application/json"], Some(b"{}".to_vec())).await;
            assert_ne!(answer.status, 500, "{method} {path}: {}", answer.body);
            if answer.status >= 400 {
                assert!(!answer.code().is_empty(), "{method} {path}: {}", answer.body);
            }
            if answer.status == 501 {
                assert!(answer.body["error"]["message"].as_str().unwrap().starts_with("The sandbox does not model "), "{}", answer.body);
            } else {
                answered += 1;
            }
        }
    }
    assert!(answered > 300, "{answered}");
}

/// This program with the collection in another place: whether it passed, and what it said.
fn elsewhere(place: &std::path::Path) -> (bool, String) {
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["documented::", "--skip", "missing_or_empty"])
        .env("CONVOKE_SHARED", place)
        .output()
        .unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout))
}

#[test]
fn a_missing_or_empty_collection_is_told_apart() {
    let tests = 4;
    let temporary = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (passed, said) = elsewhere(&temporary.join("no-such-place"));
    assert!(passed && said.matches("skipped: no ../shared").count() == tests, "{said}");
    // Nothing at all is replayed: what would be counted is looked at before anything is sent.
    fs::create_dir_all(temporary.join("empty/graph/examples")).unwrap();
    let (passed, said) = elsewhere(&temporary.join("empty"));
    assert!(!passed && said.contains("the collection has 0 pairs") && said.contains(&format!("0 passed; {tests} failed")), "{said}");
}
