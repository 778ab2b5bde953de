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
    /// Where the other codes of the frame are, those with other texts; the largest first.
    pub others: Vec<Corners>,
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

/// A QR's content: its exact bytes, and the text that they are.
///
/// The text is the bytes themselves where they are UTF-8, as every health code's are. Other codes,
/// made to the standard's Japanese edition, carry Shift-JIS (JIS X 0208:1997, annex 1); where the
/// bytes are that and nothing else, the text is what they say. Anything else is no text. Nothing
/// but the text changes by this: a signature is verified over text that was UTF-8 all along.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct QrText {
    bytes: Vec<u8>,
    /// Where the bytes are not UTF-8.
    shift_jis: Option<String>,
}

impl QrText {
    /// Takes a code's bytes; `None` if they are not text.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Option<Self> {
        if bytes.is_empty() || bytes.len() > limits::TEXT_BYTES {
            return None;
        }
        if std::str::from_utf8(&bytes).is_ok() {
            return Some(Self { bytes, shift_jis: None });
        }
        let text = encoding_rs::SHIFT_JIS.decode_without_bom_handling_and_without_replacement(&bytes)?;
        let shift_jis = Some(text.into_owned());
        Some(Self { bytes, shift_jis })
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.shift_jis {
            Some(text) => text,
            // Checked when it was made: anything else would be empty here, and no code.
            None => std::str::from_utf8(&self.bytes).unwrap_or_default(),
        }
    }

    /// The bytes that the code carries.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The text, owned.
    #[must_use]
    pub fn into_string(self) -> String {
        self.shift_jis.unwrap_or_else(|| String::from_utf8(self.bytes).unwrap_or_default())
    }
}

impl fmt::Debug for QrText {
    /// Says the length only: a text may be a person's code, and logs must not hold one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "QrText({} bytes)", self.bytes.len())
    }
}
