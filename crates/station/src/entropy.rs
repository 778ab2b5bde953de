//! The operating system's randomness: the only place in the station that asks for it.

use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

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
pub(crate) fn rng() -> Result<ChaCha20Rng, NoEntropy> {
    Ok(ChaCha20Rng::from_seed(bytes()?))
}
