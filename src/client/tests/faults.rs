//! One request and what may befall it; lists and what may befall them.

use convoke_core::{
    ErrorCode,
    graph::{Call, Incomplete, Limits, Mailbox, create_event, delete_event, event, me, respond, search_users},
    model::{EventDraft, EventResponse},
};
use futures::future::join_all;
use http::Method;
use serde_json::{Value, json};

use super::super::{Abort, Client};
use super::world::{Reply, Sent, World};

/// A world that gives these answers in turn, the last one for ever.
fn scripted(replies: Vec<Reply>) -> World {
    let mut replies = replies.into_iter();
    let mut last = None;
    World::new(move |_| {
        last = replies.next().or(last.take());
        last.clone().unwrap()
    })
}

fn get(path: &str) -> Call<Value> {
    Call::request(Method::GET, path, None)
}

fn ok() -> Reply {
    Reply::json(200, json!({"id": "1"}))
}

/// Runs one call in a world; its error's code, or none.
fn outcome<T: 'static>(world: &World, call: Call<T>) -> Option<ErrorCode> {
    let client = world.client();
    world.run(async move { client.run(call, &Abort::new()).await.err().map(|error| error.code()) })
}

#[test]
fn a_call_carries_the_token_and_is_read() {
    let world = scripted(vec![ok()]);
    let client = world.client();
    let person = world.run(async move { client.run(me(), &Abort::new()).await.unwrap() });
    assert_eq!(person.id, "1");
    let sent = &world.sent()[0];
    assert_eq!((sent.host.as_str(), sent.bearer.expose(), sent.method.as_str()), ("graph.example", "Bearer token-1", "GET"));
    assert_eq!(world.tokens()[0].scopes, ["User.Read"]);
}

#[test]
fn four_run_at_once_and_the_rest_in_order() {
    let world = World::new(|_| ok());
    let client = world.client();
    world.run(async move {
        let abort = Abort::new();
        join_all((0..12).map(|number| client.run(get(&format!("/me/x{number}")), &abort))).await;
    });
    assert_eq!(world.most("me"), 4);
    assert_eq!(world.paths(), (0..12).map(|number| format!("/v1.0/me/x{number}")).collect::<Vec<_>>());
}

#[test]
fn a_throttled_mailbox_waits_as_a_whole_and_others_go_on() {
    let mut first = true;
    let world =
        World::new(
            move |sent: &Sent| {
                if sent.lane == "me" && std::mem::take(&mut first) { Reply::refusal(429, "TooManyRequests", Some("7")) } else { ok() }
            },
        );
    let (client, clock) = (world.client(), world.clone());
    world.run(async move {
        let abort = Abort::new();
        let later = async {
            clock.sleep(200.0).await;
            let other = get("/me/other").in_mailbox(Mailbox::User("megan".into()));
            futures::future::join(client.run(get("/me/second"), &abort), client.run(other, &abort)).await
        };
        let (first, (second, other)) = futures::future::join(client.run(get("/me/first"), &abort), later).await;
        assert!(first.is_ok() && second.is_ok() && other.is_ok());
    });
    let at = |path: &str| world.sent().iter().filter(|sent| sent.path.ends_with(path)).map(|sent| sent.at_ms).fold(0.0, f64::max);
    assert_eq!(at("/other"), 1200.0);
    assert!(at("/first") >= 8100.0 && at("/second") >= 8100.0);
    assert!(at("/first") <= at("/second"), "the older goes first");
}

#[test]
fn throttling_without_a_readable_time_backs_off_and_ends() {
    let world = scripted(vec![Reply::refusal(429, "TooManyRequests", None)]);
    assert_eq!(outcome(&world, get("/me")), Some(ErrorCode::Throttled));
    let times: Vec<f64> = world.sent().iter().map(|sent| sent.at_ms).collect();
    assert_eq!(times.len(), 4);
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] >= 500.0), "{times:?}");
}

