//! Frames as a webcam sends them: rendered scenes with a sensor's noise, in colour.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use qr_scenes::{Code, Dice, Level, Scene};

/// Width and height to which a scene's sizes refer. Other sizes show the same scene, scaled.
const USUAL: [usize; 2] = [1280, 720];
/// JPEG quality of usual webcams.
const QUALITY: u8 = 85;

/// A picture, before it becomes the bytes of a device.
pub struct Shot {
    pub width: usize,
    pub height: usize,
    luma: Vec<u8>,
    /// Text of the code in it.
    pub text: String,
}

impl Shot {
    /// Renders a code as a camera with the same lens and this many pixels sees it. `pitch` is the size
    /// of a module in pixels at the usual size. Each seed has its own text, turn, tilt and noise.
    pub fn new([width, height]: [usize; 2], pitch: f32, blur: f32, seed: u64) -> Self {
        let scale = width as f32 / USUAL[0] as f32;
        let mut dice = Dice::new(seed);
        let mut scene = Scene::clear(Code::like_kd1(seed, 13, Level::M).unwrap(), pitch * scale, seed);
        scene.frame = [width, height];
        scene.pose.centre = [width as f32 * dice.between(0.4, 0.6), height as f32 * dice.between(0.45, 0.55)];
        scene.pose.focal_px *= scale;
        scene.pose.turn = dice.between(-15.0, 15.0);
        scene.pose.tilt = [dice.between(-15.0, 15.0), dice.between(-15.0, 15.0)];
        scene.lens.blur_px = blur * scale;
        scene.sensor.full_electrons = 3000.0;
        let text = scene.code.text().to_owned();
        Self { width, height, luma: scene.render().unwrap().luma, text }
    }

    /// Renders the same wall with nobody before it.
    pub fn empty(size: [usize; 2], seed: u64) -> Self {
        // A code whose modules are smaller than a pixel is a grey spot in a corner.
        Self { text: String::new(), ..Self::new(size, 0.2, 2.0, seed) }
    }

    /// Returns the two colour differences at a pixel: slow changes, and noise that two pixels share.
    fn colour(&self, at: usize) -> [u8; 2] {
        let (x, y) = (at % self.width, at / self.width);
        let noise = ((at as u32 / 2).wrapping_mul(2_654_435_761) >> 29) as usize;
        [110 + 30 * x / self.width + noise, 120 + 30 * y / self.height + noise / 2].map(|value| value as u8)
    }

    /// Encodes it as Motion JPEG, with colours half as wide as luma.
    pub fn mjpeg(&self) -> Vec<u8> {
        let pixel = |(at, &luma): (usize, &u8)| {
            let [blue, red] = self.colour(at);
            [luma, blue, red]
        };
        let pixels: Vec<u8> = self.luma.iter().enumerate().flat_map(pixel).collect();
        let mut jpeg = Vec::new();
        let mut encoder = Encoder::new(&mut jpeg, QUALITY);
        encoder.set_sampling_factor(SamplingFactor::F_2_1);
        encoder.encode(&pixels, self.width as u16, self.height as u16, ColorType::Ycbcr).unwrap();
        jpeg
    }

    /// Encodes it as YUYV.
    pub fn yuyv(&self) -> Vec<u8> {
        let two = |(at, luma): (usize, &[u8; 2])| {
            let [blue, red] = self.colour(at * 2);
            [luma[0], blue, luma[1], red]
        };
        self.luma.as_chunks().0.iter().enumerate().flat_map(two).collect()
    }

    /// Encodes it as NV12.
    pub fn nv12(&self) -> Vec<u8> {
        let pair =
            |at: usize| self.colour(at / (self.width / 2) * 2 * self.width + at % (self.width / 2) * 2);
        let pairs = (0..self.width * self.height / 4).flat_map(pair);
        self.luma.iter().copied().chain(pairs).collect()
    }
}
