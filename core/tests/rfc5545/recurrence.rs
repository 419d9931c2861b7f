//! Graph's six patterns against RFC 5545's rules: expansion by the engine, and by `rrule` of what `toICalendar` writes.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use chrono::{DateTime, Days, NaiveDate, Utc, Weekday};
use convoke_core::{
    api::{expand_recurrence, to_icalendar},
    time::{Zones, weekday_name},
};
use proptest::{
    prelude::*,
    sample::{select, subsequence},
};
use rrule::RRuleSet;
use serde_json::{Value, json};

use crate::{cases::config, reader::read, tables::zones};

thread_local! {
    static ZONES: Zones = zones();
}

/// What the engine finds between two instants.
fn ours(event: &Value, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    let request = json!({
        "recurrence": event["recurrence"], "start": event["start"], "end": event["end"], "from": from.to_rfc3339(), "to": to.to_rfc3339(),
    });
    let found = ZONES.with(|zones| expand_recurrence(&request, zones)).unwrap();
    found.as_array().unwrap().iter().map(|found| found["start"].as_str().unwrap().parse().unwrap()).collect()
}

/// What `rrule` finds in these lines.
fn theirs(lines: &str, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    let set: RRuleSet = lines.parse().unwrap_or_else(|error| panic!("{lines}: {error}"));
    set.into_iter().map(|found| found.to_utc()).skip_while(|found| *found < from).take_while(|found| *found < to).collect()
}

/// The lines of our iCalendar text that make the series; none where its range ends before its first date.
fn lines(event: &Value) -> Option<String> {
    let calendar = read(&ZONES.with(|zones| to_icalendar(event, zones)).unwrap());
    let event = calendar.parts("VEVENT")[0];
    let zone = event.parameter("DTSTART", "TZID").map(|zone| [";TZID=", zone].concat()).unwrap_or_default();
    Some(["DTSTART", &zone, ":", event.get("DTSTART").unwrap(), "\nRRULE:", event.get("RRULE")?].concat())
}

fn days() -> impl Strategy<Value = Vec<&'static str>> {
    let all = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun].map(weekday_name);
    subsequence(all.to_vec(), 1..=7)
}

fn pattern() -> impl Strategy<Value = Value> {
    let index = || select(vec!["first", "second", "third", "fourth", "last"]);
    let interval = || prop_oneof![3 => 1_u32..4, 1 => 4_u32..30];
    prop_oneof![
        interval().prop_map(|interval| json!({ "type": "daily", "interval": interval })),
        (interval(), days(), select(vec!["sunday", "monday", "wednesday", "saturday"])).prop_map(|(interval, days, first)| json!({
            "type": "weekly", "interval": interval, "daysOfWeek": days, "firstDayOfWeek": first
        })),
        (interval(), 1_u32..32).prop_map(|(interval, day)| json!({ "type": "absoluteMonthly", "interval": interval, "dayOfMonth": day })),
        (interval(), days(), index()).prop_map(|(interval, days, index)| json!({
            "type": "relativeMonthly", "interval": interval, "daysOfWeek": days, "index": index
        })),
        (1_u32..5, 1_u32..13, 1_u32..32).prop_map(|(interval, month, day)| json!({
            "type": "absoluteYearly", "interval": interval, "month": month, "dayOfMonth": day
        })),
        (1_u32..5, 1_u32..13, days(), index()).prop_map(|(interval, month, days, index)| json!({
            "type": "relativeYearly", "interval": interval, "month": month, "daysOfWeek": days, "index": index
        })),
    ]
}

fn event(pattern: &Value, range: &Value, date: NaiveDate, clock: &str, zone: &str) -> Value {
    let mut range = range.clone();
    range["startDate"] = json!(date.to_string());
    range["recurrenceTimeZone"] = json!(zone);
    let at = |clock: &str| json!({ "dateTime": format!("{date}T{clock}:00.0000000"), "timeZone": zone });
    json!({ "id": "x", "start": at(clock), "end": at(clock), "recurrence": { "pattern": pattern, "range": range } })
}

