//! Draws a street at dusk and a person who holds a phone up to the camera.

use std::time::Duration;

use super::paint::{Canvas, disc, ellipse, hex, rounded, ycc};
use super::phone::{Body, Phone};
use super::planes::{HEIGHT, Planes, WIDTH};
use super::projection::Pose;
use crate::picture::Picture;

/// Time in which a phone comes up from below the picture to its place.
pub const RISE: Duration = Duration::from_millis(350);
/// Size of the table of sensor noise. Each row of each frame starts at another index.
const NOISE: usize = 1 << 16;

/// The scene, and what is held up in it.
pub(super) struct Scene {
    empty: Planes,
    with_person: Planes,
    body: Body,
    noise: Vec<i8>,
    held: Option<(Phone, Duration)>,
    frames: usize,
}

impl Scene {
    pub(super) fn new() -> Self {
        let mut street = street();
        let empty = planes(&street);
        person(&mut street);
        let with_person = planes(&street);
        Self { empty, with_person, body: Body::new(), noise: noise(), held: None, frames: 0 }
    }

    /// Shows a code, or nobody. A new person raises the phone from below.
    pub(super) fn hold(&mut self, text: Option<&str>, now: Duration, new_person: bool) {
        let since = match &self.held {
            Some((_, since)) if !new_person => *since,
            _ => now,
        };
        self.held = text.map(|text| (self.body.with_code(text), since));
    }

    /// Draws the picture for a moment.
    pub(super) fn picture(&mut self, now: Duration) -> Option<Picture> {
        let mut planes = match &self.held {
            Some((phone, since)) => {
                let mut planes = self.with_person.clone();
                phone.draw(&mut planes, &pose(now, now.saturating_sub(*since)));
                planes
            }
            None => self.empty.clone(),
        };
        self.frames = self.frames.wrapping_add(1);
        for (y, row) in planes.luma.chunks_exact_mut(WIDTH).enumerate() {
            let start = (self.frames.wrapping_mul(7919) + y * 1777) % (NOISE - WIDTH);
            for (pixel, &grain) in row.iter_mut().zip(&self.noise[start..start + WIDTH]) {
                *pixel = pixel.saturating_add_signed(grain);
            }
        }
        planes.into_picture()
    }
}

/// Returns how the phone is held at a moment: the hand sways.
fn pose(now: Duration, held: Duration) -> Pose {
    let time = now.as_secs_f32();
    let rise = 1.0 - (held.as_secs_f32() / RISE.as_secs_f32()).min(1.0);
    let wave = |period: f32, phase: f32| (time * std::f32::consts::TAU / period + phase).sin();
    Pose {
        centre: [
            640.0 + 9.0 * wave(5.3, 0.0) + 3.0 * wave(1.7, 1.0),
            352.0 + 7.0 * wave(4.1, 2.0) + 640.0 * rise * rise,
        ],
        degrees: -5.0 + 2.2 * wave(6.7, 0.5),
        scale: 1.0 + 0.02 * wave(7.9, 3.0),
        tilt: [0.06 * wave(8.3, 1.5), 0.08 + 0.04 * wave(6.1, 0.0)],
    }
}

fn street() -> Canvas {
    // Half the resolution is enough: the background is out of focus.
    let mut canvas = Canvas::new(WIDTH, HEIGHT, 0.5);
    canvas.gradient(&[
        (0.0, hex(0x0a1120)),
        (230.0, hex(0x16233a)),
        (430.0, hex(0x1d2533)),
        (500.0, hex(0x1a1c22)),
        (HEIGHT as f32, hex(0x0b0b0e)),
    ]);
    for (x, half, top, colour) in [
        (110.0, 120.0, 250.0, 0x131d2e),
        (330.0, 80.0, 310.0, 0x18243a),
        (560.0, 130.0, 275.0, 0x121b2b),
        (980.0, 110.0, 295.0, 0x17223a),
        (1190.0, 110.0, 240.0, 0x121a2a),
    ] {
        canvas.paint(rounded([x, top + 150.0], [half, 150.0], 4.0), 26.0, hex(colour), 1.0);
    }
    for (x, y) in [
        (70, 330),
        (95, 370),
        (150, 330),
        (305, 380),
        (350, 420),
        (520, 340),
        (600, 385),
        (950, 350),
        (1010, 395),
        (1170, 330),
        (1225, 370),
    ] {
        canvas.paint(rounded([x as f32, y as f32], [11.0, 9.0], 3.0), 16.0, hex(0xd9a866), 0.55);
    }
    canvas.paint(rounded([640.0, 505.0], [700.0, 8.0], 4.0), 22.0, hex(0x4b463f), 0.75);
    for x in [90.0, 420.0, 1150.0] {
        canvas.paint(rounded([x, 580.0], [14.0, 90.0], 6.0), 26.0, hex(0x23252b), 0.8);
    }
    canvas.paint(ellipse([640.0, 740.0], [760.0, 150.0]), 160.0, hex(0x2b211d), 0.6);
    for (x, y, radius, colour, opacity) in [
        (128.0, 168.0, 50.0, 0xc98a3c, 0.62),
        (282.0, 112.0, 33.0, 0xd0ab82, 0.55),
        (404.0, 214.0, 42.0, 0xb4673c, 0.52),
        (514.0, 92.0, 21.0, 0x7d96c4, 0.55),
        (742.0, 74.0, 24.0, 0xd3b48d, 0.55),
        (902.0, 128.0, 56.0, 0xa98c5e, 0.5),
        (1072.0, 206.0, 40.0, 0x5573b4, 0.6),
        (1168.0, 98.0, 46.0, 0xc08236, 0.58),
        (1034.0, 336.0, 26.0, 0xa4603f, 0.5),
        (66.0, 352.0, 30.0, 0xa8713f, 0.5),
        (226.0, 290.0, 18.0, 0x6f8ac0, 0.4),
    ] {
        canvas.paint(disc([x, y], radius), 9.0, hex(colour), opacity);
        canvas.paint(disc([x, y], radius * 0.82), 14.0, hex(colour), opacity * 0.35);
    }
    canvas
}

