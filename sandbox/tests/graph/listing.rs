//! Collections: paging, query options, preferences, scopes, the directory.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::Graph;

const WEEK: &str = "/me/calendarView?startDateTime=2026-11-16T00:00:00Z&endDateTime=2026-11-23T00:00:00Z";

fn ids(items: &[Value]) -> BTreeSet<&str> {
    items.iter().map(|item| item["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn paging_to_the_end_gives_each_event_once() {
    let adele = Graph::new().session("adelev");
    let first = adele.get(WEEK).await;
    assert_eq!(first["value"].as_array().unwrap().len(), 10, "the default page");
    assert!(first["@odata.nextLink"].as_str().unwrap().contains("$skip="), "{}", first["@odata.nextLink"]);
    let paged = adele.all(WEEK, &[]).await;
    let whole = adele.get(&format!("{WEEK}&$top=1000")).await["value"].as_array().unwrap().clone();
    assert!(paged.len() > 10);
    assert_eq!(ids(&paged).len(), paged.len(), "no event twice");
    assert_eq!(ids(&paged), ids(&whole));
    let small = adele.all(WEEK, &["Prefer: odata.maxpagesize=3"]).await;
    assert_eq!(ids(&small), ids(&whole));
}

#[tokio::test]
async fn select_filter_and_order() {
    let adele = Graph::new().session("adelev");
    let selected = adele.get(&format!("{WEEK}&$select=Subject,start&$top=2")).await;
    let names: Vec<&String> = selected["value"][0].as_object().unwrap().keys().collect();
    assert_eq!(names, ["@odata.etag", "id", "subject", "start"]);
    let next = selected["@odata.nextLink"].as_str().unwrap();
    assert!(next.contains("$select=Subject") && next.contains("$top=2") && next.contains("startDateTime=2026"), "{next}");
    let all_day = adele.all(&format!("{WEEK}&$filter=isAllDay eq true"), &[]).await;
    assert!(!all_day.is_empty() && all_day.iter().all(|event| event["isAllDay"] == true));
    let later = "start/dateTime ge '2026-11-18T00:00' and not startswith(subject,'Lunch')";
    let later = adele.all(&format!("{WEEK}&$filter={later}&$orderby=start/dateTime desc"), &[]).await;
    let starts: Vec<&str> = later.iter().map(|event| event["start"]["dateTime"].as_str().unwrap()).collect();
    assert!(starts.len() > 5 && starts.is_sorted_by(|one, other| one >= other) && starts.iter().all(|start| *start >= "2026-11-18"));
    let invited = "attendees/any(a:a/emailAddress/address eq 'AlexW@contoso.onmicrosoft.com')";
    let counted = adele.get(&format!("/me/events?$filter={invited}&$count=true&$top=1")).await;
    assert!(counted["@odata.count"].as_u64().unwrap() > 2 && counted["value"].as_array().unwrap().len() == 1);
    for wrong in ["$filter=subject eq", "$top=0", "$top=1001", "$orderby=subject sideways", "$skip=x", "$count=maybe"] {
        let answer = adele.send("GET", &format!("/me/events?{wrong}"), &[], None).await;
        answer.refused(400, "BadRequest");
    }
}

#[tokio::test]
async fn preferences_are_applied_and_echoed() {
    let adele = Graph::new().session("adelev");
    let event = adele.event("Store layout review").await;
    assert_eq!(event["start"], json!({ "dateTime": "2026-11-18T13:00:00.0000000", "timeZone": "UTC" }));
    let path = crate::event_path(&event);
    let headers =
        ["Prefer: outlook.timezone=\"Pacific Standard Time\", outlook.body-content-type=\"text\"", "Prefer: IdType=\"ImmutableId\""];
    let answer = adele.send("GET", &path, &headers, None).await;
    assert_eq!(answer.body["start"], json!({ "dateTime": "2026-11-18T05:00:00.0000000", "timeZone": "Pacific Standard Time" }));
    assert_eq!(answer.body["body"], json!({ "contentType": "text", "content": "Agenda follows." }));
    let applied = answer.headers["preference-applied"].to_str().unwrap();
    assert_eq!(applied, "outlook.timezone=\"Pacific Standard Time\", outlook.body-content-type=\"text\", IdType=\"ImmutableId\"");
    let immutable = answer.body["id"].as_str().unwrap();
    assert_ne!(immutable, event["id"]);
    assert_eq!(adele.get(&format!("/me/events/{immutable}")).await["id"], event["id"], "both forms of the id name the event");
    let kolkata = adele.send("GET", &path, &["Prefer: outlook.timezone=\"Asia/Kolkata\""], None).await;
    assert_eq!(kolkata.body["start"]["dateTime"], "2026-11-18T18:30:00.0000000");
    let unknown = adele.send("GET", &path, &["Prefer: outlook.timezone=\"Mars Standard Time\""], None).await;
    unknown.refused(400, "TimeZoneNotSupportedException");
    assert!(event["body"]["content"].as_str().unwrap().starts_with("<html>"), "HTML unless text is preferred");
}

#[tokio::test]
async fn a_window_is_needed_and_limited() {
    let adele = Graph::new().session("adelev");
    for query in ["", "?startDateTime=2026-11-16T00:00:00Z", "?startDateTime=2020-01-01T00:00:00Z&endDateTime=2026-11-16T00:00:00Z"] {
        adele.send("GET", &format!("/me/calendarView{query}"), &[], None).await.refused(400, "ErrorInvalidRequest");
    }
    let wrong = "/me/calendarView?startDateTime=today&endDateTime=tomorrow";
    adele.send("GET", wrong, &[], None).await.refused(400, "ErrorInvalidParameter");
    // The offset in the value decides; Prefer has no say.
    let berlin = "/me/calendarView?startDateTime=2026-11-18T14:00:00%2B01:00&endDateTime=2026-11-18T14:30:00%2B01:00";
    let answer = adele.send("GET", berlin, &["Prefer: outlook.timezone=\"Tokyo Standard Time\""], None).await;
    assert!(answer.body["value"].as_array().unwrap().iter().any(|event| event["subject"] == "Store layout review"));
}

#[tokio::test]
async fn scopes_decide() {
    let graph = Graph::new();
    let reader = graph.session_with("adelev", "calendars.read User.Read");
    assert_eq!(reader.send("GET", WEEK, &[], None).await.status, 200);
    reader.post("/me/events", &crate::meeting("x", "10:00", "11:00", &[])).await.refused(403, "ErrorAccessDenied");
    reader.post("/me/findMeetingTimes", &json!({})).await.refused(403, "ErrorAccessDenied");
    reader.send("GET", "/users", &[], None).await.refused(403, "Authorization_RequestDenied");
    reader.send("GET", "/me/mailboxSettings", &[], None).await.refused(403, "ErrorAccessDenied");
    let basic = graph.session_with("adelev", "Calendars.ReadBasic");
    let event = basic.event("Store layout review").await;
    assert!(event["subject"].is_string() && event.get("body").is_none() && event.get("bodyPreview").is_none());
    let other = "/users/diegos@contoso.onmicrosoft.com/calendarView?startDateTime=2026-11-16&endDateTime=2026-11-23";
    let adele = graph.session("adelev");
    adele.send("GET", other, &[], None).await.refused(403, "ErrorAccessDenied");
    adele.send("GET", &other.replace("diegos", "adams"), &[], None).await.refused(404, "ErrorItemNotFound");
    adele.send("GET", &other.replace("diegos", "nobody"), &[], None).await.refused(404, "ErrorInvalidUser");
    let shared = adele.get(&other.replace("diegos", "alexw")).await;
    assert!(!shared["value"].as_array().unwrap().is_empty(), "Alex shares his calendar with Adele");
    graph
        .session_with("adelev", "Calendars.Read")
        .send("GET", &other.replace("diegos", "alexw"), &[], None)
        .await
        .refused(403, "ErrorAccessDenied");
}

#[tokio::test]
async fn the_directory_pages_searches_and_counts() {
    let adele = Graph::new().session("adelev");
    let first = adele.get("/users").await;
    assert_eq!(first["value"].as_array().unwrap().len(), 100);
    assert!(first["@odata.nextLink"].as_str().unwrap().contains("$skiptoken="));
    let all = adele.all("/users?$select=id,displayName", &[]).await;
    assert_eq!(ids(&all).len(), 259, "240 people, 18 rooms and a guest");
    let start = adele.get("/users?$filter=startswith(displayName,'Ade')").await;
    assert_eq!(start["value"][0]["userPrincipalName"], "adelev@contoso.onmicrosoft.com");
    let search = "/users?$search=\"displayName:lang\" OR \"mail:meganb\"&$count=true";
    adele.send("GET", search, &[], None).await.refused(400, "Request_UnsupportedQuery");
    let found = adele.send("GET", search, &["ConsistencyLevel: eventual"], None).await.body;
    let names: Vec<&str> = found["value"].as_array().unwrap().iter().map(|user| user["displayName"].as_str().unwrap()).collect();
    assert_eq!((found["@odata.count"].as_u64(), names), (Some(2), vec!["Isaiah Langer", "Megan Bowen"]));
    let me = adele.get("/me").await;
    assert_eq!(me["displayName"], "Adele Vance");
    assert!(me.get("department").is_none(), "only with $select");
    let chosen = adele.get("/me?$select=department,mailboxSettings&$expand=manager").await;
    assert_eq!(chosen["department"], "Marketing");
    assert_eq!(chosen["mailboxSettings"]["timeZone"], "W. Europe Standard Time");
    adele.send("GET", "/users/nobody@contoso.onmicrosoft.com", &[], None).await.refused(404, "Request_ResourceNotFound");
}

#[tokio::test]
async fn people_come_by_relevance_and_fuzzily() {
    let adele = Graph::new().session("adelev");
    let people = adele.get("/me/people").await;
    assert_eq!(people["value"][0]["displayName"], "Megan Bowen");
    let found = adele.get("/me/people?$search=\"wibler\"").await;
    assert_eq!(found["value"].as_array().unwrap().len(), 0);
    let found = adele.get("/me/people?$search=wiler").await;
    assert_eq!(found["value"][0]["scoredEmailAddresses"][0]["address"], "alexw@contoso.onmicrosoft.com");
    let nobody = adele.get("/me/people?$search=almeida").await;
    assert_eq!(nobody["value"].as_array().unwrap().len(), 0, "the mailbox alone is searched by default");
    let headers = ["X-PeopleQuery-QuerySources: Mailbox,Directory"];
    let directory = adele.send("GET", "/me/people?$search=almeida", &headers, None).await.body;
    assert!(!directory["value"].as_array().unwrap().is_empty());
    adele.send("GET", "/me/people?$search=a&$skip=1", &[], None).await.refused(400, "BadRequest");
}

#[tokio::test]
async fn settings_are_read_and_changed() {
    let graph = Graph::new();
    let adele = graph.session("adelev");
    let custom = graph.session("johannal").get("/me/mailboxSettings/workingHours").await;
    assert_eq!(custom["timeZone"]["@odata.type"], "#microsoft.graph.customTimeZone");
    assert_eq!((&custom["timeZone"]["bias"], &custom["timeZone"]["daylightOffset"]["daylightBias"]), (&json!(-60), &json!(-60)));
    assert_eq!(graph.session("leeg").get("/me/mailboxSettings/timeZone").await["value"], "Asia/Kolkata");
    let hours = json!({ "workingHours": { "endTime": "18:30:00.0000000", "daysOfWeek": ["Monday", "Tuesday"] } });
    let changed = adele.patch("/me/mailboxSettings", &hours).await;
    assert_eq!(changed.status, 200);
    assert_eq!(changed.body["workingHours"]["daysOfWeek"], json!(["monday", "tuesday"]));
    assert_eq!(changed.body["workingHours"]["startTime"], "08:00:00.0000000");
    assert!(changed.body.get("timeZone").is_none(), "only the parts that were sent");
    for (wrong, code) in [
        (json!({ "workingHours": { "startTime": "08" } }), "RequestBodyRead"),
        (json!({ "workingHours": { "startTime": "19:00:00" } }), "ErrorInvalidTimeSettings"),
        (json!({ "workingHours": { "daysOfWeek": ["RandomDay"] } }), "InvalidArguments"),
        (json!({ "timeZone": "Nowhere" }), "InvalidTimeZone"),
    ] {
        adele.patch("/me/mailboxSettings", &wrong).await.refused(400, code);
    }
    let windows = adele.get("/me/outlook/supportedTimeZones").await;
    assert!(windows["value"].as_array().unwrap().iter().any(|zone| zone["alias"] == "Pacific Standard Time"));
    let iana = adele.get("/me/outlook/supportedTimeZones(TimeZoneStandard=microsoft.graph.timeZoneStandard'Iana')").await;
    assert!(iana["value"].as_array().unwrap().iter().any(|zone| zone["alias"] == "Asia/Kathmandu"));
}

#[tokio::test]
async fn what_is_not_modelled_says_so() {
    let adele = Graph::new().session("adelev");
    for path in ["/me/onenote/notebooks", "/me/messages?$search=\"kind:docs\"", "/teams"] {
        let answer = adele.send("GET", path, &[], None).await;
        answer.refused(501, "NotImplemented");
    }
    let photo = adele.send("GET", "/me/photo/$value", &[], None).await;
    assert_eq!((photo.status, photo.bytes.get(1..4)), (200, Some(b"PNG".as_slice())));
    adele.send("GET", "/users/diegos@contoso.onmicrosoft.com/photo/$value", &[], None).await.refused(404, "ImageNotFound");
    let calendars = adele.get("/me/calendars").await;
    assert_eq!(calendars["value"][0]["isDefaultCalendar"], true);
    assert_eq!(calendars["value"][0]["allowedOnlineMeetingProviders"], json!(["teamsForBusiness"]));
}

#[tokio::test]
async fn a_mailbox_serves_four_requests_at_a_time() {
    let graph = Graph::new();
    graph.context.world().switches.mailbox_latency = std::time::Duration::from_millis(200);
    let adele = graph.session("adelev");
    let one = |path: &'static str| {
        let adele = adele.clone();
        tokio::spawn(async move { adele.send("GET", path, &[], None).await })
    };
    let mut answers = Vec::new();
    for request in [one(WEEK), one("/me/events"), one("/me/messages"), one("/me/contacts"), one("/me/calendar"), one("/me"), one("/users")]
    {
        answers.push(request.await.unwrap());
    }
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, [200, 200, 200, 200, 429, 200, 200], "the directory is not the mailbox");
    answers[4].refused(429, "ApplicationThrottled");
    assert_eq!(answers[4].headers["retry-after"], "1");
    assert_eq!(adele.send("GET", "/me/calendar", &[], None).await.status, 200, "the places are given back");
}
