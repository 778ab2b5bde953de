//! Black and white: thresholds, and the bitmap that the decoder works on.

use image::{GenericImage, GenericImageView, GrayImage, Luma};

use crate::frame::GreyFrame;

/// Where the line between black and white lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Threshold {
    /// The mean of a square around the pixel: its side is the frame's longest side over `part`,
    /// and black is what is `drop` per cent under the mean.
    Local { part: usize, drop: u32 },
}

impl Threshold {
    /// One byte a pixel: 1 is black.
    pub(crate) fn apply(self, frame: &GreyFrame) -> Vec<u8> {
        match self {
            Self::Local { part, drop } => {
                let side = (frame.width().max(frame.height()) / part.max(1)).max(9);
                local(frame, side / 2, drop)
            }
        }
    }
}

fn local(frame: &GreyFrame, radius: usize, drop: u32) -> Vec<u8> {
    let (width, height) = (frame.width(), frame.height());
    let mut black = Vec::with_capacity(width * height);
    // Column sums of the rows in reach slide down; a running sum slides across them.
    let mut columns = vec![0u32; width];
    let keep = 100 - drop.min(100);
    let mut rows = 0u32;
    for y in 0..radius.min(height) {
        add(&mut columns, frame.row(y));
        rows += 1;
    }
    for y in 0..height {
        if y + radius < height {
            add(&mut columns, frame.row(y + radius));
            rows += 1;
        }
        if y > radius {
            for (sum, &pixel) in columns.iter_mut().zip(frame.row(y - radius - 1)) {
                *sum -= u32::from(pixel);
            }
            rows -= 1;
        }
        let mut sum: u64 = columns[..radius.min(width)].iter().map(|&c| u64::from(c)).sum();
        let mut reach = radius.min(width) as u64;
        for (x, &pixel) in frame.row(y).iter().enumerate() {
            if let Some(&column) = columns.get(x + radius) {
                sum += u64::from(column);
                reach += 1;
            }
            if x > radius {
                sum -= u64::from(columns[x - radius - 1]);
                reach -= 1;
            }
            let area = reach * u64::from(rows);
            black.push(u8::from(u64::from(pixel) * area * 100 < sum * u64::from(keep)));
        }
    }
    black
}

fn add(columns: &mut [u32], row: &[u8]) {
    for (sum, &pixel) in columns.iter_mut().zip(row) {
        *sum += u32::from(pixel);
    }
}

/// The decoder's canvas. The decoder copies it for each trial arrangement of finder patterns, and
/// a hostile picture has millions of those: the copy is where it can be stopped.
pub(crate) struct Canvas<'a> {
    pixels: GrayImage,
    out_of_time: &'a dyn Fn() -> bool,
}

/// What unwinds through the decoder when its time is up.
pub(crate) struct OutOfTime;

impl<'a> Canvas<'a> {
    pub(crate) fn new(
        width: usize,
        height: usize,
        black: Vec<u8>,
        out_of_time: &'a dyn Fn() -> bool,
    ) -> Option<Self> {
        let (width, height) = (u32::try_from(width).ok()?, u32::try_from(height).ok()?);
        Some(Self { pixels: GrayImage::from_raw(width, height, black)?, out_of_time })
    }
}

impl Clone for Canvas<'_> {
    fn clone(&self) -> Self {
        if (self.out_of_time)() {
            // Not a panic: no hook runs, and nothing is printed.
            std::panic::resume_unwind(Box::new(OutOfTime));
        }
        Self { pixels: self.pixels.clone(), out_of_time: self.out_of_time }
    }
}

impl GenericImageView for Canvas<'_> {
    type Pixel = Luma<u8>;

    #[inline]
    fn dimensions(&self) -> (u32, u32) {
        self.pixels.dimensions()
    }

    #[inline]
    fn get_pixel(&self, x: u32, y: u32) -> Luma<u8> {
        *self.pixels.get_pixel(x, y)
    }
}

impl GenericImage for Canvas<'_> {
    #[inline]
    fn get_pixel_mut(&mut self, x: u32, y: u32) -> &mut Luma<u8> {
        self.pixels.get_pixel_mut(x, y)
    }

    #[inline]
    fn put_pixel(&mut self, x: u32, y: u32, pixel: Luma<u8>) {
        self.pixels.put_pixel(x, y, pixel);
    }

    fn blend_pixel(&mut self, x: u32, y: u32, pixel: Luma<u8>) {
        self.pixels.put_pixel(x, y, pixel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_threshold_follows_the_light() {
        // A ramp of light with one dark column in each half: both are found, nothing else is.
        let row: Vec<u8> = (0..100u8).map(|x| if x == 20 || x == 80 { x } else { 50 + x * 2 }).collect();
        let frame = GreyFrame::new(100, 20, row.repeat(20)).unwrap();
        let black = Threshold::Local { part: 8, drop: 25 }.apply(&frame);
        let found: Vec<usize> = (0..100).filter(|&x| black[10 * 100 + x] == 1).collect();
        assert_eq!(found, [20, 80]);
    }
}
