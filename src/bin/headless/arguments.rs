//! What callers pass. Owns reading single members and naming the one that is wrong; leaves which there are to each operation.

use chrono::{DateTime, Utc};
use convoke_core::{Error, ErrorCode, time::parse_instant};
use serde_json::{Map, Value};
use wasm_bindgen::JsValue;

use crate::boundary;

/// The members of one call: its options together with its positional arguments, by name. A null member counts as absent.
pub(crate) struct Arguments(Map<String, Value>);

impl Arguments {
    /// Reads an object.
    pub(crate) fn read(value: &JsValue) -> Result<Self, Error> {
        match boundary::read(value, "options")? {
            Value::Object(members) => Ok(Self(members)),
            Value::Null => Ok(Self(Map::new())),
            _ => Err(invalid("options", "must be an object")),
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// Takes a member out, whole.
    pub(crate) fn take(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name).filter(|value| !value.is_null())
    }

    /// A text that must be there and say something.
    pub(crate) fn text(&self, name: &str) -> Result<&str, Error> {
        self.optional_text(name)?.ok_or_else(|| invalid(name, "is missing: it must be text"))
    }

    /// A text that says something, if it is there.
    pub(crate) fn optional_text(&self, name: &str) -> Result<Option<&str>, Error> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) if !text.trim().is_empty() => Ok(Some(text)),
            Some(Value::String(_)) => Err(invalid(name, "is empty")),
            Some(_) => Err(invalid(name, "must be text")),
        }
    }

    /// A list of texts, if it is there.
    pub(crate) fn texts(&self, name: &str) -> Result<Option<Vec<String>>, Error> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let texts = value.as_array().and_then(|list| list.iter().map(|text| text.as_str().map(str::to_owned)).collect());
        texts.map(Some).ok_or_else(|| invalid(name, "must be a list of texts"))
    }

    /// A switch.
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, Error> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => Err(invalid(name, "must be true or false")),
        }
    }

    /// A whole number between two bounds.
    pub(crate) fn count(&self, name: &str, least: u32, most: u32) -> Result<Option<u32>, Error> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let whole = value.as_f64().filter(|number| number.fract() == 0.0 && (f64::from(least)..=f64::from(most)).contains(number));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole and within the bounds of a u32")]
        let whole = whole.map(|number| number as u32);
        let rule = || ["must be a whole number from ", &least.to_string(), " to ", &most.to_string()].concat();
        whole.map(Some).ok_or_else(|| invalid(name, &rule()))
    }

    /// An object that must be there.
    pub(crate) fn object(&mut self, name: &str) -> Result<Map<String, Value>, Error> {
        match self.take(name) {
            Some(Value::Object(members)) => Ok(members),
            Some(_) => Err(invalid(name, "must be an object")),
            None => Err(invalid(name, "is missing: it must be an object")),
        }
    }

    /// An instant that must be there: ISO 8601 with an offset or `Z`.
    pub(crate) fn instant(&self, name: &str) -> Result<DateTime<Utc>, Error> {
        self.optional_instant(name)?.ok_or_else(|| invalid(name, "is missing: it must be an instant, such as 2026-11-17T09:00:00Z"))
    }

    /// An instant, if it is there.
    pub(crate) fn optional_instant(&self, name: &str) -> Result<Option<DateTime<Utc>>, Error> {
        let Some(text) = self.optional_text(name)? else { return Ok(None) };
        parse_instant(text).map(Some).map_err(|error| error.of_field(name))
    }
}

/// The error for an argument: its name, then what is wrong.
pub(crate) fn invalid(name: &str, problem: &str) -> Error {
    Error::new(ErrorCode::InvalidRequest, ["`", name, "` ", problem, "."].concat())
}
