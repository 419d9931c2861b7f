//! What passes between mailboxes: invitations, answers, updates, cancellations, rooms.

use serde_json::{Value, json};

use crate::{Graph, Session, event_path, meeting};

fn response(event: &Value, account: &str) -> String {
    let address = format!("{account}@contoso.onmicrosoft.com");
    let attendees = event["attendees"].as_array().unwrap();
    let attendee = attendees.iter().find(|attendee| attendee["emailAddress"]["address"] == address).unwrap();
    attendee["status"]["response"].as_str().unwrap().to_owned()
}

async fn stored(session: &Session, event: &Value) -> Value {
    session.get(&event_path(event)).await
}

#[tokio::test]
async fn an_invitation_lands_and_the_answer_comes_back() {
    let graph = Graph::new();
    let (adele, megan, alex) = (graph.session("adelev"), graph.session("meganb"), graph.session("alexw"));
    let made = adele.create(&meeting("Sync", "10:00", "11:00", &["meganb", "alexw", "guest@x.example"])).await;
    assert_eq!((&made["isOrganizer"], &made["responseStatus"]["response"]), (&json!(true), &json!("organizer")));
    for session in [&megan, &alex] {
        let copy = session.event("Sync").await;
        assert_eq!(copy["iCalUId"], made["iCalUId"]);
        assert_ne!(copy["id"], made["id"]);
        assert_eq!((&copy["showAs"], &copy["isOrganizer"]), (&json!("tentative"), &json!(false)));
        assert_eq!(copy["responseStatus"]["response"], "notResponded");
        assert_eq!(copy["organizer"]["emailAddress"]["address"], "adelev@contoso.onmicrosoft.com");
    }
    // Unanswered: notResponded in one's own calendar, none in everybody else's.
    assert_eq!(response(&megan.event("Sync").await, "meganb"), "notResponded");
    assert_eq!(response(&megan.event("Sync").await, "alexw"), "none");
    assert_eq!(response(&stored(&adele, &made).await, "meganb"), "none");
    let copy = megan.event("Sync").await;
    let answer = megan.post(&format!("{}/accept", event_path(&copy)), &json!({ "comment": "Fine", "sendResponse": true })).await;
    assert_eq!((answer.status, answer.bytes.len()), (202, 0));
    let accepted = megan.event("Sync").await;
    assert_eq!((&accepted["showAs"], &accepted["responseStatus"]["response"]), (&json!("busy"), &json!("accepted")));
    let original = stored(&adele, &made).await;
    assert_eq!(response(&original, "meganb"), "accepted");
    assert_ne!(original["changeKey"], made["changeKey"]);
    let copy = alex.event("Sync").await;
    assert_eq!(alex.post(&format!("{}/decline", event_path(&copy)), &json!({ "sendResponse": "false" })).await.status, 202);
    assert!(alex.events("Sync").await.is_empty(), "a declined meeting leaves the calendar");
    assert_eq!(response(&stored(&adele, &made).await, "alexw"), "none", "no answer was sent");
}

#[tokio::test]
async fn answers_have_rules() {
    let graph = Graph::new();
    let (adele, megan) = (graph.session("adelev"), graph.session("meganb"));
    let mut event = meeting("Rules", "10:00", "11:00", &["meganb"]);
    event["allowNewTimeProposals"] = false.into();
    let made = adele.create(&event).await;
    adele.post(&format!("{}/accept", event_path(&made)), &json!({})).await.refused(400, "ErrorInvalidRequest");
    let copy = event_path(&megan.event("Rules").await);
    megan.post(&format!("{copy}/cancel"), &json!({})).await.refused(400, "ErrorInvalidRequest");
    let slot = json!({ "start": { "dateTime": "2026-11-20T10:00:00", "timeZone": "UTC" }, "end": { "dateTime": "2026-11-20T11:00:00", "timeZone": "UTC" } });
    let proposal = json!({ "sendResponse": true, "proposedNewTime": slot });
    megan.post(&format!("{copy}/tentativelyAccept"), &proposal).await.refused(400, "ErrorInvalidRequest");
    assert_eq!(adele.patch(&event_path(&made), &json!({ "allowNewTimeProposals": true })).await.status, 200);
    let unsent = json!({ "sendResponse": false, "proposedNewTime": slot });
    megan.post(&format!("{copy}/tentativelyAccept"), &unsent).await.refused(400, "ErrorInvalidParameter");
    assert_eq!(megan.post(&format!("{copy}/tentativelyAccept"), &proposal).await.status, 202);
    let attendee = stored(&adele, &made).await["attendees"][0].clone();
    assert_eq!(attendee["status"]["response"], "tentativelyAccepted");
    assert_eq!(attendee["proposedNewTime"]["start"]["dateTime"], "2026-11-20T10:00:00.0000000");
    let moved = adele.patch(&event_path(&made), &slot).await;
    assert_eq!(moved.body["attendees"][0]["status"]["response"], "none", "at another time everybody is asked anew");
    let copy = megan.event("Rules").await;
    assert_eq!(
        (&copy["start"]["dateTime"], &copy["responseStatus"]["response"]),
        (&json!("2026-11-20T10:00:00.0000000"), &json!("notResponded"))
    );
}

