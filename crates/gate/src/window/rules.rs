//! What the workbench shows of the policy and of the trust files.

use health_code::Timestamp;
use health_code::policy::Ruling;
use serde::{Deserialize, Serialize};

/// The policy in force, and where each of its rulings comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct PolicyView {
    /// The documents that are in force together, from the widest to the narrowest.
    pub levels: Vec<PolicyLevel>,
    /// The table: for each origin, from the community to abroad, a cell for each colour from green to
    /// uncoloured.
    pub rows: Vec<Vec<PolicyCell>>,
    /// Declared temperature in 0.1 °C from which somebody is looked at.
    pub fever: PolicyLimit,
    /// Hours for which a declaration is good.
    pub declaration_hours: PolicyLimit,
    /// Seconds in which the same person counts as just recorded.
    pub repeat_seconds: u32,
    /// Days for which the office keeps passages; without it they are kept until they are erased.
    pub keep_days: Option<u16>,
}

/// One document of the policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct PolicyLevel {
    /// Whose it is.
    pub level: RegionLevel,
    /// The digits of the region; empty for the nation.
    pub region: String,
    /// The number of the document.
    pub document: String,
    /// Its version.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub version: u64,
    /// In force from.
    pub from: Timestamp,
    /// In force until, where it ends.
    pub until: Option<Timestamp>,
}

/// How wide a region is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum RegionLevel {
    /// 国家.
    Nation,
    /// 省.
    Province,
    /// 市.
    City,
    /// 区县.
    District,
    /// 街道.
    Street,
    /// 社区.
    Community,
}

/// A cell of the policy's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct PolicyCell {
    /// What holds.
    pub ruling: Ruling,
    /// The widest document that says so, by its place among the levels.
    pub by: u8,
    /// What was asked of the office for this cell, and is not in force yet.
    pub asked: Option<Ruling>,
}

/// A limit of the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct PolicyLimit {
    /// What holds.
    pub value: u32,
    /// The widest document that says so, by its place among the levels.
    pub by: u8,
    /// What was asked of the office, and is not in force yet.
    pub asked: Option<u32>,
}

/// The trust files, their ages, and what happens when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct TrustView {
    /// The version of the root.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub root: u64,
    /// The trust list.
    pub list: FileAge,
    /// The community's file.
    pub community: FileAge,
    /// The keys of the issuers, at most [`ISSUERS_SHOWN`](crate::limits::ISSUERS_SHOWN).
    pub issuers: Vec<IssuerItem>,
    /// Keys that are not among them.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub more: usize,
    /// Keys of document signers abroad.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub signers: usize,
    /// Number of revocations.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub revoked: usize,
}

/// The age of a signed file, and what happens when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct FileAge {
    /// Its version.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub version: u64,
    /// When it was made.
    pub issued: Timestamp,
    /// From here on the bar warns.
    pub soft: Timestamp,
    /// From here on nothing is judged.
    pub hard: Timestamp,
}

/// One key of an issuer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct IssuerItem {
    /// The issuer's name in Chinese.
    pub name_zh: String,
    /// The issuer's name in English.
    pub name_en: String,
    /// How wide the region is for which it issues; absent if its codes count as foreign.
    pub level: Option<RegionLevel>,
    /// The first day on which the key may sign.
    pub from: Timestamp,
    /// The last one.
    pub until: Timestamp,
    /// Whether another key of the same issuer follows it.
    pub followed: bool,
}

/// What came of asking the office for newer files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum TrustUpdate {
    /// The office is being asked.
    Asking,
    /// It does not answer.
    NoAnswer,
    /// There is nothing newer.
    Current,
    /// Newer files are coming down.
    Coming,
    /// Newer files are in force.
    Newer {
        /// The version of the list before.
        #[cfg_attr(feature = "bindings", ts(type = "number"))]
        from: u64,
        /// The version of the list now.
        #[cfg_attr(feature = "bindings", ts(type = "number"))]
        to: u64,
    },
}

impl RegionLevel {
    /// Returns how wide a region with so many digits is.
    #[must_use]
    pub fn of_digits(digits: usize) -> Self {
        match digits {
            0 => Self::Nation,
            1 | 2 => Self::Province,
            3 | 4 => Self::City,
            5 | 6 => Self::District,
            7..=9 => Self::Street,
            _ => Self::Community,
        }
    }
}
