//! The preview: a picture as a person sees it, compressed once and only when asked for.

use std::sync::{Arc, OnceLock};

use code_reader::GreyFrame;
use jpeg_encoder::{Encoder, ImageBuffer, JpegColorType, SamplingFactor};

/// JPEG quality of previews that the camera did not compress itself.
pub(crate) const QUALITY: u8 = 80;

/// The colour of a picture, which the preview needs in addition to the luma.
#[derive(Debug, Clone)]
pub(crate) enum Colours {
    /// The whole picture as the camera's own JPEG.
    Jpeg(Arc<[u8]>),
    /// None: the picture is grey.
    Grey,
    /// Interleaved blue and red differences (Cb, Cr). Each pair covers a square of `each` × `each`
    /// pixels; `each` is 1 or 2.
    Pairs { pairs: Vec<u8>, each: usize },
    /// One plane of blue and one of red differences, at full resolution.
    Planes { blue: Vec<u8>, red: Vec<u8> },
}

/// A preview that is compressed on demand.
#[derive(Debug, Clone)]
pub(crate) struct Preview {
    colours: Colours,
    jpeg: OnceLock<Option<Arc<[u8]>>>,
}

impl Preview {
    pub(crate) fn new(colours: Colours) -> Self {
        Self { colours, jpeg: OnceLock::new() }
    }

    /// Returns the JPEG. `None` if the picture cannot be compressed.
    pub(crate) fn jpeg(&self, grey: &GreyFrame) -> Option<Arc<[u8]>> {
        if let Colours::Jpeg(jpeg) = &self.colours {
            return Some(Arc::clone(jpeg));
        }
        self.jpeg.get_or_init(|| compress(grey, &self.colours)).clone()
    }
}

fn compress(grey: &GreyFrame, colours: &Colours) -> Option<Arc<[u8]>> {
    let mut jpeg = Vec::with_capacity(256 * 1024);
    let mut encoder = Encoder::new(&mut jpeg, QUALITY);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.encode_image(Image { grey, colours }).ok()?;
    Some(jpeg.into())
}

struct Image<'a> {
    grey: &'a GreyFrame,
    colours: &'a Colours,
}

impl ImageBuffer for Image<'_> {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        match self.colours {
            Colours::Grey | Colours::Jpeg(_) => JpegColorType::Luma,
            Colours::Pairs { .. } | Colours::Planes { .. } => JpegColorType::Ycbcr,
        }
    }

    fn width(&self) -> u16 {
        u16::try_from(self.grey.width()).unwrap_or(0)
    }

    fn height(&self) -> u16 {
        u16::try_from(self.grey.height()).unwrap_or(0)
    }

    fn fill_buffers(&self, y: u16, [luma, blue, red, _]: &mut [Vec<u8>; 4]) {
        const NEUTRAL: u8 = 128;
        let width = self.grey.width();
        let at = usize::from(y) * width;
        luma.extend_from_slice(&self.grey.pixels()[at..at + width]);
        match self.colours {
            Colours::Grey | Colours::Jpeg(_) => {}
            Colours::Planes { blue: blue_plane, red: red_plane } => {
                blue.extend_from_slice(&blue_plane[at..at + width]);
                red.extend_from_slice(&red_plane[at..at + width]);
            }
            Colours::Pairs { pairs, each } => {
                let row = width / each * 2;
                let from = usize::from(y) / each * row;
                // An odd last row or column has no pair of its own.
                let row = pairs.get(from..from + row).unwrap_or_default();
                spread(blue, row, 0, *each);
                spread(red, row, 1, *each);
                blue.resize(blue.len() + (width - row.len() / 2 * each), NEUTRAL);
                red.resize(red.len() + (width - row.len() / 2 * each), NEUTRAL);
            }
        }
    }
}

/// Appends the first (`which` 0) or second (1) value of each pair, repeated `each` times.
fn spread(to: &mut Vec<u8>, pairs: &[u8], which: usize, each: usize) {
    let values = pairs.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair) >> (8 * which));
    if each == 1 {
        to.extend(values.map(|value| value as u8));
        return;
    }
    let start = to.len();
    to.resize(start + pairs.len(), 0);
    for (two, value) in to[start..].as_chunks_mut::<2>().0.iter_mut().zip(values) {
        *two = [value as u8; 2];
    }
}
