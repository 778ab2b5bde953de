//! Loads the photographs as views: the size that a camera would give, grey, upright and turned by a right
//! angle, and two changed ones. An order that is chosen by them leans less on one picture's accidents.

use std::path::Path;

use code_reader::GreyFrame;
use sha2::{Digest as _, Sha256};

/// Longest side of a view in pixels.
const SIDE: usize = 1280;

/// A picture in one of its ways.
pub struct View {
    pub path: String,
    pub way: usize,
    /// Pictures of the same text belong together.
    pub group: String,
    pub frame: GreyFrame,
    accepted: Vec<String>,
}

impl View {
    pub fn has_code(&self) -> bool {
        !self.accepted.is_empty()
    }

    pub fn accepts(&self, text: &str) -> bool {
        use std::fmt::Write as _;
        let digest = Sha256::digest(text.as_bytes());
        let mut hex = String::new();
        digest.iter().for_each(|byte| write!(hex, "{byte:02x}").unwrap());
        self.accepted.contains(&hex)
    }
}

pub fn load(dir: &Path) -> Vec<View> {
    let manifest = std::fs::read_to_string(dir.join("manifest.tsv")).unwrap();
    let mut views = Vec::new();
    for line in manifest.lines().skip(1) {
        let mut columns = line.split('\t');
        let (Some(path), Some(expected)) = (columns.next(), columns.next()) else { continue };
        let expected = expected.strip_prefix("any-of:").unwrap_or(expected);
        let accepted: Vec<String> =
            expected.split(',').filter(|hash| *hash != "-").map(str::to_owned).collect();
        let picture = image::ImageReader::open(dir.join(path)).unwrap().with_guessed_format().unwrap();
        let Ok(picture) = picture.decode() else {
            eprintln!("cannot open {path}");
            continue;
        };
        let frame = GreyFrame::from_image(&picture).unwrap().shrunk(SIDE);
        let ways = [frame.rotate90(), turned(&frame), dim(&frame), frame];
        for (way, frame) in ways.into_iter().enumerate() {
            let group = accepted.first().cloned().unwrap_or_else(|| path.to_owned());
            views.push(View { path: path.to_owned(), way, group, frame, accepted: accepted.clone() });
        }
    }
    views
}

/// Turns a picture by 20° and makes it a fifth smaller, on grey.
fn turned(frame: &GreyFrame) -> GreyFrame {
    let (width, height) = (frame.width(), frame.height());
    let (sine, cosine) = 20f32.to_radians().sin_cos();
    let pixel = |at: usize| {
        let (x, y) = ((at % width) as f32 - width as f32 / 2.0, (at / width) as f32 - height as f32 / 2.0);
        let (x, y) = ((x * cosine + y * sine) * 1.25, (y * cosine - x * sine) * 1.25);
        let (x, y) = (x + width as f32 / 2.0, y + height as f32 / 2.0);
        if x < 0.0 || y < 0.0 || x >= (width - 1) as f32 || y >= (height - 1) as f32 {
            return 128;
        }
        let (left, top) = (x as usize, y as usize);
        let luma = |x: usize, y: usize| f32::from(frame.pixels()[y * width + x]);
        let (fx, fy) = (x - left as f32, y - top as f32);
        let upper = luma(left, top) * (1.0 - fx) + luma(left + 1, top) * fx;
        let lower = luma(left, top + 1) * (1.0 - fx) + luma(left + 1, top + 1) * fx;
        (upper * (1.0 - fy) + lower * fy) as u8
    };
    GreyFrame::new(width, height, (0..width * height).map(pixel).collect()).unwrap()
}

/// Makes a picture darker and noisy.
fn dim(frame: &GreyFrame) -> GreyFrame {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut noise = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / (1u64 << 24) as f32 - 0.5
    };
    let pixels = frame.pixels().iter().map(|&luma| (f32::from(luma) * 0.6 + 8.0 + 16.0 * noise()) as u8);
    GreyFrame::new(frame.width(), frame.height(), pixels.collect()).unwrap()
}
