//! The ladder: named variants of a look at a frame, in the order in which they pay.

mod costs;
mod order;

pub(crate) use costs::Costs;
pub use order::ORDER;

use std::fmt;
use std::time::Duration;

use crate::decoder::{self, Canvas, Decoder, Decoders, Found};
use crate::easel::{Easel, Filter, Look, Scale, Threshold};
use crate::frame::GreyFrame;

/// How a decoder gets black and white from grey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Binary {
    /// By itself, place by place.
    Own,
    /// By itself, by one level for all.
    Global,
    /// By one of ours.
    Ours(Threshold),
}

/// One way to look at a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Variant {
    /// Who looks.
    pub decoder: Decoder,
    /// At which picture of it.
    pub look: Look,
    /// Through which threshold.
    pub binary: Binary,
}

impl Variant {
    /// A decoder's look at the frame as it came.
    #[must_use]
    pub const fn plain(decoder: Decoder) -> Self {
        Self { decoder, look: Look { scale: Scale::Whole, filter: Filter::Plain }, binary: Binary::Own }
    }

    /// The same at another scale.
    #[must_use]
    pub const fn at(self, scale: Scale) -> Self {
        Self { look: Look { scale, ..self.look }, ..self }
    }

    /// The same through a filter.
    #[must_use]
    pub const fn through(self, filter: Filter) -> Self {
        Self { look: Look { filter, ..self.look }, ..self }
    }

    /// The same with another threshold.
    #[must_use]
    pub const fn by(self, binary: Binary) -> Self {
        Self { binary, ..self }
    }

    /// Looks at a frame until `end` by `now`; `None` where this variant has nothing to add for a
    /// frame of this size.
    pub(crate) fn look_at(
        &self,
        frame: &GreyFrame,
        easel: &mut Easel,
        decoders: &mut Decoders,
        now: &dyn Fn() -> Duration,
        end: Duration,
    ) -> Option<Seen> {
        let begin = now();
        let look = self.look;
        let (canvas, picture) = match self.binary {
            Binary::Own => easel.picture(frame, look).map(|picture| (Canvas::Grey(picture), picture))?,
            Binary::Global => easel.picture(frame, look).map(|picture| (Canvas::Global(picture), picture))?,
            Binary::Ours(threshold) => {
                let (grey, black) = easel.black(frame, look, threshold)?;
                (Canvas::Black(grey, black), grey)
            }
        };
        let prepared = now().saturating_sub(begin);
        let found = decoders.find(self.decoder, canvas, &|| now() > end);
        let corners = |quad: decoder::Quad| quad.map(|point| look.fraction(picture, point));
        let Found { read, failed, panicked } = found;
        Some(Seen {
            read: read.into_iter().map(|(text, quad)| (text, corners(quad))).collect(),
            failed: failed.into_iter().map(|place| (corners(place.corners), place.modules)).collect(),
            panicked,
            took: Took { prepared, all: now().saturating_sub(begin) },
        })
    }
}

/// What a variant found, in fractions of the frame.
pub(crate) struct Seen {
    pub(crate) read: Vec<(crate::QrText, crate::Corners)>,
    pub(crate) failed: Vec<(crate::Corners, Option<usize>)>,
    pub(crate) panicked: bool,
    pub(crate) took: Took,
}

/// The time that a variant took: to make its picture, which can't be stopped, and in all.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Took {
    pub(crate) prepared: Duration,
    pub(crate) all: Duration,
}

impl fmt::Display for Variant {
    /// `decoder@scale+filter/threshold`, without the parts that change nothing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.decoder {
            Decoder::Rqrr => "rqrr",
            Decoder::Fit => "fit",
            #[cfg(feature = "zxing")]
            Decoder::Zxing => "zxing",
        })?;
        match self.look.scale {
            Scale::Whole => {}
            Scale::Side(side) => write!(f, "@{side}")?,
            Scale::Double(side) => write!(f, "@double{side}")?,
            Scale::Flat => f.write_str("@flat")?,
            Scale::Narrow => f.write_str("@narrow")?,
        }
        match self.look.filter {
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
        match self.binary {
            Binary::Own => Ok(()),
            Binary::Global => f.write_str("/global"),
            Binary::Ours(Threshold::Mean { part, drop }) => write!(f, "/mean{part}-{drop}"),
            Binary::Ours(Threshold::Middle { part }) => write!(f, "/middle{part}"),
            Binary::Ours(Threshold::Sauvola { part, k }) => write!(f, "/sauvola{part}-{k}"),
            Binary::Ours(Threshold::Otsu) => f.write_str("/otsu"),
        }
    }
}
