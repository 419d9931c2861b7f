//! The engine where a single example says more than a thousand arbitrary ones: documented numbers, refusals, the settled points. What
//! holds on every input is tested against brute force, from outside.
#![expect(clippy::unwrap_used, reason = "tests fail loudly")]

use chrono::TimeDelta;
use serde_json::json;

use super::*;
use crate::{
    ErrorCode,
    model::{DateTimeTimeZone, FreeBusy, ScheduleInformation, ScheduleItem, WorkingHours},
    time::{
        Span,
        fixtures::{utc, zones},
        iso_utc,
    },
};

fn span(start: &str, end: &str) -> Span {
    Span::new(utc(start), utc(end))
}

fn busy(start: &str, end: &str, status: FreeBusy) -> BusyItem {
    BusyItem { start: utc(start), end: utc(end), status }
}

fn person(id: &str, role: Role, busy: Vec<BusyItem>) -> RankAttendee {
    RankAttendee { busy: Some(busy), ..RankAttendee::new(id, role) }
}

fn value(date_time: &str, time_zone: &str) -> DateTimeTimeZone {
    DateTimeTimeZone { date_time: date_time.into(), time_zone: time_zone.into() }
}

/// Monday 4 May 2026, 9:00 to 10:00 UTC, half an hour.
fn request(attendees: Vec<RankAttendee>) -> RankRequest {
    RankRequest { attendees, ..RankRequest::new(span("2026-05-04T09:00Z", "2026-05-04T10:00Z"), 30) }
}

fn weekday_hours(zone: &str) -> WorkingHours {
    WorkingHours {
        days_of_week: ["monday", "tuesday", "wednesday", "thursday", "friday"].map(str::to_owned).to_vec(),
        start_time: "08:00:00.0000000".into(),
        end_time: "17:00:00.0000000".into(),
        time_zone: json!({ "name": zone }),
    }
}

#[test]
fn confidence_is_graphs_documented_example() {
    let slot = span("2026-05-04T09:00Z", "2026-05-04T09:30Z");
    let mut request = RankRequest { quorum: Quorum { min_required: Some(0), min_percentage: None }, ..RankRequest::new(slot, 30) };
    request.attendees = vec![
        person("free", Role::Required, Vec::new()),
        RankAttendee::new("unknown", Role::Required),
        person("busy", Role::Required, vec![busy("2026-05-04T09:00Z", "2026-05-04T10:00Z", FreeBusy::Busy)]),
    ];
    let found = rank(&request, &zones()).unwrap().suggestions.remove(0);
    assert_eq!((found.confidence(), found.score()), (49.66, 49.7));
    let reasons: Vec<_> = found.reasons.iter().map(|reason| (reason.code.as_str(), reason.attendees.join(" "))).collect();
    assert_eq!(reasons, [("unknown", "unknown".to_owned()), ("required-busy", "busy".to_owned())]);
}

#[test]
fn nobody_listed_means_that_every_candidate_counts() {
    let found = rank(&request(Vec::new()), &zones()).unwrap();
    let starts: Vec<_> = found.suggestions.iter().map(|slot| (iso_utc(slot.start), slot.score(), slot.confidence())).collect();
    assert_eq!(starts, [("2026-05-04T09:00:00Z".to_owned(), 100.0, 100.0), ("2026-05-04T09:30:00Z".to_owned(), 100.0, 100.0)]);
    assert_eq!(found.suggestions[0].reasons, [Reason { code: ReasonCode::AllFree, attendees: Vec::new() }]);
}

