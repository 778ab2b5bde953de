//! Codes of which finder patterns are covered, seen at an angle.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::time::Duration;

use code_reader::{Binarization, Decoder, GreyFrame, Reader, Sighting, Threshold, Variant};
use qr_scenes::{Code, Level, Picture, Scene};

/// The places of the finder patterns as shares of the symbol: left or right, top or bottom.
const FINDERS: [[f32; 2]; 3] = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]];
const SCENES: u64 = 12;

/// Reads by one decoder alone. A clock that stands still lets it end.
fn alone(decoder: Decoder) -> Reader {
    let variant = Variant::plain(decoder).by(Binarization::Ours(Threshold::Mean { part: 16, drop: 5 }));
    Reader::with_clock(Duration::from_secs(1), Box::new(|| Duration::ZERO)).with_order(&[variant])
}

/// A code at an angle of its own.
fn scene(seed: u64) -> Scene {
    let code = Code::new(&format!("KD1:{seed:0>90}"), 6, Level::M).unwrap();
    let mut scene = Scene::clear(code, 5.0, seed);
    let spread = |step: u64, most: f32| ((seed * step) % 11) as f32 / 5.0 * most - most;
    scene.frame = [480, 400];
    scene.pose.centre = [240.0, 200.0];
    scene.pose.turn = spread(3, 20.0);
    scene.pose.tilt = [spread(5, 9.0), spread(7, 9.0)];
    scene
}

/// Paints over a finder pattern, and leaves all around it as it is.
fn cover(picture: &mut Picture, scene: &Scene, finder: [f32; 2]) {
    let [a, b, c, d] = scene.corners().unwrap();
    let at = |x: f32, y: f32| {
        [0, 1].map(|k| (a[k] * (1.0 - x) + b[k] * x) * (1.0 - y) + (d[k] * (1.0 - x) + c[k] * x) * y)
    };
    let size = 6.9 / scene.code.modules() as f32;
    let steps = 120;
    for step in 0..steps * steps {
        let part = |step: u64| step as f32 / (steps - 1) as f32 * size;
        let (x, y) = (part(step % steps), part(step / steps));
        let place = |end: f32, inside: f32| if end > 0.5 { 1.0 - inside } else { inside };
        let [x, y] = at(place(finder[0], x), place(finder[1], y)).map(|it| it as usize);
        picture.luma[y * picture.width + x] = 150;
    }
}

/// Returns how many scenes a decoder reads with only these finder patterns left.
fn read(decoder: Decoder, left: &[usize]) -> usize {
    let mut reader = alone(decoder);
    let is_read = |seed: &u64| {
        let scene = scene(*seed);
        let mut picture = scene.render().unwrap();
        for (_, finder) in FINDERS.into_iter().enumerate().filter(|(at, _)| !left.contains(at)) {
            cover(&mut picture, &scene, finder);
        }
        reader.restart();
        match reader.read(&GreyFrame::new(picture.width, picture.height, picture.luma).unwrap()) {
            Sighting::Code(code) => {
                assert_eq!(code.text.as_str(), scene.code.text());
                true
            }
            _ => false,
        }
    };
    (1..=SCENES).filter(is_read).count()
}

#[test]
fn three_finder_patterns_are_enough() {
    assert_eq!(read(Decoder::LayFlat, &[0, 1, 2]) as u64, SCENES);
}

#[test]
fn two_finder_patterns_are_enough() {
    for left in [[0, 1], [0, 2], [1, 2]] {
        assert_eq!(read(Decoder::LayFlat, &left), 0);
        let read = read(Decoder::FromTwo, &left) as u64;
        assert!(read >= SCENES - 1, "{left:?} {read}");
    }
}

#[test]
fn one_finder_pattern_is_enough() {
    for left in 0..3 {
        assert_eq!(read(Decoder::FromTwo, &[left]), 0);
        let read = read(Decoder::FromOne, &[left]) as u64;
        println!("{left}: {read}");
        assert!(read >= SCENES * 2 / 3, "{left} {read}");
    }
}
