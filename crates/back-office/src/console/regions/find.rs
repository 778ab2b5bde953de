//! Finding a region by what people write: `青山区红卫路街道钢都社区`, `钢都社区`, `420107001001`.

use std::collections::BTreeSet;

use health_code::Region;

use super::forms::{forms, plain};
use super::level;
use super::table::RegionTable;

/// What a text may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// No region.
    Nothing,
    /// One region.
    One(Region),
    /// Several.
    Several(Vec<Region>),
}

impl RegionTable {
    /// Returns what a text means inside the subtree of `top`.
    ///
    /// A text is a code, or names of regions from wide to narrow, the last being the region's own; of those
    /// above it any may be left out. Separators don't matter.
    #[must_use]
    pub fn find(&self, text: &str, top: &Region) -> Found {
        let text = plain(text);
        if text.len() > 1 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            let known = level::region(&text).filter(|region| top.contains(region));
            let known = known.filter(|region| self.name(region).is_some());
            return known.map_or(Found::Nothing, Found::One);
        }
        let mut found = BTreeSet::new();
        for (at, _) in text.char_indices() {
            let (before, own) = text.split_at(at);
            let forms = forms(own);
            for region in forms.iter().flat_map(|form| self.called(form)) {
                if top.contains(region) && self.leads_to(before, &self.above(region)) {
                    found.insert(region.clone());
                }
            }
        }
        let mut found = found.into_iter();
        match (found.next(), found.len()) {
            (None, _) => Found::Nothing,
            (Some(only), 0) => Found::One(only),
            (Some(first), _) => Found::Several([first].into_iter().chain(found).collect()),
        }
    }

    /// Returns whether a text is the names of some of these regions, in their order, and nothing else.
    fn leads_to(&self, text: &str, above: &[Region]) -> bool {
        if text.is_empty() {
            return true;
        }
        let Some((nearest, wider)) = above.split_last() else { return false };
        let names = self.name(nearest).map(forms).unwrap_or_default();
        let by_name = names.iter().filter_map(|name| text.strip_suffix(name.as_str()));
        by_name.into_iter().any(|rest| self.leads_to(rest, wider)) || self.leads_to(text, wider)
    }
}

#[cfg(test)]
pub(in crate::console) mod tests {
    use super::super::import::import;
    use super::*;

    /// Invented places.
    pub(in crate::console) fn table() -> RegionTable {
        import(include_bytes!("../../../sample-regions.csv")).table
    }

    fn found(text: &str, top: &str) -> Found {
        table().find(text, &top.parse().unwrap())
    }

    fn one(code: &str) -> Found {
        Found::One(code.parse().unwrap())
    }

    #[test]
    fn a_full_path_a_part_of_it_and_a_code_find_the_region() {
        for text in [
            "样例省样例市青样区红样路街道钢样社区",
            "青样区红样路街道钢样社区",
            "青样区钢样社区",
            "青样区 / 红样路街道 / 钢样社区",
            "红样路街道钢样社区居委会",
            "990106001001",
            "９９０１０６００１００１",
        ] {
            assert_eq!(found(text, ""), one("990106001001"), "{text}");
        }
        assert_eq!(found("青样区", ""), one("990106"));
        assert_eq!(found("红样路街道办事处", ""), one("990106001"));
        assert_eq!(found("990106001000", ""), one("990106001"));
    }

    #[test]
    fn endings_that_people_leave_out_are_left_out() {
        let csv = "99,样例省\n9901,样例市\n990106,青样区\n990106001,红样路街道\n990106001001,钢样居委会\n\
                   990106001002,铁样社区居委\n990106001003,铜样社区委员会\n990106001004,锡样村委会\n";
        let table = import(csv.as_bytes()).table;
        for (text, code) in [
            ("钢样社区", "990106001001"),
            ("钢样居委会", "990106001001"),
            ("铁样社区", "990106001002"),
            ("铜样社区", "990106001003"),
            ("锡样村", "990106001004"),
        ] {
            assert_eq!(table.find(text, &Region::country()), one(code), "{text}");
        }
    }

    #[test]
    fn a_name_that_several_have_asks() {
        let Found::Several(several) = found("东样社区", "") else { panic!("one is not enough") };
        assert_eq!(several.len(), 2);
        assert_eq!(found("武样区东样社区", ""), one("990107002001"));
        assert_eq!(found("东样社区", "990107"), one("990107002001"), "elsewhere it is nobody's");
    }

    #[test]
    fn what_is_elsewhere_or_nowhere_is_not_found() {
        for (text, top) in [
            ("", ""),
            ("样", ""),
            ("月球社区", ""),
            ("武样区红样路街道钢样社区", ""),
            ("红样路街道青样区钢样社区", ""),
            ("x青样区", ""),
            ("钢样社区", "990107"),
            ("990106001001", "990107"),
            ("990106001999", ""),
            ("9", ""),
        ] {
            assert_eq!(found(text, top), Found::Nothing, "{text}");
        }
    }
}
