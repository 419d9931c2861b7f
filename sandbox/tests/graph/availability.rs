//! Free/busy and suggestions.

use serde_json::{Value, json};

use crate::{Graph, Session, event_path, meeting};

fn zoned(time: &str) -> Value {
    json!({ "dateTime": time, "timeZone": "UTC" })
}

async fn schedule(session: &Session, accounts: &[&str]) -> Vec<Value> {
    let addresses: Vec<String> = accounts.iter().map(|account| format!("{account}@contoso.onmicrosoft.com")).collect();
    let question = json!({
        "Schedules": addresses,
        "StartTime": zoned("2026-11-19T08:00:00"),
        "EndTime": zoned("2026-11-19T12:00:00"),
        "AvailabilityViewInterval": "30",
    });
    let answer = session.post("/me/calendar/getSchedule", &question).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body["value"].as_array().unwrap().clone()
}

#[tokio::test]
async fn the_view_says_how_and_privacy_says_what() {
    let graph = Graph::new();
    let (adele, isaiah) = (graph.session("adelev"), graph.session("isaiahl"));
    let before = schedule(&isaiah, &["nestorw"]).await[0]["availabilityView"].as_str().unwrap().to_owned();
    assert_eq!(before, "00000000", "it is night in Phoenix");
    let nestor = graph.session("nestorw");
    let mut event = meeting("Secret", "08:15", "09:30", &[]);
    event["location"] = json!({ "displayName": "Vault" });
    nestor.create(&event).await;
    let mut away = meeting("Away", "10:00", "10:30", &[]);
    away["showAs"] = "WorkingElsewhere".into();
    nestor.create(&away).await;
    let mut private = meeting("Private", "11:00", "11:30", &[]);
    (private["showAs"], private["sensitivity"]) = ("oof".into(), "private".into());
    nestor.create(&private).await;
    let seen = schedule(&isaiah, &["nestorw"]).await;
    assert_eq!(seen[0]["availabilityView"], "22200030");
    let statuses: Vec<&str> = seen[0]["scheduleItems"].as_array().unwrap().iter().map(|item| item["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["busy", "workingElsewhere", "oof"]);
    assert!(seen[0]["scheduleItems"][0].get("subject").is_none() && seen[0]["scheduleItems"][0].get("isPrivate").is_none());
    assert_eq!(seen[0]["workingHours"]["timeZone"]["name"], "US Mountain Standard Time");
    let own = schedule(&nestor, &["nestorw"]).await;
    assert_eq!((&own[0]["scheduleItems"][0]["subject"], &own[0]["scheduleItems"][0]["location"]), (&json!("Secret"), &json!("Vault")));
    // Megan lets the organization see subjects, but not of what is private.
    let megan = schedule(&adele, &["meganb"]).await;
    let items = megan[0]["scheduleItems"].as_array().unwrap();
    assert!(items.iter().any(|item| item["subject"].is_string()));
}

#[tokio::test]
async fn private_items_stay_private() {
    let graph = Graph::new();
    let (adele, megan) = (graph.session("adelev"), graph.session("meganb"));
    let mut private = meeting("Hush", "09:00", "09:30", &[]);
    private["sensitivity"] = "private".into();
    megan.create(&private).await;
    megan.create(&meeting("Open", "09:00", "09:30", &[])).await;
    let view = schedule(&adele, &["meganb"]).await;
    assert!(view[0].to_string().contains("Open") && !view[0].to_string().contains("Hush"));
    let shared = "/users/meganb@contoso.onmicrosoft.com/calendarView?startDateTime=2026-11-19T09:00:00Z&endDateTime=2026-11-19T09:30:00Z";
    let shared = adele.get(shared).await;
    assert!(shared["value"].as_array().unwrap().iter().all(|event| event["subject"] != "Hush"));
}

#[tokio::test]
async fn errors_for_one_schedule_and_for_all() {
    let graph = Graph::new();
    let adele = graph.session("adelev");
    let seen = schedule(&adele, &["nobody", "johannal", "retail", "adams"]).await;
    assert_eq!(seen[0]["error"]["responseCode"], "5009");
    assert!(seen[0].get("availabilityView").is_none() && seen[0].get("scheduleItems").is_none());
    assert_eq!(seen[1]["workingHours"]["timeZone"]["name"], "Customized Time Zone");
    assert!(seen[2]["availabilityView"].is_string(), "a list has a view");
    assert!(seen[3]["availabilityView"].is_string(), "a room too");
    let ask = |addresses: Vec<String>, end: &str, interval: Value| json!({ "schedules": addresses, "startTime": zoned("2026-11-19T08:00:00"), "endTime": zoned(end), "availabilityViewInterval": interval });
    let one = vec!["meganb@contoso.onmicrosoft.com".to_owned()];
    let path = "/me/calendar/getSchedule";
    let many: Vec<String> = (0..21).map(|number| format!("p{number}@contoso.onmicrosoft.com")).collect();
    adele.post(path, &ask(many, "2026-11-20T08:00:00", json!(30))).await.refused(400, "ErrorInvalidParameter");
    let town_hall = vec!["townhall@contoso.onmicrosoft.com".to_owned()];
    adele.post(path, &ask(town_hall, "2026-11-20T08:00:00", json!(30))).await.refused(400, "ErrorInvalidParameter");
    adele.post(path, &ask(one.clone(), "2027-01-21T08:00:00", json!(30))).await.refused(400, "ErrorTimeIntervalTooBig");
    assert_eq!(adele.post(path, &ask(one.clone(), "2027-01-20T08:00:00", json!(60))).await.status, 200);
    adele.post(path, &ask(one.clone(), "2026-11-20T08:00:00", json!(4))).await.refused(400, "ErrorInvalidMergedFreeBusyInterval");
    adele.post(path, &ask(one.clone(), "2026-11-19T08:00:00", json!(30))).await.refused(400, "ErrorInvalidParameter");
    adele.post(path, &ask(Vec::new(), "2026-11-20T08:00:00", json!(30))).await.refused(400, "ErrorInvalidParameter");
}

fn find(accounts: &[&str], from: &str, to: &str) -> Value {
    let attendees: Vec<Value> = accounts
        .iter()
        .map(|account| {
            let address = if account.contains('@') { (*account).to_owned() } else { format!("{account}@contoso.onmicrosoft.com") };
            json!({ "type": "required", "emailAddress": { "address": address } })
        })
        .collect();
    json!({
        "attendees": attendees,
        "timeConstraint": { "activityDomain": "work", "timeslots": [{ "start": zoned(from), "end": zoned(to) }] },
        "meetingDuration": "PT1H",
        "returnSuggestionReasons": "true",
        "minimumAttendeePercentage": "100",
    })
}

fn starts(result: &Value) -> Vec<String> {
    let suggestions = result["meetingTimeSuggestions"].as_array().unwrap();
    suggestions.iter().map(|suggestion| suggestion["meetingTimeSlot"]["start"]["dateTime"].as_str().unwrap()[..16].to_owned()).collect()
}

#[tokio::test]
async fn suggestions_keep_everybodys_hours_and_calendars() {
    let graph = Graph::new();
    let adele = graph.session("adelev");
    let week = find(&["meganb", "alexw"], "2026-11-16T00:00:00", "2026-11-21T00:00:00");
    let answer = adele.post("/me/findMeetingTimes", &week).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let suggestions = answer.body["meetingTimeSuggestions"].as_array().unwrap();
    assert_eq!((suggestions.len(), &answer.body["emptySuggestionsReason"]), (5, &json!("")));
    for suggestion in suggestions {
        let start = suggestion["meetingTimeSlot"]["start"]["dateTime"].as_str().unwrap();
        // Common hours of Berlin, London and Helsinki in winter: 8 to 15 UTC.
        assert!(("08:00".."14:01").contains(&&start[11..16]), "{start}");
        assert_eq!(suggestion["confidence"], 100.0);
        assert!(suggestion["suggestionReason"].is_string());
        assert_eq!(suggestion["attendeeAvailability"].as_array().unwrap().len(), 2);
    }
    assert_eq!(adele.post("/me/findMeetingTimes", &week).await.body["meetingTimeSuggestions"], answer.body["meetingTimeSuggestions"]);
    let tokyo = adele
        .send("POST", "/me/findMeetingTimes", &["Prefer: outlook.timezone=\"Tokyo Standard Time\""], Some(week.to_string().into_bytes()))
        .await;
    assert_eq!(tokyo.body["meetingTimeSuggestions"][0]["meetingTimeSlot"]["start"]["timeZone"], "Tokyo Standard Time");
    assert_eq!(tokyo.headers["preference-applied"], "outlook.timezone=\"Tokyo Standard Time\"");
}

#[tokio::test]
async fn confidence_is_the_mean_and_the_reason_is_given() {
    let graph = Graph::new();
    let (adele, megan) = (graph.session("adelev"), graph.session("meganb"));
    // Sunday is free for all of them; unrestricted counts it.
    let day = |accounts: &[&str], least: u32| {
        let mut question = find(accounts, "2026-11-22T10:00:00", "2026-11-22T11:00:00");
        question["timeConstraint"]["activityDomain"] = "unrestricted".into();
        question["minimumAttendeePercentage"] = least.into();
        question
    };
    let path = "/me/findMeetingTimes";
    let mut busy = meeting("Busy", "10:00", "11:00", &[]);
    (busy["start"], busy["end"]) = (zoned("2026-11-22T10:00:00"), zoned("2026-11-22T10:30:00"));
    megan.create(&busy).await;
    let mean = adele.post(path, &day(&["alexw", "guest@x.example", "meganb"], 40)).await.body;
    let confidence = mean["meetingTimeSuggestions"][0]["confidence"].as_f64().unwrap();
    assert!((confidence - 49.666).abs() < 0.01, "{confidence}");
    let statuses: Vec<&Value> =
        mean["meetingTimeSuggestions"][0]["attendeeAvailability"].as_array().unwrap().iter().map(|entry| &entry["availability"]).collect();
    assert_eq!(statuses, ["free", "unknown", "busy"]);
    let reason = |body: &Value| body["emptySuggestionsReason"].as_str().unwrap().to_owned();
    assert_eq!(reason(&adele.post(path, &day(&["meganb"], 50)).await.body), "AttendeesUnavailable");
    assert_eq!(reason(&adele.post(path, &day(&["guest@x.example"], 50)).await.body), "AttendeesUnavailableOrUnknown");
    assert_eq!(reason(&megan.post(path, &day(&["alexw"], 50)).await.body), "OrganizerUnavailable");
    let mut optional = day(&["alexw"], 50);
    optional["isOrganizerOptional"] = "True".into();
    assert_eq!(starts(&megan.post(path, &optional).await.body), ["2026-11-22T10:00"]);
    let night = find(&["alexw"], "2026-11-18T22:00:00", "2026-11-18T23:30:00");
    assert_eq!(reason(&adele.post(path, &night).await.body), "OrganizerUnavailable", "outside working hours");
    let alone = adele.post(path, &json!({})).await.body;
    assert_eq!(alone["meetingTimeSuggestions"][0]["attendeeAvailability"], json!([]));
    let mut room = day(&["alexw"], 50);
    room["locationConstraint"] = json!({ "isRequired": true, "locations": [{ "displayName": "Conf Room Adams" }] });
    let with_room = adele.post(path, &room).await.body;
    assert_eq!(with_room["meetingTimeSuggestions"][0]["locations"], json!([{ "displayName": "Conf Room Adams" }]));
    let one = json!({ "maxCandidates": 1, "meetingDuration": "PT30M" });
    assert_eq!(starts(&adele.post(path, &one).await.body).len(), 1);
    adele.post(path, &json!({ "meetingDuration": "P99999999999D" })).await.refused(400, "ErrorInvalidParameter");
    adele.post(path, &json!({ "meetingDuration": "half an hour" })).await.refused(400, "RequestBodyRead");
}

#[tokio::test]
async fn a_busy_room_is_replaced_by_a_free_one() {
    let graph = Graph::new();
    let adele = graph.session("adelev");
    let mut event = meeting("Taken", "10:00", "11:00", &[]);
    event["attendees"] = json!([{ "type": "resource", "emailAddress": { "address": "rainier@contoso.onmicrosoft.com" } }]);
    event["showAs"] = "free".into();
    let made = adele.create(&event).await;
    assert_eq!(made["attendees"][0]["status"]["response"], "accepted");
    let room = graph.session("rainier@contoso.onmicrosoft.com");
    let copies = room.get("/me/events").await;
    let path = event_path(&copies["value"][0]);
    assert_eq!(room.patch(&path, &json!({ "showAs": "busy" })).await.status, 200);
    let mut question = find(&[], "2026-11-19T10:00:00", "2026-11-19T11:00:00");
    question["timeConstraint"]["activityDomain"] = "unrestricted".into();
    question["isOrganizerOptional"] = true.into();
    let wanted = |resolve: bool| json!({ "isRequired": true, "locations": [{ "displayName": "Conf Room Rainier", "resolveAvailability": resolve }] });
    question["locationConstraint"] = wanted(true);
    let other = adele.post("/me/findMeetingTimes", &question).await.body;
    assert_ne!(other["meetingTimeSuggestions"][0]["locations"][0]["displayName"], "Conf Room Rainier", "{other}");
    question["locationConstraint"] = wanted(false);
    let same = adele.post("/me/findMeetingTimes", &question).await.body;
    assert_eq!(same["meetingTimeSuggestions"][0]["locations"][0]["displayName"], "Conf Room Rainier");
}
