//! JSON out of thin air, and JSON that was valid before somebody spoilt it.

use proptest::{
    collection::{btree_map, vec},
    prelude::*,
    sample::{Index, select},
};
use serde_json::{Value, json};

/// Values that break readers: ends of ranges, wrong types, dates that are none, zones that are none, what Graph really sent.
fn hostile() -> Vec<Value> {
    let mut values = vec![Value::Null, json!(true), json!({}), json!([]), json!([null]), json!({ "dateTime": null, "timeZone": 5 })];
    values.extend([0_i64, 1, -1, 7, 366, 2_147_483_648, i64::MIN, i64::MAX].map(Value::from));
    values.extend([0.5, -0.0, 1e300, 5e-324, 1e9].map(Value::from));
    values.push(json!(u64::MAX));
    let texts = [
        "",
        " ",
        "x",
        "null",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.9999999Z",
        "9999-12-31T24:00:00+23:59",
        "0000-00-00",
        "0001-01-01T00:00:00",
        "2026-03-29T02:30:00",
        "2026-02-30T00:00:00Z",
        "-0001-01-01T00:00:00Z",
        "24:00:00",
        "00:00",
        "25:99",
        "UTC",
        "Europe/Berlin",
        "Pacific Standard Time",
        "tzone://Microsoft/Custom",
        "Customized Time Zone",
        "noEnd",
        "numbered",
        "endDate",
        "daily",
        "weekly",
        "relativeYearly",
        "absoluteMonthly",
        "last",
        "organizer",
        "resource",
        "required",
        "busy",
        "free",
        "require",
        "ignore",
        "0123456789",
        "٣",
        "\u{202e}\u{0}\u{feff}",
        "👩‍👩‍👧‍👦",
        "javascript:alert(1)",
        "https://graph.microsoft.com/v1.0/me",
    ];
    values.extend(texts.map(Value::from));
    values.push(Value::from("2".repeat(5000)));
    values
}

/// The names of members that are read somewhere, so that arbitrary objects are not all passed over.
const NAMES: [&str; 56] = [
    "window",
    "start",
    "end",
    "durationMinutes",
    "stepMinutes",
    "timeZone",
    "attendees",
    "workingHours",
    "quorum",
    "minRequired",
    "recurrence",
    "relax",
    "id",
    "kind",
    "busy",
    "status",
    "schedule",
    "scheduleItems",
    "availabilityView",
    "error",
    "view",
    "intervalMinutes",
    "knownUntil",
    "ignore",
    "daysOfWeek",
    "startTime",
    "endTime",
    "capacity",
    "items",
    "pattern",
    "range",
    "type",
    "interval",
    "index",
    "month",
    "dayOfMonth",
    "from",
    "to",
    "dateTime",
    "bias",
    "standardOffset",
    "daylightOffset",
    "value",
    "@odata.nextLink",
    "@odata.deltaLink",
    "responses",
    "body",
    "headers",
    "emailAddress",
    "address",
    "organizer",
    "isAllDay",
    "categories",
    "meetingTimeSuggestions",
    "meetingTimeSlot",
    "exceptionOccurrences",
];

pub(crate) fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![3 => select(hostile()), 1 => any::<i64>().prop_map(Value::from), 1 => "\\PC{0,12}".prop_map(Value::from)];
    leaf.prop_recursive(5, 96, 8, |inner| {
        let names = select(NAMES.to_vec()).prop_map(str::to_owned);
        prop_oneof![
            1 => vec(inner.clone(), 0..4).prop_map(Value::from),
            3 => btree_map(names, inner, 0..8).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

#[derive(Debug, Clone)]
enum Damage {
    Put(Value),
    Drop,
    /// So many copies of an entry, or of the whole value in a list.
    Repeat(usize),
}

/// One of the seeds with one to four places spoilt.
pub(crate) fn spoilt(seeds: Vec<Value>) -> impl Strategy<Value = Value> {
    let damage = prop_oneof![
        6 => select(hostile()).prop_map(Damage::Put),
        1 => any_json().prop_map(Damage::Put),
        1 => Just(Damage::Drop),
        1 => (2_usize..40).prop_map(Damage::Repeat),
    ];
    (select(seeds), vec((any::<Index>(), damage), 1..5)).prop_map(|(mut value, damages)| {
        for (place, damage) in damages {
            let mut places = Vec::new();
            pointers(&value, String::new(), &mut places);
            let place = place.get(&places).clone();
            spoil(&mut value, &place, damage);
        }
        value
    })
}

fn pointers(value: &Value, at: String, into: &mut Vec<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, member)| pointers(member, format!("{at}/{}", escape(name)), into)),
        Value::Array(entries) => entries.iter().enumerate().for_each(|(number, entry)| pointers(entry, format!("{at}/{number}"), into)),
        _ => {}
    }
    into.push(at);
}

fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn spoil(value: &mut Value, place: &str, damage: Damage) {
    let parent = place.rsplit_once('/');
    match (damage, parent) {
        (Damage::Drop, Some((parent, name))) => {
            if let Some(Value::Object(members)) = value.pointer_mut(parent) {
                members.remove(&name.replace("~1", "/").replace("~0", "~"));
            }
        }
        (Damage::Put(other), _) => {
            if let Some(target) = value.pointer_mut(place) {
                *target = other;
            }
        }
        (Damage::Repeat(times), _) => {
            if let Some(target) = value.pointer_mut(place) {
                let copies = vec![target.clone(); times];
                match target {
                    Value::Array(entries) if !entries.is_empty() => *entries = entries.iter().cycle().take(times * 10).cloned().collect(),
                    _ => *target = copies.into(),
                }
            }
        }
        (Damage::Drop, None) => {}
    }
}
