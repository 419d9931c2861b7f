//! One mailbox's events: creating, changing, series, versions, validation.

use convoke_sandbox::graph::control::stored_events;
use serde_json::{Value, json};

use crate::{Graph, event_path, meeting};

fn weekly(start: &str, zone: &str) -> Value {
    json!({
        "subject": "Standing",
        "start": { "dateTime": format!("{start}T09:00:00"), "timeZone": zone },
        "end": { "dateTime": format!("{start}T09:30:00"), "timeZone": zone },
        "recurrence": {
            "pattern": { "type": "Weekly", "interval": 1, "daysOfWeek": ["Tuesday"] },
            "range": { "type": "numbered", "startDate": start, "numberOfOccurrences": "6" },
        },
    })
}

#[tokio::test]
async fn a_series_across_the_clock_change_keeps_its_wall_time() {
    let adele = Graph::new().session("adelev");
    let series = adele.create(&weekly("2027-03-09", "W. Europe Standard Time")).await;
    assert_eq!(series["type"], "seriesMaster");
    assert_eq!(series["recurrence"]["range"]["recurrenceTimeZone"], "W. Europe Standard Time");
    assert_eq!((&series["recurrence"]["pattern"]["month"], &series["recurrence"]["range"]["endDate"]), (&json!(0), &json!("0001-01-01")));
    let path = format!("{}/instances?startDateTime=2027-03-01&endDateTime=2027-06-01&$top=50", event_path(&series));
    let utc: Vec<String> =
        adele.all(&path, &[]).await.iter().map(|event| event["start"]["dateTime"].as_str().unwrap()[..16].to_owned()).collect();
    assert_eq!(
        utc,
        ["2027-03-09T08:00", "2027-03-16T08:00", "2027-03-23T08:00", "2027-03-30T07:00", "2027-04-06T07:00", "2027-04-13T07:00"]
    );
    let local = adele.all(&path, &["Prefer: outlook.timezone=\"W. Europe Standard Time\""]).await;
    assert!(local.iter().all(|event| event["start"]["dateTime"].as_str().unwrap().ends_with("T09:00:00.0000000")));
    let uids: std::collections::BTreeSet<&str> = local.iter().map(|event| event["iCalUId"].as_str().unwrap()).collect();
    assert_eq!(uids.len(), 6, "an iCalUId for each occurrence");
    assert!(
        local.iter().all(|event| event["type"] == "occurrence" && event["seriesMasterId"] == series["id"] && event["recurrence"].is_null())
    );
}

#[tokio::test]
async fn exceptions_and_cancelled_occurrences() {
    let graph = Graph::new();
    let adele = graph.session("adelev");
    let series = adele.create(&weekly("2026-11-24", "UTC")).await;
    let instances = format!("{}/instances?startDateTime=2026-11-01&endDateTime=2027-02-01", event_path(&series));
    let list = adele.all(&instances, &[]).await;
    let moved = json!({ "start": { "dateTime": "2026-12-02T15:00:00", "timeZone": "UTC" }, "end": { "dateTime": "2026-12-02T15:30:00", "timeZone": "UTC" } });
    let exception = adele.patch(&event_path(&list[1]), &moved).await;
    assert_eq!((exception.status, &exception.body["type"], &exception.body["id"]), (200, &json!("exception"), &list[1]["id"]));
    assert_eq!(exception.body["originalStart"], "2026-12-01T09:00:00Z");
    let crossing = json!({ "start": { "dateTime": "2026-12-08T08:00:00", "timeZone": "UTC" }, "end": { "dateTime": "2026-12-08T08:30:00", "timeZone": "UTC" } });
    adele.patch(&event_path(&list[1]), &crossing).await.refused(400, "ErrorOccurrenceCrossingBoundary");
    assert_eq!(adele.delete(&event_path(&list[2])).await.status, 204);
    adele.send("GET", &event_path(&list[2]), &[], None).await.refused(404, "ErrorItemNotFound");
    let left = adele.all(&instances, &[]).await;
    let starts: Vec<&str> = left.iter().map(|event| &event["start"]["dateTime"].as_str().unwrap()[..10]).collect();
    assert_eq!(starts, ["2026-11-24", "2026-12-02", "2026-12-15", "2026-12-22", "2026-12-29"]);
    let renamed = adele.patch(&event_path(&series), &json!({ "subject": "Renamed" })).await;
    assert_eq!(renamed.status, 200);
    let left = adele.all(&instances, &[]).await;
    assert!(left.len() == 5 && left.iter().all(|event| event["subject"] == "Renamed"), "the exception stays, with the new subject");
    let stored = stored_events(&graph.context.world(), "adelev@contoso.onmicrosoft.com").unwrap();
    let stored = stored["value"].as_array().unwrap().iter().find(|event| event["id"] == series["id"]).unwrap().clone();
    assert_eq!(stored["exceptionOccurrences"].as_array().unwrap().len(), 1);
    assert_eq!(stored["cancelledOccurrences"].as_array().unwrap().len(), 1);
    let later = json!({ "start": { "dateTime": "2026-11-24T10:00:00", "timeZone": "UTC" }, "end": { "dateTime": "2026-11-24T10:30:00", "timeZone": "UTC" } });
    assert_eq!(adele.patch(&event_path(&series), &later).await.status, 200);
    assert_eq!(adele.all(&instances, &[]).await.len(), 6, "a series at another time starts afresh");
}