fn person(canvas: &mut Canvas) {
    let coat = hex(0x1c2a3f);
    canvas.paint(rounded([770.0, 660.0], [270.0, 300.0], 190.0), 60.0, hex(0x0d141f), 0.9);
    canvas.paint(rounded([775.0, 670.0], [235.0, 275.0], 170.0), 70.0, coat, 1.0);
    canvas.paint(rounded([788.0, 380.0], [62.0, 70.0], 40.0), 40.0, hex(0x3b2f2b), 1.0);
    canvas.paint(ellipse([792.0, 236.0], [106.0, 146.0]), 38.0, hex(0x6f5546), 1.0);
    canvas.paint(ellipse([756.0, 262.0], [64.0, 96.0]), 70.0, hex(0xb18d74), 0.6);
    canvas.paint(ellipse([800.0, 128.0], [122.0, 84.0]), 44.0, hex(0x0b0c10), 1.0);
    canvas.paint(ellipse([884.0, 208.0], [36.0, 100.0]), 44.0, hex(0x0b0c10), 0.9);
    canvas.paint(rounded([776.0, 316.0], [86.0, 58.0], 42.0), 34.0, hex(0xa9bacf), 0.95);
    canvas.paint(rounded([756.0, 306.0], [52.0, 34.0], 30.0), 50.0, hex(0xdfe8f2), 0.55);
    // The light of the phone's screen on the person.
    canvas.paint(ellipse([655.0, 430.0], [330.0, 330.0]), 420.0, hex(0x8fb0dc), 0.20);
}

/// Doubles the canvas bilinearly to the size of the picture.
fn planes(canvas: &Canvas) -> Planes {
    let reduced: Vec<[u8; 3]> = canvas.pixels.iter().map(|&pixel| ycc(pixel)).collect();
    let area = WIDTH * HEIGHT;
    let mut planes = Planes {
        width: WIDTH,
        luma: Vec::with_capacity(area),
        blue: Vec::with_capacity(area),
        red: Vec::with_capacity(area),
    };
    let nearest = |at: usize, limit: usize| {
        let half = at / 2;
        (half, if at.is_multiple_of(2) { half.saturating_sub(1) } else { (half + 1).min(limit - 1) })
    };
    for y in 0..HEIGHT {
        let (row, next_row) = nearest(y, canvas.height);
        for x in 0..WIDTH {
            let (column, next_column) = nearest(x, canvas.width);
            let at = |row: usize, column: usize| reduced[row * canvas.width + column];
            let (a, b) = (at(row, column), at(row, next_column));
            let (c, d) = (at(next_row, column), at(next_row, next_column));
            let mix = |i: usize| {
                ((9 * u32::from(a[i]) + 3 * u32::from(b[i]) + 3 * u32::from(c[i]) + u32::from(d[i]) + 8) / 16)
                    as u8
            };
            planes.luma.push(mix(0));
            planes.blue.push(mix(1));
            planes.red.push(mix(2));
        }
    }
    planes
}

/// Returns noise with a roughly normal distribution (sums of three uniform values) from a fixed
/// seed, so that every run gives the same pictures.
fn noise() -> Vec<i8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut uniform = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        ((state >> 33) % 5) as i8 - 2
    };
    (0..NOISE).map(|_| uniform() + uniform() + uniform()).collect()
}
