//! Why a scanner does not work, and how long one look at it lasts.

use std::io::{Error, ErrorKind};
use std::time::Duration;

use rustix::io::Errno;
use serde::{Deserialize, Serialize};

/// Longest wait for bytes; after it the thread looks whether it is to end, and whether a pause ends a text.
pub(crate) const WAIT: Duration = Duration::from_millis(50);

/// Why a scanner does not work.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::VariantArray, strum::IntoStaticStr,
)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum ScannerFault {
    /// It is not plugged in.
    Absent,
    /// This account may not use it.
    NoPermission,
    /// Another program holds it.
    Busy,
    /// The system has it and cannot use it as what was chosen.
    Unusable,
}

impl ScannerFault {
    /// Returns a stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.into()
    }

    /// Returns what an error at opening a device means.
    #[must_use]
    pub fn of(error: &Error) -> Self {
        match error.kind() {
            ErrorKind::NotFound => Self::Absent,
            ErrorKind::PermissionDenied => Self::NoPermission,
            ErrorKind::ResourceBusy => Self::Busy,
            _ => match error.raw_os_error() {
                // No such device: unplugged between the look and the opening.
                Some(code) if code == Errno::NODEV.raw_os_error() => Self::Absent,
                Some(code) if code == Errno::NXIO.raw_os_error() => Self::Absent,
                _ => Self::Unusable,
            },
        }
    }
}
