//! Administrative regions: GB/T 2260 codes, extended to the community.

use std::fmt;
use std::str::FromStr;

/// A region by its digits: none (the country), 2 (province), 4 (city), 6 (district, GB/T 2260),
/// 9 (street) or 12 (community). A subtree is a prefix.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region(String);

/// The text is no region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a region has 0, 2, 4, 6, 9 or 12 digits")]
pub struct BadRegion;

impl Region {
    /// Returns the whole country.
    #[must_use]
    pub fn country() -> Self {
        Self(String::new())
    }

    /// Returns the region's digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether `other` lies in this region's subtree (a region contains itself).
    #[must_use]
    pub fn contains(&self, other: &Region) -> bool {
        other.0.starts_with(&self.0)
    }

    /// Returns whether both have the same first `digits` digits, and have that many.
    #[must_use]
    pub fn shares(&self, other: &Region, digits: usize) -> bool {
        match (self.0.get(..digits), other.0.get(..digits)) {
            (Some(a), Some(b)) => a == b,
            _ => false,
        }
    }
}

impl FromStr for Region {
    type Err = BadRegion;

    fn from_str(text: &str) -> Result<Self, BadRegion> {
        let known_length = matches!(text.len(), 0 | 2 | 4 | 6 | 9 | 12);
        if known_length && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadRegion)
        }
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subtree_is_a_prefix() {
        let region = |text: &str| text.parse::<Region>().unwrap();
        assert!(region("4201").contains(&region("420106001001")));
        assert!(!region("4201").contains(&region("4202")));
        assert!(Region::country().contains(&region("11")));
        assert!(region("420106001001").shares(&region("420111"), 4));
        assert!(!region("42").shares(&region("4201"), 4));
        for bad in ["4", "42010", "4２", "42010600100", "42a1", "4201060010011"] {
            assert_eq!(bad.parse::<Region>(), Err(BadRegion), "{bad}");
        }
    }
}
