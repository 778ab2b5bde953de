//! Whether the scene stands still and shows nothing.
//!
//! Most of a gate's day nobody stands at it. To look at the same wall with every variant thirty
//! times a second would only heat the laptop.

use crate::frame::GreyFrame;

/// Frames of an unchanged scene that showed nothing, after which the scene counts as idle: half a
/// second, in which every variant had its turn.
const FRAMES: u32 = 15;
/// Pixels along a cell's side.
const CELL: usize = 16;
/// A cell has changed if its mean differs by more than this many levels. Noise does not move the
/// mean of so many pixels as far.
const CHANGED: u8 = 10;
/// Fewer changed cells than this do not matter. A code that could be read covers more.
const CELLS: usize = 2;

/// Compares each frame with the scene as it was when it last changed, and counts empty frames.
#[derive(Debug, Default)]
pub(crate) struct IdleScene {
    /// Mean luma of each cell when the scene last changed.
    cells: Vec<u8>,
    /// The same of the newest frame.
    newest: Vec<u8>,
    sums: Vec<u32>,
    /// Frames in a row that showed nothing.
    empty: u32,
}

impl IdleScene {
    /// Compares a frame with the scene. Returns whether the scene is idle.
    pub(crate) fn see(&mut self, frame: &GreyFrame) -> bool {
        if !self.is_unchanged(frame) {
            self.empty = 0;
        }
        self.empty >= FRAMES
    }

    /// Counts a frame that showed nothing.
    pub(crate) fn count_empty(&mut self) {
        self.empty = self.empty.saturating_add(1);
    }

    /// Begins to count anew: a code or a sign of one was seen.
    pub(crate) fn restart(&mut self) {
        self.empty = 0;
    }

    /// Returns whether a frame shows the scene as it was when it last changed. Slow changes add up
    /// until they count.
    fn is_unchanged(&mut self, frame: &GreyFrame) -> bool {
        self.measure(frame);
        let changed = self.newest.iter().zip(&self.cells).filter(|(a, b)| a.abs_diff(**b) > CHANGED).count();
        let is_unchanged = self.newest.len() == self.cells.len() && changed < CELLS;
        if !is_unchanged {
            std::mem::swap(&mut self.cells, &mut self.newest);
        }
        is_unchanged
    }

    /// Computes the mean of each cell from every second row.
    fn measure(&mut self, frame: &GreyFrame) {
        self.newest.clear();
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
                self.newest.push((sum / pixels as u32) as u8);
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
        let mut scene = IdleScene::default();
        let noisy = |seed: usize| {
            frame(|x, y| 100 + (((x * 7919 + y * 104_729 + seed) * 2_654_435_761) >> 13) as u8 % 40)
        };
        assert!(!scene.is_unchanged(&noisy(1)), "the first frame");
        assert!((2..9).all(|seed| scene.is_unchanged(&noisy(seed))));
        let held =
            |x: usize, y: usize| if (30..60).contains(&x) && (20..50).contains(&y) { 200 } else { 120 };
        assert!(!scene.is_unchanged(&frame(held)));
        assert!(scene.is_unchanged(&frame(held)));
        assert!(!scene.is_unchanged(&GreyFrame::new(8, 8, vec![120; 64]).unwrap()), "another size");
    }

    #[test]
    fn slow_changes_add_up() {
        let mut scene = IdleScene::default();
        let changes = (0..60u8).filter(|&luma| !scene.is_unchanged(&frame(|_, _| 60 + luma))).count();
        assert!((5..8).contains(&changes), "{changes}");
    }

    #[test]
    fn a_scene_is_idle_after_empty_frames_until_it_changes() {
        let mut scene = IdleScene::default();
        for _ in 0..FRAMES {
            assert!(!scene.see(&frame(|_, _| 90)));
            scene.count_empty();
        }
        assert!(scene.see(&frame(|_, _| 90)));
        assert!(!scene.see(&frame(|_, _| 190)));
    }
}
