//! Changes of checkpoints, people and the policy that somebody made at a station.

use super::{ClockState, Direction};
use crate::ids::RecordId;

/// A change made at the station, to be checked by the back office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    /// When.
    pub at: i64,
    /// How far that time can be relied on.
    pub clock: ClockState,
    /// Who made it.
    pub by: [u8; 8],
    /// What changed.
    pub change: RosterChange,
}

/// What changed in the roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RosterChange {
    /// A checkpoint was added (`0`).
    CheckpointAdded {
        /// Its id.
        id: [u8; 8],
        /// Its name.
        name: String,
        /// In which directions people pass there.
        directions: Directions,
        /// Where it is, if somebody said so.
        place: Option<Place>,
    },
    /// A checkpoint has another name or other directions (`1`).
    CheckpointChanged {
        /// Its id.
        id: [u8; 8],
        /// Its name from now on.
        name: String,
        /// Its directions from now on.
        directions: Directions,
    },
    /// A checkpoint was removed (`2`).
    CheckpointRemoved {
        /// Its id.
        id: [u8; 8],
    },
    /// A collector was added (`3`). No station makes an administrator, so it names no role.
    PersonAdded {
        /// Their id.
        id: [u8; 8],
        /// Their name, masked.
        masked_name: String,
        /// Their phone number, masked but for the four digits to sign in by.
        masked_phone: String,
        /// The Argon2id hash of their PIN, as a PHC string.
        phc: String,
        /// The COSE message of the code that they showed, for the office to verify again.
        code: Vec<u8>,
        /// Their whole phone number, for the office alone: digits, at most 15 (E.164). No community file
        /// has it, and a station forgets it with the report.
        phone: Option<String>,
    },
    /// A person was removed (`4`).
    PersonRemoved {
        /// Their id.
        id: [u8; 8],
    },
    /// A person has another PIN (`5`).
    PinChanged {
        /// Their id.
        id: [u8; 8],
        /// Its Argon2id hash, as a PHC string.
        phc: String,
    },
    /// The community's policy is stricter from now on (`6`). At least one of the three is there.
    PolicyStricter {
        /// Cells of the table, ascending by index, none twice.
        cells: Vec<Cell>,
        /// The temperature in tenths of a degree Celsius from which on somebody is looked at.
        fever: Option<u16>,
        /// The hours for which a declaration is good.
        declaration_hours: Option<u16>,
    },
    /// A collector who was removed at this station is back (`7`). No code is shown: the office takes it if
    /// it had them, and nobody else removed them.
    PersonRestored {
        /// Their id.
        id: [u8; 8],
        /// Their name, masked.
        masked_name: String,
        /// Their phone number, masked but for the four digits to sign in by.
        masked_phone: String,
        /// The Argon2id hash of their PIN, as a PHC string.
        phc: String,
        /// The report of this station by which they were removed.
        removal: RecordId,
    },
}

impl RosterChange {
    /// Returns the stable code that lists show.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::CheckpointAdded { .. } => "checkpoint-added",
            Self::CheckpointChanged { .. } => "checkpoint-changed",
            Self::CheckpointRemoved { .. } => "checkpoint-removed",
            Self::PersonAdded { .. } => "person-added",
            Self::PersonRemoved { .. } => "person-removed",
            Self::PinChanged { .. } => "pin-changed",
            Self::PolicyStricter { .. } => "policy-stricter",
            Self::PersonRestored { .. } => "person-restored",
        }
    }

    /// Returns the id of the checkpoint or person that it is about; a policy has none.
    #[must_use]
    pub fn subject(&self) -> Option<[u8; 8]> {
        match self {
            Self::CheckpointAdded { id, .. }
            | Self::CheckpointChanged { id, .. }
            | Self::CheckpointRemoved { id }
            | Self::PersonAdded { id, .. }
            | Self::PersonRemoved { id }
            | Self::PinChanged { id, .. }
            | Self::PersonRestored { id, .. } => Some(*id),
            Self::PolicyStricter { .. } => None,
        }
    }

    /// Takes out what names a person or helps to sign in as them: masks, the phone, the code that they showed, the
    /// PIN's hash. What stays is read as before, and enters no community file. Returns whether anything was there.
    pub fn forget_person(&mut self) -> bool {
        const GONE: &str = "*";
        let texts: Vec<&mut String> = match self {
            Self::PersonAdded { masked_name, masked_phone, phc, code, phone, .. } => {
                code.clear();
                *phone = None;
                vec![masked_name, masked_phone, phc]
            }
            Self::PersonRestored { masked_name, masked_phone, phc, .. } => {
                vec![masked_name, masked_phone, phc]
            }
            Self::PinChanged { phc, .. } => vec![phc],
            _ => Vec::new(),
        };
        let had = texts.iter().any(|text| *text != GONE);
        texts.into_iter().for_each(|text| GONE.clone_into(text));
        had
    }

    /// Returns the number that reports and databases hold.
    #[must_use]
    pub fn number(&self) -> u8 {
        match self {
            Self::CheckpointAdded { .. } => 0,
            Self::CheckpointChanged { .. } => 1,
            Self::CheckpointRemoved { .. } => 2,
            Self::PersonAdded { .. } => 3,
            Self::PersonRemoved { .. } => 4,
            Self::PinChanged { .. } => 5,
            Self::PolicyStricter { .. } => 6,
            Self::PersonRestored { .. } => 7,
        }
    }
}

/// The directions of a checkpoint: bit 0 entry, bit 1 exit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::FromRepr, strum::IntoStaticStr, strum::VariantArray)]
#[repr(u8)]
pub enum Directions {
    /// An entry.
    #[strum(serialize = "entry")]
    Entry = 1,
    /// An exit.
    #[strum(serialize = "exit")]
    Exit = 2,
    /// Both.
    #[strum(serialize = "both")]
    Both = 3,
}

numbered!(Directions);

impl Directions {
    /// Returns whether people pass in this direction.
    #[must_use]
    pub fn allows(self, direction: Direction) -> bool {
        let bit = match direction {
            Direction::In => 1,
            Direction::Out => 2,
        };
        self.number() & bit != 0
    }
}

/// A place on the Earth (WGS 84), in millionths of a degree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Latitude, -90,000,000 to 90,000,000; north is positive.
    pub latitude: i32,
    /// Longitude, -180,000,000 to 180,000,000; east is positive.
    pub longitude: i32,
}

impl Place {
    pub(crate) fn is_on_earth(self) -> bool {
        self.latitude.unsigned_abs() <= 90_000_000 && self.longitude.unsigned_abs() <= 180_000_000
    }
}

/// A cell of the policy's table and what it says now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Row times five plus column, 0 to 24.
    pub index: u8,
    /// What it says.
    pub ruling: StricterRuling,
}

/// What a stricter cell may say. Nothing is stricter than a cell that lets pass, so it may not say that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::FromRepr)]
#[repr(u8)]
pub enum StricterRuling {
    /// Look closer.
    Check = 1,
    /// Turn back.
    Stop = 2,
}
