//! Rendered codes in made-up frames: what is read, what is hinted, and that nothing panics.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use code_reader::{GreyFrame, Hint, ORDER, Reader, Sighting};
use proptest::prelude::*;
use qrcode::{Color, EcLevel, QrCode};

/// A scene of `width` × `height`, mid-grey, with codes on white paper drawn into it.
struct Scene {
    width: usize,
    height: usize,
    pixels: Vec<f32>,
}

impl Scene {
    fn new(width: usize, height: usize, grey: f32) -> Self {
        Self { width, height, pixels: vec![grey; width * height] }
    }

    /// Draws a code of `side` pixels (quiet zone included) around a centre, turned by `degrees`.
    fn code(mut self, text: &str, centre: (f32, f32), side: f32, degrees: f32) -> Self {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).unwrap();
        let modules = code.width() as i32;
        let colours = code.to_colors();
        let (sin, cos) = degrees.to_radians().sin_cos();
        let pitch = side / (modules + 8) as f32;
        for y in 0..self.height {
            for x in 0..self.width {
                // Nine samples a pixel, so that edges are as soft as a lens makes them.
                let mut sum = 0.0;
                let mut hits = 0.0;
                for sub in 0..9 {
                    let px = x as f32 + (sub % 3) as f32 / 3.0 + 1.0 / 6.0 - centre.0;
                    let py = y as f32 + (sub / 3) as f32 / 3.0 + 1.0 / 6.0 - centre.1;
                    let u = (px * cos + py * sin + side / 2.0) / pitch;
                    let v = (-px * sin + py * cos + side / 2.0) / pitch;
                    let (u, v) = (u.floor() as i32 - 4, v.floor() as i32 - 4);
                    if !(-4..modules + 4).contains(&u) || !(-4..modules + 4).contains(&v) {
                        continue;
                    }
                    hits += 1.0;
                    let inside = (0..modules).contains(&u) && (0..modules).contains(&v);
                    let dark = inside && colours[(v * modules + u) as usize] == Color::Dark;
                    sum += if dark { 25.0 } else { 225.0 };
                }
                if hits > 0.0 {
                    let pixel = &mut self.pixels[y * self.width + x];
                    *pixel = (*pixel * (9.0 - hits) + sum) / 9.0;
                }
            }
        }
        self
    }

    fn blur(mut self, radius: usize) -> Self {
        for _ in 0..2 {
            for axis in 0..2 {
                let source = self.pixels.clone();
                for y in 0..self.height {
                    for x in 0..self.width {
                        let mut sum = 0.0;
                        for step in 0..=2 * radius {
                            let (mut sx, mut sy) = (x, y);
                            let moved =
                                |at: usize, limit: usize| (at + step).saturating_sub(radius).min(limit - 1);
                            if axis == 0 {
                                sx = moved(x, self.width)
                            } else {
                                sy = moved(y, self.height)
                            }
                            sum += source[sy * self.width + sx];
                        }
                        self.pixels[y * self.width + x] = sum / (2 * radius + 1) as f32;
                    }
                }
            }
        }
        self
    }

    fn light(mut self, change: impl Fn(f32) -> f32) -> Self {
        self.pixels.iter_mut().for_each(|pixel| *pixel = change(*pixel));
        self
    }

    /// Noise from a fixed sequence, about `strength` to each side.
    fn noise(mut self, strength: f32) -> Self {
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        for pixel in &mut self.pixels {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            *pixel += ((state >> 40) as f32 / (1u64 << 24) as f32 - 0.5) * 2.0 * strength;
        }
        self
    }

    fn frame(self) -> GreyFrame {
        let pixels = self.pixels.iter().map(|pixel| pixel.clamp(0.0, 255.0) as u8).collect();
        GreyFrame::new(self.width, self.height, pixels).unwrap()
    }
}

/// About as long as a health code: version 13.
fn long_text() -> String {
    "KD1:".to_owned() + &"6BF0A1X9Z$%*+-./:7Q".repeat(22)
}

/// Tests have no hurry: a clock that stands still lets every attempt run.
fn patient() -> Reader {
    Reader::with_clock(Duration::from_secs(1), Box::new(|| Duration::ZERO))
}

