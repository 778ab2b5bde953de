//! The screens of the workbench (社区工作台), in which an administrator looks after checkpoints and
//! collectors, and what can be done there.

use health_code::policy::Ruling;
use health_code::{Refusal, Timestamp};
use serde::{Deserialize, Serialize};

use super::collector::{Countdown, Hint};
use super::rules::{PolicyView, TrustUpdate, TrustView};
use super::shift::{CheckpointProblem, Directions};
use crate::fault::Fault;

/// A page of the workbench.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum WorkbenchScreen {
    /// The community's checkpoints.
    Checkpoints {
        /// What every page shows.
        frame: WorkbenchFrame,
        /// The checkpoint at which this station stands, or stood last.
        current: Option<CheckpointItem>,
        /// The others.
        rows: Vec<CheckpointItem>,
        /// Whether a change is on its way to the disk.
        saving: bool,
        /// Why the last change was not made.
        problem: Option<ChangeProblem>,
    },
    /// The community's collectors.
    Collectors {
        /// What every page shows.
        frame: WorkbenchFrame,
        /// The collectors, by masked phone number.
        rows: Vec<CollectorItem>,
        /// Why the last change was not made.
        problem: Option<ChangeProblem>,
    },
    /// Authorising a collector: the code, the phone number, the PIN.
    AddCollector {
        /// What every page shows.
        frame: WorkbenchFrame,
        /// Whom the code names, once one was read; the camera reads until then.
        person: Option<ScannedPerson>,
        /// What keeps the code in view from being read.
        hint: Option<Hint>,
        /// Whether the PIN is being hashed, or the change is on its way to the disk.
        saving: bool,
        /// What is wrong, at the field that it is about.
        problem: Option<AddProblem>,
    },
    /// The policy in force.
    Policy {
        /// What every page shows.
        frame: WorkbenchFrame,
        /// What holds; absent if no policy is in force.
        policy: Option<PolicyView>,
        /// Whether a change is on its way to the disk.
        saving: bool,
        /// Why the last change was not made.
        problem: Option<ChangeProblem>,
    },
    /// The trust files.
    Trust {
        /// What every page shows.
        frame: WorkbenchFrame,
        /// The files; absent if there are none.
        trust: Option<TrustView>,
        /// What came of asking for newer ones, once somebody did.
        update: Option<TrustUpdate>,
    },
}

/// What every page of the workbench shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct WorkbenchFrame {
    /// The community's name.
    pub community: String,
    /// What the back office refused, until somebody has seen it.
    pub notices: Vec<OfficeNotice>,
}

/// A change that the back office refused. It acts here no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct OfficeNotice {
    /// What was to be changed.
    pub change: ChangeKind,
    /// Whom or what it was about: a masked name, or a checkpoint's name. Empty for the policy.
    pub subject: String,
    /// Why it was refused.
    pub why: OfficeRefusal,
}

/// What a change is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    /// A checkpoint was added.
    CheckpointAdded,
    /// A checkpoint got another name or other directions.
    CheckpointChanged,
    /// A checkpoint was removed.
    CheckpointRemoved,
    /// A collector was added.
    PersonAdded,
    /// A collector was removed.
    PersonRemoved,
    /// A collector who was removed is back.
    PersonRestored,
    /// A collector got another PIN.
    PinChanged,
    /// The policy is stricter.
    PolicyStricter,
}

/// Why the back office refused a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum OfficeRefusal {
    /// Whoever made it had no right to.
    NotAllowed,
    /// Whom or what it is about is not listed.
    NotThere,
    /// Another one has this name or this id.
    Taken,
    /// The community has as many as it can have.
    Full,
    /// The last administrator cannot be removed.
    LastAdministrator,
    /// The code that was shown could not be verified.
    Unverified,
    /// It says that it was made in the future.
    Future,
    /// No station could use it.
    Unusable,
}

/// A checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct CheckpointItem {
    /// Its id, in hex.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The directions in which people pass there.
    pub directions: Directions,
    /// Whether a change of it waits for the back office.
    pub pending: bool,
    /// Time left to take its removal back; absent if it was not removed.
    pub undo: Option<Countdown>,
}

/// A collector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct CollectorItem {
    /// Their id, in hex.
    pub id: String,
    /// Their masked name.
    pub masked_name: String,
    /// Their masked phone number.
    pub masked_phone: String,
    /// Whether they are on duty at this station.
    pub on_duty: bool,
    /// Whether a change of them waits for the back office.
    pub pending: bool,
    /// Time left to take their removal back; absent if they were not removed.
    pub undo: Option<Countdown>,
}

/// Whom a code names that was read for an authorisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct ScannedPerson {
    /// The masked name.
    pub masked_name: String,
    /// The masked identity number.
    pub masked_id: String,
    /// The issuer's name in Chinese.
    pub issuer_zh: String,
    /// The issuer's name in English.
    pub issuer_en: String,
    /// The digits of the region in which they live.
    pub region: String,
    /// Whether that is this community.
    pub lives_here: bool,
    /// When the code was read.
    pub seen_at: Timestamp,
}

