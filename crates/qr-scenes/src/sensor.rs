//! Converts light to bytes: noise, gamma curve, compression.

use jpeg_encoder::{ColorType, Encoder};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use crate::noise::Grain;
use crate::optics::Linear;

/// How the camera converts light to luma.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sensor {
    /// Electrons in a pixel at full scale, after the gain. The signal-to-noise ratio of white is the square
    /// root of this. 10,000 in daylight, 400 in a room in the evening, 50 at dusk.
    pub full_electrons: f32,
    /// Readout noise of a pixel in electrons.
    pub read_electrons: f32,
    /// Luma is light to the power of 1 / gamma.
    pub gamma: f32,
    /// Quality from 1 to 100 (by the IJG's tables) if the frame is sent as Motion JPEG.
    pub mjpeg: Option<u8>,
}

impl Sensor {
    pub(crate) fn expose(&self, linear: &Linear, seed: u64) -> Vec<u8> {
        let curve = Curve::new(self.gamma);
        let mut grain = Grain::new(seed, linear.width);
        let mut luma = Vec::with_capacity(linear.light.len());
        let read = self.read_electrons * self.read_electrons;
        for row in linear.light.chunks_exact(linear.width) {
            for (light, grain) in row.iter().zip(grain.row(linear.width)) {
                let electrons = light * self.full_electrons;
                let noisy = electrons + (electrons + read).sqrt() * grain;
                luma.push(curve.luma(noisy / self.full_electrons));
            }
        }
        luma
    }
}

/// Encodes and decodes a picture. `None` if that fails.
pub(crate) fn through_mjpeg(luma: &[u8], width: usize, height: usize, quality: u8) -> Option<Vec<u8>> {
    let mut jpeg = Vec::with_capacity(luma.len() / 4);
    let size = (u16::try_from(width).ok()?, u16::try_from(height).ok()?);
    Encoder::new(&mut jpeg, quality.clamp(1, 100)).encode(luma, size.0, size.1, ColorType::Luma).ok()?;
    let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::Luma);
    JpegDecoder::new_with_options(ZCursor::new(jpeg), options).decode().ok()
}

/// The gamma curve as a table: a power for each pixel would cost more than the rest of the rendering.
struct Curve(Vec<u8>);

const STEPS: usize = 1 << 14;

impl Curve {
    fn new(gamma: f32) -> Self {
        let luma = |step: usize| (255.0 * (step as f32 / STEPS as f32).powf(1.0 / gamma) + 0.5) as u8;
        Self((0..=STEPS).map(luma).collect())
    }

    fn luma(&self, light: f32) -> u8 {
        self.0[(light.clamp(0.0, 1.0) * STEPS as f32) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grey(light: f32) -> Linear {
        Linear { width: 400, height: 100, light: vec![light; 40_000] }
    }

    #[test]
    fn noise_keeps_the_mean_and_is_as_strong_as_stated() {
        for electrons in [100.0, 1000.0] {
            let sensor = Sensor { full_electrons: electrons, read_electrons: 3.0, gamma: 1.0, mjpeg: None };
            let luma = sensor.expose(&grey(0.5), 7);
            let mean = luma.iter().map(|&y| f32::from(y)).sum::<f32>() / 40_000.0;
            let spread = (luma.iter().map(|&y| (f32::from(y) - mean).powi(2)).sum::<f32>() / 40_000.0).sqrt();
            assert!((mean - 127.5).abs() < 1.0, "{mean}");
            let expected = 255.0 * (electrons / 2.0 + 9.0).sqrt() / electrons;
            assert!((spread / expected - 1.0).abs() < 0.05, "{spread} for {expected}");
        }
    }

    #[test]
    fn the_curve_lifts_middle_greys() {
        let sensor = Sensor { full_electrons: 1e9, read_electrons: 0.0, gamma: 2.2, mjpeg: None };
        for (light, luma) in [(0.0, 0), (0.18, 117), (1.0, 255), (3.0, 255)] {
            assert!(sensor.expose(&grey(light), 1)[99].abs_diff(luma) <= 1, "{light}");
        }
    }

    #[test]
    fn less_quality_is_farther_from_the_picture() {
        let luma: Vec<u8> =
            (0..64 * 64).map(|at| if (at / 5 + at / 64 / 3) % 2 == 0 { 30 } else { 220 }).collect();
        let off = |quality| {
            let decoded = through_mjpeg(&luma, 64, 64, quality).unwrap();
            assert_eq!(decoded.len(), luma.len());
            luma.iter().zip(&decoded).map(|(a, b)| u64::from(a.abs_diff(*b))).sum::<u64>()
        };
        assert!(off(95) < off(50) && off(50) < off(10), "{} {} {}", off(95), off(50), off(10));
    }
}