#[track_caller]
fn assert_reads(frame: &GreyFrame, text: &str) {
    match patient().read(frame) {
        Sighting::Code(code) => assert_eq!(code.text.as_str(), text),
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn assert_hints(frame: &GreyFrame, expected: Hint) {
    match patient().read(frame) {
        Sighting::Unreadable { hint, .. } => assert_eq!(hint, expected),
        other => panic!("{other:?}"),
    }
}

#[test]
fn sizes_from_near_to_far() {
    for side in [200.0, 230.0, 300.0, 450.0, 650.0] {
        assert_reads(
            &Scene::new(1280, 720, 90.0).code(&long_text(), (640.0, 360.0), side, 0.0).frame(),
            &long_text(),
        );
    }
    assert_reads(
        &Scene::new(640, 480, 90.0).code("短文 short", (300.0, 200.0), 70.0, 0.0).frame(),
        "短文 short",
    );
}

#[test]
fn any_turn() {
    for degrees in [3.0, 17.0, 45.0, 90.0, 135.0, 200.0, 271.0, 340.0] {
        let frame = Scene::new(960, 720, 90.0).code(&long_text(), (480.0, 360.0), 450.0, degrees).frame();
        assert_reads(&frame, &long_text());
    }
}

#[test]
fn noise_and_some_blur() {
    let frame = Scene::new(1280, 720, 60.0)
        .code(&long_text(), (600.0, 350.0), 420.0, 8.0)
        .blur(1)
        .noise(25.0)
        .frame();
    assert_reads(&frame, &long_text());
}

#[test]
fn weak_light_and_a_slope_of_light() {
    let dim = Scene::new(1280, 720, 60.0).code(&long_text(), (600.0, 350.0), 420.0, 0.0);
    assert_reads(&dim.light(|pixel| 20.0 + pixel / 4.0).noise(3.0).frame(), &long_text());
}

#[test]
fn corners_are_fractions_of_the_frame() {
    let frame = Scene::new(1000, 500, 90.0).code(&long_text(), (500.0, 250.0), 400.0, 0.0).frame();
    let Sighting::Code(code) = patient().read(&frame) else { panic!() };
    // 400 px with 69 + 8 modules: the code itself starts four modules in.
    let quiet = 400.0 / 77.0 * 4.0;
    let expected = [[300.0 + quiet, 50.0 + quiet], [700.0 - quiet, 450.0 - quiet]];
    for (corner, expected) in [(code.corners[0], expected[0]), (code.corners[2], expected[1])] {
        let (x, y) = (corner[0] * 1000.0, corner[1] * 500.0);
        assert!((x - expected[0]).abs() < 4.0 && (y - expected[1]).abs() < 4.0, "{x} {y}");
    }
}

#[test]
fn the_larger_of_two_codes_and_one_other() {
    let frame = Scene::new(1280, 720, 90.0)
        .code("far", (300.0, 360.0), 160.0, 0.0)
        .code("near", (900.0, 360.0), 400.0, 0.0)
        .frame();
    let Sighting::Code(code) = patient().read(&frame) else { panic!() };
    assert_eq!((code.text.as_str(), code.others.len()), ("near", 1));
    let [x, y] = code.others[0][0];
    assert!((x * 1280.0 - 235.0).abs() < 15.0 && (y * 720.0 - 295.0).abs() < 15.0, "{x} {y}");
}

/// A health code in the middle, as wide as this.
fn held_out(side: f32) -> Scene {
    Scene::new(1280, 720, 90.0).code(&long_text(), (640.0, 360.0), side, 0.0)
}

#[test]
fn small_blurred_and_dark_is_read_as_long_as_it_can_be() {
    assert_reads(&held_out(130.0).frame(), &long_text());
    assert_reads(&held_out(420.0).blur(3).frame(), &long_text());
    assert_reads(&held_out(420.0).light(|pixel| pixel / 64.0).noise(2.0).frame(), &long_text());
}

#[test]
fn too_far() {
    for side in [76.0, 78.0, 80.0] {
        assert_hints(&held_out(side).frame(), Hint::TooFar);
    }
}

#[test]
fn blurred() {
    for radius in [4, 5] {
        assert_hints(&held_out(420.0).blur(radius).frame(), Hint::Blurred);
    }
}

#[test]
fn cut_off() {
    let frame = Scene::new(1280, 720, 90.0).code(&long_text(), (40.0, 360.0), 420.0, 0.0).frame();
    assert_hints(&frame, Hint::CutOff);
}

#[test]
fn too_bright() {
    // A lamp in the phone's glass: white over more than half of the code.
    let mut scene = held_out(420.0);
    for y in 250..720 {
        scene.pixels[y * 1280 + 430..y * 1280 + 850].fill(255.0);
    }
    assert_hints(&scene.frame(), Hint::TooBright);
}

#[test]
fn too_dark() {
    for depth in [110.0, 150.0] {
        assert_hints(&held_out(420.0).light(|pixel| pixel / depth).noise(2.0).frame(), Hint::TooDark);
    }
}

#[test]
fn nothing_is_nothing() {
    assert_eq!(patient().read(&Scene::new(640, 480, 128.0).noise(40.0).frame()), Sighting::Nothing);
    assert_eq!(patient().read(&GreyFrame::new(1, 1, vec![200]).unwrap()), Sighting::Nothing);
    assert_eq!(patient().read(&GreyFrame::new(4000, 1, vec![200; 4000]).unwrap()), Sighting::Nothing);
}

#[test]
fn bytes_that_are_no_text_are_another_code() {
    let code = QrCode::with_error_correction_level([0xff, 0xfe, 0x00, 0x80], EcLevel::M).unwrap();
    let side = (code.width() + 8) * 6;
    let colours = code.to_colors();
    let pixel = |x: usize, y: usize| {
        let (x, y) = ((x / 6).wrapping_sub(4), (y / 6).wrapping_sub(4));
        let dark = x < code.width() && y < code.width() && colours[y * code.width() + x] == Color::Dark;
        if dark { 0 } else { 255 }
    };
    let pixels = (0..side * side).map(|at| pixel(at % side, at / side)).collect();
    let sighting = patient().read(&GreyFrame::new(side, side, pixels).unwrap());
    let Sighting::Code(code) = sighting else { panic!("{sighting:?}") };
    assert_eq!(code.text.as_bytes(), [0xff, 0xfe, 0x00, 0x80]);
}

#[test]
fn a_sheet_of_finder_patterns_is_given_up_in_time() {
    let pattern = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"];
    let pitch = 10;
    let pixel = |x: usize, y: usize| {
        let row = pattern.get(y % pitch).map(|row| row.as_bytes());
        if row.and_then(|row| row.get(x % pitch)) == Some(&b'1') { 0 } else { 255 }
    };
    let pixels = (0..1280 * 720).map(|at| pixel(at % 1280, at / 1280)).collect();
    let frame = GreyFrame::new(1280, 720, pixels).unwrap();
    #[allow(clippy::disallowed_methods, reason = "this test is about real time")]
    let start = std::time::Instant::now();
    let mut reader = Reader::new();
    let _ = reader.read(&frame);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[test]
fn time_is_kept() {
    // Each look at the clock costs a millisecond: after the first attempt there is none left.
    let ticks = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&ticks);
    let clock = move || Duration::from_millis(counted.fetch_add(1, Ordering::Relaxed));
    let mut reader = Reader::with_clock(Duration::from_millis(3), Box::new(clock));
    let frame = Scene::new(640, 480, 128.0).frame();
    assert_eq!(reader.read(&frame), Sighting::Nothing);
    let first = ticks.swap(0, Ordering::Relaxed);
    assert_eq!(reader.read(&frame), Sighting::Nothing);
    // One look for each variant that does not begin, and some of those that always look.
    let most = ORDER.len() as u64 + 40;
    assert!(first < most && ticks.load(Ordering::Relaxed) < most, "{first} {ticks:?} {most}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn garbage_never_panics(width in 1usize..120, height in 1usize..120, seed in any::<u64>(), steps in 1u64..256) {
        let mut state = seed | 1;
        let pixels = (0..width * height).map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            ((state >> 32) % steps) as u8
        }).collect();
        let _ = patient().read(&GreyFrame::new(width, height, pixels).unwrap());
    }

    #[test]
    fn any_text_comes_back_exactly(text in "\\PC{1,60}", degrees in 0f32..360.0) {
        let frame = Scene::new(480, 480, 90.0).code(&text, (240.0, 240.0), 330.0, degrees).frame();
        if let Sighting::Code(code) = patient().read(&frame) {
            prop_assert_eq!(code.text.as_str(), text);
        }
    }
}
