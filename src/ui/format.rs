//! Dates and times in words. Owns which form is used where; the words themselves come from the browser's `Intl`, natively from a plain
//! English twin, so that components can be drawn in tests without a browser.

use std::rc::Rc;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

/// A form of a date or a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// `Tuesday 17 March`
    Day,
    /// `Tue 17`
    ShortDay,
    /// `Tue`
    Weekday,
    /// `17 March`
    ShortDate,
    /// `17 March 2026`
    Date,
    /// `10:00`
    Time,
}

/// Turns wall times into words, for one locale.
#[derive(Clone)]
pub struct Formats(Rc<dyn Fn(NaiveDateTime, Form) -> String>);

impl PartialEq for Formats {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Formats {
    /// Formats made by this function, which gets a wall time that is already in the right zone.
    pub fn new(write: impl Fn(NaiveDateTime, Form) -> String + 'static) -> Self {
        Self(Rc::new(write))
    }

    /// Plain English, without a browser.
    #[must_use]
    pub fn plain() -> Self {
        const MONTHS: [&str; 12] =
            ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
        const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
        Self::new(|at, form| {
            let weekday = DAYS[at.weekday().num_days_from_monday() as usize];
            let month = MONTHS[at.month0() as usize];
            match form {
                Form::Day => format!("{weekday} {} {month}", at.day()),
                Form::ShortDay => format!("{} {}", &weekday[..3], at.day()),
                Form::Weekday => weekday[..3].to_owned(),
                Form::ShortDate => format!("{} {month}", at.day()),
                Form::Date => format!("{} {month} {}", at.day(), at.year()),
                Form::Time => format!("{:02}:{:02}", at.hour(), at.minute()),
            }
        })
    }

    /// A wall time in this form.
    #[must_use]
    pub fn write(&self, at: NaiveDateTime, form: Form) -> String {
        (self.0)(at, form)
    }

    /// A date in this form.
    #[must_use]
    pub fn date(&self, date: NaiveDate, form: Form) -> String {
        self.write(date.and_time(NaiveTime::MIN), form)
    }

    /// A time of day.
    #[must_use]
    pub fn time(&self, at: NaiveDateTime) -> String {
        self.write(at, Form::Time)
    }

    /// `10:00–10:30`, with the day where it ends on another one.
    #[must_use]
    pub fn range(&self, start: NaiveDateTime, end: NaiveDateTime) -> String {
        let mut text = self.time(start);
        text.push('–');
        // An end at midnight belongs to the day before it.
        let same_day = start.date() == end.date() || (end.time() == NaiveTime::MIN && start.date().succ_opt() == Some(end.date()));
        if !same_day {
            text.push_str(&self.write(end, Form::ShortDay));
            text.push(' ');
        }
        text.push_str(&self.time(end));
        text
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a date that is none fails the test")]
mod tests {
    use super::{Form, Formats};
    use chrono::NaiveDate;

    #[test]
    fn a_range_names_the_day_only_where_it_ends_on_another_one() {
        let at = |day, hour| NaiveDate::from_ymd_opt(2026, 3, day).unwrap().and_hms_opt(hour, 0, 0).unwrap();
        let formats = Formats::plain();
        assert_eq!(formats.range(at(17, 10), at(17, 11)), "10:00–11:00");
        assert_eq!(formats.range(at(17, 23), at(18, 0)), "23:00–00:00");
        assert_eq!(formats.range(at(17, 23), at(18, 1)), "23:00–Wed 18 01:00");
        assert_eq!(formats.write(at(17, 10), Form::Day), "Tuesday 17 March");
    }
}
