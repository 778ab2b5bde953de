//! What can be done in the workbench.

use health_code::policy::Ruling;
use serde::{Deserialize, Serialize};

use super::device::DeviceInput;
use crate::window::shift::Directions;

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
    /// Listens to a GPS receiver, or not any more: the next checkpoint is where the laptop is.
    Locate {
        /// Whether to listen.
        asked: bool,
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
    /// Goes back to the list of collectors without authorising anybody, or setting a PIN.
    StopAdding,
    /// Begins to give a collector another PIN.
    ChooseNewPin {
        /// Their id, in hex.
        id: String,
    },
    /// Gives the collector of the page another PIN.
    SetPin {
        /// The PIN, as they typed it; zeroised after use.
        pin: String,
        /// The PIN once more.
        again: String,
    },
    /// Brings back a collector whose removal was reported from here, and whom the community's file still lists.
    RestoreCollector {
        /// Their id, in hex.
        id: String,
    },
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
    /// Takes in what the stick brings, and writes to it what waits.
    CarryStick,
    /// Asks for something on the device page.
    Device {
        /// What.
        input: DeviceInput,
    },
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
    /// U 盘.
    Stick,
    /// 设备.
    Device,
    /// 入网.
    Enrolment,
}
