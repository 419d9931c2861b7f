//! Answers whose JSON is not what the documentation says. Owns the changes; which of them apply is the rule's affair.

use serde_json::{Map, Value, json};

use super::act::{Act, NextLink};

/// Members that hold enumerations in the resources that the sandbox serves.
const ENUMERATIONS: [&str; 16] = [
    "attendeeAvailability",
    "availability",
    "contentType",
    "dayOfWeek",
    "emptySuggestionsReason",
    "flagStatus",
    "importance",
    "inferenceClassification",
    "locationType",
    "meetingMessageType",
    "onlineMeetingProvider",
    "organizerAvailability",
    "response",
    "sensitivity",
    "showAs",
    "status",
];

/// Applies the rule's changes to the answer to the request for `url`.
pub(super) fn rewrite(value: &mut Value, act: &Act, url: &str) {
    if act.wrong_types {
        each_entity(value, &|_, member| *member = wrong_type(member));
    }
    if act.nulls {
        each_entity(value, &|name, member| {
            if name != "id" {
                *member = Value::Null;
            }
        });
    }
    if act.unknown_enums {
        unknown_enumerations(value);
    }
    if act.unknown_members {
        unknown_members(value);
    }
    if let (Some(kind), Some(page)) = (act.next_link, value.as_object_mut()) {
        page.insert("@odata.nextLink".to_owned(), json!(next_link(kind, url, act.turn)));
    }
    for (pointer, replacement) in &act.set {
        let path: Vec<String> = pointer.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~")).collect();
        set(value, &path, replacement);
    }
}

/// Visits the members of the entity, or of each entity of a collection; annotations (`@…`) and the collection's own members stay.
fn each_entity(value: &mut Value, change: &impl Fn(&str, &mut Value)) {
    let visit = |entity: &mut Map<String, Value>| {
        entity.iter_mut().filter(|(name, _)| !name.starts_with('@')).for_each(|(name, member)| change(name, member));
    };
    let Some(root) = value.as_object_mut() else { return };
    match root.get_mut("value").and_then(Value::as_array_mut) {
        Some(entities) => entities.iter_mut().filter_map(Value::as_object_mut).for_each(visit),
        None => visit(root),
    }
}

fn wrong_type(value: &Value) -> Value {
    match value {
        Value::Null => json!("null"),
        Value::Bool(flag) => json!(flag.to_string()),
        Value::Number(number) => json!(number.to_string()),
        Value::String(text) => json!(text.len()),
        Value::Array(_) => json!({}),
        Value::Object(_) => json!([]),
    }
}

fn unknown_enumerations(value: &mut Value) {
    match value {
        Value::Array(elements) => elements.iter_mut().for_each(unknown_enumerations),
        Value::Object(members) => members.iter_mut().for_each(|(name, member)| {
            if member.is_string() && ENUMERATIONS.contains(&name.as_str()) {
                *member = json!("sandboxUnknownValue");
            } else {
                unknown_enumerations(member);
            }
        }),
        _ => {}
    }
}

fn unknown_members(value: &mut Value) {
    match value {
        Value::Array(elements) => elements.iter_mut().for_each(unknown_members),
        Value::Object(members) => {
            members.iter_mut().for_each(|(_, member)| unknown_members(member));
            members.insert("sandboxUnknown".to_owned(), json!({ "nested": [1, null, { "deeper": true }] }));
            members.insert("@sandbox.unknown".to_owned(), json!("an annotation"));
        }
        _ => {}
    }
}

fn next_link(kind: NextLink, url: &str, turn: u32) -> String {
    match kind {
        NextLink::Loop => url.to_owned(),
        NextLink::Repeat => {
            // The handlers ignore the parameter, so the page stays the same while its address changes.
            let bare = url.split_once("&sandboxTurn=").map_or(url, |(bare, _)| bare);
            let mark = if bare.contains('?') { '&' } else { '?' };
            format!("{bare}{mark}sandbox=repeat&sandboxTurn={turn}")
        }
    }
}

fn set(value: &mut Value, path: &[String], replacement: &Value) {
    let Some((token, rest)) = path.split_first() else {
        *value = replacement.clone();
        return;
    };
    match value {
        Value::Object(members) if token == "*" => members.iter_mut().for_each(|(_, member)| set(member, rest, replacement)),
        Value::Array(elements) if token == "*" => elements.iter_mut().for_each(|element| set(element, rest, replacement)),
        Value::Object(members) => set(members.entry(token.clone()).or_insert(Value::Null), rest, replacement),
        Value::Array(elements) => {
            if let Some(element) = token.parse::<usize>().ok().and_then(|index| elements.get_mut(index)) {
                set(element, rest, replacement);
            }
        }
        // A pointer that leads through something else makes objects on its way.
        other => {
            let mut members = Map::new();
            set(members.entry(token.clone()).or_insert(Value::Null), rest, replacement);
            *other = Value::Object(members);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(act: &Act, before: Value, after: &Value) {
        let mut value = before;
        rewrite(&mut value, act, "http://127.0.0.1:1/v1.0/me/events?$top=2");
        assert_eq!(&value, after);
    }

    #[test]
    fn entities_change_and_the_collection_stays() {
        let page = json!({ "@odata.context": "c", "value": [{ "id": "1", "subject": "abc", "isAllDay": false }] });
        check(
            &Act { wrong_types: true, ..Act::default() },
            page.clone(),
            &json!({ "@odata.context": "c", "value": [{ "id": 1, "subject": 3, "isAllDay": "false" }] }),
        );
        check(
            &Act { nulls: true, ..Act::default() },
            page,
            &json!({ "@odata.context": "c", "value": [{ "id": "1", "subject": null, "isAllDay": null }] }),
        );
    }

    #[test]
    fn pointers_reach_every_element_and_make_their_way() {
        let set = Map::from_iter([("/value/*/start/timeZone".to_owned(), json!("Mars")), ("/a~1b".to_owned(), json!(1))]);
        check(
            &Act { set, ..Act::default() },
            json!({ "value": [{ "start": { "timeZone": "UTC" } }, {}] }),
            &json!({ "value": [{ "start": { "timeZone": "Mars" } }, { "start": { "timeZone": "Mars" } }], "a/b": 1 }),
        );
    }

    #[test]
    fn next_links_loop_or_never_end() {
        let url = "http://127.0.0.1:1/v1.0/me/events?$top=2";
        assert_eq!(next_link(NextLink::Loop, url, 1), url);
        let first = next_link(NextLink::Repeat, url, 1);
        let second = next_link(NextLink::Repeat, &first, 2);
        assert_ne!(first, second);
        assert!(second.len() < first.len() + 20, "{second}");
    }
}
