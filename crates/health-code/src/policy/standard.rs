//! The policy from which a deployment makes its own.

use super::{Policy, Row, Ruling, Zone};
use crate::region::Region;
use crate::time::Timestamp;

impl Policy {
    /// Returns the standard policy, from which a deployment makes its own.
    ///
    /// | from | green | yellow | red | grey | uncoloured |
    /// |---|---|---|---|---|---|
    /// | own community, city, province | pass | check | stop | check | check |
    /// | elsewhere in the country | pass | stop | stop | check | check |
    /// | foreign | check | stop | stop | check | check |
    ///
    /// Fever begins at 37.3 °C, a declaration is good for 24 hours, and the same person counts as
    /// just recorded for 60 seconds. The list keeps its own expiries. Collectors may add checkpoints.
    /// Days are those of `Asia/Shanghai`.
    #[must_use]
    pub fn standard(
        version: u64,
        region: Region,
        document: &str,
        from: Timestamp,
        no_code_url: &str,
    ) -> Self {
        let near = Row {
            green: Ruling::Pass,
            yellow: Ruling::Check,
            red: Ruling::Stop,
            grey: Ruling::Check,
            uncoloured: Ruling::Check,
        };
        let country = Row { yellow: Ruling::Stop, ..near };
        let foreign = Row { green: Ruling::Check, ..country };
        Self {
            version,
            region,
            document: document.to_owned(),
            from,
            to: None,
            table: [near, near, near, country, foreign],
            fever_tenths: 373,
            declaration_max_hours: 24,
            repeat_window_seconds: 60,
            soft_expiry_seconds: None,
            hard_expiry_seconds: None,
            collectors_add_checkpoints: true,
            no_code_url: no_code_url.to_owned(),
            certificates: None,
            zone: Zone::china(),
            milder: Vec::new(),
            screen: None,
            idle_minutes: None,
            kept_reports: None,
            keep_days: None,
        }
    }
}
