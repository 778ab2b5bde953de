//! Which of a device's formats, and why not a better one. Pure.

use crate::limits::{HEIGHT, RATE, WIDTH};

/// How a device puts its pixels, of what this program understands. In the order in which they are
/// preferred where all else is equal: Motion-JPEG leaves room on a shared bus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pixels {
    /// `MJPG`, `JPEG`: one JPEG a frame.
    Mjpeg,
    /// `YUYV`: luma in each even byte.
    Yuyv,
    /// `UYVY`: luma in each odd byte.
    Uyvy,
    /// `NV12`: all luma, then two colour differences in turn.
    Nv12,
    /// `GREY`: luma alone.
    Grey,
}

/// One thing that a device offers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Offer {
    /// How it puts its pixels.
    pub pixels: Pixels,
    /// Across.
    pub width: u32,
    /// Down.
    pub height: u32,
    /// Pictures a second, at most; not always a whole number.
    pub rate: f32,
}

/// Why a camera runs with less than was wanted of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lesser {
    /// It does not offer the size.
    Size,
    /// It offers the size, and too few pictures a second.
    Rate,
}

impl Pixels {
    /// From a V4L2 code. Grey is `GREY` there, whatever other libraries call it.
    #[must_use]
    pub fn from_fourcc(code: [u8; 4]) -> Option<Self> {
        match &code {
            b"MJPG" | b"JPEG" => Some(Self::Mjpeg),
            b"YUYV" => Some(Self::Yuyv),
            b"UYVY" => Some(Self::Uyvy),
            b"NV12" => Some(Self::Nv12),
            b"GREY" => Some(Self::Grey),
            _ => None,
        }
    }

    /// What a person reads.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Mjpeg => "MJPEG",
            Self::Yuyv => "YUYV",
            Self::Uyvy => "UYVY",
            Self::Nv12 => "NV12",
            Self::Grey => "GREY",
        }
    }
}

/// The best of what is offered. A code is read in one good picture, so that size counts more than
/// rate, down to rates at which a queue would notice; beyond full HD the time to look at a picture
/// outweighs what is seen on it.
#[must_use]
pub fn best(offers: &[Offer]) -> Option<Offer> {
    let usable = offers.iter().filter(|offer| offer.width >= 16 && offer.height >= 16);
    usable.copied().min_by(|a, b| {
        let cost = |offer: &Offer| lack_of_size(offer) * 2 + lack_of_rate(offer);
        let capped = |offer: &Offer| offer.rate.min(RATE as f32);
        cost(a)
            .cmp(&cost(b))
            .then(capped(b).total_cmp(&capped(a)))
            .then((b.width * b.height).cmp(&(a.width * a.height)))
            .then(a.pixels.cmp(&b.pixels))
    })
}

/// Why this offer is less than what was wanted, if it is.
#[must_use]
pub fn lesser(offer: &Offer) -> Option<Lesser> {
    if lack_of_size(offer) > 0 && offer.width * offer.height < WIDTH * HEIGHT {
        Some(Lesser::Size)
    } else {
        (lack_of_rate(offer) > 0).then_some(Lesser::Rate)
    }
}

fn lack_of_size(offer: &Offer) -> u32 {
    match (offer.width, offer.height) {
        (WIDTH, HEIGHT) => 0,
        (1024..=1920, 600..=1080) => 1,
        (640..=2560, 480..=1600) => 2,
        (320.., 240..) => 4,
        _ => 6,
    }
}

fn lack_of_rate(offer: &Offer) -> u32 {
    match offer.rate {
        // 23.98 is a film's rate, and sold as thirty's neighbour.
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

    fn offer(pixels: Pixels, width: u32, height: u32, rate: f32) -> Offer {
        Offer { pixels, width, height, rate }
    }

    #[test]
    fn what_was_wanted_is_taken_where_it_is_offered() {
        let wanted = offer(Pixels::Mjpeg, 1280, 720, 30.0);
        let offers = [
            offer(Pixels::Yuyv, 640, 480, 30.0),
            offer(Pixels::Yuyv, 1280, 720, 10.0),
            offer(Pixels::Mjpeg, 1920, 1080, 30.0),
            offer(Pixels::Mjpeg, 1280, 720, 60.0),
            wanted,
            offer(Pixels::Yuyv, 1280, 720, 30.0),
        ];
        let taken = best(&offers).unwrap();
        assert_eq!((taken.pixels, taken.width, taken.height), (Pixels::Mjpeg, 1280, 720));
        assert_eq!(lesser(&wanted), None);
        assert_eq!(lesser(&offer(Pixels::Yuyv, 1280, 720, 30_000.0 / 1001.0)), None);
    }

    #[test]
    fn less_is_taken_with_its_reason() {
        let usb2 = [offer(Pixels::Yuyv, 640, 480, 30.0), offer(Pixels::Yuyv, 1280, 720, 10.0)];
        let taken = best(&usb2).unwrap();
        assert_eq!((taken.width, lesser(&taken)), (1280, Some(Lesser::Rate)));
        let small = [offer(Pixels::Mjpeg, 640, 480, 30.0), offer(Pixels::Yuyv, 320, 240, 30.0)];
        let taken = best(&small).unwrap();
        assert_eq!((taken.width, lesser(&taken)), (640, Some(Lesser::Size)));
        // One picture a second, as some devices offer first, is never preferred.
        let odd = [offer(Pixels::Mjpeg, 1280, 720, 1.0), offer(Pixels::Mjpeg, 640, 480, 30.0)];
        assert_eq!(best(&odd).unwrap().width, 640);
        let large = [offer(Pixels::Mjpeg, 3840, 2160, 30.0), offer(Pixels::Mjpeg, 1920, 1080, 30.0)];
        let taken = best(&large).unwrap();
        assert_eq!((taken.width, lesser(&taken)), (1920, None));
        assert_eq!(best(&[]), None);
        assert_eq!(best(&[offer(Pixels::Grey, 0, 0, 30.0)]), None);
    }
}
