//! Passages: one confirmed scan.

use zeroize::Zeroize;

use super::ClockState;

/// One confirmed scan: the code, where and when, the collector, what the screen showed and what was done.
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
    /// The policies that judged: SHA-256 of the SHA-256s of the policy files in force, from the nation's
    /// to the community's.
    pub policies: [u8; 32],
    /// Version of the trust list that verified.
    pub trust: u64,
    /// What was shown when it was confirmed.
    pub shown: Shown,
    /// The code, or what a certificate may leave behind.
    pub code: Carried,
    /// When what was shown was judged, in seconds since 1970. The code verifies at this moment.
    pub judged_at: i64,
    /// In which direction the person passed.
    pub direction: Direction,
    /// What the collector did.
    pub outcome: Outcome,
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
    /// Not judged, because the trust list or the community file could not be believed.
    #[strum(serialize = "unjudged-trust")]
    UnjudgedTrust = 3,
    /// Not judged, because the clock was wrong.
    #[strum(serialize = "unjudged-clock")]
    UnjudgedClock = 4,
    /// Not judged, because a policy was missing or none was in force.
    #[strum(serialize = "unjudged-policy")]
    UnjudgedPolicy = 5,
}

impl Shown {
    /// Returns whether the code was judged at all.
    #[must_use]
    pub fn is_judged(self) -> bool {
        matches!(self, Self::Pass | Self::Check | Self::Stop)
    }
}

/// In which direction somebody passes (出入).
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::FromRepr, strum::IntoStaticStr, strum::VariantArray)]
#[repr(u8)]
pub enum Direction {
    /// 入: into the community.
    #[strum(serialize = "in")]
    In = 0,
    /// 出: out of it.
    #[strum(serialize = "out")]
    Out = 1,
}

/// What the collector did with the person. It says nothing of what the person declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::FromRepr, strum::IntoStaticStr, strum::VariantArray)]
#[repr(u8)]
pub enum Outcome {
    /// Let through.
    #[strum(serialize = "let-through")]
    LetThrough = 0,
    /// Turned away.
    #[strum(serialize = "turned-away")]
    TurnedAway = 1,
}

impl Outcome {
    /// Returns whether this may follow what was shown: who is shown Pass is let through, who is shown
    /// Stop is turned away, and everything else ends either way.
    #[must_use]
    pub fn may_follow(self, shown: Shown) -> bool {
        match shown {
            Shown::Pass => self == Self::LetThrough,
            Shown::Stop => self == Self::TurnedAway,
            _ => true,
        }
    }
}

numbered!(Shown, Direction, Outcome);

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
