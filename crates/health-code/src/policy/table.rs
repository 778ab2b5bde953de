//! The cells of the policy's table: from where, which colour, what to do.

use serde::{Deserialize, Serialize};

use crate::claims::Colour;
use crate::region::Region;
use crate::verified::VerifiedCode;

/// Where a code comes from, seen from the checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The checkpoint's own community (12 digits shared).
    Community,
    /// The same city (4 digits shared).
    City,
    /// The same province (2 digits shared).
    Province,
    /// Elsewhere in the country.
    Country,
    /// Issued abroad.
    Foreign,
}

/// What to do with the person, from the mildest to the strictest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Ruling {
    /// 通行: let them through.
    Pass,
    /// 核实: look closer.
    Check,
    /// 劝返: turn them back.
    Stop,
}

/// A row of the policy's table: a ruling for each colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// For [`Colour::Green`].
    pub green: Ruling,
    /// For [`Colour::Yellow`].
    pub yellow: Ruling,
    /// For [`Colour::Red`].
    pub red: Ruling,
    /// For [`Colour::Grey`].
    pub grey: Ruling,
    /// For [`Colour::Uncoloured`].
    pub uncoloured: Ruling,
}

impl Origin {
    /// Returns where a code comes from, seen from a checkpoint.
    #[must_use]
    pub fn of(code: &VerifiedCode, checkpoint: &Region) -> Self {
        let region = &code.claims().region;
        if code.issuer().foreign {
            Self::Foreign
        } else if region.shares(checkpoint, 12) {
            Self::Community
        } else if region.shares(checkpoint, 4) {
            Self::City
        } else if region.shares(checkpoint, 2) {
            Self::Province
        } else {
            Self::Country
        }
    }
}

impl Row {
    /// Returns the row with these rulings, in the order of its fields.
    #[must_use]
    pub fn of([green, yellow, red, grey, uncoloured]: [Ruling; 5]) -> Self {
        Self { green, yellow, red, grey, uncoloured }
    }

    /// Returns the rulings, in the order of the fields.
    #[must_use]
    pub fn cells(&self) -> [Ruling; 5] {
        [self.green, self.yellow, self.red, self.grey, self.uncoloured]
    }

    /// Returns the ruling for a colour.
    #[must_use]
    pub fn ruling(&self, colour: Colour) -> Ruling {
        match colour {
            Colour::Green => self.green,
            Colour::Yellow => self.yellow,
            Colour::Red => self.red,
            Colour::Grey => self.grey,
            Colour::Uncoloured => self.uncoloured,
        }
    }
}
