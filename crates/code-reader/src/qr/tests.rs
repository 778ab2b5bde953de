//! Symbols made by the `qrcode` crate, whole, damaged and mirrored.

use super::layout::Module;
use super::*;
use proptest::prelude::*;
use qrcode::bits::Bits;
use qrcode::canvas::{Canvas, MaskPattern, is_functional};
use qrcode::ec::construct_codewords;
use qrcode::{Color, EcLevel, Version};

const LEVELS: [EcLevel; 4] = [EcLevel::L, EcLevel::M, EcLevel::Q, EcLevel::H];
const MASKS: [MaskPattern; 8] = [
    MaskPattern::Checkerboard,
    MaskPattern::HorizontalLines,
    MaskPattern::VerticalLines,
    MaskPattern::DiagonalLines,
    MaskPattern::LargeCheckerboard,
    MaskPattern::Fields,
    MaskPattern::Diamonds,
    MaskPattern::Meadow,
];

/// Numbers that look random and are the same at every run (xorshift64*).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % end
    }

    /// Different numbers below `end`.
    fn some(&mut self, count: usize, end: usize) -> Vec<usize> {
        let mut all: Vec<usize> = (0..end).collect();
        for i in 0..count {
            let other = i + self.below(end - i);
            all.swap(i, other);
        }
        all.truncate(count);
        all
    }
}

/// A symbol whose segments the closure pushes. The mask is not the best one, which takes the encoder
/// long to find, but whichever comes: so every mask has its turn.
pub(super) fn symbol(version: i16, level: EcLevel, push: impl FnOnce(&mut Bits)) -> Vec<f32> {
    let mut bits = Bits::new(Version::Normal(version));
    push(&mut bits);
    let mask = MASKS[(version as usize + level as usize + bits.len()) % 8];
    bits.push_terminator(level).unwrap();
    let (data, checks) = construct_codewords(&bits.into_bytes(), Version::Normal(version), level).unwrap();
    let mut canvas = Canvas::new(Version::Normal(version), level);
    canvas.draw_all_functional_patterns();
    canvas.draw_data(&data, &checks);
    canvas.apply_mask(mask);
    canvas.into_colors().iter().map(|&color| if color == Color::Dark { 1.0 } else { -1.0 }).collect()
}

fn bytes(version: i16, level: EcLevel, content: &[u8]) -> Vec<f32> {
    symbol(version, level, |bits| bits.push_byte_data(content).unwrap())
}

pub(super) fn side(version: i16) -> usize {
    17 + 4 * version as usize
}

pub(super) fn read_back(values: &[f32], version: i16) -> Option<Vec<u8>> {
    decode(values, side(version), &mut Scratch::default()).map(|text| text.as_bytes().to_vec())
}

/// Data codewords, check codewords of a block, and blocks.
fn blocks_of(version: i16, level: EcLevel) -> (usize, usize, usize) {
    let total = Layout::of(version as u8).order().len() / 8;
    let level = match level {
        EcLevel::L => blocks::Level::L,
        EcLevel::M => blocks::Level::M,
        EcLevel::Q => blocks::Level::Q,
        EcLevel::H => blocks::Level::H,
    };
    blocks::shape(total, version as u8, level)
}

/// Which block each codeword of the symbol belongs to, by number.
fn members(version: i16, level: EcLevel) -> Vec<Vec<usize>> {
    let (data, parity, count) = blocks_of(version, level);
    let mut members = vec![Vec::new(); count];
    let (short, longs) = (data / count, data % count);
    for i in 0..data {
        members[if i < short * count { i % count } else { count - longs + i - short * count }].push(i);
    }
    for i in 0..parity * count {
        members[i % count].push(data + i);
    }
    members
}

fn modules_of(version: i16, codeword: usize) -> &'static [u16] {
    &Layout::of(version as u8).order()[codeword * 8..codeword * 8 + 8]
}

/// Inverts one to eight modules of a codeword.
fn damage(values: &mut [f32], version: i16, codeword: usize, sure: f32, dice: &mut Dice) {
    let count = 1 + dice.below(8);
    for bit in dice.some(count, 8) {
        let value = &mut values[usize::from(modules_of(version, codeword)[bit])];
        *value = -*value * sure;
    }
}

