//! The window in which somebody signs in. Owns opening it and showing an address in it; leaves the way of the answer to `channel`, since a
//! provider may cut the window's tie to this page (Cross-Origin-Opener-Policy).

use convoke_core::{Error, ErrorCode};
use std::cell::RefCell;
use web_sys::Window;

/// A sign-in window.
pub struct Popup(RefCell<Window>);

/// As wide and high as sign-in pages are made for.
const SIZE: (f64, f64) = (520.0, 680.0);

impl Popup {
    /// Opens an empty window. Browsers allow that only in answer to a click or key, so call it before anything is awaited.
    ///
    /// # Errors
    /// `popup-blocked` where the browser refuses.
    pub fn open() -> Result<Self, Error> {
        open("").map(|window| Self(RefCell::new(window)))
    }

    /// Goes to an address.
    ///
    /// # Errors
    /// `popup-blocked` where the window is gone already.
    pub fn show(&self, url: &str) -> Result<(), Error> {
        self.0.borrow().location().replace(url).map_err(|_| blocked())
    }

    /// Opens the address once more, in a new window where the old one cannot be reached any more. Only in answer to a click or key.
    ///
    /// # Errors
    /// `popup-blocked` where the browser refuses.
    pub fn open_again(&self, url: &str) -> Result<(), Error> {
        self.close();
        self.0.replace(open(url)?);
        Ok(())
    }

    /// Whether it looks closed. It may be open all the same, where the provider has cut its tie to this page.
    #[must_use]
    pub fn looks_closed(&self) -> bool {
        self.0.borrow().closed().unwrap_or(true)
    }

    /// Closes it, where it can be reached.
    pub fn close(&self) {
        // Fails only where it is closed.
        let _ = self.0.borrow().close();
    }
}

fn open(url: &str) -> Result<Window, Error> {
    let window = web_sys::window().ok_or_else(blocked)?;
    let number = |value: Result<wasm_bindgen::JsValue, _>| value.ok().and_then(|value| value.as_f64()).unwrap_or_default();
    // In the middle of this window, which need not be on the first screen.
    let left = number(window.screen_x()) + (number(window.outer_width()) - SIZE.0) / 2.0;
    let top = number(window.screen_y()) + (number(window.outer_height()) - SIZE.1) / 2.0;
    let mut features = String::from("popup");
    for (name, value) in [(",width=", SIZE.0), (",height=", SIZE.1), (",left=", left), (",top=", top)] {
        features.push_str(name);
        // Whole pixels of a screen fit.
        features.push_str(&(value as i32).to_string());
    }
    window.open_with_url_and_target_and_features(url, "_blank", &features).ok().flatten().ok_or_else(blocked)
}

fn blocked() -> Error {
    Error::new(
        ErrorCode::PopupBlocked,
        "The browser did not open the sign-in window. Allow windows for this page, or sign in on this page.",
    )
}

/// Closes this window, which another page has opened. Browsers refuse that for others.
pub fn close_own() {
    if let Some(window) = web_sys::window() {
        // Refused where the person opened it: then it says that its work is done.
        let _ = window.close();
    }
}
