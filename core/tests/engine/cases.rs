//! The smallest requests that tell a right engine from one that is nearly right, one for each mistake that is easily made. Engine and brute
//! force have to agree on them, and on what is said here. What the arbitrary requests find and shrink is added here.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use convoke_core::{
    model::{DateTimeTimeZone, FreeBusy, ScheduleInformation, ScheduleItem, WorkingHours},
    schedule::*,
    time::{Span, iso_utc, parse_instant},
};

use crate::{reference::Reference, tables::zones};

fn span(start: &str, end: &str) -> Span {
    Span::new(parse_instant(start).unwrap(), parse_instant(end).unwrap())
}

fn busy(start: &str, end: &str, status: FreeBusy) -> BusyItem {
    let Span { start, end } = span(start, end);
    BusyItem { start, end, status }
}

fn person(id: &str, role: Role, busy: Vec<BusyItem>) -> RankAttendee {
    RankAttendee { busy: Some(busy), ..RankAttendee::new(id, role) }
}

/// Half-hour meetings between two instants, in UTC, without working hours.
fn request(start: &str, end: &str, attendees: Vec<RankAttendee>) -> RankRequest {
    RankRequest { attendees, working_hours: HoursPolicy::Ignore, max_results: 100, ..RankRequest::new(span(start, end), 30) }
}

fn hours(start: &str, end: &str, zone: &str) -> WorkingHours {
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"].map(str::to_owned).to_vec();
    WorkingHours { days_of_week: days, start_time: start.into(), end_time: end.into(), time_zone: zone.into() }
}

/// What both answer.
fn both(request: &RankRequest) -> RankResult {
    let found = rank(request, &zones()).unwrap();
    assert_eq!(found, Reference::new(request).result());
    found
}

/// The starts, best first, without date and seconds.
fn starts(request: &RankRequest) -> Vec<String> {
    both(request).suggestions.iter().map(|slot| iso_utc(slot.start)[11..16].to_owned()).collect()
}

#[test]
fn an_item_blocks_the_minute_that_its_seconds_touch() {
    let item = busy("2026-05-04T09:00:00Z", "2026-05-04T09:30:01Z", FreeBusy::Busy);
    let mut request = request("2026-05-04T09:00:00Z", "2026-05-04T10:31:00Z", vec![person("a", Role::Required, vec![item])]);
    assert_eq!(starts(&request), ["10:00"]);
    request.step_minutes = 31;
    assert_eq!(starts(&request), ["09:31"]);
}

#[test]
fn a_window_is_rounded_inward() {
    assert_eq!(starts(&request("2026-05-04T09:00:01Z", "2026-05-04T10:00:59Z", Vec::new())), ["09:01"]);
}

#[test]
fn touching_is_not_overlapping() {
    let items = vec![
        busy("2026-05-04T08:00:00Z", "2026-05-04T09:00:00Z", FreeBusy::Busy),
        busy("2026-05-04T09:30:00Z", "2026-05-04T10:00:00Z", FreeBusy::Busy),
    ];
    let mut request = request("2026-05-04T09:00:00Z", "2026-05-04T09:30:00Z", vec![person("a", Role::Required, items)]);
    assert_eq!(starts(&request), ["09:00"]);
    request.buffer_after_minutes = 1;
    assert!(starts(&request).is_empty());
}

#[test]
fn a_zero_length_item_and_one_that_ends_before_it_starts_do_not_block() {
    let items = vec![
        busy("2026-05-04T09:15:00Z", "2026-05-04T09:15:00Z", FreeBusy::Busy),
        busy("2026-05-04T09:20:00Z", "2026-05-04T09:10:00Z", FreeBusy::Busy),
    ];
    assert_eq!(starts(&request("2026-05-04T09:00:00Z", "2026-05-04T09:30:00Z", vec![person("a", Role::Required, items)])), ["09:00"]);
}

#[test]
fn an_end_in_the_repeated_hour_is_the_later_one() {
    let wall = |text: &str| DateTimeTimeZone { date_time: text.into(), time_zone: "Europe/Berlin".into() };
    let item = ScheduleItem {
        status: FreeBusy::Busy,
        start: wall("2026-10-25T02:00:00"),
        end: wall("2026-10-25T02:30:00"),
        ..ScheduleItem::default()
    };
    let schedule = ScheduleInformation { items: Some(vec![item]), ..ScheduleInformation::default() };
    let attendee = RankAttendee { schedule: Some(schedule), ..RankAttendee::new("a", Role::Required) };
    // Busy from 2:00 summer time to 2:30 winter time.
    assert_eq!(starts(&request("2026-10-25T00:00:00Z", "2026-10-25T02:00:00Z", vec![attendee])), ["01:30"]);
}

#[test]
fn shares_of_a_quorum_are_rounded_up() {
    let item = || vec![busy("2026-05-04T09:00:00Z", "2026-05-04T09:30:00Z", FreeBusy::Busy)];
    let people = |busy: usize| {
        (0..3).map(|number| person(&number.to_string(), Role::Required, if number < busy { item() } else { Vec::new() })).collect()
    };
    let mut one_is_busy = request("2026-05-04T09:00:00Z", "2026-05-04T09:30:00Z", people(1));
    one_is_busy.quorum.min_percentage = Some(66);
    assert_eq!(starts(&one_is_busy), ["09:00"]);
    one_is_busy.quorum.min_percentage = Some(67);
    assert!(starts(&one_is_busy).is_empty());
}

