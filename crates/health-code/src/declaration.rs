//! The declaration: who the holder is. A code carries it sealed (claim `8`).
//!
//! The seal is HPKE (RFC 9180) base mode, X25519 / HKDF-SHA256 / ChaCha20-Poly1305, to the
//! deployment's identity key, with info [`INFO`] and the code's pseudonym as additional data:
//! `enc (32) ‖ ciphertext ‖ tag (16)`. `issuer` seals and the back office opens; this module holds
//! what both must agree on. The plaintext is the canonical CBOR `{1: name, 2: identity
//! number, 3: phone}`, its length in two bytes (big-endian) before it, zeros after it up to 72,
//! 136 or 200 bytes, so that a seal's length says nothing of a name's.

use strict_cose::cbor::{self, Limits, map};
use strict_cose::{CborError, FieldError, Fields};

use crate::limits::DECLARED_BYTES;

/// HPKE `info` of the seal.
pub const INFO: &[u8] = b"kadian-declaration-v1";
/// Lengths that a padded declaration may have.
const PADDED: [usize; 3] = [72, 136, 200];

/// Who the holder is, in clear. It has no `Debug`, so that nothing can log it.
#[derive(Clone, PartialEq, Eq)]
pub struct Declaration {
    /// Full name.
    pub name: String,
    /// Identity number.
    pub identity: String,
    /// Phone.
    pub phone: String,
}

/// Why bytes are not a declaration, or a declaration does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadDeclaration {
    /// A field or the whole is longer than there is room for.
    #[error("longer than there is room for")]
    TooLong,
    /// The length or the zeros around it are wrong.
    #[error("not padded as it should be")]
    Padding,
    /// Not canonical CBOR.
    #[error(transparent)]
    Cbor(#[from] CborError),
    /// A field is missing, unknown or out of range.
    #[error(transparent)]
    Field(#[from] FieldError),
}

impl Declaration {
    /// Returns the plaintext of the seal.
    ///
    /// # Errors
    /// [`BadDeclaration::TooLong`].
    pub fn to_padded(&self) -> Result<Vec<u8>, BadDeclaration> {
        let fields = [&self.name, &self.identity, &self.phone];
        if fields.iter().any(|field| field.len() > DECLARED_BYTES) {
            return Err(BadDeclaration::TooLong);
        }
        let cbor = cbor::encode(&map((1..).zip(fields.map(|field| field.as_str().into()))));
        let length = u16::try_from(cbor.len()).map_err(|_| BadDeclaration::TooLong)?;
        let size = PADDED.into_iter().find(|size| cbor.len() + 2 <= *size).ok_or(BadDeclaration::TooLong)?;
        let mut padded = [&length.to_be_bytes(), cbor.as_slice()].concat();
        padded.resize(size, 0);
        Ok(padded)
    }

    /// Reads the plaintext of a seal.
    ///
    /// # Errors
    /// [`BadDeclaration`].
    pub fn from_padded(padded: &[u8]) -> Result<Self, BadDeclaration> {
        if !PADDED.contains(&padded.len()) {
            return Err(BadDeclaration::Padding);
        }
        let (length, rest) = padded.split_first_chunk::<2>().ok_or(BadDeclaration::Padding)?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (cbor, zeros) = rest.split_at_checked(length).ok_or(BadDeclaration::Padding)?;
        if zeros.iter().any(|byte| *byte != 0) {
            return Err(BadDeclaration::Padding);
        }
        let value = cbor::decode(cbor, Limits { bytes: padded.len(), depth: 1 })?;
        let mut fields = Fields::open(value)?;
        let declaration = Self {
            name: fields.text(1, DECLARED_BYTES)?,
            identity: fields.text(2, DECLARED_BYTES)?,
            phone: fields.text(3, DECLARED_BYTES)?,
        };
        fields.finish()?;
        Ok(declaration)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn declaration(name: &str) -> Declaration {
        Declaration {
            name: name.to_owned(),
            identity: "420106199001011234".to_owned(),
            phone: "13800000001".to_owned(),
        }
    }

    #[test]
    fn usual_names_all_take_the_same_room() {
        for name in ["张三", "欧阳小明", "Anna Smith"] {
            assert_eq!(declaration(name).to_padded().unwrap().len(), 72, "{name}");
        }
        let long = declaration(&"长".repeat(21));
        assert_eq!(long.to_padded().unwrap().len(), 136);
        assert_eq!(declaration(&"长".repeat(22)).to_padded().err(), Some(BadDeclaration::TooLong));
    }

    #[test]
    fn other_paddings_are_refused() {
        let good = declaration("张三").to_padded().unwrap();
        assert!(Declaration::from_padded(&good).is_ok());
        let mut marked = good.clone();
        marked[71] = 1;
        let mut long = good.clone();
        long[0] = 0xff;
        for bad in [&good[..71], &marked, &long, &[]] {
            assert_eq!(Declaration::from_padded(bad).err(), Some(BadDeclaration::Padding));
        }
        let mut short = good;
        short[1] -= 1;
        let end = usize::from(short[1]) + 2;
        short[end] = 0;
        assert_eq!(Declaration::from_padded(&short).err(), Some(CborError::Truncated.into()));
    }

    proptest! {
        #[test]
        fn what_is_padded_is_read(name in ".{0,16}", identity in "[0-9X]{0,18}", phone in "[0-9]{0,11}") {
            let declaration = Declaration { name, identity, phone };
            let padded = declaration.to_padded().unwrap();
            prop_assert!(Declaration::from_padded(&padded) == Ok(declaration));
        }

        #[test]
        fn any_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 72)) {
            let _ = Declaration::from_padded(&bytes);
        }
    }
}
