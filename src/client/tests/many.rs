//! Batches, and free/busy in parts.

use chrono::{DateTime, TimeDelta};
use convoke_core::{
    ErrorCode,
    graph::{Request, SchedulePlan, calendars, event, mailbox_settings, me, respond, search_people, search_users},
    model::EventResponse,
};
use serde_json::{Value, json};

use super::super::Abort;
use super::world::{Reply, Sent, World};

/// What a batch of the service answers, each item by a rule.
fn batch(sent: &Sent, mut item: impl FnMut(&str) -> (u16, Value)) -> Reply {
    let entries = sent.body["requests"].as_array().unwrap();
    let responses: Vec<Value> = entries
        .iter()
        .rev()
        .map(|entry| {
            let (status, body) = item(entry["url"].as_str().unwrap());
            let headers = if status == 429 { json!({"Retry-After": "5"}) } else { json!({}) };
            json!({"id": entry["id"], "status": status, "headers": headers, "body": body})
        })
        .collect();
    Reply::json(200, json!({ "responses": responses }))
}

fn urls(sent: &Sent) -> Vec<String> {
    sent.body["requests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["url"].as_str().unwrap().split('?').next().unwrap().to_owned())
        .collect()
}

/// Sends a batch; the statuses or error codes in order.
fn send(world: &World, requests: Vec<Request>) -> Vec<Result<Value, ErrorCode>> {
    let client = world.client();
    let answers = world.run(async move { client.batch(&requests, &Abort::new()).await });
    answers.into_iter().map(|answer| answer.map(|answer| answer.body["id"].clone()).map_err(|error| error.code())).collect()
}

#[test]
fn opening_takes_one_batch_and_each_call_reads_its_own_answer() {
    let world = World::new(|sent| {
        batch(sent, |url| match url {
            "/me/mailboxSettings" => (200, json!({"timeZone": "UTC"})),
            url if url.starts_with("/me/calendars") => (200, json!({"value": [{"id": "c", "name": "Calendar"}]})),
            _ => (200, json!({"id": "adele"})),
        })
    });
    let client = world.client();
    world.run(async move {
        let (me, settings, calendars) = (me(), mailbox_settings(), calendars());
        let requests = [me.request.clone(), settings.request.clone(), calendars.request.clone()];
        let mut answers = client.batch(&requests, &Abort::new()).await.into_iter();
        let mut next = || answers.next().unwrap().unwrap();
        assert_eq!(me.read(next()).unwrap().id, "adele");
        assert_eq!(settings.read(next()).unwrap().time_zone, "UTC");
        assert_eq!(calendars.read(next()).unwrap().items[0].value.name, "Calendar");
    });
    assert_eq!(world.sent().len(), 1);
    assert_eq!(world.tokens()[0].scopes, ["User.Read", "MailboxSettings.Read", "Calendars.Read"]);
}

#[test]
fn any_number_goes_out_in_batches_of_twenty_one_after_the_other() {
    let world = World::new(|sent| batch(sent, |url| (200, json!({"id": url.split('?').next()}))));
    let answers = send(&world, (0..45).map(|number| event(&number.to_string()).request).collect());
    let expected: Vec<_> = (0..45).map(|number| Ok(json!(format!("/me/events/{number}")))).collect();
    assert_eq!(answers, expected);
    assert_eq!(world.sent().iter().map(|sent| urls(sent).len()).collect::<Vec<_>>(), [20, 20, 5]);
    assert_eq!(world.most("me"), 4);
}

#[test]
fn a_throttled_item_goes_again_by_itself_after_its_own_time() {
    let mut throttle = true;
    let world = World::new(move |sent| {
        batch(sent, |url| {
            if url.starts_with("/me/events/7") && std::mem::take(&mut throttle) {
                (429, json!({"error": {"code": "TooManyRequests", "message": "m"}}))
            } else {
                (200, json!({"id": "ok"}))
            }
        })
    });
    let answers = send(&world, (0..20).map(|number| event(&number.to_string()).request).collect());
    assert!(answers.iter().all(Result::is_ok));
    let sent = world.sent();
    assert_eq!((sent.len(), urls(&sent[1])), (2, vec!["/me/events/7".to_owned()]));
    assert!(sent[1].at_ms >= sent[0].at_ms + 5100.0);
}

#[test]
fn a_throttled_answer_to_an_invitation_is_not_sent_again() {
    let world = World::new(|sent| batch(sent, |_| (429, json!({"error": {"code": "TooManyRequests", "message": "m"}}))));
    let answers = send(&world, vec![respond("x", EventResponse::Accept, "", true, None).request]);
    assert_eq!((answers, world.sent().len()), (vec![Err(ErrorCode::Throttled)], 1));
}

#[test]
fn an_item_whose_token_is_refused_goes_again_with_another() {
    let world =
        World::new(|sent| {
            let fresh = sent.bearer.expose() != "Bearer token-1";
            batch(sent, move |url| {
                if fresh || url == "/me/mailboxSettings" { (200, json!({"id": "ok"})) } else { (401, json!({"error": {"code": "x"}})) }
            })
        });
    let answers = send(&world, vec![mailbox_settings().request, me().request]);
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert_eq!(urls(&world.sent()[1]), ["/me"]);
    assert_eq!(world.tokens()[1].rejected.as_ref().unwrap().expose(), "token-1");
}

#[test]
fn a_batch_that_is_too_large_is_halved_until_it_fits() {
    let world = World::new(|sent| {
        if urls(sent).len() > 2 { Reply::refusal(413, "x", None) } else { batch(sent, |url| (200, json!({"id": url.split('?').next()}))) }
    });
    let answers = send(&world, (0..5).map(|number| event(&number.to_string()).request).collect());
    assert_eq!(answers, (0..5).map(|number| Ok(json!(format!("/me/events/{number}")))).collect::<Vec<_>>());
    let world = World::new(|_| Reply::refusal(400, "x", None));
    assert_eq!(send(&world, vec![me().request, me().request]), [Err(ErrorCode::InvalidRequest), Err(ErrorCode::InvalidRequest)]);
    assert_eq!(world.sent().len(), 3);
}

#[test]
fn a_permission_that_one_item_lacks_costs_that_item() {
    let world = World::new(|sent| batch(sent, |_| (200, json!({"id": "ok"}))));
    world.refuse_scope("MailboxSettings.Read");
    let answers = send(&world, vec![me().request, mailbox_settings().request, event("x").request]);
    assert_eq!(answers, [Ok(json!("ok")), Err(ErrorCode::ConsentRequired), Ok(json!("ok"))]);
}

#[test]
fn two_searches_are_one_request() {
    let world = World::new(|sent| {
        batch(sent, |url| {
            if url.starts_with("/users?") { (403, json!({"error": {"code": "x"}})) } else { (200, json!({"value": [{"id": "anne"}]})) }
        })
    });
    let client = world.client();
    let found = world.run(async move { client.batch_of(&[search_people("a"), search_users("a")], &Abort::new()).await });
    assert_eq!(found[0].as_ref().unwrap().items[0].value.id, "anne");
    assert_eq!((found[1].as_ref().unwrap_err().code(), world.sent().len()), (ErrorCode::Forbidden, 1));
}

fn people(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("p{number}@contoso.com")).collect()
}

