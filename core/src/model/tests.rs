//! Tests of the model: what odd members become, and what goes out.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn event(value: Value) -> Event {
    Event::from_json(value).unwrap()
}

fn full() -> Value {
    json!({
        "@odata.etag": "W/\"1\"", "id": "AAMk=", "iCalUId": "0400", "subject": "Stand-up", "showAs": "TENTATIVE", "sensitivity": "Private",
        "type": "occurrence", "seriesMasterId": "AAMkMaster", "isAllDay": "false", "isCancelled": true, "responseRequested": null,
        "allowNewTimeProposals": false, "start": {"dateTime": "2026-05-04T09:00:00.0000000", "timeZone": "UTC"},
        "end": {"dateTime": "2026-05-04T09:15:00.0000000", "timeZone": "UTC"}, "location": {"displayName": "Adams", "locationType": "conferenceRoom"},
        "body": {"contentType": "text", "content": "whole"}, "bodyPreview": "wh", "responseStatus": {"response": "notResponded", "time": "0001-01-01T00:00:00Z"},
        "organizer": {"emailAddress": {"name": "Adele", "address": "Adele@contoso.com"}},
        "attendees": [
            {"type": "Required", "emailAddress": {"name": "Adele", "address": "adele@CONTOSO.com"}},
            {"type": "resource", "status": {"response": "accepted"}, "emailAddress": {"name": "Adams", "address": "adams@contoso.com"}},
            {"type": "observer", "emailAddress": {"address": "lee@contoso.com"}, "proposedNewTime": {"start": {}}},
            {"type": "optional", "emailAddress": {"address": "LEE@contoso.com"}},
            null, 5, {"emailAddress": null}
        ],
        "onlineMeeting": {"joinUrl": "https://teams.example/join"}, "webLink": "https://outlook.example/x", "categories": ["Red"], "uid": "new"
    })
}

#[test]
fn an_event_is_read_whole() {
    let event = event(full());
    assert_eq!((event.id.as_str(), event.etag.as_deref(), event.ical_uid.as_deref()), ("AAMk=", Some("W/\"1\""), Some("0400")));
    assert_eq!((event.show_as, event.sensitivity, event.kind), (ShowAs::Tentative, Sensitivity::Private, EventType::Occurrence));
    assert_eq!(
        (event.is_all_day, event.is_cancelled, event.response_requested, event.allow_new_time_proposals),
        (false, true, true, false)
    );
    assert_eq!((event.location.as_str(), event.body_text.as_str(), event.response), ("Adams", "whole", Response::NotResponded));
    assert_eq!(event.start, DateTimeTimeZone { date_time: "2026-05-04T09:00:00.0000000".into(), time_zone: "UTC".into() });
    assert_eq!(event.join_url.as_deref(), Some("https://teams.example/join"));
    assert_eq!((event.series_master_id.as_deref(), event.web_link.as_deref()), (Some("AAMkMaster"), Some("https://outlook.example/x")));
}

#[test]
fn everybody_is_listed_once_and_the_organizer_apart() {
    let event = event(full());
    assert_eq!(event.organizer.unwrap().name, "Adele");
    let listed: Vec<_> = event.attendees.iter().map(|attendee| (attendee.email.name.as_str(), attendee.kind.as_word())).collect();
    assert_eq!(listed, [("Adams", "resource"), ("lee@contoso.com", "observer"), ("", "required")]);
    assert_eq!(event.attendees[0].response, Response::Accepted);
    assert_eq!(event.attendees[1].other["proposedNewTime"], json!({"start": {}}));
}

#[test]
fn what_is_not_known_is_kept() {
    let event = event(full());
    for (name, value) in [("categories", json!(["Red"])), ("uid", json!("new"))] {
        assert_eq!(event.other[name], value);
    }
    assert_eq!(event.other["location"]["locationType"], "conferenceRoom");
    assert!(!event.other.contains_key("subject") && !event.other.contains_key("attendees"));
}

#[test]
fn unknown_words_stay_as_they_came() {
    let event = event(json!({"showAs": "unknownFutureValue", "type": "aNewType", "responseStatus": {"response": "delegated"}}));
    assert_eq!(event.show_as, ShowAs::Other("unknownFutureValue".into()));
    assert_eq!((event.kind.as_word(), event.response.as_word()), ("aNewType", "delegated"));
    assert_eq!(FreeBusy::from_word("aNewState"), FreeBusy::Unknown);
    assert_eq!(FreeBusy::from_word("WorkingElsewhere"), FreeBusy::WorkingElsewhere);
}

