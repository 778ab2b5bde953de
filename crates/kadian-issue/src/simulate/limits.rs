//! Limits of a simulation.

/// Most passages: each takes about 1 kB of memory before it is sent.
pub const PASSAGES: i64 = 4_000_000;
/// Most people: their sample numbers have so many digits of their own.
pub const PEOPLE: i64 = 1_000_000;
/// Longest list of tickets in bytes: 65,535 of the longest.
pub const TICKETS_BYTES: u64 = 65_535 * (wire::limits::TICKET_CHARS as u64 + 1);
