//! Tests of `delta`: rounds, what is told of them, and starting over.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::error::Details;

const LINK: &str = "https://graph.example/v1.0/me/calendarView/delta?$deltatoken=";

fn hosts() -> HostList {
    HostList::new("https://graph.example", &[]).unwrap()
}

fn watched() -> Watched {
    Watched::Events { start: DateTime::UNIX_EPOCH, end: "2026-06-01T00:00:00Z".parse().unwrap() }
}

fn item(id: &str, version: u32) -> Value {
    json!({"id": id, "@odata.etag": format!("W/\"{version}\""), "subject": format!("{id} {version}")})
}

fn removed(id: &str) -> Value {
    json!({"id": id, "@removed": {"reason": "deleted"}})
}

fn page(items: &[Value], link: (&str, &str)) -> Answer {
    let mut body = json!({ "value": items });
    body[link.0] = [LINK, link.1].concat().into();
    Answer { status: 200, body, ..Answer::default() }
}

fn last(items: &[Value], token: &str) -> Answer {
    page(items, ("@odata.deltaLink", token))
}

fn next(items: &[Value], token: &str) -> Answer {
    page(items, ("@odata.nextLink", token))
}

/// A round of one page, as words.
fn round(delta: &mut Delta, items: &[Value], token: &str) -> Vec<String> {
    match delta.accept(last(items, token), &hosts()).unwrap() {
        Progress::Done(changes) => words(&changes),
        Progress::More => panic!("the round does not end"),
    }
}

fn words(changes: &[Change]) -> Vec<String> {
    let id = |item: &Value| item["id"].as_str().unwrap().to_owned();
    changes
        .iter()
        .map(|change| match change {
            Change::Created(item) => format!("+{}", id(item)),
            Change::Updated(item) => format!("~{}", id(item)),
            Change::Deleted(item) => format!("-{}", id(item)),
        })
        .collect()
}

fn token_of(delta: &Delta) -> String {
    match &delta.request().target {
        Target::Link(link) => link.as_str().trim_start_matches(LINK).to_owned(),
        _ => String::new(),
    }
}

fn gone(location: Option<&str>) -> Error {
    Error::new(ErrorCode::Gone, "gone").with(Details { status: Some(410), location: location.map(str::to_owned), ..Details::default() })
}

#[test]
fn the_first_round_is_silent_and_the_next_ones_tell_what_happened() {
    let mut delta = Delta::new(watched());
    assert_eq!(delta.checkpoint(), None);
    assert_eq!(round(&mut delta, &[item("a", 1), item("b", 1)], "1"), [""; 0]);
    assert_eq!(token_of(&delta), "1");
    assert_eq!(round(&mut delta, &[item("c", 1), item("a", 2), removed("b"), removed("never seen")], "2"), ["+c", "~a", "-b"]);
    assert_eq!(round(&mut delta, &[], "3"), [""; 0]);
}

#[test]
fn replays_and_repetitions_tell_nothing_new() {
    let mut delta = Delta::new(watched());
    round(&mut delta, &[item("a", 1)], "1");
    assert_eq!(round(&mut delta, &[item("a", 1), item("b", 1), item("b", 1)], "2"), ["+b"]);
    assert_eq!(round(&mut delta, &[item("a", 2), item("a", 3), item("b", 1)], "3"), ["~a"]);
    assert_eq!(round(&mut delta, &[item("c", 1), removed("c")], "4"), [""; 0]);
}

#[test]
fn pages_are_followed_with_their_preferences_and_the_round_counts_as_a_whole() {
    let mut delta = Delta::new(watched());
    assert_eq!(delta.request().prefer.max_page_size, Some(PAGE));
    assert_eq!(delta.accept(next(&[item("a", 1)], "p2"), &hosts()).unwrap(), Progress::More);
    assert_eq!((token_of(&delta).as_str(), delta.request().prefer.max_page_size), ("p2", Some(PAGE)));
    assert_eq!(round(&mut delta, &[], "1"), [""; 0]);
    delta.accept(next(&[item("b", 1)], "p3"), &hosts()).unwrap();
    // A failure in the middle: the round begins again, and its first page comes once more.
    assert!(!delta.forgotten(&Error::new(ErrorCode::Network, "m"), &hosts()));
    assert_eq!(token_of(&delta), "1");
    delta.accept(next(&[item("b", 1)], "p3"), &hosts()).unwrap();
    assert_eq!(round(&mut delta, &[item("c", 1)], "2"), ["+b", "+c"]);
}

#[test]
fn forgotten_links_are_read_anew_and_only_differences_are_told() {
    for location in [Some([LINK, "fresh"].concat()), None, Some("https://evil.example/".to_owned())] {
        let mut delta = Delta::new(watched());
        round(&mut delta, &[item("a", 1), item("b", 1), item("c", 1)], "1");
        assert!(delta.forgotten(&gone(location.as_deref()), &hosts()));
        let foreign = location.as_deref().is_none_or(|location| location.contains("evil"));
        assert_eq!(token_of(&delta), if foreign { "" } else { "fresh" });
        assert_eq!(round(&mut delta, &[item("a", 1), item("b", 2), item("d", 1)], "2"), ["~b", "+d", "-c"]);
        assert_eq!(round(&mut delta, &[removed("a")], "3"), ["-a"]);
    }
    let mut delta = Delta::new(watched());
    assert!(!delta.forgotten(&gone(None), &hosts()), "the first request has nothing to forget");
}