#[test]
fn every_version_and_level_in_every_mode() {
    let mut dice = Dice(1);
    for version in 1..=40 {
        for level in LEVELS {
            let (data, ..) = blocks_of(version, level);
            let room = data - 4;
            let content: Vec<u8> = (0..room).map(|_| dice.below(256) as u8).collect();
            assert_eq!(read_back(&bytes(version, level, &content), version), Some(content));

            let digits: Vec<u8> = (0..room * 2 - 1).map(|_| b'0' + dice.below(10) as u8).collect();
            let values = symbol(version, level, |bits| bits.push_numeric_data(&digits).unwrap());
            assert_eq!(read_back(&values, version), Some(digits));

            let alphabet = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
            let text: Vec<u8> = (0..room).map(|_| alphabet[dice.below(45)]).collect();
            let values = symbol(version, level, |bits| bits.push_alphanumeric_data(&text).unwrap());
            assert_eq!(read_back(&values, version), Some(text));

            let kanji: Vec<u8> = (0..room / 2)
                .flat_map(|_| {
                    [[0x93, 0x5f], [0xe4, 0xaa], [0x81, 0x40], [0x9f, 0xfc], [0xea, 0xa4]][dice.below(5)]
                })
                .collect();
            let values = symbol(version, level, |bits| bits.push_kanji_data(&kanji).unwrap());
            assert_eq!(read_back(&values, version), Some(kanji));
        }
    }
}

/// The errors a block bears, and the erasures less the reserve.
fn capacity(version: i16, level: EcLevel) -> (usize, usize) {
    let (_, parity, _) = blocks_of(version, level);
    let reserve = match (version, level) {
        (1, EcLevel::L) => 3,
        (1, EcLevel::M) | (2, EcLevel::L) => 2,
        (1, _) | (3, EcLevel::L) => 1,
        _ => 0,
    };
    ((parity - reserve) / 2, parity - 4)
}

#[test]
fn errors_up_to_capacity_in_every_block() {
    let mut dice = Dice(2);
    for version in 1..=40 {
        for level in LEVELS {
            let mut values = bytes(version, level, b"errors");
            for members in members(version, level) {
                for i in dice.some(capacity(version, level).0, members.len()) {
                    damage(&mut values, version, members[i], 1.0, &mut dice);
                }
            }
            assert_eq!(read_back(&values, version).as_deref(), Some(&b"errors"[..]), "{version} {level:?}");
        }
    }
}

#[test]
fn modules_nothing_is_known_of_up_to_capacity_less_the_reserve() {
    let mut dice = Dice(3);
    for version in 1..=40 {
        for level in LEVELS {
            let mut values = bytes(version, level, b"erased");
            for members in members(version, level) {
                for i in dice.some(capacity(version, level).1, members.len()) {
                    for &module in modules_of(version, members[i]) {
                        values[usize::from(module)] = 0.0;
                    }
                }
            }
            assert_eq!(read_back(&values, version).as_deref(), Some(&b"erased"[..]), "{version} {level:?}");
        }
    }
}

#[test]
fn unsure_errors_beyond_what_errors_alone_allow() {
    let mut dice = Dice(4);
    for version in [2, 7, 13, 25, 40] {
        for level in LEVELS {
            let (errors, most) = capacity(version, level);
            assert!(most > errors, "{version} {level:?}");
            let mut values = bytes(version, level, b"unsure");
            for members in members(version, level) {
                for i in dice.some(most, members.len()) {
                    damage(&mut values, version, members[i], 0.1, &mut dice);
                }
            }
            assert_eq!(read_back(&values, version).as_deref(), Some(&b"unsure"[..]), "{version} {level:?}");
        }
    }
}

#[test]
fn never_a_wrong_text_beyond_capacity() {
    let mut dice = Dice(5);
    let (mut read, mut refused) = (0, 0);
    let mut scratch = Scratch::default();
    for version in [1, 2, 3, 5, 7, 13] {
        for level in LEVELS {
            let content = b"never wrong"[..if version == 1 { 6 } else { 11 }].to_vec();
            let whole = bytes(version, level, &content);
            let members = members(version, level);
            for _ in 0..800 {
                let mut values = whole.clone();
                // Surenesses that say nothing, or little, about where the errors are.
                let fog = dice.below(3);
                for value in &mut values {
                    *value *= if fog == 0 { 1.0 } else { 0.05 + dice.below(95) as f32 / 100.0 };
                }
                let block = &members[dice.below(members.len())];
                let over = capacity(version, level).0 + 1 + dice.below(6);
                for i in dice.some(over.min(block.len()), block.len()) {
                    let sure = if fog == 2 { 0.3 } else { 1.0 };
                    damage(&mut values, version, block[i], sure, &mut dice);
                }
                match decode(&values, side(version), &mut scratch) {
                    Some(text) => {
                        assert_eq!(text.as_bytes(), content, "{version} {level:?}");
                        read += 1;
                    }
                    None => refused += 1,
                }
            }
        }
    }
    assert!(read > 100 && refused > 100, "{read} read, {refused} refused");
}

#[test]
fn noise_is_no_text() {
    let mut dice = Dice(6);
    let mut scratch = Scratch::default();
    for version in [1, 2, 3, 4, 13] {
        let whole = bytes(version, EcLevel::L, b"x");
        let layout = Layout::of(version as u8);
        for _ in 0..1500 {
            let mut values = whole.clone();
            for (value, module) in values.iter_mut().zip(layout.modules()) {
                if *module == Module::Data {
                    *value = dice.below(2001) as f32 / 1000.0 - 1.0;
                }
            }
            assert_eq!(decode(&values, side(version), &mut scratch), None);
        }
    }
}

