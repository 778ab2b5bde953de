//! What a frame shows: the results of the reader.

use crate::text::QrText;

/// Corner points as fractions of the frame's width and height: the code's top left first, then
/// clockwise as the code itself is drawn.
pub type Corners = [[f32; 2]; 4];

/// What one frame shows.
#[derive(Debug, Clone, PartialEq)]
pub enum Sighting {
    /// A code that was read.
    Code(SeenCode),
    /// A code, or a part of one, that cannot be read.
    Unreadable {
        /// The reason.
        hint: Hint,
        /// Its place, if that is known.
        corners: Option<Corners>,
    },
    /// No sign of a code.
    Nothing,
}

/// A code that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenCode {
    /// Its text.
    pub text: QrText,
    /// Its place.
    pub corners: Corners,
    /// Places of the codes with other texts, the largest first.
    pub others: Vec<Corners>,
}

/// A code that was found and not read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UnreadCode {
    pub(crate) corners: Corners,
    /// Modules along a side, if the decoder knows.
    pub(crate) modules: Option<usize>,
}

/// Why a code in view cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hint {
    /// Too few pixels for each module.
    TooFar,
    /// Edges are smeared.
    Blurred,
    /// White covers too much of the pattern.
    TooBright,
    /// A part lies outside the frame.
    CutOff,
    /// Almost no light.
    TooDark,
}

impl Hint {
    /// Returns a stable code for logs and scripts.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::TooFar => "too-far",
            Self::Blurred => "blurred",
            Self::TooBright => "too-bright",
            Self::CutOff => "cut-off",
            Self::TooDark => "too-dark",
        }
    }
}
