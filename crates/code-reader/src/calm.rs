//! Whether a scene has stayed as it was. Most of a gate's day nobody stands at it, and looking at
//! the same wall thirty times a second with everything there is would only heat the laptop.

use crate::frame::GreyFrame;

/// Pixels along a cell's side.
const CELL: usize = 16;
/// A cell whose mean differs by more than this many levels has changed; noise alone does not move
/// the mean of so many pixels as far.
const CHANGED: u8 = 10;
/// Fewer changed cells than this are dust: a code that could be read covers more.
const CELLS: usize = 2;

/// What the scene was like when it last changed.
#[derive(Debug, Default)]
pub(crate) struct Calm {
    cells: Vec<u8>,
    new: Vec<u8>,
    sums: Vec<u32>,
}

impl Calm {
    /// Whether a frame shows what the scene was like before. What changes slowly adds up until it
    /// counts.
    pub(crate) fn is_same(&mut self, frame: &GreyFrame) -> bool {
        self.measure(frame);
        let changed = self.new.iter().zip(&self.cells).filter(|(a, b)| a.abs_diff(**b) > CHANGED).count();
        let is_same = self.new.len() == self.cells.len() && changed < CELLS;
        if !is_same {
            std::mem::swap(&mut self.cells, &mut self.new);
        }
        is_same
    }

    /// Means of cells, by every second row.
    fn measure(&mut self, frame: &GreyFrame) {
        self.new.clear();
        self.sums.resize(frame.width().div_ceil(CELL), 0);
        for top in (0..frame.height()).step_by(CELL) {
            let rows = (top..(top + CELL).min(frame.height())).step_by(2);
            let count = rows.len();
            self.sums.fill(0);
            for y in rows {
                for (sum, chunk) in self.sums.iter_mut().zip(frame.row(y).chunks(CELL)) {
                    *sum += chunk.iter().map(|&pixel| u32::from(pixel)).sum::<u32>();
                }
            }
            for (column, &sum) in self.sums.iter().enumerate() {
                let pixels = count * CELL.min(frame.width() - column * CELL);
                self.new.push((sum / pixels as u32) as u8);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(change: impl Fn(usize, usize) -> u8) -> GreyFrame {
        GreyFrame::new(100, 70, (0..7000).map(|at| change(at % 100, at / 100)).collect()).unwrap()
    }

    #[test]
    fn noise_is_no_change_and_something_held_out_is() {
        let mut calm = Calm::default();
        let noisy = |seed: usize| {
            frame(|x, y| 100 + (((x * 7919 + y * 104_729 + seed) * 2_654_435_761) >> 13) as u8 % 40)
        };
        assert!(!calm.is_same(&noisy(1)), "the first frame");
        assert!((2..9).all(|seed| calm.is_same(&noisy(seed))));
        let held =
            |x: usize, y: usize| if (30..60).contains(&x) && (20..50).contains(&y) { 200 } else { 120 };
        assert!(!calm.is_same(&frame(held)));
        assert!(calm.is_same(&frame(held)));
        assert!(!calm.is_same(&GreyFrame::new(8, 8, vec![120; 64]).unwrap()), "another size");
    }

    #[test]
    fn slow_changes_add_up() {
        let mut calm = Calm::default();
        let changes = (0..60u8).filter(|&luma| !calm.is_same(&frame(|_, _| 60 + luma))).count();
        assert!((5..8).contains(&changes), "{changes}");
    }
}
