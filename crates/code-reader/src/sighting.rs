//! What a frame shows: the results of the reader.

use std::fmt;

use crate::limits;

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

/// The content of a QR code: its exact bytes, and the text that they encode.
///
/// Bytes that are UTF-8, as every health code's are, are the text itself. Codes made to the standard's
/// Japanese edition carry Shift-JIS (JIS X 0208:1997, annex 1): bytes that are Shift-JIS and not UTF-8
/// are decoded. Other bytes are no text. Signatures are not affected: they are verified over text that
/// was UTF-8 in the code.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct QrText {
    bytes: Vec<u8>,
    /// The text, if the bytes are not UTF-8.
    shift_jis: Option<String>,
}

impl QrText {
    /// Takes a code's bytes. `None` if they are no text.
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

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.shift_jis {
            Some(text) => text,
            // Checked in `from_bytes`.
            None => std::str::from_utf8(&self.bytes).unwrap_or_default(),
        }
    }

    /// Returns the bytes that the code carries.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the text, owned.
    #[must_use]
    pub fn into_string(self) -> String {
        self.shift_jis.unwrap_or_else(|| String::from_utf8(self.bytes).unwrap_or_default())
    }
}

impl fmt::Debug for QrText {
    /// Writes the length only: the text may be a person's code, which must not get into a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "QrText({} bytes)", self.bytes.len())
    }
}
