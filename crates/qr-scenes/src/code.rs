//! The modules of a QR code of a given version.

use qrcode::{Color, EcLevel, QrCode, Version};

use crate::noise::Dice;

/// The characters of base45 (RFC 9285), which are those of the QR code's alphanumeric mode.
const BASE45: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/// The error correction level: how much of a code may be damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// About 7 %.
    L,
    /// About 15 %.
    M,
    /// About 25 %.
    Q,
    /// About 30 %.
    H,
}

impl Level {
    /// Returns the level's letter.
    #[must_use]
    pub fn letter(self) -> char {
        match self {
            Self::L => 'L',
            Self::M => 'M',
            Self::Q => 'Q',
            Self::H => 'H',
        }
    }
}

/// A drawn code: its text and its modules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    text: String,
    version: u8,
    level: Level,
    modules: usize,
    dark: Vec<bool>,
}

/// The text does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text does not fit into version {version}-{}", level.letter())]
pub struct NoCode {
    /// The version.
    pub version: u8,
    /// The level.
    pub level: Level,
}

impl Code {
    /// Draws a text in exactly this version (1 to 40) and level.
    ///
    /// # Errors
    /// If the text does not fit.
    pub fn new(text: &str, version: u8, level: Level) -> Result<Self, NoCode> {
        let ec = match level {
            Level::L => EcLevel::L,
            Level::M => EcLevel::M,
            Level::Q => EcLevel::Q,
            Level::H => EcLevel::H,
        };
        let code = QrCode::with_version(text, Version::Normal(i16::from(version)), ec)
            .map_err(|_| NoCode { version, level })?;
        let dark = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
        Ok(Self { text: text.to_owned(), version, level, modules: code.width(), dark })
    }

    /// Draws a code that looks like a health code: `KD1:` and base45, with the usual number of characters.
    ///
    /// # Errors
    /// If the text does not fit.
    pub fn like_kd1(seed: u64, version: u8, level: Level) -> Result<Self, NoCode> {
        let mut dice = Dice::new(seed);
        let rest = crate::defaults::CODE_CHARS - 4;
        let body = (0..rest).map(|_| char::from(BASE45[dice.below(BASE45.len())]));
        Self::new(&("KD1:".to_owned() + &body.collect::<String>()), version, level)
    }

    /// Returns the text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the modules along a side.
    #[must_use]
    pub fn modules(&self) -> usize {
        self.modules
    }

    /// Returns version and level, as in `13-M`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}-{}", self.version, self.level.letter())
    }

    /// Returns whether a module is dark. Column and row count from the top left.
    #[must_use]
    pub fn is_dark(&self, column: usize, row: usize) -> bool {
        column < self.modules && self.dark.get(row * self.modules + column) == Some(&true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_usual_code_fits_from_these_versions_on() {
        for (level, smallest) in [(Level::L, 11), (Level::M, 13), (Level::Q, 16)] {
            let refused = Code::like_kd1(1, smallest - 1, level);
            assert_eq!(refused, Err(NoCode { version: smallest - 1, level }));
            for version in smallest..=17 {
                let code = Code::like_kd1(1, version, level).unwrap();
                assert_eq!(code.modules(), 17 + 4 * usize::from(version));
                assert_eq!(code.text().len(), 430);
                assert!(code.is_dark(0, 0) && !code.is_dark(1, 1) && !code.is_dark(7, 7));
            }
        }
        assert_ne!(Code::like_kd1(1, 13, Level::M), Code::like_kd1(2, 13, Level::M));
    }
}
