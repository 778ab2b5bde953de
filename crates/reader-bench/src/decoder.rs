//! One interface for all decoders that are compared.

use code_reader::{Corners, GreyFrame, Part};

/// Reads frames.
pub(crate) trait Decoder {
    /// Returns what a frame shows.
    fn read(&mut self, frame: &GreyFrame) -> Seen;

    /// Forgets earlier frames: the next one shows something unrelated.
    fn restart(&mut self) {}
}

/// What a decoder says about a frame.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Seen {
    /// The different texts that were read. The first is that of the code that is held out.
    pub(crate) texts: Vec<String>,
    /// Number of further codes whose texts the decoder does not tell.
    pub(crate) others: usize,
    /// Stable code of the reason why nothing was read, if the decoder gives one.
    pub(crate) hint: Option<&'static str>,
    /// Which part of a message the first code is, if it says that it is one of several.
    pub(crate) part: Option<Part>,
    /// Place of the first code, or of what cannot be read, if the decoder gives one.
    pub(crate) corners: Option<Corners>,
}

impl Seen {
    /// Returns one word: `read`, the hint, or `nothing`.
    pub(crate) fn word(&self) -> &'static str {
        if self.texts.is_empty() { self.hint.unwrap_or("nothing") } else { "read" }
    }
}
