//! People as a part of the community file.

use strict_cose::cbor::map;
use strict_cose::{FieldError, Fields, Value};

use super::Role;
use super::reading::{Flaw, label};
use crate::limits::{NAME_BYTES, PHC_BYTES, SIGN_IN_DIGITS};
use crate::secret;

strict_cose::hex_id! {
    /// Names a person inside a community. Whoever adds the person chooses it.
    pub struct PersonId([u8; 8]);
}

/// A person who may sign in at a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// Masked name, such as `李*`.
    pub masked_name: String,
    /// Masked phone, such as `138****0001`. Its last four characters are digits, by which they sign in.
    pub masked_phone: String,
    /// Argon2id of the PIN, or of an administrator's secret, as a PHC string.
    pub pin_phc: String,
    /// What they may do.
    pub role: Role,
}

impl Person {
    /// Returns the four digits by which they sign in. Several people may share them.
    #[must_use]
    pub fn sign_in_digits(&self) -> &str {
        last_digits(&self.masked_phone).unwrap_or_default()
    }
}

/// Returns the last four characters, where they are digits.
fn last_digits(phone: &str) -> Option<&str> {
    let (_, digits) = phone.split_at_checked(phone.len().checked_sub(SIGN_IN_DIGITS)?)?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then_some(digits)
}

pub(super) fn to_value(person: &Person) -> Value {
    let role = match person.role {
        Role::Collector => 0,
        Role::Administrator => 1,
    };
    map([
        (1, person.id.0.to_vec().into()),
        (2, person.masked_name.as_str().into()),
        (3, person.masked_phone.as_str().into()),
        (4, person.pin_phc.as_str().into()),
        (5, role.into()),
    ])
}

pub(super) fn read(fields: &mut Fields) -> Result<Person, Flaw> {
    let person = Person {
        id: PersonId(fields.array(1)?),
        masked_name: label(fields, 2, NAME_BYTES)?,
        masked_phone: label(fields, 3, NAME_BYTES)?,
        pin_phc: fields.text(4, PHC_BYTES)?,
        role: match fields.int::<u8>(5)? {
            0 => Role::Collector,
            1 => Role::Administrator,
            _ => return Err(FieldError::OutOfRange(5).into()),
        },
    };
    if last_digits(&person.masked_phone).is_none() {
        return Err(FieldError::OutOfRange(3).into());
    }
    if !secret::is_bearable_hash(&person.pin_phc) {
        return Err(Flaw::new("not the Argon2id of a PIN"));
    }
    Ok(person)
}
