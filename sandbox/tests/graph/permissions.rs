//! Which permission lets an app do what: the permissions reference, operation by operation, with scopes that suffice and scopes that do not.

use serde_json::{Value, json};

use crate::{Graph, meeting};

const WEEK: &str = "startDateTime=2026-11-16T00:00:00Z&endDateTime=2026-11-23T00:00:00Z";

/// Method, address, body, scopes each of which is enough, scopes that are not.
type Row = (&'static str, String, Value, &'static [&'static str], &'static [&'static str]);

fn row(
    method: &'static str,
    path: impl Into<String>,
    body: Value,
    enough: &'static [&'static str],
    not_enough: &'static [&'static str],
) -> Row {
    (method, path.into(), body, enough, not_enough)
}

const READ_BASIC: &[&str] = &["Calendars.ReadBasic", "Calendars.Read", "Calendars.ReadWrite"];
const READ: &[&str] = &["Calendars.Read", "Calendars.ReadWrite"];
const WRITE: &[&str] = &["Calendars.ReadWrite"];
const ONLY_READ: &[&str] = &["Calendars.Read", "Calendars.ReadBasic"];
const NO_CALENDAR: &[&str] = &["User.Read", "Mail.ReadWrite"];

/// The ids that the addresses need, of things that are there.
async fn ids(graph: &Graph) -> [String; 5] {
    let (adele, megan) = (graph.session("adelev"), graph.session("meganb"));
    let own = adele.create(&meeting("Own", "10:00", "11:00", &[])).await;
    megan.create(&meeting("Hers", "12:00", "13:00", &["adelev"])).await;
    let invited = adele.event("Hers").await;
    let message = adele.get("/me/messages?$top=1").await["value"][0].clone();
    let group = adele.get("/groups?$filter=displayName eq 'Leadership'").await["value"][0].clone();
    let contact = adele.get("/me/contacts?$top=1").await["value"][0].clone();
    [own, invited, message, group, contact].map(|item| item["id"].as_str().unwrap().to_owned())
}

fn calendar_rows(own: &str, invited: &str) -> Vec<Row> {
    let event = meeting("New", "15:00", "16:00", &[]);
    let time = |day: &str| json!({ "dateTime": format!("2026-11-{day}T00:00:00"), "timeZone": "UTC" });
    let schedule = json!({ "schedules": ["meganb@contoso.onmicrosoft.com"], "startTime": time("16"), "endTime": time("17") });
    let forward = json!({ "toRecipients": [{ "emailAddress": { "address": "alexw@contoso.onmicrosoft.com" } }] });
    let snooze = json!({ "newReminderTime": time("19") });
    let file = json!({ "@odata.type": "#microsoft.graph.fileAttachment", "name": "a", "contentBytes": "YQ==" });
    let alex = "/users/alexw@contoso.onmicrosoft.com/calendar/events";
    let megan = "/users/meganb@contoso.onmicrosoft.com/calendar/events";
    let shared: &[&str] = &["Calendars.Read.Shared", "Calendars.ReadWrite.Shared"];
    vec![
        row("GET", "/me/events", Value::Null, READ_BASIC, NO_CALENDAR),
        row("GET", format!("/me/events/{own}"), Value::Null, READ_BASIC, NO_CALENDAR),
        row("GET", format!("/me/calendarView?{WEEK}"), Value::Null, READ_BASIC, NO_CALENDAR),
        row("GET", "/me/calendars", Value::Null, READ_BASIC, NO_CALENDAR),
        row("GET", "/me/calendarGroups", Value::Null, READ_BASIC, NO_CALENDAR),
        row("GET", format!("/me/calendarView/delta?{WEEK}"), Value::Null, READ, NO_CALENDAR),
        row("GET", "/me/reminderView(startDateTime='2026-11-16',endDateTime='2026-11-17')", Value::Null, READ, NO_CALENDAR),
        row("GET", "/me/calendar", Value::Null, READ, NO_CALENDAR),
        row("POST", "/me/events", event.clone(), WRITE, ONLY_READ),
        row("PATCH", format!("/me/events/{own}"), json!({ "subject": "Own" }), WRITE, ONLY_READ),
        row("POST", format!("/me/events/{invited}/tentativelyAccept"), json!({}), WRITE, ONLY_READ),
        row("POST", format!("/me/events/{invited}/accept"), json!({}), WRITE, ONLY_READ),
        row("POST", format!("/me/events/{own}/snoozeReminder"), snooze, WRITE, ONLY_READ),
        row("POST", format!("/me/events/{own}/dismissReminder"), json!({}), WRITE, ONLY_READ),
        row("POST", format!("/me/events/{own}/forward"), forward, READ, &["Calendars.ReadBasic"]),
        row("GET", format!("/me/events/{own}/attachments"), Value::Null, READ, &["Calendars.ReadBasic"]),
        row("POST", format!("/me/events/{own}/attachments"), file, WRITE, ONLY_READ),
        row("POST", "/me/calendar/getSchedule", schedule, READ_BASIC, &["Calendars.Read.Shared", "User.Read"]),
        row("POST", "/me/findMeetingTimes", json!({}), shared, &["Calendars.Read", "Calendars.ReadWrite"]),
        row("GET", alex, Value::Null, shared, &["Calendars.Read", "Calendars.ReadWrite"]),
        row("POST", megan, event, &["Calendars.ReadWrite.Shared"], &["Calendars.Read.Shared", "Calendars.ReadWrite"]),
        row("POST", format!("/me/events/{invited}/decline"), json!({}), WRITE, ONLY_READ),
        row("POST", "/me/calendarGroups", json!({ "name": "G" }), WRITE, ONLY_READ),
        row("DELETE", format!("/me/events/{own}"), Value::Null, WRITE, ONLY_READ),
    ]
}

fn other_rows(message: &str, group: &str, contact: &str) -> Vec<Row> {
    let mail = json!({ "subject": "s", "toRecipients": [{ "emailAddress": { "address": "meganb@contoso.onmicrosoft.com" } }] });
    let read_mail: &[&str] = &["Mail.Read", "Mail.ReadWrite"];
    let settings: &[&str] = &["MailboxSettings.Read", "MailboxSettings.ReadWrite"];
    vec![
        row("GET", "/me/mailboxSettings", Value::Null, settings, &["User.Read"]),
        row("PATCH", "/me/mailboxSettings", json!({ "timeZone": "UTC" }), &["MailboxSettings.ReadWrite"], &["MailboxSettings.Read"]),
        row("GET", "/me/outlook/supportedTimeZones", Value::Null, &["User.Read"], &["Mail.Read"]),
        row("GET", "/me/outlook/masterCategories", Value::Null, settings, &["User.Read"]),
        row("GET", "/me", Value::Null, &["User.Read"], &["Mail.Read"]),
        row("GET", "/users", Value::Null, &["User.ReadBasic.All", "User.Read.All"], &["User.Read"]),
        row("GET", "/users/meganb@contoso.onmicrosoft.com", Value::Null, &["User.ReadBasic.All"], &["User.Read"]),
        row("GET", "/me/manager", Value::Null, &["User.Read.All"], &["User.Read", "User.ReadBasic.All"]),
        row("GET", "/me/people", Value::Null, &["People.Read"], &["User.Read.All"]),
        row("GET", "/places/microsoft.graph.room", Value::Null, &["Place.Read.All"], &["User.Read.All"]),
        row("GET", "/groups", Value::Null, &["Group.ReadBasic.All", "GroupMember.Read.All", "Group.Read.All"], &["User.Read.All"]),
        row("GET", format!("/groups/{group}/events"), Value::Null, &["Group.Read.All"], &["GroupMember.Read.All", "Calendars.Read"]),
        row("GET", format!("/groups/{group}/calendarView?{WEEK}"), Value::Null, &["Group.Read.All"], &["Calendars.Read"]),
        row("GET", "/me/messages", Value::Null, &["Mail.ReadBasic", "Mail.Read", "Mail.ReadWrite"], &["Mail.Send"]),
        row("GET", format!("/me/messages/{message}"), Value::Null, read_mail, &["Mail.ReadBasic"]),
        row("POST", "/me/sendMail", json!({ "message": mail }), &["Mail.Send"], &["Mail.ReadWrite"]),
        row("POST", format!("/me/messages/{message}/reply"), json!({ "comment": "c" }), &["Mail.Send"], &["Mail.ReadWrite"]),
        row("POST", "/me/messages", mail, &["Mail.ReadWrite"], &["Mail.Read", "Mail.Send"]),
        row("PATCH", format!("/me/messages/{message}"), json!({ "isRead": true }), &["Mail.ReadWrite"], &["Mail.Read"]),
        row("GET", "/me/contacts", Value::Null, &["Contacts.Read", "Contacts.ReadWrite"], &["People.Read"]),
        row("POST", "/me/contacts", json!({ "givenName": "G" }), &["Contacts.ReadWrite"], &["Contacts.Read"]),
        row("DELETE", format!("/me/contacts/{contact}"), Value::Null, &["Contacts.ReadWrite"], &["Contacts.Read"]),
        row("GET", "/me/drive/root/children", Value::Null, &["Files.Read", "Files.ReadWrite"], &["Mail.Read"]),
        row("PUT", "/me/drive/root:/a.txt:/content", json!("a"), &["Files.ReadWrite"], &["Files.Read"]),
    ]
}

#[tokio::test]
async fn each_operation_takes_its_permission_and_no_other() {
    let graph = Graph::new();
    let [own, invited, message, group, contact] = ids(&graph).await;
    let rows = [calendar_rows(&own, &invited), other_rows(&message, &group, &contact)].concat();
    for (method, path, body, enough, not_enough) in rows {
        let sent = (!body.is_null()).then(|| body.to_string().into_bytes());
        let ask = async |scope: &str| {
            graph.session_with("adelev", scope).send(method, &path, &["Content-Type: application/json"], sent.clone()).await
        };
        for scope in not_enough {
            let answer = ask(scope).await;
            assert_eq!(answer.status, 403, "{method} {path} with {scope}: {}", answer.body);
            let codes = ["ErrorAccessDenied", "Authorization_RequestDenied", "accessDenied"];
            assert!(codes.contains(&answer.code()), "{method} {path}: {}", answer.body);
        }
        // What takes something away can succeed once.
        let once = method == "DELETE" || path.ends_with("/decline") || path.ends_with("/calendarGroups");
        for scope in enough.iter().rev().take(if once { 1 } else { enough.len() }) {
            let answer = ask(scope).await;
            assert!(answer.status < 300, "{method} {path} with {scope}: {} {}", answer.status, answer.body);
        }
    }
}
