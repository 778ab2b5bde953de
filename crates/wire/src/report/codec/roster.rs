//! The fields of a change of the roster.

use strict_cose::cbor::{self, map};
use strict_cose::{Fields, Limits, Value};

use super::NoReport;
use crate::ids::RecordId;
use crate::label::is_label;
use crate::limits::REPORT_BYTES;
use crate::limits::{
    CELLS, CODE_BYTES, MASKED_NAME_BYTES, MASKED_PHONE_BYTES, NAME_BYTES, PHC_BYTES, PHONE_BYTES,
};
use crate::report::{Cell, ClockState, Directions, Place, Roster, RosterChange, StricterRuling};

/// Returns whether a reader takes this change: what it would refuse is never sealed.
pub(super) fn is_within_limits(change: &RosterChange) -> bool {
    match change {
        RosterChange::CheckpointAdded { name, place, .. } => {
            named(name, NAME_BYTES) && place.is_none_or(Place::is_on_earth)
        }
        RosterChange::CheckpointChanged { name, .. } => named(name, NAME_BYTES),
        RosterChange::CheckpointRemoved { .. } | RosterChange::PersonRemoved { .. } => true,
        RosterChange::PersonAdded { masked_name, masked_phone, phc, code, phone, .. } => {
            is_person(masked_name, masked_phone, phc)
                && code.len() <= CODE_BYTES
                && phone.as_deref().is_none_or(is_phone)
        }
        RosterChange::PersonRestored { masked_name, masked_phone, phc, .. } => {
            is_person(masked_name, masked_phone, phc)
        }
        RosterChange::PinChanged { phc, .. } => named(phc, PHC_BYTES),
        RosterChange::PolicyStricter { cells, fever, declaration_hours } => {
            let ascending = cells.is_sorted_by(|a, b| a.index < b.index);
            let inside = cells.iter().all(|cell| usize::from(cell.index) < CELLS);
            let something = !cells.is_empty() || fever.is_some() || declaration_hours.is_some();
            ascending && inside && something
        }
    }
}

fn named(text: &str, limit: usize) -> bool {
    text.len() <= limit && is_label(text)
}

fn is_person(masked_name: &str, masked_phone: &str, phc: &str) -> bool {
    named(masked_name, MASKED_NAME_BYTES) && named(masked_phone, MASKED_PHONE_BYTES) && named(phc, PHC_BYTES)
}

fn is_phone(phone: &str) -> bool {
    (1..=PHONE_BYTES).contains(&phone.len()) && phone.bytes().all(|byte| byte.is_ascii_digit())
}

pub(super) fn fields(roster: &Roster) -> Vec<(i64, Value)> {
    let mut fields = change_fields(&roster.change);
    fields.push((4, roster.by.to_vec().into()));
    fields
}

impl RosterChange {
    /// Encodes the change alone, as a report holds it.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::encode(&map(change_fields(self)))
    }

    /// Reads what [`RosterChange::to_bytes`] wrote; `None` for anything else.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let value = cbor::decode(bytes, Limits { bytes: REPORT_BYTES, depth: 3 }).ok()?;
        let mut fields = Fields::open(value).ok()?;
        let change = read_change(&mut fields).ok()?;
        fields.finish().ok()?;
        Some(change)
    }
}

fn change_fields(change: &RosterChange) -> Vec<(i64, Value)> {
    let text = |key, text: &str| (key, Value::from(text));
    let id = |id: &[u8; 8]| (6, Value::from(id.to_vec()));
    let mut rest = match change {
        RosterChange::CheckpointAdded { id: of, name, directions, place } => {
            let mut fields = vec![id(of), text(7, name), (8, directions.number().into())];
            fields.extend(place.map(|place| (9, place_value(place))));
            fields
        }
        RosterChange::CheckpointChanged { id: of, name, directions } => {
            vec![id(of), text(7, name), (8, directions.number().into())]
        }
        RosterChange::CheckpointRemoved { id: of } | RosterChange::PersonRemoved { id: of } => vec![id(of)],
        RosterChange::PersonAdded { id: of, masked_name, masked_phone, phc, code, phone } => {
            let mut fields = vec![id(of), text(7, masked_name), text(8, masked_phone), text(9, phc)];
            fields.push((10, code.clone().into()));
            fields.extend(phone.as_deref().map(|phone| text(11, phone)));
            fields
        }
        RosterChange::PersonRestored { id: of, masked_name, masked_phone, phc, removal } => {
            let removal = (10, removal.0.to_vec().into());
            vec![id(of), text(7, masked_name), text(8, masked_phone), text(9, phc), removal]
        }
        RosterChange::PinChanged { id: of, phc } => vec![id(of), text(9, phc)],
        RosterChange::PolicyStricter { cells, fever, declaration_hours } => {
            let cells =
                cells.iter().map(|cell| Value::Array(vec![cell.index.into(), (cell.ruling as u8).into()]));
            let mut fields = vec![(6, Value::Array(cells.collect()))];
            fields.extend(fever.map(|fever| (7, fever.into())));
            fields.extend(declaration_hours.map(|hours| (8, hours.into())));
            fields
        }
    };
    rest.push((5, change.number().into()));
    rest
}

