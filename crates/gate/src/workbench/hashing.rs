//! A PIN that the shell hashes.

use std::time::Duration;

use crate::input::AttemptId;

/// A PIN that is not hashed by now is given up.
const HASHES_FOR: Duration = Duration::from_secs(10);

/// The PIN that is being hashed, if any, and whom it is for.
pub(super) struct Hashing<T>(Option<(AttemptId, Duration, T)>);

impl<T> Default for Hashing<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Hashing<T> {
    pub(super) fn begin(&mut self, attempt: AttemptId, of: T, mono: Duration) {
        self.0 = Some((attempt, mono.saturating_add(HASHES_FOR), of));
    }

    pub(super) fn is_open(&self) -> bool {
        self.0.is_some()
    }

    /// Returns whether it was given up now.
    pub(super) fn pass_time(&mut self, mono: Duration) -> bool {
        self.0.take_if(|(_, until, _)| mono >= *until).is_some()
    }

    pub(super) fn deadline(&self) -> Option<Duration> {
        self.0.as_ref().map(|(_, until, _)| *until)
    }

    /// Returns whom the hash is for that was waited for.
    pub(super) fn take(&mut self, attempt: AttemptId) -> Option<T> {
        self.0.take_if(|(awaited, ..)| *awaited == attempt).map(|(.., of)| of)
    }
}
