//! Reading request bodies as leniently as Graph does: names in any case, numbers and booleans as strings. Owns coercion and Graph's compound
//! types; leaves what the members mean to the operations.

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc, Weekday};
use serde_json::{Map, Value};

use super::error::{Error, Result};
use crate::world::{
    event::{Address, Body},
    zones::{Zone, ZonedTime},
};

/// A JSON object whose members are looked up without case.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Input(Map<String, Value>);

impl Input {
    pub(crate) const fn new(members: Map<String, Value>) -> Self {
        Self(members)
    }

    /// The members as they came.
    pub(crate) const fn members(&self) -> &Map<String, Value> {
        &self.0
    }

    /// A member, `null` included.
    pub(crate) fn raw(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.raw(name).is_some()
    }

    /// A member that is not `null`.
    fn value(&self, name: &str) -> Option<&Value> {
        self.raw(name).filter(|value| !value.is_null())
    }

    pub(crate) fn text(&self, name: &str) -> Result<Option<String>> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(_) => Err(mistyped(name, "Edm.String")),
        }
    }

    pub(crate) fn boolean(&self, name: &str) -> Result<Option<bool>> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Bool(value)) => Ok(Some(*value)),
            Some(Value::String(text)) if text.eq_ignore_ascii_case("true") => Ok(Some(true)),
            Some(Value::String(text)) if text.eq_ignore_ascii_case("false") => Ok(Some(false)),
            Some(_) => Err(mistyped(name, "Edm.Boolean")),
        }
    }

    pub(crate) fn integer(&self, name: &str) -> Result<Option<i64>> {
        let wrong = || mistyped(name, "Edm.Int32");
        self.number(name)?
            .map(|number| if number.fract() == 0.0 && number.abs() <= f64::from(i32::MAX) { Ok(number as i64) } else { Err(wrong()) })
            .transpose()
    }

    pub(crate) fn number(&self, name: &str) -> Result<Option<f64>> {
        let wrong = || mistyped(name, "Edm.Double");
        match self.value(name) {
            None => Ok(None),
            Some(Value::Number(number)) => number.as_f64().map(Some).ok_or_else(wrong),
            Some(Value::String(text)) => text.trim().parse().map(Some).map_err(|_| wrong()),
            Some(_) => Err(wrong()),
        }
    }

    pub(crate) fn object(&self, name: &str) -> Result<Option<Self>> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Object(members)) => Ok(Some(Self(members.clone()))),
            Some(_) => Err(mistyped(name, "an object")),
        }
    }

    pub(crate) fn array(&self, name: &str) -> Result<Option<&[Value]>> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Array(items)) => Ok(Some(items)),
            Some(_) => Err(mistyped(name, "a collection")),
        }
    }

    pub(crate) fn objects(&self, name: &str) -> Result<Option<Vec<Self>>> {
        let object = |item: &Value| item.as_object().cloned().map(Self).ok_or_else(|| mistyped(name, "a collection of objects"));
        self.array(name)?.map(|items| items.iter().map(object).collect()).transpose()
    }

    pub(crate) fn texts(&self, name: &str) -> Result<Option<Vec<String>>> {
        let text = |item: &Value| item.as_str().map(str::to_owned).ok_or_else(|| mistyped(name, "a collection of Edm.String"));
        self.array(name)?.map(|items| items.iter().map(text).collect()).transpose()
    }

    /// An enumeration's value, read by its own `parse`.
    pub(crate) fn choice<T>(&self, name: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>> {
        let read = |text: String| parse(&text).ok_or_else(|| Error::unreadable(format!("Requested value '{text}' was not found.")));
        self.text(name)?.map(read).transpose()
    }

    /// A dateTimeTimeZone.
    pub(crate) fn time(&self, name: &str) -> Result<Option<ZonedTime>> {
        let Some(object) = self.object(name)? else { return Ok(None) };
        let text = object.text("dateTime")?.ok_or_else(|| Error::unreadable(format!("The property '{name}' needs a 'dateTime'.")))?;
        let zone = object.text("timeZone")?.unwrap_or_else(|| "UTC".to_owned());
        let zone = Zone::named(&zone).ok_or_else(|| Error::time_zone(&zone))?;
        let local = match date_time(&text) {
            Some((local, None)) => local,
            // An offset in the text names an instant, which the zone then shows.
            Some((_, Some(instant))) => zone.local(instant),
            None => return Err(mistyped(name, "Edm.DateTime")),
        };
        Ok(Some(ZonedTime { local, zone }))
    }

    /// An itemBody.
    pub(crate) fn body(&self, name: &str) -> Result<Option<Body>> {
        let Some(object) = self.object(name)? else { return Ok(None) };
        let html = object.choice("contentType", |text| match text.to_ascii_lowercase().as_str() {
            "html" => Some(true),
            "text" => Some(false),
            _ => None,
        })?;
        Ok(Some(Body { html: html.unwrap_or(false), content: object.text("content")?.unwrap_or_default() }))
    }

    /// An emailAddress.
    pub(crate) fn address(&self, name: &str) -> Result<Option<Address>> {
        let Some(object) = self.object(name)? else { return Ok(None) };
        let address = object.text("address")?.unwrap_or_default();
        let name = object.text("name")?.filter(|name| !name.is_empty()).unwrap_or_else(|| address.clone());
        Ok(Some(Address { name, address }))
    }

    /// A recipient[].
    pub(crate) fn recipients(&self, name: &str) -> Result<Option<Vec<Address>>> {
        let Some(objects) = self.objects(name)? else { return Ok(None) };
        let mut recipients = Vec::new();
        for object in objects {
            let address = object.address("emailAddress")?.filter(|address| address.address.contains('@'));
            recipients.push(address.ok_or_else(|| Error::new(400, "ErrorInvalidRecipients", "At least one recipient is not valid."))?);
        }
        Ok(Some(recipients))
    }

    pub(crate) fn date(&self, name: &str) -> Result<Option<NaiveDate>> {
        let read = |text: String| text.get(..10).unwrap_or(&text).parse().map_err(|_| mistyped(name, "Edm.Date"));
        self.text(name)?.map(read).transpose()
    }

    /// An Edm.TimeOfDay.
    pub(crate) fn time_of_day(&self, name: &str) -> Result<Option<NaiveTime>> {
        let read = |text: String| {
            let parsed = ["%H:%M:%S%.f", "%H:%M"].iter().find_map(|format| NaiveTime::parse_from_str(&text, format).ok());
            parsed.ok_or_else(|| Error::unreadable(format!("Cannot convert the literal '{text}' to the expected type 'Edm.TimeOfDay'.")))
        };
        self.text(name)?.map(read).transpose()
    }

    /// An ISO 8601 duration.
    pub(crate) fn duration(&self, name: &str) -> Result<Option<TimeDelta>> {
        self.text(name)?.map(|text| duration(&text).ok_or_else(|| mistyped(name, "Edm.Duration"))).transpose()
    }

    pub(crate) fn days_of_week(&self, name: &str) -> Result<Option<Vec<Weekday>>> {
        let day = |text: String| {
            weekday(&text).ok_or_else(|| Error::new(400, "InvalidArguments", format!("Requested value '{text}' was not found.")))
        };
        self.texts(name)?.map(|days| days.into_iter().map(day).collect()).transpose()
    }

    pub(crate) fn base64(&self, name: &str) -> Result<Option<Vec<u8>>> {
        self.text(name)?.map(|text| STANDARD.decode(text).map_err(|_| mistyped(name, "Edm.Binary"))).transpose()
    }
}

