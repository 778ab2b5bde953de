//! Limits against hostile pictures. Tuning constants stand beside their algorithms.

/// Longest side of a frame in pixels.
pub const FRAME_SIDE: usize = 8192;
/// Most pixels in a frame.
pub const FRAME_PIXELS: usize = 40_000_000;
/// Most bytes that a QR code can hold as content: 7,089 digits in version 40-L.
pub const TEXT_BYTES: usize = 7089;
/// Most symbols that zxing-cpp looks at in one picture, read or not: the likeliest come first.
pub const ZXING_SYMBOLS: u8 = 16;
/// Most grids that rqrr finds in one picture and that are sampled again after a failed decode.
pub const RESAMPLED_GRIDS: usize = 4;
/// Most symbols that our own decoder lays flat in one picture.
pub const FLATTENED_SYMBOLS: usize = 6;
/// Most pairs of finder patterns from which our own decoder begins, if no three are a symbol.
pub const FLATTENED_PAIRS: usize = 4;
/// Most finder patterns from which, one by one, our own decoder begins, if no two are a symbol.
pub const FLATTENED_SINGLES: usize = 3;
/// Most pixels of a frame that is kept to be merged with later ones. Twelve frames are kept.
pub const MERGED_PIXELS: usize = 1920 * 1088;
/// Most unread codes that are kept of one frame and variant.
pub const UNREAD_CODES: usize = 32;
