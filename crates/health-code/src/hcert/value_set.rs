//! Value sets: which codes a certificate may name, as an optional part of the trust list.
//!
//! The EU publishes eight (eHealth Network, *Value Sets for EU Digital COVID Certificates*). A country's
//! software may write any code, and its signature holds all the same. So a code that a listed set does not
//! hold makes no forgery: it is a [`Finding`](crate::Finding) that the policy rules on.

use std::collections::BTreeMap;

use super::kind::Kind;

/// A set of codes that a field of a certificate is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ValueSet {
    /// `tg`: diseases, by SNOMED CT.
    Disease,
    /// `co`: countries, by ISO 3166.
    Country,
    /// `vp`: kinds of vaccine, by SNOMED CT and ATC.
    Prophylaxis,
    /// `mp`: vaccines, by the number of their authorisation.
    Product,
    /// `ma` of a vaccination: makers and holders of the authorisation, by the EMA.
    Holder,
    /// `tt`: kinds of test, by LOINC.
    TestType,
    /// `ma` of a test: rapid tests, by the device database. A laboratory's test names none.
    TestDevice,
    /// `tr`: results, by SNOMED CT.
    TestResult,
}

/// The sets that a trust list has, each with its codes. A set that it has not holds every code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ValueSets(BTreeMap<ValueSet, Vec<String>>);

impl ValueSet {
    /// Every set, in the order of their numbers.
    pub const ALL: [Self; 8] = [
        Self::Disease,
        Self::Country,
        Self::Prophylaxis,
        Self::Product,
        Self::Holder,
        Self::TestType,
        Self::TestDevice,
        Self::TestResult,
    ];

    /// Returns the set's number in a trust list.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::Disease => 1,
            Self::Country => 2,
            Self::Prophylaxis => 3,
            Self::Product => 4,
            Self::Holder => 5,
            Self::TestType => 6,
            Self::TestDevice => 7,
            Self::TestResult => 8,
        }
    }

    /// Returns the name by which the EU publishes it (`valueSetId`).
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Disease => "disease-agent-targeted",
            Self::Country => "country-2-codes",
            Self::Prophylaxis => "sct-vaccines-covid-19",
            Self::Product => "vaccines-covid-19-names",
            Self::Holder => "vaccines-covid-19-auth-holders",
            Self::TestType => "covid-19-lab-test-type",
            Self::TestDevice => "covid-19-lab-test-manufacturer-and-name",
            Self::TestResult => "covid-19-lab-result",
        }
    }

    /// Returns the field that is from it.
    fn field(self) -> &'static str {
        match self {
            Self::Disease => "tg",
            Self::Country => "co",
            Self::Prophylaxis => "vp",
            Self::Product => "mp",
            Self::Holder | Self::TestDevice => "ma",
            Self::TestType => "tt",
            Self::TestResult => "tr",
        }
    }

    fn is_of(self, kind: Kind) -> bool {
        match self {
            Self::Disease | Self::Country => true,
            Self::Prophylaxis | Self::Product | Self::Holder => kind == Kind::Vaccination,
            Self::TestType | Self::TestDevice | Self::TestResult => kind == Kind::Test,
        }
    }
}

impl ValueSets {
    /// Adds codes to a set; none comes twice.
    pub fn add(&mut self, set: ValueSet, codes: impl IntoIterator<Item = String>) {
        let held = self.0.entry(set).or_default();
        held.extend(codes);
        held.sort_unstable();
        held.dedup();
        if held.is_empty() {
            self.0.remove(&set);
        }
    }

    /// Returns the sets that there are, each with its codes in ascending order.
    pub fn sets(&self) -> impl Iterator<Item = (ValueSet, &[String])> {
        self.0.iter().map(|(set, codes)| (*set, codes.as_slice()))
    }

    /// Returns the first set that does not hold what an entry of this kind names; `text` gives the entry's
    /// fields. A field that the entry lacks is no matter: the schema says which it needs.
    pub(super) fn unlisted<'v>(
        &self,
        kind: Kind,
        text: impl Fn(&'static str) -> Option<&'v str>,
    ) -> Option<ValueSet> {
        let lacks = |set: ValueSet, codes: &[String]| {
            let named = text(set.field());
            named.is_some_and(|code| codes.binary_search_by(|held| held.as_str().cmp(code)).is_err())
        };
        let mut sets = self.sets().filter(|(set, _)| set.is_of(kind));
        sets.find(|(set, codes)| lacks(*set, codes)).map(|(set, _)| set)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sets(of: &[(ValueSet, &[&str])]) -> ValueSets {
        let mut sets = ValueSets::default();
        for (set, codes) in of {
            sets.add(*set, codes.iter().map(|code| (*code).to_owned()));
        }
        sets
    }

    #[test]
    fn only_sets_that_are_listed_and_of_that_kind_are_asked() {
        let sets = sets(&[(ValueSet::Holder, &["ORG-2", "ORG-1"]), (ValueSet::TestDevice, &["1833"])]);
        let maker = |kind, maker| sets.unlisted(kind, |field| (field == "ma").then_some(maker));
        assert_eq!(maker(Kind::Vaccination, "ORG-1"), None);
        assert_eq!(maker(Kind::Vaccination, "1833"), Some(ValueSet::Holder));
        assert_eq!(maker(Kind::Test, "1833"), None);
        assert_eq!(maker(Kind::Test, "ORG-1"), Some(ValueSet::TestDevice));
        assert_eq!(maker(Kind::Recovery, "?"), None);
        assert_eq!(sets.unlisted(Kind::Test, |_| None), None, "a laboratory's test names no device");
        assert_eq!(ValueSets::default().unlisted(Kind::Test, |_| Some("?")), None);
    }

    #[test]
    fn a_set_is_ordered_and_an_empty_one_is_none() {
        let sets = sets(&[(ValueSet::Country, &["XS", "XA", "XS"]), (ValueSet::Disease, &[])]);
        let all: Vec<_> = sets.sets().collect();
        assert_eq!(all, [(ValueSet::Country, &["XA".to_owned(), "XS".to_owned()][..])]);
    }
}
