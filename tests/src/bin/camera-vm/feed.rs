//! Feeds a v4l2loopback device.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use stage::Photo;
use v4l::video::Output as _;
use v4l::{Device, Format, FourCC};

/// Text of the code before every camera that the judge feeds.
pub const TEXT: &str = "KD1:6BF0A1X9Z$%*+-./:7Q6BF0A1X9Z";
/// Formats that are fed, each 1280 × 720.
pub const CODES: [&str; 3] = ["MJPG", "YUYV", "GREY"];
const SIZE: (usize, usize) = (1280, 720);
const TURNS: usize = 3;
const BETWEEN: Duration = Duration::from_millis(50);

/// Writes frames in each format that show a code with this text.
pub fn write(folder: &Path, text: &str) {
    fs::create_dir_all(folder).unwrap();
    let photo = Photo::Code(text.to_owned());
    for code in CODES {
        for turn in 0..TURNS {
            let frame = photo.frame(code, SIZE.0, SIZE.1, turn).unwrap();
            fs::write(folder.join(format!("{code}-{turn}")), frame).unwrap();
        }
    }
}

pub fn run(device: &Path, code: &str, frames: &Path, cut: bool) {
    let mut output = Device::with_path(device).unwrap();
    let fourcc = FourCC::new(code.as_bytes().try_into().unwrap());
    let mut format = Format::new(SIZE.0 as u32, SIZE.1 as u32, fourcc);
    format.size = (SIZE.0 * SIZE.1 * 2) as u32;
    output.set_format(&format).unwrap();
    let frames: Vec<Vec<u8>> =
        (0..TURNS).map(|turn| fs::read(frames.join(format!("{code}-{turn}"))).unwrap()).collect();
    for frame in frames.iter().cycle() {
        let length = if cut { frame.len() / 3 } else { frame.len() };
        output.write_all(&frame[..length]).unwrap();
        std::thread::sleep(BETWEEN);
    }
}