#[tokio::test]
async fn all_day_events_float() {
    let adele = Graph::new().session("adelev");
    let event = adele.event("Father's birthday").await;
    assert_eq!(event["start"]["dateTime"], "2026-11-18T00:00:00.0000000");
    let tokyo = adele.send("GET", &event_path(&event), &["Prefer: outlook.timezone=\"Tokyo Standard Time\""], None).await;
    assert_eq!(tokyo.body["start"], json!({ "dateTime": "2026-11-18T00:00:00.0000000", "timeZone": "Tokyo Standard Time" }));
    let mut day = meeting("Day", "00:00", "09:00", &[]);
    day["isAllDay"] = true.into();
    adele.post("/me/events", &day).await.refused(400, "ErrorInvalidRequest");
    day["end"] = json!({ "dateTime": "2026-11-20T00:00:00", "timeZone": "W. Europe Standard Time" });
    adele.post("/me/events", &day).await.refused(400, "ErrorInvalidRequest");
    day["end"]["timeZone"] = "UTC".into();
    assert_eq!(adele.create(&day).await["isAllDay"], true);
}

#[tokio::test]
async fn bad_events_are_refused() {
    let adele = Graph::new().session("adelev");
    let with = |name: &str, value: Value| {
        let mut event = weekly("2026-11-24", "UTC");
        event[name] = value;
        event
    };
    let pattern =
        |pattern: Value| with("recurrence", json!({ "pattern": pattern, "range": { "type": "noEnd", "startDate": "2026-11-24" } }));
    let many: Vec<Value> = (0..501).map(|number| json!({ "emailAddress": { "address": format!("p{number}@x.example") } })).collect();
    for (event, code) in [
        (with("end", json!({ "dateTime": "2026-11-24T08:00:00", "timeZone": "UTC" })), "ErrorCalendarEndDateIsEarlierThanStartDate"),
        (with("start", json!({ "dateTime": "2026-11-24T08:00:00", "timeZone": "Nowhere" })), "TimeZoneNotSupportedException"),
        (with("start", json!({ "dateTime": "2026-11-24T08:00:00", "timeZone": "" })), "TimeZoneNotSupportedException"),
        (with("start", json!({ "dateTime": "soon", "timeZone": "UTC" })), "RequestBodyRead"),
        (with("start", json!({ "dateTime": "+262142-01-01T00:00:00", "timeZone": "UTC" })), "RequestBodyRead"),
        (with("end", json!({ "dateTime": "9999-12-31T23:59:59", "timeZone": "Dateline Standard Time" })), "ErrorInvalidRequest"),
        (with("reminderMinutesBeforeStart", json!(9_000_000_000_000_000_000_i64)), "RequestBodyRead"),
        (with("start", Value::Null), "ErrorInvalidRequest"),
        (with("start", json!({ "dateTime": "2026-11-23T08:00:00", "timeZone": "UTC" })), "ErrorInvalidRequest"),
        (with("attendees", many.into()), "ErrorInvalidRequest"),
        (with("attendees", json!([{ "emailAddress": { "address": "nobody" } }])), "ErrorInvalidRecipients"),
        (with("showAs", "asleep".into()), "RequestBodyRead"),
        (with("isAllDay", "perhaps".into()), "RequestBodyRead"),
        (pattern(json!({ "type": "weekly", "interval": 1 })), "ErrorInvalidRequest"),
        (pattern(json!({ "type": "daily", "interval": 0 })), "ErrorInvalidRequest"),
        (pattern(json!({ "type": "absoluteYearly", "interval": 1, "month": 13, "dayOfMonth": 1 })), "ErrorInvalidRequest"),
        (pattern(json!({ "type": "hourly", "interval": 1 })), "RequestBodyRead"),
    ] {
        adele.post("/me/events", &event).await.refused(400, code);
    }
    let answer = adele.send("POST", "/me/events", &[], Some(b"{".to_vec())).await;
    answer.refused(400, "BadRequest");
}

