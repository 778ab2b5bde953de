//! Sealed reports that nobody signs any more: their station's key is gone, or the office cannot read them.

use strict_cose::Value;
use strict_cose::cbor::{self, map};

use super::{StickError, open};
use crate::batch::{read_report, report_value};
use crate::ids::StationId;
use crate::limits::{BATCH_REPORTS, EXPORT_BATCHES, EXPORT_BYTES};
use crate::seal::SealedReport;

/// Sealed reports of a station without its signature. Each opens only for the office, and only as this
/// station's and at its place: the seal itself says so. Who wrote the file, nothing says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsigned {
    /// The station that sealed them.
    pub station: StationId,
    /// The reports, at least one and at most [`Unsigned::MOST`], in the order of their chain.
    pub reports: Vec<SealedReport>,
}

impl Unsigned {
    /// Most reports of one file: as many as a signed export may hold.
    pub const MOST: usize = EXPORT_BATCHES * BATCH_REPORTS;

    /// Encodes the file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let reports = self.reports.iter().map(report_value).collect();
        cbor::encode(&map([(1, self.station.0.to_vec().into()), (2, Value::Array(reports))]))
    }

    /// Reads the file.
    ///
    /// # Errors
    /// [`StickError::TooLarge`], [`StickError::Malformed`].
    pub fn parse(bytes: &[u8]) -> Result<Self, StickError> {
        let mut fields = open(bytes, EXPORT_BYTES, 3)?;
        let station = StationId(fields.array(1)?);
        let reports = fields.list(2, Self::MOST)?;
        fields.finish()?;
        let reports: Vec<_> =
            reports.into_iter().map(read_report).collect::<Option<_>>().ok_or(StickError::Malformed)?;
        if reports.is_empty() { Err(StickError::Malformed) } else { Ok(Self { station, reports }) }
    }
}
