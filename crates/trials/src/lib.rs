//! What measures readers: decoders behind one trait, sets of photographs, and a clock that other
//! programs on the same machine do not push.
//!
//! `kadian read` and the benches use it; no station does.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod clock;
mod decoder;
mod ladder;
mod manifest;
mod picture;
mod rqrr_alone;

pub use clock::{Took, cpu_clock, timed};
pub use decoder::{Decoder, DecoderName, Seen, UnknownDecoder};
pub use manifest::{Expected, Judged, Manifest};
pub use picture::{find, open};

/// Longest side of a view: what a camera at the gate would give.
pub const VIEW_SIDE: usize = 1280;
