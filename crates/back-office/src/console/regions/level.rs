//! The levels of GB/T 2260 and below.

use health_code::Region;

/// How wide a region is.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    serde::Serialize,
    utoipa::ToSchema,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Level {
    /// The whole.
    Country,
    /// Two digits.
    Province,
    /// Four digits.
    City,
    /// Six digits.
    District,
    /// Nine digits.
    Street,
    /// Twelve digits.
    Community,
}

impl Level {
    /// Returns a region's level.
    #[must_use]
    pub fn of(region: &Region) -> Self {
        match region.as_str().len() {
            0 => Self::Country,
            2 => Self::Province,
            4 => Self::City,
            6 => Self::District,
            9 => Self::Street,
            _ => Self::Community,
        }
    }

    /// Returns the digits of a region of the next wider level.
    #[must_use]
    pub fn wider(digits: usize) -> Option<usize> {
        match digits {
            12 => Some(9),
            9 => Some(6),
            6 => Some(4),
            4 => Some(2),
            _ => None,
        }
    }

    /// Returns the stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.into()
    }
}

/// Reads a code; twelve digits that end in zeros are a wider region.
pub(super) fn region(code: &str) -> Option<Region> {
    let region: Region = code.parse().ok()?;
    if region.as_str().is_empty() {
        return None;
    }
    let digits = region.as_str();
    let level = [2, 4, 6, 9]
        .into_iter()
        .find(|level| digits.len() == 12 && digits[*level..].bytes().all(|digit| digit == b'0'));
    level.map_or(Some(region.clone()), |level| digits[..level].parse().ok())
}
