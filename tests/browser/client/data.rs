//! Rows 95 to 101, 110 and 111: data that is not as documented, and files.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::{cell::RefCell, rc::Rc};

use convoke::client::{Abort, Source};
use convoke_core::{
    ErrorCode,
    graph::{calendars, create_event, event, me, operations::files, update_event},
    model::{BODY_LIMIT, EventDraft, ShowAs},
};
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use super::sandbox::{Sandbox, at, code, draft, fortnight};

const VIEW: &str = "/v1.0/me/calendarView";

#[wasm_bindgen_test]
async fn row_95_words_that_nobody_knows_are_kept_and_not_sent_back() {
    let sandbox = Sandbox::with(at("/v1.0/me/events/*", json!({"unknownEnums": true}))).await;
    let made = sandbox.outcome(create_event(&draft("Row 95"), None)).await.unwrap();
    let read = sandbox.outcome(event(&made.id)).await.unwrap();
    assert!(matches!(&read.show_as, ShowAs::Other(word) if !word.is_empty()), "{:?}", read.show_as);
    let change = EventDraft { subject: "Row 95 later".into(), ..EventDraft::of(&read) }.changes_from(&read);
    sandbox.outcome(update_event(&made.id, read.etag.as_deref(), change).unwrap()).await.unwrap();
    let log = sandbox.log().await;
    assert_eq!(log.last().unwrap().body, json!({"subject": "Row 95 later"}));
}

#[wasm_bindgen_test]
async fn row_96_nulls_leave_a_row_that_can_be_shown() {
    let sandbox = Sandbox::with(at(VIEW, json!({"nulls": true}))).await;
    let found = sandbox.outcome(fortnight()).await.unwrap();
    assert!(!found.items.is_empty() && found.skipped == 0);
    assert!(found.items.iter().all(|item| !item.value.id.is_empty() && item.value.attendees.is_empty() && item.value.subject.is_empty()));
}

#[wasm_bindgen_test]
async fn row_97_wrong_types_and_strangers_cost_only_themselves() {
    for act in ["wrongTypes", "unknownMembers"] {
        let sandbox = Sandbox::with(at("/v1.0/**", json!({act: true}))).await;
        let found = sandbox.outcome(fortnight()).await;
        assert!(found.is_ok_and(|page| act == "wrongTypes" || !page.items.is_empty()), "{act}");
    }
    let text = "{\"value\": [{\"id\": \"1\", \"subject\": \"a\", \"subject\": \"b\", \"reminderMinutesBeforeStart\": 123456789012345678901234567890, \"isAllDay\": \"true\"}]}";
    let sandbox = Sandbox::with(at(VIEW, json!({"body": text}))).await;
    let found = sandbox.outcome(fortnight()).await.unwrap();
    assert!(found.items[0].value.is_all_day && found.items[0].value.other.contains_key("reminderMinutesBeforeStart"));
}

#[wasm_bindgen_test]
async fn row_98_a_kind_of_a_kind_is_read_as_the_kind() {
    let sandbox =
        Sandbox::with(at("/v1.0/me/calendars", json!({"set": {"/value/*/@odata.type": "#microsoft.graph.sharedCalendar"}}))).await;
    let found = sandbox.outcome(calendars()).await.unwrap();
    assert!(!found.items.is_empty() && found.items.iter().all(|item| !item.value.name.is_empty()));
    let sandbox = Sandbox::with(at("/v1.0/me", json!({"set": {"/@odata.type": "#microsoft.graph.guest"}}))).await;
    assert!(!sandbox.outcome(me()).await.unwrap().name.is_empty());
}

#[wasm_bindgen_test]
async fn row_99_a_huge_body_is_cut() {
    for content in ["x".repeat(5 << 20), ["<div>".repeat(20_000), "</div>".repeat(20_000)].concat()] {
        let body = json!({"id": "1", "subject": "s", "body": {"contentType": "text", "content": content}});
        let sandbox = Sandbox::with(at("/v1.0/me/events/*", json!({"status": 200, "body": body}))).await;
        let read = sandbox.outcome(event("1")).await.unwrap();
        assert!(!read.body_text.is_empty() && read.body_text.len() <= BODY_LIMIT);
    }
    // Nested deeper than any reader goes: an error, not the end of the program.
    let deep = ["{\"a\":".repeat(50_000), "1".into(), "}".repeat(50_000)].concat();
    let sandbox = Sandbox::with(at("/v1.0/me/events/*", json!({"status": 200, "body": deep}))).await;
    assert_eq!(code(&sandbox.outcome(event("1")).await), Some(ErrorCode::InvalidResponse));
}

