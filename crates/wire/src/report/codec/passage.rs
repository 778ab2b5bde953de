//! The fields of a passage.

use strict_cose::cbor::map;
use strict_cose::{Fields, Value};

use super::{NoReport, read_direction};
use crate::limits::{CERTIFICATE_ID_BYTES, CODE_BYTES, COUNTRY_BYTES, MASKED_NAME_BYTES};
use crate::report::{Carried, ClockState, Outcome, Passage, Shown};

pub(super) fn is_within_limits(passage: &Passage) -> bool {
    match &passage.code {
        Carried::Whole(code) => code.len() <= CODE_BYTES,
        Carried::Certificate { id, country, masked_name } => {
            id.len() <= CERTIFICATE_ID_BYTES
                && country.len() <= COUNTRY_BYTES
                && masked_name.len() <= MASKED_NAME_BYTES
        }
    }
}

pub(super) fn fields(passage: &Passage) -> Vec<(i64, Value)> {
    let carried = match &passage.code {
        Carried::Whole(code) => (9, code.clone().into()),
        Carried::Certificate { id, country, masked_name } => {
            let fields = [(1, id), (2, country), (3, masked_name)];
            (10, map(fields.map(|(key, text)| (key, text.as_str().into()))))
        }
    };
    vec![
        (4, passage.checkpoint.to_vec().into()),
        (5, passage.collector.to_vec().into()),
        (6, passage.policies.to_vec().into()),
        (7, passage.trust.into()),
        (8, passage.shown.number().into()),
        carried,
        (11, passage.judged_at.into()),
        (12, passage.direction.number().into()),
        (13, passage.outcome.number().into()),
    ]
}

pub(super) fn read(at: i64, clock: ClockState, fields: &mut Fields) -> Result<Passage, NoReport> {
    Ok(Passage {
        at,
        clock,
        checkpoint: fields.array(4)?,
        collector: fields.array(5)?,
        policies: fields.array(6)?,
        trust: fields.int(7)?,
        shown: Shown::from_repr(fields.int(8)?).ok_or(NoReport)?,
        code: read_carried(fields)?,
        judged_at: fields.int(11)?,
        direction: read_direction(fields, 12)?,
        outcome: Outcome::from_repr(fields.int(13)?).ok_or(NoReport)?,
    })
}

/// Reads key 9 or key 10. Were both there, [`Fields::finish`] refuses the one left over.
fn read_carried(fields: &mut Fields) -> Result<Carried, NoReport> {
    if let Some(code) = fields.optional_bytes(9, CODE_BYTES)? {
        return Ok(Carried::Whole(code));
    }
    let mut certificate = fields.fields(10)?;
    let carried = Carried::Certificate {
        id: certificate.text(1, CERTIFICATE_ID_BYTES)?,
        country: certificate.text(2, COUNTRY_BYTES)?,
        masked_name: certificate.text(3, MASKED_NAME_BYTES)?,
    };
    certificate.finish()?;
    Ok(carried)
}
