//! Reads the content: segments in numeric, alphanumeric, byte and kanji mode (ISO/IEC 18004, 7.4), and in
//! hanzi mode (GB/T 18284).

use crate::text::{Designator, Part, Segment};

const ALPHANUMERIC: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
/// The only set of characters of hanzi mode.
const GB2312: u32 = 1;
/// The two codewords that fill the rest of the data in turn.
const PADDING: [u8; 2] = [0xec, 0x11];

/// The content of a symbol.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Content {
    pub(super) segments: Vec<Segment>,
    pub(super) part: Option<Part>,
}

/// Returns the segments in order, exactly as they were encoded. FNC1 is skipped.
///
/// Where no codeword was erased, error correction has shown that the symbol is a code. So a malformed
/// content is one, too: the data codewords themselves, which no health code is. With `strict` it is
/// `None`, and the padding must be right, as it must in an empty content.
pub(super) fn content(data: &[u8], version: u8, strict: bool) -> Option<Content> {
    let mut bits = Bits { data, at: 0 };
    let mut content = Content::default();
    match parse(&mut bits, version, &mut content) {
        Some(()) => {
            let is_empty = content.segments.iter().all(|segment| segment.bytes.is_empty());
            (!(strict || is_empty) || padded(bits)?).then_some(content)
        }
        None if strict => None,
        None => {
            let raw = Segment { designator: Designator::Unstated, bytes: data.to_vec() };
            Some(Content { segments: vec![raw], part: None })
        }
    }
}

fn parse(bits: &mut Bits, version: u8, content: &mut Content) -> Option<()> {
    let mut eci = Designator::Unstated;
    while bits.left() >= 4 {
        let mut bytes = Vec::new();
        let designator = match bits.take(4)? {
            0 => break,
            1 => {
                numeric(bits, version, &mut bytes)?;
                eci
            }
            2 => {
                alphanumeric(bits, version, &mut bytes)?;
                eci
            }
            3 => {
                content.part = Some(Part { number: bits.take(4)? as u8 + 1, of: bits.take(4)? as u8 + 1 });
                // The parity of the whole message.
                bits.take(8)?;
                continue;
            }
            4 => {
                for _ in 0..bits.take(count_bits([8, 16, 16], version))? {
                    bytes.push(bits.take(8)? as u8);
                }
                eci
            }
            5 => continue,
            7 => {
                eci = Designator::Eci(designator(bits)?);
                continue;
            }
            8 => {
                packed(bits, version, &KANJI, &mut bytes)?;
                Designator::Kanji
            }
            9 => {
                bits.take(8)?;
                continue;
            }
            13 => {
                // The set of characters comes first, of which only GB 2312 exists.
                bits.take(4).filter(|&set| set == GB2312)?;
                packed(bits, version, &HANZI, &mut bytes)?;
                Designator::Hanzi
            }
            _ => return None,
        };
        match content.segments.last_mut() {
            // A character may reach from one segment into the next.
            Some(last) if last.designator == designator => last.bytes.extend_from_slice(&bytes),
            _ => content.segments.push(Segment { designator, bytes }),
        }
    }
    Some(())
}

fn numeric(bits: &mut Bits, version: u8, out: &mut Vec<u8>) -> Option<()> {
    let mut left = bits.take(count_bits([10, 12, 14], version))?;
    while left > 0 {
        let digits = left.min(3);
        let (size, most) = [(4, 10), (7, 100), (10, 1000)][digits as usize - 1];
        let value = bits.take(size).filter(|&value| value < most)?;
        let three = [value / 100, value / 10 % 10, value % 10].map(|digit| b'0' + digit as u8);
        out.extend_from_slice(&three[3 - digits as usize..]);
        left -= digits;
    }
    Some(())
}

fn alphanumeric(bits: &mut Bits, version: u8, out: &mut Vec<u8>) -> Option<()> {
    let count = bits.take(count_bits([9, 11, 13], version))?;
    for _ in 0..count / 2 {
        let pair = bits.take(11)? as usize;
        out.push(*ALPHANUMERIC.get(pair / 45)?);
        out.push(ALPHANUMERIC[pair % 45]);
    }
    if count % 2 == 1 {
        out.push(*ALPHANUMERIC.get(bits.take(6)? as usize)?);
    }
    Some(())
}

/// How a mode packs characters of two bytes into 13 bits each.
struct Packing {
    /// Second bytes a first byte has.
    seconds: u32,
    /// The first character.
    first: u32,
    /// The packed character behind a gap in the first bytes, and how many of them that gap leaves out.
    gap: (u32, u32),
    last: u32,
}

/// Kanji mode: Shift-JIS.
const KANJI: Packing = Packing { seconds: 0xc0, first: 0x8140, gap: (0x1f00, 0x4000), last: 0xebbf };
/// Hanzi mode (GB/T 18284): GB 2312.
const HANZI: Packing = Packing { seconds: 0x60, first: 0xa1a1, gap: (0xa00, 0x500), last: 0xfefe };

/// Reads characters of two bytes.
fn packed(bits: &mut Bits, version: u8, packing: &Packing, out: &mut Vec<u8>) -> Option<()> {
    for _ in 0..bits.take(count_bits([8, 10, 12], version))? {
        let value = bits.take(13)?;
        let at = ((value / packing.seconds) << 8) | (value % packing.seconds);
        let (gap, left_out) = packing.gap;
        let character = packing.first + at + if at < gap { 0 } else { left_out };
        if character > packing.last {
            return None;
        }
        out.extend_from_slice(&[(character >> 8) as u8, character as u8]);
    }
    Some(())
}

/// Reads an ECI designator: one, two or three bytes, by its leading bits.
fn designator(bits: &mut Bits) -> Option<u32> {
    let first = bits.take(8)?;
    match first {
        0..0x80 => Some(first),
        0x80..0xc0 => Some((first & 0x3f) << 8 | bits.take(8)?),
        0xc0..0xe0 => Some((first & 0x1f) << 16 | bits.take(16)?),
        _ => None,
    }
}

/// Picks the size of a segment's character count: for versions 1 to 9, 10 to 26, and 27 to 40.
fn count_bits(sizes: [u32; 3], version: u8) -> u32 {
    sizes[usize::from(version >= 10) + usize::from(version >= 27)]
}

/// Returns whether zeros follow up to the next codeword, and the padding from there to the end.
fn padded(mut bits: Bits) -> Option<bool> {
    let whole = bits.at.next_multiple_of(8);
    let zeros = bits.take((whole - bits.at) as u32)? == 0;
    Some(zeros && bits.data[whole / 8..].iter().zip(PADDING.iter().cycle()).all(|(byte, pad)| byte == pad))
}

struct Bits<'a> {
    data: &'a [u8],
    /// Bits read.
    at: usize,
}

impl Bits<'_> {
    fn left(&self) -> usize {
        self.data.len() * 8 - self.at
    }

    /// Takes the next bits, highest first, at most 16.
    fn take(&mut self, count: u32) -> Option<u32> {
        if count as usize > self.left() {
            return None;
        }
        let byte = |i: usize| u32::from(self.data.get(i).copied().unwrap_or(0));
        let first = self.at / 8;
        let window = byte(first) << 16 | byte(first + 1) << 8 | byte(first + 2);
        let value = window >> (24 - self.at as u32 % 8 - count) & ((1 << count) - 1);
        self.at += count as usize;
        Some(value)
    }
}
