//! The candidates: every variant that is measured.

use code_reader::{Binarization, Decoder, Filter, Scale, Threshold, Variant};

pub fn all() -> Vec<Variant> {
    let rqrr = Variant::plain(Decoder::Rqrr);
    let lay_flat = Variant::plain(Decoder::LayFlat);
    let sauvola = |part, k| Binarization::Ours(Threshold::Sauvola { part, k });
    let mut list = zxing();
    list.extend([rqrr.by(mean(20, 5)), rqrr.at(Scale::Side(500)).by(mean(20, 5))]);
    for scale in [Scale::Whole, Scale::Side(500), Scale::Double(1280)] {
        for binarization in [mean(4, 5), mean(16, 5), middle(20), sauvola(10, 20)] {
            list.push(lay_flat.at(scale).by(binarization));
        }
    }
    for scale in [Scale::Whole, Scale::Double(1280)] {
        list.push(lay_flat.at(scale).by(mean(40, 5)));
        list.push(lay_flat.at(scale).through(Filter::Clip).by(mean(20, 5)));
        list.push(lay_flat.at(scale).through(Filter::Sharp(2)).by(mean(20, 5)));
        list.push(lay_flat.at(scale).through(Filter::Smooth(1)).by(mean(20, 5)));
        list.push(lay_flat.at(scale).through(Filter::Close).by(mean(20, 5)));
    }
    list.push(lay_flat.at(Scale::Side(320)).by(mean(16, 5)));
    list.push(lay_flat.at(Scale::Side(500)).through(Filter::Clip).by(mean(16, 5)));
    list.push(lay_flat.at(Scale::Side(800)).by(mean(20, 5)));
    list.push(lay_flat.at(Scale::Side(800)).through(Filter::Clip).by(mean(40, 5)));
    for scale in [Scale::Side(320), Scale::Side(640), Scale::Side(800)] {
        list.push(lay_flat.at(scale).by(mean(8, 5)));
        list.push(lay_flat.at(scale).by(mean(40, 5)));
    }
    list.push(lay_flat.at(Scale::Side(640)).by(mean(16, 5)));
    list.push(lay_flat.at(Scale::Side(640)).through(Filter::Clip).by(mean(20, 5)));
    list.push(lay_flat.at(Scale::Side(500)).through(Filter::Close).by(mean(16, 5)));
    list.push(lay_flat.at(Scale::Flat).by(mean(20, 5)));
    list.push(lay_flat.at(Scale::Narrow).by(mean(20, 5)));
    let from_two = Variant::plain(Decoder::FromTwo);
    list.push(from_two.at(Scale::Side(320)).by(mean(8, 5)));
    list.push(from_two.at(Scale::Side(500)).by(sauvola(10, 20)));
    list.push(from_two.by(sauvola(10, 20)));
    for scale in [Scale::Whole, Scale::Side(800), Scale::Side(500), Scale::Double(800)] {
        list.push(from_two.at(scale).by(mean(16, 5)));
        list.push(from_two.at(scale).by(mean(40, 5)));
    }
    list.push(from_two.at(Scale::Side(800)).through(Filter::Clip).by(mean(20, 5)));
    list.push(from_two.at(Scale::Side(800)).through(Filter::Close).by(mean(20, 5)));
    let from_one = Variant::plain(Decoder::FromOne);
    for binarization in [mean(16, 5), mean(40, 5), sauvola(10, 20)] {
        list.push(from_one.by(binarization));
        list.push(from_one.at(Scale::Side(500)).by(binarization));
    }
    list.push(from_one.at(Scale::Double(800)).by(mean(16, 5)));
    list
}

#[cfg(not(feature = "zxing"))]
fn zxing() -> Vec<Variant> {
    Vec::new()
}

#[cfg(feature = "zxing")]
fn zxing() -> Vec<Variant> {
    let zxing = Variant::plain(Decoder::Zxing);
    let once = Variant::plain(Decoder::ZxingOnce);
    vec![
        zxing,
        zxing.by(Binarization::Global),
        zxing.by(mean(4, 15)),
        zxing.by(mean(8, 5)),
        zxing.by(middle(16)),
        zxing.through(Filter::Margin),
        zxing.through(Filter::Lighter),
        zxing.through(Filter::Sharp(4)),
        zxing.through(Filter::Clip),
        zxing.at(Scale::Flat),
        zxing.at(Scale::Narrow),
        zxing.at(Scale::Flat).through(Filter::Darker),
        zxing.at(Scale::Side(320)),
        zxing.at(Scale::Side(320)).through(Filter::Darker),
        zxing.at(Scale::Side(500)),
        zxing.at(Scale::Side(500)).by(mean(20, 5)),
        zxing.at(Scale::Double(800)),
        zxing.at(Scale::Double(800)).through(Filter::Close),
        zxing.at(Scale::Double(800)).by(mean(8, 5)),
        zxing.at(Scale::Side(640)).by(Binarization::Global),
        zxing.at(Scale::Side(800)).through(Filter::Sharp(2)),
        once,
        once.by(Binarization::Global),
        once.by(mean(8, 5)),
        once.by(mean(20, 5)),
        once.by(middle(16)),
        once.by(mean(4, 15)),
        once.at(Scale::Flat).by(Binarization::Global),
        once.at(Scale::Narrow).by(mean(4, 15)),
        once.at(Scale::Side(500)).by(mean(4, 15)),
        once.at(Scale::Side(640)).by(Binarization::Global),
        once.through(Filter::Clip),
        once.through(Filter::Darker),
        once.through(Filter::Sharp(2)),
        once.through(Filter::Smooth(1)),
        once.through(Filter::Margin),
        once.at(Scale::Flat),
        once.at(Scale::Narrow),
        once.at(Scale::Side(240)),
        once.at(Scale::Side(320)),
        once.at(Scale::Side(320)).by(Binarization::Global),
        once.at(Scale::Side(320)).through(Filter::Darker),
        once.at(Scale::Side(500)),
        once.at(Scale::Side(500)).by(mean(8, 5)),
        once.at(Scale::Side(500)).by(Binarization::Global),
        once.at(Scale::Side(500)).through(Filter::Close),
        once.at(Scale::Side(640)),
        once.at(Scale::Side(640)).by(mean(8, 5)),
        once.at(Scale::Side(640)).by(mean(20, 5)),
        once.at(Scale::Side(640)).through(Filter::Clip),
        once.at(Scale::Side(640)).through(Filter::Darker),
        once.at(Scale::Side(640)).through(Filter::Sharp(2)),
        once.at(Scale::Side(640)).through(Filter::Stretch),
        once.at(Scale::Side(800)),
        once.at(Scale::Side(800)).through(Filter::Sharp(4)),
        once.at(Scale::Side(800)).through(Filter::Smooth(1)).by(Binarization::Global),
        once.at(Scale::Double(800)),
        once.at(Scale::Double(1280)),
        once.at(Scale::Double(1280)).by(mean(20, 5)),
    ]
}

fn mean(part: u8, drop: u8) -> Binarization {
    Binarization::Ours(Threshold::Mean { part, drop })
}

fn middle(part: u8) -> Binarization {
    Binarization::Ours(Threshold::Middle { part })
}
