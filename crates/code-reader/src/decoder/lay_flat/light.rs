//! What counts as dark and as light in a symbol, by its finder patterns alone.

use super::finders::Finder;

/// The threshold and the contrast at three finder patterns. Between them both change evenly.
#[derive(Debug, Clone, Copy)]
pub(super) struct Light {
    corner: [f32; 2],
    along_row: [f32; 2],
    along_column: [f32; 2],
}

/// Lower bound of the contrast, in luma.
const FAINT: f32 = 2.0;

impl Light {
    /// Takes the light of the patterns in the corner, at the end of the first row, and at the end of the
    /// first column.
    pub(super) fn of(finders: [&Finder; 3]) -> Self {
        let [corner, right, below] = finders.map(at);
        let to = |other: [f32; 2]| [other[0] - corner[0], other[1] - corner[1]];
        Self { corner, along_row: to(right), along_column: to(below) }
    }

    /// Takes one light for the whole symbol: that of the two patterns that were found.
    pub(super) fn even(a: &Finder, b: &Finder) -> Self {
        let contrast = f32::from(a.contrast.min(b.contrast).max(4)) / 2.0;
        let level = (f32::from(a.dark) + f32::from(b.dark)) / 2.0 + contrast;
        Self { corner: [level, contrast], along_row: [0.0; 2], along_column: [0.0; 2] }
    }

    /// Returns the threshold and half the difference of light and dark at a module of a symbol.
    pub(super) fn at(&self, side: usize, x: u8, y: u8) -> (f32, f32) {
        let part = |at: u8| (f32::from(at) - 3.0) / (side as f32 - 7.0);
        let value = |k: usize| self.corner[k] + self.along_row[k] * part(x) + self.along_column[k] * part(y);
        (value(0), value(1).max(FAINT))
    }
}

fn at(finder: &Finder) -> [f32; 2] {
    let contrast = f32::from(finder.contrast) / 2.0;
    [f32::from(finder.dark) + contrast, contrast]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn light_changes_evenly_from_pattern_to_pattern() {
        let finder = |dark: u8, contrast: u8| Finder {
            x: 0.0,
            y: 0.0,
            across: 3.0,
            down: 3.0,
            votes: 9,
            contrast,
            dark,
        };
        let light = Light::of([&finder(20, 200), &finder(60, 120), &finder(10, 100)]);
        assert_eq!(light.at(27, 3, 3), (120.0, 100.0));
        assert_eq!(light.at(27, 23, 3), (120.0, 60.0));
        assert_eq!(light.at(27, 3, 23), (60.0, 50.0));
        assert_eq!(light.at(27, 13, 3), (120.0, 80.0));
        assert_eq!(light.at(27, 26, 26).1, FAINT);
    }
}
