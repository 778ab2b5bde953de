//! The operating system's randomness: the only place in the station that asks for it.

use std::convert::Infallible;

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _, TryCryptoRng, TryRng};
use sha2::{Digest as _, Sha256};

/// The operating system gave no randomness. Trying again may help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gave no randomness")]
pub struct NoEntropy;

/// Returns random bytes.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], NoEntropy> {
    let mut out = [0; N];
    #[allow(clippy::disallowed_methods, reason = "the one place that asks for randomness")]
    getrandom::fill(&mut out).map_err(|_| NoEntropy)?;
    Ok(out)
}

/// Returns a generator with a new random seed.
pub(crate) fn rng() -> Result<Generator, NoEntropy> {
    Ok(Generator { state: ChaCha20Rng::from_seed(bytes()?), stirs: true })
}

/// A generator that mixes fresh bytes of the operating system into each draw.
///
/// Whoever restores a snapshot of the machine's memory restores the generator's state too. Without fresh
/// bytes, both runs would draw the same ids, and seal two reports by the same ephemeral key.
#[derive(Debug, Clone)]
pub(crate) struct Generator {
    state: ChaCha20Rng,
    /// Whether it asks the operating system.
    stirs: bool,
}

impl Generator {
    /// Returns a generator that draws the same from the same seed, for simulations.
    #[cfg(test)]
    pub(crate) fn seeded(seed: u64) -> Self {
        Self { state: ChaCha20Rng::seed_from_u64(seed), stirs: false }
    }

    /// Makes the next draw depend on the state and on fresh bytes. Where the system gives none, as no system
    /// does that has booted, the state alone is drawn from.
    fn stir(&mut self) {
        if !self.stirs {
            return;
        }
        match bytes::<32>() {
            Ok(fresh) => {
                let mut old = [0; 32];
                self.state.fill_bytes(&mut old);
                let seed = Sha256::new().chain_update(old).chain_update(fresh).finalize();
                self.state = ChaCha20Rng::from_seed(seed.into());
            }
            Err(error) => tracing::error!(%error, "a draw without fresh randomness"),
        }
    }
}

impl TryRng for Generator {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.stir();
        Ok(self.state.next_u32())
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.stir();
        Ok(self.state.next_u64())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.stir();
        self.state.fill_bytes(bytes);
        Ok(())
    }
}

impl TryCryptoRng for Generator {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_that_is_restored_never_draws_the_same_again() {
        let restored = rng().unwrap();
        let draws = (0..100).map(|_| restored.clone().next_u64());
        assert_eq!(draws.collect::<std::collections::HashSet<_>>().len(), 100);
    }

    #[test]
    fn a_seeded_one_repeats() {
        assert_eq!(Generator::seeded(7).next_u64(), Generator::seeded(7).next_u64());
    }
}
