//! Alerts that the office raises about itself and about stations, beside those of what it takes and opens.

use async_trait::async_trait;
use health_code::Timestamp;
use wire::StationId;

use super::alert_kind::AlertKind;
use super::error::StoreError;

/// Raises alerts that concern no single record, and clears them.
#[async_trait]
pub trait Alerting {
    /// Raises an alert about a station as a whole. One that is raised already stays as it is; one that was
    /// cleared is raised again.
    ///
    /// # Errors
    /// [`StoreError`], as for the other methods.
    async fn raise_alert(
        &self,
        station: StationId,
        kind: AlertKind,
        detail: &str,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// Clears the alerts of one kind, of all stations.
    async fn clear_alerts(&self, kind: AlertKind, now: Timestamp) -> Result<(), StoreError>;
}
