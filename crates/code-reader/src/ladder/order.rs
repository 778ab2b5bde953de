//! The order.

use super::{Binary, Variant};
use crate::decoder::Decoder;
use crate::easel::{Filter, Scale, Threshold};

/// The variants, the best first.
pub const ORDER: &[Variant] = &[
    Variant::plain(Decoder::Zxing),
    Variant::plain(Decoder::Rqrr).by(Binary::Ours(Threshold::Mean { part: 20, drop: 5 })),
    Variant::plain(Decoder::Zxing).at(Scale::Double(800)).through(Filter::Close),
];
