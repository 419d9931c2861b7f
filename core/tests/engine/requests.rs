//! Arbitrary requests: small enough for brute force, and full of what hurts (changes of the clock, odd minutes, unknown zones).
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use chrono::{DateTime, Duration, NaiveDate, Utc, Weekday};
use convoke_core::{
    model::{DateTimeTimeZone, FreeBusy, ScheduleInformation, ScheduleItem, WorkingHours},
    schedule::*,
    time::{Span, iso_local, weekday_name},
};
use proptest::{collection::vec, option, prelude::*, sample::select};

use crate::{
    reference,
    zones::{CUSTOM, NAMES, custom},
};

fn status() -> impl Strategy<Value = FreeBusy> {
    let rare = select(vec![FreeBusy::Free, FreeBusy::WorkingElsewhere, FreeBusy::Oof, FreeBusy::Unknown]);
    prop_oneof![2 => Just(FreeBusy::Busy), 2 => Just(FreeBusy::Tentative), 2 => rare]
}

fn weekdays() -> impl Strategy<Value = Vec<Weekday>> {
    let days = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
    prop_oneof![proptest::sample::subsequence(days.to_vec(), 1..=7), Just(days[..5].to_vec()), Just(days.to_vec())]
}

/// By day, by night, and a few minutes around where clocks change.
fn hours() -> impl Strategy<Value = WorkingHours> {
    let zone = prop_oneof![
        12 => select(NAMES.to_vec()).prop_map(serde_json::Value::from),
        5 => select(CUSTOM.to_vec()).prop_map(custom),
        1 => Just("Nowhere".into()),
    ];
    (weekdays(), select(vec![0, 2, 6, 8, 9, 13, 22]), select(vec![3, 6, 12, 13, 17, 18, 0]), select(vec![0, 30]), zone).prop_map(
        |(days, start, end, minute, time_zone)| WorkingHours {
            days_of_week: days.into_iter().map(|day| weekday_name(day).to_owned()).collect(),
            start_time: format!("{start:02}:{minute:02}:00.0000000"),
            end_time: format!("{end:02}:00:00.0000000"),
            time_zone,
        },
    )
}

/// How long a window is, in quarters of an hour, how far candidates are apart, and how many items anybody has at most.
#[derive(Debug, Clone, Copy)]
struct Scale {
    quarters: i64,
    step: u32,
    items: usize,
}

/// Hours, days or weeks; the longer the coarser, so that the number of candidates stays what brute force can bear.
fn scale() -> impl Strategy<Value = Scale> {
    let hours = (0_i64..170, select(vec![30, 60, 15, 45, 97])).prop_map(|(quarters, step)| Scale { quarters, step, items: 7 });
    let days = (96_i64..900, select(vec![60, 90, 97, 120])).prop_map(|(quarters, step)| Scale { quarters, step, items: 12 });
    let weeks = (1300_i64..=5376, select(vec![360, 433, 720, 1440, 1455])).prop_map(|(quarters, step)| Scale { quarters, step, items: 20 });
    prop_oneof![14 => hours, 4 => days, 2 => weeks]
}

impl Scale {
    /// Start and length of an item in seconds from the window's start.
    fn stretch(self) -> impl Strategy<Value = (i64, i64)> {
        let quarter = |quarter: i64| quarter * 15 * 60;
        let minute = move || (-8_i64..self.quarters.max(160)).prop_map(quarter);
        let odd = || -7_000_i64..140_000;
        prop_oneof![
            6 => (minute(), (-1_i64..60).prop_map(quarter)),
            1 => (odd(), -60_i64..9_000),
            1 => (minute(), (0..self.quarters / 4 + 1).prop_map(quarter)),
        ]
    }

