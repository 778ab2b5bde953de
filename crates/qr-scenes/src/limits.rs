//! Limits of this crate.

/// Longest side of a frame that is rendered, in pixels.
pub const SIDE: usize = 8192;
