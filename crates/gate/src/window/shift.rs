//! The screens of a shift's beginning and end: signing in and choosing a checkpoint.

use serde::{Deserialize, Serialize};

/// What is shown while nobody is on duty at a checkpoint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum ShiftScreen {
    /// Nobody is signed in; the camera reads nothing.
    SignedOut {
        /// Whether a PIN is being checked.
        checking: bool,
        /// What was wrong with the last try.
        problem: Option<SignInProblem>,
    },
    /// Which checkpoint? The one chosen last time comes first.
    ChooseCheckpoint {
        /// The community's checkpoints.
        rows: Vec<CheckpointRow>,
        /// Whether this person may add one.
        may_add: bool,
        /// What was wrong with the name just added.
        problem: Option<CheckpointProblem>,
    },
}

/// What a person can do about the shift.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum ShiftInput {
    /// Signs in.
    SignIn {
        /// The phone number as typed.
        phone: String,
        /// The PIN as typed; zeroised after use.
        pin: String,
    },
    /// Goes on duty at a checkpoint.
    ChooseCheckpoint {
        /// The checkpoint's id, in hex.
        id: String,
    },
    /// Adds a checkpoint and goes on duty there.
    AddCheckpoint {
        /// The new checkpoint's name.
        name: String,
    },
    /// Goes back to choosing a checkpoint.
    SwitchCheckpoint,
    /// Leaves the choice of a checkpoint and stays at the present one.
    Back,
    /// Ends the shift (F9).
    EndShift,
}

/// Why nobody could be signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum SignInProblem {
    /// Phone or PIN is wrong; the screen does not say which.
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
    /// The name is empty or too long.
    BadName,
    /// A checkpoint with this name exists.
    Exists,
    /// It could not be recorded.
    NotRecorded,
}

/// One checkpoint to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct CheckpointRow {
    /// The checkpoint's id, in hex.
    pub id: String,
    /// The checkpoint's name.
    pub name: String,
    /// Whether it was chosen last time on this station.
    pub last: bool,
}