    fn schedule(self, window: DateTime<Utc>) -> impl Strategy<Value = ScheduleInformation> {
        let zone = prop_oneof![20 => select(NAMES.to_vec()), 1 => Just("Nowhere")];
        let item = (status(), self.stretch(), zone).prop_map(move |(status, (start, length), zone)| {
            let wall = |seconds: i64| {
                let at = window + Duration::seconds(seconds);
                let wall = reference::tz(zone).map_or(at.naive_utc(), |zone| reference::local(zone, at).wall);
                DateTimeTimeZone { date_time: iso_local(wall), time_zone: zone.to_owned() }
            };
            ScheduleItem { status, start: wall(start), end: wall(start + length), ..ScheduleItem::default() }
        });
        let digits = vec(select(vec!['0', '0', '0', '1', '2', '3', '4', '?']), 0..60).prop_map(String::from_iter);
        let error = prop_oneof![9 => Just(None), 1 => Just(Some("5016".to_owned()))];
        (option::weighted(0.7, vec(item, 0..self.items)), option::weighted(0.4, digits), option::of(hours()), error).prop_map(
            |(items, availability_view, working_hours, error)| ScheduleInformation {
                availability_view,
                items,
                working_hours,
                error,
                ..ScheduleInformation::default()
            },
        )
    }

    fn attendee(self, window: DateTime<Utc>) -> impl Strategy<Value = RankAttendee> {
        let role = select(vec![Role::Organizer, Role::Required, Role::Required, Role::Required, Role::Optional, Role::Resource]);
        let item = (status(), self.stretch()).prop_map(move |(status, (start, length))| {
            let start = window + Duration::seconds(start);
            BusyItem { start, end: start + Duration::seconds(length), status }
        });
        let view = (-40_i64..40, select(vec![5, 15, 30, 60, 45]))
            .prop_map(move |(start, interval_minutes)| View { start: window + Duration::minutes(start * 15), interval_minutes });
        let hours = prop_oneof![
            3 => Just(Hours::OfSchedule),
            1 => Just(Hours::NoneKnown),
            2 => vec(hours(), 0..3).prop_map(Hours::Own),
        ];
        let reach = self.quarters.max(18 * 24 * 4);
        let known_until = option::weighted(0.2, (0..reach).prop_map(move |quarter| window + Duration::minutes(quarter * 15)));
        let busy = option::weighted(0.85, vec(item, 0..self.items));
        let known = (busy, option::weighted(0.35, self.schedule(window)), option::of(view), known_until);
        (role, known, any::<bool>(), hours, option::of(1_u32..6)).prop_map(
            |(role, (busy, schedule, view, known_until), ignore, working_hours, capacity)| {
                let ignored = busy.iter().flatten().take(usize::from(ignore)).map(|item| Span::new(item.start, item.end)).collect();
                RankAttendee {
                    role,
                    busy,
                    schedule,
                    view,
                    known_until,
                    ignore: ignored,
                    working_hours,
                    capacity,
                    ..RankAttendee::default()
                }
            },
        )
    }
}

pub(crate) fn recurrence() -> impl Strategy<Value = Recurrence> {
    let index = || select(vec![Index::First, Index::Second, Index::Third, Index::Fourth, Index::Last]);
    let kind = prop_oneof![
        3 => Just(PatternKind::Daily),
        3 => (weekdays(), select(vec![Weekday::Mon, Weekday::Sun, Weekday::Wed]))
            .prop_map(|(days, first_day)| PatternKind::Weekly { days, first_day }),
        1 => (1_u32..32).prop_map(|day| PatternKind::AbsoluteMonthly { day }),
        1 => (weekdays(), index()).prop_map(|(days, index)| PatternKind::RelativeMonthly { days, index }),
        1 => (1_u32..13, 1_u32..32).prop_map(|(month, day)| PatternKind::AbsoluteYearly { month, day }),
        1 => (1_u32..13, weekdays(), index()).prop_map(|(month, days, index)| PatternKind::RelativeYearly { month, days, index }),
    ];
    let end = prop_oneof![
        2 => Just(RangeEnd::Never),
        1 => (1_u32..8).prop_map(RangeEnd::Count),
        1 => (0_u64..400).prop_map(|days| RangeEnd::Date(NaiveDate::from_ymd_opt(2026, 3, 20).unwrap() + chrono::Days::new(days))),
    ];
    (kind, 1_u32..4, end).prop_map(|(kind, interval, end)| Recurrence {
        pattern: Pattern { kind, interval },
        range: Range { start_date: None, end, time_zone: None },
    })
}

