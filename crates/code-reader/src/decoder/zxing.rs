//! The crate zxing-cpp: C++ behind a C interface that lets no exception through.

use zxingcpp::{BarcodeFormat, Binarizer, ImageFormat, ImageView, TextMode};

use super::found::{DecoderInput, Found, UnreadQuad};
use crate::limits;
use crate::sighting::QrText;

/// Micro QR is left out, since its decoder read codes where none were.
const FORMATS: [BarcodeFormat; 2] = [BarcodeFormat::QRCodeModel1, BarcodeFormat::QRCodeModel2];

/// Looks for codes. Cannot be interrupted.
pub(super) fn find(input: DecoderInput<'_>, found: &mut Found) {
    let (picture, binarizer) = match input {
        DecoderInput::Grey(picture) => (picture, Binarizer::LocalAverage),
        DecoderInput::Global(picture) => (picture, Binarizer::GlobalHistogram),
        DecoderInput::Black(_, black) => (black, Binarizer::BoolCast),
    };
    let reader = zxingcpp::read()
        .formats(FORMATS)
        .text_mode(TextMode::Plain)
        .binarizer(binarizer)
        .try_rotate(false)
        .try_invert(true)
        .try_downscale(true)
        .try_harder(true)
        .return_errors(true);
    let view = ImageView::from_slice(picture.pixels(), picture.width(), picture.height(), ImageFormat::Lum);
    let Ok(codes) = view.and_then(|view| reader.from(view)) else { return };
    for code in codes {
        let place = code.position();
        let corners = [place.top_left, place.top_right, place.bottom_right, place.bottom_left]
            .map(|point| [f64::from(point.x), f64::from(point.y)]);
        let text = if code.is_valid() { QrText::from_bytes(code.bytes()) } else { None };
        match text {
            Some(text) => found.read.push((text, corners)),
            None if found.unread.len() < limits::UNREAD_CODES => {
                found.unread.push(UnreadQuad { quad: corners, modules: None });
            }
            None => {}
        }
    }
}