#[test]
fn mirrored() {
    let mut dice = Dice(7);
    for version in 1..=40 {
        for level in LEVELS {
            let content = [b'a' + dice.below(26) as u8, b'a' + dice.below(26) as u8];
            let values = bytes(version, level, &content);
            let side = side(version);
            let turned: Vec<f32> = (0..side * side).map(|i| values[i % side * side + i / side]).collect();
            assert_eq!(read_back(&turned, version).unwrap(), content);
        }
    }
}

#[test]
fn the_format_survives_one_copy_gone_and_errors_in_both() {
    let mut dice = Dice(8);
    for copy in 0..2 {
        let mut values = bytes(3, EcLevel::M, b"format");
        for (x, y) in layout::format_places(29)[copy] {
            values[y * 29 + x] = 0.0;
        }
        assert_eq!(read_back(&values, 3).unwrap(), b"format");
    }
    for _ in 0..200 {
        let mut values = bytes(3, EcLevel::M, b"format");
        for places in layout::format_places(29) {
            for i in dice.some(2, 15) {
                let (x, y) = places[i];
                values[y * 29 + x] *= -1.0;
            }
        }
        assert_eq!(read_back(&values, 3).unwrap(), b"format");
    }
}

#[test]
fn a_damaged_version_is_read_and_another_version_is_not() {
    let ours = bytes(8, EcLevel::M, b"version");
    let mut values = ours.clone();
    for (x, y) in layout::version_places(49) {
        values[y * 49 + x] = 1.0;
    }
    assert_eq!(read_back(&values, 8).unwrap(), b"version");
    let other = bytes(9, EcLevel::M, b"version");
    let mut values = ours;
    for ((x, y), (ox, oy)) in layout::version_places(49).into_iter().zip(layout::version_places(53)) {
        values[y * 49 + x] = other[oy * 53 + ox];
        values[x * 49 + y] = other[ox * 53 + oy];
    }
    assert_eq!(read_back(&values, 8), None);
}

#[test]
fn the_layout_is_that_of_the_symbols() {
    for version in 1..=40 {
        let (layout, side) = (Layout::of(version as u8), side(version));
        let symbols: Vec<_> = (0..3).map(|count| bytes(version, EcLevel::L, &vec![7; count])).collect();
        assert_eq!(layout.side(), side);
        for (i, module) in layout.modules().iter().enumerate() {
            if let Module::Known(dark) = *module {
                assert!(symbols.iter().all(|symbol| (symbol[i] > 0.0) == dark), "{version} {i}");
            }
            // The encoder's own question leaves the version's modules out.
            let functional =
                is_functional(Version::Normal(version), side as i16, (i % side) as i16, (i / side) as i16);
            assert_eq!(*module != Module::Data, functional || *module == Module::Version, "{version} {i}");
        }
        let versions = layout.modules().iter().filter(|&&module| module == Module::Version).count();
        assert_eq!(versions, if version < 7 { 0 } else { 36 });
    }
    assert_eq!(Layout::of(1).alignment_centres(), [0; 0]);
    assert_eq!(Layout::of(13).alignment_centres(), [6, 34, 62]);
    assert_eq!(Layout::of(32).alignment_centres(), [6, 34, 60, 86, 112, 138]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn nothing_panics(
        side in 0usize..190,
        spare in 0usize..3,
        palette in prop::collection::vec(
            prop_oneof![
                any::<f32>(), -1.0f32..1.0, Just(f32::NAN), Just(f32::INFINITY), Just(f32::NEG_INFINITY), Just(0.0)
            ],
            1..8,
        ),
        seed in 1u64..,
        formatted: bool,
    ) {
        let mut dice = Dice(seed);
        let side = if formatted { 17 + 4 * (1 + side % 40) } else { side };
        let mut values: Vec<f32> =
            (0..side * side + spare * usize::from(!formatted)).map(|_| palette[dice.below(palette.len())]).collect();
        if formatted {
            // A right format lets the noise through to the blocks.
            let whole = bytes(((side - 17) / 4) as i16, LEVELS[dice.below(4)], b"x");
            for (i, module) in Layout::of(((side - 17) / 4) as u8).modules().iter().enumerate() {
                if *module != Module::Data {
                    values[i] = whole[i];
                }
            }
        }
        let _ = decode(&values, side, &mut Scratch::default());
    }

    #[test]
    fn no_content_panics(data in prop::collection::vec(any::<u8>(), 0..200), version in 1u8..=40, strict: bool) {
        let _ = segments::content(&data, version, strict);
    }
}
