//! Profiles: how far one frame moved against another.
//!
//! A profile holds the means of the columns, or of the rows, of a frame's middle. They have little
//! noise left, and two of them tell the shift along one axis.

use std::ops::Range;

use crate::frame::GreyFrame;

/// Largest shift that is looked for, in pixels.
const REACH: usize = 32;
/// Entries over which a profile is averaged, against the noise that is left.
const SMOOTH: usize = 3;
/// Two profiles show the same if their mean difference is at most this share of the mean deviation of
/// the one from its own mean.
const SAME: f32 = 0.75;

/// Means of columns, or of rows, with their overall mean subtracted.
#[derive(Debug, Default)]
pub(super) struct Profile {
    values: Vec<f32>,
    sums: Vec<u32>,
}

impl Profile {
    /// Measures the means of columns over a range of rows.
    pub(super) fn of_columns(&mut self, frame: &GreyFrame, columns: Range<usize>, rows: Range<usize>) {
        self.sums.clear();
        self.sums.resize(columns.len(), 0);
        let count = rows.len().max(1) as f32;
        for y in rows {
            let row = &frame.row(y)[columns.clone()];
            self.sums.iter_mut().zip(row).for_each(|(sum, &pixel)| *sum += u32::from(pixel));
        }
        self.values.clear();
        self.values.extend(self.sums.iter().map(|&sum| sum as f32 / count));
        self.normalize();
    }

    /// Measures the means of rows over a range of columns.
    pub(super) fn of_rows(&mut self, frame: &GreyFrame, columns: Range<usize>, rows: Range<usize>) {
        let count = columns.len().max(1) as f32;
        self.values.clear();
        self.values.extend(rows.map(|y| {
            let row = &frame.row(y)[columns.clone()];
            row.iter().map(|&pixel| u32::from(pixel)).sum::<u32>() as f32 / count
        }));
        self.normalize();
    }

    /// Returns by how many entries `other` is shifted against this one. `None`: it shows something
    /// else.
    pub(super) fn shift(&self, other: &Self) -> Option<isize> {
        let reach = REACH.min(self.values.len() / 4);
        let inner = self.values.get(reach..self.values.len() - reach)?;
        let difference = |by: usize| -> f32 {
            other.values[by..].iter().zip(inner).map(|(theirs, ours)| (theirs - ours).abs()).sum()
        };
        let shifts = (0..=2 * reach).map(|by| (difference(by), by));
        let (least, by) = shifts.min_by(|a, b| a.0.total_cmp(&b.0))?;
        let deviation: f32 = inner.iter().map(|value| value.abs()).sum();
        (least <= SAME * deviation).then_some(by as isize - reach as isize)
    }

    fn normalize(&mut self) {
        let values = &mut self.values;
        let mean = values.iter().sum::<f32>() / values.len().max(1) as f32;
        values.iter_mut().for_each(|value| *value -= mean);
        for at in 0..values.len().saturating_sub(SMOOTH - 1) {
            values[at] = values[at..at + SMOOTH].iter().sum::<f32>() / SMOOTH as f32;
        }
    }
}

/// Returns the middle half of a length: where a code is held out.
pub(super) fn middle(length: usize) -> Range<usize> {
    length / 4..length - length / 4
}

/// Shifts a range. The result stays inside the frame: the range is a middle half, and a shift is at
/// most a quarter of that.
pub(super) fn shifted(range: &Range<usize>, by: isize) -> Range<usize> {
    range.start.saturating_add_signed(by)..range.end.saturating_add_signed(by)
}
