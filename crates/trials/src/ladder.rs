//! The reader of the gate, as one decoder among others.

use std::time::Duration;

use code_reader::{Binary, Clock, GreyFrame, Reader, Sighting, Threshold, Variant};

use crate::decoder::{Decoder, Seen};

pub(crate) struct Ladder(Reader);

impl Ladder {
    pub(crate) fn new(budget: Duration, clock: Clock) -> Self {
        Self(Reader::with_clock(budget, clock))
    }

    /// The second decoder alone, on the frame as it is.
    #[cfg(feature = "zxing")]
    pub(crate) fn zxing(budget: Duration, clock: Clock) -> Self {
        let alone =
            Reader::with_clock(budget, clock).with_order(&[Variant::plain(code_reader::Decoder::Zxing)]);
        Self(alone.without_hints())
    }

    /// Our own decoder alone, on the frame as it is.
    pub(crate) fn fit(budget: Duration, clock: Clock) -> Self {
        let alone = Reader::with_clock(budget, clock).with_order(&[FIT]);
        Self(alone.without_hints())
    }
}

/// Its threshold is the mean of a sixteenth of the frame's longest side, less five in a hundred.
const FIT: Variant =
    Variant::plain(code_reader::Decoder::Fit).by(Binary::Ours(Threshold::Mean { part: 16, drop: 5 }));

impl Decoder for Ladder {
    fn read(&mut self, frame: &GreyFrame) -> Seen {
        match self.0.read(frame) {
            Sighting::Code(code) => Seen {
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
