//! Moments, always handed in: nothing below the station reads a clock.

use serde::{Deserialize, Serialize};

use crate::limits::SKEW_SECONDS;

/// Seconds since 1970-01-01T00:00:00Z, without leap seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export, type = "number"))]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Returns the moment `seconds` later (earlier, where negative), saturating.
    #[must_use]
    pub fn plus(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// Returns the day in UTC, as whole days since 1970.
    #[must_use]
    pub fn day(self) -> i64 {
        self.0.div_euclid(86_400)
    }

    /// Returns whether a clock that shows this moment is surely wrong, because `signed` is past:
    /// it lies more than [`SKEW_SECONDS`] ahead.
    ///
    /// Every check of a clock against a signed time is this one.
    #[must_use]
    pub fn is_behind(self, signed: Self) -> bool {
        self.plus(SKEW_SECONDS) < signed
    }

    /// Returns the seconds from `earlier` to this moment; negative where `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}
