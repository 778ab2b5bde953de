//! The self-test's lines. Each can fail, and what fails says what to do.

use health_code::Timestamp;
use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::window::relay::RelayTrouble;
use crate::window::scanner::ScannerTrouble;

/// A self-test, while it runs and afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct SelfTest {
    /// When it began.
    pub at: Timestamp,
    /// Its lines, in their order.
    pub lines: Vec<TestLine>,
}

/// One line of a self-test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct TestLine {
    /// What it is about.
    pub subject: TestSubject,
    /// What came of it.
    pub outcome: TestOutcome,
}

/// What a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum TestSubject {
    /// The camera for codes that are held up.
    Camera,
    /// The camera that looks down at paper.
    SecondCamera,
    /// The hand scanner, if a device is chosen.
    Scanner,
    /// The relay, if one is chosen. It is never pulsed here.
    Relay,
    /// The reader, on sample codes.
    Reading,
    /// The loudspeaker, which a person hears.
    Sound,
    /// The disk under the station's folder.
    Disk,
    /// The clock.
    Clock,
    /// The trust files.
    Trust,
    /// The outbox.
    Outbox,
    /// The station's own key.
    Key,
    /// The back office.
    Network,
    /// The battery.
    Battery,
    /// The display that was chosen for the resident's side.
    Display,
}

/// What came of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum TestOutcome {
    /// It is being tried.
    Running,
    /// A person has to answer.
    Asks,
    /// It is well.
    Well {
        /// What was found.
        found: TestFinding,
    },
    /// Something must be done.
    Failed {
        /// What is wrong.
        why: TestFailure,
    },
}

/// What was found where nothing is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum TestFinding {
    /// So many pictures came in a second.
    Pictures {
        /// How many.
        rate: u32,
    },
    /// All sample codes were read.
    Samples {
        /// How many.
        count: u32,
        /// The longest time that one took, in milliseconds.
        millis: u32,
    },
    /// The hand scanner is there, and is read.
    ScannerReads,
    /// The relay is there, and may be used. Nobody pulsed it.
    RelayThere,
    /// The tones were heard.
    Heard,
    /// A sealed probe was written, read back and erased.
    Written {
        /// Free room in megabytes.
        #[cfg_attr(feature = "bindings", ts(type = "number"))]
        free: u64,
    },
    /// The clock can be relied on.
    OnTime,
    /// An administrator vouches for the clock.
    VouchedFor,
    /// Every signature holds.
    Signed {
        /// The trust list's version.
        #[cfg_attr(feature = "bindings", ts(type = "number"))]
        list: u64,
        /// The community file's version.
        #[cfg_attr(feature = "bindings", ts(type = "number"))]
        community: u64,
    },
    /// The outbox is whole.
    Whole {
        /// How many reports wait in it.
        #[cfg_attr(feature = "bindings", ts(type = "number"))]
        waiting: u64,
    },
    /// What the key signs is verified.
    Signs,
    /// The back office answers.
    Answers,
    /// There is no network now, which is a fact and no failure.
    Offline,
    /// The battery has enough.
    Charge {
        /// From 0 to 100.
        percent: u8,
    },
    /// The laptop has no battery, and runs on mains.
    Mains,
    /// The display is connected, and free for the resident's side.
    Connected,
}

