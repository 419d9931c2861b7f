//! What a token response leaves behind. Owns how long an access token counts as good and what is kept for a reload; leaves encryption
//! and storage to the browser half.

use super::Secret;

/// When something was seen, by both of the browser's clocks: the wall clock may be set, the monotonic one may stop while the machine
/// sleeps. Differences are of the larger kind, so that neither makes an old token look fresh.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Moment {
    /// Milliseconds since 1970 by this machine's own, perhaps wrong, clock.
    pub wall_ms: f64,
    /// Milliseconds since the page began.
    pub mono_ms: f64,
}

impl Moment {
    /// Seconds from `earlier` to this moment; never negative.
    #[must_use]
    pub fn seconds_since(self, earlier: Self) -> f64 {
        ((self.wall_ms - earlier.wall_ms).max(self.mono_ms - earlier.mono_ms) / 1000.0).max(0.0)
    }
}

/// An access token and its life.
#[derive(Debug, Clone, PartialEq)]
pub struct Access {
    /// The bearer.
    pub token: Secret,
    /// When it came.
    pub received: Moment,
    /// How long it is good from then on, in seconds.
    pub lifetime_s: f64,
}

impl Access {
    /// Whether it has more than the margin left: five minutes, or half its life where that is less.
    #[must_use]
    pub fn is_fresh(&self, now: Moment) -> bool {
        now.seconds_since(self.received) < self.lifetime_s - (5.0 * 60.0_f64).min(self.lifetime_s / 2.0)
    }
}
