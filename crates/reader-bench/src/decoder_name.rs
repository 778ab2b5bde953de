//! The decoders by name.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use code_reader::Clock;

use crate::decoder::Decoder;
use crate::gate_reader::GateReader;
use crate::rqrr_alone::RqrrAlone;

/// A decoder that can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum DecoderName {
    /// rqrr on the frame as it is, with its own threshold.
    Rqrr,
    /// zxing-cpp on the frame as it is.
    #[cfg(feature = "zxing")]
    Zxing,
    /// Our own decoder on the frame as it is.
    LayFlat,
    /// The reader of a gate.
    Ladder,
}

impl DecoderName {
    /// All decoders. The ladder is the last, so that it is compared with the others.
    pub(crate) const ALL: &[Self] = &[
        Self::Rqrr,
        #[cfg(feature = "zxing")]
        Self::Zxing,
        Self::LayFlat,
        Self::Ladder,
    ];

    /// Returns the name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Rqrr => "rqrr",
            #[cfg(feature = "zxing")]
            Self::Zxing => "zxing",
            Self::LayFlat => "lay-flat",
            Self::Ladder => "ladder",
        }
    }

    fn names() -> String {
        Self::ALL.iter().map(|decoder| decoder.name()).collect::<Vec<_>>().join(", ")
    }

    /// Starts the decoder, with a budget for each frame if it keeps one, and the clock by which it is kept.
    pub(crate) fn start(self, budget: Duration, clock: Clock) -> Box<dyn Decoder> {
        match self {
            Self::Rqrr => Box::new(RqrrAlone),
            #[cfg(feature = "zxing")]
            Self::Zxing => Box::new(GateReader::zxing(budget, clock)),
            Self::LayFlat => Box::new(GateReader::lay_flat(budget, clock)),
            Self::Ladder => Box::new(GateReader::ladder(budget, clock)),
        }
    }
}

impl fmt::Display for DecoderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// No decoder has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no decoder has this name; there are {}", DecoderName::names())]
pub(crate) struct UnknownDecoder;

impl FromStr for DecoderName {
    type Err = UnknownDecoder;

    fn from_str(text: &str) -> Result<Self, UnknownDecoder> {
        Self::ALL.iter().copied().find(|decoder| decoder.name() == text).ok_or(UnknownDecoder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::cpu_clock;
    use code_reader::GreyFrame;

    #[test]
    fn names_are_read_back() {
        for decoder in DecoderName::ALL {
            assert_eq!(decoder.name().parse(), Ok(*decoder));
        }
        let unknown = "quirc".parse::<DecoderName>().unwrap_err().to_string();
        assert!(unknown.ends_with("lay-flat, ladder"), "{unknown}");
    }

    /// The contract of every decoder: a code that is held up is read exactly and once, and an empty
    /// frame gives nothing.
    #[test]
    fn every_decoder_reads_a_clear_scene() {
        use qr_scenes::{Code, Level, Scene};
        let scene = Scene::clear(Code::like_kd1(1, 13, Level::M).unwrap(), 5.0, 1);
        let picture = scene.render().unwrap();
        let frame = GreyFrame::new(picture.width, picture.height, picture.luma).unwrap();
        let empty = GreyFrame::new(640, 480, vec![120; 640 * 480]).unwrap();
        for name in DecoderName::ALL {
            let mut decoder = name.start(Duration::from_secs(5), cpu_clock());
            for _ in 0..2 {
                let seen = decoder.read(&frame);
                assert_eq!(seen.texts, [scene.code.text()], "{name}");
                assert_eq!(seen.word(), "read");
            }
            decoder.restart();
            let seen = decoder.read(&empty);
            assert_eq!((seen.texts.len(), seen.word()), (0, "nothing"), "{name}");
        }
    }
}
