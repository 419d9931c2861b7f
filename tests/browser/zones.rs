//! Zones as `src/browser/intl.rs` reads them from this browser's `Intl`, against chrono-tz: two readers of two copies of the IANA database.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use chrono::{DateTime, NaiveDate, Offset, TimeZone, Utc};
use chrono_tz::Tz;
use convoke::browser::intl;
use convoke_core::time::{Transition, Zone};
use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{console_log, wasm_bindgen_test};

/// Where a browser's database may say something else than chrono-tz's: the zone, the years (the last one not included), and which law is
/// the newer one. Outside these years both must agree; a zone that is not named here must agree in all. chrono-tz has 2025b.
const NEWER_LAWS: [(&str, i32, i32, &str); 8] = [
    ("Africa/Casablanca", 2026, 2041, "stays on UTC from September 2026 and knows no Ramadan clock any more"),
    ("Africa/El_Aaiun", 2026, 2041, "as Casablanca"),
    ("America/Bogota", 1992, 1993, "the change of May 1992 was found to have been a day earlier"),
    ("America/Edmonton", 2026, 2041, "summer time the year round from 2026"),
    ("America/Inuvik", 2026, 2041, "as Edmonton"),
    ("America/Vancouver", 2026, 2041, "summer time the year round from 2026"),
    ("America/Winnipeg", 2026, 2041, "summer time the year round from 2026"),
    ("Europe/Chisinau", 2022, 2041, "changes with the European Union, an hour earlier in the day, from 2022"),
];

/// The zones that this browser lists.
fn listed() -> Vec<String> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).unwrap();
    let function: Function = Reflect::get(&intl, &"supportedValuesOf".into()).unwrap().unchecked_into();
    let names: Array = function.call1(&intl, &"timeZone".into()).unwrap().unchecked_into();
    names.iter().map(|name: JsValue| name.as_string().unwrap()).collect()
}

fn year(year: i32) -> DateTime<Utc> {
    NaiveDate::from_ymd_opt(year, 1, 1).unwrap().and_hms_opt(0, 0, 0).unwrap().and_utc()
}

/// The same years of chrono-tz, in which no two changes lie within six hours.
fn reference(zone: Tz) -> Zone {
    const STEP: i64 = 6 * 3600;
    let offset =
        |second: i64| zone.offset_from_utc_datetime(&DateTime::from_timestamp(second, 0).unwrap().naive_utc()).fix().local_minus_utc();
    let (first, last) = (year(1990).timestamp(), year(2041).timestamp());
    let mut changes = Vec::new();
    let (mut at, mut known) = (first, offset(first));
    while at < last {
        let after = offset(at + STEP);
        if after != known {
            let (mut low, mut high) = (at, at + STEP);
            while high - low > 1 {
                let middle = low.midpoint(high);
                if offset(middle) == known { low = middle } else { high = middle }
            }
            changes.push((high, after));
            known = after;
        }
        at += STEP;
    }
    Zone::new(zone.name(), offset(first), changes)
}

fn describe(changes: &[Transition]) -> String {
    changes.iter().map(|change| format!("{} {:+} min; ", change.instant(), change.after / 60)).collect()
}

#[wasm_bindgen_test]
fn every_zone_of_this_browser_changes_when_chrono_tz_says() {
    let names = listed();
    let (mut slowest, mut spent) = (0.0_f64, 0.0_f64);
    let (mut compared, mut surprises) = (0, Vec::new());
    for name in &names {
        let started = milliseconds();
        let read = intl::zone(name).unwrap();
        let took = milliseconds() - started;
        (slowest, spent) = (slowest.max(took), spent + took);
        let Ok(tz) = name.parse::<Tz>() else {
            surprises.push(format!("{name}: chrono-tz does not know it"));
            continue;
        };
        let expected = reference(tz);
        compared += 1;
        let law = NEWER_LAWS.iter().find(|(known, ..)| known == name);
        let (from, until) = law.map_or((2041, 2041), |(_, from, until, _)| (*from, *until));
        let agreed = |zone: &Zone| {
            [(1990, from), (until, 2041)].map(|(from, until)| zone.transitions_between(year(from), year(until)).to_vec()).concat()
        };
        let (ours, theirs) = (agreed(&read), agreed(&expected));
        if ours != theirs || read.offset_at(year(1990)) != expected.offset_at(year(1990)) {
            let only = |some: &[Transition], others: &[Transition]| {
                describe(&some.iter().filter(|change| !others.contains(change)).copied().collect::<Vec<_>>())
            };
            surprises.push(format!("{name}: only here {} only chrono-tz {}", only(&ours, &theirs), only(&theirs, &ours)));
        }
        if read.transitions_between(year(1990), year(2041)) != expected.transitions_between(year(1990), year(2041))
            && let Some((_, _, _, reason)) = law
        {
            console_log!("{name} differs: {reason}");
        }
    }
    console_log!(
        "{compared} zones of {} compared; reading one takes {:.1} ms, {slowest:.1} at most; chrono-tz has {}",
        names.len(),
        spent / names.len() as f64,
        chrono_tz::IANA_TZDB_VERSION
    );
    assert!(names.len() > 300, "this browser lists {} zones", names.len());
    assert!(surprises.is_empty(), "{} zones differ:\n{}", surprises.len(), surprises.join("\n"));
}

fn milliseconds() -> f64 {
    let performance = Reflect::get(&js_sys::global(), &"performance".into()).unwrap();
    let function: Function = Reflect::get(&performance, &"now".into()).unwrap().unchecked_into();
    function.call0(&performance).unwrap().as_f64().unwrap()
}

#[wasm_bindgen_test]
fn a_zone_that_the_browser_does_not_know_is_none() {
    for name in
        ["", "Nowhere", "Customized Time Zone", "tzone://Microsoft/Custom", "GMT+6:30", "Europe/Berlin\u{0}", "W. Europe Standard Time"]
    {
        assert!(intl::zone(name).is_none(), "{name:?}");
    }
}
