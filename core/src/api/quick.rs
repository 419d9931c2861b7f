//! Reading of a `rankSlots` request straight from its text. Owns the lists that make it long: `busy` and `scheduleItems`, which become
//! items at once instead of trees of values; all the rest becomes a value and is read as ever.
//!
//! It knows only what is well-formed. Whatever surprises it (a missing member, a date that is none, null in a list, an escape in a name)
//! makes it give up; the text is then read as a value, where each mistake has its name. So there is one place that judges, and one that
//! is fast.

use serde_json::{Map, Value};

use crate::{
    model::{DateTimeTimeZone, FreeBusy, ScheduleItem},
    schedule::{BusyItem, RankRequest},
    time::parse_instant,
};

/// The long lists of an attendee, where they are given.
#[derive(Default)]
struct Lists {
    busy: Option<Vec<BusyItem>>,
    items: Option<Vec<ScheduleItem>>,
}

/// Reads a request, all but its lists by `read`; `None` where it has to be read slowly.
pub(super) fn read(text: &str, read: impl FnOnce(&Value) -> Option<RankRequest>) -> Option<RankRequest> {
    let mut scanner = Scanner { text, at: 0 };
    let mut lists: Vec<Lists> = Vec::new();
    let rest = scanner.object(&mut |scanner, name| {
        if name != "attendees" {
            return scanner.value();
        }
        let mut attendees = Vec::new();
        lists.clear();
        scanner.entries(&mut |scanner| {
            let mut found = Lists::default();
            attendees.push(scanner.object(&mut |scanner, name| attendee_member(scanner, name, &mut found))?);
            lists.push(found);
            Some(())
        })?;
        Some(Value::Array(attendees))
    })?;
    scanner.space();
    if scanner.at < text.len() {
        return None;
    }
    let mut request = read(&rest)?;
    for (attendee, lists) in request.attendees.iter_mut().zip(lists) {
        attendee.busy = lists.busy;
        if let Some(schedule) = &mut attendee.schedule {
            schedule.items = lists.items;
        }
    }
    Some(request)
}

/// A member of an attendee as a value; null in the place of a list.
fn attendee_member(scanner: &mut Scanner<'_>, name: &str, found: &mut Lists) -> Option<Value> {
    match name {
        "busy" => {
            let mut busy = Vec::new();
            scanner.entries(&mut |scanner| {
                let (mut status, mut start, mut end) = (None, None, None);
                scanner.members(&mut |scanner, name| {
                    match name {
                        "status" => status = Some(FreeBusy::from_word(scanner.plain()?)),
                        "start" => start = Some(parse_instant(scanner.plain()?).ok()?),
                        "end" => end = Some(parse_instant(scanner.plain()?).ok()?),
                        _ => scanner.skip()?,
                    }
                    Some(())
                })?;
                busy.push(BusyItem { start: start?, end: end?, status: status? });
                Some(())
            })?;
            found.busy = Some(busy);
            Some(Value::Null)
        }
        "schedule" => scanner.object(&mut |scanner, name| {
            if name != "scheduleItems" {
                return scanner.value();
            }
            let mut items = Vec::new();
            scanner.entries(&mut |scanner| {
                let (mut status, mut start, mut end) = (None, None, None);
                scanner.members(&mut |scanner, name| {
                    match name {
                        "status" => status = Some(FreeBusy::from_word(scanner.plain()?)),
                        "start" => start = Some(wall_time(scanner)?),
                        "end" => end = Some(wall_time(scanner)?),
                        _ => scanner.skip()?,
                    }
                    Some(())
                })?;
                items.push(ScheduleItem { status: status?, start: start?, end: end?, ..ScheduleItem::default() });
                Some(())
            })?;
            found.items = Some(items);
            Some(Value::Null)
        }),
        _ => scanner.value(),
    }
}

fn wall_time(scanner: &mut Scanner<'_>) -> Option<DateTimeTimeZone> {
    let (mut date_time, mut time_zone) = (None, None);
    scanner.members(&mut |scanner, name| {
        match name {
            "dateTime" => date_time = Some(scanner.plain()?.to_owned()),
            "timeZone" => time_zone = Some(scanner.plain()?.to_owned()),
            _ => scanner.skip()?,
        }
        Some(())
    })?;
    Some(DateTimeTimeZone { date_time: date_time?, time_zone: time_zone? })
}

/// JSON text and how far it is read. Everything is `None` where the text is not what was hoped for.
struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    /// Takes a sign, after white space.
    fn take(&mut self, sign: u8) -> bool {
        self.space();
        let found = self.peek() == Some(sign);
        self.at += usize::from(found);
        found
    }

    /// A string without escapes.
    fn plain(&mut self) -> Option<&'a str> {
        if !self.take(b'"') {
            return None;
        }
        let from = self.at;
        loop {
            match self.peek()? {
                b'"' => break,
                b'\\' | ..0x20 => return None,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        self.text.get(from..self.at - 1)
    }

    /// Reads over a value, which need not be a valid one.
    fn skip(&mut self) -> Option<()> {
        self.space();
        let mut depth = 0;
        loop {
            match self.peek()? {
                b'"' => {
                    self.at += 1;
                    while self.peek()? != b'"' {
                        self.at += if self.peek() == Some(b'\\') { 2 } else { 1 };
                    }
                    self.at += 1;
                }
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    depth -= 1;
                    self.at += 1;
                }
                _ => {
                    self.at += 1;
                    // A scalar goes on until something else begins.
                    if depth == 0 && !matches!(self.peek(), None | Some(b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t')) {
                        continue;
                    }
                }
            }
            if depth == 0 {
                return Some(());
            }
        }
    }

    /// Any value, read by the one parser.
    fn value(&mut self) -> Option<Value> {
        self.space();
        let from = self.at;
        self.skip()?;
        serde_json::from_slice(self.text.as_bytes().get(from..self.at)?).ok()
    }

    /// Every entry of a list in turn, from where `each` is called; it has to read the entry.
    fn entries(&mut self, each: &mut dyn FnMut(&mut Self) -> Option<()>) -> Option<()> {
        if !self.take(b'[') {
            return None;
        }
        if self.take(b']') {
            return Some(());
        }
        loop {
            each(self)?;
            if self.take(b']') {
                return Some(());
            }
            if !self.take(b',') {
                return None;
            }
        }
    }

    /// Every member of an object in turn, likewise.
    fn members(&mut self, each: &mut dyn FnMut(&mut Self, &'a str) -> Option<()>) -> Option<()> {
        if !self.take(b'{') {
            return None;
        }
        if self.take(b'}') {
            return Some(());
        }
        loop {
            let name = self.plain()?;
            if !self.take(b':') {
                return None;
            }
            each(self, name)?;
            if self.take(b'}') {
                return Some(());
            }
            if !self.take(b',') {
                return None;
            }
        }
    }

    /// An object whose members `each` gives.
    fn object(&mut self, each: &mut dyn FnMut(&mut Self, &'a str) -> Option<Value>) -> Option<Value> {
        let mut object = Map::new();
        self.members(&mut |scanner, name| {
            let value = each(scanner, name)?;
            object.insert(name.to_owned(), value);
            Some(())
        })?;
        Some(Value::Object(object))
    }
}
