//! Decodes the format (level and mask) and the version from soft values: not bit by bit, but as the
//! code word that agrees best with all modules.

use super::blocks::Level;
use super::layout::{format_places, version_places};

/// Least lead of the best format word over the second, as a share of the modules' certainty. Two words
/// differ in at least 5 of 15 modules, so an undamaged one leads by two thirds. A wrong choice only
/// costs time, since blocks under a wrong mask do not decode.
const MARGIN: f32 = 1.0 / 15.0;
/// The symbol clearly has another version if that version's word agrees with at least this share of
/// the modules' certainty …
const OTHER_AGREES: f32 = 0.7;
/// … and the word of the version that follows from the side agrees with less than this.
const OURS_AGREES: f32 = 0.4;
/// With less certainty than this over the 36 version modules, nothing is concluded from them.
const VERSION_SEEN: f32 = 9.0;

/// The decoded format.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Format {
    pub(super) level: Level,
    pub(super) mask: u8,
    /// How well the word agrees with the modules, from −1 to 1.
    pub(super) agreement: f32,
}

/// Decodes both copies of the format together, of the symbol as it is or mirrored (x and y exchanged).
/// `None`: no word is clearly the best.
pub(super) fn format(values: &[f32], side: usize, mirrored: bool) -> Option<Format> {
    let mut seen = [0.0; 15];
    let mut total = 0.0;
    for copy in format_places(side) {
        for (sum, (x, y)) in seen.iter_mut().zip(copy) {
            let value = value(values, side, if mirrored { (y, x) } else { (x, y) });
            *sum += value;
            total += value.abs();
        }
    }
    let (mut best, mut second) = ((f32::MIN, 0), f32::MIN);
    for data in 0..32u32 {
        let score = agreement(&seen, format_word(data));
        if score > best.0 {
            second = best.0;
            best = (score, data);
        } else if score > second {
            second = score;
        }
    }
    if total <= 0.0 || best.0 <= 0.0 || best.0 - second < MARGIN * total {
        return None;
    }
    let level = [Level::M, Level::L, Level::H, Level::Q][best.1 as usize >> 3];
    Some(Format { level, mask: (best.1 & 7) as u8, agreement: best.0 / total })
}

/// Returns whether the version modules clearly contradict the version that follows from the side.
pub(super) fn other_version(values: &[f32], side: usize, version: u8) -> bool {
    if version < 7 {
        return false;
    }
    let mut seen = [0.0; 18];
    let mut total = 0.0;
    for (sum, (x, y)) in seen.iter_mut().zip(version_places(side)) {
        for place in [(x, y), (y, x)] {
            let value = value(values, side, place);
            *sum += value;
            total += value.abs();
        }
    }
    let ours = agreement(&seen, version_word(u32::from(version)));
    total >= VERSION_SEEN
        && ours < OURS_AGREES * total
        && (7..=40).any(|other| agreement(&seen, version_word(other)) >= OTHER_AGREES * total)
}

/// Returns a module's soft value, limited to ±1. NaN counts as unknown.
fn value(values: &[f32], side: usize, (x, y): (usize, usize)) -> f32 {
    let value = values[y * side + x];
    if value.is_nan() { 0.0 } else { value.clamp(-1.0, 1.0) }
}

fn agreement(seen: &[f32], word: u32) -> f32 {
    seen.iter().enumerate().map(|(bit, &sum)| if word >> bit & 1 == 1 { sum } else { -sum }).sum()
}

/// Returns the format word: level and mask, ten check bits, and an XOR mask that keeps the word from
/// being all light.
fn format_word(data: u32) -> u32 {
    checked(data, 10, 0x537) ^ 0x5412
}

fn version_word(version: u32) -> u32 {
    checked(version, 12, 0x1f25)
}

/// Appends the remainder of the division by a generator polynomial to the data.
fn checked(data: u32, bits: u32, generator: u32) -> u32 {
    let mut rest = data << bits;
    while rest >> bits != 0 {
        rest ^= generator << (rest.ilog2() - bits);
    }
    data << bits | rest
}