fn schedules(sent: &Sent) -> Reply {
    let of = |address: &Value| json!({"scheduleId": address, "availabilityView": "0", "scheduleItems": []});
    let list: Vec<Value> = sent.body["schedules"].as_array().unwrap().iter().map(of).collect();
    Reply::json(200, json!({ "value": list }))
}

fn plan(count: usize) -> SchedulePlan {
    SchedulePlan::new(&people(count), DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH + TimeDelta::days(14), 30).unwrap()
}

#[test]
fn forty_people_over_two_weeks_are_two_calls() {
    let world = World::new(schedules);
    let client = world.client();
    let (merged, steps) = world.run(async move {
        let mut steps = Vec::new();
        let merged = client.schedules(&plan(40), &Abort::new(), |done, total| steps.push((done, total))).await.unwrap();
        (merged, steps)
    });
    assert_eq!(merged.iter().map(|schedule| schedule.schedule_id.clone()).collect::<Vec<_>>(), people(40));
    assert_eq!((world.sent().len(), steps), (2, vec![(1, 2), (2, 2)]));
}

#[test]
fn two_hundred_people_run_four_at_once() {
    let world = World::new(schedules);
    let client = world.client();
    let merged = world.run(async move { client.schedules(&plan(200), &Abort::new(), |_, _| {}).await.unwrap() });
    assert!(merged.len() == 200 && merged.iter().all(|schedule| schedule.error.is_none()));
    assert_eq!((world.sent().len(), world.most("me")), (10, 4));
}

#[test]
fn one_bad_address_costs_itself_alone() {
    let world = World::new(|sent| {
        let bad = sent.body["schedules"].as_array().unwrap().iter().any(|address| address == "p13@contoso.com");
        if bad { Reply::refusal(400, "ErrorInvalidRequest", None) } else { schedules(sent) }
    });
    let client = world.client();
    let merged = world.run(async move { client.schedules(&plan(40), &Abort::new(), |_, _| {}).await.unwrap() });
    let failed: Vec<_> = merged.iter().filter(|schedule| schedule.error.is_some()).map(|schedule| schedule.schedule_id.as_str()).collect();
    assert_eq!(failed, ["p13@contoso.com"]);
}

#[test]
fn giving_up_ends_all_parts() {
    let world = World::new(|sent| Reply { after_ms: 60_000, ..schedules(sent) });
    let (client, clock) = (world.client(), world.clone());
    let code = world.run(async move {
        let abort = Abort::new();
        let end = async {
            clock.sleep(50.0).await;
            abort.abort();
        };
        let plan = plan(100);
        let (answer, ()) = futures::future::join(client.schedules(&plan, &abort, |_, _| {}), end).await;
        answer.unwrap_err().code()
    });
    assert_eq!((code, world.sent().len()), (ErrorCode::Aborted, 4));
}
