//! Finds finder patterns by their runs of 1 : 1 : 3 : 1 : 1 along a row and down a column.

use crate::frame::GreyFrame;

/// A finder pattern: the square in a square in a code's corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Finder {
    pub(crate) x: f32,
    pub(crate) y: f32,
    /// Length of a module in pixels, along a row and down a column.
    pub(crate) across: f32,
    pub(crate) down: f32,
    /// Rows in which the pattern was found.
    pub(crate) votes: u32,
    /// Luma of its white ring minus luma of its middle.
    pub(crate) contrast: u8,
    /// Luma of its middle.
    pub(crate) dark: u8,
}

impl Finder {
    /// Returns the length of a module in pixels.
    pub(crate) fn module(&self) -> f32 {
        (self.across * self.down).sqrt()
    }
}

/// Most patterns that are kept: more are texture.
const MOST: usize = 96;
/// Least share of the rows of a pattern's middle in which it must be found.
const AGREE: f32 = 0.3;

/// So many modules below its middle no row crosses a pattern any more.
const PAST: f32 = 4.0;
/// Rows between two looks at the clock.
const LOOK_AT_CLOCK: usize = 64;

/// The search for finder patterns, with buffers that are reused from picture to picture.
#[derive(Debug, Default)]
pub(crate) struct Search {
    /// Patterns that further rows may still cross. Noise begins many, and few of them last.
    open: Vec<Finder>,
    /// Ends of a row's runs.
    ends: Vec<usize>,
}

impl Search {
    /// Finds the patterns of a picture, or of its upper part if the time is up. `black` is 0 where the
    /// picture is black and 255 elsewhere.
    pub(crate) fn find(
        &mut self,
        grey: &GreyFrame,
        black: &GreyFrame,
        found: &mut Vec<Finder>,
        out_of_time: &dyn Fn() -> bool,
    ) {
        found.clear();
        let Self { open, ends } = self;
        open.clear();
        for y in 0..black.height() {
            if y % LOOK_AT_CLOCK == 0 && out_of_time() {
                break;
            }
            close(open, found, |finder| finder.y + PAST * finder.down < y as f32);
            if found.len() + open.len() >= 8 * MOST {
                found.retain(|finder| finder.votes > 1);
                open.retain(|finder| finder.votes > 1);
                if found.len() + open.len() >= 8 * MOST {
                    return found.clear();
                }
            }
            let row = black.row(y);
            ends.clear();
            // The row's first run begins where an empty one ends.
            ends.push(0);
            ends_of_runs(row, |end| ends.push(end));
            // Of every five runs, the first is black.
            let first = usize::from(row.first() != Some(&0));
            for five in ends[first..].windows(6).step_by(2) {
                let middle = five[3] - five[2];
                // Most are too short between their neighbours to be the middle of a pattern.
                if middle < 2 || 3 * middle + 2 < five[4] - five[1] {
                    continue;
                }
                let Some(across) = ratio(&std::array::from_fn(|at| five[at + 1] - five[at])) else {
                    continue;
                };
                let centre = (five[2] + five[3]) as f32 / 2.0;
                if let Some((middle, down)) = column(black, centre as usize, y, across) {
                    vote(open, centre, middle, across, down);
                }
            }
        }
        close(open, found, |_| true);
        for finder in found.iter_mut() {
            (finder.contrast, finder.dark) = contrast(grey, finder);
        }
        found.sort_unstable_by_key(|finder| std::cmp::Reverse((finder.votes, finder.contrast)));
        found.truncate(MOST);
    }
}

/// Moves the patterns that are over from `open` to `found`, if enough rows agree.
fn close(open: &mut Vec<Finder>, found: &mut Vec<Finder>, is_over: impl Fn(&Finder) -> bool) {
    open.retain(|finder| {
        let is_over = is_over(finder);
        if is_over && finder.votes as f32 >= (finder.down * 3.0 * AGREE).max(1.0) {
            found.push(*finder);
        }
        !is_over
    });
}

/// Calls `each` with the end of every run of equal pixels.
fn ends_of_runs(row: &[u8], mut each: impl FnMut(usize)) {
    const WORD: usize = size_of::<u64>();
    let word = |at: usize| row.get(at..at + WORD).and_then(|bytes| bytes.try_into().ok());
    let mut at = 0;
    // Eight pixels are compared with their right neighbours at a time, since most runs are long.
    while let (Some(here), Some(next)) = (word(at), word(at + 1)) {
        let mut changed = u64::from_le_bytes(here) ^ u64::from_le_bytes(next);
        while changed != 0 {
            let byte = changed.trailing_zeros() as usize / 8;
            each(at + byte + 1);
            changed &= !(0xff << (8 * byte));
        }
        at += WORD;
    }
    (at + 1..=row.len()).filter(|&end| row.get(end) != Some(&row[end - 1])).for_each(each);
}

