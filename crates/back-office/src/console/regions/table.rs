//! The table of regions: names by code.

use std::collections::BTreeMap;

use health_code::Region;

use super::forms::forms;
use super::level::Level;

/// Names of regions by their codes, with an index by name. A whole country has 665,000 of them, which take
/// about 120 MB as sorted rows.
#[derive(Debug, Default)]
pub struct RegionTable {
    /// By their codes.
    rows: Vec<(Region, Box<str>)>,
    /// The forms in which people write a name, each with the place of a row, in order.
    called: Vec<(Box<str>, u32)>,
}

impl RegionTable {
    /// Makes a table.
    #[must_use]
    pub fn new(names: BTreeMap<Region, String>) -> Self {
        Self::of_rows(names.into_iter().map(|(region, name)| (region, name.into_boxed_str())).collect())
    }

    /// Returns the table with the names of regions that it lacks.
    #[must_use]
    pub fn with(self, more: impl IntoIterator<Item = (Region, String)>) -> Self {
        let lacking: BTreeMap<Region, String> =
            more.into_iter().filter(|(region, _)| self.name(region).is_none()).collect();
        if lacking.is_empty() {
            return self;
        }
        let mut rows = self.rows;
        rows.extend(lacking.into_iter().map(|(region, name)| (region, name.into_boxed_str())));
        rows.sort_unstable();
        Self::of_rows(rows)
    }

    fn of_rows(rows: Vec<(Region, Box<str>)>) -> Self {
        let mut called = Vec::with_capacity(2 * rows.len());
        for ((_, name), at) in rows.iter().zip(0_u32..) {
            called.extend(forms(name).into_iter().map(|form| (form.into_boxed_str(), at)));
        }
        called.sort_unstable();
        called.shrink_to_fit();
        Self { rows, called }
    }

    /// Returns whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns a region's own name.
    #[must_use]
    pub fn name(&self, region: &Region) -> Option<&str> {
        let at = self.rows.binary_search_by(|(known, _)| known.cmp(region)).ok()?;
        self.rows.get(at).map(|(_, name)| &**name)
    }

    /// Returns who is called so.
    pub(super) fn called<'t>(&'t self, form: &'t str) -> impl Iterator<Item = &'t Region> {
        let from = self.called.partition_point(|(known, _)| **known < *form);
        let same = self.called.iter().skip(from).take_while(move |(known, _)| **known == *form);
        same.filter_map(|(_, at)| self.rows.get(*at as usize)).map(|(region, _)| region)
    }

    /// Returns the names from `top` down to a region. A region without a name is called by its code.
    #[must_use]
    pub fn path(&self, region: &Region, top: &Region) -> Vec<String> {
        let wider = self.above(region).into_iter().filter(|wider| top.contains(wider));
        let named = wider.filter_map(|wider| self.name(&wider).map(str::to_owned));
        let own = self.name(region).map_or_else(|| region.to_string(), str::to_owned);
        named.chain([own]).collect()
    }

    /// Returns the regions that contain this one and are wider, the widest first; not the country.
    #[must_use]
    pub fn above(&self, region: &Region) -> Vec<Region> {
        let mut above = Vec::new();
        let mut digits = region.as_str().len();
        while let Some(wider) = Level::wider(digits) {
            // A prefix of a known length of digits is a region.
            above.extend(region.as_str()[..wider].parse::<Region>());
            digits = wider;
        }
        above.reverse();
        above
    }

    /// Returns the regions of the subtree of `top`, with their names, each after those that contain it.
    pub fn subtree(&self, top: &Region) -> impl Iterator<Item = (&Region, &str)> {
        let top = top.clone();
        let from = self.rows.partition_point(|(region, _)| *region < top);
        let rows = self.rows.iter().skip(from).take_while(move |(region, _)| top.contains(region));
        rows.map(|(region, name)| (region, &**name))
    }
}
