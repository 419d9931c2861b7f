//! Writes that meet their own traces: the answer was lost, the deed was done.

use convoke_core::{
    ErrorCode,
    graph::{Call, create_event, operations::events, respond},
    model::{DateTimeTimeZone, EventDraft, EventResponse},
};
use serde_json::{Value, json};

use super::super::Abort;
use super::world::{Reply, World};

fn draft() -> EventDraft {
    let at = |time: &str| DateTimeTimeZone { date_time: time.into(), time_zone: "Europe/Berlin".into() };
    EventDraft {
        transaction_id: "t-1".into(),
        subject: "Review".into(),
        start: at("2026-05-04T09:00:00"),
        end: at("2026-05-04T10:00:00"),
        ..EventDraft::default()
    }
}

fn stored(subject: &str) -> Value {
    let at = |time: &str| json!({"dateTime": time, "timeZone": "Europe/Berlin"});
    json!({"id": "made", "subject": subject, "transactionId": "t-1", "start": at("2026-05-04T09:00:00.0000000"), "end": at("2026-05-04T10:00:00.0000000")})
}

fn refused(id: Option<&str>) -> Reply {
    let mut reply = Reply::refusal(409, "ErrorDuplicateTransactionId", None);
    if let (Some(id), Ok(what)) = (id, &mut reply.what) {
        what.2["error"]["@event.existingEventId"] = id.into();
    }
    reply
}

/// Runs a call; what it answers, or its error's code and advice.
fn outcome(world: &World, call: Call<Value>) -> Result<Value, (ErrorCode, String)> {
    let client = world.client();
    world.run(async move {
        let answer = client.run(call, &Abort::new()).await;
        answer.map_err(|error| (error.code(), error.details().advice.clone().unwrap_or_default()))
    })
}

#[test]
fn an_event_that_its_own_transaction_made_is_the_event() {
    for id in [Some("made"), None] {
        let world = World::new(move |sent| match (sent.method.as_str(), sent.path.split('?').next().unwrap()) {
            ("POST", _) => refused(id),
            (_, "/v1.0/me/events") => {
                Reply::json(200, json!({"value": [{"id": "other", "transactionId": "t-0"}, {"id": "made", "transactionId": "t-1"}]}))
            }
            _ => Reply::json(200, stored("Review")),
        });
        assert_eq!(outcome(&world, create_event(&draft(), None).json()).unwrap()["id"], "made");
        let last = world.sent().pop().unwrap();
        assert_eq!(
            (last.method.as_str(), last.path.as_str(), last.prefer.contains("Europe/Berlin")),
            ("GET", "/v1.0/me/events/made", true)
        );
        assert_eq!(world.sent().len(), if id.is_some() { 2 } else { 3 });
    }
}

#[test]
fn a_transaction_that_made_another_event_is_a_conflict() {
    let world = World::new(|sent| if sent.method == "POST" { refused(Some("made")) } else { Reply::json(200, stored("Something else")) });
    assert_eq!(outcome(&world, create_event(&draft(), None).json()).unwrap_err().0, ErrorCode::Conflict);
}

#[test]
fn a_change_that_meets_its_own_version_is_done_and_another_s_is_not() {
    for (subject, done) in [("Later", true), ("Somebody else's", false)] {
        let mut first = true;
        let world = World::new(move |sent| match sent.method.as_str() {
            "GET" => Reply::json(200, stored(subject)),
            _ if std::mem::take(&mut first) => Reply::failure(ErrorCode::Network),
            _ => Reply::refusal(412, "ErrorIrresolvableConflict", None),
        });
        let call = events::update("made", json!({"subject": "Later"}), Some("W/\"1\"")).unwrap();
        let answer = outcome(&world, call);
        assert_eq!(answer.is_ok(), done, "{answer:?}");
        assert_eq!(world.sent().iter().filter(|sent| sent.method == "PATCH").count(), 2);
    }
    // Without a doubt, it was somebody else.
    let world = World::new(|sent| if sent.method == "GET" { Reply::json(200, stored("Later")) } else { Reply::refusal(412, "x", None) });
    let call = events::update("made", json!({"subject": "Later"}), Some("W/\"1\"")).unwrap();
    assert_eq!(outcome(&world, call).unwrap_err().0, ErrorCode::PreconditionFailed);
    assert_eq!(world.sent().len(), 1);
}

#[test]
fn what_may_have_happened_says_so() {
    let world = World::new(|_| Reply::refusal(504, "x", None));
    let (code, advice) = outcome(&world, respond("e", EventResponse::Accept, "", true, None).json()).unwrap_err();
    assert!(code == ErrorCode::Unavailable && advice.contains("may have happened"), "{advice}");
    let world = World::new(|_| Reply::refusal(403, "x", None));
    let (_, advice) = outcome(&world, respond("e", EventResponse::Accept, "", true, None).json()).unwrap_err();
    assert!(!advice.contains("may have happened"));
}

#[test]
fn a_page_that_takes_too_long_is_asked_for_in_smaller_pieces() {
    let mut count = 0;
    let world = World::new(move |_| {
        count += 1;
        if count < 3 { Reply::refusal(504, "x", None) } else { Reply::json(200, json!({"value": []})) }
    });
    let client = world.client();
    let call = events::list(&events::EventQuery { list: Default::default(), ..Default::default() }).unwrap();
    world.run(async move { client.pages(call, &Abort::new()).collect(10, |_| {}).await.unwrap() });
    let sizes: Vec<String> = world.paths().iter().map(|path| path.rsplit("$top=").next().unwrap().to_owned()).collect();
    assert_eq!(sizes, ["100", "50", "25"]);
}
