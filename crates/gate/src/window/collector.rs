//! The collector's screens, from waiting for a code to "recorded", and what a collector can do.

use health_code::hcert::Kind;
use health_code::{Reason, Refusal, Timestamp};
use serde::{Deserialize, Serialize};

use crate::fault::Fault;

/// What the collector sees.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum CollectorScreen {
    /// The gate waits for a code.
    Ready {
        /// What keeps the code in view from being read.
        hint: Option<Hint>,
    },
    /// A code was read: the answer, and what to do.
    Result {
        /// The answer.
        result: Box<ResultView>,
    },
    /// Confirmed, but not yet durable on disk.
    Recording {
        /// The answer, still on the screen.
        result: Box<ResultView>,
    },
    /// Durable on disk.
    Recorded,
    /// Where to declare again (key R).
    DeclareAgain {
        /// The issuer's address, shown as a QR code.
        url: String,
        /// Time left until the screen closes by itself.
        countdown: Countdown,
    },
    /// Where to get a code (key N).
    NoCode {
        /// The address, shown as a QR code; empty if the policy names none.
        url: String,
        /// Time left until the screen closes by itself.
        countdown: Countdown,
    },
}

/// What the collector can do.
///
/// An input about a result names the scan that the person looked at. The gate ignores it if
/// another result is on the screen by then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum CollectorInput {
    /// Records the result on the screen (Enter).
    Confirm {
        /// The scan that the person looked at.
        scan: ScanId,
    },
    /// Closes the result without a record (Esc).
    Discard {
        /// The scan that the person looked at.
        scan: ScanId,
    },
    /// Asks the person for a new declaration (R).
    DeclareAgain {
        /// The scan that the person looked at.
        scan: ScanId,
    },
    /// Shows where to get a code, for somebody who has none (N).
    NoCode,
    /// Closes the screen of [`CollectorInput::DeclareAgain`] or [`CollectorInput::NoCode`] (Esc).
    Back,
}

/// Names one scan while it is on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(transparent)]
pub struct ScanId(pub u32);

/// Why a code in view cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Hint {
    /// Too few pixels per module (one module is one square of the QR code).
    TooFar,
    /// Moving or out of focus.
    Blurred,
    /// Glare.
    TooBright,
    /// Part of the code is outside the picture.
    CutOff,
    /// Too little light.
    TooDark,
    /// More than one code is in view.
    OneAtATime,
}

/// The answer to one code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ResultView {
    /// The scan; every [`CollectorInput`] about this result repeats it.
    pub scan: ScanId,
    /// One of six answers, and why.
    pub answer: Answer,
    /// What the code says; absent if its signature did not hold.
    pub fields: Option<CodeFields>,
    /// Whether Enter records it.
    pub can_confirm: bool,
    /// Whether R leads to an address.
    pub can_declare_again: bool,
    /// Time left until the result clears itself.
    pub countdown: Countdown,
    /// Why the last confirm could not be made durable: nothing was recorded.
    pub not_recorded: Option<Fault>,
}

/// The answer, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Answer {
    /// 通行.
    Pass {
        /// Why.
        reason: Reason,
    },
    /// 核实.
    Check {
        /// Why.
        reason: Reason,
    },
    /// 劝返.
    Stop {
        /// Why.
        reason: Reason,
    },
    /// 无效.
    Invalid {
        /// Why.
        refusal: Refusal,
    },
    /// 刚登记过: this person was recorded here a moment ago.
    Again,
    /// 未判定: a fault keeps the gate from judging.
    Unjudged {
        /// The fault.
        fault: Fault,
    },
}

/// What a code declares, masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct CodeFields {
    /// The masked name, such as `张*`.
    pub masked_name: String,
    /// The masked identity number, such as `4201**********1234`; empty for a certificate.
    pub masked_id: String,
    /// Declared temperature in 0.1 °C.
    pub temperature: Option<u16>,
    /// Declared symptoms, one bit each.
    pub symptoms: u16,
    /// Age of the declaration in hours.
    pub declared_hours_ago: u32,
    /// The issuer's name in Chinese.
    pub issuer_zh: String,
    /// The issuer's name in English.
    pub issuer_en: String,
    /// When the code ends.
    pub valid_until: Timestamp,
    /// Whether that is past.
    pub over: bool,
    /// The moment of the scan: ages are counted from it.
    pub seen_at: Timestamp,
    /// Age of the code in seconds; negative if it was issued in the future.
    pub issued_seconds_ago: i32,
    /// Whether it is a paper code.
    pub is_static: bool,
    /// What a certificate from abroad certifies. A certificate declares nothing and shows no
    /// number.
    pub certificate: Option<CertificateFields>,
    /// The issuer's own sentence about its grey codes, in Chinese.
    pub notice_zh: Option<String>,
    /// The same sentence in English.
    pub notice_en: Option<String>,
}

/// What a certificate from abroad certifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct CertificateFields {
    /// Vaccination, test or recovery.
    pub kind: Kind,
    /// Whole days since the event.
    pub days_ago: u32,
}

/// A countdown that steps once a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Countdown {
    /// Seconds that it began with.
    pub total: u32,
    /// Seconds left, rounded up.
    pub left: u32,
}
