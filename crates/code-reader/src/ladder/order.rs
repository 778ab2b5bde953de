//! The order of the ladder's variants, written by `cargo xtask ladder`. Do not edit it by hand.

use super::variant::{Binarization, Variant};
use crate::decoder::Decoder;
use crate::pictures::{Filter, Scale, Threshold};

/// The variants, the best first.
#[cfg(feature = "zxing")]
pub const ORDER: &[Variant] = &[
    Variant::plain(Decoder::ZxingOnce).by(Binarization::Ours(Threshold::Mean { part: 4, drop: 15 })),
    Variant::plain(Decoder::ZxingOnce).by(Binarization::Global),
    Variant::plain(Decoder::LayFlat)
        .at(Scale::Side(500))
        .through(Filter::Clip)
        .by(Binarization::Ours(Threshold::Mean { part: 16, drop: 5 })),
    Variant::plain(Decoder::LayFlat)
        .at(Scale::Side(320))
        .by(Binarization::Ours(Threshold::Mean { part: 16, drop: 5 })),
    Variant::plain(Decoder::ZxingOnce).by(Binarization::Ours(Threshold::Mean { part: 20, drop: 5 })),
    Variant::plain(Decoder::LayFlat).by(Binarization::Ours(Threshold::Mean { part: 40, drop: 5 })),
    Variant::plain(Decoder::FromTwo)
        .at(Scale::Side(320))
        .by(Binarization::Ours(Threshold::Mean { part: 8, drop: 5 })),
    Variant::plain(Decoder::Zxing).at(Scale::Flat),
    Variant::plain(Decoder::LayFlat)
        .through(Filter::Clip)
        .by(Binarization::Ours(Threshold::Mean { part: 20, drop: 5 })),
    Variant::plain(Decoder::LayFlat)
        .at(Scale::Side(320))
        .by(Binarization::Ours(Threshold::Mean { part: 8, drop: 5 })),
    Variant::plain(Decoder::Zxing).by(Binarization::Global),
    Variant::plain(Decoder::ZxingOnce).at(Scale::Double(800)),
    Variant::plain(Decoder::FromTwo).by(Binarization::Ours(Threshold::Sauvola { part: 10, k: 20 })),
    Variant::plain(Decoder::Zxing).at(Scale::Double(800)).through(Filter::Close),
    Variant::plain(Decoder::Zxing).at(Scale::Narrow),
    Variant::plain(Decoder::Zxing).at(Scale::Flat).through(Filter::Darker),
    Variant::plain(Decoder::ZxingOnce).at(Scale::Flat).by(Binarization::Global),
    Variant::plain(Decoder::LayFlat)
        .through(Filter::Smooth(1))
        .by(Binarization::Ours(Threshold::Mean { part: 20, drop: 5 })),
    Variant::plain(Decoder::LayFlat).by(Binarization::Ours(Threshold::Middle { part: 20 })),
    Variant::plain(Decoder::LayFlat)
        .at(Scale::Narrow)
        .by(Binarization::Ours(Threshold::Mean { part: 20, drop: 5 })),
    Variant::plain(Decoder::FromOne).by(Binarization::Ours(Threshold::Sauvola { part: 10, k: 20 })),
    Variant::plain(Decoder::FromOne)
        .at(Scale::Double(800))
        .by(Binarization::Ours(Threshold::Mean { part: 16, drop: 5 })),
    Variant::plain(Decoder::LayFlat)
        .at(Scale::Double(1280))
        .by(Binarization::Ours(Threshold::Mean { part: 4, drop: 5 })),
    Variant::plain(Decoder::LayFlat)
        .at(Scale::Double(1280))
        .through(Filter::Sharp(2))
        .by(Binarization::Ours(Threshold::Mean { part: 20, drop: 5 })),
    Variant::plain(Decoder::Zxing).at(Scale::Double(800)),
    Variant::plain(Decoder::Zxing)
        .at(Scale::Double(800))
        .by(Binarization::Ours(Threshold::Mean { part: 8, drop: 5 })),
    Variant::plain(Decoder::LayFlat).by(Binarization::Ours(Threshold::Mean { part: 16, drop: 5 })),
    Variant::plain(Decoder::LayFlat)
        .through(Filter::Close)
        .by(Binarization::Ours(Threshold::Mean { part: 20, drop: 5 })),
    Variant::plain(Decoder::LayFlat).by(Binarization::Ours(Threshold::Sauvola { part: 10, k: 20 })),
    Variant::plain(Decoder::FromTwo)
        .at(Scale::Double(800))
        .by(Binarization::Ours(Threshold::Mean { part: 16, drop: 5 })),
    Variant::plain(Decoder::Zxing).at(Scale::Side(320)).through(Filter::Darker),
    Variant::plain(Decoder::Zxing),
    Variant::plain(Decoder::LayFlat)
        .at(Scale::Flat)
        .by(Binarization::Ours(Threshold::Mean { part: 20, drop: 5 })),
    Variant::plain(Decoder::FromTwo)
        .at(Scale::Double(800))
        .by(Binarization::Ours(Threshold::Mean { part: 40, drop: 5 })),
    Variant::plain(Decoder::Zxing).at(Scale::Side(320)),
    Variant::plain(Decoder::Zxing).through(Filter::Margin),
    Variant::plain(Decoder::FromTwo).by(Binarization::Ours(Threshold::Mean { part: 40, drop: 5 })),
    Variant::plain(Decoder::Zxing).by(Binarization::Ours(Threshold::Mean { part: 8, drop: 5 })),
    Variant::plain(Decoder::ZxingOnce),
    Variant::plain(Decoder::FromTwo).by(Binarization::Ours(Threshold::Mean { part: 16, drop: 5 })),
    Variant::plain(Decoder::Rqrr).by(Binarization::Ours(Threshold::Mean { part: 20, drop: 5 })),
];

