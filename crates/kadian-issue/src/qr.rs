//! Drawing QR codes: crisp, with the quiet zone that readers need.

use image::{GrayImage, Luma};
use qrcode::{Color, EcLevel, QrCode};

/// Width of the white border (the quiet zone of ISO/IEC 18004 §6.3.8), in modules.
const QUIET: usize = 4;
/// Pixels for each module in a picture: sharp on paper and on a phone.
const PIXELS: usize = 8;

/// The modules of a code, quiet zone included.
pub struct Drawing {
    side: usize,
    dark: Vec<bool>,
}

impl Drawing {
    /// Draws a text at level M; `None` where no QR code can hold it.
    pub fn new(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        let width = code.width();
        let side = width + 2 * QUIET;
        let mut dark = vec![false; side * side];
        for (at, color) in code.to_colors().into_iter().enumerate() {
            let (x, y) = (at % width + QUIET, at / width + QUIET);
            if let Some(module) = dark.get_mut(y * side + x) {
                *module = color == Color::Dark;
            }
        }
        Some(Self { side, dark })
    }

    /// Returns a grey PNG.
    pub fn to_png(&self) -> Result<Vec<u8>, String> {
        let side = (self.side * PIXELS) as u32;
        let picture = GrayImage::from_fn(side, side, |x, y| {
            let at = (y as usize / PIXELS) * self.side + x as usize / PIXELS;
            Luma([if self.dark.get(at) == Some(&true) { 0 } else { 255 }])
        });
        let mut png = std::io::Cursor::new(Vec::new());
        picture
            .write_to(&mut png, image::ImageFormat::Png)
            .map_err(|error| format!("a picture could not be made: {error}"))?;
        Ok(png.into_inner())
    }

    /// Returns an SVG that scales to its container: one path, with a run of modules at a time.
    pub fn to_svg(&self) -> String {
        use std::fmt::Write as _;
        let side = self.side;
        let mut path = String::new();
        for (y, row) in self.dark.chunks(side).enumerate() {
            let mut x = 0;
            while x < side {
                let run = row.iter().skip(x).take_while(|dark| **dark).count();
                if run > 0 {
                    // Writing to a String cannot fail.
                    let _ = write!(path, "M{x} {y}h{run}v1h-{run}z");
                }
                x += run.max(1);
            }
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" \
             shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}h-{side}z\"/>\
             <path d=\"{path}\"/></svg>"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_has_its_quiet_zone_and_more_than_a_qr_holds_is_none() {
        let drawing = Drawing::new("KD1:TEST").unwrap();
        assert_eq!(drawing.side, 21 + 2 * QUIET);
        for at in 0..drawing.side {
            assert!(!drawing.dark[at] && !drawing.dark[(QUIET - 1) * drawing.side + at]);
        }
        assert!(drawing.dark[QUIET * drawing.side + QUIET], "the finder begins at the corner");
        let picture = image::load_from_memory(&drawing.to_png().unwrap()).unwrap();
        assert_eq!(picture.width() as usize, drawing.side * PIXELS);
        assert!(drawing.to_svg().contains("M4 4h7v1h-7z"));
        assert!(Drawing::new(&"A".repeat(5000)).is_none());
    }
}
