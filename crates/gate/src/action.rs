//! What a gate asks of the shell around it.

use serde::{Deserialize, Serialize};
use wire::{RecordId, Report};
use zeroize::Zeroizing;

use crate::input::AttemptId;
use crate::window::View;

/// One thing to do. The shell does them in order.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Show this instead of what is shown.
    Show(Box<View>),
    /// Make this sound.
    Play(Sound),
    /// Compare a PIN with its Argon2id hash, off the gate's thread.
    CheckPin {
        /// Comes back with the answer.
        attempt: AttemptId,
        /// The PIN as typed.
        pin: Zeroizing<String>,
        /// The hash, a PHC string. Of a stranger's phone it is a decoy, so that a wrong phone
        /// takes as long as a wrong PIN.
        phc: String,
    },
    /// Seal a report and make it durable; answer `Appended` or `AppendFailed`.
    Append {
        /// Its name.
        record: RecordId,
        /// What to seal.
        report: Box<Report>,
    },
    /// An administrator vouches for the machine's time; answer by `Clock`.
    AssertTime,
}

/// The sounds of design and screens, by name; the window makes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Sound {
    /// Two rising tones.
    Pass,
    /// Two equal tones.
    Check,
    /// One long falling tone.
    Stop,
    /// Three short low tones.
    Invalid,
    /// One soft tap.
    Recorded,
    /// One low tap.
    Again,
    /// Two falling tones, each ten seconds until seen.
    Fault,
}
