//! Chooses the best of a device's capture modes. Pure.

use crate::pixels::PixelFormat;

/// Width that is asked of a camera, in pixels.
pub(crate) const WIDTH: u32 = 1280;
/// Height that is asked of a camera, in pixels.
pub(crate) const HEIGHT: u32 = 720;
/// Rate that is asked of a camera, in pictures a second.
pub(crate) const RATE: u32 = 30;

/// A capture mode of a device.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CaptureMode {
    /// The pixel format.
    pub format: PixelFormat,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Highest rate in pictures a second, not always a whole number.
    pub rate: f32,
}

impl std::fmt::Display for CaptureMode {
    /// Writes it as in `1280×720 MJPEG 30/s`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { format, width, height, rate } = self;
        write!(f, "{width}×{height} {} {rate:.0}/s", format.name())
    }
}

/// What a capture mode falls short in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortfall {
    /// The camera has no mode of the wanted size.
    Size,
    /// The camera has the size, but at a lower rate.
    Rate,
}

/// Returns the best mode, or `None` if none is usable.
///
/// One good picture is enough to read a code, so size counts more than rate, down to rates at which
/// people would have to wait. Beyond full HD, a picture takes more time to read than its detail
/// is worth.
#[must_use]
pub fn best_mode(modes: &[CaptureMode]) -> Option<CaptureMode> {
    let usable = modes.iter().filter(|mode| mode.width >= 16 && mode.height >= 16);
    usable.copied().min_by(|a, b| {
        let cost = |mode: &CaptureMode| size_penalty(mode) * 2 + rate_penalty(mode);
        let capped = |mode: &CaptureMode| mode.rate.min(RATE as f32);
        cost(a)
            .cmp(&cost(b))
            .then(capped(b).total_cmp(&capped(a)))
            .then((b.width * b.height).cmp(&(a.width * a.height)))
            .then(a.format.cmp(&b.format))
    })
}

/// Returns what a mode falls short in, or `None` if it is as good as wanted.
#[must_use]
pub fn shortfall(mode: &CaptureMode) -> Option<Shortfall> {
    if size_penalty(mode) > 0 && mode.width * mode.height < WIDTH * HEIGHT {
        Some(Shortfall::Size)
    } else {
        (rate_penalty(mode) > 0).then_some(Shortfall::Rate)
    }
}

fn size_penalty(mode: &CaptureMode) -> u32 {
    match (mode.width, mode.height) {
        (WIDTH, HEIGHT) => 0,
        (1024..=1920, 600..=1080) => 1,
        (640..=2560, 480..=1600) => 2,
        (320.., 240..) => 4,
        _ => 6,
    }
}

fn rate_penalty(mode: &CaptureMode) -> u32 {
    match mode.rate {
        // Some cameras round 30 down to the film rate, 23.976.
        rate if rate >= 23.0 => 0,
        rate if rate >= 14.0 => 1,
        rate if rate >= 9.0 => 2,
        rate if rate >= 4.0 => 4,
        _ => 7,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(format: PixelFormat, width: u32, height: u32, rate: f32) -> CaptureMode {
        CaptureMode { format, width, height, rate }
    }

    #[test]
    fn what_was_wanted_is_taken_where_it_is_offered() {
        let wanted = mode(PixelFormat::Mjpeg, 1280, 720, 30.0);
        let modes = [
            mode(PixelFormat::Yuyv, 640, 480, 30.0),
            mode(PixelFormat::Yuyv, 1280, 720, 10.0),
            mode(PixelFormat::Mjpeg, 1920, 1080, 30.0),
            mode(PixelFormat::Mjpeg, 1280, 720, 60.0),
            wanted,
            mode(PixelFormat::Yuyv, 1280, 720, 30.0),
        ];
        let taken = best_mode(&modes).unwrap();
        assert_eq!((taken.format, taken.width, taken.height), (PixelFormat::Mjpeg, 1280, 720));
        assert_eq!(shortfall(&wanted), None);
        assert_eq!(shortfall(&mode(PixelFormat::Yuyv, 1280, 720, 30_000.0 / 1001.0)), None);
    }

    #[test]
    fn less_is_taken_with_its_reason() {
        let usb2 = [mode(PixelFormat::Yuyv, 640, 480, 30.0), mode(PixelFormat::Yuyv, 1280, 720, 10.0)];
        let taken = best_mode(&usb2).unwrap();
        assert_eq!((taken.width, shortfall(&taken)), (1280, Some(Shortfall::Rate)));
        let small = [mode(PixelFormat::Mjpeg, 640, 480, 30.0), mode(PixelFormat::Yuyv, 320, 240, 30.0)];
        let taken = best_mode(&small).unwrap();
        assert_eq!((taken.width, shortfall(&taken)), (640, Some(Shortfall::Size)));
        // One picture a second, as some devices offer first, is never preferred.
        let odd = [mode(PixelFormat::Mjpeg, 1280, 720, 1.0), mode(PixelFormat::Mjpeg, 640, 480, 30.0)];
        assert_eq!(best_mode(&odd).unwrap().width, 640);
        let large = [mode(PixelFormat::Mjpeg, 3840, 2160, 30.0), mode(PixelFormat::Mjpeg, 1920, 1080, 30.0)];
        let taken = best_mode(&large).unwrap();
        assert_eq!((taken.width, shortfall(&taken)), (1920, None));
        assert_eq!(best_mode(&[]), None);
        assert_eq!(best_mode(&[mode(PixelFormat::Grey, 0, 0, 30.0)]), None);
    }
}
