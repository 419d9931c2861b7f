//! Something that comes from the network: what is known, whether more is on its way, and what went wrong. A failure never takes away
//! what was there before.

use chrono::{DateTime, Utc};

use crate::Error;

/// A value that is fetched.
#[derive(Debug, Clone, PartialEq)]
pub struct Load<T> {
    /// The last value that came, also while a newer one is fetched and after that failed.
    pub value: Option<T>,
    /// When `value` came.
    pub at: Option<DateTime<Utc>>,
    /// A request is under way.
    pub loading: bool,
    /// Why the last request failed.
    pub error: Option<Error>,
    /// Counts requests, so that a late answer to a superseded one is known as such.
    pub generation: u32,
}

impl<T> Default for Load<T> {
    fn default() -> Self {
        Self { value: None, at: None, loading: false, error: None, generation: 0 }
    }
}

impl<T> Load<T> {
    /// A request starts; earlier ones are superseded. Returns the generation that its answer must carry.
    pub fn begin(&mut self) -> u32 {
        self.generation = self.generation.wrapping_add(1);
        self.loading = true;
        self.error = None;
        self.generation
    }

    /// Whether an answer of this generation is still wanted.
    #[must_use]
    pub fn wants(&self, generation: u32) -> bool {
        self.loading && self.generation == generation
    }

    /// Takes the answer in, unless it is superseded. Returns whether it was taken.
    pub fn finish(&mut self, generation: u32, now: DateTime<Utc>, answer: Result<T, Error>) -> bool {
        if !self.wants(generation) {
            return false;
        }
        self.loading = false;
        match answer {
            Ok(value) => {
                self.value = Some(value);
                self.at = Some(now);
                self.error = None;
            }
            Err(error) => self.error = Some(error),
        }
        true
    }

    /// Forgets the value and any request that is under way.
    pub fn clear(&mut self) {
        *self = Self { generation: self.generation.wrapping_add(1), ..Self::default() };
    }
}
