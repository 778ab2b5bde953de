//! The picture type that rqrr works on, through which it can be stopped.

use std::cell::RefCell;

use image::{GenericImage, GenericImageView, GrayImage, Luma};

/// Most bitmaps whose memory is kept for reuse.
const POOLED: usize = 4;

/// rqrr's picture.
///
/// The decoder copies it for each arrangement of finder patterns that it tries, and a hostile picture
/// has millions of those. So the copy looks at the clock.
pub(crate) struct Bitmap<'a> {
    pixels: GrayImage,
    pool: &'a Pool,
    out_of_time: &'a dyn Fn() -> bool,
}

/// The payload that unwinds through the decoder when its time is up.
pub(crate) struct OutOfTime;

/// Memory of dropped bitmaps, for reuse.
#[derive(Debug, Default)]
pub(crate) struct Pool(RefCell<Vec<Vec<u8>>>);

impl Pool {
    fn take(&self, pixels: impl Iterator<Item = u8>) -> Vec<u8> {
        let mut memory = self.0.borrow_mut().pop().unwrap_or_default();
        memory.clear();
        memory.extend(pixels);
        memory
    }
}

impl<'a> Bitmap<'a> {
    pub(crate) fn new(
        width: usize,
        height: usize,
        pixels: impl Iterator<Item = u8>,
        pool: &'a Pool,
        out_of_time: &'a dyn Fn() -> bool,
    ) -> Option<Self> {
        let (width, height) = (u32::try_from(width).ok()?, u32::try_from(height).ok()?);
        let pixels = GrayImage::from_raw(width, height, pool.take(pixels))?;
        Some(Self { pixels, pool, out_of_time })
    }
}

impl Clone for Bitmap<'_> {
    fn clone(&self) -> Self {
        if (self.out_of_time)() {
            // Unlike a panic, this runs no hook and prints nothing.
            std::panic::resume_unwind(Box::new(OutOfTime));
        }
        let (width, height) = self.pixels.dimensions();
        let memory = self.pool.take(self.pixels.iter().copied());
        // The memory has exactly this picture's size. Otherwise the picture is cloned the slow way.
        let pixels = GrayImage::from_raw(width, height, memory).unwrap_or_else(|| self.pixels.clone());
        Self { pixels, pool: self.pool, out_of_time: self.out_of_time }
    }
}

impl Drop for Bitmap<'_> {
    fn drop(&mut self) {
        let memory = std::mem::take(&mut self.pixels).into_raw();
        if let Ok(mut pool) = self.pool.0.try_borrow_mut()
            && pool.len() < POOLED
        {
            pool.push(memory);
        }
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
