//! A document signer: a key abroad that the trust list lists, and what it may sign.

use strict_cose::KeyId;

use super::key::SignerKey;
use super::kind::Kind;
use crate::region::Region;
use crate::time::Timestamp;

/// An entry of the trust list: what its publisher took from a document signer certificate (DSC).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// Country, as its certificates name it (`iss`): two capital letters, or three.
    pub country: String,
    /// What its certificates name instead of the country, where that is no country code: an authority.
    pub issuer: Option<String>,
    /// Its name in Chinese, for the screen.
    pub name_zh: String,
    /// Its name in English.
    pub name_en: String,
    /// Names the key: by convention the first 8 bytes of the SHA-256 of its DSC. Two signers may
    /// share one by chance (volume 1, §2.3): each key is tried.
    pub kid: KeyId,
    /// The key and its algorithm.
    pub key: SignerKey,
    /// What it may sign.
    pub usage: Usage,
    /// Certificates issued before this are refused.
    pub not_before: Timestamp,
    /// Certificates issued after this are refused.
    pub not_after: Timestamp,
    /// Regions whose checkpoints recognise it.
    pub recognised_by: Vec<Region>,
}

/// Which kinds a key may sign, by the extended key usage of its DSC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage(u8);

impl Usage {
    /// Every kind: a DSC that names no usage of this network.
    pub const ALL: Self = Self(0b111);

    /// Reads bits: 1 test, 2 vaccination, 4 recovery. `None` for other bits, or without any.
    #[must_use]
    pub fn from_bits(bits: u8) -> Option<Self> {
        (1..=Self::ALL.0).contains(&bits).then_some(Self(bits))
    }

    /// Its bits.
    #[must_use]
    pub fn bits(self) -> u8 {
        self.0
    }

    /// Reads the object identifiers of an extended key usage, in dotted form: `.1` test, `.2`
    /// vaccination, `.3` recovery under 1.3.6.1.4.1.1847.2021.1, or under the same arc with a 0
    /// in it that many certificates carry. None of them: every kind.
    #[must_use]
    pub fn of_oids<'o>(oids: impl IntoIterator<Item = &'o str>) -> Self {
        const ARCS: [&str; 2] = ["1.3.6.1.4.1.1847.2021.1.", "1.3.6.1.4.1.0.1847.2021.1."];
        let bit = |oid: &str| match ARCS.iter().find_map(|arc| oid.strip_prefix(arc)) {
            Some("1") => 1,
            Some("2") => 2,
            Some("3") => 4,
            _ => 0,
        };
        let bits = oids.into_iter().fold(0, |bits, oid| bits | bit(oid));
        Self::from_bits(bits).unwrap_or(Self::ALL)
    }

    /// Returns whether it may sign a kind.
    #[must_use]
    pub fn allows(self, kind: Kind) -> bool {
        let bit = match kind {
            Kind::Test => 1,
            Kind::Vaccination => 2,
            Kind::Recovery => 4,
        };
        self.0 & bit != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usages_by_both_arcs() {
        let test = Usage::of_oids(["1.3.6.1.4.1.1847.2021.1.1"]);
        assert!(test.allows(Kind::Test) && !test.allows(Kind::Vaccination) && !test.allows(Kind::Recovery));
        let both = Usage::of_oids(["1.3.6.1.4.1.0.1847.2021.1.2", "1.3.6.1.4.1.0.1847.2021.1.3"]);
        assert!(!both.allows(Kind::Test) && both.allows(Kind::Vaccination) && both.allows(Kind::Recovery));
        assert_eq!(Usage::of_oids([]), Usage::ALL);
        assert_eq!(Usage::of_oids(["1.3.6.1.5.5.7.3.1", "1.3.6.1.4.1.1847.2021.1.4"]), Usage::ALL);
        assert_eq!((Usage::from_bits(0), Usage::from_bits(8)), (None, None));
    }
}
