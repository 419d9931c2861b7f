//! Reads the requests and answers that Microsoft's own documentation shows, where a copy of them lies beside the project.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a test may stop at the first surprise, and says when it had nothing to do"
)]

use std::{fs, path::Path};

use chrono::{DateTime, TimeZone, Utc};
use convoke_core::{
    ErrorCode,
    api::availability_view,
    graph::{Answer, Call, Expect, calendars, event, find_meeting_times, get_schedule, mailbox_settings, me, search_people, search_users},
    model::{Calendar, DateTimeTimeZone, Event, FreeBusy, MeetingTimes, Person, Response, ScheduleInformation},
    time::windows_to_iana,
};
use http::Method;
use serde_json::{Map, Value, json};

/// All examples, or none where there is no copy.
fn examples() -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/graph/examples");
    let Ok(entries) = fs::read_dir(folder) else {
        eprintln!("skipped: no ../shared");
        return Vec::new();
    };
    let files = entries.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|kind| kind == "json"));
    let examples: Vec<(String, Value)> = files
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), serde_json::from_slice(&fs::read(path).unwrap()).unwrap()))
        .collect();
    assert!(!examples.is_empty(), "the copy holds no examples");
    examples
}

fn answer_of(example: &Value) -> Answer {
    let status = u16::try_from(example["status"].as_u64().unwrap_or(200)).unwrap();
    let response = http::Response::builder().status(status).header("content-type", "application/json");
    Answer::from_http(response.body(serde_json::to_vec(&example["responseBody"]).unwrap()).unwrap(), Expect::Json, 0).unwrap()
}

/// Reads the example of this name, if the examples are there.
fn read<T>(name: &str, call: &Call<T>) -> Option<T> {
    let examples = examples();
    if examples.is_empty() {
        return None;
    }
    let (_, example) = examples.iter().find(|(known, _)| known == name).unwrap_or_else(|| panic!("no example {name}"));
    Some(call.read(answer_of(example)).unwrap())
}

/// Compares a member of ours with Graph's, where Graph sent one.
#[track_caller]
fn same(name: &str, raw: &Value, member: &str, ours: &str) {
    if let Some(text) = raw[member].as_str() {
        assert_eq!(ours, text, "{name}: {member}");
    }
}

#[track_caller]
fn same_time(name: &str, raw: &Value, ours: &DateTimeTimeZone) {
    same(name, raw, "dateTime", &ours.date_time);
    same(name, raw, "timeZone", &ours.time_zone);
}

/// Whatever is not among the members that the model knows stands in `other` as it came.
#[track_caller]
fn kept(name: &str, raw: &Value, other: &Map<String, Value>, known: &[&str]) {
    for (member, value) in raw.as_object().unwrap().iter().filter(|(member, _)| !known.contains(&member.as_str())) {
        assert_eq!(other.get(member), Some(value), "{name}: {member} is lost");
    }
}

fn check_event(name: &str, raw: &Value) {
    let event = Event::from_json(raw.clone()).unwrap();
    same(name, raw, "id", &event.id);
    same(name, raw, "subject", &event.subject);
    same(name, raw, "@odata.etag", event.etag.as_deref().unwrap_or_default());
    same(name, raw, "iCalUId", event.ical_uid.as_deref().unwrap_or_default());
    same(name, raw, "showAs", event.show_as.as_word());
    same(name, raw, "sensitivity", event.sensitivity.as_word());
    same(name, raw, "type", event.kind.as_word());
    same(name, &raw["responseStatus"], "response", event.response.as_word());
    same(name, &raw["location"], "displayName", &event.location);
    same_time(name, &raw["start"], &event.start);
    same_time(name, &raw["end"], &event.end);
    for (member, ours) in [("isAllDay", event.is_all_day), ("isCancelled", event.is_cancelled), ("isOrganizer", event.is_organizer)] {
        assert_eq!(raw[member].as_bool().unwrap_or_default(), ours, "{name}: {member}");
    }
    assert_eq!(raw["allowNewTimeProposals"].as_bool().unwrap_or(true), event.allow_new_time_proposals, "{name}");
    assert_eq!(raw["responseRequested"].as_bool().unwrap_or(true), event.response_requested, "{name}");
    let organizer = &raw["organizer"]["emailAddress"]["address"];
    assert_eq!(event.organizer.as_ref().map(|organizer| organizer.address.as_str()), organizer.as_str(), "{name}");
    let invited = raw["attendees"].as_array().into_iter().flatten();
    let invited: Vec<&Value> = invited.filter(|one| one["emailAddress"]["address"] != *organizer).collect();
    assert_eq!(event.attendees.len(), invited.len(), "{name}");
    for (ours, raw) in event.attendees.iter().zip(invited) {
        same(name, &raw["emailAddress"], "address", &ours.email.address);
        assert!(raw["type"].as_str().is_none_or(|kind| kind.eq_ignore_ascii_case(ours.kind.as_word())), "{name}");
        same(name, &raw["status"], "response", ours.response.as_word());
        kept(name, raw, &ours.other, &["emailAddress", "type", "status"]);
    }
    if raw["body"]["contentType"].as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("text")) {
        same(name, &raw["body"], "content", &event.body_text);
    } else {
        assert_eq!(event.other.get("body"), raw.get("body"), "{name}");
    }
    let known = [
        "id",
        "@odata.etag",
        "iCalUId",
        "subject",
        "start",
        "end",
        "isAllDay",
        "showAs",
        "sensitivity",
        "type",
        "seriesMasterId",
        "isCancelled",
        "isOrganizer",
        "responseRequested",
        "allowNewTimeProposals",
        "responseStatus",
        "organizer",
        "attendees",
        "bodyPreview",
        "webLink",
        "body",
    ];
    kept(name, raw, &event.other, &known);
}