/// Why a change was not made. What was typed stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum ChangeProblem {
    /// The checkpoint cannot be called so, or could not be recorded.
    Checkpoint {
        /// Why.
        why: CheckpointProblem,
    },
    /// The station stands there: another one has to be the current one first.
    Current,
    /// A collector needs a checkpoint to stand at: add one first.
    NoCheckpoint,
    /// Whoever opened the workbench may not do this.
    NotAllowed,
    /// Too many changes wait for the back office.
    TooMany,
    /// It is not there any more.
    Gone,
    /// It is no stricter than what holds.
    NotStricter,
}

/// What is wrong with somebody who is to be authorised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum AddProblem {
    /// The code is refused.
    Refused {
        /// Why.
        refusal: Refusal,
    },
    /// A certificate from abroad names nobody of this country's codes.
    Certificate,
    /// By the rules in force they are to be turned back.
    Stop,
    /// The station cannot verify codes now.
    Unjudged {
        /// Why.
        fault: Fault,
    },
    /// The phone number has not eleven digits of a mobile.
    Phone,
    /// Somebody with this name and this phone number is listed already.
    Listed,
    /// The PIN has fewer than six digits.
    PinShort,
    /// The PIN has too many digits.
    PinLong,
    /// The PIN has something else than digits.
    PinNotDigits,
    /// The PIN is one that everybody tries first.
    PinTrivial,
    /// The PIN stands in the phone number.
    PinInPhone,
    /// The PIN was typed otherwise the second time.
    PinsDiffer,
    /// Too many changes wait for the back office.
    TooMany,
    /// It could not be recorded.
    NotRecorded,
}

/// What can be done in the workbench.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum WorkbenchInput {
    /// Locks the workbench (F10, Esc).
    Lock,
    /// Turns to a page.
    Turn {
        /// Which.
        page: WorkbenchPage,
    },
    /// Adds a checkpoint.
    AddCheckpoint {
        /// Its name.
        name: String,
        /// The directions in which people pass there.
        directions: Directions,
    },
    /// Gives a checkpoint another name or other directions.
    ChangeCheckpoint {
        /// Its id, in hex.
        id: String,
        /// Its name from now on.
        name: String,
        /// Its directions from now on.
        directions: Directions,
    },
    /// Removes a checkpoint; this can be taken back for ten seconds.
    RemoveCheckpoint {
        /// Its id, in hex.
        id: String,
    },
    /// Makes a checkpoint the one at which this station stands.
    SetCurrent {
        /// Its id, in hex.
        id: String,
    },
    /// Begins to authorise a collector, or scans anew (F2).
    ScanCollector,
    /// Authorises whom the code names.
    AddCollector {
        /// Their phone number, as typed; only its mask is kept.
        phone: String,
        /// Their PIN, as they typed it; zeroised after use.
        pin: String,
        /// The PIN once more.
        again: String,
    },
    /// Goes back to the list of collectors without authorising anybody.
    StopAdding,
    /// Removes a collector, who is signed out at once; this can be taken back for ten seconds.
    RemoveCollector {
        /// Their id, in hex.
        id: String,
    },
    /// Takes a removal back.
    Undo {
        /// The id of who or what was removed, in hex.
        id: String,
    },
    /// Takes the last removal back.
    UndoLast,
    /// Asks the office to make a cell of the policy's table stricter for this community.
    MakeCellStricter {
        /// Five times the row, plus the column.
        cell: u8,
        /// What it is to say.
        ruling: Ruling,
    },
    /// Asks the office to make limits of the policy stricter for this community.
    MakeLimitsStricter {
        /// The temperature in 0.1 °C from which somebody is looked at.
        fever: Option<u16>,
        /// The hours for which a declaration is good.
        declaration_hours: Option<u16>,
    },
    /// Asks the office for newer trust files at once.
    UpdateTrust,
    /// Puts the back office's notices away: somebody has read them.
    NoticesSeen,
}

/// The pages in the workbench's side bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum WorkbenchPage {
    /// 卡点.
    Checkpoints,
    /// 采集员.
    Collectors,
    /// 判定规则.
    Policy,
    /// 信任.
    Trust,
}

impl WorkbenchScreen {
    /// Returns what every page shows.
    #[must_use]
    pub fn frame(&self) -> &WorkbenchFrame {
        match self {
            Self::Checkpoints { frame, .. }
            | Self::Collectors { frame, .. }
            | Self::AddCollector { frame, .. }
            | Self::Policy { frame, .. }
            | Self::Trust { frame, .. } => frame,
        }
    }

    /// Returns whether the page waits for a code before the camera.
    #[must_use]
    pub fn reads_codes(&self) -> bool {
        matches!(self, Self::AddCollector { person: None, .. })
    }
}
