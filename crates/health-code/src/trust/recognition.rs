//! Who recognises whom: 互信互认.

use std::collections::BTreeSet;

use super::{Issuer, TrustList};
use crate::region::Region;

impl TrustList {
    /// Returns whether checkpoints in `at` recognise an issuer.
    ///
    /// One level: `at` lies in a region that recognises it. Where the list says that its
    /// recognition is passed on ([`Issuer::passed_on`]), also if `at` recognises whoever issues for
    /// such a region: the province recognises the city's code, the country the province's, and so
    /// the country the city's. Whether it goes on from there is said by that issuer's own entry.
    #[must_use]
    pub fn recognises(&self, issuer: &Issuer, at: &Region) -> bool {
        let mut asked = BTreeSet::new();
        let mut next: Vec<&Issuer> = vec![issuer];
        while let Some(issuer) = next.pop() {
            if issuer.recognised_by.iter().any(|tree| tree.contains(at)) {
                return true;
            }
            if !issuer.passed_on {
                continue;
            }
            for region in &issuer.recognised_by {
                if asked.insert(region) {
                    // Foreign issuers recognise nobody here.
                    next.extend(self.issuers.iter().filter(|j| !j.foreign && j.regions.contains(region)));
                }
            }
        }
        false
    }
}
