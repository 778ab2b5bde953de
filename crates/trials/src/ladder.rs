//! The reader of the gate, as one decoder among others.

use std::time::Duration;

use code_reader::{Clock, GreyFrame, Reader, Sighting};

use crate::decoder::{Decoder, Seen};

pub(crate) struct Ladder(Reader);

impl Ladder {
    pub(crate) fn new(budget: Duration, clock: Clock) -> Self {
        Self(Reader::with_clock(budget, clock))
    }
}

impl Decoder for Ladder {
    fn read(&mut self, frame: &GreyFrame) -> Seen {
        match self.0.read(frame) {
            Sighting::Code(code) => Seen {
                texts: vec![code.text.into_string()],
                others: code.others,
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
