//! Reports as canonical CBOR, padded to one size.
//!
//! Padding is ISO/IEC 7816-4's: one byte `80`, then zeros up to [`REPORT_BYTES`]. It is checked
//! byte for byte, so that a report has one encoding only.

mod passage;
mod roster;

use std::collections::BTreeMap;

use strict_cose::cbor::{self, map};
use strict_cose::{FieldError, Fields, Limits, Value};
use zeroize::Zeroizing;

use super::{ClockState, Direction, Health, Report, Shift, ShiftEvent};
use crate::limits::{COUNTER_NAME_BYTES, COUNTERS, REPORT_BYTES};

/// First byte of the padding.
const MARK: u8 = 0x80;
/// Deepest nesting of a report: a map, a list of counters, a pair.
const DEPTH: usize = 3;

const KIND: i64 = 1;
const AT: i64 = 2;
const CLOCK: i64 = 3;

/// The report is longer than it may be. Retrying never helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLong;

/// The bytes are no report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoReport;

impl From<FieldError> for NoReport {
    fn from(_: FieldError) -> Self {
        Self
    }
}

impl From<strict_cose::CborError> for NoReport {
    fn from(_: strict_cose::CborError) -> Self {
        Self
    }
}

/// Encodes and pads a report.
pub(crate) fn pad(report: &Report) -> Result<Zeroizing<Vec<u8>>, TooLong> {
    if !within_limits(report) {
        return Err(TooLong);
    }
    let encoded = Zeroizing::new(cbor::encode(&to_value(report)));
    if encoded.len() >= REPORT_BYTES {
        return Err(TooLong);
    }
    // Allocated once at its full size: growing would leave copies behind that nobody erases.
    let mut padded = Zeroizing::new(Vec::with_capacity(REPORT_BYTES));
    padded.extend_from_slice(&encoded);
    padded.push(MARK);
    padded.resize(REPORT_BYTES, 0);
    Ok(padded)
}

/// Takes the padding off and reads the report.
pub(crate) fn unpad(padded: &[u8]) -> Result<Report, NoReport> {
    if padded.len() != REPORT_BYTES {
        return Err(NoReport);
    }
    let end = padded.iter().rposition(|byte| *byte != 0).ok_or(NoReport)?;
    if padded[end] != MARK {
        return Err(NoReport);
    }
    from_value(cbor::decode(&padded[..end], Limits { bytes: REPORT_BYTES, depth: DEPTH })?)
}

fn within_limits(report: &Report) -> bool {
    match report {
        Report::Passage(passage) => passage::is_within_limits(passage),
        Report::Shift(_) => true,
        Report::Roster(roster) => roster::is_within_limits(&roster.change),
        Report::Health(health) => {
            health.refusals.len() <= COUNTERS
                && health.refusals.iter().all(|(code, _)| code.len() <= COUNTER_NAME_BYTES)
        }
    }
}

fn to_value(report: &Report) -> Value {
    let (kind, at, clock, rest) = match report {
        Report::Passage(passage) => (0, passage.at, passage.clock, passage::fields(passage)),
        Report::Shift(shift) => (1, shift.at, shift.clock, shift_fields(shift)),
        Report::Roster(roster) => (2, roster.at, roster.clock, roster::fields(roster)),
        Report::Health(health) => (3, health.at, health.clock, health_fields(health)),
    };
    let head = [(KIND, kind.into()), (AT, at.into()), (CLOCK, clock.number().into())];
    map(head.into_iter().chain(rest))
}

fn shift_fields(shift: &Shift) -> Vec<(i64, Value)> {
    let mut fields = vec![(4, shift.person.to_vec().into())];
    match shift.event {
        ShiftEvent::SignedIn => fields.push((5, 0.into())),
        ShiftEvent::SignedOut => fields.push((5, 1.into())),
        ShiftEvent::At { checkpoint, direction } => {
            fields.extend([(5, 2.into()), (6, checkpoint.to_vec().into()), (7, direction.number().into())])
        }
    }
    fields
}

fn health_fields(health: &Health) -> Vec<(i64, Value)> {
    // A report has one encoding: codes ascend and none is there twice.
    let mut counts = BTreeMap::<&str, u32>::new();
    for (code, count) in &health.refusals {
        let sum = counts.entry(code).or_default();
        *sum = sum.saturating_add(*count);
    }
    let pairs =
        counts.into_iter().map(|(code, count)| Value::Array(vec![code.into(), u64::from(count).into()]));
    vec![(4, Value::Array(pairs.collect())), (5, health.wrong_tries.into())]
}

fn from_value(value: Value) -> Result<Report, NoReport> {
    let mut fields = Fields::open(value)?;
    let kind: u8 = fields.int(KIND)?;
    let at = fields.int(AT)?;
    let clock = ClockState::from_repr(fields.int(CLOCK)?).ok_or(NoReport)?;
    let report = match kind {
        0 => Report::Passage(passage::read(at, clock, &mut fields)?),
        1 => Report::Shift(read_shift(at, clock, &mut fields)?),
        2 => Report::Roster(roster::read(at, clock, &mut fields)?),
        3 => Report::Health(read_health(at, clock, &mut fields)?),
        _ => return Err(NoReport),
    };
    fields.finish()?;
    Ok(report)
}

fn read_shift(at: i64, clock: ClockState, fields: &mut Fields) -> Result<Shift, NoReport> {
    let person = fields.array(4)?;
    let event = match fields.int::<u8>(5)? {
        0 => ShiftEvent::SignedIn,
        1 => ShiftEvent::SignedOut,
        2 => ShiftEvent::At { checkpoint: fields.array(6)?, direction: read_direction(fields, 7)? },
        _ => return Err(NoReport),
    };
    Ok(Shift { at, clock, person, event })
}

fn read_direction(fields: &mut Fields, key: i64) -> Result<Direction, NoReport> {
    Direction::from_repr(fields.int(key)?).ok_or(NoReport)
}

fn read_health(at: i64, clock: ClockState, fields: &mut Fields) -> Result<Health, NoReport> {
    let mut refusals: Vec<(String, u32)> = Vec::new();
    for pair in fields.list(4, COUNTERS)? {
        let Value::Array(pair) = pair else { return Err(NoReport) };
        let Ok([Value::Text(code), Value::Integer(count)]) = <[Value; 2]>::try_from(pair) else {
            return Err(NoReport);
        };
        let ascending = refusals.last().is_none_or(|(last, _)| *last < code);
        if code.len() > COUNTER_NAME_BYTES || !ascending {
            return Err(NoReport);
        }
        refusals.push((code, u32::try_from(i128::from(count)).map_err(|_| NoReport)?));
    }
    Ok(Health { at, clock, refusals, wrong_tries: fields.int(5)? })
}

#[cfg(test)]
mod tests;
