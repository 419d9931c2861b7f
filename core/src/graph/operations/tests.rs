//! Tests of `operations`: where each goes, what it asks for, and what is refused before it leaves.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use serde_json::json;

use super::{answers::AnswerOptions, events::EventQuery, files::AttachedTo, *};
use crate::ErrorCode;
use crate::graph::{Answer, Content, Context, Lane, Mailbox, Url};
use crate::model::DateTimeTimeZone;

fn context(mailbox: Mailbox) -> Context {
    Context { base: Url::parse("https://graph.example").unwrap(), mailbox, time_zone: Some("UTC".into()), immutable_ids: false }
}

/// Method, path and decoded query.
fn shown(request: &Request) -> (String, Vec<(String, String)>) {
    let url = request.url(&context(Mailbox::Me)).unwrap();
    let path = url.path().trim_start_matches("/v1.0");
    (format!("{} {path}", request.method), url.query_pairs().map(|(name, value)| (name.into(), value.into())).collect())
}

fn at(request: &Request) -> String {
    shown(request).0
}

fn option(request: &Request, name: &str) -> Option<String> {
    shown(request).1.into_iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

/// The error of something that must not be sent: it names the argument.
fn refused<T>(call: Result<Call<T>, Error>, argument: &str) {
    let error = call.err().unwrap_or_else(|| panic!("{argument} was let pass"));
    assert_eq!(error.code(), ErrorCode::InvalidRequest);
    assert!(error.message().contains(&format!("`{argument}`")), "{error}");
}

fn slot() -> (Value, Value) {
    (json!({"dateTime": "2026-05-04T09:00:00", "timeZone": "UTC"}), json!({"dateTime": "2026-05-04T10:00:00", "timeZone": "UTC"}))
}

fn new_event() -> Value {
    let (start, end) = slot();
    json!({"subject": "Review", "start": start, "end": end})
}

fn view() -> EventQuery {
    EventQuery { start: Some("2026-05-04T02:00:00+02:00".into()), end: Some("2026-05-11T00:00:00Z".into()), ..EventQuery::default() }
}

#[test]
fn each_operation_has_graph_s_method_and_path() {
    let everything = Query::default();
    let text = |text: &str| Some(text.to_owned());
    let expected = [
        (users::me().request, "GET /me"),
        (users::list(&everything).unwrap().request, "GET /users"),
        (users::get("a b").request, "GET /users/a%20b"),
        (users::photo("x").request, "GET /users/x/photo/$value"),
        (users::photo("me").request, "GET /me/photo/$value"),
        (people::list(&everything).unwrap().request, "GET /me/people"),
        (rooms::list(None).request, "GET /places/microsoft.graph.room"),
        (rooms::list(Some("b1@contoso.com")).request, "GET /places/b1@contoso.com/microsoft.graph.roomlist/rooms"),
        (rooms::lists().request, "GET /places/microsoft.graph.roomlist"),
        (calendars::list().request, "GET /me/calendars"),
        (calendars::get("c/+=").request, "GET /me/calendars/c%2F%2B%3D"),
        (calendars::create(json!({"name": "n"})).unwrap().request, "POST /me/calendars"),
        (calendars::update("c", json!({"color": "auto"})).unwrap().request, "PATCH /me/calendars/c"),
        (calendars::delete("c").request, "DELETE /me/calendars/c"),
        (calendar_groups::list().request, "GET /me/calendarGroups"),
        (calendar_groups::create(json!({"name": "n"})).unwrap().request, "POST /me/calendarGroups"),
        (calendar_groups::update("g", json!({"name": "n"})).unwrap().request, "PATCH /me/calendarGroups/g"),
        (calendar_groups::delete("g").request, "DELETE /me/calendarGroups/g"),
        (calendar_groups::calendars("g").request, "GET /me/calendarGroups/g/calendars"),
        (events::list(&EventQuery::default()).unwrap().request, "GET /me/events"),
        (events::list(&view()).unwrap().request, "GET /me/calendarView"),
        (events::list(&EventQuery { calendar: text("c"), ..view() }).unwrap().request, "GET /me/calendars/c/calendarView"),
        (events::list(&EventQuery { group: text("g"), ..view() }).unwrap().request, "GET /groups/g/calendarView"),
        (
            events::list(&EventQuery { calendar: text("c"), group: text("g"), ..EventQuery::default() }).unwrap().request,
            "GET /me/calendarGroups/g/calendars/c/events",
        ),
        (events::get("e").request, "GET /me/events/e"),
        (events::create(new_event(), None, "t").unwrap().request, "POST /me/events"),
        (events::create(new_event(), Some("c"), "t").unwrap().request, "POST /me/calendars/c/events"),
        (events::update("e", json!({"subject": "x"}), None).unwrap().request, "PATCH /me/events/e"),
        (events::delete("e", None).unwrap().request, "DELETE /me/events/e"),
        (events::instances("e", "2026-05-04T00:00:00Z", "2026-05-11T00:00:00Z").unwrap().request, "GET /me/events/e/instances"),
        (
            events::reminders("2026-05-04T00:00:00Z", "2026-05-11T00:00:00Z").unwrap().request,
            "GET /me/reminderView(startDateTime='2026-05-04T00:00:00Z',endDateTime='2026-05-11T00:00:00Z')",
        ),
        (events::attachments("e").request, "GET /me/events/e/attachments"),
        (events::attachment("e", "a").request, "GET /me/events/e/attachments/a"),
        (events::attach("e", json!({"name": "n"})).unwrap().request, "POST /me/events/e/attachments"),
        (answers::respond("e", "decline", &AnswerOptions::default()).unwrap().request, "POST /me/events/e/decline"),
        (answers::cancel("e", "").request, "POST /me/events/e/cancel"),
        (answers::forward("e", &["a@b.c".into()], "").unwrap().request, "POST /me/events/e/forward"),
        (answers::dismiss("e").request, "POST /me/events/e/dismissReminder"),
        (schedule::find_meeting_times(json!({})).unwrap().request, "POST /me/findMeetingTimes"),
        (mailbox_settings::get().request, "GET /me/mailboxSettings"),
        (mailbox_settings::update(json!({"timeZone": "UTC"})).unwrap().request, "PATCH /me/mailboxSettings"),
        (messages::list(None, &everything).unwrap().request, "GET /me/messages"),
        (messages::list(Some("inbox"), &everything).unwrap().request, "GET /me/mailFolders/inbox/messages"),
        (messages::get("m").request, "GET /me/messages/m"),
        (messages::reply("m", "thanks", false).request, "POST /me/messages/m/reply"),
        (messages::reply("m", "thanks", true).request, "POST /me/messages/m/replyAll"),
        (messages::create(json!({"subject": "s"})).unwrap().request, "POST /me/messages"),
        (messages::update("m", json!({"isRead": true})).unwrap().request, "PATCH /me/messages/m"),
        (messages::delete("m").request, "DELETE /me/messages/m"),
        (messages::attachments("m").request, "GET /me/messages/m/attachments"),
        (contacts::list(&everything).unwrap().request, "GET /me/contacts"),
        (contacts::get("c").request, "GET /me/contacts/c"),
        (contacts::create(json!({"givenName": "A"})).unwrap().request, "POST /me/contacts"),
        (contacts::update("c", json!({"givenName": "A"})).unwrap().request, "PATCH /me/contacts/c"),
        (contacts::delete("c").request, "DELETE /me/contacts/c"),
        (files::list("").unwrap().request, "GET /me/drive/root/children"),
        (files::list("/A b/C/").unwrap().request, "GET /me/drive/root:/A%20b/C:/children"),
        (files::get("").unwrap().request, "GET /me/drive/root"),
        (files::get("a#b.txt").unwrap().request, "GET /me/drive/root:/a%23b.txt"),
        (files::session("a.txt").unwrap().request, "POST /me/drive/root:/a.txt:/createUploadSession"),
        (files::delete("a.txt").unwrap().request, "DELETE /me/drive/root:/a.txt"),
        (files::attachment_session(AttachedTo::Event("e"), "n", 1).request, "POST /me/events/e/attachments/createUploadSession"),
        (groups::list(&everything).unwrap().request, "GET /groups"),
        (groups::get("g").request, "GET /groups/g"),
        (groups::members("g", false).request, "GET /groups/g/members"),
        (groups::members("g", true).request, "GET /groups/g/transitiveMembers"),
    ];
    for (request, address) in &expected {
        assert_eq!(&at(request), address);
        assert!(!request.scopes.is_empty(), "{address}");
    }
}

#[test]
fn what_belongs_to_a_mailbox_moves_to_another() {
    let other = context(Mailbox::User("megan@contoso.com".into()));
    let path = |request: &Request| request.url(&other).unwrap().path().to_owned();
    assert_eq!(path(&users::me().request), "/v1.0/users/megan@contoso.com");
    assert_eq!(path(&files::get("a.txt").unwrap().request), "/v1.0/users/megan@contoso.com/drive/root:/a.txt");
    assert!(
        path(&events::reminders("2026-05-04T00:00:00Z", "2026-05-11T00:00:00Z").unwrap().request)
            .starts_with("/v1.0/users/megan@contoso.com/reminderView(")
    );
    assert_eq!(path(&groups::get("g").request), "/v1.0/groups/g");
    assert_eq!(users::list(&Query::default()).unwrap().request.lane(&Mailbox::Me), Lane::Directory);
}

#[test]
fn lists_ask_for_what_is_small_and_callers_choose_otherwise() {
    for request in [
        events::list(&view()).unwrap().request,
        messages::list(None, &Query::default()).unwrap().request,
        contacts::list(&Query::default()).unwrap().request,
        users::list(&Query::default()).unwrap().request,
        files::list("").unwrap().request,
    ] {
        let select = option(&request, "$select").unwrap();
        let members: Vec<&str> = select.split(',').collect();
        assert!(members.contains(&"id") && !members.contains(&"body") && !select.contains(' '), "{select}");
        assert!(!select.contains("downloadUrl"));
    }
    let call = events::list(&view()).unwrap();
    assert_eq!(option(&call.clone().selecting(&[]).request, "$select"), option(&call.request, "$select"));
    let chosen = call.selecting(&["subject".into(), "body".into()]);
    assert_eq!(option(&chosen.request, "$select").as_deref(), Some("subject,body"));
    assert_eq!(option(&chosen.request, "startDateTime").as_deref(), Some("2026-05-04T00:00:00Z"));
}

#[test]
fn searches_are_quoted_and_the_directory_is_told_that_its_index_may_lag() {
    let typed = Query { search: Some("anne \"x\\".into()), ..Query::default() };
    let request = users::list(&typed).unwrap().request;
    let clause = "anne \\\"x\\\\\"";
    let expected = format!("\"displayName:{clause} OR \"mail:{clause} OR \"userPrincipalName:{clause}");
    assert_eq!(option(&request, "$search").unwrap(), expected);
    let eventual = |request: &Request| request.headers.iter().any(|(name, value)| *name == CONSISTENCY_LEVEL && value == "eventual");
    assert!(eventual(&request) && !eventual(&users::list(&Query::default()).unwrap().request));
    let own = Query { search: Some("\"jobTitle:lead\"".into()), ..Query::default() };
    assert_eq!(option(&users::list(&own).unwrap().request, "$search").as_deref(), Some("\"jobTitle:lead\""));
    let filtered = Query { filter: Some("endsWith(mail,'x')".into()), top: Some(5), ..Query::default() };
    let request = groups::list(&filtered).unwrap().request;
    assert!(eventual(&request));
    assert_eq!((option(&request, "$count").as_deref(), option(&request, "$top").as_deref()), (Some("true"), Some("5")));
    let contact = contacts::list(&Query { search: Some("O'Hara".into()), ..Query::default() }).unwrap().request;
    assert!(option(&contact, "$filter").unwrap().starts_with("startswith(displayName,'O''Hara') or "));
}

#[test]
fn a_new_event_can_be_recognized_and_a_change_is_bound_to_its_version() {
    let minted = events::create(new_event(), None, "t-1").unwrap().request;
    assert_eq!((&minted.body.unwrap()["transactionId"], minted.safety), (&json!("t-1"), Safety::Once));
    let mut own = new_event();
    own["transactionId"] = "mine".into();
    assert_eq!(events::create(own, None, "t-1").unwrap().request.body.unwrap()["transactionId"], "mine");
    for request in [
        events::update("e", json!({"subject": "x"}), Some("W/\"1\"")).unwrap().request,
        events::delete("e", Some("W/\"1\"")).unwrap().request,
    ] {
        let message = request.to_http(&context(Mailbox::Me)).unwrap();
        assert_eq!(message.headers()["if-match"], "W/\"1\"");
        assert_eq!(request.safety, Safety::Idempotent);
    }
}

#[test]
fn nonsense_is_refused_before_it_leaves_and_named() {
    refused(events::create(json!([]), None, "t"), "body");
    refused(events::create(json!({"subject": "x"}), None, "t"), "start");
    let (start, end) = slot();
    refused(events::create(json!({"start": start, "end": {"dateTime": "soon"}}), None, "t"), "end");
    refused(events::create(json!({"start": start, "end": {"dateTime": "2026-05-04T10:00:00", "timeZone": ""}}), None, "t"), "end");
    refused(events::create(json!({"start": end, "end": start}), None, "t"), "end");
    let with = |name: &str, value: Value| {
        let mut event = new_event();
        event[name] = value;
        events::create(event, None, "t")
    };
    refused(with("attendees", json!("a@b.c")), "attendees");
    refused(with("attendees", json!([{"emailAddress": {"name": "A"}}])), "attendees");
    refused(with("attendees", vec![json!({"emailAddress": {"address": "a@b.c"}}); 501].into()), "attendees");
    refused(with("transactionId", json!(7)), "transactionId");
    refused(events::update("e", json!({}), None), "body");
    refused(events::update("e", json!({"end": {"dateTime": "x", "timeZone": "UTC"}}), None), "end");
    refused(events::update("e", json!({"subject": "x"}), Some("")), "etag");
    refused(events::list(&EventQuery { end: None, ..view() }), "end");
    refused(events::list(&EventQuery { start: Some("2026-05-04T09:00:00".into()), ..view() }), "start");
    refused(events::instances("e", "2026-05-04T09:00:00Z", "2026-05-04T09:00:00Z"), "end");
    refused(events::list(&EventQuery { list: Query { top: Some(0), ..Query::default() }, ..view() }), "top");
    refused(users::list(&Query { top: Some(1000), ..Query::default() }), "top");
    refused(answers::respond("e", "perhaps", &AnswerOptions::default()), "response");
    let slot = json!({"start": start, "end": end});
    let proposing = AnswerOptions { proposed_new_time: Some(slot), ..AnswerOptions::default() };
    refused(answers::respond("e", "accept", &proposing), "proposedNewTime");
    refused(answers::respond("e", "decline", &AnswerOptions { send_response: Some(false), ..proposing.clone() }), "proposedNewTime");
    let body = answers::respond("e", "decline", &proposing).unwrap().request.body.unwrap();
    assert_eq!((&body["sendResponse"], &body["proposedNewTime"]["end"]), (&json!(true), &end));
    refused(answers::forward("e", &[], ""), "to");
    refused(answers::forward("e", &[" ".into()], ""), "to");
    refused(answers::snooze("e", &DateTimeTimeZone { date_time: "later".into(), time_zone: "UTC".into() }), "until");
    refused(messages::send(json!({"subject": "s"}), true), "toRecipients");
    refused(messages::list(None, &Query { search: Some("a".into()), filter: Some("b".into()), ..Query::default() }), "search");
    refused(calendars::create(json!({"color": "auto"})), "name");
    refused(schedule::find_meeting_times(json!("x")), "body");
    refused(files::delete("/"), "path");
    refused(files::get("a/../../b"), "path");
}

#[test]
fn actions_are_not_repeated_and_deletions_are() {
    let safety = |call: Call<Value>| call.request.safety;
    assert_eq!(safety(answers::cancel("e", "")), Safety::Never);
    assert_eq!(safety(answers::forward("e", &["a@b.c".into()], "").unwrap()), Safety::Never);
    assert_eq!(safety(messages::reply("m", "x", false)), Safety::Never);
    let message = json!({"toRecipients": [{"emailAddress": {"address": "a@b.c"}}]});
    assert_eq!(safety(messages::send(message, false).unwrap()), Safety::Never);
    assert_eq!(safety(contacts::create(json!({"givenName": "A"})).unwrap()), Safety::Never);
    assert_eq!(safety(contacts::delete("c")), Safety::Idempotent);
    assert_eq!(safety(answers::dismiss("e")), Safety::Idempotent);
}

#[test]
fn a_photo_is_bytes_alone_and_inside_a_batch() {
    let call = users::photo("x");
    let response = http::Response::builder().header("content-type", "image/png").body(b"<png".to_vec()).unwrap();
    let photo = call.read(Answer::from_http(response, call.request.expect, 0).unwrap()).unwrap().unwrap();
    assert_eq!((photo.media_type.as_str(), photo.bytes.as_slice()), ("image/png", b"<png".as_slice()));
    let mut headers = http::HeaderMap::new();
    headers.insert("content-type", "image/jpeg".parse().unwrap());
    let inside = Answer::from_parts(200, headers, json!("AQID"), Expect::Bytes, 0).unwrap();
    assert_eq!(call.read(inside).unwrap().unwrap().bytes, [1, 2, 3]);
    let page = http::Response::builder().header("content-type", "text/html").body(b"<html>".to_vec()).unwrap();
    assert_eq!(Answer::from_http(page, Expect::Bytes, 0).unwrap_err().code(), ErrorCode::InvalidResponse);
}

#[test]
fn a_small_file_goes_up_as_bytes() {
    let content = Content { media_type: "text/plain".into(), bytes: (*b"hello").into() };
    let request = files::put("Notes/a.txt", content).unwrap().request;
    let message = request.to_http(&context(Mailbox::Me)).unwrap();
    assert_eq!((message.headers()["content-type"].to_str().unwrap(), message.body().as_slice()), ("text/plain", b"hello".as_slice()));
    assert_eq!((at(&request).as_str(), request.safety), ("PUT /me/drive/root:/Notes/a.txt:/content", Safety::Idempotent));
}
