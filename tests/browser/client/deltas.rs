//! Rows 44 and 83 to 87: watching, when the service forgets, repeats itself or tells of strangers.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::{cell::RefCell, rc::Rc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use convoke::{
    browser::fetch::sleep,
    client::{Abort, Client, Report, WatchOptions},
};
use convoke_core::graph::{Change, Watched, create_event, delete_event, update_event};
use serde_json::{Map, Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    sandbox::{Sandbox, draft},
    tabs::pair,
};

const DELTA: &str = "/v1.0/me/calendarView/delta";

fn today() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(js_sys::Date::now() as i64).unwrap()
}

fn week(number: i64) -> WatchOptions {
    let watched = Watched::Events { start: today() + TimeDelta::days(7 * number - 1), end: today() + TimeDelta::days(7 * number + 6) };
    WatchOptions { watched, interval: Duration::from_secs(5), resume: None }
}

/// What a watch told, as words.
#[derive(Clone, Default)]
struct Told(Rc<RefCell<Vec<String>>>);

impl Told {
    fn hear(&self, report: Report) {
        let title = |item: &Value| item["subject"].as_str().unwrap_or_default().to_owned();
        self.0.borrow_mut().push(match report {
            Report::Change(Change::Created(item)) => format!("+{}", title(&item)),
            Report::Change(Change::Updated(item)) => format!("~{}", title(&item)),
            Report::Change(Change::Deleted(_)) => "-".into(),
            Report::Error(error) => error.code().as_str().into(),
            Report::Checkpoint(_) => "round".into(),
        });
    }

    /// Waits until so many rounds are over.
    async fn rounds(&self, count: usize) {
        while self.0.borrow().iter().filter(|word| *word == "round").count() < count {
            sleep(Duration::from_millis(50)).await;
        }
    }

    fn words(&self) -> Vec<String> {
        self.0.borrow().iter().filter(|word| *word != "round").cloned().collect()
    }
}

/// Watches this week for two rounds; between them something is done.
async fn two_rounds(client: &Client, between: impl Future<Output = ()>) -> Vec<String> {
    let (abort, told) = (Abort::new(), Told::default());
    let ear = told.clone();
    let work = async {
        told.rounds(1).await;
        between.await;
        told.rounds(2).await;
        abort.abort();
    };
    let (outcome, ()) = pair(client.watch(week(0), &abort, move |report| ear.hear(report)), work).await;
    outcome.unwrap();
    told.words()
}

#[wasm_bindgen_test]
async fn what_is_new_has_changed_or_is_gone_is_told_and_nothing_else() {
    let sandbox = Sandbox::with(json!([])).await;
    let client = sandbox.client();
    let abort = Abort::new();
    let changed = client.run(create_event(&draft("before"), None), &abort).await.unwrap();
    let removed = client.run(create_event(&draft("away"), None), &abort).await.unwrap();
    let words = two_rounds(&client, async {
        client.run(create_event(&draft("new"), None), &abort).await.unwrap();
        let other = Map::from_iter([("subject".to_owned(), "after".into())]);
        client.run(update_event(&changed.id, changed.etag.as_deref(), other).unwrap(), &abort).await.unwrap();
        client.run(delete_event(&removed.id, None).unwrap(), &abort).await.unwrap();
    })
    .await;
    let mut sorted = words.clone();
    sorted.sort();
    assert_eq!(sorted, ["+new", "-", "~after"], "{words:?}");
}

/// A watch whose second round meets this; what is new is told all the same, once.
async fn second_round_meets(act: Value) -> (Sandbox, Vec<String>) {
    let sandbox = Sandbox::with(json!({"match": {"path": DELTA, "nth": 2}, "act": act})).await;
    let client = sandbox.client();
    let words = two_rounds(&client, async {
        client.run(create_event(&draft("new"), None), &Abort::new()).await.unwrap();
    })
    .await;
    (sandbox, words)
}

#[wasm_bindgen_test]
async fn row_44_and_83_a_link_that_is_gone_means_everything_anew_and_only_differences_are_told() {
    let (sandbox, words) = second_round_meets(json!({"expireTokens": true})).await;
    assert_eq!(words, ["+new"]);
    let asked: Vec<_> = sandbox.log().await.into_iter().filter(|entry| entry.path.starts_with(DELTA)).collect();
    assert_eq!(asked.iter().map(|entry| entry.status.unwrap()).collect::<Vec<_>>()[..3], [200, 410, 200]);
    assert!(!asked[2].path.contains("token"));
}

#[wasm_bindgen_test]
async fn row_84_a_sync_state_that_is_not_found_is_the_same() {
    let body = json!({"error": {"code": "syncStateNotFound", "message": "The sync state was not found."}});
    let (sandbox, words) = second_round_meets(json!({"status": 400, "body": body})).await;
    assert_eq!(words, ["+new"]);
    assert!(sandbox.log().await.iter().filter(|entry| entry.path.contains("startDateTime")).count() == 2);
}

#[wasm_bindgen_test]
async fn row_85_the_end_of_a_stranger_is_nothing() {
    let stranger = json!({"@odata.type": "#microsoft.graph.event", "id": "AAMkNobody", "@removed": {"reason": "deleted"}});
    let (_, words) = second_round_meets(json!({"set": {"/value/-": stranger}})).await;
    assert_eq!(words, ["+new"]);
}

#[wasm_bindgen_test]
async fn row_86_what_is_told_twice_happens_once() {
    let (_, words) = second_round_meets(json!({"duplicateItems": true})).await;
    assert_eq!(words, ["+new"]);
    let sandbox = Sandbox::with(json!({"match": {"path": DELTA}, "act": {"replayChanges": true}})).await;
    let client = sandbox.client();
    assert_eq!(two_rounds(&client, async {}).await, [""; 0]);
}

#[wasm_bindgen_test]
async fn row_87_another_range_is_another_round_and_the_old_link_is_dropped() {
    let sandbox = Sandbox::with(json!([])).await;
    let client = sandbox.client();
    for number in [0, 1] {
        let (abort, told) = (Abort::new(), Told::default());
        let ear = told.clone();
        let work = async {
            told.rounds(1).await;
            abort.abort();
        };
        pair(client.watch(week(number), &abort, move |report| ear.hear(report)), work).await.0.unwrap();
        assert_eq!(told.words(), [""; 0]);
    }
    let log = sandbox.log().await;
    assert!(log.len() >= 2 && log.iter().all(|entry| !entry.path.contains("deltatoken")));
    assert_ne!(log[0].path, log[log.len() - 1].path);
}
