//! Tolerant reading of single members. Owns what a missing, null or wrongly typed member becomes; leaves what members mean to the resources.

use crate::number::decimal;
use serde_json::{Map, Value};

/// A text; a number or truth value counts as the text that stands for it, anything else as none.
pub(super) fn text(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(if *flag { "true" } else { "false" }.into()),
        _ => None,
    }
}

/// A text that is not empty.
pub(super) fn some_text(value: Option<&Value>) -> Option<String> {
    text(value).filter(|text| !text.is_empty())
}

/// A truth value, also where it is written as text.
pub(super) fn flag(value: Option<&Value>) -> Option<bool> {
    match value? {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// A number, also where it is written as text; never infinite.
pub(super) fn number(value: Option<&Value>) -> Option<f64> {
    match value? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => decimal(text.trim()),
        _ => None,
    }
}

/// The entries of a list; none where it is no list.
pub(super) fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The members that are not among the known ones, as they came.
pub(super) fn others(object: &Map<String, Value>, known: &[&str]) -> Map<String, Value> {
    let unknown = object.iter().filter(|(name, _)| !known.contains(&name.as_str()));
    unknown.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// Takes a text member out of an object. A member of another type stays where it is.
pub(super) fn take_text(object: &mut Map<String, Value>, name: &str) -> Option<String> {
    let found = text(object.get(name));
    if found.is_some() || object.get(name).is_some_and(Value::is_null) {
        object.remove(name);
    }
    found
}

/// Takes a truth value out of an object, likewise.
pub(super) fn take_flag(object: &mut Map<String, Value>, name: &str) -> Option<bool> {
    let found = flag(object.get(name));
    if found.is_some() || object.get(name).is_some_and(Value::is_null) {
        object.remove(name);
    }
    found
}

/// A link that a page may open: https and nothing else, since `javascript:` would be script.
pub(super) fn https(value: Option<&Value>) -> Option<String> {
    text(value).filter(|link| link.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("https://")))
}

/// At most so many bytes of a text, cut between characters.
pub(super) fn clip(mut text: String, bytes: usize) -> String {
    if text.len() > bytes {
        let end = (0..=bytes).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
        text.truncate(end);
    }
    text
}

/// An enum that Graph writes as a word: any case is read, a word that is not known stays as it came.
macro_rules! words {
    ($name:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        impl $name {
            /// The value that a word stands for, whatever its case.
            #[must_use]
            pub fn from_word(word: &str) -> Self {
                match word {
                    $(_ if word.eq_ignore_ascii_case($word) => Self::$variant,)+
                    _ => Self::Other(word.into()),
                }
            }

            /// Graph's word.
            #[must_use]
            pub fn as_word(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Other(word) => word,
                }
            }

            /// The value of a member; the default where there is none.
            fn from_member(value: Option<&serde_json::Value>) -> Self {
                value.and_then(serde_json::Value::as_str).map(Self::from_word).unwrap_or_default()
            }
        }
    };
}
pub(super) use words;
