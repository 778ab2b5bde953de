//! The payload of a policy file.
//!
//! ```cddl
//! policy = {
//!   1: uint,                ; version, from 1
//!   2: region,
//!   3: tstr,                ; document, at most 128 bytes
//!   4: time, ? 5: time,     ; in force from, to
//!   6: [5*5 [5*5 ruling]],  ; community, city, province, country, foreign; green, yellow, red, grey, uncoloured
//!   7: 300..450,            ; fever, 0.1 °C
//!   8: uint .size 4,        ; hours a declaration is good for
//!   9: uint .size 4,        ; seconds in which the same person is just recorded
//!   ? 10: uint .size 4,     ; soft expiry of the list, seconds after it was issued
//!   ? 11: uint .size 4,     ; hard expiry
//!   12: bool,               ; collectors may add checkpoints
//!   13: tstr,               ; where to get a code: a web address, or nothing
//!   ? 14: certificates,     ; the row for certificates from abroad
//!   15: tstr,               ; time zone: a name of the tz database
//!   ? 16: [+ milder],       ; what narrower policies may make milder, ascending by region
//!   ? 17: {1: 5..600, 2: 5..600, 3: 5..600, 4: 5..600},   ; seconds on the screen:
//!                           ; pass, check, others, pass of somebody just recorded
//!   ? 18: 1..720,           ; minutes without a key or a code until the gate signs out
//!   ? 19: 0..100000,        ; reports that a station keeps until they are backed up
//!   ? 20: 1..3650           ; days for which an office keeps passages
//! }
//! certificates = {
//!   1: ruling, 2: ruling,   ; where the rules below accept one, otherwise
//!   ? 3: window, ? 5: window,   ; days after a vaccination, a recovery
//!   ? 4: window,            ; hours after a test's sample
//!   6: 0..99,               ; doses of a vaccination at least
//!   ? 7: 0..7               ; parts of the birth date that are shown: bits 1 year, 2 month, 4 day
//! }
//! window = [uint .size 4, uint .size 4]  ; from, to, both included
//! milder = {
//!   1: region,
//!   ? 2: [+ 0..24],         ; cells: five times the row, plus the column; ascending
//!   ? 3: [+ 7 / 8 / 10 / 11 / 12 / 14]   ; limits, by their keys above; ascending
//! }
//! ruling = 0 / 1 / 2        ; pass, check, stop
//! ```

use strict_cose::cbor::map;
use strict_cose::{FieldError, Fields, Value};

use super::reading::{Flaw, address, all_of, ascending, moment, numbers, optional_moment, plain, region};
use super::reading::{some_of, version};
use super::row_codec::{self, TABLE, number, ruling};
use crate::limits::{
    IDLE_MINUTES, KEEP_DAYS, KEPT_REPORTS, LABEL_BYTES, MILDER, SCREEN_SECONDS, TEMPERATURE_TENTHS,
    URL_BYTES, ZONE_BYTES,
};
use crate::policy::{CELLS, Limit, Milder, Policy, Row, ScreenTimes, Zone};

const CERTIFICATES: i64 = 14;
const ZONE: i64 = 15;
const PERMISSIONS: i64 = 16;
const SCREEN: i64 = 17;
const IDLE: i64 = 18;
const KEPT: i64 = 19;
const DAYS: i64 = 20;

pub(super) fn to_value(policy: &Policy) -> Value {
    let mut entries = vec![
        (1, policy.version.into()),
        (2, policy.region.as_str().into()),
        (3, policy.document.as_str().into()),
        (4, policy.from.0.into()),
        (TABLE, Value::Array(policy.table.iter().map(row_value).collect())),
        (7, policy.fever_tenths.into()),
        (8, policy.declaration_max_hours.into()),
        (9, policy.repeat_window_seconds.into()),
        (12, policy.collectors_add_checkpoints.into()),
        (13, policy.no_code_url.as_str().into()),
        (ZONE, policy.zone.name().into()),
    ];
    entries.extend(policy.certificates.as_ref().map(|row| (CERTIFICATES, row_codec::to_value(row))));
    if !policy.milder.is_empty() {
        entries.push((PERMISSIONS, Value::Array(policy.milder.iter().map(milder_value).collect())));
    }
    entries.extend(policy.screen.map(|times| (SCREEN, screen_value(times))));
    entries.extend(policy.idle_minutes.map(|minutes| (IDLE, minutes.into())));
    entries.extend(policy.kept_reports.map(|reports| (KEPT, reports.into())));
    entries.extend(policy.keep_days.map(|days| (DAYS, days.into())));
    entries.extend(policy.to.map(|to| (5, to.0.into())));
    entries.extend(policy.soft_expiry_seconds.map(|seconds| (10, seconds.into())));
    entries.extend(policy.hard_expiry_seconds.map(|seconds| (11, seconds.into())));
    map(entries)
}

