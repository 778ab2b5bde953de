//! A variant: one decoder on one picture of the frame.

use std::fmt;
use std::time::Duration;

use crate::decoder::{Decoder, DecoderInput, Decoders, Found, Quad};
use crate::frame::GreyFrame;
use crate::pictures::{Filter, Pictures, Preprocessing, Scale, Threshold};
use crate::sighting::{Corners, UnreadCode};
use crate::text::QrText;

/// How grey becomes black and white.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Binarization {
    /// The decoder's own local threshold.
    Own,
    /// The decoder's own threshold, one level for the whole picture.
    Global,
    /// One of our thresholds.
    Ours(Threshold),
}

/// One way to look at a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Variant {
    /// The decoder.
    pub decoder: Decoder,
    /// What is done to the frame first.
    pub preprocessing: Preprocessing,
    /// How grey becomes black and white.
    pub binarization: Binarization,
}

/// What a variant found. Places are fractions of the frame.
pub(crate) struct Findings {
    pub(crate) read: Vec<(QrText, Corners)>,
    pub(crate) unread: Vec<UnreadCode>,
    pub(crate) panicked: bool,
    pub(crate) took: Took,
}

/// How long a variant took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Took {
    /// To make its picture, which cannot be interrupted.
    pub(crate) prepared: Duration,
    /// In all.
    pub(crate) all: Duration,
}

impl Variant {
    /// A decoder on the frame as it came, with the decoder's own threshold.
    #[must_use]
    pub const fn plain(decoder: Decoder) -> Self {
        Self {
            decoder,
            preprocessing: Preprocessing { scale: Scale::Whole, filter: Filter::Plain },
            binarization: Binarization::Own,
        }
    }

    /// The same at another scale.
    #[must_use]
    pub const fn at(self, scale: Scale) -> Self {
        Self { preprocessing: Preprocessing { scale, ..self.preprocessing }, ..self }
    }

    /// The same through a filter.
    #[must_use]
    pub const fn through(self, filter: Filter) -> Self {
        Self { preprocessing: Preprocessing { filter, ..self.preprocessing }, ..self }
    }

    /// The same with another threshold.
    #[must_use]
    pub const fn by(self, binarization: Binarization) -> Self {
        Self { binarization, ..self }
    }

    /// Returns about what this variant costs on an idle machine, in nanoseconds a pixel of the frame: for
    /// a decoder that can be interrupted, the part that cannot.
    pub(crate) fn usual_cost(&self) -> f64 {
        let share = match self.preprocessing.scale {
            Scale::Whole => 1.0,
            // Of the usual camera, with 1280 pixels across.
            Scale::Side(side) => (f64::from(side) / 1280.0).powi(2),
            Scale::Double(_) => 4.0,
            Scale::Flat | Scale::Narrow => 0.4,
        };
        let filter = if self.preprocessing.filter == Filter::Plain { 0.0 } else { 0.5 };
        let decoder = match self.decoder {
            Decoder::LayFlat | Decoder::FromTwo | Decoder::FromOne => 1.0,
            Decoder::Rqrr => 8.0,
            #[cfg(feature = "zxing")]
            Decoder::Zxing => 4.0,
            #[cfg(feature = "zxing")]
            Decoder::ZxingOnce => 2.0,
        };
        let scaling = if self.preprocessing.scale == Scale::Whole { 0.0 } else { 0.5 };
        (decoder + filter) * share + scaling
    }

    /// Looks at a frame until `end`, by the clock `now`. Returns `None` if this variant adds nothing
    /// for a frame of this size.
    pub(crate) fn look_at(
        &self,
        frame: &GreyFrame,
        pictures: &mut Pictures,
        decoders: &mut Decoders,
        now: &dyn Fn() -> Duration,
        end: Duration,
    ) -> Option<Findings> {
        let begin = now();
        let preprocessing = self.preprocessing;
        let (input, picture) = match self.binarization {
            Binarization::Own => {
                pictures.grey(frame, preprocessing).map(|grey| (DecoderInput::Grey(grey), grey))?
            }
            Binarization::Global => {
                pictures.grey(frame, preprocessing).map(|grey| (DecoderInput::Global(grey), grey))?
            }
            Binarization::Ours(threshold) => {
                let (grey, black) = pictures.black(frame, preprocessing, threshold)?;
                (DecoderInput::Black(grey, black), grey)
            }
        };
        let prepared = now().saturating_sub(begin);
        let Found { read, unread, panicked } = decoders.find(self.decoder, input, &|| now() > end);
        let corners = |quad: Quad| quad.map(|point| preprocessing.fraction(picture, point));
        Some(Findings {
            read: read.into_iter().map(|(text, quad)| (text, corners(quad))).collect(),
            unread: unread
                .into_iter()
                .map(|code| UnreadCode { corners: corners(code.quad), modules: code.modules })
                .collect(),
            panicked,
            took: Took { prepared, all: now().saturating_sub(begin) },
        })
    }
}

impl fmt::Display for Variant {
    /// Writes `decoder@scale+filter/threshold`, without the parts that change nothing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.decoder {
            Decoder::Rqrr => "rqrr",
            Decoder::LayFlat => "lay-flat",
            Decoder::FromTwo => "from-two",
            Decoder::FromOne => "from-one",
            #[cfg(feature = "zxing")]
            Decoder::Zxing => "zxing",
            #[cfg(feature = "zxing")]
            Decoder::ZxingOnce => "zxing-once",
        })?;
        match self.preprocessing.scale {
            Scale::Whole => {}
            Scale::Side(side) => write!(f, "@{side}")?,
            Scale::Double(side) => write!(f, "@double{side}")?,
            Scale::Flat => f.write_str("@flat")?,
            Scale::Narrow => f.write_str("@narrow")?,
        }
        match self.preprocessing.filter {
            Filter::Plain => {}
            Filter::Smooth(reach) => write!(f, "+smooth{reach}")?,
            Filter::Sharp(reach) => write!(f, "+sharp{reach}")?,
            Filter::Darker => f.write_str("+darker")?,
            Filter::Lighter => f.write_str("+lighter")?,
            Filter::Close => f.write_str("+close")?,
            Filter::Open => f.write_str("+open")?,
            Filter::Margin => f.write_str("+margin")?,
            Filter::Clip => f.write_str("+clip")?,
            Filter::Stretch => f.write_str("+stretch")?,
        }
        match self.binarization {
            Binarization::Own => Ok(()),
            Binarization::Global => f.write_str("/global"),
            Binarization::Ours(Threshold::Mean { part, drop }) => write!(f, "/mean{part}-{drop}"),
            Binarization::Ours(Threshold::Middle { part }) => write!(f, "/middle{part}"),
            Binarization::Ours(Threshold::Sauvola { part, k }) => write!(f, "/sauvola{part}-{k}"),
            Binarization::Ours(Threshold::Otsu) => f.write_str("/otsu"),
        }
    }
}
