//! Why a relay does not work.

use scanner::ScannerFault;
use serde::{Deserialize, Serialize};

/// Why a relay does not work. It never stops a gate.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::VariantArray, strum::IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum RelayFault {
    /// It is not plugged in.
    Absent,
    /// This account may not use it.
    NoPermission,
    /// Another program holds it.
    Busy,
    /// The system has it and cannot use it as what was chosen.
    Unusable,
    /// It is the hand scanner, which is never written to.
    IsScanner,
}

impl RelayFault {
    /// Returns a stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.into()
    }
}

impl From<ScannerFault> for RelayFault {
    fn from(fault: ScannerFault) -> Self {
        match fault {
            ScannerFault::Absent => Self::Absent,
            ScannerFault::NoPermission => Self::NoPermission,
            ScannerFault::Busy => Self::Busy,
            ScannerFault::Unusable => Self::Unusable,
        }
    }
}

#[cfg(test)]
mod tests {
    use strum::VariantArray as _;

    use super::*;

    #[test]
    fn the_codes_of_faults_are_stable() {
        let codes: Vec<_> = RelayFault::VARIANTS.iter().map(|fault| fault.code()).collect();
        assert_eq!(codes, ["absent", "no-permission", "busy", "unusable", "is-scanner"]);
    }
}
