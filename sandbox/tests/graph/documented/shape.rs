//! Whether an answer has the shape of a documented one. Owns that comparison: each documented member is there, with a value of its kind.

use serde_json::{Map, Value};

use super::left_out;

/// What the documented answer has and the given one has not. More members are no difference: the pages shorten their answers.
pub(super) fn differences(id: &str, documented: &Value, given: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare(documented, given, "", &mut found);
    found.retain(|(member, _)| !left_out::member(id, member));
    found.into_iter().map(|(member, problem)| format!("{member} {problem}")).collect()
}

fn compare(documented: &Value, given: &Value, path: &str, found: &mut Vec<(String, String)>) {
    match (documented, given) {
        (Value::Object(documented), Value::Object(given)) => {
            for (name, member) in documented {
                let path = format!("{path}/{name}");
                match given.get(name) {
                    Some(given) => compare(member, given, &path, found),
                    None => found.push((path, "is missing".to_owned())),
                }
            }
        }
        (Value::Array(documented), Value::Array(given)) => {
            let (documented, given) = (merged(documented), merged(given));
            match (documented, given) {
                (Some(documented), Some(given)) => compare(&documented, &given, &format!("{path}/*"), found),
                (Some(_), None) => found.push((path.to_owned(), "is empty".to_owned())),
                (None, _) => {}
            }
        }
        // What nobody has set is null. Whether it may be is the business of `tests/wire`.
        (Value::Null, _) | (Value::String(_), Value::Null) => {}
        (documented, given) if kind(documented) == kind(given) => {}
        (documented, given) => found.push((path.to_owned(), format!("is {} instead of {}", kind(given), kind(documented)))),
    }
}

/// One value with the members of all: items of a collection differ in what they have.
fn merged(items: &[Value]) -> Option<Value> {
    let mut objects = items.iter().filter_map(Value::as_object).peekable();
    if objects.peek().is_none() {
        return items.first().cloned();
    }
    let mut all = Map::new();
    for (name, value) in objects.flatten() {
        let known = all.entry(name.clone()).or_insert(Value::Null);
        let combined = match (&*known, value) {
            (Value::Null, value) => value.clone(),
            (Value::Array(some), Value::Array(more)) => some.iter().chain(more).cloned().collect(),
            (some @ Value::Object(_), more @ Value::Object(_)) => merged(&[some.clone(), more.clone()]).unwrap_or_default(),
            (known, _) => known.clone(),
        };
        *known = combined;
    }
    Some(all.into())
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
