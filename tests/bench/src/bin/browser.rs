//! The measured steps for the page that measures (`tests/bench/www/measure.js`). Owns names for JavaScript; leaves the clock to the page.
//! Shipped nowhere.

/// Where there is no wasm there is no page either.
#[cfg(target_arch = "wasm32")]
mod page {
    use std::cell::RefCell;

    use convoke_bench::Size;
    use convoke_core::schedule::RankRequest;
    use wasm_bindgen::prelude::*;

    thread_local! {
        static REQUEST: RefCell<Option<RankRequest>> = const { RefCell::new(None) };
    }

    /// Invents a request.
    #[wasm_bindgen]
    pub fn request(people: u32, weeks: u32, step: u32, everything: bool) -> String {
        convoke_bench::request(Size { people, weeks, step }, everything)
    }

    /// From text to text.
    #[wasm_bindgen]
    pub fn rank_text(text: &str) -> String {
        convoke_bench::rank_text(text).unwrap_or_else(|error| error.to_string())
    }

    /// Reads a request and keeps it for `rank`.
    #[wasm_bindgen]
    pub fn prepare(text: &str) {
        REQUEST.set(convoke_bench::prepare(text).ok());
    }

    /// Reads a request and drops it again.
    #[wasm_bindgen]
    pub fn read_request(text: &str) -> usize {
        convoke_bench::prepare(text).map_or(0, |request| request.attendees.len())
    }

    /// Ranks what was prepared: start in minutes and score in tenths of each suggestion, one after the other.
    #[wasm_bindgen]
    pub fn rank() -> Vec<f64> {
        REQUEST.with_borrow(|request| {
            let found = request.as_ref().and_then(|request| convoke_bench::rank(request).ok()).unwrap_or_default();
            #[expect(clippy::cast_precision_loss, reason = "minutes of this century are exact in a double")]
            let numbers = found.into_iter().flat_map(|(start, score)| [start as f64, f64::from(score)]);
            numbers.collect()
        })
    }

    /// Invents a page of events.
    #[wasm_bindgen]
    pub fn events(bytes: usize) -> String {
        convoke_bench::events(bytes)
    }

    /// Reads a page of events into the model.
    #[wasm_bindgen]
    pub fn read_events(bytes: &[u8]) -> usize {
        convoke_bench::read_events(bytes)
    }
}

fn main() {}
