//! The screens of a shift's beginning and end: signing in and choosing a checkpoint.

use serde::{Deserialize, Serialize};

use super::collector::Countdown;

/// What is shown while nobody is on duty at a checkpoint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum ShiftScreen {
    /// Nobody is signed in; the camera reads nothing.
    SignedOut {
        /// Whether a PIN is being checked.
        checking: bool,
        /// What was wrong with the last try, or how the last shift ended.
        problem: Option<SignInProblem>,
        /// The people whose phones end in the digits of the last try, if they are several: the
        /// window sends the same try again with one of them.
        choices: Vec<PersonChoice>,
        /// For how long the shift that a person has just ended can be taken up again.
        resumable: Option<Countdown>,
    },
    /// An administrator signs in to the workbench; whoever is on duty stays so.
    Door {
        /// Whether a PIN is being checked.
        checking: bool,
        /// What was wrong with the last try.
        problem: Option<SignInProblem>,
        /// The people whose phones end in the digits of the last try, if they are several.
        choices: Vec<PersonChoice>,
        /// The masked name of somebody who is no administrator, if the last PIN was theirs or they are
        /// on duty here.
        no_administrator: Option<String>,
        /// Whom to ask; may be empty.
        contact: String,
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
        /// The last four digits of the phone, as typed.
        digits: String,
        /// The person's id in hex, where several people have these digits.
        person: Option<String>,
        /// The PIN or an administrator's secret, as typed; zeroised after use.
        secret: String,
    },
    /// Goes on duty at a checkpoint.
    ChooseCheckpoint {
        /// The checkpoint's id, in hex.
        id: String,
        /// The direction in which people pass here; one that the checkpoint has.
        direction: Direction,
    },
    /// Adds a checkpoint; it is then chosen like any other, or at once if it has one direction.
    AddCheckpoint {
        /// The new checkpoint's name.
        name: String,
        /// The directions in which people pass there.
        directions: Directions,
    },
    /// Goes back to choosing a checkpoint.
    SwitchCheckpoint,
    /// Leaves the choice of a checkpoint and stays at the present one. Where none was chosen yet, it
    /// signs out. On the sign-in page it forgets the choices; it closes the workbench's door.
    Back,
    /// Opens the workbench (F10): at once for an administrator who is on duty, otherwise by a sign-in.
    OpenWorkbench,
    /// Ends the shift (F9).
    EndShift {
        /// The shift that the person looked at ([`StatusBar::shift`](super::bar::StatusBar::shift)).
        shift: ShiftId,
    },
    /// Takes up the shift again that was just ended, as long as the page offers it (Esc).
    ResumeShift,
}

/// Why nobody could be signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum SignInProblem {
    /// Digits or secret are wrong; the screen does not say which.
    WrongDigitsOrSecret,
    /// Too many wrong tries with the digits, or by the person, of the last try. Somebody else may
    /// sign in meanwhile.
    Wait {
        /// Seconds until the next try is taken.
        seconds: u32,
    },
    /// Signed out because the roster no longer lists this person.
    Removed,
    /// Signed out because this person's PIN or role has changed.
    Changed,
    /// Signed out because nobody pressed a key or showed a code for too long.
    Idle,
    /// The secret was not compared in time: this laptop is too busy.
    NotChecked,
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
    /// The directions in which people pass there.
    pub directions: Directions,
    /// The direction to begin with: the one chosen last time, or the only one.
    pub direction: Direction,
}

/// Names one shift, from signing in to signing out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(transparent)]
pub struct ShiftId(pub u32);

/// The direction in which people pass a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// 进.
    In,
    /// 出.
    Out,
}

/// The directions that a checkpoint has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Directions {
    /// 入口: people only go in.
    Entry,
    /// 出口: people only come out.
    Exit,
    /// 出入口: both.
    Both,
}

impl From<Direction> for wire::report::Direction {
    fn from(direction: Direction) -> Self {
        match direction {
            Direction::In => Self::In,
            Direction::Out => Self::Out,
        }
    }
}

impl From<Directions> for wire::report::Directions {
    fn from(directions: Directions) -> Self {
        match directions {
            Directions::Entry => Self::Entry,
            Directions::Exit => Self::Exit,
            Directions::Both => Self::Both,
        }
    }
}

impl From<health_code::Directions> for Directions {
    fn from(directions: health_code::Directions) -> Self {
        match directions {
            health_code::Directions::Entry => Self::Entry,
            health_code::Directions::Exit => Self::Exit,
            health_code::Directions::Both => Self::Both,
        }
    }
}

impl Directions {
    /// Returns whether people pass in this direction.
    #[must_use]
    pub fn have(self, direction: Direction) -> bool {
        match self {
            Self::Entry => direction == Direction::In,
            Self::Exit => direction == Direction::Out,
            Self::Both => true,
        }
    }

    /// Returns the wanted direction if there is such a one, or else the first that there is.
    #[must_use]
    pub fn nearest(self, wanted: Direction) -> Direction {
        match self {
            Self::Entry => Direction::In,
            Self::Exit => Direction::Out,
            Self::Both => wanted,
        }
    }
}

/// Somebody to choose among people with the same digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct PersonChoice {
    /// The person's id, in hex.
    pub id: String,
    /// The masked name.
    pub masked_name: String,
}
