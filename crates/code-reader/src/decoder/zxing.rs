//! zxing-cpp: C++ behind a C interface that lets no exception through.

use zxingcpp::{BarcodeFormat, Binarizer, ImageFormat, ImageView, TextMode};

use super::{Canvas, Found, Place};
use crate::limits;
use crate::sighting::QrText;

/// Micro QR is left out: it read codes where none were.
const FORMATS: [BarcodeFormat; 2] = [BarcodeFormat::QRCodeModel1, BarcodeFormat::QRCodeModel2];

pub(super) fn find(canvas: Canvas<'_>, found: &mut Found) {
    let (picture, binarizer) = match canvas {
        Canvas::Grey(picture) => (picture, Binarizer::LocalAverage),
        Canvas::Global(picture) => (picture, Binarizer::GlobalHistogram),
        Canvas::Black(_, black) => (black, Binarizer::BoolCast),
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
            None if found.failed.len() < limits::FAILED_PLACES => {
                found.failed.push(Place { corners, modules: None });
            }
            None => {}
        }
    }
}
