//! Whether what Graph stores is what was sent. Owns the differences that mean nothing; leaves reading back, and why, to the client.
//!
//! After an answer that was lost, a repeated write meets its own traces: the version has changed, the transaction is known. Reading back
//! tells whether by ourselves.

use serde_json::Value;

/// Whether `stored` holds everything that `sent` says. Members that were not sent do not count; nor do missing digits of a second, the case
/// of words, what the server wraps around a text, and the difference between null and nothing.
#[must_use]
pub fn holds(stored: &Value, sent: &Value) -> bool {
    match (sent, stored) {
        (Value::Object(sent), _) => sent.iter().filter(|(name, _)| !name.starts_with('@')).all(|(name, value)| {
            let found = stored.get(name).unwrap_or(&Value::Null);
            holds(found, value) || (name == "content" && contains(found, value))
        }),
        (Value::Array(sent), Value::Array(stored)) => {
            sent.len() == stored.len() && sent.iter().all(|entry| stored.iter().any(|candidate| holds(candidate, entry)))
        }
        (Value::String(sent), Value::String(stored)) => seconds(sent).eq_ignore_ascii_case(seconds(stored)),
        (Value::Null, Value::String(stored)) => stored.is_empty(),
        (Value::String(sent), Value::Null) => sent.is_empty(),
        (Value::Array(sent), Value::Null) => sent.is_empty(),
        _ => sent == stored,
    }
}

/// A text without the zeros after the second of a time.
fn seconds(text: &str) -> &str {
    match text.split_once('.') {
        Some((before, zeros)) if before.contains('T') && zeros.bytes().all(|byte| byte == b'0') => before,
        _ => text.trim(),
    }
}

/// Graph makes a page of HTML out of a body.
fn contains(stored: &Value, sent: &Value) -> bool {
    stored.as_str().zip(sent.as_str()).is_some_and(|(stored, sent)| stored.contains(sent.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(stored: Value, sent: Value, expected: bool) {
        assert_eq!(holds(&stored, &sent), expected, "{sent} in {stored}");
    }

    #[test]
    fn what_means_the_same_is_the_same() {
        let time = |text: &str| json!({"start": {"dateTime": text, "timeZone": "UTC"}});
        check(time("2026-05-04T09:00:00.0000000"), time("2026-05-04T09:00:00"), true);
        check(json!({"id": "1", "subject": "a", "showAs": "busy"}), json!({"subject": "a", "showAs": "Busy"}), true);
        check(
            json!({"body": {"contentType": "html", "content": "<html>x</html>"}}),
            json!({"body": {"contentType": "HTML", "content": "x"}}),
            true,
        );
        check(
            json!({"attendees": [{"emailAddress": {"address": "A@b.c", "name": "A"}, "status": {}}]}),
            json!({"attendees": [{"emailAddress": {"address": "a@b.c"}}]}),
            true,
        );
        check(json!({"location": null}), json!({"location": null, "categories": []}), true);
    }

    #[test]
    fn what_differs_differs() {
        check(json!({"subject": "a"}), json!({"subject": "b"}), false);
        check(json!({}), json!({"subject": "b"}), false);
        check(json!({"attendees": [1, 2]}), json!({"attendees": [1]}), false);
        check(json!({"start": {"dateTime": "2026-05-04T09:30:00.0000000"}}), json!({"start": {"dateTime": "2026-05-04T09:00:00"}}), false);
        check(json!({"isAllDay": true}), json!({"isAllDay": false}), false);
    }
}