fn check_calendar(name: &str, raw: &Value) {
    let calendar = Calendar::from_json(raw.clone()).unwrap();
    same(name, raw, "id", &calendar.id);
    same(name, raw, "name", &calendar.name);
    same(name, raw, "color", &calendar.color);
    same(name, &raw["owner"], "address", &calendar.owner.clone().unwrap_or_default().address);
    assert_eq!(raw["canEdit"].as_bool().unwrap_or(true), calendar.can_edit, "{name}");
    let known = [
        "id",
        "name",
        "color",
        "hexColor",
        "isDefaultCalendar",
        "canEdit",
        "canViewPrivateItems",
        "owner",
        "allowedOnlineMeetingProviders",
    ];
    kept(name, raw, &calendar.other, &known);
}

fn check_person(name: &str, raw: &Value) {
    let person = Person::from_json(raw.clone()).unwrap();
    same(name, raw, "id", &person.id);
    same(name, raw, "displayName", &person.name);
    same(name, raw, "jobTitle", &person.job_title);
    same(name, raw, "mail", &person.address);
}

fn check_schedule(name: &str, raw: &Value) {
    // What goes out again is what came, so nothing was lost on the way.
    let ours = ScheduleInformation::from_json(raw).unwrap().to_json();
    for (member, value) in raw.as_object().unwrap() {
        match value.as_array() {
            Some(items) => {
                for (ours, raw) in ours[member].as_array().unwrap().iter().zip(items) {
                    raw.as_object().unwrap().iter().for_each(|(member, value)| assert_eq!(&ours[member], value, "{name}: {member}"));
                }
            }
            None => assert_eq!(&ours[member], value, "{name}: {member}"),
        }
    }
}

fn check_suggestions(name: &str, raw: &Value) {
    let times = MeetingTimes::from_json(raw).unwrap();
    let suggestions = raw["meetingTimeSuggestions"].as_array().unwrap();
    assert_eq!(times.suggestions.len(), suggestions.len(), "{name}");
    for (ours, raw) in times.suggestions.iter().zip(suggestions) {
        same_time(name, &raw["meetingTimeSlot"]["start"], &ours.start);
        assert_eq!(raw["confidence"].as_f64(), Some(ours.confidence), "{name}");
        same(name, raw, "organizerAvailability", ours.organizer.as_word());
        assert_eq!(raw["attendeeAvailability"].as_array().map_or(0, Vec::len), ours.attendees.len(), "{name}");
    }
}

/// The check of a kind of resource, by the name that the documentation gives it.
fn check_of(kind: &str) -> Option<fn(&str, &Value)> {
    Some(match kind.trim_start_matches("Collection(").trim_end_matches(')') {
        "microsoft.graph.event" => check_event,
        "microsoft.graph.calendar" => check_calendar,
        "microsoft.graph.user" | "microsoft.graph.person" => check_person,
        "microsoft.graph.scheduleInformation" => check_schedule,
        "microsoft.graph.meetingTimeSuggestionsResult" => check_suggestions,
        _ => return None,
    })
}

