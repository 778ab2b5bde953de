//! The layout of a symbol: what each module of a version is for (ISO/IEC 18004, 5.3 and 6.3).

use std::sync::OnceLock;

/// The layout of all symbols of one version.
pub(crate) struct Layout {
    side: usize,
    modules: Vec<Module>,
    centres: Vec<usize>,
    known: Vec<(u8, u8, bool)>,
    order: Vec<u16>,
    masks: Vec<u8>,
}

/// The purpose of a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Module {
    /// The same in every symbol of the version, with whether it is dark: finder patterns, separators,
    /// timing and alignment patterns, and the single dark module.
    Known(bool),
    /// Holds the level and the mask.
    Format,
    /// Holds the version, from version 7.
    Version,
    /// Holds the content, its check codewords and the remainder bits.
    Data,
}

impl Layout {
    /// Returns the layout of a version from 1 to 40. Other numbers count as the nearest of these. Each
    /// layout is computed at its first use.
    pub(crate) fn of(version: u8) -> &'static Layout {
        static LAYOUTS: [OnceLock<Layout>; 40] = [const { OnceLock::new() }; 40];
        let version = version.clamp(1, 40);
        LAYOUTS[usize::from(version) - 1].get_or_init(|| Layout::draw(version))
    }

    /// Returns the modules along a side: 17 + 4·version.
    pub(crate) fn side(&self) -> usize {
        self.side
    }

    /// Returns the purpose of each module, row by row.
    #[cfg(test)]
    pub(crate) fn modules(&self) -> &[Module] {
        &self.modules
    }

    /// Returns the known modules as x, y, and whether they are dark.
    pub(crate) fn known(&self) -> &[(u8, u8, bool)] {
        &self.known
    }

    /// Returns the coordinates of the alignment patterns' middles in rising order, the same along both
    /// axes. Every pair of them is a pattern, except for the three in the corners of the finder patterns.
    /// Version 1 has none.
    #[cfg(test)]
    pub(crate) fn alignment_centres(&self) -> &[usize] {
        &self.centres
    }

    /// Returns the indices (y·side + x) of the data modules, in the order of the codewords' bits.
    pub(crate) fn order(&self) -> &[u16] {
        &self.order
    }

    /// Returns for each module of [`Layout::order`] the masks that invert it: bit m for mask m.
    pub(crate) fn masks(&self) -> &[u8] {
        &self.masks
    }

    fn draw(version: u8) -> Layout {
        let side = 17 + 4 * usize::from(version);
        let mut layout = Layout {
            side,
            modules: vec![Module::Data; side * side],
            centres: centres(version),
            known: Vec::new(),
            order: Vec::new(),
            masks: Vec::new(),
        };
        for i in 0..side {
            layout.put(i, 6, Module::Known(i % 2 == 0));
            layout.put(6, i, Module::Known(i % 2 == 0));
        }
        layout.draw_finders();
        layout.draw_alignment();
        for (x, y) in format_places(side).into_iter().flatten() {
            layout.put(x, y, Module::Format);
        }
        layout.put(8, side - 8, Module::Known(true));
        if version >= 7 {
            for (x, y) in version_places(side) {
                layout.put(x, y, Module::Version);
                layout.put(y, x, Module::Version);
            }
        }
        layout.follow();
        layout.known = layout
            .modules
            .iter()
            .enumerate()
            .filter_map(|(at, module)| match module {
                Module::Known(is_dark) => Some(((at % side) as u8, (at / side) as u8, *is_dark)),
                _ => None,
            })
            .collect();
        layout
    }

    fn put(&mut self, x: usize, y: usize, module: Module) {
        self.modules[y * self.side + x] = module;
    }

    /// Draws the three finder patterns, each with the light separator around it.
    fn draw_finders(&mut self) {
        let far = self.side - 7;
        for (left, top) in [(0, 0), (far, 0), (0, far)] {
            for y in top.saturating_sub(1)..(top + 8).min(self.side) {
                for x in left.saturating_sub(1)..(left + 8).min(self.side) {
                    let ring = x.abs_diff(left + 3).max(y.abs_diff(top + 3));
                    self.put(x, y, Module::Known(ring != 2 && ring != 4));
                }
            }
        }
    }

    fn draw_alignment(&mut self) {
        let far = self.side - 7;
        let centres = self.centres.clone();
        for &cy in &centres {
            for &cx in &centres {
                if matches!((cx, cy), (6, 6)) || (cx, cy) == (far, 6) || (cx, cy) == (6, far) {
                    continue;
                }
                for y in cy - 2..=cy + 2 {
                    for x in cx - 2..=cx + 2 {
                        let ring = x.abs_diff(cx).max(y.abs_diff(cy));
                        self.put(x, y, Module::Known(ring != 1));
                    }
                }
            }
        }
    }

    /// Walks through the data modules: two columns at a time from the right, up and down in turn, around
    /// the timing column.
    fn follow(&mut self) {
        let pairs = (0..self.side / 2).rev().map(|pair| if pair >= 3 { 2 * pair + 2 } else { 2 * pair + 1 });
        for (turn, right) in pairs.enumerate() {
            for step in 0..self.side {
                let y = if turn % 2 == 0 { self.side - 1 - step } else { step };
                for x in [right, right - 1] {
                    let index = y * self.side + x;
                    if self.modules[index] == Module::Data {
                        self.order.push(index as u16);
                        self.masks.push(masks(x, y));
                    }
                }
            }
        }
    }
}

/// Returns the two copies of the format's 15 modules as (x, y), the word's lowest bit first.
pub(super) fn format_places(side: usize) -> [[(usize, usize); 15]; 2] {
    let near = std::array::from_fn(|bit| match bit {
        0..=5 => (8, bit),
        6 | 7 => (8, bit + 1),
        8 => (7, 8),
        _ => (14 - bit, 8),
    });
    let far = std::array::from_fn(|bit| if bit < 8 { (side - 1 - bit, 8) } else { (8, side + bit - 15) });
    [near, far]
}

/// Returns the version's 18 modules in the top right as (x, y), the word's lowest bit first. The copy in
/// the bottom left is the same with x and y exchanged.
pub(super) fn version_places(side: usize) -> [(usize, usize); 18] {
    std::array::from_fn(|bit| (side - 11 + bit % 3, bit / 3))
}

/// Returns the alignment patterns' coordinates: evenly spread from the far end in steps of an even
/// length. The remainder lies between the first and the second.
fn centres(version: u8) -> Vec<usize> {
    if version == 1 {
        return Vec::new();
    }
    let version = usize::from(version);
    let gaps = version / 7 + 1;
    let (far, span) = (10 + 4 * version, 4 + 4 * version);
    // Version 32 alone is not the even number next to the average.
    let step = if version == 32 { 26 } else { span.div_ceil(2 * gaps) * 2 };
    let mut centres = vec![6];
    centres.extend((0..gaps).rev().map(|back| far - back * step));
    centres
}

/// Returns which of the eight masks invert a module, bit m for mask m (ISO/IEC 18004, table 10).
fn masks(x: usize, y: usize) -> u8 {
    let product = x * y;
    [
        (x + y).is_multiple_of(2),
        y.is_multiple_of(2),
        x.is_multiple_of(3),
        (x + y).is_multiple_of(3),
        (y / 2 + x / 3).is_multiple_of(2),
        product % 2 + product % 3 == 0,
        (product % 2 + product % 3).is_multiple_of(2),
        ((x + y) % 2 + product % 3).is_multiple_of(2),
    ]
    .into_iter()
    .enumerate()
    .fold(0, |bits, (mask, inverts)| bits | u8::from(inverts) << mask)
}