#[wasm_bindgen_test]
async fn row_100_titles_of_every_kind_come_through() {
    let text = "{\"value\": [{\"id\": \"1\", \"subject\": \"half \\ud83d\"}, {\"id\": \"2\", \"subject\": \"a\\u0000b\"}, {\"id\": \"3\", \"subject\": \"\u{202e}evil \u{1f468}\u{200d}\u{1f469}\"}]}";
    let long = "y".repeat(400);
    let sandbox = Sandbox::with(at(VIEW, json!({"body": text}))).await;
    let found = sandbox.outcome(fortnight()).await.unwrap();
    let titles: Vec<&str> = found.items.iter().map(|item| item.value.subject.as_str()).collect();
    assert_eq!(titles, ["half \u{fffd}", "a\u{0}b", "\u{202e}evil \u{1f468}\u{200d}\u{1f469}"]);
    let made = sandbox.outcome(create_event(&EventDraft { subject: long.clone(), ..draft("Row 100") }, None)).await.unwrap();
    assert!(long.starts_with(&made.subject) && !made.subject.is_empty());
}

#[wasm_bindgen_test]
async fn row_101_everybody_is_listed_and_counted_once() {
    let person = |address: Value| json!({"type": "required", "emailAddress": {"name": "N", "address": address}});
    let mut people: Vec<Value> = (0..500).map(|number| person(format!("p{number}@contoso.com").into())).collect();
    people.extend([person("P1@CONTOSO.COM".into()), person(Value::Null), json!(null), person("group@contoso.com".into())]);
    let sandbox = Sandbox::with(at(VIEW, json!({"set": {"/value/0/attendees": people}}))).await;
    let found = sandbox.outcome(fortnight()).await.unwrap();
    assert_eq!(found.items[0].value.attendees.len(), 502);
    assert_eq!(found.items[0].value.attendees.iter().filter(|one| one.email.address.is_empty()).count(), 1);
}

#[wasm_bindgen_test]
async fn row_110_ids_are_encoded() {
    let sandbox = Sandbox::with(json!([])).await;
    assert_eq!(code(&sandbox.outcome(event("AAMk/+a==")).await), Some(ErrorCode::NotFound));
    assert_eq!(sandbox.log().await[0].path, "/v1.0/me/events/AAMk%2F%2Ba%3D%3D");
}

#[wasm_bindgen_test]
async fn row_111_an_event_that_moved_is_found_by_what_it_is_in_every_calendar() {
    let sandbox = Sandbox::with(json!([])).await;
    let made = sandbox.outcome(create_event(&draft("Row 111"), None)).await.unwrap();
    let (client, abort) = (sandbox.client(), Abort::new());
    let found = client.event_wherever("AAMkBefore", made.ical_uid.as_deref().unwrap(), &abort).await.unwrap();
    assert_eq!(found.id, made.id);
    assert_eq!(code(&client.event_wherever("AAMkBefore", "nobody's", &abort).await), Some(ErrorCode::NotFound));
}

fn source(size: u64) -> Source {
    Source {
        size,
        media_type: "text/plain".into(),
        read: Rc::new(|range| Box::pin(async move { Ok((range.start..range.end).map(|at| (at % 251) as u8).collect()) })),
    }
}

#[wasm_bindgen_test]
async fn files_go_up_whole_or_in_parts_and_come_down_the_same() {
    let sandbox = Sandbox::with(json!([])).await;
    let (client, abort) = (sandbox.client(), Abort::new());
    for size in [0, 7, 9_000_001] {
        let progress = Rc::new(RefCell::new((0, 0)));
        let heard = progress.clone();
        let item =
            client.upload("up down.bin", &source(size), &abort, move |sent, total| *heard.borrow_mut() = (sent, total)).await.unwrap();
        assert_eq!((item["size"].as_u64(), *progress.borrow()), (Some(size), (size, size)));
        let down = client.download("up down.bin", &abort).await.unwrap();
        assert!(down.bytes.len() as u64 == size && down.bytes.iter().enumerate().all(|(at, byte)| *byte == (at % 251) as u8));
    }
    let log = sandbox.log().await;
    assert!(log.iter().all(|entry| entry.authorized == entry.path.starts_with("/v1.0")), "{log:?}");
    // The address is asked for where bytes are wanted, and nowhere else.
    sandbox.outcome(files::get("up down.bin").unwrap()).await.unwrap();
    assert!(!sandbox.log().await.last().unwrap().path.contains("downloadUrl"));
}

#[wasm_bindgen_test]
async fn a_part_that_was_lost_is_made_up_for() {
    for act in [json!({"drop": "beforeResponse"}), json!({"drop": "beforeResponse", "perform": true}), json!({"status": 503})] {
        let sandbox = Sandbox::with(json!({"match": {"method": "PUT", "path": "/files/**", "nth": 2}, "act": act})).await;
        let (client, abort) = (sandbox.client(), Abort::new());
        let item = client.upload("lost.bin", &source(9_000_001), &abort, |_, _| {}).await.unwrap();
        assert_eq!(item["size"], 9_000_001);
        let down = client.download("lost.bin", &abort).await.unwrap();
        assert!(down.bytes.iter().enumerate().all(|(at, byte)| *byte == (at % 251) as u8));
    }
}
