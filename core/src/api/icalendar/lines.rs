//! Content lines (RFC 5545, section 3.1). Owns folding, escaping and quoting; leaves which properties there are to the other files.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Utc};

use crate::time::{iso_local, iso_utc};

/// No line is longer, in octets and without its end.
const WIDTH: usize = 75;

/// A text that grows line by line.
pub(super) struct Lines(String);

impl Lines {
    pub(super) fn new() -> Self {
        Self(String::new())
    }

    pub(super) fn finish(self) -> String {
        self.0
    }

    pub(super) fn begin(&mut self, component: &str) {
        self.raw("BEGIN", component);
    }

    pub(super) fn end(&mut self, component: &str) {
        self.raw("END", component);
    }

    /// A property of type TEXT; none where the text is empty.
    pub(super) fn text(&mut self, name: &str, text: &str) {
        let text = escape(text);
        if !text.is_empty() {
            self.raw(name, &text);
        }
    }

    /// A property whose value is written as it is. `name` may carry parameters.
    pub(super) fn raw(&mut self, name: &str, value: &str) {
        let mut width = 0;
        for character in name.chars().chain([':']).chain(value.chars()) {
            // Folded between characters: some readers cannot join a character that was cut in two.
            if width + character.len_utf8() > WIDTH {
                self.0.push_str("\r\n ");
                width = 1;
            }
            self.0.push(character);
            width += character.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

/// TEXT (section 3.3.11): backslashes, separators and line ends escaped, other control characters left out.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' | ';' | ',' => escaped.extend(['\\', character]),
            '\r' if characters.peek() == Some(&'\n') => {}
            '\r' | '\n' => escaped.push_str("\\n"),
            '\t' => escaped.push('\t'),
            _ if character.is_control() => {}
            _ => escaped.push(character),
        }
    }
    escaped
}

/// `;NAME=value`, in quotes where it needs them; what cannot stand in quotes is written as RFC 6868 says.
pub(super) fn parameter(name: &str, value: &str) -> String {
    let quote = if value.contains([':', ';', ',']) { "\"" } else { "" };
    let mut text = [";", name, "=", quote].concat();
    for character in value.chars() {
        match character {
            '"' => text.push_str("^'"),
            '^' => text.push_str("^^"),
            '\n' => text.push_str("^n"),
            _ if character.is_control() => {}
            _ => text.push(character),
        }
    }
    text.push_str(quote);
    text
}

/// `20260504`.
pub(super) fn date(date: NaiveDate) -> String {
    let mut text = wall(date.and_time(chrono::NaiveTime::MIN));
    text.truncate(8);
    text
}

/// `20260504T090000`.
pub(super) fn wall(local: NaiveDateTime) -> String {
    iso_local(local).replace(['-', ':'], "")
}

/// `20260504T070000Z`.
pub(super) fn utc(instant: DateTime<Utc>) -> String {
    iso_utc(instant).replace(['-', ':'], "")
}

/// Whether a year can be written with four digits.
pub(super) fn is_writable(date: NaiveDate) -> bool {
    (0..=9999).contains(&date.year())
}