#[test]
fn every_documented_answer_comes_through_whole() {
    let examples = examples();
    let (mut answers, mut modelled) = (0, 0);
    for (name, example) in examples.iter().filter(|(name, _)| !name.starts_with('_')) {
        let body = &example["responseBody"];
        if example["incomplete"] == true || !body.is_object() {
            continue;
        }
        answers += 1;
        let list = body["value"].as_array();
        let read: Vec<Value> = match list {
            Some(_) => {
                let page = Call::<Value>::request(Method::GET, "/x", None);
                let page = Call::list(page.request).read(answer_of(example)).unwrap();
                assert_eq!(page.next.as_deref(), body["@odata.nextLink"].as_str(), "{name}");
                assert_eq!(page.delta.as_deref(), body["@odata.deltaLink"].as_str(), "{name}");
                page.items.into_iter().map(|item| item.value).collect()
            }
            None => vec![Call::<Value>::request(Method::GET, "/x", None).read(answer_of(example)).unwrap()],
        };
        let objects: Vec<&Value> = list.map_or_else(|| vec![body], |list| list.iter().filter(|entry| entry.is_object()).collect());
        assert_eq!(read.iter().collect::<Vec<_>>(), objects, "{name}");
        if let Some(check) = example["docsType"].as_str().and_then(check_of) {
            for raw in objects {
                check(name, raw);
                modelled += 1;
            }
        }
    }
    eprintln!("{answers} documented answers came through whole, {modelled} resources in them are as the model says");
    assert!(examples.is_empty() || (answers >= 140 && modelled >= 40), "only {answers} answers, {modelled} resources");
}

#[test]
fn every_documented_event_is_read() {
    let examples = examples();
    let mut count = 0;
    for (name, example) in &examples {
        let address = example["url"].as_str().unwrap_or_default().split('?').next().unwrap_or_default().to_owned();
        let is_event = (address.contains("/events") || address.contains("/calendarView")) && !address.contains("ttachment");
        if name.starts_with('_') || !is_event || !example["responseBody"].is_object() {
            continue;
        }
        let body = &example["responseBody"];
        let raw: Vec<Value> = body["value"].as_array().cloned().unwrap_or_else(|| vec![body.clone()]);
        for raw in raw.iter().filter(|raw| raw["start"].is_object()) {
            let wrapped = Answer { body: raw.clone(), ..Answer::default() };
            let read = event("x").read(wrapped).unwrap();
            count += 1;
            assert_eq!(Some(read.id.as_str()), raw["id"].as_str(), "{name}");
            assert_eq!(read.subject, raw["subject"].as_str().unwrap_or_default(), "{name}");
            assert_eq!(Some(read.start.date_time.as_str()), raw["start"]["dateTime"].as_str(), "{name}");
            assert_eq!(Some(read.end.time_zone.as_str()), raw["end"]["timeZone"].as_str(), "{name}");
            assert_eq!(read.location, raw["location"]["displayName"].as_str().unwrap_or_default(), "{name}");
            let organizer = raw["organizer"]["emailAddress"]["address"].as_str().unwrap_or_default();
            let invited = raw["attendees"].as_array().into_iter().flatten();
            let expected = invited.filter(|one| one["emailAddress"]["address"].as_str() != Some(organizer)).count();
            assert_eq!(read.attendees.len(), expected, "{name}");
        }
    }
    assert!(examples.is_empty() || count >= 15, "only {count} events found");
}

#[test]
fn a_proposal_is_kept() {
    let Some(event) = read("outlook-calendar-meeting-proposals.event_get", &event("x")) else { return };
    assert_eq!(event.attendees[0].response, Response::TentativelyAccepted);
    assert_eq!(event.attendees[0].other["proposedNewTime"]["start"]["dateTime"], "2019-08-16T12:00:00.0000000");
    assert!(event.allow_new_time_proposals);
}

#[test]
fn schedules_are_read_with_custom_zones() {
    let call = get_schedule(&[], Default::default(), Default::default(), chrono::TimeDelta::minutes(60));
    let Some(schedules) = read("calendar-getschedule.calendar_getschedule", &call) else { return };
    assert_eq!(schedules[0].items.as_ref().unwrap()[0].subject.as_deref(), Some("Let's go for lunch"));
    assert_eq!((schedules[1].availability_view.as_deref(), schedules[1].items.as_ref().unwrap().len()), (Some("200220010"), 5));
    let hours = schedules[1].working_hours.as_ref().unwrap();
    assert_eq!((hours.days_of_week.len(), hours.start_time.as_str(), &hours.time_zone["bias"]), (5, "08:00:00.0000000", &Value::from(480)));
}