/// What is wrong, by a stable code. The window says what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum TestFailure {
    /// The camera has a fault.
    Camera {
        /// Which.
        fault: Fault,
    },
    /// The camera gives too few pictures.
    FewPictures {
        /// How many came in a second.
        rate: u32,
    },
    /// The camera repeats one picture.
    Frozen,
    /// The hand scanner does not work.
    Scanner {
        /// Why.
        trouble: ScannerTrouble,
    },
    /// The relay does not work.
    Relay {
        /// Why.
        trouble: RelayTrouble,
    },
    /// Sample codes were not read, or read wrong.
    SamplesUnread {
        /// How many were read.
        read: u32,
        /// Of how many.
        count: u32,
    },
    /// Sample codes were read, and too slowly.
    SamplesSlow {
        /// The longest time that one took, in milliseconds.
        millis: u32,
    },
    /// The tones were not heard.
    NotHeard,
    /// There is too little room.
    DiskFull {
        /// Free room in megabytes.
        #[cfg_attr(feature = "bindings", ts(type = "number"))]
        free: u64,
    },
    /// Nothing can be written.
    DiskNotWritable,
    /// What was read is not what was written.
    DiskAltered,
    /// The room that is set aside for emptying the outbox is not there.
    NoReserve,
    /// The clock cannot be relied on.
    ClockWrong,
    /// There are no trust files, or not all of them.
    TrustMissing,
    /// A trust file is damaged, or its signatures do not hold.
    TrustRefused,
    /// The trust files are too old to judge by.
    TrustExpired,
    /// The trust files are past the date from which somebody should ask why.
    TrustOld {
        /// The list's age in days.
        days: u32,
    },
    /// The outbox is damaged.
    OutboxDamaged,
    /// The outbox could not be checked: another program holds it, or it could not be opened.
    OutboxBusy,
    /// Reports are set aside, because the back office calls them malformed.
    SetAside {
        /// How many.
        #[cfg_attr(feature = "bindings", ts(type = "number"))]
        count: u64,
    },
    /// The key cannot be read, or others may read it.
    KeyUnreadable,
    /// The key is damaged, or not this station's.
    KeyWrong,
    /// The back office is not reached because this machine's clock is wrong.
    NetworkClock,
    /// Somebody answers at the back office's address who is not it.
    NotTheOffice,
    /// The battery is low.
    BatteryLow {
        /// From 0 to 100.
        percent: u8,
    },
    /// The display that was chosen for the resident's side is not connected, or the collector's window is on it.
    DisplayMissing,
    /// The test itself could not be carried out.
    NotTried,
}

impl TestFailure {
    /// Returns a stable code, the one that serialising gives.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Camera { .. } => "camera",
            Self::FewPictures { .. } => "few-pictures",
            Self::Frozen => "frozen",
            Self::Scanner { .. } => "scanner",
            Self::Relay { .. } => "relay",
            Self::SamplesUnread { .. } => "samples-unread",
            Self::SamplesSlow { .. } => "samples-slow",
            Self::NotHeard => "not-heard",
            Self::DiskFull { .. } => "disk-full",
            Self::DiskNotWritable => "disk-not-writable",
            Self::DiskAltered => "disk-altered",
            Self::NoReserve => "no-reserve",
            Self::ClockWrong => "clock-wrong",
            Self::TrustMissing => "trust-missing",
            Self::TrustRefused => "trust-refused",
            Self::TrustExpired => "trust-expired",
            Self::TrustOld { .. } => "trust-old",
            Self::OutboxDamaged => "outbox-damaged",
            Self::OutboxBusy => "outbox-busy",
            Self::SetAside { .. } => "set-aside",
            Self::KeyUnreadable => "key-unreadable",
            Self::KeyWrong => "key-wrong",
            Self::NetworkClock => "network-clock",
            Self::NotTheOffice => "not-the-office",
            Self::BatteryLow { .. } => "battery-low",
            Self::DisplayMissing => "display-missing",
            Self::NotTried => "not-tried",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_serialised_under_its_code() {
        for why in [
            TestFailure::Camera { fault: Fault::CameraNone },
            TestFailure::Scanner { trouble: ScannerTrouble::Busy },
            TestFailure::Relay { trouble: RelayTrouble::NoPermission },
            TestFailure::SamplesUnread { read: 5, count: 6 },
            TestFailure::DiskFull { free: 3 },
            TestFailure::NotTheOffice,
            TestFailure::DisplayMissing,
        ] {
            let json = serde_json::to_value(&why).unwrap();
            assert_eq!(json["code"], why.code());
        }
    }
}
