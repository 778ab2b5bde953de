//! The system's clock and randomness. No other file of this crate reads them.
#![allow(
    clippy::disallowed_methods,
    reason = "this is the only file that reads the clock and draws randomness"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use health_code::Timestamp;

/// A clock: the system's, or one that a test sets.
#[derive(Debug, Clone, Default)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// Returns the system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(None)
    }

    /// Returns a clock that shows what `seconds` holds, in seconds since 1970.
    #[must_use]
    pub fn set_by(seconds: Arc<AtomicI64>) -> Self {
        Self(Some(seconds))
    }

    /// Returns the present moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Some(seconds) => Timestamp(seconds.load(Ordering::SeqCst)),
            None => Timestamp(jiff::Timestamp::now().as_second()),
        }
    }
}

/// The system gave no random bytes. Whatever needs them has to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this machine gives no randomness")]
pub struct NoRandomness;

/// Returns fresh random bytes.
///
/// # Errors
/// [`NoRandomness`].
pub fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}
