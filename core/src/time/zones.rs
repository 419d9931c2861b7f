//! The registry of zones. Owns which names mean which zone; leaves the tables to the loader that the caller hands in.

use std::{cell::RefCell, collections::BTreeMap, fmt, rc::Rc};

use serde_json::Value;

use super::{Zone, iana_to_windows, windows_to_iana};

/// Answers an IANA name with its table.
type Loader = dyn Fn(&str) -> Option<Zone>;

/// Every zone that has been asked for, by name.
pub struct Zones {
    loader: Box<Loader>,
    known: RefCell<BTreeMap<String, Option<Rc<Zone>>>>,
}

impl Zones {
    /// A registry over a loader, which gets an IANA name and answers with its table, or `None` where it knows no such zone.
    /// The loader is asked once for each name.
    #[must_use]
    pub fn new(loader: impl Fn(&str) -> Option<Zone> + 'static) -> Self {
        Self { loader: Box::new(loader), known: RefCell::default() }
    }

    /// A registry that knows UTC alone.
    #[must_use]
    pub fn utc_only() -> Self {
        Self::new(|_| None)
    }

    /// The zone of an IANA name, a Windows name (case ignored), an alias of UTC, or a name as Graph's list of additional zones prints it
    /// (`Europe/Kyiv (Kiev)`). `None` where nobody knows it, also for the empty name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Rc<Zone>> {
        let name = name.trim();
        if name.is_empty() {
            return None;
        }
        if let Some(known) = self.known.borrow().get(name) {
            return known.clone();
        }
        // The loader may ask for zones itself, so nothing stays borrowed while it runs.
        let zone = self.find(name).map(Rc::new);
        self.known.borrow_mut().insert(name.to_owned(), zone.clone());
        zone
    }

    /// The zone of a working-hours object: a name, `{ "name": … }`, or Graph's `customTimeZone` (anything with a `bias`).
    #[must_use]
    pub fn from_json(&self, value: &Value) -> Option<Rc<Zone>> {
        match value {
            Value::String(name) => self.get(name),
            Value::Object(members) if members.get("bias").is_some_and(|bias| !bias.is_null()) => Zone::custom(value).map(Rc::new),
            Value::Object(members) => self.get(members.get("name")?.as_str()?),
            _ => None,
        }
    }

    fn find(&self, name: &str) -> Option<Zone> {
        if OTHER_UTC.iter().any(|alias| alias.eq_ignore_ascii_case(name)) {
            return Some(Zone::utc());
        }
        // UTC works without any table, and who asks for Etc/UTC gets Etc/UTC back.
        if iana_to_windows(name) == Some("UTC") {
            return Some(Zone::fixed(name, 0));
        }
        if let Some(iana) = windows_to_iana(name) {
            return (self.loader)(iana);
        }
        if let Some((before, city)) = name.strip_suffix(')').and_then(|name| name.split_once(" (")) {
            let area = before.split_once('/').map_or("", |parts| parts.0);
            return (self.loader)(&[area, "/", city].concat()).or_else(|| (self.loader)(before));
        }
        (self.loader)(name)
    }
}

impl fmt::Debug for Zones {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Zones")
    }
}

/// Names of UTC that are neither IANA's nor Windows': ISO 8601's, Exchange's and the display name of Windows.
const OTHER_UTC: [&str; 3] = ["Z", "tzone://Microsoft/Utc", "Coordinated Universal Time"];
