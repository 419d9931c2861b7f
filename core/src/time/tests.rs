//! Zones and wall times where they hurt: gaps, overlaps, skipped days, odd offsets, and what Graph and Outlook write.
#![expect(clippy::unwrap_used, reason = "tests fail loudly")]

use chrono::{NaiveDate, TimeDelta, Weekday};
use proptest::prelude::*;
use serde_json::json;

use super::DateTimeTimeZone;
use super::{
    fixtures::{utc, wall, zone, zones},
    *,
};
use crate::ErrorCode;

fn value(date_time: &str, time_zone: &str) -> DateTimeTimeZone {
    DateTimeTimeZone { date_time: date_time.into(), time_zone: time_zone.into() }
}

#[test]
fn wall_times_become_instants() {
    let check = |name: &str, local: &str, instant: &str, ambiguous: bool, gap: bool| {
        let resolved = zone(name).resolve(wall(local));
        assert_eq!(resolved, Resolved { instant: utc(instant), ambiguous, gap }, "{local} in {name}");
    };
    check("Europe/Berlin", "2026-05-04T09:00", "2026-05-04T07:00Z", false, false);
    check("Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:30Z", false, true);
    check("Europe/Berlin", "2026-03-29T03:00", "2026-03-29T01:00Z", false, false);
    check("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30Z", true, false);
    check("Europe/Berlin", "2026-10-25T03:00", "2026-10-25T02:00Z", false, false);
    check("America/Sao_Paulo", "2018-11-04T00:00", "2018-11-04T03:00Z", false, true);
    check("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:45Z", false, true);
    check("Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45Z", true, false);
    check("Asia/Kathmandu", "2026-05-04T09:00", "2026-05-04T03:15Z", false, false);
    check("Pacific/Apia", "2011-12-30T12:00", "2011-12-30T22:00Z", false, true);
    check("UTC", "0001-01-01T00:00", "0001-01-01T00:00Z", false, false);
    check("Europe/Berlin", "9999-12-31T24:00", "9999-12-31T23:00Z", false, false);
    assert_eq!(zone("Europe/Berlin").resolve_late(wall("2026-10-25T02:30")), utc("2026-10-25T01:30Z"));
    assert_eq!(zone("Europe/Berlin").resolve_late(wall("2026-10-25T03:30")), utc("2026-10-25T02:30Z"));
}

proptest! {
    #[test]
    fn every_instant_is_found_again(
        name in prop::sample::select(vec!["Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca"]),
        second in 0_i64..80 * 365 * 86_400,
    ) {
        let zone = zone(name);
        let instant = chrono::DateTime::from_timestamp(second, 0).unwrap();
        let local = zone.local(instant);
        let resolved = zone.resolve(local);
        prop_assert!(!resolved.gap);
        prop_assert!(resolved.instant == instant || zone.resolve_late(local) == instant);
        prop_assert_eq!(resolved.ambiguous, resolved.instant != zone.resolve_late(local));
        prop_assert_eq!(LocalTime::of(instant, &zone).instant(), instant);
        prop_assert_eq!(parse_instant(&LocalTime::of(instant, &zone).to_iso()), Ok(instant));
        prop_assert_eq!(parse_instant(&iso_utc(instant)), Ok(instant));
        prop_assert_eq!(parse_local(&iso_local(local)), Some(local));
    }

    #[test]
    fn no_text_panics(text in "\\PC*", near in "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]?[0-9:.,Zz+-]{0,20}") {
        for text in [&text, &near] {
            let _ = (parse_instant(text), parse_local(text), parse_time_of_day(text), parse_weekday(text), zones().get(text));
        }
    }
}

#[test]
fn days_are_as_long_as_they_are() {
    let check = |name: &str, date: (i32, u32, u32), hours: i64| {
        let (start, end) = day_range(&zone(name), NaiveDate::from_ymd_opt(date.0, date.1, date.2).unwrap());
        assert_eq!(end - start, TimeDelta::minutes(hours * 30), "{date:?} in {name}");
    };
    check("Europe/Berlin", (2026, 3, 29), 46);
    check("Europe/Berlin", (2026, 10, 25), 50);
    check("Europe/Berlin", (2026, 5, 4), 48);
    check("America/Sao_Paulo", (2018, 11, 4), 46);
    check("Australia/Lord_Howe", (2026, 10, 4), 47);
    check("Pacific/Apia", (2011, 12, 30), 0);
}

#[test]
fn weeks_begin_where_they_are_told() {
    let monday = NaiveDate::from_ymd_opt(2026, 5, 4).unwrap();
    assert_eq!(week_start(monday, Weekday::Mon), monday);
    assert_eq!(week_start(monday, Weekday::Sun).to_string(), "2026-05-03");
    assert_eq!(week_start(monday, Weekday::Sat).to_string(), "2026-05-02");
    for day in [Weekday::Mon, Weekday::Sun] {
        assert_eq!(parse_weekday(&weekday_name(day).to_uppercase()), Some(day));
    }
}