#[test]
fn a_bad_request_is_refused_by_the_name_of_its_field() {
    let check = |field: &str, edit: &dyn Fn(&mut RankRequest)| {
        let mut request = request(vec![person("a", Role::Organizer, Vec::new()), person("b", Role::Required, Vec::new())]);
        edit(&mut request);
        let error = rank(&request, &zones()).unwrap_err();
        assert_eq!(error.code(), ErrorCode::InvalidRequest);
        assert!(error.message().starts_with(field), "{} does not name {field}", error.message());
    };
    check("window.end", &|request| request.window.end = utc("2026-05-04T08:59Z"));
    check("durationMinutes", &|request| request.duration_minutes = 0);
    check("stepMinutes", &|request| request.step_minutes = 0);
    check("maxResults", &|request| request.max_results = 0);
    check("timeZone", &|request| request.time_zone = "Nowhere Standard Time".into());
    check("attendees[1].kind", &|request| request.attendees[1].role = Role::Organizer);
    check("quorum.minRequired", &|request| request.quorum.min_required = Some(2));
    check("quorum.minPercentage", &|request| request.quorum.min_percentage = Some(101));
    check("attendees[1].view.intervalMinutes", &|request| {
        request.attendees[1].schedule = Some(ScheduleInformation::default());
        request.attendees[1].view = Some(View { start: utc("2026-05-04T09:00Z"), interval_minutes: 0 });
    });
    check("attendees[1].schedule.scheduleItems[0].end.dateTime", &|request| {
        let item = ScheduleItem { start: value("2026-05-04T09:00:00", "UTC"), ..ScheduleItem::default() };
        request.attendees[1].schedule = Some(ScheduleInformation { items: Some(vec![item]), ..ScheduleInformation::default() });
    });
    check("attendees[0].workingHours[0].endTime", &|request| {
        let hours = WorkingHours { end_time: "late".into(), ..weekday_hours("UTC") };
        request.attendees[0].working_hours = Hours::Own(vec![hours]);
    });
    check("stepMinutes", &|request| {
        request.window.end = utc("2096-05-04T00:00Z");
        request.step_minutes = 1;
    });
    check("recurrence.pattern.interval", &|request| {
        let recurrence = json!({ "pattern": { "type": "daily", "interval": 1 }, "range": { "type": "noEnd" } });
        let mut recurrence = Recurrence::from_json(&recurrence, "recurrence").unwrap();
        recurrence.pattern.interval = 0;
        request.recurrence = Some(recurrence);
    });
    check("recurrence", &|request| {
        let recurrence = json!({ "pattern": { "type": "daily", "interval": 1 }, "range": { "type": "noEnd" } });
        request.recurrence = Some(Recurrence::from_json(&recurrence, "recurrence").unwrap());
        request.window.end = utc("2026-07-04T00:00Z");
        request.step_minutes = 1;
        request.attendees[0].known_until = Some(utc("9999-12-31T23:59Z"));
    });
}

#[test]
fn what_graph_sent_is_read_as_far_as_it_goes() {
    let hours = WorkingHours { start_time: String::new(), ..weekday_hours("UTC") };
    let schedule = ScheduleInformation { items: Some(Vec::new()), working_hours: Some(hours), ..ScheduleInformation::default() };
    let attendee = RankAttendee { schedule: Some(schedule), ..RankAttendee::new("a", Role::Required) };
    let found = rank(&request(vec![attendee]), &zones()).unwrap();
    assert_eq!(found.suggestions[0].attendees[0].outside_hours, None);
}

#[test]
fn statuses_are_merged_and_the_worst_wins() {
    let check = |attendee: RankAttendee, expected: &[(&str, &str, FreeBusy)]| {
        let spans = statuses(&attendee, span("2026-05-04T08:00Z", "2026-05-04T12:00Z"), &zones()).unwrap();
        let spans: Vec<_> = spans.iter().map(|run| (iso_utc(run.span.start), iso_utc(run.span.end), run.status)).collect();
        let expected: Vec<_> =
            expected.iter().map(|(from, to, status)| (format!("2026-05-04T{from}:00Z"), format!("2026-05-04T{to}:00Z"), *status)).collect();
        assert_eq!(spans, expected);
    };
    check(
        person(
            "a",
            Role::Required,
            vec![
                busy("2026-05-04T07:00Z", "2026-05-04T09:00Z", FreeBusy::Tentative),
                busy("2026-05-04T08:30Z", "2026-05-04T09:30Z", FreeBusy::Busy),
                busy("2026-05-04T09:30Z", "2026-05-04T10:00Z", FreeBusy::Busy),
                busy("2026-05-04T09:00Z", "2026-05-04T09:15Z", FreeBusy::Oof),
                busy("2026-05-04T11:00Z", "2026-05-04T10:00Z", FreeBusy::Busy),
                busy("2026-05-04T11:00:30Z", "2026-05-04T11:00:31Z", FreeBusy::WorkingElsewhere),
            ],
        ),
        &[
            ("08:00", "08:30", FreeBusy::Tentative),
            ("08:30", "09:00", FreeBusy::Busy),
            ("09:00", "09:15", FreeBusy::Oof),
            ("09:15", "10:00", FreeBusy::Busy),
            ("11:00", "11:01", FreeBusy::WorkingElsewhere),
        ],
    );
    check(RankAttendee::new("a", Role::Required), &[("08:00", "12:00", FreeBusy::Unknown)]);
    let view = |digits: &str| RankAttendee {
        schedule: Some(ScheduleInformation { availability_view: Some(digits.into()), ..ScheduleInformation::default() }),
        ..RankAttendee::new("a", Role::Required)
    };
    check(
        view("01x2é"),
        &[
            ("08:30", "09:00", FreeBusy::Tentative),
            ("09:00", "09:30", FreeBusy::Unknown),
            ("09:30", "10:00", FreeBusy::Busy),
            ("10:00", "12:00", FreeBusy::Unknown),
        ],
    );
    check(view("0000000000000000"), &[]);
    let elsewhere = ScheduleItem {
        status: FreeBusy::Busy,
        start: value("2026-05-04T09:00:00", "Customized Time Zone"),
        end: value("2026-05-04T10:00:00", "Customized Time Zone"),
        ..ScheduleItem::default()
    };
    let mut unknown_zone = view("00000000");
    unknown_zone.schedule.as_mut().unwrap().items = Some(vec![elsewhere]);
    check(unknown_zone, &[("08:00", "12:00", FreeBusy::Unknown)]);
}