#[test]
fn nulls_and_wrong_types_cost_only_themselves() {
    let names = [
        "id",
        "subject",
        "start",
        "end",
        "location",
        "body",
        "attendees",
        "organizer",
        "showAs",
        "type",
        "responseStatus",
        "onlineMeeting",
        "isAllDay",
    ];
    for wrong in [Value::Null, json!(5), json!([null]), json!({"x": null}), json!(true)] {
        let all: serde_json::Map<String, Value> = names.iter().map(|name| ((*name).to_owned(), wrong.clone())).collect();
        let read = event(Value::Object(all));
        assert!(read.attendees.is_empty() || wrong.is_array(), "{wrong}");
        assert_eq!(read.show_as, ShowAs::Busy);
    }
    assert_eq!(event(json!({})).response, Response::None);
    assert_eq!(event(json!({"subject": 12.5, "id": true})).subject, "12.5");
    for none in [Value::Null, json!([]), json!("x")] {
        assert!(
            Event::from_json(none.clone()).is_none() && Calendar::from_json(none.clone()).is_none() && Person::from_json(none).is_none()
        );
    }
}

#[test]
fn html_is_never_taken_for_text_and_links_are_https() {
    let read =
        event(json!({"body": {"contentType": "html", "content": "<script>"}, "bodyPreview": "preview", "webLink": "javascript:alert(1)",
        "onlineMeeting": {"joinUrl": "http://x"}, "onlineMeetingUrl": "HTTPS://old.example"}));
    assert_eq!((read.body_text.as_str(), read.web_link, read.join_url.as_deref()), ("preview", None, Some("HTTPS://old.example")));
    assert_eq!(read.other["body"]["content"], "<script>");
}

#[test]
fn a_huge_body_is_cut_between_characters() {
    let body = "\u{20ac}".repeat(BODY_LIMIT);
    let read = event(json!({"body": {"contentType": "TEXT", "content": body}}));
    assert!(read.body_text.len() <= BODY_LIMIT && read.body_text.len() > BODY_LIMIT - 3);
}

#[test]
fn only_what_changed_is_sent() {
    let before = event(full());
    let mut draft = EventDraft::of(&before);
    draft.body_text = "whole\r\n".into();
    assert!(draft.changes_from(&before).is_empty());
    draft.subject = "Later".into();
    draft.end.date_time = "2026-05-04T09:30:00".into();
    let changes = Value::Object(draft.changes_from(&before));
    assert_eq!(
        changes,
        json!({"subject": "Later", "start": {"dateTime": "2026-05-04T09:00:00.0000000", "timeZone": "UTC"}, "end": {"dateTime": "2026-05-04T09:30:00", "timeZone": "UTC"}})
    );
}

#[test]
fn attendees_go_out_in_their_roles_and_without_their_answers() {
    let before = event(full());
    let mut draft = EventDraft::of(&before);
    draft.attendees.remove(0);
    draft.attendees.reverse();
    let changes = draft.changes_from(&before);
    assert_eq!(
        changes["attendees"][1],
        json!({"type": "observer", "emailAddress": {"address": "lee@contoso.com", "name": "lee@contoso.com"}})
    );
    let mut reordered = EventDraft::of(&before);
    reordered.attendees.reverse();
    assert!(reordered.changes_from(&before).is_empty());
}

#[test]
fn a_draft_is_written_with_what_it_has() {
    let draft = EventDraft {
        transaction_id: "t".into(),
        subject: "Review".into(),
        location: "Adams".into(),
        body_text: "text".into(),
        attendees: vec![Attendee {
            email: EmailAddress { name: String::new(), address: "a@b.c".into() },
            kind: AttendeeKind::Optional,
            ..Attendee::default()
        }],
        ..EventDraft::default()
    };
    let written = draft.to_json();
    assert_eq!(written["body"], json!({"contentType": "text", "content": "text"}));
    assert_eq!(written["location"], json!({"displayName": "Adams"}));
    assert_eq!(written["attendees"], json!([{"type": "optional", "emailAddress": {"address": "a@b.c"}}]));
    let bare = EventDraft::default().to_json();
    assert!(["body", "location", "attendees", "transactionId"].iter().all(|name| bare.get(name).is_none()));
}

