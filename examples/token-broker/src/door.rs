//! Who is let in. Owns the password, the sessions behind the cookie, and the rules by which a request counts as this page's own; leaves
//! what is behind the door to `app`. In an application that has a sign-in of its own, that takes the place of the password here.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderName, header};
use oauth2::ClientSecret;
use sha2::{Digest, Sha256};

use crate::{Settings, settings::Origin};

/// A header that forms cannot send and other origins may not: together with `Origin` it shuts out forged requests.
pub(crate) const OWN: HeaderName = HeaderName::from_static("x-token-broker");
const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// A working day.
const LIFETIME: Duration = Duration::from_secs(10 * 60 * 60);
/// So many wrong passwords within this time shut the door for the rest of it.
const TRIES: usize = 10;
const WINDOW: Duration = Duration::from_secs(60);
/// More sessions than that are somebody's test of patience: the oldest goes.
const MOST: usize = 10_000;

/// The door.
pub(crate) struct Door {
    origin: Origin,
    password: [u8; 32],
    /// Hashes of the cookies: what is in memory opens nothing.
    sessions: Mutex<HashMap<[u8; 32], Instant>>,
    failures: Mutex<Vec<Instant>>,
}

/// How a try to come in ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// The cookie to set.
    Open(String),
    Wrong,
    TooMany,
}

impl Door {
    pub(crate) fn new(settings: &Settings) -> Self {
        let password = digest(settings.password.secret());
        Self { origin: settings.origin.clone(), password, sessions: Mutex::default(), failures: Mutex::default() }
    }

    /// Whether a request that changes or gives something comes from a page of this very origin.
    pub(crate) fn is_own(&self, headers: &HeaderMap) -> bool {
        let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or(""));
        text(&header::ORIGIN) == Some(self.origin.as_str()) && text(&SITE).is_none_or(|site| site == "same-origin")
    }

    /// Lets somebody in who knows the password.
    pub(crate) fn enter(&self, password: &ClientSecret) -> Entry {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.retain(|at| at.elapsed() < WINDOW);
        if failures.len() >= TRIES {
            return Entry::TooMany;
        }
        // Comparing hashes tells nothing about the password, however long it takes.
        if digest(password.secret()) != self.password {
            failures.push(Instant::now());
            return Entry::Wrong;
        }
        let id = BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.retain(|_, since| since.elapsed() < LIFETIME);
        if sessions.len() >= MOST
            && let Some(oldest) = sessions.iter().min_by_key(|(_, since)| **since).map(|(hash, _)| *hash)
        {
            sessions.remove(&oldest);
        }
        sessions.insert(digest(&id), Instant::now());
        Entry::Open(self.cookie(&id, LIFETIME))
    }

    /// Whether the request's cookie is of somebody who was let in.
    pub(crate) fn is_in(&self, headers: &HeaderMap) -> bool {
        let Some(id) = self.session_id(headers) else { return false };
        let sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.get(&digest(id)).is_some_and(|since| since.elapsed() < LIFETIME)
    }

    /// Forgets the session, and gives the cookie that makes the browser forget it.
    pub(crate) fn leave(&self, headers: &HeaderMap) -> String {
        if let Some(id) = self.session_id(headers) {
            self.sessions.lock().unwrap_or_else(PoisonError::into_inner).remove(&digest(id));
        }
        self.cookie("", Duration::ZERO)
    }

    fn session_id<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        cookies.flat_map(|line| line.split(';')).find_map(|pair| {
            let (name, value) = pair.trim().split_once('=')?;
            (name == self.cookie_name()).then_some(value)
        })
    }

    fn cookie(&self, value: &str, lifetime: Duration) -> String {
        let secure = if self.origin.is_https() { "; Secure" } else { "" };
        format!("{}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}{secure}", self.cookie_name(), lifetime.as_secs())
    }

    /// With the prefix by which browsers refuse one from a subdomain; it needs TLS.
    fn cookie_name(&self) -> &'static str {
        if self.origin.is_https() { "__Host-token-broker" } else { "token-broker" }
    }
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}
