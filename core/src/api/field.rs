//! Strict reading of what a developer wrote. Owns types, required members and errors that name the path of the field and say what to do;
//! leaves Graph's own objects to `model`, which reads them tolerantly.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::{
    Error, ErrorCode,
    model::{DateTimeTimeZone, FreeBusy},
    time::{Span, parse_instant},
};

/// A value and where it stands in the argument. The path is only written where an error needs it.
#[derive(Clone, Copy)]
pub(super) struct Field<'a> {
    value: &'a Value,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    /// The argument itself, by its name.
    Argument(&'static str),
    Member(&'a Field<'a>, &'static str),
    Entry(&'a Field<'a>, usize),
}

static NULL: Value = Value::Null;

impl<'a> Field<'a> {
    /// A whole argument. Its name appears in errors about itself alone.
    pub(super) fn argument(value: &'a Value, name: &'static str) -> Self {
        Self { value, step: Step::Argument(name) }
    }

    /// The same, where it must be an object.
    pub(super) fn object(value: &'a Value, name: &'static str) -> Result<Self, Error> {
        Self::argument(value, name).as_object()
    }

    /// Itself, where it is an object.
    pub(super) fn as_object(self) -> Result<Self, Error> {
        if self.value.is_object() { Ok(self) } else { Err(self.refuse(" must be an object")) }
    }

    /// A member; null where there is none.
    pub(super) fn member(&self, name: &'static str) -> Field<'_> {
        Field { value: self.value.get(name).unwrap_or(&NULL), step: Step::Member(self, name) }
    }

    /// A member, where it is given: null counts as not given, as `undefined` does in JavaScript.
    pub(super) fn given(&self, name: &'static str) -> Option<Field<'_>> {
        Some(self.member(name)).filter(|member| !member.value.is_null())
    }

    /// The value as it came.
    pub(super) fn value(&self) -> &'a Value {
        self.value
    }

    /// The entries of a list.
    pub(super) fn entries(&self) -> Result<impl ExactSizeIterator<Item = Field<'_>>, Error> {
        let entries = self.value.as_array().ok_or_else(|| self.refuse(" must be a list"))?;
        Ok(entries.iter().enumerate().map(|(number, value)| Field { value, step: Step::Entry(self, number) }))
    }

    pub(super) fn text(&self) -> Result<&'a str, Error> {
        self.value.as_str().ok_or_else(|| self.refuse(" must be a text"))
    }

    pub(super) fn flag(&self) -> Result<bool, Error> {
        self.value.as_bool().ok_or_else(|| self.refuse(" must be true or false"))
    }

    /// A whole number; what is larger than any sensible one becomes the largest.
    pub(super) fn whole(&self, least: u32) -> Result<u32, Error> {
        let number = self.value.as_f64().filter(|number| number.fract() == 0.0 && *number >= 0.0);
        let number = number.ok_or_else(|| self.refuse(" must be a whole number that is not negative"))?;
        // A cast of what is too large saturates.
        let number = number as u32;
        if number < least { Err(self.refuse(" must be at least 1")) } else { Ok(number) }
    }

    /// One of some words, whatever its case; `what` lists them.
    pub(super) fn word<T: Copy>(&self, words: &[(&str, T)], what: &str) -> Result<T, Error> {
        let word = self.value.as_str().unwrap_or_default();
        let known = words.iter().find(|(known, _)| known.eq_ignore_ascii_case(word));
        known.map(|(_, value)| *value).ok_or_else(|| self.refuse(what))
    }

    /// An instant, which needs an offset or `Z`.
    pub(super) fn instant(&self) -> Result<DateTime<Utc>, Error> {
        let text = self.value.as_str().ok_or_else(|| self.refuse(" must be a text like 2026-05-04T09:00:00Z"))?;
        parse_instant(text).map_err(|problem| problem.of_field(&self.path()))
    }

    /// The members `start` and `end`.
    pub(super) fn span(&self) -> Result<Span, Error> {
        self.as_object()?;
        Ok(Span::new(self.member("start").instant()?, self.member("end").instant()?))
    }

    /// The member `status`. Graph may learn new words, which are unknown; a missing one is a mistake.
    pub(super) fn status(&self) -> Result<FreeBusy, Error> {
        let status = self.member("status");
        let word = status.value.as_str();
        word.map(FreeBusy::from_word)
            .ok_or_else(|| status.refuse(" must be one of free, tentative, busy, oof, workingElsewhere and unknown"))
    }

    /// Graph's pair of wall time and zone. An offset in the wall time does without a zone.
    pub(super) fn wall_time(&self) -> Result<DateTimeTimeZone, Error> {
        self.as_object()?;
        let zone = self.given("timeZone").map(|zone| zone.text()).transpose()?;
        Ok(DateTimeTimeZone { date_time: self.member("dateTime").text()?.to_owned(), time_zone: zone.unwrap_or_default().to_owned() })
    }

    /// An `invalid-request` that begins with the path.
    pub(super) fn refuse(&self, problem: &str) -> Error {
        let mut message = self.path();
        message.push_str(problem);
        Error::new(ErrorCode::InvalidRequest, message)
    }

    /// Such as `attendees[3].busy[0].start`.
    fn path(&self) -> String {
        match self.step {
            Step::Argument(name) => name.to_owned(),
            Step::Member(Field { step: Step::Argument(_), .. }, name) => name.to_owned(),
            Step::Member(parent, name) => [&parent.path(), ".", name].concat(),
            Step::Entry(parent, number) => [&parent.path(), "[", &number.to_string(), "]"].concat(),
        }
    }
}
