//! The decoders, each behind the same call: a picture in, codes and places of unread codes out.

mod bitmap;
mod resample;
mod rqrr;
#[cfg(feature = "zxing")]
mod zxing;

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::fit::Fitter;
use crate::frame::GreyFrame;
use crate::sighting::QrText;

/// Which decoder looks at a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decoder {
    /// The crate `rqrr`, and a second sampling of what it found and could not read.
    Rqrr,
    /// Our own: see the module `fit`.
    Fit,
    /// The crate `zxing-cpp`.
    #[cfg(feature = "zxing")]
    Zxing,
}

impl Decoder {
    /// Whether it stops soon when its time is up. rqrr only does where a picture would keep it busy
    /// without end.
    pub(crate) fn can_stop(self) -> bool {
        self == Self::Fit
    }
}

/// Corners in pixels: top left of the code first, then clockwise as the code itself is drawn.
pub(crate) type Quad = [[f64; 2]; 4];

/// What one look found.
#[derive(Default)]
pub(crate) struct Found {
    /// Codes that were read.
    pub(crate) read: Vec<(QrText, Quad)>,
    /// Codes whose finder patterns were found, and which could not be read.
    pub(crate) failed: Vec<Place>,
    /// The decoder panicked, and was stopped.
    pub(crate) panicked: bool,
}

/// Where a code is that was not read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) corners: Quad,
    /// Modules along a side, where the decoder says so.
    pub(crate) modules: Option<usize>,
}

/// A picture to look at.
#[derive(Clone, Copy)]
pub(crate) enum Canvas<'a> {
    /// The decoder chooses its own threshold, place by place.
    Grey(&'a GreyFrame),
    /// The decoder chooses one threshold for all.
    Global(&'a GreyFrame),
    /// Grey, and what became black (0) and white (255) of it.
    Black(&'a GreyFrame, &'a GreyFrame),
}

/// The decoders that keep room to work in.
#[derive(Debug, Default)]
pub(crate) struct Decoders {
    fitter: Fitter,
    pool: bitmap::Pool,
}

impl Decoders {
    /// The next frame of a video begins.
    pub(crate) fn advance(&mut self) {
        self.fitter.advance();
    }

    /// What comes next has nothing to do with what was before.
    pub(crate) fn restart(&mut self) {
        self.fitter.restart();
    }

    /// Looks for codes. Never panics; returns what it has when `out_of_time` says so, if the
    /// decoder can be stopped.
    pub(crate) fn find(
        &mut self,
        decoder: Decoder,
        canvas: Canvas<'_>,
        out_of_time: &dyn Fn() -> bool,
    ) -> Found {
        let mut found = Found::default();
        // A decoder has its own arithmetic on hostile input; a panic costs this look, no more.
        let look = AssertUnwindSafe(|| match decoder {
            Decoder::Rqrr => rqrr::find(canvas, &self.pool, &mut found, out_of_time),
            Decoder::Fit => match canvas {
                Canvas::Black(grey, black) => self.fitter.find(grey, black, &mut found, out_of_time),
                // It has no threshold of its own.
                Canvas::Grey(_) | Canvas::Global(_) => {}
            },
            #[cfg(feature = "zxing")]
            Decoder::Zxing => zxing::find(canvas, &mut found),
        });
        if let Err(payload) = catch_unwind(look) {
            found.panicked = !payload.is::<bitmap::OutOfTime>();
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decoder_that_panics_is_stopped_and_says_so() {
        let frame = GreyFrame::new(64, 64, (0..64 * 64).map(|at| (at % 2 * 255) as u8).collect()).unwrap();
        let mut decoders = Decoders::default();
        let canvas = Canvas::Black(&frame, &frame);
        let found = decoders.find(Decoder::Fit, canvas, &|| panic!("as a decoder might"));
        assert!(found.panicked && found.read.is_empty());
        let found = decoders.find(Decoder::Fit, canvas, &|| false);
        assert!(!found.panicked, "the next look is not its heir");
    }
}
