//! The pictures that are made of one frame: scaled, filtered, in black and white. Variants share them,
//! and the next frame reuses their memory.

mod filter;
mod scale;
mod threshold;

pub use filter::Filter;
pub use scale::Scale;
pub use threshold::Threshold;

use crate::frame::GreyFrame;
use scale::Shrinker;

/// A scale and a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Preprocessing {
    /// Applied first.
    pub scale: Scale,
    /// Applied to the scaled picture.
    pub filter: Filter,
}

impl Preprocessing {
    const NONE: Self = Self { scale: Scale::Whole, filter: Filter::Plain };

    /// Converts pixels of the preprocessed picture to fractions of the frame.
    pub(crate) fn fraction(self, picture: &GreyFrame, [x, y]: [f64; 2]) -> [f32; 2] {
        let offset = self.filter.offset();
        let part =
            |at: f64, length: usize| ((at - offset) / (length as f64 - 2.0 * offset)).clamp(-1.0, 2.0) as f32;
        [part(x, picture.width()), part(y, picture.height())]
    }
}

/// All pictures of one frame.
#[derive(Debug, Default)]
pub(crate) struct Pictures {
    made: Vec<Picture>,
    black: GreyFrame,
    /// What `black` was made of.
    black_of: Option<(Preprocessing, Threshold)>,
    blocks: threshold::Blocks,
    filters: filter::FilterBuffers,
    shrinker: Shrinker,
    line: Vec<u16>,
}

#[derive(Debug)]
struct Picture {
    preprocessing: Preprocessing,
    grey: GreyFrame,
    /// Made of this frame, not of an earlier one.
    is_fresh: bool,
}

impl Pictures {
    /// Begins a new frame: pictures of the last one no longer count.
    pub(crate) fn clear(&mut self) {
        self.made.iter_mut().for_each(|picture| picture.is_fresh = false);
        self.black_of = None;
    }

    /// Returns the preprocessed frame. `None` if its scale adds nothing for a frame of this size.
    /// `frame` must be the same since the last `clear`.
    pub(crate) fn grey<'a>(
        &'a mut self,
        frame: &'a GreyFrame,
        preprocessing: Preprocessing,
    ) -> Option<&'a GreyFrame> {
        if preprocessing == Preprocessing::NONE {
            return Some(frame);
        }
        let at = self.make(frame, preprocessing)?;
        Some(&self.made[at].grey)
    }

    /// Returns the preprocessed frame, and the same in black (0) and white (255).
    pub(crate) fn black<'a>(
        &'a mut self,
        frame: &'a GreyFrame,
        preprocessing: Preprocessing,
        threshold: Threshold,
    ) -> Option<(&'a GreyFrame, &'a GreyFrame)> {
        // Two variants, one after the other, often want the same.
        if self.black_of != Some((preprocessing, threshold)) {
            let mut black = std::mem::replace(&mut self.black, GreyFrame::hollow());
            let mut blocks = std::mem::take(&mut self.blocks);
            let grey = self.grey(frame, preprocessing);
            if let Some(grey) = grey {
                blocks.apply(threshold, grey, &mut black);
            }
            self.black_of = grey.map(|_| (preprocessing, threshold));
            (self.black, self.blocks) = (black, blocks);
        }
        if preprocessing == Preprocessing::NONE {
            return Some((frame, &self.black));
        }
        let at = self.make(frame, preprocessing)?;
        Some((&self.made[at].grey, &self.black))
    }

    /// Makes a picture unless it is there already. Returns its index.
    fn make(&mut self, frame: &GreyFrame, preprocessing: Preprocessing) -> Option<usize> {
        let Preprocessing { scale, filter } = preprocessing;
        let (width, height) = scale.size(frame.width(), frame.height())?;
        let at = match self.made.iter().position(|known| known.preprocessing == preprocessing) {
            Some(at) if self.made[at].is_fresh => return Some(at),
            Some(at) => at,
            None => {
                self.made.push(Picture { preprocessing, grey: GreyFrame::default(), is_fresh: false });
                self.made.len() - 1
            }
        };
        let mut grey = std::mem::replace(&mut self.made[at].grey, GreyFrame::hollow());
        if filter == Filter::Plain {
            match scale {
                Scale::Whole => grey.clone_from(frame),
                Scale::Double(_) => scale::double(frame, &mut self.line, &mut grey),
                _ => self.shrinker.shrink(frame, width, height, &mut grey),
            }
        } else if scale == Scale::Whole {
            self.filters.apply(filter, frame, &mut grey);
        } else {
            let plain = self.make(frame, Preprocessing { filter: Filter::Plain, ..preprocessing })?;
            self.filters.apply(filter, &self.made[plain].grey, &mut grey);
        }
        self.made[at].grey = grey;
        self.made[at].is_fresh = true;
        Some(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_shared_within_a_frame_and_made_anew_for_the_next() {
        let mut pictures = Pictures::default();
        let small = Preprocessing { scale: Scale::Side(10), filter: Filter::Close };
        let frame = GreyFrame::new(20, 20, vec![50; 400]).unwrap();
        assert_eq!(pictures.grey(&frame, small).unwrap().pixels(), [50; 100]);
        assert_eq!(pictures.made.len(), 2, "the plain one was made on the way");
        let next = GreyFrame::new(20, 20, vec![90; 400]).unwrap();
        pictures.clear();
        assert_eq!(pictures.grey(&next, small).unwrap().pixels(), [90; 100]);
        assert!(
            pictures.grey(&next, Preprocessing { scale: Scale::Side(30), filter: Filter::Plain }).is_none()
        );
        let (grey, black) = pictures.black(&next, small, Threshold::Mean { part: 2, drop: 10 }).unwrap();
        assert_eq!((grey.pixels()[0], black.pixels()[0]), (90, 255));
    }

    #[test]
    fn a_margin_does_not_move_places() {
        let frame = GreyFrame::new(40, 40, vec![0; 1600]).unwrap();
        let margin = Preprocessing { scale: Scale::Whole, filter: Filter::Margin };
        let mut pictures = Pictures::default();
        let picture = pictures.grey(&frame, margin).unwrap();
        assert_eq!(margin.fraction(picture, [50.0, 30.0]), [0.5, 0.0]);
    }
}