fn mistyped(name: &str, expected: &str) -> Error {
    Error::unreadable(format!("Cannot convert the value of '{name}' to the expected type '{expected}'."))
}

/// A date and time with any number of fractional digits; the instant too, if the text has an offset. Years have four digits, which also
/// keeps all arithmetic far from its limits.
pub(crate) fn date_time(text: &str) -> Option<(NaiveDateTime, Option<DateTime<Utc>>)> {
    text.get(..4).filter(|year| year.bytes().all(|digit| digit.is_ascii_digit()))?;
    text.get(4..5).filter(|dash| *dash == "-")?;
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return Some((instant.naive_local(), Some(instant.to_utc())));
    }
    let formats = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S%.f"];
    let parsed = formats.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    parsed.or_else(|| Some(text.parse::<NaiveDate>().ok()?.and_time(NaiveTime::MIN))).map(|local| (local, None))
}

/// The instant of a query parameter: its own offset, else UTC.
pub(crate) fn instant(text: &str) -> Option<DateTime<Utc>> {
    // A plus sign that was not escaped arrives as a space.
    let text = text.trim().replace(' ', "+");
    // RFC 3339 wants seconds; Graph does not.
    let with_offset = || DateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M%#z").ok().map(|instant| instant.to_utc());
    date_time(&text).map(|(local, instant)| instant.unwrap_or_else(|| local.and_utc())).or_else(with_offset)
}

