//! The command's only randomness.

/// Draws 32 bytes from the operating system.
#[allow(clippy::disallowed_methods, reason = "the one place where this command draws randomness")]
pub fn seed() -> Result<[u8; 32], String> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|error| format!("the system gives no randomness: {error}"))?;
    Ok(seed)
}
