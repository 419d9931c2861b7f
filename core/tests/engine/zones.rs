//! The zones that requests are made of. Custom zones are Graph's own rules, written out here, and the zone of chrono-tz that follows
//! exactly these rules in the years that the tests use: so the two are told apart by nothing but who computes them.

use chrono_tz::Tz;
use serde_json::{Value, json};

/// Whole hours, half hours, three quarters; changes at 2:00, at midnight, by half an hour, in either half of the globe, or never.
pub(crate) const NAMES: [&str; 11] = [
    "UTC",
    "Europe/Berlin",
    "W. Europe Standard Time",
    "America/New_York",
    "America/St_Johns",
    "America/Santiago",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Tokyo",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
];

/// The custom zones, by the zone whose rules they spell out.
pub(crate) const CUSTOM: [Tz; 5] =
    [Tz::America__Los_Angeles, Tz::Europe__Helsinki, Tz::Australia__Adelaide, Tz::Asia__Kathmandu, Tz::America__Caracas];

/// A zone of [`NAMES`] or the source of a custom one; none for a name that nobody knows.
pub(crate) fn tz(zone: &Value) -> Option<Tz> {
    match zone {
        Value::String(name) if name == "W. Europe Standard Time" => Some(Tz::Europe__Berlin),
        Value::String(name) => name.parse().ok(),
        zone => CUSTOM.into_iter().find(|known| custom(*known) == *zone),
    }
}

/// Graph's `customTimeZone`. Biases are minutes west; `time` is the wall time before the change.
pub(crate) fn custom(zone: Tz) -> Value {
    let rule = |occurrence: u32, month: u32, time: &str| json!({ "time": time, "dayOccurrence": occurrence, "dayOfWeek": "sunday", "month": month, "year": 0 });
    let daylight = |mut rule: Value| {
        rule["daylightBias"] = json!(-60);
        rule
    };
    let (bias, standard, summer) = match zone {
        Tz::America__Los_Angeles => (480, rule(1, 11, "02:00:00.0000000"), daylight(rule(2, 3, "02:00:00.0000000"))),
        Tz::Europe__Helsinki => (-120, rule(5, 10, "04:00:00"), daylight(rule(5, 3, "03:00:00"))),
        Tz::Australia__Adelaide => (-570, rule(1, 4, "03:00:00"), daylight(rule(1, 10, "02:00:00"))),
        // Without rules, and with rules that say nothing.
        Tz::Asia__Kathmandu => (-345, Value::Null, Value::Null),
        _ => (240, rule(0, 0, "00:00:00"), rule(0, 0, "00:00:00")),
    };
    json!({
        "@odata.type": "#microsoft.graph.customTimeZone", "bias": bias, "name": "Customized Time Zone",
        "standardOffset": standard, "daylightOffset": summer
    })
}
