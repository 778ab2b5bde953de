//! What is on a USB stick, and what carrying it would do or has done. Counts and versions, nobody's data.

use health_code::Timestamp;
use serde::{Deserialize, Serialize};

/// The workbench's page of the stick.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct StickView {
    /// What was found; absent until the shell has looked.
    pub seen: Option<SticksSeen>,
    /// Whether the stick is being carried.
    pub carrying: bool,
    /// Whether a stick was plugged in that did not answer.
    pub silent: bool,
    /// Reports that wait here.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub waiting: u64,
    /// Until when this gate can judge alone; absent without trust.
    pub alone: Option<AloneView>,
    /// For how many reports a day the room is told.
    pub a_day: u32,
    /// Days for which the laptop's disk has room, where that is known.
    pub days: Option<u32>,
}

/// Until when a gate can judge by the trust files that it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct AloneView {
    /// When the older of list and community was made.
    pub issued: Timestamp,
    /// From here on the bar warns.
    pub soft: Timestamp,
    /// From here on nothing is judged.
    pub hard: Timestamp,
}

/// What the shell found when it looked for a stick.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct SticksSeen {
    /// The stick; absent where none is plugged in.
    pub stick: Option<StickSeen>,
    /// How many more are plugged in: they are left alone.
    pub others: u32,
    /// Bytes that are free on the laptop's own disk, where the queue lies.
    #[cfg_attr(feature = "bindings", ts(type = "number | null"))]
    pub disk_free: Option<u64>,
}

/// A stick.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct StickSeen {
    /// What it is called.
    pub name: String,
    /// Bytes that are free on it.
    #[cfg_attr(feature = "bindings", ts(type = "number | null"))]
    pub free: Option<u64>,
    /// Whether this says what was done; otherwise it says what would be.
    pub carried: bool,
    /// Trust files that come in.
    pub trust: TrustOnStick,
    /// Receipts that come in.
    pub receipts: ReceiptsOnStick,
    /// Sealed reports that go out.
    pub reports: ReportsOnStick,
}

/// Trust files on a stick, beside those in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum TrustOnStick {
    /// There are none.
    Nothing,
    /// Nothing is newer than what is here.
    Current,
    /// Some are newer.
    Newer {
        /// The root's version before and after.
        root: Versions,
        /// The list's.
        list: Versions,
        /// The community file's.
        community: Versions,
        /// How many more revocations there are.
        revocations: i32,
        /// How many more people the community lists.
        people: i32,
        /// How many more checkpoints it has.
        checkpoints: i32,
        /// Whether other policies are in force.
        policies: bool,
        /// Until when this gate can judge by them without anything newer.
        until: Timestamp,
        /// Why something else on the stick is left out.
        left_out: Option<StickProblem>,
    },
    /// Nothing is taken.
    Problem {
        /// Why.
        why: StickProblem,
    },
}

/// A file's version before and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Versions {
    /// The one in force before.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub from: u64,
    /// The one on the stick.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub to: u64,
}

/// Receipts on a stick.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum ReceiptsOnStick {
    /// There are none.
    Nothing,
    /// They say nothing that is not settled already.
    Known,
    /// They acknowledge reports that wait here.
    Settles {
        /// How many.
        #[cfg_attr(feature = "bindings", ts(type = "number"))]
        reports: u64,
    },
    /// None is taken.
    Problem {
        /// Why.
        why: StickProblem,
    },
}

/// Reports on their way to a stick. They stay here until a receipt acknowledges them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum ReportsOnStick {
    /// Nothing waits.
    Nothing,
    /// They go out.
    Out {
        /// How many are written.
        #[cfg_attr(feature = "bindings", ts(type = "number"))]
        reports: u64,
        /// How many more wait than one file holds: they go with the next stick.
        #[cfg_attr(feature = "bindings", ts(type = "number"))]
        more: u64,
    },
    /// All that waits is on the stick already.
    There {
        /// How many.
        #[cfg_attr(feature = "bindings", ts(type = "number"))]
        reports: u64,
    },
    /// None is written.
    Problem {
        /// Why.
        why: StickProblem,
    },
}

/// Why something does not come from a stick, or does not go to it. Nothing is lost by any of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum StickProblem {
    /// A file is longer than such a file may be.
    TooLarge,
    /// A link, a folder or a device has the name of a file.
    NotAFile,
    /// The stick was pulled out, or it fails.
    Pulled,
    /// There is no room on it.
    Full,
    /// Nothing can be written to it.
    ReadOnly,
    /// A file does not have the shape that it should have.
    Malformed,
    /// It is for another station or community.
    OtherStation,
    /// It is of another deployment, or somebody altered it.
    OtherDeployment,
    /// It is older than what is here.
    Older,
    /// It was over when it came.
    Expired,
    /// It says that it was made in the future: the clock is wrong, or it is.
    Future,
    /// A file that belongs to it is missing.
    Incomplete,
    /// The laptop's own disk does not take it.
    NotKept,
    /// This station has no trust files, or is over.
    NoStation,
}

impl StickProblem {
    /// Returns the stable code, the one that serialising gives.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "too-large",
            Self::NotAFile => "not-a-file",
            Self::Pulled => "pulled",
            Self::Full => "full",
            Self::ReadOnly => "read-only",
            Self::Malformed => "malformed",
            Self::OtherStation => "other-station",
            Self::OtherDeployment => "other-deployment",
            Self::Older => "older",
            Self::Expired => "expired",
            Self::Future => "future",
            Self::Incomplete => "incomplete",
            Self::NotKept => "not-kept",
            Self::NoStation => "no-station",
        }
    }

    /// Returns one sentence for people.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::TooLarge => "a file is longer than such a file may be",
            Self::NotAFile => "a link, a folder or a device has the name of a file",
            Self::Pulled => "the stick was pulled out, or it fails",
            Self::Full => "there is no room on the stick",
            Self::ReadOnly => "nothing can be written to the stick",
            Self::Malformed => "a file does not have the shape that it should have",
            Self::OtherStation => "it is for another station or community",
            Self::OtherDeployment => "it is of another deployment, or somebody altered it",
            Self::Older => "it is older than what is here",
            Self::Expired => "it was over when it came",
            Self::Future => "it says that it was made in the future",
            Self::Incomplete => "a file that belongs to it is missing",
            Self::NotKept => "the laptop's own disk does not take it",
            Self::NoStation => "this station has no trust files, or is over",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_serialised_as_its_code() {
        for code in ["too-large", "pulled", "full", "read-only", "other-station", "no-station", "not-a-file"]
        {
            let problem: StickProblem = serde_json::from_value(code.into()).unwrap();
            assert_eq!(problem.code(), code);
            assert!(!problem.sentence().is_empty());
        }
    }
}