#[test]
fn a_watch_goes_on_from_its_checkpoint() {
    let mut delta = Delta::new(watched());
    round(&mut delta, &[item("a", 1), item("b", 1)], "1");
    let saved = delta.checkpoint().unwrap();
    assert!(!saved.contains("subject"));
    let mut again = Delta::resume(watched(), &saved, &hosts()).unwrap();
    assert_eq!(token_of(&again), "1");
    assert_eq!(round(&mut again, &[item("a", 1), item("b", 2), item("c", 1), removed("a")], "2"), ["~b", "+c", "-a"]);
    for bad in ["", "{}", "null", "[1]", &saved.replace("events", "messages"), &saved.replace(VERSION, "other")] {
        assert_eq!(Delta::resume(watched(), bad, &hosts()).unwrap_err().code(), ErrorCode::InvalidRequest, "{bad}");
    }
    let foreign = saved.replace("graph.example", "evil.example");
    assert_eq!(Delta::resume(watched(), &foreign, &hosts()).unwrap_err().code(), ErrorCode::HostNotAllowed);
}

#[test]
fn what_is_no_round_is_an_error_and_begins_again() {
    let mut delta = Delta::new(watched());
    round(&mut delta, &[item("a", 1)], "1");
    for body in [json!({"value": []}), json!({"value": null}), json!({}), json!({"value": [], "@odata.nextLink": "https://evil.example/"})]
    {
        assert!(delta.accept(Answer { body, ..Answer::default() }, &hosts()).is_err());
        assert_eq!(token_of(&delta), "1");
    }
    delta.accept(next(&[], "p"), &hosts()).unwrap();
    assert!(delta.accept(next(&[], "p"), &hosts()).is_err(), "a page that leads to itself");
}

#[test]
fn mail_is_watched_by_folder() {
    let request = Delta::new(Watched::Messages { folder: "inbox".into() }).request();
    assert_eq!(request.target, Target::Mailbox(["mailFolders", "inbox", "messages", "delta"].map(str::to_owned).into()));
    assert_eq!(request.scopes, ["Mail.Read"]);
}

proptest! {
    /// Whatever the service tells, in however many pages, with links that it forgets: who takes in what is told knows what the service has.
    #[test]
    fn what_is_told_adds_up(steps in proptest::collection::vec((0_u8..6, 0_u32..4, 0_u8..10), 1..60)) {
        let mut delta = Delta::new(watched());
        let mut stored: HashMap<String, u32> = HashMap::new();
        let mut told: Option<HashMap<String, String>> = None;
        let mut given: HashMap<String, u32> = HashMap::new();
        let mut token = 0;
        for (id, version, what) in steps {
            let id = format!("e{id}");
            if version == 0 { stored.remove(&id); } else { stored.insert(id, version); }
            if what == 0 && delta.forgotten(&gone(None), &hosts()) {
                given.clear();
            }
            if what > 6 {
                continue;
            }
            let mut items: Vec<Value> = stored.iter().filter(|(id, version)| given.get(*id) != Some(version)).map(|(id, version)| item(id, *version)).collect();
            items.extend(given.keys().filter(|id| !stored.contains_key(*id)).map(|id| removed(id)));
            if what == 1 {
                // It breaks off after a page.
                token += 1;
                delta.accept(next(&items, &token.to_string()), &hosts()).unwrap();
                delta.forgotten(&Error::new(ErrorCode::Network, "m"), &hosts());
                continue;
            }
            let half = items.split_off(items.len() / 2);
            token += 2;
            delta.accept(next(&items, &token.to_string()), &hosts()).unwrap();
            token += 1;
            let Progress::Done(changes) = delta.accept(last(&half, &token.to_string()), &hosts()).unwrap() else { panic!("no end") };
            given = stored.clone();
            match &mut told {
                // The baseline is silent: it is what is there.
                None => {
                    prop_assert!(changes.is_empty());
                    told = Some(stored.iter().map(|(id, version)| (id.clone(), format!("{id} {version}"))).collect());
                }
                Some(told) => for change in changes {
                    match change {
                        Change::Created(item) => prop_assert!(told.insert(item["id"].as_str().unwrap().into(), item["subject"].as_str().unwrap().into()).is_none()),
                        Change::Updated(item) => prop_assert!(told.insert(item["id"].as_str().unwrap().into(), item["subject"].as_str().unwrap().into()).is_some()),
                        Change::Deleted(item) => prop_assert!(told.remove(item["id"].as_str().unwrap()).is_some()),
                    }
                },
            }
            let known: HashMap<String, String> = stored.iter().map(|(id, version)| (id.clone(), format!("{id} {version}"))).collect();
            prop_assert_eq!(told.as_ref(), Some(&known));
        }
    }
}
