//! Rulings, and the row for certificates from abroad, as parts of a policy file.

use strict_cose::cbor::map;
use strict_cose::{FieldError, Fields, Value};

use super::reading::Flaw;
use crate::policy::{BirthParts, CertificateRow, Days, Hours, Ruling};

/// Key of the table in a policy file.
pub(super) const TABLE: i64 = 6;

pub(super) fn to_value(row: &CertificateRow) -> Value {
    let mut entries = vec![(1, number(row.accepted)), (2, number(row.otherwise)), (6, row.doses.into())];
    let days = |days: Days| (days.from, days.to);
    let windows = [
        (3, row.vaccination.map(days)),
        (4, row.test.map(|hours| (hours.from, hours.to))),
        (5, row.recovery.map(days)),
    ];
    entries.extend(windows.into_iter().filter_map(|(key, window)| {
        window.map(|(from, to)| (key, Value::Array(vec![from.into(), to.into()])))
    }));
    entries.extend(row.birth.map(|parts| (7, parts.bits().into())));
    map(entries)
}

pub(super) fn read(fields: &mut Fields) -> Result<CertificateRow, Flaw> {
    let days = |(from, to)| Days { from, to };
    let row = CertificateRow {
        accepted: ruling(&fields.value(1)?)?,
        otherwise: ruling(&fields.value(2)?)?,
        vaccination: window(fields, 3)?.map(days),
        test: window(fields, 4)?.map(|(from, to)| Hours { from, to }),
        recovery: window(fields, 5)?.map(days),
        doses: fields.int(6)?,
        birth: birth(fields)?,
    };
    if row.doses > 99 {
        return Err(FieldError::OutOfRange(6).into());
    }
    if row.otherwise == Ruling::Pass {
        return Err(FieldError::OutOfRange(2).into());
    }
    Ok(row)
}

fn birth(fields: &mut Fields) -> Result<Option<BirthParts>, Flaw> {
    match fields.optional_int(7)? {
        None => Ok(None),
        Some(bits) => BirthParts::from_bits(bits).map(Some).ok_or_else(|| FieldError::OutOfRange(7).into()),
    }
}

fn window(fields: &mut Fields, key: i64) -> Result<Option<(u32, u32)>, Flaw> {
    let Some(value) = fields.take(key) else { return Ok(None) };
    let Value::Array(pair) = value else { return Err(FieldError::WrongType(key).into()) };
    let whole = |value: &Value| value.as_integer().and_then(|number| u32::try_from(number).ok());
    match pair.iter().map(whole).collect::<Vec<_>>()[..] {
        [Some(from), Some(to)] if from <= to => Ok(Some((from, to))),
        _ => Err(FieldError::OutOfRange(key).into()),
    }
}

pub(super) fn number(ruling: Ruling) -> Value {
    match ruling {
        Ruling::Pass => 0.into(),
        Ruling::Check => 1.into(),
        Ruling::Stop => 2.into(),
    }
}

pub(super) fn ruling(cell: &Value) -> Result<Ruling, Flaw> {
    let Value::Integer(number) = cell else { return Err(FieldError::WrongType(TABLE).into()) };
    match i128::from(*number) {
        0 => Ok(Ruling::Pass),
        1 => Ok(Ruling::Check),
        2 => Ok(Ruling::Stop),
        _ => Err(FieldError::OutOfRange(TABLE).into()),
    }
}
