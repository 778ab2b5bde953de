//! What a station reports: four kinds, padded to one size and sealed.

/// Gives enums the number and the code that stand for each variant.
macro_rules! numbered {
    ($($name:ident),+) => {$(
        impl $name {
            /// Returns the number that reports and databases hold; `from_repr` reads it.
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
    )+};
}
mod codec;
mod passage;
mod roster;

pub(crate) use codec::{pad, unpad};
pub use passage::{Carried, Direction, Outcome, Passage, Shown};
pub use roster::{Cell, Directions, Place, Roster, RosterChange, StricterRuling};

/// One report before it is sealed. Times are seconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Report {
    /// One confirmed scan.
    Passage(Passage),
    /// A sign-in, a sign-out, or a switch of checkpoint.
    Shift(Shift),
    /// A change of checkpoints, people or the policy made at the station.
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

numbered!(ClockState);

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
        /// In which direction people pass there.
        direction: Direction,
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
    /// Sign-ins that failed for a wrong PIN or unknown digits.
    pub wrong_tries: u32,
}
