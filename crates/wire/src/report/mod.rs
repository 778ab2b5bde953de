//! What a station reports: four kinds, padded to one size and sealed.

mod codec;

use zeroize::Zeroize;

pub(crate) use codec::{pad, unpad};

/// One report before it is sealed. Times are seconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Report {
    /// One confirmed scan.
    Passage(Passage),
    /// A sign-in, a sign-out, or a switch of checkpoint.
    Shift(Shift),
    /// A change of checkpoints or people made at the station.
    Roster(Roster),
    /// The station's counts.
    Health(Health),
}

/// How far the station's clock could be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::FromRepr, strum::IntoStaticStr, strum::VariantArray)]
#[repr(u8)]
pub enum ClockState {
    /// Agrees with every signed time.
    #[strum(serialize = "trusted")]
    Trusted = 0,
    /// Set by an administrator at the station.
    #[strum(serialize = "asserted")]
    Asserted = 1,
    /// Known to be wrong.
    #[strum(serialize = "wrong")]
    Wrong = 2,
}

impl ClockState {
    /// Returns the number that reports and databases hold; [`ClockState::from_repr`] reads it.
    #[must_use]
    pub fn number(self) -> u8 {
        self as u8
    }

    /// Returns the stable code that lists show.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.into()
    }
}

/// What the collector was shown when they confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::FromRepr, strum::IntoStaticStr, strum::VariantArray)]
#[repr(u8)]
pub enum Shown {
    /// 通行: let them through.
    #[strum(serialize = "pass")]
    Pass = 0,
    /// 核实: look closer.
    #[strum(serialize = "check")]
    Check = 1,
    /// 劝返: turn them back.
    #[strum(serialize = "stop")]
    Stop = 2,
    /// Not judged, because the trust list was too old.
    #[strum(serialize = "unjudged-trust")]
    UnjudgedTrust = 3,
    /// Not judged, because the clock was wrong.
    #[strum(serialize = "unjudged-clock")]
    UnjudgedClock = 4,
}

impl Shown {
    /// Returns the number that reports and databases hold; [`Shown::from_repr`] reads it.
    #[must_use]
    pub fn number(self) -> u8 {
        self as u8
    }

    /// Returns the stable code that lists show.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.into()
    }
}

/// One confirmed scan: the code, where and when, the collector, and what the screen showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// When it was confirmed, in seconds since 1970.
    pub at: i64,
    /// How far that time can be relied on.
    pub clock: ClockState,
    /// Checkpoint.
    pub checkpoint: [u8; 8],
    /// Collector.
    pub collector: [u8; 8],
    /// Version of the policy that judged.
    pub policy: u64,
    /// Version of the trust list that verified.
    pub trust: u64,
    /// What was shown.
    pub shown: Shown,
    /// The code, or what a certificate may leave behind.
    pub code: Carried,
}

/// What a passage keeps of the code that the person showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Carried {
    /// A `KD1` code: its COSE message, byte for byte as scanned, to be verified again.
    Whole(Vec<u8>),
    /// A certificate from abroad. Only these three fields are kept.
    Certificate {
        /// Its identifier (UVCI).
        id: String,
        /// Country of its issuer.
        country: String,
        /// Name, masked.
        masked_name: String,
    },
}

impl Zeroize for Carried {
    fn zeroize(&mut self) {
        match self {
            Self::Whole(cose) => cose.zeroize(),
            Self::Certificate { id, country, masked_name } => {
                [id, country, masked_name].into_iter().for_each(Zeroize::zeroize);
            }
        }
    }
}

/// A change of shift (打卡).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// When.
    pub at: i64,
    /// How far that time can be relied on.
    pub clock: ClockState,
    /// Who.
    pub person: [u8; 8],
    /// What they did.
    pub event: ShiftEvent,
}

/// What happened in a shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShiftEvent {
    /// Signed in (`0`).
    SignedIn,
    /// Signed out, or was signed out (`1`).
    SignedOut,
    /// Began work at a checkpoint (`2`).
    At {
        /// Which.
        checkpoint: [u8; 8],
    },
}

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
    },
}

/// Counts since the last report of this kind. It holds no identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// When.
    pub at: i64,
    /// How far that time can be relied on.
    pub clock: ClockState,
    /// Invalid scans by refusal code, ascending by code.
    pub refusals: Vec<(String, u32)>,
}
