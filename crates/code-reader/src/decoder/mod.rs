//! The decoders. Each takes a picture and returns the codes in it.

mod bitmap;
mod found;
pub(crate) mod lay_flat;
mod resample;
mod rqrr;
#[cfg(feature = "zxing")]
mod zxing;

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::qr;
pub(crate) use found::{DecoderInput, Found, Quad};
use lay_flat::Flattener;
#[cfg(feature = "zxing")]
use zxing::Effort;

/// A decoder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decoder {
    /// The crate `rqrr`, and a second sampling of what it found and could not read.
    Rqrr,
    /// Our own: it lays each symbol flat before it reads the modules.
    LayFlat,
    /// The same, from two finder patterns: for a code of which one is damaged.
    FromTwo,
    /// The same, from one finder pattern and the timing patterns that lead from it.
    FromOne,
    /// The crate `zxing-cpp`.
    #[cfg(feature = "zxing")]
    Zxing,
    /// The same, for dark codes on light only, and at the picture's own size only: half the time.
    #[cfg(feature = "zxing")]
    ZxingOnce,
}

impl Decoder {
    /// Returns whether the decoder stops soon after its time is up. rqrr stops only where a picture
    /// would keep it busy without end.
    pub(crate) fn can_stop(self) -> bool {
        matches!(self, Self::LayFlat | Self::FromTwo | Self::FromOne)
    }
}

/// The decoders that keep buffers from frame to frame.
#[derive(Debug, Default)]
pub(crate) struct Decoders {
    flattener: Flattener,
    pool: bitmap::Pool,
    scratch: qr::Scratch,
}

impl Decoders {
    /// Begins the next frame of a video.
    pub(crate) fn advance(&mut self) {
        self.flattener.advance();
    }

    /// Forgets earlier frames: the next one shows something unrelated.
    pub(crate) fn restart(&mut self) {
        self.flattener.restart();
    }