proptest! {
    #![proptest_config(config(2000))]

    #[test]
    fn all_six_patterns_agree(
        pattern in pattern(),
        day in 0_u64..4000,
        end in prop_oneof![
            Just(json!({ "type": "noEnd" })),
            (1_u32..60).prop_map(|count| json!({ "type": "numbered", "numberOfOccurrences": count })),
            (0_u64..3000).prop_map(|days| json!({ "type": "endDate", "days": days })),
        ],
        clock in select(vec!["09:00", "00:00", "23:30", "02:30"]),
        zone in select(vec!["UTC", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns"]),
        from in 0_i64..1500,
    ) {
        let date = NaiveDate::from_ymd_opt(2020, 1, 1).unwrap() + Days::new(day);
        let mut range = end;
        if let Some(days) = range["days"].as_u64() {
            range["endDate"] = json!((date + Days::new(days)).to_string());
        }
        let event = event(&pattern, &range, date, clock, zone);
        let start = date.and_time(chrono::NaiveTime::MIN).and_utc();
        let (from, to) = (start + chrono::TimeDelta::days(from - 2), start + chrono::TimeDelta::days(from + 2500));
        let ours = ours(&event, from, to);
        let Some(lines) = lines(&event) else {
            prop_assert!(ours.is_empty());
            return Ok(());
        };
        let theirs = theirs(&lines, from, to);
        let differ = ours.iter().zip(&theirs).find(|(ours, theirs)| ours != theirs);
        prop_assert!(differ.is_none() && ours.len() == theirs.len(), "{lines}: {differ:?}, {} and {}", ours.len(), theirs.len());
    }
}

fn dates(found: &[DateTime<Utc>]) -> Vec<String> {
    found.iter().map(|found| found.date_naive().to_string()).collect()
}

fn year_2026() -> (DateTime<Utc>, DateTime<Utc>) {
    ("2026-01-01T00:00:00Z".parse().unwrap(), "2027-01-01T00:00:00Z".parse().unwrap())
}

fn numbered(count: u32) -> Value {
    json!({ "type": "numbered", "numberOfOccurrences": count })
}

#[test]
fn they_differ_in_months_that_lack_the_day() {
    // Graph takes the last day instead; a plain rule leaves the month out. What is written says so in the rule's own words.
    let pattern = json!({ "type": "absoluteMonthly", "interval": 1, "dayOfMonth": 30 });
    let event = event(&pattern, &numbered(3), NaiveDate::from_ymd_opt(2026, 1, 30).unwrap(), "09:00", "UTC");
    let (from, to) = year_2026();
    assert_eq!(dates(&ours(&event, from, to)), ["2026-01-30", "2026-02-28", "2026-03-30"]);
    let plain = theirs("DTSTART:20260130T090000Z\nRRULE:FREQ=MONTHLY;BYMONTHDAY=30;COUNT=3", from, to);
    assert_eq!(dates(&plain), ["2026-01-30", "2026-03-30", "2026-04-30"]);
    assert!(lines(&event).unwrap().ends_with("RRULE:FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1;COUNT=3"));
}

#[test]
fn they_differ_in_what_an_interval_counts_from() {
    // Graph's own example: the first Thursday is past in August, so September is the first month that counts. A rule counts from the
    // month of DTSTART, so what is written has the first date that fits as DTSTART.
    let pattern = json!({ "type": "relativeMonthly", "interval": 2, "daysOfWeek": ["thursday"], "index": "first" });
    let event = event(&pattern, &numbered(2), NaiveDate::from_ymd_opt(2026, 8, 29).unwrap(), "09:00", "UTC");
    let (from, to) = year_2026();
    assert_eq!(dates(&ours(&event, from, to)), ["2026-09-03", "2026-11-05"]);
    let plain = theirs("DTSTART:20260829T090000Z\nRRULE:FREQ=MONTHLY;INTERVAL=2;BYDAY=1TH;COUNT=2", from, to);
    assert_eq!(dates(&plain), ["2026-10-01", "2026-12-03"]);
    assert_eq!(lines(&event).unwrap(), "DTSTART:20260903T090000Z\nRRULE:FREQ=MONTHLY;BYDAY=1TH;INTERVAL=2;COUNT=2");
}

#[test]
fn a_time_that_the_clock_leaves_out_is_shifted() {
    // Section 3.3.10 of RFC 5545 would leave such an occurrence out, 3.3.5 reads its time by the offset before the gap. Graph keeps it,
    // as every other wall time in a gap is kept; so does `rrule`.
    let daily = json!({ "type": "daily", "interval": 1 });
    let start = NaiveDate::from_ymd_opt(2026, 3, 28).unwrap();
    let event = event(&daily, &json!({ "type": "noEnd" }), start, "02:30", "Europe/Berlin");
    let (from, to) = ("2026-03-28T00:00:00Z".parse().unwrap(), "2026-03-31T00:00:00Z".parse().unwrap());
    let found: Vec<String> = ours(&event, from, to).iter().map(DateTime::to_rfc3339).collect();
    assert_eq!(found, ["2026-03-28T01:30:00+00:00", "2026-03-29T01:30:00+00:00", "2026-03-30T00:30:00+00:00"]);
    assert_eq!(ours(&event, from, to), theirs(&lines(&event).unwrap(), from, to));
}
