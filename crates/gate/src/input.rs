//! What can reach the gate.

use std::sync::Arc;
use std::time::Duration;

use health_code::{Timestamp, Trust};
use wire::report::Place;
use wire::{ClockState, Notice, RecordId};
use zeroize::Zeroizing;

use crate::fault::Fault;
use crate::window::UserInput;
use crate::window::bar::{Battery, CameraView, Line};
use crate::window::collector::Hint;
use crate::window::relay::RelayView;
use crate::window::scanner::{ScannerInput, ScannerView};
use crate::window::stick::SticksSeen;
use crate::window::workbench::DeviceView;

/// The moment of an input, on both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// What the wall clock says.
    pub wall: Timestamp,
    /// Time since a fixed point. It never steps back, so countdowns and waits use it.
    pub mono: Duration,
}

/// Names one PIN check, so that a late answer cannot sign in somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AttemptId(pub u64);

/// Whether a code that was read is the one that is held out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// There is no other code in the picture.
    Alone,
    /// There are others, but this one is aimed at: it is the largest, and the middle of the picture
    /// lies on it. At most one code can be aimed at.
    AimedAt,
    /// There are others, and nobody can tell which is meant: two phones side by side.
    Unclear,
}

/// What a hand scanner sent.
#[derive(Clone, PartialEq, Eq)]
pub enum Scan {
    /// A text, without what the scanner added.
    Text(Zeroizing<String>),
    /// A part of a text, or more than any code holds.
    Broken,
}

impl From<ScannerInput> for Scan {
    fn from(input: ScannerInput) -> Self {
        match input {
            ScannerInput::Typed { text } => Self::Text(Zeroizing::new(text)),
            ScannerInput::Broken => Self::Broken,
        }
    }
}

impl std::fmt::Debug for Scan {
    /// Says nothing about people: an input may end up in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Text(_) => "Text",
            Self::Broken => "Broken",
        })
    }
}

/// A word that puts a station out of service: the office signed it, or an administrator here gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// Whether an administrator at this laptop gave it.
    pub left: bool,
    /// Whom to ask; may be empty.
    pub contact: String,
}

/// Where a GPS receiver says that this laptop is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Located {
    /// The place.
    pub place: Place,
    /// Metres by which it may be off, if the receiver says so.
    pub within_metres: Option<u16>,
}

/// One input to the gate.
#[derive(Debug, Clone)]
pub enum Input {
    /// Some time has passed. Comes about four times a second, and when a deadline is due.
    Tick,
    /// The camera read a code.
    CodeSeen {
        /// The QR code's text.
        text: String,
        /// Whether it is the one that is held out.
        aim: Aim,
    },
    /// A code is in view but cannot be read.
    CodeUnreadable {
        /// Why.
        hint: Hint,
    },
    /// No code is in view.
    NothingSeen,
    /// A hand scanner sent something.
    Scanned(Scan),
    /// How the hand scanner does has changed.
    Scanner(ScannerView),
    /// How the relay does has changed. It is shown, and nothing is decided by it.
    Relay(RelayView),
    /// A person did something at the screen.
    User(UserInput),
    /// The shell has checked a PIN ([`crate::Action::CheckPin`]).
    PinChecked {
        /// The check.
        attempt: AttemptId,
        /// Whether the PIN was right.
        right: bool,
    },
    /// The shell has hashed a PIN ([`crate::Action::HashPin`]).
    PinHashed {
        /// The hashing.
        attempt: AttemptId,
        /// The hash as a PHC string; empty if it could not be made.
        phc: String,
    },
    /// A report is durable on disk ([`crate::Action::Append`]).
    Appended {
        /// The report's name.
        record: RecordId,
    },
    /// A report could not be made durable.
    AppendFailed {
        /// The report's name.
        record: RecordId,
        /// Why.
        fault: Fault,
    },
    /// The number of reports in the outbox has changed.
    Waiting(u64),
    /// The number of reports that the back office calls malformed has changed. They are kept, and not
    /// sent.
    SetAside(u64),
    /// What the device page shows has changed.
    Device(Box<DeviceView>),
    /// The camera's state has changed.
    Camera {
        /// What is wrong with it; `None` if it is live.
        fault: Option<Fault>,
        /// Whether it is the simulated one.
        simulated: bool,
    },
    /// What else is known about the camera has changed. It is shown, and nothing is decided by it.
    CameraView(CameraView),
    /// Whether other programs leave the reader too little time has changed. It is shown, and
    /// nothing is decided by it.
    Busy(bool),
    /// Trust has changed; it was verified before it got here. `None` if there is none.
    Trust(Option<Arc<Trust>>),
    /// What the station knows about its clock has changed.
    Clock(ClockState),
    /// The latest moment that is surely past, told while the clock is wrong: nobody can vouch for a time
    /// before it.
    Past(Timestamp),
    /// How the back office is reached has changed.
    Line(Line),
    /// A signed word puts this station out of service, for good.
    Withdrawn(Withdrawal),
    /// Whether a device is plugged in that may be a GPS receiver. Comes only while
    /// [`Screen::gps`](crate::Screen::gps) looks for one.
    ReceiverPlugged(bool),
    /// Where a GPS receiver says that this laptop is; `None` once none says so any more. Comes only while
    /// [`Screen::gps`](crate::Screen::gps) listens to it.
    Located(Option<Located>),
    /// The window's layer refused something that whoever is signed in may not do.
    Forbidden,
    /// A receipt says what became of changes that were made here ([`crate::Action::Await`]).
    Told {
        /// What became of each that the office knows.
        notices: Vec<Notice>,
        /// The version of the community file that the same receipt offers.
        community: u64,
    },
    /// The uplink has tried to reach the back office.
    Exchanged {
        /// Whether it answered.
        answered: bool,
        /// Whether newer trust files are still coming down.
        coming: bool,
    },
    /// Which sticks are plugged in, and what carrying the first would do or has done
    /// ([`crate::Action::LookForSticks`], [`crate::Action::CarryStick`]).
    Sticks(Box<SticksSeen>),
    /// The battery's state has changed; `None` if there is no battery.
    Battery(Option<Battery>),
    /// The outbox itself has a fault, or (`None`) works again.
    Outbox(Option<Fault>),
    /// The program is about to end: what can still be taken back is reported now.
    Closing,
}
