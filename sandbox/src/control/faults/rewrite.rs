//! Answers whose JSON is not what the documentation says. Owns the changes; which of them apply is the rule's affair.

use serde_json::{Map, Value, json};

use crate::{identity, world};

use super::{
    act::{Act, NextLink},
    batch,
};

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
    if act.duplicate_items
        && let Some(items) = value.get_mut("value").and_then(Value::as_array_mut)
    {
        items.extend(items.clone());
    }
    if act.replay_changes
        && let Some(link) = value.get_mut("@odata.deltaLink")
    {
        *link = json!(url);
    }
    if let (Some(kind), Some(page)) = (act.next_link, value.as_object_mut()) {
        let right = page.get("@odata.nextLink").and_then(Value::as_str).unwrap_or(url);
        page.insert("@odata.nextLink".to_owned(), json!(next_link(kind, url, right, act.turn)));
    }
    if let Some(kind) = act.batch {
        batch::disorder(kind, value);
    }
    if let (Some(forged), Some(Value::String(token))) = (&act.id_token, value.get_mut("id_token")) {
        *token = identity::forged(token, &forged.claims, forged.signature).unwrap_or_default();
    }
    for (pointer, replacement) in &act.set {
        set(value, &path(pointer), replacement);
    }
    for pointer in &act.remove {
        remove(value, &path(pointer));
    }
}

/// The tokens of a JSON pointer (RFC 6901 §4).
fn path(pointer: &str) -> Vec<String> {
    pointer.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~")).collect()
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

/// `url`: what was asked for; `right`: the link that the page had, if it had one.
fn next_link(kind: NextLink, url: &str, right: &str, turn: u32) -> String {
    let (origin, rest) = right.find("/v1.0").map_or(("", right), |position| right.split_at(position));
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    match kind {
        NextLink::Loop => url.to_owned(),
        NextLink::Repeat => {
            // The handlers ignore the parameter, so the page stays the same while its address changes.
            let bare = url.split_once("&sandboxTurn=").map_or(url, |(bare, _)| bare);
            let mark = if bare.contains('?') { '&' } else { '?' };
            format!("{bare}{mark}sandbox=repeat&sandboxTurn={turn}")
        }
        NextLink::Overlap => one_earlier(right),
        NextLink::OtherHost => format!("https://graph.example.org{rest}"),
        NextLink::Http => format!("http://graph.microsoft.com{rest}"),
        NextLink::Relative => rest.to_owned(),
        NextLink::Userinfo => format!("https://{host}@graph.example.org{rest}"),
        NextLink::Long => {
            let mark = if right.contains('?') { '&' } else { '?' };
            format!("{right}{mark}sandbox={}", "long-".repeat(1800))
        }
    }
}

/// The link with its offset one less, so that it leads to the last item that is known already. One without an offset stays as it is.
fn one_earlier(link: &str) -> String {
    let earlier = |name: &str, read: fn(&str) -> Option<u64>, written: fn(u64) -> String| {
        let (head, tail) = link.split_once(name)?;
        let end = tail.find('&').unwrap_or(tail.len());
        let (value, rest) = tail.split_at(end);
        Some(format!("{head}{name}{}{rest}", written(read(value)?.checked_sub(1)?)))
    };
    earlier("$skip=", |text| text.parse().ok(), |number| number.to_string())
        .or_else(|| earlier("$skiptoken=", world::page_token_number, world::page_token))
        .unwrap_or_else(|| link.to_owned())
}

fn remove(value: &mut Value, path: &[String]) {
    let Some((token, rest)) = path.split_first() else { return };
    match value {
        Value::Object(members) if token == "*" && rest.is_empty() => members.clear(),
        Value::Object(members) if token == "*" => members.iter_mut().for_each(|(_, member)| remove(member, rest)),
        Value::Object(members) if rest.is_empty() => {
            members.shift_remove(token);
        }
        Value::Object(members) => members.get_mut(token).into_iter().for_each(|member| remove(member, rest)),
        Value::Array(elements) if token == "*" && rest.is_empty() => elements.clear(),
        Value::Array(elements) if token == "*" => elements.iter_mut().for_each(|element| remove(element, rest)),
        Value::Array(elements) => {
            let Some(index) = token.parse::<usize>().ok().filter(|index| *index < elements.len()) else { return };
            if rest.is_empty() {
                elements.remove(index);
            } else if let Some(element) = elements.get_mut(index) {
                remove(element, rest);
            }
        }
        _ => {}
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
        Value::Array(elements) if token == "-" => {
            elements.push(Value::Null);
            elements.last_mut().into_iter().for_each(|element| set(element, rest, replacement));
        }
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
    fn values_are_taken_away_and_elements_added() {
        let set = Map::from_iter([("/value/-".to_owned(), json!({ "id": "new" }))]);
        let remove = ["/value/0", "/value/*/subject", "/nothing/here", "/@odata.context"].map(str::to_owned).to_vec();
        check(
            &Act { set, remove, ..Act::default() },
            json!({ "@odata.context": "c", "value": [{ "id": "1" }, { "id": "2", "subject": "s" }] }),
            &json!({ "value": [{ "id": "2" }, { "id": "new" }] }),
        );
        check(&Act { duplicate_items: true, ..Act::default() }, json!({ "value": [1, 2] }), &json!({ "value": [1, 2, 1, 2] }));
    }

    #[test]
    fn next_links_loop_or_never_end() {
        let url = "http://127.0.0.1:1/v1.0/me/events?$top=2";
        assert_eq!(next_link(NextLink::Loop, url, url, 1), url);
        let first = next_link(NextLink::Repeat, url, url, 1);
        let second = next_link(NextLink::Repeat, &first, &first, 2);
        assert_ne!(first, second);
        assert!(second.len() < first.len() + 20, "{second}");
    }

    #[test]
    fn next_links_lead_elsewhere() {
        let right = "https://127.0.0.1:1/v1.0/me/events?$top=2&$skip=2&x=1";
        let check = |kind: NextLink, expected: &str| assert_eq!(next_link(kind, "", right, 1), expected, "{kind:?}");
        check(NextLink::Overlap, "https://127.0.0.1:1/v1.0/me/events?$top=2&$skip=1&x=1");
        check(NextLink::OtherHost, "https://graph.example.org/v1.0/me/events?$top=2&$skip=2&x=1");
        check(NextLink::Http, "http://graph.microsoft.com/v1.0/me/events?$top=2&$skip=2&x=1");
        check(NextLink::Relative, "/v1.0/me/events?$top=2&$skip=2&x=1");
        check(NextLink::Userinfo, "https://127.0.0.1:1@graph.example.org/v1.0/me/events?$top=2&$skip=2&x=1");
        assert!(next_link(NextLink::Long, "", right, 1).len() > 8192);
        let by_token = format!("/users?$skiptoken={}", world::page_token(7));
        assert_eq!(one_earlier(&by_token), format!("/users?$skiptoken={}", world::page_token(6)));
    }
}
