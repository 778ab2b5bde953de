//! The reader of a gate as a decoder to compare, with all of its variants or a single one.

use std::time::Duration;

use code_reader::{Binarization, Clock, GreyFrame, Reader, Sighting, Threshold, Variant};

use crate::decoder::{Decoder, Seen};

/// Our own decoder. Its threshold is the mean over a sixteenth of the frame's longest side, minus 5 %.
const LAY_FLAT: Variant = Variant::plain(code_reader::Decoder::LayFlat)
    .by(Binarization::Ours(Threshold::Mean { part: 16, drop: 5 }));

pub(crate) struct GateReader(Reader);

impl GateReader {
    /// The whole ladder, as a gate has it.
    pub(crate) fn ladder(budget: Duration, clock: Clock) -> Self {
        Self(Reader::with_clock(budget, clock))
    }

    /// The same without hints.
    pub(crate) fn without_hints(self) -> Self {
        Self(self.0.without_hints())
    }

    /// zxing-cpp alone, on the frame as it is.
    #[cfg(feature = "zxing")]
    pub(crate) fn zxing(budget: Duration, clock: Clock) -> Self {
        Self::single(Variant::plain(code_reader::Decoder::Zxing), budget, clock)
    }

    /// Our own decoder alone, on the frame as it is.
    pub(crate) fn lay_flat(budget: Duration, clock: Clock) -> Self {
        Self::single(LAY_FLAT, budget, clock)
    }

    fn single(variant: Variant, budget: Duration, clock: Clock) -> Self {
        Self(Reader::with_clock(budget, clock).with_order(&[variant]).without_hints())
    }
}

impl Decoder for GateReader {
    fn read(&mut self, frame: &GreyFrame) -> Seen {
        match self.0.read(frame) {
            Sighting::Code(code) => Seen {
                part: code.text.part(),
                texts: vec![code.text.into_string()],
                others: code.others.len(),
                hint: None,
                corners: Some(code.corners),
            },
            Sighting::Unreadable { hint, corners } => {
                Seen { hint: Some(hint.code()), corners, ..Seen::default() }
            }
            Sighting::Nothing => Seen::default(),
        }
    }

    fn restart(&mut self) {
        self.0.restart();
    }
}
