//! Checkpoints as a part of the community file.

use strict_cose::cbor::map;
use strict_cose::{FieldError, Fields, Value};

use super::reading::{Flaw, label};
use crate::limits::LABEL_BYTES;

strict_cose::hex_id! {
    /// Names a checkpoint inside a community. Whoever adds the checkpoint chooses it.
    pub struct CheckpointId([u8; 8]);
}

/// A checkpoint of the community.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Its id.
    pub id: CheckpointId,
    /// Its name, such as `样例社区 · 东门`.
    pub name: String,
    /// Which way people pass it.
    pub directions: Directions,
    /// Where it is, where that is known.
    pub place: Option<Place>,
}

/// 出入: which way people pass a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Directions {
    /// In alone.
    Entry,
    /// Out alone.
    Exit,
    /// In and out.
    Both,
}

/// A place on the earth, in millionths of a degree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// North of the equator, from -90 to 90 degrees.
    pub latitude: i32,
    /// East of Greenwich, from -180 to 180 degrees.
    pub longitude: i32,
}

impl Directions {
    /// Returns the bits: 1 entry, 2 exit.
    #[must_use]
    pub fn bits(self) -> u8 {
        match self {
            Self::Entry => 1,
            Self::Exit => 2,
            Self::Both => 3,
        }
    }

    /// Reads bits. `None` for other bits, or without any.
    #[must_use]
    pub fn from_bits(bits: u8) -> Option<Self> {
        match bits {
            1 => Some(Self::Entry),
            2 => Some(Self::Exit),
            3 => Some(Self::Both),
            _ => None,
        }
    }
}

impl Place {
    /// Returns the place, where there is one with these millionths of a degree.
    #[must_use]
    pub fn new(latitude: i32, longitude: i32) -> Option<Self> {
        let is_there = latitude.abs() <= 90_000_000 && longitude.abs() <= 180_000_000;
        is_there.then_some(Self { latitude, longitude })
    }
}

pub(super) fn to_value(checkpoint: &Checkpoint) -> Value {
    let mut entries = vec![
        (1, checkpoint.id.0.to_vec().into()),
        (2, checkpoint.name.as_str().into()),
        (3, checkpoint.directions.bits().into()),
    ];
    entries.extend(checkpoint.place.map(|place| {
        (4, Value::Array(vec![i64::from(place.latitude).into(), i64::from(place.longitude).into()]))
    }));
    map(entries)
}

pub(super) fn read(fields: &mut Fields) -> Result<Checkpoint, Flaw> {
    Ok(Checkpoint {
        id: CheckpointId(fields.array(1)?),
        name: label(fields, 2, LABEL_BYTES)?,
        directions: Directions::from_bits(fields.int(3)?).ok_or(FieldError::OutOfRange(3))?,
        place: fields.take(4).map(|value| place(&value)).transpose()?,
    })
}

fn place(value: &Value) -> Result<Place, Flaw> {
    let degrees = |value: &Value| value.as_integer().and_then(|number| i32::try_from(number).ok());
    let place = match value.as_array().map(Vec::as_slice) {
        Some([latitude, longitude]) => {
            degrees(latitude).zip(degrees(longitude)).and_then(|(north, east)| Place::new(north, east))
        }
        _ => None,
    };
    place.ok_or_else(|| FieldError::OutOfRange(4).into())
}
