//! The table of regions: names by code.

use std::collections::{BTreeMap, HashMap};

use health_code::Region;

use super::forms::forms;
use super::level::Level;

/// Names of regions by their codes, with an index by name.
#[derive(Debug, Default)]
pub struct RegionTable {
    names: BTreeMap<Region, String>,
    /// Who is called so, in one of the forms in which people write a name.
    called: HashMap<String, Vec<Region>>,
}

impl RegionTable {
    /// Makes a table.
    #[must_use]
    pub fn new(names: BTreeMap<Region, String>) -> Self {
        let mut called: HashMap<String, Vec<Region>> = HashMap::new();
        for (region, name) in &names {
            for form in forms(name) {
                called.entry(form).or_default().push(region.clone());
            }
        }
        Self { names, called }
    }

    /// Returns the table with the names of regions that it lacks.
    #[must_use]
    pub fn with(&self, more: impl IntoIterator<Item = (Region, String)>) -> Self {
        let mut names = self.names.clone();
        for (region, name) in more {
            names.entry(region).or_insert(name);
        }
        Self::new(names)
    }

    /// Returns whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Returns a region's own name.
    #[must_use]
    pub fn name(&self, region: &Region) -> Option<&str> {
        self.names.get(region).map(String::as_str)
    }

    /// Returns who is called so.
    #[must_use]
    pub(super) fn called(&self, form: &str) -> &[Region] {
        self.called.get(form).map(Vec::as_slice).unwrap_or_default()
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
        self.names
            .range(top.clone()..)
            .take_while(move |(region, _)| top.contains(region))
            .map(|(region, name)| (region, name.as_str()))
    }
}
