//! What a policy lets narrower ones make milder.

use crate::region::Region;

/// Cells of the table: five rows of five.
pub const CELLS: u8 = 25;

/// A permission: narrower policies of a region may be milder than this one in these items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Milder {
    /// The region whose policies may be milder, its subtree included.
    pub region: Region,
    /// Cells of the table (five times the row, plus the column), ascending.
    pub cells: Vec<u8>,
    /// Limits, ascending.
    pub limits: Vec<Limit>,
}

/// A limit that a policy may let be milder. Its number is the limit's key in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Limit {
    /// The declared temperature that is a fever.
    Fever = 7,
    /// Hours for which a declaration is good.
    Declaration = 8,
    /// The list's soft expiry.
    SoftExpiry = 10,
    /// The list's hard expiry.
    HardExpiry = 11,
    /// Whether collectors may add checkpoints.
    CollectorsAdd = 12,
    /// The row for certificates from abroad.
    Certificates = 14,
}

/// What policies are compared by, one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    /// A cell of the table.
    Cell(u8),
    /// A limit.
    Limit(Limit),
}

impl Limit {
    /// Every limit, by its number.
    pub const ALL: [Self; 6] = [
        Self::Fever,
        Self::Declaration,
        Self::SoftExpiry,
        Self::HardExpiry,
        Self::CollectorsAdd,
        Self::Certificates,
    ];

    /// Returns the limit with this number.
    #[must_use]
    pub fn of_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|limit| limit.number() == number)
    }

    /// Returns its number: its key in a policy file.
    #[must_use]
    pub fn number(self) -> u8 {
        self as u8
    }
}

impl Milder {
    /// Returns whether a policy of `region` may be milder in an item.
    #[must_use]
    pub fn lets(&self, item: Item, region: &Region) -> bool {
        let names = match item {
            Item::Cell(cell) => self.cells.contains(&cell),
            Item::Limit(limit) => self.limits.contains(&limit),
        };
        names && self.region.contains(region)
    }
}