#[tokio::test]
async fn updates_and_cancellations_reach_everybody() {
    let graph = Graph::new();
    let (adele, megan, alex) = (graph.session("adelev"), graph.session("meganb"), graph.session("alexw"));
    let made = adele.create(&meeting("Draft", "10:00", "11:00", &["meganb", "alexw"])).await;
    let copy = megan.event("Draft").await;
    megan.post(&format!("{}/accept", event_path(&copy)), &json!({})).await;
    assert_eq!(adele.patch(&event_path(&made), &json!({ "subject": "Final" })).await.status, 200);
    let copy = megan.event("Final").await;
    assert_eq!(copy["responseStatus"]["response"], "accepted", "a new subject asks nobody again");
    let own = megan.patch(&event_path(&copy), &json!({ "subject": "Mine" })).await;
    assert_eq!(own.status, 200);
    assert_eq!(stored(&adele, &made).await["subject"], "Final", "an attendee changes the own copy alone");
    let attendees = json!({ "attendees": [{ "type": "required", "emailAddress": { "address": "meganb@contoso.onmicrosoft.com" } }] });
    let left = adele.patch(&event_path(&made), &attendees).await;
    assert_eq!(response(&left.body, "meganb"), "accepted");
    let cancelled = alex.event("Canceled: Final").await;
    assert_eq!((&cancelled["isCancelled"], &cancelled["showAs"]), (&json!(true), &json!("free")));
    assert_eq!(adele.post(&format!("{}/cancel", event_path(&made)), &json!({ "comment": "Sorry" })).await.status, 202);
    assert!(adele.events("Final").await.is_empty());
    assert_eq!(megan.event("Canceled: Final").await["isCancelled"], true);
}

#[tokio::test]
async fn one_occurrence_has_its_own_fate() {
    let graph = Graph::new();
    let (adele, megan) = (graph.session("adelev"), graph.session("meganb"));
    let mut event = meeting("Series", "10:00", "10:30", &["meganb"]);
    event["recurrence"] = json!({
        "pattern": { "type": "weekly", "interval": 1, "daysOfWeek": ["thursday"] },
        "range": { "type": "noEnd", "startDate": "2026-11-19" },
    });
    adele.create(&event).await;
    let copies = megan.events("Series").await;
    assert_eq!(copies.len(), 3);
    assert_eq!(megan.post(&format!("{}/accept", event_path(&copies[1])), &json!({})).await.status, 202);
    assert_eq!(megan.post(&format!("{}/decline", event_path(&copies[2])), &json!({})).await.status, 202);
    assert_eq!(megan.events("Series").await.len(), 2);
    let originals = adele.events("Series").await;
    let responses: Vec<String> = originals.iter().map(|event| response(event, "meganb")).collect();
    assert_eq!(responses, ["none", "accepted", "declined"]);
    let moved = json!({ "start": { "dateTime": "2026-11-20T14:00:00", "timeZone": "UTC" }, "end": { "dateTime": "2026-11-20T14:30:00", "timeZone": "UTC" } });
    assert_eq!(adele.patch(&event_path(&originals[0]), &moved).await.status, 200);
    let copies = megan.events("Series").await;
    assert_eq!((&copies[0]["start"]["dateTime"], &copies[0]["type"]), (&json!("2026-11-20T14:00:00.0000000"), &json!("exception")));
    assert_eq!(adele.delete(&event_path(&originals[1])).await.status, 204);
    assert_eq!(megan.events("Canceled: Series").await.len(), 1);
}

