//! The pictures that are made of one frame: scaled, filtered, black and white. Variants share them,
//! and their memory is used again for the next frame.

mod filter;
mod scale;
mod threshold;

pub use filter::Filter;
pub use scale::Scale;
pub use threshold::Threshold;

pub(crate) use scale::Shrinker;

use crate::frame::GreyFrame;

/// A scale and a filter: one way to make a picture of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Look {
    /// How large it is made first.
    pub scale: Scale,
    /// What is done to it next.
    pub filter: Filter,
}

/// All pictures of one frame.
#[derive(Debug, Default)]
pub(crate) struct Easel {
    pictures: Vec<Picture>,
    black: GreyFrame,
    blocks: threshold::Blocks,
    bench: filter::Bench,
    shrinker: Shrinker,
    line: Vec<u16>,
}

#[derive(Debug)]
struct Picture {
    look: Look,
    picture: GreyFrame,
    /// Made of this frame, not of one before.
    is_fresh: bool,
}

impl Easel {
    /// A new frame: what was made of the last one no longer counts.
    pub(crate) fn clear(&mut self) {
        self.pictures.iter_mut().for_each(|picture| picture.is_fresh = false);
    }

    /// The picture of `frame` that `look` makes; `None` where its scale has nothing to add. `frame`
    /// must be the same since the last `clear`.
    pub(crate) fn picture<'a>(&'a mut self, frame: &'a GreyFrame, look: Look) -> Option<&'a GreyFrame> {
        if look == (Look { scale: Scale::Whole, filter: Filter::Plain }) {
            return Some(frame);
        }
        let at = self.make(frame, look)?;
        Some(&self.pictures[at].picture)
    }

    /// The same in black (0) and white (255), and the grey one.
    pub(crate) fn black<'a>(
        &'a mut self,
        frame: &'a GreyFrame,
        look: Look,
        threshold: Threshold,
    ) -> Option<(&'a GreyFrame, &'a GreyFrame)> {
        let mut black = std::mem::replace(&mut self.black, GreyFrame::hollow());
        let mut blocks = std::mem::take(&mut self.blocks);
        if let Some(picture) = self.picture(frame, look) {
            blocks.apply(threshold, picture, &mut black);
        }
        (self.black, self.blocks) = (black, blocks);
        if look == (Look { scale: Scale::Whole, filter: Filter::Plain }) {
            return Some((frame, &self.black));
        }
        let at = self.make(frame, look)?;
        Some((&self.pictures[at].picture, &self.black))
    }

    fn make(&mut self, frame: &GreyFrame, look: Look) -> Option<usize> {
        let (width, height) = look.scale.size(frame.width(), frame.height())?;
        let at = match self.pictures.iter().position(|known| known.look == look) {
            Some(at) if self.pictures[at].is_fresh => return Some(at),
            Some(at) => at,
            None => {
                self.pictures.push(Picture { look, picture: GreyFrame::default(), is_fresh: false });
                self.pictures.len() - 1
            }
        };
        let mut made = std::mem::replace(&mut self.pictures[at].picture, GreyFrame::hollow());
        if look.filter == Filter::Plain {
            match look.scale {
                Scale::Whole => made.clone_from(frame),
                Scale::Double(_) => scale::double(frame, &mut self.line, &mut made),
                _ => self.shrinker.shrink(frame, width, height, &mut made),
            }
        } else if look.scale == Scale::Whole {
            self.bench.apply(look.filter, frame, &mut made);
        } else {
            let plain = self.make(frame, Look { filter: Filter::Plain, ..look })?;
            self.bench.apply(look.filter, &self.pictures[plain].picture, &mut made);
        }
        self.pictures[at].picture = made;
        self.pictures[at].is_fresh = true;
        Some(at)
    }
}

impl Look {
    /// From pixels of the picture to fractions of the frame.
    pub(crate) fn fraction(self, picture: &GreyFrame, [x, y]: [f64; 2]) -> [f32; 2] {
        let offset = self.filter.offset();
        let part =
            |at: f64, length: usize| ((at - offset) / (length as f64 - 2.0 * offset)).clamp(-1.0, 2.0) as f32;
        [part(x, picture.width()), part(y, picture.height())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_shared_within_a_frame_and_made_anew_for_the_next() {
        let mut easel = Easel::default();
        let look = Look { scale: Scale::Side(10), filter: Filter::Close };
        let frame = GreyFrame::new(20, 20, vec![50; 400]).unwrap();
        assert_eq!(easel.picture(&frame, look).unwrap().pixels(), [50; 100]);
        assert_eq!(easel.pictures.len(), 2, "the plain one was made on the way");
        let next = GreyFrame::new(20, 20, vec![90; 400]).unwrap();
        easel.clear();
        assert_eq!(easel.picture(&next, look).unwrap().pixels(), [90; 100]);
        assert!(easel.picture(&next, Look { scale: Scale::Side(30), filter: Filter::Plain }).is_none());
        let (grey, black) = easel.black(&next, look, Threshold::Mean { part: 2, drop: 10 }).unwrap();
        assert_eq!((grey.pixels()[0], black.pixels()[0]), (90, 255));
    }

    #[test]
    fn a_margin_does_not_move_what_is_seen() {
        let frame = GreyFrame::new(40, 40, vec![0; 1600]).unwrap();
        let look = Look { scale: Scale::Whole, filter: Filter::Margin };
        let mut easel = Easel::default();
        let picture = easel.picture(&frame, look).unwrap();
        assert_eq!(look.fraction(picture, [50.0, 30.0]), [0.5, 0.0]);
    }
}