pub(super) fn read(at: i64, clock: ClockState, fields: &mut Fields) -> Result<Roster, NoReport> {
    let by = fields.array(4)?;
    Ok(Roster { at, clock, by, change: read_change(fields)? })
}

fn read_change(fields: &mut Fields) -> Result<RosterChange, NoReport> {
    let change = match fields.int::<u8>(5)? {
        0 => RosterChange::CheckpointAdded {
            id: fields.array(6)?,
            name: fields.text(7, NAME_BYTES)?,
            directions: read_directions(fields)?,
            place: fields.take(9).map(|place| read_place(place).ok_or(NoReport)).transpose()?,
        },
        1 => RosterChange::CheckpointChanged {
            id: fields.array(6)?,
            name: fields.text(7, NAME_BYTES)?,
            directions: read_directions(fields)?,
        },
        2 => RosterChange::CheckpointRemoved { id: fields.array(6)? },
        3 => RosterChange::PersonAdded {
            id: fields.array(6)?,
            masked_name: fields.text(7, MASKED_NAME_BYTES)?,
            masked_phone: fields.text(8, MASKED_PHONE_BYTES)?,
            phc: fields.text(9, PHC_BYTES)?,
            code: fields.bytes(10, CODE_BYTES)?,
            phone: fields.optional_text(11, PHONE_BYTES)?,
        },
        4 => RosterChange::PersonRemoved { id: fields.array(6)? },
        5 => RosterChange::PinChanged { id: fields.array(6)?, phc: fields.text(9, PHC_BYTES)? },
        6 => RosterChange::PolicyStricter {
            cells: fields
                .list(6, CELLS)?
                .into_iter()
                .map(read_cell)
                .collect::<Option<_>>()
                .ok_or(NoReport)?,
            fever: fields.optional_int(7)?,
            declaration_hours: fields.optional_int(8)?,
        },
        7 => RosterChange::PersonRestored {
            id: fields.array(6)?,
            masked_name: fields.text(7, MASKED_NAME_BYTES)?,
            masked_phone: fields.text(8, MASKED_PHONE_BYTES)?,
            phc: fields.text(9, PHC_BYTES)?,
            removal: RecordId(fields.array(10)?),
        },
        _ => return Err(NoReport),
    };
    if is_within_limits(&change) { Ok(change) } else { Err(NoReport) }
}

fn read_directions(fields: &mut Fields) -> Result<Directions, NoReport> {
    Directions::from_repr(fields.int(8)?).ok_or(NoReport)
}

fn place_value(place: Place) -> Value {
    Value::Array(vec![place.latitude.into(), place.longitude.into()])
}

fn read_place(place: Value) -> Option<Place> {
    let [latitude, longitude] = pair(place)?;
    Some(Place { latitude: latitude.try_into().ok()?, longitude: longitude.try_into().ok()? })
}

fn read_cell(cell: Value) -> Option<Cell> {
    let [index, ruling] = pair(cell)?;
    let ruling = StricterRuling::from_repr(ruling.try_into().ok()?)?;
    Some(Cell { index: index.try_into().ok()?, ruling })
}

fn pair(value: Value) -> Option<[i128; 2]> {
    let [a, b] = <[Value; 2]>::try_from(value.into_array().ok()?).ok()?;
    Some([a.into_integer().ok()?.into(), b.into_integer().ok()?.into()])
}
