//! Every variant that is tried.

use code_reader::{Binary, Decoder, Filter, Scale, Threshold, Variant};

pub fn all() -> Vec<Variant> {
    let zxing = Variant::plain(Decoder::Zxing);
    let rqrr = Variant::plain(Decoder::Rqrr);
    let mean = |part, drop| Binary::Ours(Threshold::Mean { part, drop });
    let sauvola = |part, k| Binary::Ours(Threshold::Sauvola { part, k });
    let middle = |part| Binary::Ours(Threshold::Middle { part });
    let filters = [
        Filter::Smooth(1), Filter::Smooth(2), Filter::Sharp(2), Filter::Sharp(4), Filter::Darker, Filter::Lighter,
        Filter::Close, Filter::Open, Filter::Margin, Filter::Stretch,
    ];
    let mut list = vec![zxing, zxing.by(Binary::Global)];
    for part in [4, 8, 16, 30] {
        list.push(zxing.by(mean(part, 5)));
        list.push(zxing.by(middle(part)));
        list.push(zxing.by(sauvola(part, 20)));
    }
    list.push(zxing.by(mean(4, 15)));
    list.push(zxing.by(mean(16, 15)));
    list.push(zxing.by(Binary::Ours(Threshold::Otsu)));
    for filter in filters {
        list.push(zxing.through(filter));
    }
    for scale in [Scale::Side(800), Scale::Side(500), Scale::Side(320), Scale::Double(800), Scale::Flat, Scale::Narrow] {
        list.push(zxing.at(scale));
        list.push(zxing.at(scale).by(mean(8, 5)));
        list.push(zxing.at(scale).by(mean(20, 5)));
        for filter in [Filter::Smooth(1), Filter::Sharp(3), Filter::Close, Filter::Open, Filter::Darker] {
            list.push(zxing.at(scale).through(filter));
        }
        list.push(zxing.at(scale).through(Filter::Smooth(1)).by(Binary::Global));
    }
    for scale in [Scale::Whole, Scale::Side(800), Scale::Side(500), Scale::Double(800)] {
        for binary in [Binary::Own, mean(4, 5), mean(20, 5)] {
            list.push(rqrr.at(scale).by(binary));
        }
    }
    list
}