/// The eve of a change of some clock (Europe, America, Lord Howe and Chatham, Santiago), and ordinary days.
const DATES: [&str; 10] = [
    "2026-03-28",
    "2026-10-24",
    "2026-03-07",
    "2026-10-31",
    "2026-04-04",
    "2026-10-03",
    "2026-09-05",
    "2026-05-04",
    "2026-12-31",
    "2028-02-28",
];

pub(crate) fn request() -> impl Strategy<Value = RankRequest> {
    let start = (select(DATES.to_vec()), 0_i64..96, select(vec![0_i64, 0, 0, 0, 437])).prop_map(|(date, quarter, odd)| {
        let date: NaiveDate = date.parse().unwrap();
        date.and_time(chrono::NaiveTime::MIN).and_utc() + Duration::seconds(quarter * 900 + odd)
    });
    let numbers = (select(vec![30, 60, 15, 45, 90, 7]), select(vec![0, 0, 0, 10, 30]), select(vec![0, 0, 0, 5, 60]));
    let policy = select(vec![HoursPolicy::Require, HoursPolicy::Prefer, HoursPolicy::Ignore]);
    let quorum = prop_oneof![
        3 => Just(Quorum::default()),
        1 => (option::of(0_u32..4), option::of(0_u32..101))
            .prop_map(|(min_required, min_percentage)| Quorum { min_required, min_percentage }),
    ];
    let needs_room = prop_oneof![1 => Just(None), 1 => Just(Some(true)), 3 => Just(Some(false))];
    let flags = (any::<bool>(), needs_room, prop::bool::weighted(0.75), 1_u32..30);
    // Somebody has no time from some moment on: without this, hardly any request comes to nothing, and hardly any series to a clash.
    let word = select(vec![FreeBusy::Busy, FreeBusy::Busy, FreeBusy::Oof, FreeBusy::Tentative, FreeBusy::Unknown]);
    let from = prop_oneof![Just(-8), -8_i64..400];
    let blocked = vec((any::<prop::sample::Index>(), from, word), 0..3);
    (start, scale()).prop_flat_map(move |(start, scale)| {
        let attendees = vec(scale.attendee(start), 0..6);
        let recurrence = option::weighted(0.3, recurrence());
        (attendees, numbers.clone(), select(NAMES.to_vec()), policy.clone(), quorum.clone(), flags.clone(), (recurrence, blocked.clone()))
            .prop_map(move |(mut attendees, (duration, before, after), zone, working_hours, mut quorum, flags, (recurrence, blocked))| {
                let people = attendees.len();
                for (who, from, status) in blocked.into_iter().filter(|_| people > 0) {
                    let bounds = (start + Duration::minutes(from * 15), start + Duration::days(80));
                    let item = BusyItem { start: bounds.0, end: bounds.1, status };
                    attendees[who.index(people)].busy.get_or_insert_default().push(item);
                }
                let mut organizer = false;
                for (index, attendee) in attendees.iter_mut().enumerate() {
                    attendee.id = format!("{index}@example.com");
                    if attendee.role == Role::Organizer && std::mem::replace(&mut organizer, true) {
                        attendee.role = Role::Required;
                    }
                }
                let required = attendees.iter().filter(|attendee| attendee.role == Role::Required).count();
                quorum.min_required = quorum.min_required.map(|number| number.min(u32::try_from(required).unwrap()));
                RankRequest {
                    step_minutes: scale.step,
                    time_zone: zone.into(),
                    attendees,
                    working_hours,
                    buffer_before_minutes: before,
                    buffer_after_minutes: after,
                    quorum,
                    allow_tentative: flags.0,
                    needs_resource: flags.1,
                    max_results: flags.3,
                    recurrence,
                    relax: flags.2,
                    ..RankRequest::new(Span::new(start, start + Duration::minutes(scale.quarters * 15)), duration)
                }
            })
    })
}
