//! What the gate asks of the shell around it.

use serde::{Deserialize, Serialize};
use wire::{RecordId, Report};
use zeroize::Zeroizing;

use crate::changes::Changes;
use crate::input::AttemptId;
use crate::shift::WrongTries;
use crate::window::View;
use crate::window::workbench::DeviceInput;

/// One thing to do. The shell does the actions in order.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Shows this view instead of the last one.
    Show(Box<View>),
    /// Plays a sound.
    Play(Sound),
    /// Makes the wrong tries durable, and only then compares a PIN with its Argon2id hash, off the
    /// gate's thread. A disk that refuses the tries keeps nobody out: the PIN is compared all the same.
    /// Answers with [`Input::PinChecked`](crate::Input::PinChecked).
    CheckPin {
        /// The check; the answer repeats it.
        attempt: AttemptId,
        /// The PIN as typed.
        pin: Zeroizing<String>,
        /// The hash as a PHC string. For unknown digits it is a decoy, so that wrong digits take as
        /// long as a wrong PIN.
        phc: String,
        /// The wrong tries, with this one among them: it counts before it is compared, so that
        /// switching the laptop off saves nobody a wrong try.
        tries: WrongTries,
    },
    /// Makes the wrong tries durable: a right PIN has cleared somebody's.
    KeepTries(WrongTries),
    /// Hashes a PIN that somebody has chosen, by Argon2id under a fresh salt, off the gate's thread.
    /// Answers with [`Input::PinHashed`](crate::Input::PinHashed).
    HashPin {
        /// The hashing; the answer repeats it.
        attempt: AttemptId,
        /// The PIN as typed.
        pin: Zeroizing<String>,
    },
    /// Writes down the changes that were made here and that the community's file does not hold yet, for
    /// the next start.
    KeepChanges(Changes),
    /// Asks the office with each batch, from now on, what became of these changes, at most
    /// [`wire::limits::AWAITS`]. Answers with [`Input::Told`](crate::Input::Told).
    Await(Vec<RecordId>),
    /// Seals a report and makes it durable, and answers with
    /// [`Input::Appended`](crate::Input::Appended) or
    /// [`Input::AppendFailed`](crate::Input::AppendFailed).
    Append {
        /// The report's name.
        record: RecordId,
        /// The report.
        report: Box<Report>,
    },
    /// Pulses the relay, if there is one: a passage is durable, its person was judged and let through, and the
    /// screen says so. Comes once for a passage at most, and nothing waits for it.
    LetThrough {
        /// The passage.
        record: RecordId,
    },
    /// Asks the back office for newer files at once, and answers with
    /// [`Input::Exchanged`](crate::Input::Exchanged).
    UpdateNow,
    /// Looks which stick is plugged in and what carrying it would do, and answers with
    /// [`Input::Sticks`](crate::Input::Sticks).
    LookForSticks,
    /// Takes in what a stick brings and writes to it what waits, and answers with
    /// [`Input::Sticks`](crate::Input::Sticks).
    CarryStick,
    /// Does what an administrator asks for on the device page, and answers with
    /// [`Input::Device`](crate::Input::Device).
    Device(DeviceInput),
    /// Takes the machine's time as vouched for by an administrator, and answers with
    /// [`Input::Clock`](crate::Input::Clock).
    AssertTime,
}

/// A sound by name; the window makes it.
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
    /// A light tick, in each of a result's last seconds.
    Tick,
    /// A pass's two tones, falling: nobody has confirmed it.
    Unconfirmed,
    /// Two falling tones, repeated every ten seconds until a person has seen the fault.
    Fault,
}
