//! What the screen shows: all that ever leaves the gate for the window.
//!
//! Codes and masked text only. The window turns codes into sentences in its language; it holds
//! no past and computes no verdict.

use health_code::hcert::Kind;
use health_code::{Reason, Refusal, Timestamp};
use serde::{Deserialize, Serialize};

use crate::fault::Fault;

/// One whole screen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct View {
    /// The main part.
    pub screen: Screen,
    /// The bar along the foot.
    pub bar: StatusBar,
}

/// Names one scan while it is on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(transparent)]
pub struct ScanId(pub u32);

/// The main part of the screen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Screen {
    /// Nobody is signed in; the camera reads nothing.
    SignedOut {
        /// A PIN is being checked.
        checking: bool,
        /// What was wrong with the last try.
        problem: Option<SignInProblem>,
    },
    /// Which checkpoint? The last one first.
    ChooseCheckpoint {
        /// The community's checkpoints.
        rows: Vec<CheckpointRow>,
        /// Whether this person may add one.
        may_add: bool,
        /// What was wrong with the name just added.
        problem: Option<CheckpointProblem>,
    },
    /// Waiting for a code.
    Ready {
        /// What keeps the code in view from being read.
        hint: Option<Hint>,
    },
    /// A code was read: what to do.
    Result {
        /// The answer.
        result: Box<ResultView>,
    },
    /// Confirmed, not yet durable.
    Recording {
        /// The answer, still on the screen.
        result: Box<ResultView>,
    },
    /// Durable.
    Recorded,
    /// The station cannot judge.
    Fault {
        /// What is wrong.
        fault: Fault,
        /// For how many seconds.
        seconds: u32,
        /// Whether this person may say that the time on the screen is right.
        may_assert_time: bool,
    },
    /// R: where to declare again.
    DeclareAgain {
        /// The issuer's address, shown as a QR.
        url: String,
        /// Seconds until the screen closes by itself.
        countdown: Countdown,
    },
    /// N: where to get a code.
    NoCode {
        /// The address, shown as a QR; empty where the policy names none.
        url: String,
        /// Seconds until the screen closes by itself.
        countdown: Countdown,
    },
}

/// Why nobody could be signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum SignInProblem {
    /// Phone or PIN is wrong; which of them is not said.
    WrongPhoneOrPin,
    /// Too many wrong tries.
    Wait {
        /// Seconds until the next try is taken.
        seconds: u32,
    },
    /// Signed out because the roster no longer lists this person.
    Removed,
}

/// Why a checkpoint could not be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum CheckpointProblem {
    /// Empty, or longer than its limit.
    BadName,
    /// There is one with this name.
    Exists,
    /// It could not be recorded.
    NotRecorded,
}

/// One checkpoint to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct CheckpointRow {
    /// Its id, in hex.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Chosen last time on this station.
    pub last: bool,
}

/// Why a code in view cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Hint {
    /// Too few pixels a module.
    TooFar,
    /// Moving or out of focus.
    Blurred,
    /// Glare.
    TooBright,
    /// Part of it is outside the picture.
    CutOff,
    /// Too little light.
    TooDark,
    /// More than one code in view.
    OneAtATime,
}

/// The answer to one code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ResultView {
    /// Goes back with whatever the person does.
    pub scan: ScanId,
    /// Which of the six floods.
    pub answer: Answer,
    /// What the code says; absent where its signature did not hold.
    pub fields: Option<CodeFields>,
    /// Whether Enter records it.
    pub can_confirm: bool,
    /// Whether R leads anywhere.
    pub can_declare_again: bool,
    /// Until it clears itself.
    pub countdown: Countdown,
    /// The last confirm could not be made durable: not recorded.
    pub not_recorded: Option<Fault>,
}

/// Which answer, and why.
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
    /// 刚登记过: this person was just recorded here.
    Again,
    /// 未判定: a fault keeps the gate from judging.
    Unjudged {
        /// Which.
        fault: Fault,
    },
}

/// What a code declares, masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct CodeFields {
    /// Such as `张*`.
    pub masked_name: String,
    /// Such as `4201**********1234`.
    pub masked_id: String,
    /// Declared temperature in 0.1 °C.
    pub temperature: Option<u16>,
    /// Bits of declared symptoms.
    pub symptoms: u16,
    /// Age of the declaration in hours.
    pub declared_hours_ago: u32,
    /// Who issued it, in Chinese.
    pub issuer_zh: String,
    /// Who issued it, in English.
    pub issuer_en: String,
    /// When it ends.
    pub valid_until: Timestamp,
    /// Whether that is past.
    pub over: bool,
    /// The moment of the scan: ages are counted from it.
    pub seen_at: Timestamp,
    /// Age of the code in seconds; negative where it was issued in the future.
    pub issued_seconds_ago: i32,
    /// A paper code.
    pub is_static: bool,
    /// What a certificate from abroad certifies; of one, nothing is declared and no number shown.
    pub certificate: Option<CertificateFields>,
    /// What the issuer says of its grey codes, in its own words: in Chinese.
    pub notice_zh: Option<String>,
    /// The same in English.
    pub notice_en: Option<String>,
}

/// What a certificate from abroad certifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct CertificateFields {
    /// Which of the three.
    pub kind: Kind,
    /// Whole days since.
    pub days_ago: u32,
}

/// A countdown that steps once a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Countdown {
    /// Seconds it began with.
    pub total: u32,
    /// Seconds left, rounded up.
    pub left: u32,
}

/// The bar along the foot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct StatusBar {
    /// Where the station stands.
    pub checkpoint: Option<String>,
    /// Who is signed in, masked.
    pub collector: Option<String>,
    /// Whether the back office answers.
    pub online: bool,
    /// Reports in the outbox.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub waiting: u64,
    /// Age of the trust list.
    pub trust: TrustAge,
    /// The clock cannot be relied on.
    pub clock_wrong: bool,
    /// The battery, where there is one.
    pub battery: Option<Battery>,
    /// The camera is the simulated one.
    pub simulated_camera: bool,
    /// What else is known of the camera.
    pub camera: CameraView,
    /// What the wall clock says, to the second of the last change.
    pub now: Timestamp,
}

/// What is known of the camera beside its fault, in words that the station made plain and short.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct CameraView {
    /// It is there, and its first picture is waited for: at the start, or as it returns.
    pub opening: bool,
    /// The program that holds it, where that can be known.
    pub held_by: Option<String>,
    /// The command by which an administrator lets this account use it.
    pub mend: Option<String>,
    /// It gives the very same picture again and again, which is not to look live.
    pub frozen: bool,
    /// It gives less than was wanted.
    pub lesser: Option<LesserPicture>,
}

/// A camera's picture that is smaller or rarer than was wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct LesserPicture {
    /// Across, in pixels.
    pub width: u32,
    /// Down, in pixels.
    pub height: u32,
    /// Pictures a second.
    pub rate: u32,
    /// The camera offers no larger size; otherwise, no higher rate.
    pub small: bool,
}

/// How old the trust list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct TrustAge {
    /// In seconds; absent where there is none.
    pub seconds: Option<u32>,
    /// Past its soft date.
    pub old: bool,
    /// Age at which it counts as old and at which nothing is judged by it, in seconds; absent where
    /// there is none.
    pub limits: Option<TrustLimits>,
}

/// Ages of the trust list that matter, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct TrustLimits {
    /// Counts as old: somebody should ask why.
    pub soft: u32,
    /// Nothing is judged by it any more.
    pub hard: u32,
}

/// A battery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Battery {
    /// 0 to 100.
    pub percent: u8,
    /// On mains.
    pub charging: bool,
}