#[test]
fn an_item_that_ends_in_the_repeated_hour_ends_late() {
    let item = |start: &str, end: &str| ScheduleItem {
        status: FreeBusy::Busy,
        start: value(start, "W. Europe Standard Time"),
        end: value(end, "W. Europe Standard Time"),
        ..ScheduleItem::default()
    };
    let items = vec![item("2026-10-25T01:30:00", "2026-10-25T02:30:00"), item("2026-10-25T02:45:00", "2026-10-25T02:45:00")];
    let schedule = ScheduleInformation { items: Some(items), ..ScheduleInformation::default() };
    let attendee = RankAttendee { schedule: Some(schedule), ..RankAttendee::new("a", Role::Required) };
    let spans = statuses(&attendee, span("2026-10-24T00:00Z", "2026-10-26T00:00Z"), &zones()).unwrap();
    assert_eq!(spans, [StatusSpan { span: span("2026-10-24T23:30Z", "2026-10-25T01:30Z"), status: FreeBusy::Busy }]);
}

#[test]
fn working_hours_follow_the_clock() {
    let window = span("2026-03-27T00:00Z", "2026-03-31T00:00Z");
    let spans = working_spans(&[weekday_hours("W. Europe Standard Time")], window, &zones()).unwrap();
    assert_eq!(spans, [span("2026-03-27T07:00Z", "2026-03-27T16:00Z"), span("2026-03-30T06:00Z", "2026-03-30T15:00Z")]);
    let night = WorkingHours { start_time: "22:00:00".into(), end_time: "06:00:00".into(), ..weekday_hours("UTC") };
    let day = WorkingHours { start_time: "06:00:00".into(), end_time: "14:00:00".into(), ..weekday_hours("UTC") };
    let spans = working_spans(&[night, day], span("2026-05-08T00:00Z", "2026-05-10T00:00Z"), &zones()).unwrap();
    assert_eq!(spans, [span("2026-05-08T00:00Z", "2026-05-08T14:00Z"), span("2026-05-08T22:00Z", "2026-05-09T06:00Z")]);
    assert_eq!(working_spans(&[weekday_hours("Nowhere")], window, &zones()), None);
    assert_eq!(working_spans(&[], window, &zones()), None);
}

#[test]
fn an_ignored_meeting_counts_once() {
    let meeting = ("2026-05-04T09:00Z", "2026-05-04T10:00Z");
    let twice = vec![busy(meeting.0, meeting.1, FreeBusy::Busy), busy(meeting.0, meeting.1, FreeBusy::Tentative)];
    let mut attendee = person("a", Role::Required, twice);
    let first = |attendee: &RankAttendee| statuses(attendee, span(meeting.0, meeting.1), &zones()).unwrap().first().map(|run| run.status);
    attendee.ignore = vec![span(meeting.0, meeting.1)];
    assert_eq!(first(&attendee), Some(FreeBusy::Tentative));
    attendee.ignore.push(span(meeting.0, meeting.1));
    assert_eq!(first(&attendee), None);
}

#[test]
fn what_one_change_would_open_up() {
    let mut request = request(vec![
        person("me", Role::Organizer, Vec::new()),
        person("adele", Role::Required, vec![busy("2026-05-04T09:00Z", "2026-05-04T12:00Z", FreeBusy::Busy)]),
        person("grady", Role::Required, vec![busy("2026-05-04T09:00Z", "2026-05-04T09:30Z", FreeBusy::Oof)]),
        person("room", Role::Resource, vec![busy("2026-05-04T09:00Z", "2026-05-04T09:30Z", FreeBusy::Busy)]),
    ]);
    request.relax = true;
    let found = rank(&request, &zones()).unwrap();
    assert_eq!((found.suggestions.len(), found.empty_reason), (0, EmptyReason::AttendeesUnavailable));
    let almost: Vec<_> = found.almost.unwrap();
    assert_eq!(almost.len(), 1);
    assert_eq!(almost[0].change, Change::Without { attendee: "adele".into() });
    assert_eq!(almost[0].suggestion.start, utc("2026-05-04T09:30Z"));
    assert_eq!(almost[0].suggestion.resource.as_deref(), Some("room"));
}

