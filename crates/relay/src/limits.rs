//! Bounds on how long a relay is on, and on what is waited for.

/// Shortest pulse in milliseconds: less is no light that anybody sees.
pub const PULSE_MIN_MS: u16 = 200;
/// Longest pulse in milliseconds.
pub const PULSE_MAX_MS: u16 = 5000;
/// Most pulses that wait for the one before.
pub const WAITING: usize = 4;
/// Most passages of which it is remembered, in memory alone, that they were asked for.
pub const REMEMBERED: usize = 64;

const _: () = assert!(PULSE_MIN_MS < PULSE_MAX_MS && WAITING < REMEMBERED);
