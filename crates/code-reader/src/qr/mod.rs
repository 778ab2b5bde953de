//! A sampled QR symbol (ISO/IEC 18004, model 2) in, the bytes of its content out.
//!
//! Every module comes with how sure it is. Format and version are read softly, and a block with too
//! many errors is tried again with its least sure codewords erased, which doubles what it can bear.
//! A wrong text must never come out: every correction is checked and keeps a reserve.

mod blocks;
mod format;
mod galois;
mod layout;
mod reed_solomon;
mod segments;
#[cfg(test)]
mod tests;

use format::Format;
pub(crate) use layout::Layout;

/// Memory that [`decode`] uses again and again.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    codewords: Vec<u8>,
    data: Vec<u8>,
    turned: Vec<f32>,
}

/// Reads as the other orientation too only if its format agrees nearly as well: within this.
const MIRROR_DOUBT: f32 = 0.2;

/// Decodes a symbol, also one seen in a mirror. `values` are its modules row by row, without the
/// quiet zone: positive for dark, negative for light, the magnitude from 0 (nothing known) to about
/// 1 (sure). Gives the content's exact bytes, or `None` for whatever is not a whole symbol.
pub(crate) fn decode(values: &[f32], side: usize, scratch: &mut Scratch) -> Option<Vec<u8>> {
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

/// Unmasks, corrects and reads the content of a symbol the right way round.
fn read(
    values: &[f32],
    version: u8,
    format: Format,
    codewords: &mut Vec<u8>,
    data: &mut Vec<u8>,
) -> Option<Vec<u8>> {
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
    let sureness = |codeword: usize| {
        order[codeword].iter().fold((f32::MAX, 0.0), |(least, sum), &module| {
            let value = values[usize::from(module)].abs();
            let sure = if value.is_nan() { 0.0 } else { value };
            (sure.min(least), sum + sure)
        })
    };
    data.clear();
    let erased = blocks::correct_all(codewords, version, format.level, sureness, data)?;
    segments::content(data, version, erased)
}
