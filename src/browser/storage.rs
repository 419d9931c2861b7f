//! This tab's storage. Owns the names in it and going on in memory where the browser keeps nothing; leaves what is kept, and that tokens
//! come encrypted, to the callers. Nothing ever goes to localStorage.

use convoke_core::json;
use serde_json::Value;
use std::cell::RefCell;
use web_sys::Storage;

/// A place for one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// What the page shows, so that it survives the way to the sign-in page and back.
    Page,
    /// The sign-in that is under way.
    Pending,
    /// The encrypted session.
    Session,
}

impl Slot {
    fn name(self) -> &'static str {
        match self {
            Self::Page => "convoke.page",
            Self::Pending => "convoke.pending",
            Self::Session => "convoke.session",
        }
    }
}

/// How long something is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// Until the tab is closed.
    ForTab,
    /// Until the page is left or reloaded: the browser keeps nothing (switched off, full, private).
    ForPage,
}

thread_local! {
    static MEMORY: RefCell<[Option<String>; 3]> = const { RefCell::new([None, None, None]) };
}

/// What a slot holds. Damaged values count as none.
#[must_use]
pub fn read_json(slot: Slot) -> Option<Value> {
    let text = MEMORY.with_borrow(|memory| memory[slot as usize].clone()).or_else(|| session()?.get_item(slot.name()).ok()?)?;
    serde_json::from_slice(text.as_bytes()).ok()
}

/// Keeps a value as long as the browser allows.
pub fn write_json(slot: Slot, value: &Value) {
    let _ = keep(slot, value);
}

/// The same, and says how long that is.
#[must_use]
pub fn keep(slot: Slot, value: &Value) -> Kept {
    remove(slot);
    let text = json::write(value);
    if session().is_some_and(|storage| storage.set_item(slot.name(), &text).is_ok()) {
        return Kept::ForTab;
    }
    MEMORY.with_borrow_mut(|memory| memory[slot as usize] = Some(text));
    Kept::ForPage
}

/// Whether this tab's storage keeps what is written into it.
#[must_use]
pub fn outlives_reload() -> bool {
    const NAME: &str = "convoke.try";
    let Some(storage) = session() else { return false };
    let kept = storage.set_item(NAME, NAME).is_ok() && storage.get_item(NAME).ok().flatten().as_deref() == Some(NAME);
    // Fails only where nothing was written.
    let _ = storage.remove_item(NAME);
    kept
}

/// Empties a slot.
pub fn remove(slot: Slot) {
    MEMORY.with_borrow_mut(|memory| memory[slot as usize] = None);
    if let Some(storage) = session() {
        // Fails only where storage is switched off, and then there is nothing in it.
        let _ = storage.remove_item(slot.name());
    }
}

fn session() -> Option<Storage> {
    // A browser that has storage switched off throws here.
    web_sys::window()?.session_storage().ok()?
}
