//! The collector's screens, from waiting for a code to "recorded", and what a collector can do.

use health_code::family::Family;
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
    /// The result's time is over, and nobody has confirmed it: nothing was recorded.
    Unconfirmed,
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
    /// Records the result on the screen (Enter). A person whose result is a check, or is not judged,
    /// was let through.
    Confirm {
        /// The scan that the person looked at.
        scan: ScanId,
    },
    /// Records that the person was turned away after a check, or without a verdict (T).
    TurnAway {
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
    /// Begins the result's countdown anew: somebody is still busy with it (any other key).
    KeepOpen {
        /// The scan that the person looked at.
        scan: ScanId,
    },
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
    /// The code in view says that it is one of several that hold one message together: no health code is.
    OneOfSeveral,
    /// The code in view is one whose result was closed: it is taken again once it was away.
    TakeAway,
    /// The hand scanner's text looks cut off.
    ScanIncomplete,
    /// The hand scanner sent two codes as one text.
    ScanDoubled,
    /// The hand scanner read the same code again at once.
    ScannedTwice,
    /// A hand scanner typed, and none is to be used.
    ScannerOff,
}

/// The answer to one code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ResultView {
    /// The scan; every [`CollectorInput`] about this result repeats it.
    pub scan: ScanId,
    /// One of five answers, and why.
    pub answer: Answer,
    /// What it is the answer to: the sentences of a certificate differ from those of a code.
    pub family: Family,
    /// What was recorded of this person a moment ago; absent if nothing was. It stands beside the
    /// answer, never instead of it.
    pub recorded_before: Option<RecordedBefore>,
    /// What the code says; absent if its signature did not hold.
    pub fields: Option<CodeFields>,
    /// Whether Enter records it.
    pub can_confirm: bool,
    /// Whether T records that the person was turned away.
    pub can_turn_away: bool,
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
    /// 未判定: a fault keeps the gate from judging.
    Unjudged {
        /// The fault.
        fault: Fault,
    },
}

/// What was recorded of somebody a moment ago.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct RecordedBefore {
    /// What was on the screen.
    pub shown: RecordedAs,
    /// What the collector did.
    pub outcome: Outcome,
}

impl RecordedBefore {
    /// Returns whether a person was judged, and let through: what a lamp or a barrier may obey.
    #[must_use]
    pub fn lets_through(self) -> bool {
        match self.shown {
            RecordedAs::Pass | RecordedAs::Check => self.outcome == Outcome::LetThrough,
            RecordedAs::Stop | RecordedAs::Unjudged => false,
        }
    }
}

/// What was on the screen when somebody was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum RecordedAs {
    /// 通行.
    Pass,
    /// 核实.
    Check,
    /// 劝返.
    Stop,
    /// 未判定.
    Unjudged,
}

/// What the collector did with a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// 放行.
    LetThrough,
    /// 劝返.
    TurnedAway,
}

impl From<Outcome> for wire::report::Outcome {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::LetThrough => Self::LetThrough,
            Outcome::TurnedAway => Self::TurnedAway,
        }
    }
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

/// What a certificate from abroad certifies, and what to compare with the passport.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct CertificateFields {
    /// Vaccination, test or recovery.
    pub kind: Kind,
    /// Which dose it was; absent if it certifies no vaccination.
    pub dose: Option<Dose>,
    /// Whole days since the event.
    pub days_ago: u32,
    /// Whole hours since the sample was taken; absent if it certifies no test.
    pub hours_ago: Option<u32>,
    /// The parts of the transliterated name, surname first.
    pub name: Vec<NamePart>,
    /// The birth date, as far as the policy lets it be seen.
    pub birth: Option<BirthShown>,
}

/// A dose of a vaccine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Dose {
    /// Which one it was.
    pub number: u8,
    /// Of how many.
    pub of: u8,
}

/// One part of a name: its first letter, and how long it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct NamePart {
    /// The first letter.
    pub initial: String,
    /// Number of letters, the first included.
    pub length: u8,
}

/// A birth date. What is absent is masked, or is not on the certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct BirthShown {
    /// The year.
    pub year: Option<u16>,
    /// The month, from 1.
    pub month: Option<u8>,
    /// The day of the month, from 1.
    pub day: Option<u8>,
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