#[test]
fn wall_times_are_read_as_they_are_written() {
    let check = |text: &str, expected: Option<&str>| assert_eq!(parse_local(text).map(iso_local).as_deref(), expected, "{text}");
    check("2026-05-04T09:00:00.0000000", Some("2026-05-04T09:00:00"));
    check("2026-05-04T09:00:00", Some("2026-05-04T09:00:00"));
    check("2026-05-04T09:00", Some("2026-05-04T09:00:00"));
    check("2026-05-04 09:00Z", Some("2026-05-04T09:00:00"));
    check("2026-05-04T09:00:00+02:00", Some("2026-05-04T09:00:00"));
    check("2026-05-04", Some("2026-05-04T00:00:00"));
    check("2026-05-04T24:00", Some("2026-05-05T00:00:00"));
    check("2026-12-31T23:59:60", Some("2027-01-01T00:00:00"));
    check("0001-01-01T00:00:00", Some("0001-01-01T00:00:00"));
    check("9999-12-31T23:59:59.9999999", Some("9999-12-31T23:59:59"));
    check("2024-02-29", Some("2024-02-29T00:00:00"));
    check("2026-02-29", None);
    check("2026-05-04T24:01", None);
    check("2026-05-04T09:61", None);
    check("2026-05-04T09:00:00.", None);
    check("2026-05-04T09:00 CET", None);
    check("04.05.2026", None);
    check("", None);
    assert_eq!(parse_instant("2026-05-04T09:00:00-0330"), Ok(utc("2026-05-04T12:30Z")));
    assert_eq!(parse_instant("2026-05-04T09:00:00+02"), Ok(utc("2026-05-04T07:00Z")));
    assert_eq!(parse_instant("2026-05-04T09:00:00"), Err(InstantError::NoOffset));
    assert_eq!(parse_instant("tomorrow"), Err(InstantError::Syntax));
    let error = InstantError::NoOffset.of_field("window.start");
    assert_eq!((error.code(), error.message().starts_with("window.start ")), (ErrorCode::InvalidRequest, true));
}

#[test]
fn graphs_values_become_instants_or_say_why_not() {
    let zones = zones();
    let check = |date_time: &str, time_zone: &str, instant: &str, unknown_zone: bool| {
        let resolution = instant_of(&value(date_time, time_zone), &zones).unwrap();
        assert_eq!((resolution.instant, resolution.unknown_zone), (utc(instant), unknown_zone), "{date_time} in {time_zone}");
    };
    check("2026-05-04T09:00:00.0000000", "UTC", "2026-05-04T09:00Z", false);
    check("2026-05-04T09:00:00.0000000", "tzone://Microsoft/Utc", "2026-05-04T09:00Z", false);
    check("2026-05-04T09:00:00.0000000", "W. Europe Standard Time", "2026-05-04T07:00Z", false);
    check("2026-05-04T09:00:00.0000000", "w. europe standard time", "2026-05-04T07:00Z", false);
    check("2026-05-04T09:00:00.0000000", "Asia/Tokyo", "2026-05-04T00:00Z", false);
    check("2026-05-04T09:00:00.0000000", "Europe/Kyiv (Kiev)", "2026-05-04T06:00Z", false);
    check("2026-05-04T09:00:00.0000000", "Asia/Toshkent (Tashkent)", "2026-05-04T04:00Z", false);
    check("2026-05-04T09:00:00-07:00", "Asia/Tokyo", "2026-05-04T16:00Z", false);
    for unknown in ["", "tzone://Microsoft/Custom", "Customized Time Zone", "Nowhere Standard Time", "GMT+6:30"] {
        check("2026-05-04T09:00:00", unknown, "2026-05-04T09:00Z", true);
    }
    let twice = instant_of(&value("2026-10-25T02:30:00", "Europe/Berlin"), &zones).unwrap();
    assert_eq!((twice.ambiguous, twice.late - twice.instant), (true, TimeDelta::hours(1)));
    assert_eq!(instant_of(&value("", "UTC"), &zones), None);
}

