//! The picture that rqrr works on, and how it is stopped.

use image::{GenericImage, GenericImageView, GrayImage, Luma};

/// rqrr's picture. The decoder copies it for each trial arrangement of finder patterns, and
/// a hostile picture has millions of those: the copy is where it can be stopped.
pub(crate) struct Bitmap<'a> {
    pixels: GrayImage,
    out_of_time: &'a dyn Fn() -> bool,
}

/// What unwinds through the decoder when its time is up.
pub(crate) struct OutOfTime;

impl<'a> Bitmap<'a> {
    pub(crate) fn new(
        width: usize,
        height: usize,
        pixels: Vec<u8>,
        out_of_time: &'a dyn Fn() -> bool,
    ) -> Option<Self> {
        let (width, height) = (u32::try_from(width).ok()?, u32::try_from(height).ok()?);
        Some(Self { pixels: GrayImage::from_raw(width, height, pixels)?, out_of_time })
    }
}

impl Clone for Bitmap<'_> {
    fn clone(&self) -> Self {
        if (self.out_of_time)() {
            // Not a panic: no hook runs, and nothing is printed.
            std::panic::resume_unwind(Box::new(OutOfTime));
        }
        Self { pixels: self.pixels.clone(), out_of_time: self.out_of_time }
    }
}

impl GenericImageView for Bitmap<'_> {
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

impl GenericImage for Bitmap<'_> {
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