/// The variants of a build without C++, the best first.
#[cfg(not(feature = "zxing"))]
pub const ORDER: &[Variant] = &[
    Variant::plain(Decoder::LayFlat)
        .at(Scale::Side(320))
        .by(Binarization::Ours(Threshold::Mean { part: 40, drop: 5 })),
    Variant::plain(Decoder::LayFlat)
        .at(Scale::Side(500))
        .by(Binarization::Ours(Threshold::Mean { part: 4, drop: 5 })),
    Variant::plain(Decoder::LayFlat).by(Binarization::Ours(Threshold::Mean { part: 40, drop: 5 })),
    Variant::plain(Decoder::FromTwo)
        .at(Scale::Side(320))
        .by(Binarization::Ours(Threshold::Mean { part: 8, drop: 5 })),
    Variant::plain(Decoder::LayFlat).by(Binarization::Ours(Threshold::Sauvola { part: 10, k: 20 })),
    Variant::plain(Decoder::LayFlat)
        .at(Scale::Flat)
        .by(Binarization::Ours(Threshold::Mean { part: 20, drop: 5 })),
    Variant::plain(Decoder::LayFlat)
        .at(Scale::Narrow)
        .by(Binarization::Ours(Threshold::Mean { part: 20, drop: 5 })),
    Variant::plain(Decoder::FromTwo).by(Binarization::Ours(Threshold::Mean { part: 40, drop: 5 })),
    Variant::plain(Decoder::LayFlat).by(Binarization::Ours(Threshold::Middle { part: 20 })),
    Variant::plain(Decoder::FromTwo)
        .at(Scale::Side(500))
        .by(Binarization::Ours(Threshold::Mean { part: 40, drop: 5 })),
    Variant::plain(Decoder::LayFlat)
        .through(Filter::Clip)
        .by(Binarization::Ours(Threshold::Mean { part: 20, drop: 5 })),
    Variant::plain(Decoder::LayFlat)
        .at(Scale::Side(500))
        .by(Binarization::Ours(Threshold::Sauvola { part: 10, k: 20 })),
    Variant::plain(Decoder::LayFlat)
        .at(Scale::Side(320))
        .by(Binarization::Ours(Threshold::Mean { part: 16, drop: 5 })),
    Variant::plain(Decoder::LayFlat)
        .through(Filter::Smooth(1))
        .by(Binarization::Ours(Threshold::Mean { part: 20, drop: 5 })),
    Variant::plain(Decoder::Rqrr).by(Binarization::Ours(Threshold::Mean { part: 20, drop: 5 })),
    Variant::plain(Decoder::LayFlat)
        .at(Scale::Side(320))
        .by(Binarization::Ours(Threshold::Mean { part: 8, drop: 5 })),
    Variant::plain(Decoder::FromTwo)
        .at(Scale::Double(800))
        .by(Binarization::Ours(Threshold::Mean { part: 40, drop: 5 })),
    Variant::plain(Decoder::FromOne)
        .at(Scale::Double(800))
        .by(Binarization::Ours(Threshold::Mean { part: 16, drop: 5 })),
    Variant::plain(Decoder::FromTwo).by(Binarization::Ours(Threshold::Mean { part: 16, drop: 5 })),
    Variant::plain(Decoder::LayFlat)
        .at(Scale::Double(1280))
        .through(Filter::Sharp(2))
        .by(Binarization::Ours(Threshold::Mean { part: 20, drop: 5 })),
    Variant::plain(Decoder::Rqrr)
        .at(Scale::Side(500))
        .by(Binarization::Ours(Threshold::Mean { part: 20, drop: 5 })),
    Variant::plain(Decoder::LayFlat)
        .at(Scale::Double(1280))
        .by(Binarization::Ours(Threshold::Mean { part: 4, drop: 5 })),
    Variant::plain(Decoder::LayFlat)
        .through(Filter::Close)
        .by(Binarization::Ours(Threshold::Mean { part: 20, drop: 5 })),
    Variant::plain(Decoder::LayFlat)
        .through(Filter::Sharp(2))
        .by(Binarization::Ours(Threshold::Mean { part: 20, drop: 5 })),
    Variant::plain(Decoder::FromTwo)
        .at(Scale::Double(800))
        .by(Binarization::Ours(Threshold::Mean { part: 16, drop: 5 })),
    Variant::plain(Decoder::FromOne).by(Binarization::Ours(Threshold::Sauvola { part: 10, k: 20 })),
    Variant::plain(Decoder::LayFlat).by(Binarization::Ours(Threshold::Mean { part: 4, drop: 5 })),
    Variant::plain(Decoder::FromOne).by(Binarization::Ours(Threshold::Mean { part: 16, drop: 5 })),
    Variant::plain(Decoder::FromOne).by(Binarization::Ours(Threshold::Mean { part: 40, drop: 5 })),
    Variant::plain(Decoder::FromTwo).by(Binarization::Ours(Threshold::Sauvola { part: 10, k: 20 })),
    Variant::plain(Decoder::LayFlat)
        .at(Scale::Double(1280))
        .by(Binarization::Ours(Threshold::Mean { part: 40, drop: 5 })),
    Variant::plain(Decoder::LayFlat)
        .at(Scale::Double(1280))
        .by(Binarization::Ours(Threshold::Middle { part: 20 })),
    Variant::plain(Decoder::LayFlat)
        .at(Scale::Double(1280))
        .by(Binarization::Ours(Threshold::Sauvola { part: 10, k: 20 })),
    Variant::plain(Decoder::LayFlat)
        .at(Scale::Double(1280))
        .through(Filter::Clip)
        .by(Binarization::Ours(Threshold::Mean { part: 20, drop: 5 })),
    Variant::plain(Decoder::LayFlat)
        .at(Scale::Double(1280))
        .through(Filter::Close)
        .by(Binarization::Ours(Threshold::Mean { part: 20, drop: 5 })),
    Variant::plain(Decoder::FromOne)
        .at(Scale::Side(500))
        .by(Binarization::Ours(Threshold::Sauvola { part: 10, k: 20 })),
    Variant::plain(Decoder::LayFlat)
        .at(Scale::Side(800))
        .by(Binarization::Ours(Threshold::Mean { part: 40, drop: 5 })),
    Variant::plain(Decoder::LayFlat)
        .at(Scale::Double(1280))
        .by(Binarization::Ours(Threshold::Mean { part: 16, drop: 5 })),
    Variant::plain(Decoder::FromTwo)
        .at(Scale::Side(500))
        .by(Binarization::Ours(Threshold::Sauvola { part: 10, k: 20 })),
    Variant::plain(Decoder::FromTwo)
        .at(Scale::Side(800))
        .through(Filter::Close)
        .by(Binarization::Ours(Threshold::Mean { part: 20, drop: 5 })),
];