/// What getSchedule is shown to answer, rebuilt from the items beside it by the module's own function. Zones are chrono-tz's.
#[test]
fn every_documented_view_is_reproduced() {
    let instant = |value: &Value| -> DateTime<Utc> {
        let name = value["timeZone"].as_str().unwrap();
        let zone: chrono_tz::Tz = windows_to_iana(name).unwrap_or(name).parse().unwrap();
        let wall: chrono::NaiveDateTime = value["dateTime"].as_str().unwrap().parse().unwrap();
        zone.from_local_datetime(&wall).earliest().unwrap().to_utc()
    };
    let examples = examples();
    let mut count = 0;
    let all = examples.iter().flat_map(|(_, example)| example.as_array().map_or(std::slice::from_ref(example), Vec::as_slice));
    for example in all {
        let asked = &example["requestBody"];
        for schedule in example["responseBody"]["value"].as_array().into_iter().flatten() {
            let (Some(view), Some(items)) = (schedule["availabilityView"].as_str(), schedule["scheduleItems"].as_array()) else { continue };
            let item = |item: &Value| json!({ "start": instant(&item["start"]), "end": instant(&item["end"]), "status": item["status"] });
            let request = json!({
                "start": instant(&asked["startTime"]), "end": instant(&asked["endTime"]),
                "intervalMinutes": asked["availabilityViewInterval"], "items": items.iter().map(item).collect::<Vec<_>>(),
            });
            assert_eq!(availability_view(&request).unwrap(), view, "{}", schedule["scheduleId"]);
            count += 1;
        }
    }
    println!("{count} documented views compared");
    assert!(examples.is_empty() || count > 0);
}

#[test]
fn suggestions_are_read() {
    let Some(times) = read("user-findmeetingtimes.user_findmeetingtimes", &find_meeting_times(Value::Null)) else { return };
    assert_eq!((times.suggestions.len(), times.empty_reason.as_str()), (5, ""));
    assert_eq!((times.suggestions[2].organizer, times.suggestions[2].confidence), (FreeBusy::Tentative, 100.0));
    assert_eq!(times.suggestions[0].attendees[0].1, FreeBusy::Free);
}

#[test]
fn people_settings_and_calendars_are_read() {
    let Some(user) = read("user-get.get_user", &me()) else { return };
    assert!(!user.name.is_empty() && user.address.contains('@'));
    for (name, call) in [("user-list-people.get_person_collection", search_people("x")), ("user-list.get_wa_count", search_users("wa"))] {
        let page = read(name, &call).unwrap();
        assert!(!page.items.is_empty() && page.skipped == 0, "{name}");
        assert!(page.items.iter().all(|person| !person.value.name.is_empty()), "{name}");
    }
    let settings = read("user-update-mailboxsettings.update_mailboxsettings_2", &mailbox_settings()).unwrap();
    assert!(settings.working_hours.is_some_and(|hours| !hours.days_of_week.is_empty()));
    let page = read("outlook-create-event-in-shared-delegated-calendar.get_adele_calendars", &calendars());
    assert!(page.unwrap().items.iter().all(|calendar| calendar.value.owner.is_some()));
}

#[test]
fn documented_refusals_are_errors() {
    let examples = examples();
    let Some((_, unpaired)) = examples.iter().find(|(name, _)| name == "_unpaired") else { return };
    let mut count = 0;
    for example in unpaired.as_array().unwrap().iter().filter(|example| example["responseBody"]["error"]["code"].is_string()) {
        let status = u16::try_from(example["status"].as_u64().unwrap_or(400)).unwrap();
        let response = http::Response::builder().status(status).body(serde_json::to_vec(&example["responseBody"]).unwrap()).unwrap();
        let error = Answer::from_http(response, Expect::Json, 0).unwrap_err();
        assert_ne!(error.code(), ErrorCode::InvalidResponse, "{}", example["id"]);
        assert!(error.details().graph_code.is_some(), "{}", example["id"]);
        count += 1;
    }
    assert!(count >= 3, "only {count} refusals found");
}