#[test]
fn names_of_zones_go_both_ways() {
    let check = |windows: &str, iana: &str| {
        assert_eq!(windows_to_iana(windows), Some(iana));
        assert_eq!(iana_to_windows(iana), Some(windows));
    };
    check("W. Europe Standard Time", "Europe/Berlin");
    check("Pacific Standard Time", "America/Los_Angeles");
    check("India Standard Time", "Asia/Calcutta");
    check("UTC", "Etc/UTC");
    assert_eq!(iana_to_windows("Europe/Vienna"), Some("W. Europe Standard Time"));
    assert_eq!(iana_to_windows("asia/kolkata"), Some("India Standard Time"));
    assert_eq!((windows_to_iana(""), iana_to_windows(""), iana_to_windows("Mars/Base")), (None, None, None));
    let named = |name: &str| zones().get(name).map(|zone| zone.name().to_owned());
    assert_eq!(named("UTC").as_deref(), Some("UTC"));
    assert_eq!(named("Etc/UTC").as_deref(), Some("Etc/UTC"));
    assert_eq!(named("W. Europe Standard Time").as_deref(), Some("Europe/Berlin"));
    assert_eq!(Zones::utc_only().get("utc").unwrap().offset_at(utc("2026-05-04T00:00Z")), 0);
    assert!(Zones::utc_only().get("Europe/Berlin").is_none());
}

#[test]
fn a_zone_is_asked_for_once() {
    let asked = std::rc::Rc::new(std::cell::Cell::new(0));
    let count = asked.clone();
    let zones = Zones::new(move |name| {
        count.set(count.get() + 1);
        (name == "A/B").then(|| Zone::fixed(name, 60))
    });
    assert!(zones.get("A/B").is_some() && zones.get("A/B").is_some() && zones.get("C/D").is_none() && zones.get("C/D").is_none());
    assert_eq!(asked.get(), 2);
}

#[test]
fn graphs_own_rules_are_a_zone() {
    let pacific = json!({
        "@odata.type": "#microsoft.graph.customTimeZone", "bias": 480, "name": "Customized Time Zone",
        "standardOffset": { "time": "02:00:00.0000000", "dayOccurrence": 1, "dayOfWeek": "sunday", "month": 11, "year": 0 },
        "daylightOffset": { "daylightBias": -60, "time": "02:00:00.0000000", "dayOccurrence": 2, "dayOfWeek": "Sunday", "month": 3, "year": 0 }
    });
    let custom = zones().from_json(&pacific).unwrap();
    let real = zone("America/Los_Angeles");
    // The rules are today's, in force since 2007.
    for day in 0..365 * 30 {
        let instant = utc("2010-01-01T11:30Z") + TimeDelta::days(day);
        assert_eq!(custom.offset_at(instant), real.offset_at(instant), "{instant}");
    }
    let mut last = pacific.clone();
    last["standardOffset"] = json!({ "time": "03:00:00", "dayOccurrence": 5, "dayOfWeek": "sunday", "month": 10 });
    last["daylightOffset"] = json!({ "daylightBias": -60, "time": "02:00:00", "dayOccurrence": 5, "dayOfWeek": "sunday", "month": 3 });
    last["bias"] = json!(-60);
    let custom = zones().from_json(&last).unwrap();
    let berlin = zone("Europe/Berlin");
    let range = (utc("2010-01-01T00:00Z"), utc("2040-01-01T00:00Z"));
    assert_eq!(custom.transitions_between(range.0, range.1), berlin.transitions_between(range.0, range.1));
    for (member, value) in [("standardOffset", json!(null)), ("daylightOffset", json!({ "month": 0 }))] {
        let mut fixed = pacific.clone();
        fixed[member] = value;
        assert_eq!(zones().from_json(&fixed).unwrap().offset_at(utc("2026-07-01T00:00Z")), -8 * 3600);
    }
    let mut bad = pacific.clone();
    bad["standardOffset"]["dayOfWeek"] = json!("someday");
    assert!(zones().from_json(&bad).is_none());
    bad["bias"] = json!(1e30);
    assert!(zones().from_json(&bad).is_none());
    assert_eq!(zones().from_json(&json!({ "name": "Asia/Tokyo" })).unwrap().name(), "Asia/Tokyo");
    assert_eq!(zones().from_json(&json!("Asia/Tokyo")).unwrap().name(), "Asia/Tokyo");
    assert!(zones().from_json(&json!({ "name": "Customized Time Zone" })).is_none() && zones().from_json(&json!(null)).is_none());
}

#[test]
fn texts_name_what_they_say() {
    let check = |offset: i32, expected: &str| assert_eq!(iso_with_offset(utc("2026-05-04T07:00Z"), offset), expected);
    check(7200, "2026-05-04T09:00:00+02:00");
    check(-12_600, "2026-05-04T03:30:00-03:30");
    check(0, "2026-05-04T07:00:00+00:00");
    check(3208, "2026-05-04T07:53:00+00:53");
    assert_eq!(iso_utc(utc("0001-01-01T00:00Z")), "0001-01-01T00:00:00Z");
    assert_eq!(iso_utc(utc("9999-12-31T24:00Z")), "10000-01-01T00:00:00Z");
}
