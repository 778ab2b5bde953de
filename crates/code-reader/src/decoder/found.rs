//! What a decoder takes, and what it returns.

use crate::frame::GreyFrame;
use crate::text::QrText;

/// A picture for a decoder.
#[derive(Clone, Copy)]
pub(crate) enum DecoderInput<'a> {
    /// The decoder applies its own local threshold.
    Grey(&'a GreyFrame),
    /// The decoder applies its own threshold, one level for all pixels.
    Global(&'a GreyFrame),
    /// The grey picture, and the same in black (0) and white (255).
    Black(&'a GreyFrame, &'a GreyFrame),
}

/// Corners in pixels: the code's top left, then clockwise as the code itself is drawn.
pub(crate) type Quad = [[f64; 2]; 4];

/// What a decoder found in one picture.
#[derive(Default)]
pub(crate) struct Found {
    /// Codes that were read.
    pub(crate) read: Vec<(QrText, Quad)>,
    /// Codes whose finder patterns were found, but whose content could not be read.
    pub(crate) unread: Vec<UnreadQuad>,
    /// The decoder panicked and was stopped.
    pub(crate) panicked: bool,
}

/// Where an unread code is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UnreadQuad {
    pub(crate) quad: Quad,
    /// Modules along a side, if the decoder knows.
    pub(crate) modules: Option<usize>,
}
