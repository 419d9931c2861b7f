//! Writing of a `RankResult` as JSON text, in the module's declared shape. Written directly: with two thousand attendees the result has
//! forty thousand states, which would be as many trees of values.

use crate::{
    json,
    schedule::{AttendeeState, Change, RankResult, Reason, Suggestion},
    time::{LocalTime, iso_utc},
};

/// The result as JSON.
pub(super) fn write(result: &RankResult) -> String {
    let mut text = Text { json: String::with_capacity(1024), clock: None };
    text.raw("{\"suggestions\":");
    text.list(&result.suggestions, Text::suggestion);
    text.raw(",\"emptyReason\":");
    text.plain(result.empty_reason.as_str());
    if let Some(almost) = &result.almost {
        text.raw(",\"almost\":");
        text.list(almost, |text, almost| {
            text.raw("{\"change\":");
            text.change(&almost.change);
            text.raw(",\"suggestion\":");
            text.suggestion(&almost.suggestion);
            text.raw("}");
        });
    }
    text.raw("}");
    text.json
}

struct Text {
    json: String,
    /// The local time that was written last: most people share theirs with the one before.
    clock: Option<(LocalTime, String)>,
}

impl Text {
    fn raw(&mut self, text: &str) {
        self.json.push_str(text);
    }

    /// A text of our own, which holds nothing that needs an escape.
    fn plain(&mut self, text: &str) {
        self.raw("\"");
        self.raw(text);
        self.raw("\"");
    }

    /// Somebody else's text.
    fn string(&mut self, text: &str) {
        if text.bytes().any(|byte| byte < b' ' || byte == b'"' || byte == b'\\') {
            self.raw(&json::write(&text.into()));
        } else {
            self.plain(text);
        }
    }

    fn number(&mut self, number: u32) {
        if number >= 10 {
            self.number(number / 10);
        }
        self.json.push(char::from(b'0' + (number % 10) as u8));
    }

    /// A number of tenths or hundredths, by `unit`; whole numbers without decimals.
    fn decimal(&mut self, number: u32, mut unit: u32) {
        self.number(number / unit);
        let mut rest = number % unit;
        if rest > 0 {
            self.raw(".");
            while rest > 0 {
                unit /= 10;
                self.number(rest / unit);
                rest %= unit;
            }
        }
    }

    fn list<T>(&mut self, entries: &[T], each: impl Fn(&mut Self, &T)) {
        self.raw("[");
        for (number, entry) in entries.iter().enumerate() {
            if number > 0 {
                self.raw(",");
            }
            each(self, entry);
        }
        self.raw("]");
    }

    fn suggestion(&mut self, suggestion: &Suggestion) {
        self.raw("{\"start\":");
        self.plain(&iso_utc(suggestion.start));
        self.raw(",\"end\":");
        self.plain(&iso_utc(suggestion.end));
        self.raw(",\"score\":");
        self.decimal(suggestion.score_tenths, 10);
        self.raw(",\"confidence\":");
        self.decimal(suggestion.confidence_hundredths, 100);
        self.raw(",\"attendees\":");
        self.list(&suggestion.attendees, Self::state);
        if let Some(resource) = &suggestion.resource {
            self.raw(",\"resource\":");
            self.string(resource);
        }
        self.raw(",\"reasons\":");
        self.list(&suggestion.reasons, Self::reason);
        self.raw("}");
    }

    fn state(&mut self, state: &AttendeeState) {
        self.raw("{\"id\":");
        self.string(&state.id);
        self.raw(",\"status\":");
        self.plain(state.status.as_word());
        self.raw(match state.outside_hours {
            None => ",\"outsideHours\":null",
            Some(false) => ",\"outsideHours\":false",
            Some(true) => ",\"outsideHours\":true",
        });
        self.raw(",\"minutesOutside\":");
        self.number(state.minutes_outside);
        self.raw(",\"localStart\":");
        if self.clock.as_ref().is_none_or(|(known, _)| *known != state.local_start) {
            self.clock = Some((state.local_start, state.local_start.to_iso()));
        }
        if let Some((_, clock)) = &self.clock {
            self.json.extend(["\"", clock, "\"}"]);
        }
    }

    fn reason(&mut self, reason: &Reason) {
        self.raw("{\"code\":");
        self.plain(reason.code.as_str());
        self.raw(",\"attendees\":");
        self.list(&reason.attendees, |text, id| text.string(id));
        self.raw("}");
    }

    fn change(&mut self, change: &Change) {
        self.raw("{\"kind\":");
        self.plain(change.kind());
        match change {
            Change::Shorter { minutes } => {
                self.raw(",\"minutes\":");
                self.number(*minutes);
            }
            Change::Without { attendee } => {
                self.raw(",\"attendee\":");
                self.string(attendee);
            }
            Change::Tentative | Change::OutsideHours | Change::Occurrences | Change::NoRoom => {}
        }
        self.raw("}");
    }
}