#[tokio::test]
async fn rooms_answer_by_themselves() {
    let graph = Graph::new();
    let adele = graph.session("adelev");
    let room = |event: &mut Value, name: &str| {
        let address = format!("{name}@contoso.onmicrosoft.com");
        event["attendees"] = json!([{ "type": "resource", "emailAddress": { "address": address } }]);
    };
    let mut first = meeting("First", "10:00", "11:00", &[]);
    room(&mut first, "crystal");
    let first = adele.create(&first).await;
    assert_eq!(response(&first, "crystal"), "accepted");
    let mut second = meeting("Second", "10:30", "11:30", &[]);
    room(&mut second, "crystal");
    assert_eq!(response(&adele.create(&second).await, "crystal"), "declined");
    let declined = adele.event("Second").await;
    assert_eq!(adele.patch(&event_path(&declined), &json!({ "subject": "Second again" })).await.status, 200);
    let crystal = graph.session("crystal@contoso.onmicrosoft.com").get("/me/events").await;
    assert_eq!(crystal["value"].as_array().unwrap().len(), 1, "a room keeps nothing of what it declined, updated or not");
    assert_eq!(crystal["value"][0]["subject"], "Adele Vance", "a room shows the organizer's name for a subject");
    let mut third = meeting("Third", "11:00", "11:30", &[]);
    room(&mut third, "crystal");
    let third = adele.create(&third).await;
    assert_eq!(response(&third, "crystal"), "accepted", "back to back is free");
    room(&mut second, "stevens");
    assert_eq!(response(&adele.create(&second).await, "stevens"), "declined", "nobody can book it");
    let moved = json!({ "start": { "dateTime": "2026-11-19T10:30:00", "timeZone": "UTC" } });
    let moved = adele.patch(&event_path(&third), &moved).await;
    assert_eq!(response(&moved.body, "crystal"), "declined", "the room looks again at a new time");
    adele.delete(&event_path(&first)).await;
    room(&mut second, "crystal");
    assert_eq!(response(&adele.create(&second).await, "crystal"), "accepted", "a cancelled meeting frees the room");
}

#[tokio::test]
async fn lists_and_forwards_reach_more_people() {
    let graph = Graph::new();
    let (adele, megan, diego) = (graph.session("adelev"), graph.session("meganb"), graph.session("diegos"));
    let made = adele.create(&meeting("Wide", "10:00", "11:00", &["retail"])).await;
    let copy = megan.event("Wide").await;
    assert_eq!(megan.post(&format!("{}/accept", event_path(&copy)), &json!({})).await.status, 202);
    assert_eq!(response(&stored(&adele, &made).await, "meganb"), "accepted", "who answers through a list joins it");
    let forward = json!({ "comment": "You too", "ToRecipients": [{ "EmailAddress": { "Address": "diegos@contoso.onmicrosoft.com" } }] });
    assert_eq!(megan.post(&format!("{}/forward", event_path(&copy)), &forward).await.status, 202);
    assert_eq!(diego.event("Wide").await["responseStatus"]["response"], "notResponded");
    assert_eq!(response(&stored(&adele, &made).await, "diegos"), "none");
}

#[tokio::test]
async fn reminders_fire_snooze_and_stop() {
    let adele = Graph::new().session("adelev");
    let made = adele.create(&meeting("Remind", "10:00", "11:00", &[])).await;
    let view = "/me/reminderView(startDateTime='2026-11-19T00:00:00',endDateTime='2026-11-20T00:00:00')";
    let reminder = |view: Value| view["value"].as_array().unwrap().iter().find(|reminder| reminder["eventSubject"] == "Remind").cloned();
    assert_eq!(reminder(adele.get(view).await).unwrap()["reminderFireTime"]["dateTime"], "2026-11-19T09:45:00.0000000");
    let later = json!({ "newReminderTime": { "dateTime": "2026-11-19T09:55:00", "timeZone": "UTC" } });
    assert_eq!(adele.post(&format!("{}/snoozeReminder", event_path(&made)), &later).await.status, 200);
    assert_eq!(reminder(adele.get(view).await).unwrap()["reminderFireTime"]["dateTime"], "2026-11-19T09:55:00.0000000");
    assert_eq!(adele.post(&format!("{}/dismissReminder", event_path(&made)), &json!({})).await.status, 200);
    assert!(reminder(adele.get(view).await).is_none());
}

#[tokio::test]
async fn the_seed_has_invitations_to_answer() {
    let graph = Graph::new();
    let adele = graph.session("adelev");
    let week = "/me/calendarView?startDateTime=2026-11-16T00:00:00Z&endDateTime=2026-11-23T00:00:00Z&$top=100";
    let week = adele.get(week).await["value"].as_array().unwrap().clone();
    let open: Vec<&Value> = week.iter().filter(|event| event["responseStatus"]["response"] == "notResponded").collect();
    assert!(open.len() >= 3, "{}", open.len());
    assert!(week.len() > 10);
    for event in open {
        assert_eq!(adele.post(&format!("{}/accept", event_path(event)), &json!({})).await.status, 202);
        let organizer = event["organizer"]["emailAddress"]["address"].as_str().unwrap();
        let original = graph.session(organizer).event(event["subject"].as_str().unwrap()).await;
        assert_eq!(response(&original, "adelev"), "accepted");
    }
}
