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

    /// Those of an object inside of another one.
    pub(crate) fn of(members: Map<String, Value>) -> Self {
        Self(members)
    }

    /// A member as it was given.
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

    /// As [`Self::text`], as one's own.
    pub(crate) fn owned(&self, name: &str) -> Result<String, Error> {
        self.text(name).map(str::to_owned)
    }

    /// A text that must be there and may be empty.
    pub(crate) fn any_text(&self, name: &str) -> Result<&str, Error> {
        self.get(name).and_then(Value::as_str).ok_or_else(|| invalid(name, "must be text"))
    }

    /// `path`: a text; the root of the drive where there is none.
    pub(crate) fn path(&self) -> Result<&str, Error> {
        match self.get("path") {
            None => Ok(""),
            Some(_) => self.any_text("path"),
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

    /// A member that must be there, whole; which shape it has is judged elsewhere.
    pub(crate) fn value(&mut self, name: &str) -> Result<Value, Error> {
        self.take(name).ok_or_else(|| invalid(name, "is missing: it must be an object"))
    }

    /// `body`, whole.
    pub(crate) fn body(&mut self) -> Result<Value, Error> {
        self.value("body")
    }

    /// An instant that must be there: ISO 8601 with an offset or `Z`.
    pub(crate) fn instant(&self, name: &str) -> Result<DateTime<Utc>, Error> {
        parse_instant(self.text(name)?).map_err(|error| error.of_field(&["`", name, "`"].concat()))
    }
}

/// The error for an argument: its name, then what is wrong.
pub(crate) fn invalid(name: &str, problem: &str) -> Error {
    Error::new(ErrorCode::InvalidRequest, ["`", name, "` ", problem, "."].concat())
}
