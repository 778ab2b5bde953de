//! Value sets as a part of the trust list.
//!
//! ```cddl
//! value-sets = {+ 1..8 => [+ tstr]}   ; number of the set => its codes, ascending by their bytes, none twice
//! ```

use strict_cose::cbor::map;
use strict_cose::{FieldError, Fields, Value};

use super::reading::{Flaw, all_of};
use crate::hcert::{ValueSet, ValueSets};
use crate::limits::{VALUE_BYTES, VALUES};
use crate::text;

const KEY: i64 = 11;

/// Returns the field; none where there is no set.
pub(super) fn to_entry(sets: &ValueSets) -> Option<(i64, Value)> {
    let codes = |codes: &[String]| Value::Array(codes.iter().map(|code| code.as_str().into()).collect());
    let entries: Vec<_> = sets.sets().map(|(set, held)| (i64::from(set.number()), codes(held))).collect();
    (!entries.is_empty()).then(|| (KEY, map(entries)))
}

pub(super) fn read(fields: &mut Fields) -> Result<ValueSets, Flaw> {
    let Some(value) = fields.take(KEY) else { return Ok(ValueSets::default()) };
    let sets = all_of(value, |fields| {
        let mut sets = ValueSets::default();
        for set in ValueSet::ALL {
            if let Some(codes) = codes(fields, set.number().into())? {
                sets.add(set, codes);
            }
        }
        Ok(sets)
    })?;
    // A part that says nothing is left out: the list has one encoding.
    if sets == ValueSets::default() { Err(FieldError::OutOfRange(KEY).into()) } else { Ok(sets) }
}

fn codes(fields: &mut Fields, key: i64) -> Result<Option<Vec<String>>, Flaw> {
    let Some(list) = fields.take(key) else { return Ok(None) };
    let items = Fields::open(map([(key, list)]))?.list(key, VALUES)?;
    let code = |item| match item {
        Value::Text(code) if code.len() <= VALUE_BYTES && text::is_label(&code) => Ok(code),
        Value::Text(_) => Err(FieldError::OutOfRange(key)),
        _ => Err(FieldError::WrongType(key)),
    };
    let codes: Vec<String> = items.into_iter().map(code).collect::<Result<_, _>>()?;
    if codes.is_empty() || !codes.is_sorted_by(|a, b| a < b) {
        return Err(FieldError::OutOfRange(key).into());
    }
    Ok(Some(codes))
}
