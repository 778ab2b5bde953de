//! Every limit and threshold of this crate, in one place.

use std::time::Duration;

/// Longest side of a frame in pixels.
pub const FRAME_SIDE: usize = 8192;
/// Most pixels in a frame.
pub const FRAME_PIXELS: usize = 40_000_000;
/// Most bytes that a QR code can hold as content: 7,089 digits in version 40-L.
pub const TEXT_BYTES: usize = 7089;
/// What one frame may cost: a camera sends thirty a second.
pub const BUDGET: Duration = Duration::from_millis(33);
/// Frames of a scene that stays the same and shows nothing, after which each costs less: half a
/// second, in which every variant had its turn.
pub const CALM_FRAMES: u32 = 15;
/// What such a frame may cost: the budget over this.
pub const CALM_SHARE: u32 = 3;
/// Most grids of one attempt that are sampled again after a failed decode.
pub const RESAMPLED_GRIDS: usize = 4;
/// Most places that our own decoder lays flat in one picture.
pub const FITTED_PLACES: usize = 6;
/// Most pixels of a frame that is kept to be added to later ones: eight are.
pub const STACKED_PIXELS: usize = 1920 * 1088;
/// Most places of unread codes that are kept of one frame.
pub const FAILED_PLACES: usize = 32;

/// Fewer pixels across a module than this: too far away. What is sharp is read from about 1.2.
pub const FAR_MODULE_PX: f32 = 2.0;
/// A busy square without finder patterns, of fewer pixels along a side than this: too far away. A
/// health code is about 70 modules wide.
pub const FAR_SIDE_PX: usize = 150;
/// A busy square whose black-to-white edges are wider than this many pixels: blurred.
pub const BLURRED_EDGE_PX: f32 = 9.0;
/// A code whose black-to-white edges are wider than this many modules, and half a pixel: blurred.
/// The half pixel is what a sharp lens leaves.
pub const BLURRED_EDGE_MODULES: f32 = 1.25;
/// More finder patterns than this without a code are noise.
pub const FINDERS: usize = 12;
/// Least difference of light and dark, in luma, in what counts as busy.
pub const BUSY_RANGE: u8 = 24;
/// Least mean step between pixels, in per cent of that difference, in what counts as busy.
pub const BUSY_SLOPE: u32 = 18;
/// This share of the code's area at full white with little contrast left: too bright.
pub const BRIGHT_SHARE: f32 = 0.55;
/// Luma from which a pixel counts as clipped.
pub const BRIGHT_LUMA: u8 = 250;
/// Luma under which almost everything must lie for a frame to be too dark.
pub const DARK_LUMA: u8 = 36;
/// A finder pattern without its two mates, nearer to the frame's edge than this many modules: cut
/// off. A health code is about 70 modules wide.
pub const EDGE_MODULES: f32 = 40.0;
/// Least difference in luma between a finder pattern's middle and its white ring.
pub const FINDER_CONTRAST: u8 = 10;
