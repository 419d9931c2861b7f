//! Names that the service gives: item ids, change keys, iCalUIds. Owns their form; they are opaque to everybody else.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use chrono::{Datelike, NaiveDate};
use sha2::{Digest, Sha256};

/// How an id begins in the default form.
pub(crate) const REGULAR: &str = "AAMk";
/// How an id begins under `Prefer: IdType="ImmutableId"`.
pub(crate) const IMMUTABLE: &str = "AAkA";
/// Between a master's stem and the date in an occurrence's id.
const OCCURRENCE: &str = "FRAAg";
const TAIL: &str = "AAA=";

/// Deterministic bytes for a world's nth name.
fn digest(seed: u64, number: u64) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(seed.to_be_bytes());
    hash.update(number.to_be_bytes());
    hash.finalize().into()
}

/// An item's id. URL-safe but for the `=`, which clients must escape as Graph's own ids make them.
pub(crate) fn item(seed: u64, number: u64) -> String {
    format!("{REGULAR}AD{}{TAIL}", URL_SAFE_NO_PAD.encode(&digest(seed, number)[..30]))
}

/// A GUID, e.g. of a directory object.
pub(crate) fn guid(name: &str) -> String {
    uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_DNS, name.as_bytes()).to_string()
}

/// The change key for the nth change.
pub(crate) fn change_key(number: u64) -> String {
    let mut bytes = *b"\x35\xc5\xf2\xc2\x0b\x15\xae\x47\x8d\xb0\x5b\0\0\0\0\0\0\0\0";
    bytes[11..].copy_from_slice(&number.to_be_bytes());
    STANDARD.encode(bytes)
}

/// The id of a series' occurrence on a date.
pub(crate) fn occurrence(master: &str, date: NaiveDate) -> String {
    let stem = master.strip_suffix(TAIL).unwrap_or(master);
    let day = u32::try_from(date.num_days_from_ce()).unwrap_or_default();
    format!("{stem}{OCCURRENCE}{}{TAIL}", URL_SAFE_NO_PAD.encode(day.to_be_bytes()))
}

/// The id that a calendar has in the list of somebody with whom it was shared.
pub(crate) fn shared(calendar: &str, with: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(calendar.as_bytes());
    hash.update(with.as_bytes());
    format!("{REGULAR}AD{}{TAIL}", URL_SAFE_NO_PAD.encode(&hash.finalize()[..30]))
}

/// The regular id of an item that moved so many times between folders.
pub(crate) fn moved(id: &str, moves: u32) -> String {
    match id.strip_suffix(TAIL) {
        Some(stem) if moves > 0 => format!("{stem}{}{TAIL}", URL_SAFE_NO_PAD.encode(moves.to_be_bytes())),
        _ => id.to_owned(),
    }
}

/// The date in an id that `occurrence` made from this master; `None` if it is no occurrence of it.
pub(crate) fn occurrence_date(master: &str, id: &str) -> Option<NaiveDate> {
    let stem = master.strip_suffix(TAIL)?;
    let day = id.strip_prefix(stem)?.strip_prefix(OCCURRENCE)?.strip_suffix(TAIL)?;
    let bytes: [u8; 4] = URL_SAFE_NO_PAD.decode(day).ok()?.try_into().ok()?;
    NaiveDate::from_num_days_from_ce_opt(i32::try_from(u32::from_be_bytes(bytes)).ok()?)
}

/// An iCalUId in the form that Outlook uses ("GlobalObjectId"), without a date: of a single event or a whole series.
pub(crate) fn ical_uid(seed: u64, number: u64) -> String {
    let unique: String = digest(seed ^ 0x1ca1, number)[..16].iter().map(|byte| format!("{byte:02X}")).collect();
    format!("040000008200E00074C5B7101A82E00800000000{}000000000000000010000000{unique}", "0000000000000000")
}

/// The iCalUId of one occurrence: the series' with the date in the place meant for it.
pub(crate) fn occurrence_ical_uid(series: &str, date: NaiveDate) -> String {
    match (series.get(..32), series.get(40..)) {
        (Some(head), Some(tail)) => format!("{head}{:04X}{:02X}{:02X}{tail}", date.year(), date.month(), date.day()),
        _ => series.to_owned(),
    }
}

/// A secret that only this world can have made of a text.
pub(crate) fn secret(seed: u64, text: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(seed.to_be_bytes());
    hash.update(text.as_bytes());
    URL_SAFE_NO_PAD.encode(hash.finalize())
}

/// An opaque token that carries a number, for links.
pub(crate) fn token(number: u64) -> String {
    URL_SAFE_NO_PAD.encode(format!("t1:{number}"))
}

/// The number in a token of `token`.
pub(crate) fn token_number(token: &str) -> Option<u64> {
    String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?.strip_prefix("t1:")?.parse().ok()
}
