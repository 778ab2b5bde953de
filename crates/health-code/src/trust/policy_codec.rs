//! A policy as a part of a trust file.
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
//!   ? 14: certificates      ; the row for certificates from abroad
//! }
//! certificates = {
//!   1: ruling, 2: ruling,   ; where the rules below accept one, otherwise
//!   ? 3: days, ? 4: days, ? 5: days,   ; vaccination, test, recovery: accepted in these days after it
//!   6: 0..99                ; doses of a vaccination at least
//! }
//! days = [uint .size 4, uint .size 4]  ; from, to: whole days, both included
//! ruling = 0 / 1 / 2        ; pass, check, stop
//! ```

use strict_cose::cbor::map;
use strict_cose::{FieldError, Fields, Value};

use super::reading::{Flaw, address, all_of, moment, optional_moment, plain, region, version};
use crate::limits::{LABEL_BYTES, TEMPERATURE_TENTHS, URL_BYTES};
use crate::policy::{CertificateRow, Days, Policy, Row, Ruling};

const TABLE: i64 = 6;
const CERTIFICATES: i64 = 14;

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
    ];
    entries.extend(policy.certificates.as_ref().map(|row| (CERTIFICATES, certificates_value(row))));
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
        certificates: fields.take(CERTIFICATES).map(|row| all_of(row, certificates)).transpose()?,
    };
    if policy.to.is_some_and(|to| to <= policy.from) {
        return Err(FieldError::OutOfRange(5).into());
    }
    if !TEMPERATURE_TENTHS.contains(&policy.fever_tenths) {
        return Err(FieldError::OutOfRange(7).into());
    }
    Ok(policy)
}

fn number(ruling: Ruling) -> Value {
    match ruling {
        Ruling::Pass => 0.into(),
        Ruling::Check => 1.into(),
        Ruling::Stop => 2.into(),
    }
}

fn row_value(row: &Row) -> Value {
    Value::Array([row.green, row.yellow, row.red, row.grey, row.uncoloured].map(number).to_vec())
}

fn certificates_value(row: &CertificateRow) -> Value {
    let mut entries = vec![(1, number(row.accepted)), (2, number(row.otherwise)), (6, row.doses.into())];
    let windows = [(3, row.vaccination), (4, row.test), (5, row.recovery)];
    entries.extend(windows.into_iter().filter_map(|(key, days)| {
        days.map(|days| (key, Value::Array(vec![days.from.into(), days.to.into()])))
    }));
    map(entries)
}

fn certificates(fields: &mut Fields) -> Result<CertificateRow, Flaw> {
    let row = CertificateRow {
        accepted: ruling(&fields.value(1)?)?,
        otherwise: ruling(&fields.value(2)?)?,
        vaccination: days(fields, 3)?,
        test: days(fields, 4)?,
        recovery: days(fields, 5)?,
        doses: fields.int(6)?,
    };
    if row.doses > 99 || row.otherwise == Ruling::Pass {
        return Err(FieldError::OutOfRange(CERTIFICATES).into());
    }
    Ok(row)
}

fn days(fields: &mut Fields, key: i64) -> Result<Option<Days>, Flaw> {
    let Some(value) = fields.take(key) else { return Ok(None) };
    let Value::Array(pair) = value else { return Err(FieldError::WrongType(key).into()) };
    let whole = |value: &Value| value.as_integer().and_then(|days| u32::try_from(days).ok());
    match pair.iter().map(whole).collect::<Vec<_>>()[..] {
        [Some(from), Some(to)] if from <= to => Ok(Some(Days { from, to })),
        _ => Err(FieldError::OutOfRange(key).into()),
    }
}

fn table(fields: &mut Fields) -> Result<[Row; 5], Flaw> {
    let rows: Vec<Row> = fields.list(TABLE, 5)?.into_iter().map(row).collect::<Result<_, _>>()?;
    rows.try_into().map_err(|_| FieldError::OutOfRange(TABLE).into())
}

fn row(value: Value) -> Result<Row, Flaw> {
    let Value::Array(cells) = value else { return Err(FieldError::WrongType(TABLE).into()) };
    let rulings: Vec<Ruling> = cells.iter().map(ruling).collect::<Result<_, _>>()?;
    match rulings.as_slice() {
        &[green, yellow, red, grey, uncoloured] => Ok(Row { green, yellow, red, grey, uncoloured }),
        _ => Err(FieldError::OutOfRange(TABLE).into()),
    }
}

fn ruling(cell: &Value) -> Result<Ruling, Flaw> {
    let Value::Integer(number) = cell else { return Err(FieldError::WrongType(TABLE).into()) };
    match i128::from(*number) {
        0 => Ok(Ruling::Pass),
        1 => Ok(Ruling::Check),
        2 => Ok(Ruling::Stop),
        _ => Err(FieldError::OutOfRange(TABLE).into()),
    }
}
