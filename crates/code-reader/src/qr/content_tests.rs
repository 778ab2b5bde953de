//! What symbols hold: segments, character sets, parts of a sequence, nothing, and what is malformed.

use super::tests::{read_back, side, symbol};
use super::{Scratch, decode, segments};
use crate::text::Part;
use qrcode::canvas::{Canvas, MaskPattern};
use qrcode::ec::construct_codewords;
use qrcode::{Color, EcLevel, Version};

/// A symbol of version 2-M whose data are these numbers, each with so many bits, and padding.
fn symbol_of(numbers: &[(u32, u32)]) -> Vec<f32> {
    let mut bits: Vec<u8> = Vec::new();
    for &(size, number) in numbers {
        bits.extend((0..size).rev().map(|bit| (number >> bit & 1) as u8));
    }
    bits.extend([0; 4]);
    bits.resize(bits.len().next_multiple_of(8), 0);
    let byte = |bits: &[u8; 8]| bits.iter().fold(0, |byte, bit| byte << 1 | bit);
    let mut data: Vec<u8> = bits.as_chunks::<8>().0.iter().map(byte).collect();
    let padding = [0xec, 0x11].iter().cycle().take(28 - data.len());
    data.extend(padding);
    let (data, checks) = construct_codewords(&data, Version::Normal(2), EcLevel::M).unwrap();
    let mut canvas = Canvas::new(Version::Normal(2), EcLevel::M);
    canvas.draw_all_functional_patterns();
    canvas.draw_data(&data, &checks);
    canvas.apply_mask(MaskPattern::Checkerboard);
    canvas.into_colors().iter().map(|&color| if color == Color::Dark { 1.0 } else { -1.0 }).collect()
}

/// The second of three in a sequence, parity 0x5a, with the byte "y".
pub(crate) fn sequence() -> Vec<f32> {
    symbol_of(&[(4, 3), (4, 1), (4, 2), (8, 0x5a), (4, 4), (8, 1), (8, u32::from(b'y'))])
}

/// 卡 and 点, which are BFA8 and B5E3 in GB 2312, in hanzi mode. 日, which is 93FA in Shift-JIS, in kanji
/// mode: another character in GB 18030.
pub(crate) fn hanzi_and_kanji() -> Vec<f32> {
    let hanzi = |first: u32, second: u32| (13, (first - 0xa6) * 0x60 + second - 0xa1);
    let kanji = (13, (0x93 - 0x81) * 0xc0 + 0xfa - 0x40);
    symbol_of(&[(4, 13), (4, 1), (8, 2), hanzi(0xbf, 0xa8), hanzi(0xb5, 0xe3), (4, 8), (8, 1), kanji])
}

/// Bytes behind the number of an ECI below 128, or behind none.
pub(crate) fn in_character_set(eci: Option<u32>, bytes: &[u8]) -> Vec<f32> {
    let mut numbers: Vec<(u32, u32)> = eci.iter().flat_map(|&eci| [(4, 7), (8, eci)]).collect();
    numbers.extend([(4, 4), (8, bytes.len() as u32)]);
    numbers.extend(bytes.iter().map(|&byte| (8, u32::from(byte))));
    symbol_of(&numbers)
}

/// No segment at all.
pub(crate) fn empty() -> Vec<f32> {
    symbol_of(&[])
}

/// A mode that does not exist.
pub(crate) fn malformed() -> Vec<f32> {
    symbol_of(&[(4, 15), (8, 1)])
}

/// The bytes of a content.
fn content(data: &[u8], strict: bool) -> Option<Vec<u8>> {
    let content = segments::content(data, 1, strict)?;
    Some(content.segments.into_iter().flat_map(|segment| segment.bytes).collect())
}

#[test]
fn segments_one_after_another_and_the_headers_that_say_nothing() {
    let values = symbol(4, EcLevel::M, |bits| {
        bits.push_fnc1_first_position().unwrap();
        bits.push_eci_designator(26).unwrap();
        bits.push_numeric_data(b"0070").unwrap();
        bits.push_eci_designator(1234).unwrap();
        bits.push_byte_data(&[0, 255]).unwrap();
        bits.push_eci_designator(123_456).unwrap();
        bits.push_alphanumeric_data(b"A%B").unwrap();
    });
    assert_eq!(read_back(&values, 4).unwrap(), b"0070\x00\xffA%B");
    let values = symbol(4, EcLevel::M, |bits| {
        bits.push_fnc1_second_position(b'A' + 100).unwrap();
        bits.push_byte_data(b"x").unwrap();
    });
    assert_eq!(read_back(&values, 4).unwrap(), b"x");
    // One of two in a sequence, parity 0x5a, then the byte "y".
    assert_eq!(content(&[0x30, 0x15, 0xa4, 0x01, 0x79, 0x00], false).unwrap(), b"y");
    assert_eq!(content(&[0x30, 0x15, 0xa4, 0x01, 0x79, 0x00], true).unwrap(), b"y");
    assert_eq!(content(&[0x40, 0x17, 0x90, 0xec, 0x11], true).unwrap(), b"y");
    assert_eq!(content(&[0x40, 0x17, 0x90, 0xec, 0x12], true), None);
    assert_eq!(content(&[0x40, 0x17, 0x91, 0xec, 0x11], true), None);
    assert_eq!(content(&[0x40, 0x17, 0x90, 0xec, 0x12], false).unwrap(), b"y");
}

#[test]
fn an_empty_text_is_a_code_if_its_padding_is_right() {
    for strict in [false, true] {
        assert_eq!(content(&[0, 0xec, 0x11], strict).unwrap(), b"");
        assert_eq!(content(&[0x40, 0, 0xec, 0x11], strict).unwrap(), b"");
        assert_eq!(content(&[0, 0xec, 0x12], strict), None);
    }
}

#[test]
fn a_malformed_content_is_kept_as_it_is_if_nothing_was_erased() {
    for malformed in [&[0x60, 1, 2][..], &[0x4f, 0xff, 1], &[0xd2, 1, 2, 3], &[0x7f, 0xff], &[0xf0, 0x12]] {
        assert_eq!(content(malformed, false).unwrap(), malformed);
        assert_eq!(content(malformed, true), None);
    }
}

#[test]
fn one_of_several_says_so() {
    let text = decode(&sequence(), side(2), &mut Scratch::default()).unwrap();
    assert_eq!((text.as_str(), text.part()), ("y", Some(Part { number: 2, of: 3 })));
}

#[test]
fn hanzi_and_kanji_say_their_character_sets() {
    let text = decode(&hanzi_and_kanji(), side(2), &mut Scratch::default()).unwrap();
    assert_eq!((text.as_str(), text.as_bytes()), ("卡点日", &b"\xbf\xa8\xb5\xe3\x93\xfa"[..]));
}

#[test]
fn an_eci_says_the_character_set() {
    let values = symbol(2, EcLevel::M, |bits| {
        bits.push_eci_designator(30).unwrap();
        bits.push_byte_data(b"\xb0\xa1").unwrap();
        bits.push_eci_designator(3).unwrap();
        bits.push_byte_data(b"\xb0\xa1").unwrap();
    });
    assert_eq!(decode(&values, side(2), &mut Scratch::default()).unwrap().as_str(), "가°¡");
}
