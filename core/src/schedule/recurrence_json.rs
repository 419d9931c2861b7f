//! Reading of Graph's `patternedRecurrence`. Owns members and words; leaves their meaning to `pattern` and `recurrence`.

use chrono::{NaiveDate, Weekday};
use serde_json::Value;

use super::{Index, Pattern, PatternKind, Range, RangeEnd, Recurrence, availability::invalid};
use crate::{
    Error,
    time::{parse_local, parse_weekday},
};

impl Recurrence {
    /// Reads Graph's `patternedRecurrence`. Members that the pattern or the range does not use are not looked at: Graph fills them with
    /// zeros. Words ignore case. `firstDayOfWeek` is Sunday and `index` first where they are missing, as in Graph.
    ///
    /// # Errors
    /// `invalid-request` that names the member below `field`.
    pub fn from_json(value: &Value, field: &str) -> Result<Self, Error> {
        let pattern = Members { value: &value["pattern"], field, part: ".pattern." };
        let range = Members { value: &value["range"], field, part: ".range." };
        let kind = match &*pattern.word("type")? {
            "daily" => PatternKind::Daily,
            "weekly" => PatternKind::Weekly { days: pattern.days()?, first_day: pattern.first_day()? },
            "absolutemonthly" => PatternKind::AbsoluteMonthly { day: pattern.number("dayOfMonth")? },
            "relativemonthly" => PatternKind::RelativeMonthly { days: pattern.days()?, index: pattern.index()? },
            "absoluteyearly" => PatternKind::AbsoluteYearly { month: pattern.number("month")?, day: pattern.number("dayOfMonth")? },
            "relativeyearly" => {
                PatternKind::RelativeYearly { month: pattern.number("month")?, days: pattern.days()?, index: pattern.index()? }
            }
            _ => return Err(pattern.refuse("type", " is none of Graph's six patterns")),
        };
        let pattern = Pattern { kind, interval: pattern.number("interval")? };
        pattern.check(field)?;
        let end = match &*range.word("type")? {
            "noend" => RangeEnd::Never,
            "enddate" => RangeEnd::Date(range.date("endDate")?.ok_or_else(|| range.refuse("endDate", " is missing"))?),
            "numbered" => match range.number("numberOfOccurrences")? {
                0 => return Err(range.refuse("numberOfOccurrences", " must be at least 1")),
                count => RangeEnd::Count(count),
            },
            _ => return Err(range.refuse("type", " is none of endDate, noEnd and numbered")),
        };
        let time_zone = range.value["recurrenceTimeZone"].as_str().filter(|name| !name.trim().is_empty()).map(str::to_owned);
        Ok(Self { pattern, range: Range { start_date: range.date("startDate")?, end, time_zone } })
    }
}

/// The members of the pattern or the range, and where they stand.
struct Members<'a> {
    value: &'a Value,
    field: &'a str,
    part: &'static str,
}

impl Members<'_> {
    fn refuse(&self, member: &str, problem: &str) -> Error {
        invalid(&[self.field, self.part, member], problem)
    }

    fn word(&self, member: &str) -> Result<String, Error> {
        let word = self.value[member].as_str().ok_or_else(|| self.refuse(member, " is missing"))?;
        Ok(word.to_ascii_lowercase())
    }

    fn number(&self, member: &str) -> Result<u32, Error> {
        let number = self.value[member].as_u64().and_then(|number| u32::try_from(number).ok());
        number.ok_or_else(|| self.refuse(member, " must be a whole number"))
    }

    fn date(&self, member: &str) -> Result<Option<NaiveDate>, Error> {
        match &self.value[member] {
            Value::Null => Ok(None),
            Value::String(text) => {
                let date = parse_local(text).ok_or_else(|| self.refuse(member, " is not a date like 2026-05-04"))?;
                Ok(Some(date.date()))
            }
            _ => Err(self.refuse(member, " is not a date like 2026-05-04")),
        }
    }

    fn days(&self) -> Result<Vec<Weekday>, Error> {
        let names = self.value["daysOfWeek"].as_array().ok_or_else(|| self.refuse("daysOfWeek", " must be a list of days"))?;
        let day = |name: &Value| name.as_str().and_then(parse_weekday);
        names.iter().map(|name| day(name).ok_or_else(|| self.refuse("daysOfWeek", " must hold English names of days"))).collect()
    }

    fn first_day(&self) -> Result<Weekday, Error> {
        match &self.value["firstDayOfWeek"] {
            Value::Null => Ok(Weekday::Sun),
            name => name.as_str().and_then(parse_weekday).ok_or_else(|| self.refuse("firstDayOfWeek", " is no English name of a day")),
        }
    }

    fn index(&self) -> Result<Index, Error> {
        if self.value["index"].is_null() {
            return Ok(Index::First);
        }
        Ok(match &*self.word("index")? {
            "first" => Index::First,
            "second" => Index::Second,
            "third" => Index::Third,
            "fourth" => Index::Fourth,
            "last" => Index::Last,
            _ => return Err(self.refuse("index", " is none of first, second, third, fourth and last")),
        })
    }
}
