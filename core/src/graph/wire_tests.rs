//! Tests of `wire` and of the operations: what goes over the wire, byte by byte where it matters.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use chrono::{DateTime, Utc};
use serde_json::json;

use super::*;
use crate::graph::{
    Call, HostList, Proposal, calendar_view, calendars, cancel_event, create_event, delete_event, event, find_meeting_times,
    mailbox_settings, me, respond, search_people, search_users, update_event, user,
};
use crate::model::{DateTimeTimeZone, EventDraft, EventResponse};

fn context() -> Context {
    Context {
        base: Url::parse("https://graph.microsoft.com").unwrap(),
        mailbox: Mailbox::Me,
        time_zone: Some("Europe/Berlin".into()),
        immutable_ids: false,
    }
}

fn address(request: &Request) -> String {
    request.url(&context()).unwrap().as_str().trim_start_matches("https://graph.microsoft.com/v1.0").to_owned()
}

fn header(request: &Request, name: &str) -> Option<String> {
    request.to_http(&context()).unwrap().headers().get(name).map(|value| value.to_str().unwrap().to_owned())
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn ids_are_one_segment_whatever_is_in_them() {
    assert_eq!(address(&event("AAMk/+a==").request), "/me/events/AAMk%2F%2Ba%3D%3D");
    assert_eq!(address(&event("a?b#c d\u{e4}").request), "/me/events/a%3Fb%23c%20d%C3%A4");
    assert_eq!(address(&user("anne#EXT#@contoso.com").request.clone()).split('?').next(), Some("/users/anne%23EXT%23@contoso.com"));
}

#[test]
fn ids_that_would_name_another_resource_are_refused() {
    for id in ["", ".", "..", " "] {
        let error = delete_event(id, None).unwrap().request.url(&context()).unwrap_err();
        assert_eq!(error.code(), ErrorCode::InvalidRequest, "{id:?}");
    }
}

#[test]
fn another_mailbox_takes_the_place_of_me() {
    let mut other = context();
    other.mailbox = Mailbox::User("megan@contoso.com".into());
    let url = |request: &Request, context: &Context| request.url(context).unwrap().path().to_owned();
    assert_eq!(url(&me().request, &other), "/v1.0/users/megan@contoso.com");
    assert_eq!(url(&event("x").request, &other), "/v1.0/users/megan@contoso.com/events/x");
    let raw = |path: &str| Call::request(Method::GET, path, None).request;
    assert_eq!(url(&raw("/me/messages"), &other), "/v1.0/users/megan@contoso.com/messages");
    assert_eq!(url(&raw("/meetings"), &other), "/v1.0/meetings");
    other.mailbox = Mailbox::User("$odd'name@contoso.com".into());
    assert_eq!(url(&event("x").request, &other), "/v1.0/users('$odd''name@contoso.com')/events/x");
    assert_eq!(url(&event("x").in_mailbox(Mailbox::Me).request, &other), "/v1.0/me/events/x");
}

#[test]
fn raw_paths_stay_below_the_service_root() {
    for path in ["me", "//evil.example/x", "/\\evil.example", "/../beta/me", "/me/../../beta", "/x/%2e%2e/%2e%2e/y", "@evil.example", ""] {
        let outcome = Call::request(Method::GET, path, None).request.url(&context());
        assert!(outcome.is_err(), "{path} became {}", outcome.unwrap());
    }
    let with_query = Call::request(Method::GET, "/me/events?$top=5", None).request.query("$select", "id,subject");
    assert_eq!(address(&with_query), "/me/events?$top=5&$select=id,subject");
}

#[test]
fn a_whole_link_is_used_as_it_is_and_only_graph_s_gets_a_token() {
    let hosts = HostList::new("https://graph.microsoft.com", &[]).unwrap();
    let authorized = |path: &str| {
        let mut message = Call::request(Method::GET, path, None).request.to_http(&context()).unwrap();
        hosts.authorize(&mut message, "token").map(|()| message.uri().to_string())
    };
    let link = "https://graph.microsoft.com/v1.0/me/events?$skiptoken=a%2Fb";
    assert_eq!(authorized(link).unwrap(), link);
    for foreign in ["https://evil.example/v1.0/me", "http://graph.microsoft.com/v1.0/me", "https://graph.microsoft.com:x@evil.example/"] {
        if let Ok(address) = authorized(foreign) {
            panic!("{address} got the token");
        }
    }
    let more = Call::request(Method::GET, link, None).request.query("$top", "5");
    assert!(address(&more).ends_with("?$skiptoken=a%2Fb&$top=5"));
}

#[test]
fn the_view_asks_for_what_is_shown_ordered_and_in_the_zone() {
    let call = calendar_view(Some("c="), instant("2026-05-04T00:00:00+02:00"), instant("2026-05-11T00:00:00+02:00"));
    let url = address(&call.request);
    assert!(url.starts_with(
        "/me/calendars/c%3D/calendarView?startDateTime=2026-05-03T22:00:00Z&endDateTime=2026-05-10T22:00:00Z&$select=subject,"
    ));
    assert!(url.ends_with("&$orderby=start/dateTime&$top=250"));
    assert!(url.contains("isOnlineMeeting") && !url.contains(' '));
    assert_eq!(header(&call.request, "prefer").unwrap(), "outlook.timezone=\"Europe/Berlin\"");
    let tokyo = call.in_time_zone("Tokyo Standard Time");
    assert_eq!(header(&tokyo.request, "prefer").unwrap(), "outlook.timezone=\"Tokyo Standard Time\"");
    assert!(tokyo.in_time_zone("a\"b").request.to_http(&context()).is_err());
}

#[test]
fn one_event_comes_with_a_plain_body() {
    assert_eq!(header(&event("x").request, "prefer").unwrap(), "outlook.timezone=\"Europe/Berlin\", outlook.body-content-type=\"text\"");
    assert_eq!(header(&mailbox_settings().request, "prefer"), None);
}

#[test]
fn writing_is_strict_and_knows_what_a_repetition_does() {
    let at = |time: &str| DateTimeTimeZone { date_time: time.into(), time_zone: "UTC".into() };
    let draft = EventDraft {
        transaction_id: "t".into(),
        subject: "s".into(),
        start: at("2026-05-04T09:00:00"),
        end: at("2026-05-04T10:00:00"),
        ..EventDraft::default()
    };
    let create = create_event(&draft, None).request;
    assert_eq!((create.method.as_str(), address(&create).as_str(), create.safety), ("POST", "/me/events", Safety::Once));
    assert_eq!(
        create.body.unwrap(),
        json!({"transactionId": "t", "subject": "s", "start": {"dateTime": "2026-05-04T09:00:00", "timeZone": "UTC"}, "end": {"dateTime": "2026-05-04T10:00:00", "timeZone": "UTC"}})
    );
    assert_eq!(create_event(&EventDraft::default(), None).request.safety, Safety::Never);

    let update = update_event("x", Some("W/\"2\""), serde_json::Map::new()).unwrap().request;
    assert_eq!(
        (update.method.as_str(), update.safety, header(&update, "if-match").as_deref()),
        ("PATCH", Safety::Idempotent, Some("W/\"2\""))
    );
    assert!(update_event("x", Some("a\nb"), serde_json::Map::new()).is_err());
    assert_eq!(cancel_event("x", "sorry").request.body.unwrap(), json!({"comment": "sorry"}));
}

#[test]
fn answers_say_whether_to_send_and_may_propose() {
    let at = |time: &str| DateTimeTimeZone { date_time: time.into(), time_zone: "UTC".into() };
    let proposal = Proposal { start: at("a"), end: at("b") };
    let slot = json!({"start": {"dateTime": "a", "timeZone": "UTC"}, "end": {"dateTime": "b", "timeZone": "UTC"}});
    for (response, word, proposed) in [
        (EventResponse::Accept, "accept", None),
        (EventResponse::TentativelyAccept, "tentativelyAccept", Some(&slot)),
        (EventResponse::Decline, "decline", Some(&slot)),
    ] {
        let request = respond("x", response, "late", true, Some(&proposal)).request;
        assert_eq!((address(&request), request.safety), (format!("/me/events/x/{word}"), Safety::Never));
        let body = request.body.unwrap();
        assert_eq!((&body["comment"], &body["sendResponse"], body.get("proposedNewTime")), (&json!("late"), &json!(true), proposed));
    }
}

#[test]
fn searches_quote_what_was_typed() {
    assert!(address(&search_people("anne \"x\\").request).ends_with("$search=%22anne%20%5C%22x%5C%5C%22"));
    assert!(!address(&search_people("  ").request).contains("search"));
    let users = search_users("wa").request;
    assert!(address(&users).starts_with("/users?$search=%22displayName:wa%22%20OR%20%22mail:wa%22"));
    assert_eq!(header(&users, "consistencylevel").as_deref(), Some("eventual"));
    assert_eq!(users.lane(&Mailbox::Me), Lane::Directory);
}

#[test]
fn each_request_counts_against_its_mailbox() {
    let lane = |path: &str| Call::request(Method::GET, path, None).request.lane(&Mailbox::Me);
    let megan = Lane::Mailbox(Mailbox::User("megan".into()));
    assert_eq!(lane("/users/megan/calendarView?a=b"), megan);
    assert_eq!(lane("/users/megan?$select=id"), Lane::Directory);
    assert_eq!(lane("/users/megan/photo/$value"), Lane::Directory);
    assert_eq!(lane("/users/MEGAN/events"), megan);
    assert_eq!(lane("/groups"), Lane::Directory);
    assert_eq!(lane("/me/events"), Lane::Mailbox(Mailbox::Me));
    assert_eq!(lane("/$batch"), Lane::Mailbox(Mailbox::Me));
    let link = Url::parse("https://graph.microsoft.com/v1.0/users/megan/events?$skiptoken=x").unwrap();
    assert_eq!(Request::new(Method::GET, Target::Link(link)).lane(&Mailbox::Me), megan);
    assert_eq!(calendars().in_mailbox(Mailbox::User("megan".into())).request.lane(&Mailbox::Me), megan);
}

#[test]
fn reading_posts_are_safe_and_unknown_ones_are_not() {
    assert_eq!(find_meeting_times(json!({})).request.safety, Safety::Safe);
    let raw = |method, body| Call::request(method, "/me/x", body).request.safety;
    assert_eq!(raw(Method::POST, None), Safety::Never);
    assert_eq!(raw(Method::POST, Some(json!({"transactionId": "t"}))), Safety::Once);
    assert_eq!((raw(Method::GET, None), raw(Method::DELETE, None)), (Safety::Safe, Safety::Idempotent));
}

#[test]
fn an_authorization_header_cannot_be_smuggled_in() {
    let request = me().request.header(http::header::AUTHORIZATION, "Bearer x").unwrap();
    assert_eq!(request.to_http(&context()).unwrap_err().code(), ErrorCode::InvalidRequest);
}