/// Returns the module's length if the runs are about 1 : 1 : 3 : 1 : 1.
#[inline]
fn ratio(runs: &[usize; 5]) -> Option<f32> {
    let total: usize = runs.iter().sum();
    if total < 7 || runs[2] < 2 {
        return None;
    }
    let module = total as f32 / 7.0;
    let one = |run: usize| (run as f32 - module).abs() <= 0.65 * module + 0.35;
    // Blur and a wrong threshold move all edges alike, so that white gains what black loses.
    let three = (runs[2] as f32 - 3.0 * module).abs() <= 1.1 * module + 0.35;
    let even =
        runs[0].abs_diff(runs[4]) as f32 <= module + 1.0 && runs[1].abs_diff(runs[3]) as f32 <= module + 1.0;
    (three && even && one(runs[0]) && one(runs[1]) && one(runs[3]) && one(runs[4])).then_some(module)
}

/// Checks the column through a candidate. Returns its middle and its module's length.
fn column(black: &GreyFrame, x: usize, y: usize, across: f32) -> Option<(f32, f32)> {
    let (width, height) = (black.width(), black.height());
    // The column may be four times as long as the row, if the code is tilted.
    let longest = (across * 3.0 * 4.0) as usize + 2;
    let pixels = black.pixels();
    let run = |from: isize, step: isize, colour: u8| {
        let (mut length, mut at) = (0, from);
        while at >= 0
            && (at as usize) < height
            && length < longest
            && pixels[at as usize * width + x] == colour
        {
            length += 1;
            at += step;
        }
        (length, at)
    };
    let (up, at) = run(y as isize, -1, 0);
    let (white_up, at) = run(at, -1, 255);
    let (black_up, _) = run(at, -1, 0);
    let (down, at) = run(y as isize + 1, 1, 0);
    let (white_down, at) = run(at, 1, 255);
    let (black_down, _) = run(at, 1, 0);
    let measured = ratio(&[black_up, white_up, up + down, white_down, black_down])?;
    if !(0.25..=4.0).contains(&(measured / across)) {
        return None;
    }
    let middle = y as f32 + 1.0 + (down as f32 - up as f32) / 2.0;
    Some((middle, measured))
}

/// Adds a row's finding to the pattern that is already there, or begins a new one.
fn vote(found: &mut Vec<Finder>, x: f32, y: f32, across: f32, down: f32) {
    for finder in found.iter_mut() {
        if (finder.x - x).abs() < 1.5 * finder.across && (finder.y - y).abs() < 1.5 * finder.down {
            let old = finder.votes as f32;
            let mean = |known: f32, new: f32| (known * old + new) / (old + 1.0);
            finder.x = mean(finder.x, x);
            finder.y = mean(finder.y, y);
            finder.across = mean(finder.across, across);
            finder.down = mean(finder.down, down);
            finder.votes += 1;
            return;
        }
    }
    found.push(Finder { x, y, across, down, votes: 1, contrast: 0, dark: 0 });
}

/// Returns the luma of the ring minus that of the middle, and that of the middle. Noise makes patterns, too,
/// but weak ones.
fn contrast(grey: &GreyFrame, finder: &Finder) -> (u8, u8) {
    let at = |dx: f32, dy: f32| {
        let x = (finder.x + dx * finder.across).clamp(0.0, (grey.width() - 1) as f32);
        let y = (finder.y + dy * finder.down).clamp(0.0, (grey.height() - 1) as f32);
        grey.row(y as usize)[x as usize]
    };
    let ring = [at(-2.0, 0.0), at(2.0, 0.0), at(0.0, -2.0), at(0.0, 2.0)];
    let dark = at(0.0, 0.0);
    (ring.into_iter().min().unwrap_or(0).saturating_sub(dark), dark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finder_is_found_with_its_middle_and_size() {
        let pitch = 4;
        let (left, top) = (20, 12);
        let pattern = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"];
        let pixel = |x: usize, y: usize| {
            let (x, y) = (x.wrapping_sub(left) / pitch, y.wrapping_sub(top) / pitch);
            match pattern.get(y).and_then(|row| row.as_bytes().get(x)) {
                Some(b'1') => 0,
                _ => 255,
            }
        };
        let pixels = (0..80 * 60).map(|at| pixel(at % 80, at / 80)).collect();
        let frame = GreyFrame::new(80, 60, pixels).unwrap();
        let mut found = Vec::new();
        Search::default().find(&frame, &frame, &mut found, &|| false);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!((found[0].x - 34.0).abs() < 0.6 && (found[0].y - 26.0).abs() < 0.6, "{found:?}");
        assert!((found[0].module() - 4.0).abs() < 0.3 && found[0].contrast == 255);
    }

    #[test]
    fn runs_end_where_the_colour_changes_and_with_the_row() {
        let mut state = 7u32;
        for width in 1..70 {
            let row: Vec<u8> = (0..width)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    if state >> 30 == 0 { 0 } else { 255 }
                })
                .collect();
            let mut ends = Vec::new();
            ends_of_runs(&row, |end| ends.push(end));
            let expected: Vec<usize> =
                (1..=width).filter(|&end| row.get(end) != Some(&row[end - 1])).collect();
            assert_eq!(ends, expected, "{row:?}");
        }
    }
}
