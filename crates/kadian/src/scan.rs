//! Codes in a picture that somebody has time for: more than a camera's frame gets.

use code_reader::{Corners, GreyFrame, Hint, Part, Sighting, read_still};
use picture::without;

/// Most codes that are read in one picture.
const CODES: usize = 32;

/// What a picture shows first.
pub enum Scanned {
    /// A code's text.
    Text(String),
    /// A code that cannot be read, and why.
    Unreadable(Hint),
    /// Nothing.
    Nothing,
}

/// A code in a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Code {
    /// Its text.
    pub text: String,
    /// Which part of a message it says it is.
    pub part: Option<Part>,
    /// Its corners as fractions of width and height, its own top left first.
    pub corners: Corners,
}

/// All that a picture shows.
pub struct All {
    /// Codes that were read, the largest first.
    pub codes: Vec<Code>,
    /// Why a further one was not, if one was seen.
    pub hint: Option<Hint>,
}

impl Scanned {
    /// Returns why a code that is there cannot be read.
    pub fn hint(self) -> Option<&'static str> {
        match self {
            Self::Unreadable(hint) => Some(hint.code()),
            Self::Text(_) | Self::Nothing => None,
        }
    }
}

/// Reads the code that a gate would take.
pub fn first(picture: &GreyFrame) -> Scanned {
    match read_still(picture) {
        Sighting::Code(code) => Scanned::Text(code.text.into_string()),
        Sighting::Unreadable { hint, .. } => Scanned::Unreadable(hint),
        Sighting::Nothing => Scanned::Nothing,
    }
}

/// Reads every code: each that was read is covered, and the rest is looked at again.
pub fn all(picture: &GreyFrame) -> All {
    let mut all = All { codes: Vec::new(), hint: None };
    let mut left = picture.clone();
    while all.codes.len() < CODES {
        match read_still(&left) {
            Sighting::Code(code) => {
                let Some(rest) = without(&left, &code.corners) else { break };
                left = rest;
                all.codes.push(Code {
                    part: code.text.part(),
                    text: code.text.into_string(),
                    corners: code.corners,
                });
            }
            Sighting::Unreadable { hint, .. } => {
                all.hint = Some(hint);
                break;
            }
            Sighting::Nothing => break,
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use qr_scenes::{Code as Drawn, Level};

    const MODULE: usize = 5;

    /// Codes side by side, with a quiet zone around each.
    fn drawn(texts: &[&str]) -> GreyFrame {
        let codes: Vec<Drawn> = texts.iter().map(|text| Drawn::new(text, 2, Level::M).unwrap()).collect();
        let side = (25 + 8) * MODULE;
        let mut pixels = vec![255; side * side * codes.len()];
        for (at, code) in codes.iter().enumerate() {
            for (x, y) in (0..side).flat_map(|x| (0..side).map(move |y| (x, y))) {
                let module = |at: usize| (at / MODULE).checked_sub(4).filter(|at| *at < code.modules());
                if module(x).zip(module(y)).is_some_and(|(x, y)| code.is_dark(x, y)) {
                    pixels[y * side * codes.len() + at * side + x] = 0;
                }
            }
        }
        GreyFrame::new(side * codes.len(), side, pixels).unwrap()
    }

    #[test]
    fn every_code_of_a_picture_is_read_with_its_place() {
        let texts = ["KD1:ONE", "KD1:TWO", "KD1:THREE"];
        let all = all(&drawn(&texts));
        let mut found: Vec<(&str, f32)> =
            all.codes.iter().map(|code| (code.text.as_str(), code.corners[0][0])).collect();
        found.sort_by(|a, b| a.1.total_cmp(&b.1));
        assert_eq!(found.iter().map(|(text, _)| *text).collect::<Vec<_>>(), texts);
        for (at, (_, left)) in found.iter().enumerate() {
            let expected = (at as f32 + 4.0 / 33.0) / 3.0;
            assert!((left - expected).abs() < 0.02, "{left} is not {expected}");
        }
        assert_eq!(all.hint, None);
    }

    #[test]
    fn paper_shows_nothing() {
        let paper = GreyFrame::new(300, 300, vec![255; 90_000]).unwrap();
        assert!(all(&paper).codes.is_empty() && matches!(first(&paper), Scanned::Nothing));
    }
}
