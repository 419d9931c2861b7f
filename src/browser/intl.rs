//! The browser's `Intl`: zones as tables of transitions, dates in words, and what the browser knows of the person's habits.

use std::cell::RefCell;

use chrono::{NaiveDateTime, Weekday};
use convoke_core::time::Zone;
use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// `Intl.DateTimeFormat`, with a constructor that reports an unknown zone instead of throwing through wasm.
    #[wasm_bindgen(js_namespace = Intl)]
    type DateTimeFormat;

    #[wasm_bindgen(constructor, catch, js_namespace = Intl, js_class = "DateTimeFormat")]
    fn new(locale: &Array, options: &Object) -> Result<DateTimeFormat, JsValue>;

    #[wasm_bindgen(method, js_name = format)]
    fn format_ms(this: &DateTimeFormat, milliseconds: f64) -> String;

    #[wasm_bindgen(method, js_name = resolvedOptions)]
    fn resolved_options(this: &DateTimeFormat) -> Object;
}

/// The years whose transitions are read. Meetings lie within; what lies outside keeps the offset of the nearest year.
const YEARS: std::ops::Range<i32> = 1990..2041;

/// Between two samples. Shorter than the shortest time between two transitions that the zone database has since 1990 (Recife in October
/// 2000, Gaza in October 2040: a week less an hour), so that none is overlooked.
const SAMPLE_SECONDS: i64 = 6 * 86_400;

/// The transitions of an IANA zone; `None` where this browser does not know it.
#[must_use]
pub fn zone(name: &str) -> Option<Zone> {
    let options = Object::new();
    set(&options, "timeZone", name);
    set(&options, "timeZoneName", "longOffset");
    // Only the offset, as short as it can be had: the year alone beside it.
    set(&options, "year", "numeric");
    let format = DateTimeFormat::new(&Array::of1(&"en-US".into()), &options).ok()?;
    #[expect(clippy::cast_precision_loss, reason = "seconds of this century are exact in a double")]
    let offset = |seconds: i64| offset_of(&format.format_ms(seconds as f64 * 1000.0));
    let first = year_start(YEARS.start)?;
    let last = year_start(YEARS.end)?;
    let initial = offset(first)?;
    let mut changes = Vec::new();
    let (mut at, mut known) = (first, initial);
    while at < last {
        let next = (at + SAMPLE_SECONDS).min(last);
        let there = offset(next)?;
        if there != known {
            // The change lies in (at, next]: halve until the minute is found. Transitions are on whole minutes.
            let (mut before, mut after) = (at, next);
            while after - before > 60 {
                let middle = before + (after - before) / 120 * 60;
                if offset(middle)? == known { before = middle } else { after = middle }
            }
            changes.push((after, offset(after)?));
            known = offset(after)?;
            // A second change before the sample is found from here on.
            at = after;
            continue;
        }
        at = next;
    }
    Some(Zone::new(name, initial, changes))
}

/// The IANA names of the zones that this browser offers; none where it cannot list them.
#[must_use]
pub fn zone_names() -> Vec<String> {
    let listed = || {
        let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
        let list = Reflect::get(&intl, &"supportedValuesOf".into()).ok()?.dyn_into::<Function>().ok()?;
        list.call1(&intl, &"timeZone".into()).ok()?.dyn_into::<Array>().ok()
    };
    listed().map(|names| names.iter().filter_map(|name| name.as_string()).collect()).unwrap_or_default()
}

fn year_start(year: i32) -> Option<i64> {
    Some(chrono::NaiveDate::from_ymd_opt(year, 1, 1)?.and_hms_opt(0, 0, 0)?.and_utc().timestamp())
}