#[test]
fn a_refused_token_is_renewed_once_with_the_claims() {
    let mut refusal = Reply::refusal(401, "InvalidAuthenticationToken", None);
    refusal.what.as_mut().unwrap().2["challenge"] = "Bearer error=\"insufficient_claims\", claims=\"eyJhIjp7fX0=\"".into();
    let world = scripted(vec![refusal.clone(), ok()]);
    assert_eq!(outcome(&world, respond("x", EventResponse::Accept, "", true, None)), None);
    assert_eq!(world.sent().iter().map(|sent| sent.bearer.expose()).collect::<Vec<_>>(), ["Bearer token-1", "Bearer token-2"]);
    let again = &world.tokens()[1];
    assert_eq!((again.claims.as_deref(), again.rejected.as_ref().unwrap().expose()), (Some(r#"{"a":{}}"#), "token-1"));

    let world = scripted(vec![refusal]);
    assert_eq!(outcome(&world, get("/me")), Some(ErrorCode::ClaimsChallenge));
    assert_eq!(world.sent().len(), 2);
}

#[test]
fn writes_are_repeated_only_where_graph_knows_them_again() {
    let draft = EventDraft { transaction_id: "t-1".into(), ..EventDraft::default() };
    for trouble in [
        Reply::refusal(504, "x", None),
        Reply::refusal(500, "x", None),
        Reply::failure(ErrorCode::Network),
        Reply::failure(ErrorCode::Timeout),
    ] {
        let world = scripted(vec![trouble.clone(), ok()]);
        assert_eq!(outcome(&world, create_event(&draft, None)), None);
        let ids: Vec<_> = world.sent().iter().map(|sent| sent.body["transactionId"].clone()).collect();
        assert_eq!(ids, ["t-1", "t-1"]);

        let world = scripted(vec![trouble, ok()]);
        assert!(outcome(&world, respond("x", EventResponse::Decline, "", true, None)).is_some());
        assert_eq!(world.sent().len(), 1);
    }
    let world = scripted(vec![Reply::refusal(504, "x", None), Reply::refusal(404, "ErrorItemNotFound", None)]);
    assert_eq!(outcome(&world, delete_event("x", None).unwrap()), None);
}

#[test]
fn offline_is_told_at_once() {
    let world = scripted(vec![Reply::failure(ErrorCode::Offline)]);
    assert_eq!(outcome(&world, get("/me")), Some(ErrorCode::Offline));
    assert_eq!(world.sent().len(), 1);
}

#[test]
fn whoever_gives_up_leaves_the_queue_and_lets_others_through() {
    let world = World::new(|sent: &Sent| Reply { after_ms: if sent.path.contains("slow") { 60_000 } else { 100 }, ..ok() });
    let (client, clock) = (world.client(), world.clone());
    world.run(async move {
        let (slow, waiting, keep) = (Abort::new(), Abort::new(), Abort::new());
        let hogs = join_all((0..4).map(|_| client.run(get("/me/slow"), &slow)));
        let queued = client.run(get("/me/queued"), &waiting);
        let wanted = client.run(get("/me/wanted"), &keep);
        let ends = async {
            clock.sleep(500.0).await;
            waiting.abort();
            clock.sleep(500.0).await;
            slow.abort();
        };
        let (hogs, queued, wanted, ()) = futures::future::join4(hogs, queued, wanted, ends).await;
        assert!(hogs.iter().all(|hog| hog.as_ref().is_err_and(|error| error.code() == ErrorCode::Aborted)));
        assert_eq!(queued.unwrap_err().code(), ErrorCode::Aborted);
        assert!(wanted.is_ok());
        assert_eq!(clock.now_ms(), 2100.0);
    });
    assert!(!world.paths().iter().any(|path| path.contains("queued")));
}

#[test]
fn a_closed_client_sends_nothing_more() {
    let world = World::new(|_| Reply { after_ms: 60_000, ..ok() });
    let (client, clock) = (world.client(), world.clone());
    world.run(async move {
        let abort = Abort::new();
        let close = async {
            clock.sleep(10.0).await;
            client.close();
        };
        let (answers, ()) = futures::future::join(join_all((0..9).map(|_| client.run(get("/me"), &abort))), close).await;
        assert!(answers.iter().all(Result::is_err));
        assert!(client.run(get("/me"), &abort).await.is_err());
    });
    assert_eq!(world.sent().len(), 4);
}

#[test]
fn a_pause_that_begins_while_a_token_is_fetched_holds() {
    let mut first = true;
    let world = World::new(move |_| if std::mem::take(&mut first) { Reply::refusal(429, "x", Some("30")) } else { ok() });
    world.token_takes(150);
    let (client, clock) = (world.client(), world.clone());
    world.run(async move {
        let abort = Abort::new();
        let later = async {
            clock.sleep(140.0).await;
            client.run(get("/me/b"), &abort).await
        };
        let (a, b) = futures::future::join(client.run(get("/me/a"), &abort), later).await;
        assert!(a.is_ok() && b.is_ok());
    });
    let sent = world.sent();
    assert!(sent[1..].iter().all(|later| later.at_ms >= sent[0].at_ms + 30_100.0), "{sent:?}");
}

fn page(ids: &[&str], next: Option<&str>) -> Reply {
    let items: Vec<Value> = ids.iter().map(|id| json!({"id": id, "displayName": format!("name of {id}")})).collect();
    let mut body = json!({"value": items});
    if let Some(next) = next {
        body["@odata.nextLink"] = next.into();
    }
    Reply::json(200, body)
}

const NEXT: &str = "https://graph.example/v1.0/users?$skiptoken=";

/// Collects a list; names, why it is incomplete, and the error's code.
fn collect(world: &World, limit: usize) -> Result<(Vec<String>, Option<Incomplete>), ErrorCode> {
    let client: Client = world.client();
    world.run(async move {
        let mut seen = Vec::new();
        let collected = client.pages(search_users("x"), &Abort::new()).collect(limit, |items| seen.push(items.len())).await;
        assert!(seen.is_sorted());
        collected.map(|list| (list.items.into_iter().map(|person| person.id).collect(), list.incomplete)).map_err(|error| error.code())
    })
}

fn ids(list: &[&str]) -> Vec<String> {
    list.iter().map(|&id| id.to_owned()).collect()
}

#[test]
fn a_list_is_followed_with_its_headers() {
    let world = scripted(vec![page(&["a"], Some(&format!("{NEXT}1"))), page(&[], Some(&format!("{NEXT}2"))), page(&["b", "a"], None)]);
    assert_eq!(collect(&world, 100), Ok((ids(&["a", "b"]), None)));
    assert_eq!(world.paths()[1..], ["/v1.0/users?$skiptoken=1", "/v1.0/users?$skiptoken=2"]);
}

#[test]
fn loops_and_limits_end_a_list() {
    let world = scripted(vec![page(&["a"], Some(&format!("{NEXT}1")))]);
    assert_eq!(collect(&world, 100), Ok((ids(&["a"]), Some(Incomplete::Loop))));
    assert_eq!(world.sent().len(), 2);
    let world = scripted(vec![page(&["a", "b", "c"], Some(&format!("{NEXT}1")))]);
    assert_eq!(collect(&world, 2), Ok((ids(&["a", "b"]), Some(Incomplete::Limit))));
    assert_eq!(world.sent().len(), 1);
}

#[test]
fn a_foreign_link_ends_a_list_without_a_request() {
    let world = scripted(vec![page(&["a"], Some("https://graph.example:x@evil.example/"))]);
    assert_eq!(collect(&world, 100), Err(ErrorCode::HostNotAllowed));
    assert_eq!(world.sent().len(), 1);
}

#[test]
fn a_link_that_ran_out_restarts_the_list_once() {
    let (first, stale) = (page(&["a"], Some(&format!("{NEXT}1"))), Reply::refusal(400, "InvalidSkipToken", None));
    let world = scripted(vec![first.clone(), stale.clone(), first.clone(), page(&["b"], None)]);
    assert_eq!(collect(&world, 100), Ok((ids(&["a", "b"]), None)));
    let world = scripted(vec![first.clone(), stale.clone(), first, stale]);
    assert_eq!(collect(&world, 100), Err(ErrorCode::InvalidRequest));
    assert_eq!(world.sent().len(), 4);
}

#[test]
fn a_page_that_failed_can_be_asked_for_again() {
    let world = scripted(vec![page(&["a"], Some(&format!("{NEXT}1"))), Reply::failure(ErrorCode::Offline), page(&["b"], None)]);
    let client = world.client();
    world.run(async move {
        let mut pages = client.pages(search_users("x"), &Abort::new()).limited(Limits::default());
        assert_eq!(pages.next_page().await.unwrap().unwrap().len(), 1);
        assert_eq!(pages.next_page().await.unwrap_err().code(), ErrorCode::Offline);
        assert!(pages.has_next());
        assert_eq!(pages.next_page().await.unwrap().unwrap()[0].id, "b");
        assert_eq!(pages.next_page().await.unwrap(), None);
    });
}

#[test]
fn an_error_names_a_request_id_even_when_nothing_came_back() {
    let world = scripted(vec![Reply::failure(ErrorCode::Offline)]);
    let client = world.client();
    let error = world.run(async move { client.run(event("x"), &Abort::new()).await.unwrap_err() });
    assert_eq!(error.details().request_id.as_ref().unwrap().len(), 36);
}
