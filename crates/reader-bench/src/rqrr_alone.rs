//! rqrr on its own, used as its documentation says.

use std::panic::{AssertUnwindSafe, catch_unwind};

use code_reader::GreyFrame;
use rqrr::PreparedImage;

use crate::decoder::{Decoder, Seen};

pub(crate) struct RqrrAlone;

impl Decoder for RqrrAlone {
    fn read(&mut self, frame: &GreyFrame) -> Seen {
        // rqrr panics on some pictures. They count as not read.
        catch_unwind(AssertUnwindSafe(|| read(frame))).unwrap_or_default()
    }
}

fn read(frame: &GreyFrame) -> Seen {
    let (width, pixels) = (frame.width(), frame.pixels());
    let mut prepared =
        PreparedImage::prepare_from_greyscale(width, frame.height(), |x, y| pixels[y * width + x]);
    let mut seen = Seen::default();
    for grid in prepared.detect_grids() {
        let mut bytes = Vec::new();
        let text = grid.decode_to(&mut bytes).ok().and_then(|_| String::from_utf8(bytes).ok());
        let Some(text) = text.filter(|text| !seen.texts.contains(text)) else { continue };
        seen.texts.push(text);
    }
    seen
}
