//! Several tabs, hidden pages, and questions that come together.

use convoke_core::{
    ErrorCode,
    graph::{Call, Mailbox, Request, event, operations::users},
};
use futures::future::{join, join_all, join3};
use http::Method;
use serde_json::{Value, json};

use super::super::{Abort, Client};
use super::world::{Reply, World};

fn get(path: &str) -> Call<Value> {
    Call::request(Method::GET, path, None)
}

async fn run_all(client: &Client, paths: impl Iterator<Item = String>) {
    let abort = Abort::new();
    let answers = join_all(paths.map(|path| client.run(get(&path), &abort))).await;
    assert!(answers.iter().all(Result::is_ok));
}

#[test]
fn four_run_at_once_over_all_tabs_and_each_tab_has_its_turn() {
    let world = World::new(|_| Reply::json(200, json!({"id": "1"})));
    let (one, two) = (world.client(), world.client());
    world.run(async move {
        let paths = |tab: &'static str| (0..12).map(move |number| format!("/me/{tab}{number}"));
        join(run_all(&one, paths("a")), run_all(&two, paths("b"))).await;
    });
    assert_eq!(world.most("me"), 4);
    let early = world.paths()[..12].iter().filter(|path| path.contains("/b")).count();
    assert!((3..=9).contains(&early), "{:?}", world.paths());
}

#[test]
fn a_batch_takes_all_places_of_all_tabs() {
    let world = World::new(|sent| match sent.body["requests"].as_array() {
        Some(items) => {
            let each = |item: &Value| json!({"id": item["id"], "status": 200, "body": {"id": "1"}});
            Reply::json(200, json!({"responses": items.iter().map(each).collect::<Vec<_>>()}))
        }
        None => Reply::json(200, json!({"id": "1"})),
    });
    let (one, two) = (world.client(), world.client());
    world.run(async move {
        let requests: Vec<Request> = (0..30).map(|number| event(&number.to_string()).request).collect();
        let abort = Abort::new();
        let batch = async { assert!(one.batch(&requests, &abort).await.iter().all(Result::is_ok)) };
        join(batch, run_all(&two, (0..9).map(|number| format!("/me/{number}")))).await;
    });
    assert_eq!(world.most("me"), 4);
}

#[test]
fn a_pause_goes_for_all_tabs_and_for_that_mailbox_alone() {
    let mut first = true;
    let world =
        World::new(
            move |_| if std::mem::take(&mut first) { Reply::refusal(429, "x", Some("20")) } else { Reply::json(200, json!({"id": "1"})) },
        );
    let (one, two, clock) = (world.client(), world.client(), world.clone());
    world.run(async move {
        let abort = Abort::new();
        let later = async {
            clock.sleep(500.0).await;
            let other = get("/me/other").in_mailbox(Mailbox::User("Megan".into()));
            let (mine, other) = join(two.run(get("/me/second"), &abort), two.run(other, &abort)).await;
            assert!(mine.is_ok() && other.is_ok());
        };
        join(async { one.run(get("/me/first"), &abort).await.unwrap() }, later).await;
    });
    let at = |name: &str| world.sent().iter().filter(|sent| sent.path.ends_with(name)).map(|sent| sent.at_ms).fold(0.0, f64::max);
    assert!(at("second") >= 21_100.0, "{}", at("second"));
    assert!(at("other") < 2_000.0);
}

#[test]
fn a_tab_that_gives_up_leaves_its_places_to_the_others() {
    let world = World::new(|sent| Reply {
        after_ms: if sent.path.contains("slow") { 60_000 } else { 100 },
        ..Reply::json(200, json!({"id": "1"}))
    });
    let (one, two, clock) = (world.client(), world.client(), world.clone());
    world.run(async move {
        let (hopeless, abort) = (Abort::new(), Abort::new());
        let slow = join_all((0..6).map(|_| one.run(get("/me/slow"), &hopeless)));
        let end = async {
            clock.sleep(1000.0).await;
            hopeless.abort();
        };
        let (slow, wanted, ()) = join3(slow, two.run(get("/me/wanted"), &abort), end).await;
        assert!(slow.iter().all(Result::is_err) && wanted.is_ok());
        assert!(clock.now_ms() < 3_000.0);
    });
}

#[test]
fn nothing_that_nobody_waits_for_leaves_while_the_page_is_hidden() {
    let world = World::new(|_| Reply::json(200, json!({"id": "1"})));
    world.browser().hide(true);
    let (client, clock, browser) = (world.client(), world.clone(), world.browser().clone());
    world.run(async move {
        let abort = Abort::new();
        let show = async {
            clock.sleep(5_000.0).await;
            browser.hide(false);
        };
        let quiet = client.in_background();
        let (own, quiet, ()) = join3(client.run(get("/me/own"), &abort), quiet.run(get("/me/quiet"), &abort), show).await;
        assert!(own.is_ok() && quiet.is_ok());
    });
    let times: Vec<f64> = world.sent().iter().map(|sent| sent.at_ms).collect();
    assert!(times[0] < 1_100.0 && times[1] >= 6_000.0, "{times:?}");
}

#[test]
fn profiles_and_photos_that_come_together_go_out_together() {
    let world = World::new(|sent| {
        let answer = |item: &Value| {
            let url = item["url"].as_str().unwrap();
            let known = !url.contains("/u7/");
            let body = if url.contains("photo") { json!("AQID") } else { json!({"id": url}) };
            let error = json!({"error": {"code": "ImageNotFound", "message": "m"}});
            json!({"id": item["id"], "status": if known { 200 } else { 404 }, "body": if known { body } else { error }})
        };
        Reply::json(200, json!({"responses": sent.body["requests"].as_array().unwrap().iter().map(answer).collect::<Vec<_>>()}))
    });
    let client = world.client();
    world.run(async move {
        let (abort, hasty) = (Abort::new(), Abort::new());
        // The first, who leads, gives up: the others are answered all the same.
        let first = client.gathered(users::get("first"), &hasty);
        let photos = join_all((0..24).map(|number| client.gathered(users::photo(&format!("u{number}")), &abort)));
        let (first, photos, ()) = join3(first, photos, async { hasty.abort() }).await;
        assert_eq!(first.unwrap_err().code(), ErrorCode::Aborted);
        for (number, photo) in photos.into_iter().enumerate() {
            if number == 7 {
                assert_eq!(photo.unwrap_err().code(), ErrorCode::NotFound);
            } else {
                assert_eq!(photo.unwrap().unwrap().bytes, [1, 2, 3]);
            }
        }
    });
    let sizes: Vec<usize> = world.sent().iter().map(|sent| sent.body["requests"].as_array().unwrap().len()).collect();
    assert_eq!(sizes, [20, 4]);
}
