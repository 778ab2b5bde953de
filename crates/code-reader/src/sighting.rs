//! What a frame shows.

use std::fmt;

use crate::limits;

/// Corner points as fractions of the frame's width and height: top left of the code first, then
/// clockwise as the code itself is drawn.
pub type Corners = [[f32; 2]; 4];

/// What one frame shows.
#[derive(Debug, Clone, PartialEq)]
pub enum Sighting {
    /// A code that was read.
    Code(SeenCode),
    /// Something of a code, which cannot be read.
    Unreadable {
        /// What would help.
        hint: Hint,
        /// Where, if that is known.
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
    /// Where it is.
    pub corners: Corners,
    /// How many other codes, with other texts, are in the frame.
    pub others: usize,
}

/// Why a code in view cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hint {
    /// Too few pixels for each module.
    TooFar,
    /// Edges are smeared.
    Blurred,
    /// White swallows the pattern.
    TooBright,
    /// A part lies outside the frame.
    CutOff,
    /// Almost no light.
    TooDark,
}

impl Hint {
    /// A stable code for logs and scripts.
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

/// A QR's text: its exact bytes, which are valid UTF-8, and no more of them than a QR can hold.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct QrText(String);

impl QrText {
    /// Takes a code's bytes; `None` if they are not text.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Option<Self> {
        let text = String::from_utf8(bytes).ok()?;
        (!text.is_empty() && text.chars().count() <= limits::TEXT_CHARS).then_some(Self(text))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, owned.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Debug for QrText {
    /// Says the length only: a text may be a person's code, and logs must not hold one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "QrText({} bytes)", self.0.len())
    }
}
