//! `$search` of messages: words, and `property:words` in the Keyword Query Language (search query parameter: using $search on message
//! collections). Owns its reading and what each property looks at.

use chrono::{NaiveDate, Utc};

use super::render;
use crate::{
    graph::{
        error::{Error, Result},
        text::plain,
    },
    world::{event::Address, mail::Message},
};

/// Clauses that must all hold; each is true if one of its alternatives is.
#[derive(Debug)]
pub(super) struct Search(Vec<Vec<Term>>);

#[derive(Debug)]
struct Term {
    negated: bool,
    property: Option<String>,
    value: String,
}

impl Search {
    /// `AND` is understood between terms; `OR` binds its two neighbours; `NOT` denies the next one.
    pub(super) fn read(text: &str) -> Result<Self> {
        let mut clauses: Vec<Vec<Term>> = Vec::new();
        let (mut or, mut not) = (false, false);
        for word in words(text.trim().trim_matches('"')) {
            match word.as_str() {
                "AND" => {}
                "OR" => or = true,
                "NOT" => not = true,
                _ => {
                    let term = Term::read(&word, std::mem::take(&mut not))?;
                    match clauses.last_mut().filter(|_| std::mem::take(&mut or)) {
                        Some(clause) => clause.push(term),
                        None => clauses.push(vec![term]),
                    }
                }
            }
        }
        Ok(Self(clauses))
    }

    pub(super) fn holds(&self, message: &Message) -> bool {
        self.0.iter().all(|clause| clause.iter().any(|term| term.holds(message) != term.negated))
    }
}

/// Words parted by spaces; what stands in quotes or parentheses is one of them.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for letter in text.chars() {
        match letter {
            '"' | '\\' | '(' | ')' => quoted = if letter == '"' { !quoted } else { quoted },
            ' ' if !quoted => words.push(String::new()),
            letter => words.last_mut().into_iter().for_each(|word| word.push(letter)),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The documented properties.
const PROPERTIES: [&str; 15] = [
    "attachment",
    "bcc",
    "body",
    "cc",
    "from",
    "hasAttachments",
    "hasAttachment",
    "importance",
    "participants",
    "received",
    "recipients",
    "sent",
    "size",
    "subject",
    "to",
];

impl Term {
    fn read(word: &str, negated: bool) -> Result<Self> {
        let Some((name, value)) = word.split_once(':') else {
            return Ok(Self { negated, property: None, value: word.to_lowercase() });
        };
        let known = PROPERTIES.iter().find(|known| known.eq_ignore_ascii_case(name));
        let known = known.ok_or_else(|| Error::not_modelled(&format!("searching by the property '{name}'")))?;
        if ["received", "sent"].contains(known) && day(value.trim_start_matches(['<', '>', '='])).is_none() {
            return Err(Error::not_modelled(&format!("the date '{value}' in a search")));
        }
        Ok(Self { negated, property: Some((*known).to_owned()), value: value.to_lowercase() })
    }

    fn holds(&self, message: &Message) -> bool {
        let has = |text: &str| {
            let text = text.to_lowercase();
            self.value.split_whitespace().all(|word| text.contains(word))
        };
        let people = |lists: &[&[Address]]| {
            let people = lists.iter().copied().flatten().map(|person| format!("{} {}", person.name, person.address));
            has(&people.collect::<Vec<_>>().join(" "))
        };
        let from = std::slice::from_ref(&message.from);
        match self.property.as_deref() {
            None => has(&render::text_of(message)),
            Some("subject") => has(&message.subject),
            Some("body") => has(&plain(&message.body)),
            Some("from") => people(&[from]),
            Some("to") => people(&[&message.to]),
            Some("cc") => people(&[&message.cc]),
            Some("bcc") => people(&[&message.bcc]),
            Some("recipients") => people(&[&message.to, &message.cc, &message.bcc]),
            Some("participants") => people(&[from, &message.to, &message.cc, &message.bcc]),
            Some("attachment") => message.attachments.iter().any(|attachment| has(&attachment.name)),
            Some("hasAttachments" | "hasAttachment") => (self.value == "true") != message.attachments.is_empty(),
            Some("importance") => message.importance.as_str() == self.value,
            Some("received") => self.compares(message.received),
            Some("sent") => self.compares(message.sent),
            Some(_) => self.within(message),
        }
    }

    /// A day, or a comparison with one: `2026-11-16`, `>=11/16/2026`.
    fn compares(&self, time: chrono::DateTime<Utc>) -> bool {
        let Some(wanted) = day(self.value.trim_start_matches(['<', '>', '='])) else { return false };
        let given = time.date_naive();
        match self.value.as_bytes() {
            [b'>', b'=', ..] => given >= wanted,
            [b'<', b'=', ..] => given <= wanted,
            [b'>', ..] => given > wanted,
            [b'<', ..] => given < wanted,
            _ => given == wanted,
        }
    }

    /// `size:1..500`, `size:>500`, in bytes.
    fn within(&self, message: &Message) -> bool {
        let size = message.body.content.len() + message.attachments.iter().map(|attachment| attachment.content.len()).sum::<usize>();
        let number = |text: &str| text.trim_start_matches(['<', '>', '=']).parse::<usize>().unwrap_or_default();
        match self.value.split_once("..") {
            Some((least, most)) => (number(least)..=number(most)).contains(&size),
            None if self.value.starts_with('>') => size > number(&self.value),
            None if self.value.starts_with('<') => size < number(&self.value),
            None => size == number(&self.value),
        }
    }
}

fn day(text: &str) -> Option<NaiveDate> {
    ["%Y-%m-%d", "%m/%d/%Y"].iter().find_map(|form| NaiveDate::parse_from_str(text, form).ok())
}