#[test]
fn a_series_must_work_every_time() {
    let mut request = request(vec![person("adele", Role::Required, vec![busy("2026-05-11T09:00Z", "2026-05-11T09:30Z", FreeBusy::Busy)])]);
    request.attendees[0].known_until = Some(utc("2026-06-01T00:00Z"));
    let weekly = json!({ "pattern": { "type": "weekly", "interval": 1, "daysOfWeek": ["Monday"] }, "range": { "type": "noEnd" } });
    request.recurrence = Some(Recurrence::from_json(&weekly, "recurrence").unwrap());
    request.relax = true;
    let starts =
        |request: &RankRequest| rank(request, &zones()).unwrap().suggestions.iter().map(|slot| iso_utc(slot.start)).collect::<Vec<_>>();
    assert_eq!(starts(&request), ["2026-05-04T09:30:00Z"]);
    request.duration_minutes = 60;
    let almost = rank(&request, &zones()).unwrap().almost.unwrap();
    let occurrences = almost.iter().find(|almost| almost.change == Change::Occurrences).unwrap();
    assert_eq!(occurrences.suggestion.reasons, [Reason { code: ReasonCode::OccurrenceConflict, attendees: vec!["adele".into()] }]);
}

#[test]
fn occurrences_keep_the_time_of_day() {
    let expand = |pattern: serde_json::Value, range: serde_json::Value, start: DateTimeTimeZone, end: DateTimeTimeZone| {
        let recurrence = Recurrence::from_json(&json!({ "pattern": pattern, "range": range }), "recurrence").unwrap();
        let found = expand_recurrence(&recurrence, &start, &end, utc("2017-01-01T00:00Z"), utc("2027-01-01T00:00Z"), &zones()).unwrap();
        found.into_iter().map(|found| [found.start.to_iso(), found.end.to_iso()].join(" ")).collect::<Vec<_>>()
    };
    // The zone of the recurrence rules; Graph answers in UTC unless it is asked otherwise.
    let daily = expand(
        json!({ "type": "daily", "interval": 1, "month": 0, "dayOfMonth": 0, "firstDayOfWeek": "sunday", "index": "first" }),
        json!({ "type": "numbered", "startDate": "2026-03-28", "numberOfOccurrences": 2, "recurrenceTimeZone": "W. Europe Standard Time", "endDate": "0001-01-01" }),
        value("2026-03-28T22:30:00.0000000", "UTC"),
        value("2026-03-28T23:30:00.0000000", "UTC"),
    );
    assert_eq!(daily, ["2026-03-28T23:30:00+01:00 2026-03-29T00:30:00+01:00", "2026-03-29T23:30:00+02:00 2026-03-30T00:30:00+02:00"]);
    // Graph's own example: the first Thursday is past in August, so September is the first month that counts.
    let thursdays = expand(
        json!({ "type": "relativeMonthly", "interval": 2, "daysOfWeek": ["Thursday"], "index": "first" }),
        json!({ "type": "endDate", "startDate": "2017-08-29", "endDate": "2017-12-31" }),
        value("2017-08-29T09:00:00", "UTC"),
        value("2017-08-29T10:00:00", "UTC"),
    );
    assert_eq!(thursdays, ["2017-09-07T09:00:00+00:00 2017-09-07T10:00:00+00:00", "2017-11-02T09:00:00+00:00 2017-11-02T10:00:00+00:00"]);
    let last_days = expand(
        json!({ "type": "absoluteMonthly", "interval": 1, "dayOfMonth": 31 }),
        json!({ "type": "numbered", "startDate": "2026-01-31", "numberOfOccurrences": 3 }),
        value("2026-01-31T09:00:00", "UTC"),
        value("2026-01-31T09:00:00", "UTC"),
    );
    assert_eq!(last_days.iter().map(|day| &day[..10]).collect::<Vec<_>>(), ["2026-01-31", "2026-02-28", "2026-03-31"]);
}