/// Seconds east of UTC in a text that ends in `GMT`, `GMT+05:45` or `GMT-03:30:52`.
fn offset_of(text: &str) -> Option<i32> {
    let (_, offset) = text.rsplit_once("GMT")?;
    if offset.is_empty() {
        return Some(0);
    }
    let sign = if offset.starts_with(['-', '\u{2212}']) { -1 } else { 1 };
    let mut parts = offset.trim_start_matches(['+', '-', '\u{2212}']).split(':').map(|part| part.parse::<i32>().ok());
    let (hours, minutes, seconds) = (parts.next()??, parts.next().flatten().unwrap_or(0), parts.next().flatten().unwrap_or(0));
    Some(sign * (hours * 3600 + minutes * 60 + seconds))
}

/// The browser's own zone, an IANA name.
#[must_use]
pub fn own_zone() -> String {
    DateTimeFormat::new(&Array::new(), &Object::new())
        .ok()
        .and_then(|format| Reflect::get(&format.resolved_options(), &"timeZone".into()).ok())
        .and_then(|zone| zone.as_string())
        .unwrap_or_else(|| "UTC".to_owned())
}

/// The browser's language, a BCP 47 tag.
#[must_use]
pub fn own_locale() -> String {
    web_sys::window().and_then(|window| window.navigator().language()).unwrap_or_else(|| "en".to_owned())
}

/// The first day of the week where this language is spoken. A browser that does not say gets Monday, the international standard.
#[must_use]
pub fn first_day(locale: &str) -> Weekday {
    const DAYS: [Weekday; 7] = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
    week_info(locale)
        .and_then(|info| Reflect::get(&info, &"firstDay".into()).ok())
        .and_then(|day| day.as_f64())
        .and_then(|day| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 for Monday to 7 for Sunday")]
            let index = (day as usize).checked_sub(1)?;
            DAYS.get(index).copied()
        })
        .unwrap_or(Weekday::Mon)
}

/// `new Intl.Locale(tag).getWeekInfo()`, or the older `weekInfo` property.
fn week_info(locale: &str) -> Option<JsValue> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let class = Reflect::get(&intl, &"Locale".into()).ok()?.dyn_into::<Function>().ok()?;
    let tag = Reflect::construct(&class, &Array::of1(&locale.into())).ok()?;
    let info = match Reflect::get(&tag, &"getWeekInfo".into()).ok()?.dyn_into::<Function>() {
        Ok(method) => method.call0(&tag).ok()?,
        Err(_) => Reflect::get(&tag, &"weekInfo".into()).ok()?,
    };
    info.is_object().then_some(info)
}

/// Which parts of a date a form shows, as `Intl.DateTimeFormat` options.
pub type Parts = &'static [(&'static str, &'static str)];

/// Writes wall times in one locale. Formatters are made once each: making one takes longer than using it a thousand times.
pub struct Writer {
    locale: Array,
    made: RefCell<Vec<(Parts, DateTimeFormat)>>,
}

impl Writer {
    /// For this language; for one that the browser does not know, in its own.
    #[must_use]
    pub fn new(locale: &str) -> Self {
        let wanted = Array::of1(&locale.into());
        let known = DateTimeFormat::new(&wanted, &Object::new()).is_ok();
        Self { locale: if known { wanted } else { Array::new() }, made: RefCell::default() }
    }

    /// A wall time, showing these parts.
    #[must_use]
    pub fn write(&self, at: NaiveDateTime, parts: Parts) -> String {
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of these millennia are exact in a double")]
        let milliseconds = at.and_utc().timestamp_millis() as f64;
        if let Some((_, format)) = self.made.borrow().iter().find(|(known, _)| std::ptr::eq(*known, parts)) {
            return format.format_ms(milliseconds);
        }
        let options = Object::new();
        // The wall time is in the right zone already and must not be moved once more.
        set(&options, "timeZone", "UTC");
        for (name, value) in parts {
            set(&options, name, value);
        }
        let Ok(format) = DateTimeFormat::new(&self.locale, &options) else { return at.to_string() };
        let text = format.format_ms(milliseconds);
        self.made.borrow_mut().push((parts, format));
        text
    }
}

fn set(object: &Object, name: &str, value: &str) {
    // Fails only for frozen objects; this one was made here.
    let _ = Reflect::set(object, &name.into(), &value.into());
}