    /// Looks for codes. Never panics. Returns early with what it has when `out_of_time` says so, if
    /// the decoder can be stopped.
    pub(crate) fn find(
        &mut self,
        decoder: Decoder,
        input: DecoderInput<'_>,
        out_of_time: &dyn Fn() -> bool,
    ) -> Found {
        let mut found = Found::default();
        // A decoder computes with hostile input. Its panic costs one look, no more.
        let look = AssertUnwindSafe(|| match decoder {
            Decoder::Rqrr => rqrr::find(input, (&self.pool, &mut self.scratch), &mut found, out_of_time),
            Decoder::LayFlat => match input {
                DecoderInput::Black(grey, black) => {
                    self.flattener.find(grey, black, &mut found, out_of_time);
                }
                // It has no threshold of its own.
                DecoderInput::Grey(_) | DecoderInput::Global(_) => {}
            },
            Decoder::FromTwo => match input {
                DecoderInput::Black(grey, black) => {
                    self.flattener.find_by_pairs(grey, black, &mut found, out_of_time);
                }
                DecoderInput::Grey(_) | DecoderInput::Global(_) => {}
            },
            Decoder::FromOne => match input {
                DecoderInput::Black(grey, black) => {
                    self.flattener.find_by_singles(grey, black, &mut found, out_of_time);
                }
                DecoderInput::Grey(_) | DecoderInput::Global(_) => {}
            },
            #[cfg(feature = "zxing")]
            Decoder::Zxing => zxing::find(input, Effort::Full, &mut self.scratch, &mut found),
            #[cfg(feature = "zxing")]
            Decoder::ZxingOnce => zxing::find(input, Effort::Once, &mut self.scratch, &mut found),
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
    use crate::frame::GreyFrame;

    #[test]
    fn a_decoder_that_panics_is_stopped_and_says_so() {
        let frame = GreyFrame::new(64, 64, (0..64 * 64).map(|at| (at % 2 * 255) as u8).collect()).unwrap();
        let mut decoders = Decoders::default();
        let input = DecoderInput::Black(&frame, &frame);
        let found = decoders.find(Decoder::LayFlat, input, &|| panic!("as a decoder might"));
        assert!(found.panicked && found.read.is_empty());
        let found = decoders.find(Decoder::LayFlat, input, &|| false);
        assert!(!found.panicked, "the next look is not affected");
    }

    /// A picture of a symbol with a side of 25 modules, eight pixels each.
    fn picture(values: &[f32]) -> GreyFrame {
        let (pitch, margin, side) = (8, 5, 25);
        let width = (side + 2 * margin) * pitch;
        let pixel = |at: usize| {
            let (x, y) =
                ((at % width / pitch).wrapping_sub(margin), (at / width / pitch).wrapping_sub(margin));
            if x < side && y < side && values[y * side + x] > 0.0 { 0 } else { 255 }
        };
        GreyFrame::new(width, width, (0..width * width).map(pixel).collect()).unwrap()
    }

    const ALL: &[Decoder] = &[
        Decoder::Rqrr,
        Decoder::LayFlat,
        Decoder::FromTwo,
        Decoder::FromOne,
        #[cfg(feature = "zxing")]
        Decoder::Zxing,
        #[cfg(feature = "zxing")]
        Decoder::ZxingOnce,
    ];

    #[test]
    fn every_decoder_keeps_bytes_and_character_sets() {
        use crate::qr::content_tests::{hanzi_and_kanji, in_character_set, malformed, sequence};
        for (values, text) in [
            (hanzi_and_kanji(), Some("卡点日")),
            (in_character_set(None, b"\xbd\xa1\xbf\xb5\xc2\xeb"), Some("健康码")),
            (in_character_set(Some(30), b"\xb0\xa1\\"), Some("가\\")),
            (in_character_set(Some(26), "点".as_bytes()), Some("点")),
            (in_character_set(None, b"\x00\xff\x80\xfe"), Some("\0ÿ\u{80}þ")),
            (sequence(), Some("y")),
            (malformed(), None),
        ] {
            let frame = picture(&values);
            for &decoder in ALL {
                let found = Decoders::default().find(decoder, DecoderInput::Black(&frame, &frame), &|| false);
                let read: Vec<&str> = found.read.iter().map(|(text, _)| text.as_str()).collect();
                assert_eq!(read.len(), 1, "{decoder:?} {text:?}");
                assert!(text.is_none_or(|text| text == read[0]), "{decoder:?} {text:?} {read:?}");
                let part = found.read[0].0.part();
                assert_eq!(part.is_some(), text == Some("y"), "{decoder:?}");
            }
        }
    }

    #[test]
    fn an_empty_text_is_a_code() {
        let frame = picture(&qr::content_tests::empty());
        // zxing-cpp keeps quiet about it, so that another decoder has to read it.
        for decoder in [Decoder::Rqrr, Decoder::LayFlat] {
            let found = Decoders::default().find(decoder, DecoderInput::Black(&frame, &frame), &|| false);
            assert_eq!(found.read.len(), 1, "{decoder:?}");
            assert_eq!(found.read[0].0.as_bytes(), b"");
        }
    }

    #[test]
    fn a_code_is_read_from_one_of_its_finder_patterns() {
        let whole = qr::content_tests::in_character_set(None, b"one of three");
        let places = [(0, 0), (17, 0), (0, 17)];
        for left in 0..3 {
            let mut values = whole.clone();
            for (_, (x, y)) in places.iter().enumerate().filter(|(at, _)| *at != left) {
                for at in 0..49 {
                    let (dx, dy) = (if *x == 0 { 0 } else { 1 }, if *y == 0 { 0 } else { 1 });
                    values[(y + dy + at / 7) * 25 + x + dx + at % 7] = -1.0;
                }
            }
            for turns in 0..4 {
                let mut frame = picture(&values);
                (0..turns).for_each(|_| frame = frame.rotate90());
                let input = DecoderInput::Black(&frame, &frame);
                let read = Decoders::default().find(Decoder::FromOne, input, &|| false).read;
                assert_eq!(read.len(), 1, "with the pattern at {:?}, turned {turns} times", places[left]);
                assert_eq!(read[0].0.as_str(), "one of three");
            }
        }
    }

    #[test]
    fn a_code_is_read_from_two_of_its_finder_patterns() {
        let whole = qr::content_tests::in_character_set(None, b"two of three");
        for (left, top) in [(0, 0), (17, 0), (0, 17)] {
            let mut values = whole.clone();
            for at in 0..64 {
                values[(top + at / 8) * 25 + left + at % 8] = -1.0;
            }
            for turns in 0..4 {
                let mut frame = picture(&values);
                (0..turns).for_each(|_| frame = frame.rotate90());
                let look = |decoder| {
                    let input = DecoderInput::Black(&frame, &frame);
                    Decoders::default().find(decoder, input, &|| false).read
                };
                assert!(look(Decoder::LayFlat).is_empty());
                let read = look(Decoder::FromTwo);
                assert_eq!(read.len(), 1, "without the pattern at {left}, {top}, turned {turns} times");
                assert_eq!(read[0].0.as_str(), "two of three");
            }
        }
    }
}
