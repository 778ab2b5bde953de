//! The three kinds of certificates.

use serde::{Deserialize, Serialize};

/// Which of the three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export, rename = "CertificateKind"))]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// 接种.
    Vaccination,
    /// 检测.
    Test,
    /// 康复.
    Recovery,
}