#[test]
fn people_have_the_address_that_works() {
    let person = |value: Value| Person::from_json(value).unwrap();
    assert_eq!(person(json!({"mail": null, "userPrincipalName": "a@x.onmicrosoft.com", "displayName": null})).name, "a@x.onmicrosoft.com");
    let scored = person(
        json!({"displayName": "Anne", "scoredEmailAddresses": [{"address": null}, {"address": "anne@b.c"}], "userPrincipalName": "u",
        "personType": {"class": "Person", "subclass": "OrganizationUser"}}),
    );
    assert_eq!((scored.address.as_str(), scored.kind), ("anne@b.c", PersonKind::Person));
    assert_eq!(person(json!({"personType": {"class": "Other", "subclass": "room"}})).kind, PersonKind::Room);
    assert_eq!(person(json!({"personType": {"class": "Group"}})).kind, PersonKind::Group);
}

#[test]
fn a_schedule_may_hold_nothing_but_an_error() {
    let schedule = ScheduleInformation::from_json(
        &json!({"scheduleId": "x@y", "scheduleItems": null, "error": {"message": "Proxy web request failed.", "responseCode": 5016}}),
    )
    .unwrap();
    assert_eq!((schedule.error.as_deref(), schedule.error_code.as_str()), (Some("Proxy web request failed."), "5016"));
    assert!(schedule.items.is_none() && schedule.availability_view.is_none() && schedule.working_hours.is_none());
    let fine = ScheduleInformation::from_json(&json!({"scheduleId": "x@y", "error": null, "scheduleItems": [null, {"status": "Oof"}], "workingHours": {"daysOfWeek": ["Monday", 3]}})).unwrap();
    assert_eq!(
        (fine.error, fine.items.unwrap()[0].status, fine.working_hours.unwrap().days_of_week),
        (None, FreeBusy::Oof, vec!["monday".to_owned()])
    );
}

#[test]
fn reasons_have_one_casing() {
    for (given, read) in [("AttendeesUnavailable", "attendeesUnavailable"), ("organizerUnavailable", "organizerUnavailable"), ("", "")] {
        assert_eq!(MeetingTimes::from_json(&json!({"emptySuggestionsReason": given})).unwrap().empty_reason, read);
    }
    let read = MeetingTimes::from_json(
        &json!({"meetingTimeSuggestions": [null, {"confidence": "49.5", "meetingTimeSlot": {}}, {"confidence": 100}]}),
    )
    .unwrap();
    assert_eq!((read.suggestions.len(), read.suggestions[0].confidence), (1, 49.5));
}

#[test]
fn a_calendar_s_colour_is_a_colour() {
    let read = |hex: &str| Calendar::from_json(json!({"id": "1", "name": "Work", "hexColor": hex, "canEdit": null})).unwrap();
    assert_eq!((read("#12aBef").hex_color.as_str(), read("red;background:url(x)").hex_color.as_str()), ("#12aBef", ""));
    assert!(read("").can_edit);
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from)
    ];
    let names = prop_oneof![
        Just("attendees"),
        Just("emailAddress"),
        Just("address"),
        Just("body"),
        Just("content"),
        Just("contentType"),
        Just("start"),
        Just("status"),
        Just("scheduleItems"),
        Just("meetingTimeSlot"),
        Just("meetingTimeSuggestions"),
        Just("workingHours"),
        Just("error"),
        Just("organizer"),
        Just("id"),
    ];
    leaf.prop_recursive(4, 64, 8, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(names.clone().prop_map(str::to_owned), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_json_makes_reading_panic(value in any_json()) {
        let readable = value.is_object();
        prop_assert_eq!(ScheduleInformation::from_json(&value).is_some(), readable);
        prop_assert_eq!(MeetingTimes::from_json(&value).is_some(), readable);
        prop_assert_eq!(MailboxSettings::from_json(&value).is_some(), readable);
        prop_assert_eq!(Calendar::from_json(value.clone()).is_some(), readable);
        prop_assert_eq!(Person::from_json(value.clone()).is_some(), readable);
        prop_assert_eq!(Event::from_json(value).is_some(), readable);
    }
}