pub(super) fn read(fields: &mut Fields) -> Result<Policy, Flaw> {
    let policy = Policy {
        version: version(fields, 1)?,
        region: region(fields, 2)?,
        document: plain(fields, 3, LABEL_BYTES)?,
        from: moment(fields, 4)?,
        to: optional_moment(fields, 5)?,
        table: table(fields)?,
        fever_tenths: fields.int(7)?,
        declaration_max_hours: fields.int(8)?,
        repeat_window_seconds: fields.int(9)?,
        soft_expiry_seconds: fields.optional_int(10)?,
        hard_expiry_seconds: fields.optional_int(11)?,
        collectors_add_checkpoints: fields.bool(12)?,
        no_code_url: address(fields, 13, URL_BYTES)?,
        certificates: fields.take(CERTIFICATES).map(|row| all_of(row, row_codec::read)).transpose()?,
        zone: Zone::named(&fields.text(ZONE, ZONE_BYTES)?).ok_or(FieldError::OutOfRange(ZONE))?,
        milder: some_of(fields, PERMISSIONS, MILDER, "milder", milder)?,
        screen: fields.take(SCREEN).map(|times| all_of(times, screen)).transpose()?,
        idle_minutes: fields.optional_int(IDLE)?,
        kept_reports: fields.optional_int(KEPT)?,
        keep_days: fields.optional_int(DAYS)?,
    };
    if policy.to.is_some_and(|to| to <= policy.from) {
        return Err(FieldError::OutOfRange(5).into());
    }
    if !TEMPERATURE_TENTHS.contains(&policy.fever_tenths) {
        return Err(FieldError::OutOfRange(7).into());
    }
    if policy.idle_minutes.is_some_and(|minutes| !IDLE_MINUTES.contains(&minutes)) {
        return Err(FieldError::OutOfRange(IDLE).into());
    }
    if policy.kept_reports.is_some_and(|reports| reports > KEPT_REPORTS) {
        return Err(FieldError::OutOfRange(KEPT).into());
    }
    if policy.keep_days.is_some_and(|days| !KEEP_DAYS.contains(&days)) {
        return Err(FieldError::OutOfRange(DAYS).into());
    }
    ascending(&policy.milder, |entry| entry.region.clone(), "milder regions that do not ascend")?;
    if !policy.milder.iter().all(|entry| policy.region.contains(&entry.region)) {
        return Err(Flaw::new("milder outside the policy's region"));
    }
    Ok(policy)
}

fn milder_value(entry: &Milder) -> Value {
    let array = |numbers: Vec<u8>| Value::Array(numbers.into_iter().map(Value::from).collect());
    let mut entries = vec![(1, entry.region.as_str().into())];
    if !entry.cells.is_empty() {
        entries.push((2, array(entry.cells.clone())));
    }
    if !entry.limits.is_empty() {
        entries.push((3, array(entry.limits.iter().map(|limit| limit.number()).collect())));
    }
    map(entries)
}

fn milder(fields: &mut Fields) -> Result<Milder, Flaw> {
    let cells = numbers(fields, 2, CELLS.into())?;
    let limits: Option<Vec<Limit>> =
        numbers(fields, 3, Limit::ALL.len())?.into_iter().map(Limit::of_number).collect();
    let entry =
        Milder { region: region(fields, 1)?, cells, limits: limits.ok_or(FieldError::OutOfRange(3))? };
    if entry.cells.iter().any(|cell| *cell >= CELLS) || (entry.cells.is_empty() && entry.limits.is_empty()) {
        return Err(FieldError::OutOfRange(2).into());
    }
    Ok(entry)
}

fn screen_value(times: ScreenTimes) -> Value {
    map([
        (1, times.pass.into()),
        (2, times.check.into()),
        (3, times.others.into()),
        (4, times.repeated_pass.into()),
    ])
}

fn screen(fields: &mut Fields) -> Result<ScreenTimes, Flaw> {
    let mut seconds = |key| match fields.int(key)? {
        seconds if SCREEN_SECONDS.contains(&seconds) => Ok(seconds),
        _ => Err(FieldError::OutOfRange(key)),
    };
    Ok(ScreenTimes { pass: seconds(1)?, check: seconds(2)?, others: seconds(3)?, repeated_pass: seconds(4)? })
}

fn row_value(row: &Row) -> Value {
    Value::Array(row.cells().map(number).to_vec())
}

fn table(fields: &mut Fields) -> Result<[Row; 5], Flaw> {
    let rows: Vec<Row> = fields.list(TABLE, 5)?.into_iter().map(row).collect::<Result<_, _>>()?;
    rows.try_into().map_err(|_| FieldError::OutOfRange(TABLE).into())
}

fn row(value: Value) -> Result<Row, Flaw> {
    let Value::Array(cells) = value else { return Err(FieldError::WrongType(TABLE).into()) };
    let rulings: Vec<_> = cells.iter().map(ruling).collect::<Result<_, _>>()?;
    let cells = rulings.try_into().map_err(|_| FieldError::OutOfRange(TABLE))?;
    Ok(Row::of(cells))
}
