//! The crate zxing-cpp: C++ behind a C interface that lets no exception through.

use zxingcpp::{Barcode, BarcodeError, BarcodeFormat, Binarizer, ImageFormat, ImageView, TextMode};

use super::found::{DecoderInput, Found, Quad, UnreadQuad};
use super::resample::{self, Lattice};
use crate::frame::GreyFrame;
use crate::limits;
use crate::qr;
use crate::text::{Designator, Part, QrText, Segment};

/// Micro QR is left out, since its decoder read codes where none were.
const FORMATS: [BarcodeFormat; 2] = [BarcodeFormat::QRCodeModel1, BarcodeFormat::QRCodeModel2];

/// How much the library tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effort {
    /// Light codes on dark, too, and the picture at a third of its size.
    Full,
    /// Neither.
    Once,
}

/// Looks for codes. Cannot be interrupted.
pub(super) fn find(input: DecoderInput<'_>, effort: Effort, scratch: &mut qr::Scratch, found: &mut Found) {
    let (picture, seen, binarizer) = match input {
        DecoderInput::Grey(picture) => (picture, picture, Binarizer::LocalAverage),
        DecoderInput::Global(picture) => (picture, picture, Binarizer::GlobalHistogram),
        DecoderInput::Black(picture, black) => (picture, black, Binarizer::BoolCast),
    };
    let reader = zxingcpp::read()
        .formats(FORMATS)
        .text_mode(TextMode::Plain)
        .binarizer(binarizer)
        .try_rotate(false)
        .try_invert(effort == Effort::Full)
        .try_downscale(effort == Effort::Full)
        .try_harder(true)
        .return_errors(true)
        .max_number_of_symbols(limits::ZXING_SYMBOLS);
    let view = ImageView::from_slice(seen.pixels(), seen.width(), seen.height(), ImageFormat::Lum);
    let Ok(codes) = view.and_then(|view| reader.from(view)) else { return };
    for code in codes {
        let place = code.position();
        let corners = [place.top_left, place.top_right, place.bottom_right, place.bottom_left]
            .map(|point| [f64::from(point.x), f64::from(point.y)]);
        match text(&code, picture, corners, scratch) {
            Some(text) => found.read.push((text, corners)),
            None if found.unread.len() < limits::UNREAD_CODES => {
                found.unread.push(UnreadQuad { quad: corners, modules: None });
            }
            None => {}
        }
    }
}

/// Returns the content of a code. `None` if it was not read.
///
/// The library guesses character sets, and gives nothing of a content that it does not understand. So such
/// a code is sampled and decoded again by our own decoder, which has the exact bytes.
fn text(code: &Barcode, picture: &GreyFrame, corners: Quad, scratch: &mut qr::Scratch) -> Option<QrText> {
    let bytes = code.bytes();
    let is_valid = code.is_valid();
    if is_valid && !code.has_eci() && std::str::from_utf8(&bytes).is_ok() {
        let plain = Segment { designator: Designator::Unstated, bytes };
        return Some(QrText::from_segments(&[plain], part(code)));
    }
    if is_valid && code.has_eci() {
        return Some(QrText::from_segments(&by_eci(&code.bytes_eci()), part(code)));
    }
    // Only a symbol whose error correction holds has a version and a format error.
    if !is_valid && !matches!(code.error(), BarcodeError::Format(_)) {
        return None;
    }
    let version: usize = code.extra_with_key("Version").parse().ok().filter(|it| (1..=40).contains(it))?;
    let again =
        resample::read(picture, &Lattice::from_corners(corners, 17 + 4 * version), scratch, &|| false);
    match again {
        Some(text) if !is_valid || text.as_bytes() == bytes => Some(text),
        _ if is_valid => {
            let plain = Segment { designator: Designator::Unstated, bytes };
            Some(QrText::from_segments(&[plain], part(code)))
        }
        _ => None,
    }
}

fn part(code: &Barcode) -> Option<Part> {
    let (index, size) = (code.sequence_index(), code.sequence_size());
    let number = u8::try_from(index).ok()?.checked_add(1)?;
    let of = u8::try_from(size).ok()?;
    (of > 0).then_some(Part { number, of: of.max(number) })
}

/// Takes apart what AIM's ECI protocol sends: the symbology in three bytes, then each segment behind a
/// backslash and the six digits of its ECI. A backslash in a segment is doubled.
fn by_eci(sent: &[u8]) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    let mut rest = sent.get(3..).unwrap_or_default();
    while let Some((&byte, behind)) = rest.split_first() {
        let digits = behind.get(..6).and_then(|it| std::str::from_utf8(it).ok()?.parse().ok());
        match (byte, digits) {
            (b'\\', Some(eci)) if behind.first() != Some(&b'\\') => {
                segments.push(Segment { designator: Designator::Eci(eci), bytes: Vec::new() });
                rest = &behind[6..];
            }
            _ => {
                if segments.is_empty() {
                    segments.push(Segment { designator: Designator::Unstated, bytes: Vec::new() });
                }
                // There is a last one, by the lines above.
                if let Some(last) = segments.last_mut() {
                    last.bytes.push(byte);
                }
                rest = if byte == b'\\' { behind.get(1..).unwrap_or_default() } else { behind };
            }
        }
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eci_protocol_is_taken_apart() {
        let segments = by_eci(b"]Q2\\000026a\\\\b\\000003\xe9");
        let named: Vec<_> = segments.iter().map(|it| (it.designator, it.bytes.as_slice())).collect();
        assert_eq!(named, [(Designator::Eci(26), &b"a\\b"[..]), (Designator::Eci(3), &b"\xe9"[..])]);
    }
}
