//! The order of the ladder's variants, written by `cargo xtask ladder`: not by hand.

use super::{Binary, Variant};
use crate::decoder::Decoder;
use crate::easel::{Filter, Scale, Threshold};

/// The variants, the best first.
#[cfg(feature = "zxing")]
pub const ORDER: &[Variant] = &[
    Variant::plain(Decoder::Zxing).at(Scale::Side(320)),
    Variant::plain(Decoder::Zxing).by(Binary::Global),
    Variant::plain(Decoder::Zxing).through(Filter::Clip),
    Variant::plain(Decoder::Zxing).at(Scale::Side(320)).through(Filter::Darker),
    Variant::plain(Decoder::Fit).at(Scale::Side(500)).by(Binary::Ours(Threshold::Mean { part: 16, drop: 5 })),
    Variant::plain(Decoder::Fit)
        .through(Filter::Clip)
        .by(Binary::Ours(Threshold::Mean { part: 20, drop: 5 })),
    Variant::plain(Decoder::Fit).at(Scale::Flat).by(Binary::Ours(Threshold::Mean { part: 20, drop: 5 })),
    Variant::plain(Decoder::Zxing).at(Scale::Narrow),
    Variant::plain(Decoder::Fit)
        .at(Scale::Double(1280))
        .by(Binary::Ours(Threshold::Mean { part: 40, drop: 5 })),
    Variant::plain(Decoder::Fit)
        .through(Filter::Smooth(1))
        .by(Binary::Ours(Threshold::Mean { part: 20, drop: 5 })),
    Variant::plain(Decoder::Rqrr).by(Binary::Ours(Threshold::Mean { part: 20, drop: 5 })),
];

/// The variants of a build without C++, the best first.
#[cfg(not(feature = "zxing"))]
pub const ORDER: &[Variant] = &[
    Variant::plain(Decoder::Fit)
        .through(Filter::Close)
        .by(Binary::Ours(Threshold::Mean { part: 20, drop: 5 })),
    Variant::plain(Decoder::Rqrr)
        .at(Scale::Side(500))
        .by(Binary::Ours(Threshold::Mean { part: 20, drop: 5 })),
    Variant::plain(Decoder::Fit)
        .through(Filter::Clip)
        .by(Binary::Ours(Threshold::Mean { part: 20, drop: 5 })),
    Variant::plain(Decoder::Fit).at(Scale::Side(500)).by(Binary::Ours(Threshold::Mean { part: 16, drop: 5 })),
    Variant::plain(Decoder::Fit)
        .through(Filter::Smooth(1))
        .by(Binary::Ours(Threshold::Mean { part: 20, drop: 5 })),
    Variant::plain(Decoder::Fit).at(Scale::Flat).by(Binary::Ours(Threshold::Mean { part: 20, drop: 5 })),
    Variant::plain(Decoder::Fit)
        .at(Scale::Double(1280))
        .through(Filter::Clip)
        .by(Binary::Ours(Threshold::Mean { part: 20, drop: 5 })),
    Variant::plain(Decoder::Fit)
        .at(Scale::Side(500))
        .by(Binary::Ours(Threshold::Sauvola { part: 10, k: 20 })),
    Variant::plain(Decoder::Fit).at(Scale::Narrow).by(Binary::Ours(Threshold::Mean { part: 20, drop: 5 })),
];