#[test]
fn under_a_quorum_unknown_is_absent_and_without_one_it_is_let_through() {
    let mut request = request("2026-05-04T09:00:00Z", "2026-05-04T09:30:00Z", vec![RankAttendee::new("a", Role::Required)]);
    assert_eq!(starts(&request), ["09:00"]);
    request.quorum.min_required = Some(1);
    assert_eq!(both(&request).empty_reason, EmptyReason::AttendeesUnavailableOrUnknown);
}

#[test]
fn the_smallest_room_that_is_large_enough_comes_before_one_of_unknown_size() {
    let room = |id: &str, capacity: Option<u32>| RankAttendee { capacity, ..person(id, Role::Resource, Vec::new()) };
    let rooms = vec![room("small", Some(1)), room("unknown", None), room("hall", Some(90)), room("fits", Some(3))];
    let people = ["a", "b"].map(|id| person(id, Role::Optional, Vec::new()));
    let mut request = request("2026-05-04T09:00:00Z", "2026-05-04T09:30:00Z", rooms.into_iter().chain(people).collect());
    assert_eq!(both(&request).suggestions[0].resource.as_deref(), Some("fits"));
    request.attendees.truncate(2);
    request.attendees.extend(["a", "b"].map(|id| person(id, Role::Optional, Vec::new())));
    assert_eq!(both(&request).suggestions[0].resource.as_deref(), Some("unknown"));
}

#[test]
fn split_hours_that_touch_are_one() {
    let own = vec![hours("08:00:00", "12:00:00", "Asia/Kathmandu"), hours("12:00:00", "16:00:00", "Asia/Kathmandu")];
    let attendee = RankAttendee { working_hours: Hours::Own(own), ..person("a", Role::Required, Vec::new()) };
    let mut request = request("2026-05-04T06:00:00Z", "2026-05-04T06:30:00Z", vec![attendee]);
    request.working_hours = HoursPolicy::Require;
    // 6:15 UTC is noon in Kathmandu.
    assert_eq!(starts(&request), ["06:00"]);
}

#[test]
fn night_shifts_belong_to_the_day_on_which_they_begin() {
    let mut own = hours("22:00:00", "06:00:00", "America/New_York");
    own.days_of_week = vec!["Sunday".into()];
    let attendee = RankAttendee { working_hours: Hours::Own(vec![own]), ..person("a", Role::Required, Vec::new()) };
    // Into Monday 9 March 2026: the night before is an hour short.
    let mut request = request("2026-03-08T00:00:00Z", "2026-03-10T00:00:00Z", vec![attendee]);
    request.working_hours = HoursPolicy::Require;
    let starts = starts(&request);
    assert_eq!((starts.first().unwrap().as_str(), starts.last().unwrap().as_str(), starts.len()), ("02:00", "09:30", 16));
}

#[test]
fn of_equal_scores_the_one_with_the_smaller_greatest_burden_is_first() {
    let works = |id: &str, start: &str, end: &str| RankAttendee {
        working_hours: Hours::Own(vec![hours(start, end, "UTC")]),
        ..person(id, Role::Optional, Vec::new())
    };
    let mut request = request(
        "2026-05-04T09:00:00Z",
        "2026-05-04T10:00:00Z",
        vec![works("a", "09:50:00", "17:00:00"), works("b", "09:05:00", "09:40:00")],
    );
    request.working_hours = HoursPolicy::Prefer;
    assert_eq!(starts(&request), ["09:30", "09:00"]);
}

#[test]
fn later_occurrences_count_as_far_as_everybody_is_known_and_no_further() {
    let clash = busy("2026-05-18T09:00:00Z", "2026-05-18T10:00:00Z", FreeBusy::Busy);
    let mut request = request(
        "2026-05-04T09:00:00Z",
        "2026-05-04T09:30:00Z",
        vec![person("a", Role::Required, vec![clash]), person("b", Role::Optional, Vec::new())],
    );
    request.recurrence = Some(Recurrence {
        pattern: Pattern { kind: PatternKind::Daily, interval: 7 },
        range: Range { start_date: None, end: RangeEnd::Count(3), time_zone: None },
    });
    assert_eq!(starts(&request), ["09:00"], "no later occurrence ends within the window");
    request.attendees[0].known_until = parse_instant("2026-06-01T00:00:00Z").ok();
    assert!(starts(&request).is_empty(), "the third one clashes");
    request.attendees[1].known_until = parse_instant("2026-05-18T09:29:00Z").ok();
    assert_eq!(starts(&request), ["09:00"], "the third one ends after what is known of everybody");
    request.attendees[1].known_until = parse_instant("2026-05-18T09:30:00Z").ok();
    assert!(starts(&request).is_empty(), "it ends just in time");
}

#[test]
fn digits_beside_items_count_outside_the_window_alone() {
    let schedule = ScheduleInformation {
        items: Some(vec![ScheduleItem::default()]),
        availability_view: Some("2222".into()),
        ..ScheduleInformation::default()
    };
    let mut attendee = RankAttendee { schedule: Some(schedule), ..RankAttendee::new("a", Role::Required) };
    let wall = |text: &str| DateTimeTimeZone { date_time: text.into(), time_zone: "UTC".into() };
    let items = attendee.schedule.as_mut().unwrap().items.as_mut().unwrap();
    items[0] =
        ScheduleItem { start: wall("2026-05-01T00:00:00"), end: wall("2026-05-01T01:00:00"), status: FreeBusy::Busy, ..items[0].clone() };
    attendee.view = Some(View { start: parse_instant("2026-05-04T08:30:00Z").unwrap(), interval_minutes: 30 });
    let mut request = request("2026-05-04T09:00:00Z", "2026-05-04T10:00:00Z", vec![attendee]);
    assert_eq!(starts(&request), ["09:00", "09:30"]);
    request.buffer_before_minutes = 5;
    assert_eq!(starts(&request), ["09:30"]);
}