/// A day of the week by Graph's name, in any case.
pub(crate) fn weekday(text: &str) -> Option<Weekday> {
    DAYS.iter().find(|(_, name)| name.eq_ignore_ascii_case(text)).map(|(day, _)| *day)
}

/// Graph's name of a day of the week.
pub(crate) fn weekday_name(day: Weekday) -> &'static str {
    DAYS.iter().find(|(known, _)| *known == day).map_or("", |(_, name)| name)
}

const DAYS: [(Weekday, &str); 7] = [
    (Weekday::Sun, "sunday"),
    (Weekday::Mon, "monday"),
    (Weekday::Tue, "tuesday"),
    (Weekday::Wed, "wednesday"),
    (Weekday::Thu, "thursday"),
    (Weekday::Fri, "friday"),
    (Weekday::Sat, "saturday"),
];

/// `PT1H30M`, `P1D`, `PT45M`: days, hours, minutes and seconds.
fn duration(text: &str) -> Option<TimeDelta> {
    let rest = text.strip_prefix('P')?;
    let (days, times) = rest.split_once('T').unwrap_or((rest, ""));
    let mut total = 0_i64;
    for (part, units) in [(days, [('D', 86_400), ('W', 604_800), ('_', 0)]), (times, [('H', 3600), ('M', 60), ('S', 1)])] {
        let mut digits = String::new();
        for letter in part.chars() {
            if letter.is_ascii_digit() {
                digits.push(letter);
                continue;
            }
            let unit = units.iter().find(|(unit, _)| *unit == letter)?.1;
            total = total.checked_add(digits.parse::<i64>().ok()?.checked_mul(unit)?)?;
            digits.clear();
        }
        if !digits.is_empty() {
            return None;
        }
    }
    (text.len() > 2).then(|| TimeDelta::try_seconds(total)).flatten()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn scalars_may_be_strings_and_names_of_any_case() {
        let input = Input::new(serde_json::from_str(r#"{"Interval":"15","Optional":"False","n":null}"#).unwrap());
        assert_eq!(input.integer("interval").unwrap(), Some(15));
        assert_eq!(input.boolean("optional").unwrap(), Some(false));
        assert_eq!(input.text("n").unwrap(), None);
        assert!(input.has("N") && input.integer("optional").is_err());
    }

    #[test]
    fn durations() {
        assert_eq!(duration("PT2H30M"), Some(TimeDelta::minutes(150)));
        assert_eq!(duration("P1DT1H"), Some(TimeDelta::hours(25)));
        for wrong in ["", "P", "PT", "1H", "PT1", "PT1X"] {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn query_times_take_their_offset_or_utc() {
        let at = |text: &str| instant(text).unwrap().to_rfc3339();
        assert_eq!(at("2020-01-01T19:00:00-08:00"), "2020-01-02T03:00:00+00:00");
        assert_eq!(at("2020-01-01T19:00:00.0000000"), "2020-01-01T19:00:00+00:00");
        assert_eq!(at("2020-01-01"), "2020-01-01T00:00:00+00:00");
        assert_eq!(at("2020-01-01T19:00:00 01:00"), "2020-01-01T18:00:00+00:00");
    }
}
