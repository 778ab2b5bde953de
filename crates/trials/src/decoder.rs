//! The decoders that can be compared, behind one trait.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use code_reader::{Clock, Corners, GreyFrame};

use crate::ladder::Ladder;
use crate::rqrr_alone::RqrrAlone;

/// Reads frames.
pub trait Decoder {
    /// Says what a frame shows.
    fn read(&mut self, frame: &GreyFrame) -> Seen;

    /// Forgets the frames before: the next one stands for itself.
    fn restart(&mut self) {}
}

/// What a decoder says of a frame.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Seen {
    /// The texts of the codes that were read, none twice; the first is the one that is held out.
    pub texts: Vec<String>,
    /// Further codes, with other texts that the decoder keeps to itself.
    pub others: usize,
    /// Why nothing was read, by its stable code, if the decoder says.
    pub hint: Option<&'static str>,
    /// Where the first code is, or what cannot be read, if the decoder says.
    pub corners: Option<Corners>,
}

impl Seen {
    /// In one word: `read`, the hint, or `nothing`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        if self.texts.is_empty() { self.hint.unwrap_or("nothing") } else { "read" }
    }
}

/// The decoders by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DecoderName {
    /// rqrr on the frame as it is, with its own threshold, and nothing else.
    Rqrr,
    /// zxing-cpp on the frame as it is.
    #[cfg(feature = "zxing")]
    Zxing,
    /// Our own decoder on the frame as it is: what it lays flat, and nothing else.
    Fit,
    /// What a gate reads with.
    Ladder,
}

impl DecoderName {
    /// All of them; the ladder last, so that it is compared with those before.
    pub const ALL: &[Self] = &[
        Self::Rqrr,
        #[cfg(feature = "zxing")]
        Self::Zxing,
        Self::Fit,
        Self::Ladder,
    ];

    /// The name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rqrr => "rqrr",
            #[cfg(feature = "zxing")]
            Self::Zxing => "zxing",
            Self::Fit => "fit",
            Self::Ladder => "ladder",
        }
    }

    fn names() -> String {
        Self::ALL.iter().map(|decoder| decoder.name()).collect::<Vec<_>>().join(", ")
    }

    /// Starts it, with a budget for each frame if it keeps one, and a clock to keep it by.
    #[must_use]
    pub fn start(self, budget: Duration, clock: Clock) -> Box<dyn Decoder> {
        match self {
            Self::Rqrr => Box::new(RqrrAlone),
            #[cfg(feature = "zxing")]
            Self::Zxing => Box::new(Ladder::zxing(budget, clock)),
            Self::Fit => Box::new(Ladder::fit(budget, clock)),
            Self::Ladder => Box::new(Ladder::new(budget, clock)),
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
pub struct UnknownDecoder;

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

    #[test]
    fn names_are_read_back() {
        for decoder in DecoderName::ALL {
            assert_eq!(decoder.name().parse(), Ok(*decoder));
        }
        let unknown = "quirc".parse::<DecoderName>().unwrap_err().to_string();
        assert!(unknown.ends_with("fit, ladder"), "{unknown}");
    }

    /// One contract for all: what is held up is read, exactly and once, and where nothing is,
    /// nothing is said.
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
