//! The only file that reads the clock and draws randomness.
#![allow(clippy::disallowed_methods, reason = "this is the crate's one door to clock and randomness")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use health_code::Timestamp;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

/// Where the moment comes from.
#[derive(Debug, Clone, Default)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// This machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(None)
    }

    /// A clock that a test sets, in seconds since 1970.
    #[must_use]
    pub fn set_by(seconds: Arc<AtomicI64>) -> Self {
        Self(Some(seconds))
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Some(seconds) => Timestamp(seconds.load(Ordering::SeqCst)),
            None => Timestamp(jiff::Timestamp::now().as_second()),
        }
    }
}

/// The machine gives no randomness. Nothing that needs any may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this machine gives no randomness")]
pub struct NoRandomness;

/// Fresh random bytes.
///
/// # Errors
/// [`NoRandomness`].
pub fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

/// A generator with a fresh seed.
///
/// # Errors
/// [`NoRandomness`].
pub fn generator() -> Result<ChaCha20Rng, NoRandomness> {
    Ok(ChaCha20Rng::from_seed(random()?))
}