#[test]
fn a_recurrence_is_refused_by_the_name_of_its_member() {
    let check = |member: &str, pattern: serde_json::Value, range: serde_json::Value| {
        let error = Recurrence::from_json(&json!({ "pattern": pattern, "range": range }), "recurrence").unwrap_err();
        assert!(error.message().starts_with(&["recurrence.", member, " "].concat()), "{}", error.message());
    };
    let daily = || json!({ "type": "daily", "interval": 1 });
    let never = || json!({ "type": "noEnd" });
    check("pattern.type", json!({ "interval": 1 }), never());
    check("pattern.type", json!({ "type": "hourly", "interval": 1 }), never());
    check("pattern.interval", json!({ "type": "daily", "interval": 0 }), never());
    check("pattern.interval", json!({ "type": "daily", "interval": 1.5 }), never());
    check("pattern.daysOfWeek", json!({ "type": "weekly", "interval": 1, "daysOfWeek": [] }), never());
    check("pattern.daysOfWeek", json!({ "type": "weekly", "interval": 1, "daysOfWeek": ["someday"] }), never());
    check("pattern.dayOfMonth", json!({ "type": "absoluteMonthly", "interval": 1, "dayOfMonth": 32 }), never());
    check("pattern.month", json!({ "type": "absoluteYearly", "interval": 1, "dayOfMonth": 1, "month": 0 }), never());
    check("range.type", daily(), json!({}));
    check("range.endDate", daily(), json!({ "type": "endDate" }));
    check("range.numberOfOccurrences", daily(), json!({ "type": "numbered", "numberOfOccurrences": 0 }));
    check("range.startDate", daily(), json!({ "type": "noEnd", "startDate": "soon" }));
}

#[test]
fn graphs_documented_view_is_reproduced() {
    let at = |time: &str| ["2026-05-04T", time, "Z"].concat();
    let items = [
        busy(&at("08:30"), &at("09:30"), FreeBusy::Busy),
        busy(&at("12:00"), &at("14:00"), FreeBusy::Busy),
        busy(&at("16:00"), &at("17:00"), FreeBusy::Tentative),
    ];
    let view = |interval| availability_view(utc(&at("09:00")), utc(&at("18:00")), interval, &items);
    assert_eq!(view(60).unwrap(), "200220010");
    for interval in [4, 1441] {
        assert!(view(interval).unwrap_err().message().starts_with("intervalMinutes"));
    }
    let backwards = availability_view(utc(&at("09:00")), utc(&at("09:00")) - TimeDelta::minutes(1), 30, &[]);
    assert!(backwards.unwrap_err().message().starts_with("end"));
}

#[test]
fn among_equal_scores_the_greatest_burden_decides() {
    let works = |id: &str, from: &str, to: &str| RankAttendee {
        working_hours: Hours::Own(vec![WorkingHours { start_time: from.into(), end_time: to.into(), ..weekday_hours("UTC") }]),
        ..person(id, Role::Required, Vec::new())
    };
    // Outside at 9:00 for 30 and 5 minutes, at 9:30 for 20 and 20: more together, but less for any one of them.
    let mut request = request(vec![works("adele", "09:50:00", "17:00:00"), works("grady", "09:05:00", "09:40:00")]);
    request.working_hours = HoursPolicy::Prefer;
    let found = rank(&request, &zones()).unwrap().suggestions;
    let burdens: Vec<Vec<u32>> = found.iter().map(|slot| slot.attendees.iter().map(|state| state.minutes_outside).collect()).collect();
    assert_eq!(burdens, [[20, 20], [30, 5]]);
    assert_eq!(found[0].score_tenths, found[1].score_tenths);
}

#[test]
fn a_conflict_names_those_who_cause_it() {
    let next_week = || vec![busy("2026-05-11T09:00Z", "2026-05-11T10:00Z", FreeBusy::Busy)];
    let mut request = request(vec![
        person("me", Role::Organizer, next_week()),
        person("adele", Role::Required, next_week()),
        person("grady", Role::Required, Vec::new()),
    ]);
    request.duration_minutes = 60;
    request.quorum.min_required = Some(1);
    request.attendees[0].known_until = Some(utc("2026-06-01T00:00Z"));
    let weekly = json!({ "pattern": { "type": "weekly", "interval": 1, "daysOfWeek": ["Monday"] }, "range": { "type": "noEnd" } });
    request.recurrence = Some(Recurrence::from_json(&weekly, "recurrence").unwrap());
    request.relax = true;
    let conflict = |request: &RankRequest| {
        let found = rank(request, &zones()).unwrap().almost.unwrap();
        let occurrences = found.iter().find(|almost| almost.change == Change::Occurrences).unwrap();
        occurrences.suggestion.reasons.last().unwrap().attendees.join(" ")
    };
    // One of the two is enough, so that Adele's absence is no conflict.
    assert_eq!(conflict(&request), "me");
    request.quorum.min_required = Some(2);
    assert_eq!(conflict(&request), "me adele");
}
