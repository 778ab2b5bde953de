//! Decodes a sampled QR symbol (ISO/IEC 18004, model 2) to the bytes of its content.
//!
//! Every module is a soft value: a colour and how certain it is. Format and version are decoded from
//! soft values. A block with too many errors is tried again with its least certain codewords erased,
//! since error correction bears twice as many erasures as errors. A wrong text must never come out:
//! every correction is checked and keeps a reserve.

mod blocks;
#[cfg(test)]
pub(crate) mod content_tests;
mod format;
mod galois;
mod layout;
mod reed_solomon;
mod segments;
#[cfg(test)]
mod tests;

use crate::text::QrText;
use format::Format;
pub(crate) use layout::Layout;
use segments::Content;

/// Buffers for [`decode`], reused from symbol to symbol.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    codewords: Vec<u8>,
    data: Vec<u8>,
    turned: Vec<f32>,
}

/// The second orientation (straight or mirrored) is tried, too, if its format agrees with the symbol at
/// most this much less than the first.
const MIRROR_DOUBT: f32 = 0.2;

/// Decodes a symbol, straight or mirrored.
///
/// `values` are its `side` × `side` modules row by row, without the quiet zone: positive for dark,
/// negative for light, with a magnitude from 0 (unknown) to about 1 (certain). Returns the content,
/// whatever it is, or `None` if the symbol is not whole.
pub(crate) fn decode(values: &[f32], side: usize, scratch: &mut Scratch) -> Option<QrText> {
    symbol(values, side, scratch).map(|content| QrText::from_segments(&content.segments, content.part))
}

fn symbol(values: &[f32], side: usize, scratch: &mut Scratch) -> Option<Content> {
    if !(21..=177).contains(&side) || side % 4 != 1 || values.len() != side * side {
        return None;
    }
    let version = ((side - 17) / 4) as u8;
    if format::other_version(values, side, version) {
        return None;
    }
    let straight = format::format(values, side, false).map(|format| (false, format));
    let mirrored = format::format(values, side, true).map(|format| (true, format));
    let agreement = |way: &Option<(bool, Format)>| way.as_ref().map_or(f32::MIN, |way| way.1.agreement);
    let mut ways = [straight, mirrored];
    if agreement(&ways[1]) > agreement(&ways[0]) {
        ways.swap(0, 1);
    }
    let enough = agreement(&ways[0]) - MIRROR_DOUBT;
    ways.into_iter().flatten().filter(|(_, format)| format.agreement >= enough).find_map(
        |(mirrored, format)| {
            if !mirrored {
                return read(values, version, format, &mut scratch.codewords, &mut scratch.data);
            }
            scratch.turned.clear();
            scratch.turned.extend((0..side).flat_map(|x| (0..side).map(move |y| values[y * side + x])));
            read(&scratch.turned, version, format, &mut scratch.codewords, &mut scratch.data)
        },
    )
}

/// Unmasks, corrects and reads a symbol that is not mirrored.
fn read(
    values: &[f32],
    version: u8,
    format: Format,
    codewords: &mut Vec<u8>,
    data: &mut Vec<u8>,
) -> Option<Content> {
    let layout = Layout::of(version);
    let (order, _) = layout.order().as_chunks::<8>();
    let (masks, _) = layout.masks().as_chunks::<8>();
    codewords.clear();
    codewords.extend(order.iter().zip(masks).map(|(modules, masks)| {
        modules.iter().zip(masks).fold(0u8, |codeword, (&module, &masks)| {
            let dark = u8::from(values[usize::from(module)] > 0.0);
            codeword << 1 | (dark ^ masks >> format.mask & 1)
        })
    }));
    let certainty = |codeword: usize| {
        order[codeword].iter().fold((f32::MAX, 0.0), |(least, sum), &module| {
            let value = values[usize::from(module)].abs();
            let certain = if value.is_nan() { 0.0 } else { value };
            (certain.min(least), sum + certain)
        })
    };
    data.clear();
    let erased = blocks::correct_all(codewords, version, format.level, certainty, data)?;
    segments::content(data, version, erased)
}
