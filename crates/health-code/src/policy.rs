//! The policy: what a verified code means at this checkpoint.

use serde::{Deserialize, Serialize};

use crate::claims::Colour;
use crate::region::Region;
use crate::time::Timestamp;
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

/// What to do with the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
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

/// The one reason that decided. Where several hold, the most severe, in the order drawn here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Reason {
    /// The table's cell for this colour and origin.
    Colour {
        /// The code's colour.
        colour: Colour,
        /// Where it comes from.
        origin: Origin,
    },
    /// Declared a temperature at or above the policy's.
    Fever {
        /// In 0.1 °C.
        tenths: u16,
    },
    /// Declared symptoms.
    Symptoms {
        /// Bits of [`crate::claims::symptom`].
        bits: u16,
    },
    /// Declared longer ago than the policy allows.
    OldDeclaration {
        /// Age in hours.
        hours: u32,
    },
    /// A paper code: compare it with the identity document.
    PaperCode,
}

/// What a policy says of one verified code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// What to do.
    pub ruling: Ruling,
    /// Why.
    pub reason: Reason,
}

/// One row of the table: a ruling for each colour.
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

/// A policy in force: a signed part of a trust file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Counts up with each change; every passage carries it.
    pub version: u64,
    /// Whose policy this is.
    pub region: Region,
    /// Number of the document that ordered it.
    pub document: String,
    /// In force from.
    pub from: Timestamp,
    /// In force until, where it ends.
    pub to: Option<Timestamp>,
    /// Rows for [`Origin::Community`], `City`, `Province`, `Country`, `Foreign`, in this order.
    pub table: [Row; 5],
    /// Declared temperature, in 0.1 °C, from which a pass becomes a check (373).
    pub fever_tenths: u16,
    /// A declaration older than this many hours turns a pass into a check.
    pub declaration_max_hours: u32,
    /// Seconds in which the same person counts as just recorded (60).
    pub repeat_window_seconds: u32,
    /// Seconds after `issued` from which the trust list counts as old, where shorter than its own.
    pub soft_expiry_seconds: Option<u32>,
    /// Seconds after `issued` from which nothing is green, where shorter than its own.
    pub hard_expiry_seconds: Option<u32>,
    /// Whether a collector may add a checkpoint.
    pub collectors_add_checkpoints: bool,
    /// Where somebody without a code gets one.
    pub no_code_url: String,
}

impl Policy {
    /// Judges a verified code at a checkpoint.
    ///
    /// The table decides by colour and origin. A `Pass` becomes a `Check` for declared fever,
    /// symptoms, an old declaration or a paper code, in this order of severity.
    #[must_use]
    pub fn judge(&self, code: &VerifiedCode, checkpoint: &Region, now: Timestamp) -> Verdict {
        let _ = (code, checkpoint, now);
        todo!()
    }
}