#[tokio::test]
async fn versions_and_transactions() {
    let adele = Graph::new().session("adelev");
    let mut event = meeting("Once", "10:00", "11:00", &["meganb"]);
    event["transactionId"] = "t-1".into();
    let made = adele.create(&event).await;
    assert_eq!(adele.create(&event).await["id"], made["id"], "a retry makes nothing new");
    event["subject"] = "Another".into();
    let duplicate = adele.post("/me/events", &event).await;
    duplicate.refused(409, "ErrorDuplicateTransactionId");
    assert_eq!(duplicate.body["error"]["@event.existingEventId"], made["id"]);
    let etag = format!("If-Match: {}", made["@odata.etag"].as_str().unwrap());
    let change = |subject: &str| Some(json!({ "subject": subject }).to_string().into_bytes());
    let changed = adele.send("PATCH", &event_path(&made), &[&etag], change("First")).await;
    assert_eq!(changed.status, 200);
    assert_ne!(changed.body["changeKey"], made["changeKey"]);
    adele.send("PATCH", &event_path(&made), &[&etag], change("Second")).await.refused(412, "ErrorIrresolvableConflict");
    adele.send("DELETE", &event_path(&made), &[&etag], None).await.refused(412, "ErrorIrresolvableConflict");
    assert_eq!(adele.send("DELETE", &event_path(&made), &["If-Match: *"], None).await.status, 204);
    adele.delete(&event_path(&made)).await.refused(404, "ErrorItemNotFound");
}

#[tokio::test]
async fn online_meetings_follow_the_provider() {
    let graph = Graph::new();
    let adele = graph.session("adelev");
    let mut event = meeting("Online", "10:00", "11:00", &[]);
    event["isOnlineMeeting"] = true.into();
    event["onlineMeetingProvider"] = "TeamsForBusiness".into();
    let made = adele.create(&event).await;
    let url = made["onlineMeeting"]["joinUrl"].as_str().unwrap();
    assert!(
        made["isOnlineMeeting"] == true && made["onlineMeetingUrl"].is_null() && made["body"]["content"].as_str().unwrap().contains(url)
    );
    let view = "/me/calendarView?startDateTime=2026-11-19&endDateTime=2026-11-20&$filter=subject eq 'Online'&$select=";
    assert!(adele.get(&format!("{view}onlineMeeting")).await["value"][0]["onlineMeeting"].is_null());
    assert!(adele.get(&format!("{view}onlineMeeting,isOnlineMeeting")).await["value"][0]["onlineMeeting"]["joinUrl"].is_string());
    let off = adele.patch(&event_path(&made), &json!({ "body": { "contentType": "text", "content": "New." } })).await;
    assert_eq!(off.body["isOnlineMeeting"], false, "the meeting's part of the body was removed");
    let sandy = graph.session("sandy.lane@outlook.com");
    let silent = sandy.create(&event).await;
    assert_eq!((&silent["isOnlineMeeting"], &silent["onlineMeeting"]), (&json!(false), &Value::Null));
    let schedule = json!({ "schedules": ["sandy.lane@outlook.com"], "startTime": event["start"], "endTime": event["end"] });
    sandy.post("/me/calendar/getSchedule", &schedule).await.refused(400, "BadRequest");
}

#[tokio::test]
async fn delta_gives_the_changes_and_forgets_old_tokens() {
    let graph = Graph::new();
    let adele = graph.session("adelev");
    let start = "/me/calendarView/delta?startDateTime=2026-11-16T00:00:00Z&endDateTime=2026-11-23T00:00:00Z";
    let mut next = start.to_owned();
    let mut seen = std::collections::BTreeSet::new();
    let link = loop {
        let page = adele.send("GET", &next, &["Prefer: odata.maxpagesize=4"], None).await.body;
        assert!(page["value"].as_array().unwrap().len() <= 4);
        seen.extend(page["value"].as_array().unwrap().iter().map(|event| event["id"].as_str().unwrap().to_owned()));
        match page["@odata.nextLink"].as_str() {
            Some(link) => next = link.to_owned(),
            None => break page["@odata.deltaLink"].as_str().unwrap().to_owned(),
        }
    };
    let view = adele.all(&start.replace("/delta", ""), &[]).await;
    assert_eq!(seen.len(), view.len());
    assert_eq!(adele.get(&link).await["value"], json!([]), "nothing has changed yet");
    let made = adele.create(&meeting("New", "10:00", "11:00", &[])).await;
    let gone = adele.event("Dentist").await;
    assert_eq!(adele.delete(&event_path(&gone)).await.status, 204);
    let changes = adele.get(&link).await;
    assert_eq!(changes["value"][0]["id"], made["id"]);
    assert_eq!(changes["value"][1]["@removed"]["reason"], "deleted");
    assert_eq!((changes["value"].as_array().unwrap().len(), &changes["value"][1]["id"]), (2, &gone["id"]));
    let lost = adele.send("GET", "/me/calendarView/delta?$deltatoken=old", &[], None).await;
    lost.refused(410, "SyncStateNotFound");
    assert!(lost.headers["location"].to_str().unwrap().contains("/me/calendarView/delta"));
    adele.send("GET", &format!("{start}&$select=subject"), &[], None).await.refused(400, "ErrorInvalidUrlQuery");
}
