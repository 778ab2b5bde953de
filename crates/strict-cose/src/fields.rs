//! Reads a CBOR map with integer keys field by field, and refuses what is left over.

use crate::cbor::Value;

/// A map's fields that nobody has taken yet.
#[derive(Debug)]
pub struct Fields {
    entries: Vec<(i64, Value)>,
}

/// What is wrong with a map, and at which key. Retrying never helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    /// Not a map, or a map with a key that is not a small integer.
    #[error("not a map with integer keys")]
    NotAMap,
    /// A required key is absent.
    #[error("key {0} is missing")]
    Missing(i64),
    /// A key holds another kind of value.
    #[error("key {0} has the wrong type")]
    WrongType(i64),
    /// A key holds a value of the right kind outside its range.
    #[error("key {0} is out of range")]
    OutOfRange(i64),
    /// A key that is not defined.
    #[error("key {0} is unknown")]
    Unknown(i64),
}

impl Fields {
    /// Opens a decoded map.
    ///
    /// # Errors
    /// [`FieldError::NotAMap`].
    pub fn open(value: Value) -> Result<Self, FieldError> {
        let Value::Map(entries) = value else { return Err(FieldError::NotAMap) };
        let entries = entries
            .into_iter()
            .map(|(key, item)| match key {
                Value::Integer(key) => {
                    i64::try_from(key).map(|key| (key, item)).map_err(|_| FieldError::NotAMap)
                }
                _ => Err(FieldError::NotAMap),
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { entries })
    }

    /// Takes a field that may be absent.
    pub fn take(&mut self, key: i64) -> Option<Value> {
        let at = self.entries.iter().position(|(other, _)| *other == key)?;
        Some(self.entries.swap_remove(at).1)
    }

    /// Takes a required field of any kind.
    ///
    /// # Errors
    /// [`FieldError::Missing`].
    pub fn value(&mut self, key: i64) -> Result<Value, FieldError> {
        self.take(key).ok_or(FieldError::Missing(key))
    }

    /// Takes a required integer that fits `T`.
    ///
    /// # Errors
    /// [`FieldError`], with the key.
    pub fn int<T: TryFrom<i128>>(&mut self, key: i64) -> Result<T, FieldError> {
        self.optional_int(key)?.ok_or(FieldError::Missing(key))
    }

    /// Takes an integer that may be absent.
    ///
    /// # Errors
    /// [`FieldError`], with the key.
    pub fn optional_int<T: TryFrom<i128>>(&mut self, key: i64) -> Result<Option<T>, FieldError> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::Integer(integer)) => {
                T::try_from(i128::from(integer)).map(Some).map_err(|_| FieldError::OutOfRange(key))
            }
            Some(_) => Err(FieldError::WrongType(key)),
        }
    }

    /// Takes a required text of at most `max` bytes.
    ///
    /// # Errors
    /// [`FieldError`], with the key.
    pub fn text(&mut self, key: i64, max: usize) -> Result<String, FieldError> {
        self.optional_text(key, max)?.ok_or(FieldError::Missing(key))
    }

    /// Takes a text that may be absent.
    ///
    /// # Errors
    /// [`FieldError`], with the key.
    pub fn optional_text(&mut self, key: i64, max: usize) -> Result<Option<String>, FieldError> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::Text(text)) if text.len() <= max => Ok(Some(text)),
            Some(Value::Text(_)) => Err(FieldError::OutOfRange(key)),
            Some(_) => Err(FieldError::WrongType(key)),
        }
    }

    /// Takes a required byte string of at most `max` bytes.
    ///
    /// # Errors
    /// [`FieldError`], with the key.
    pub fn bytes(&mut self, key: i64, max: usize) -> Result<Vec<u8>, FieldError> {
        self.optional_bytes(key, max)?.ok_or(FieldError::Missing(key))
    }

    /// Takes a byte string that may be absent.
    ///
    /// # Errors
    /// [`FieldError`], with the key.
    pub fn optional_bytes(&mut self, key: i64, max: usize) -> Result<Option<Vec<u8>>, FieldError> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::Bytes(bytes)) if bytes.len() <= max => Ok(Some(bytes)),
            Some(Value::Bytes(_)) => Err(FieldError::OutOfRange(key)),
            Some(_) => Err(FieldError::WrongType(key)),
        }
    }

    /// Takes a required byte string of exactly `N` bytes.
    ///
    /// # Errors
    /// [`FieldError`], with the key.
    pub fn array<const N: usize>(&mut self, key: i64) -> Result<[u8; N], FieldError> {
        self.bytes(key, N)?.try_into().map_err(|_| FieldError::OutOfRange(key))
    }

    /// Takes a required boolean.
    ///
    /// # Errors
    /// [`FieldError`], with the key.
    pub fn bool(&mut self, key: i64) -> Result<bool, FieldError> {
        match self.value(key)? {
            Value::Bool(value) => Ok(value),
            _ => Err(FieldError::WrongType(key)),
        }
    }

    /// Takes a required array of at most `max` items.
    ///
    /// # Errors
    /// [`FieldError`], with the key.
    pub fn list(&mut self, key: i64, max: usize) -> Result<Vec<Value>, FieldError> {
        match self.value(key)? {
            Value::Array(items) if items.len() <= max => Ok(items),
            Value::Array(_) => Err(FieldError::OutOfRange(key)),
            _ => Err(FieldError::WrongType(key)),
        }
    }

    /// Takes a required map with integer keys.
    ///
    /// # Errors
    /// [`FieldError`], with the key.
    pub fn fields(&mut self, key: i64) -> Result<Fields, FieldError> {
        Fields::open(self.value(key)?).map_err(|_| FieldError::WrongType(key))
    }

    /// Ends the reading. A field that nobody took is unknown.
    ///
    /// # Errors
    /// [`FieldError::Unknown`] with the first key left.
    pub fn finish(self) -> Result<(), FieldError> {
        self.entries.first().map_or(Ok(()), |(key, _)| Err(FieldError::Unknown(*key)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cbor::map;

    #[test]
    fn each_mistake_names_its_key() {
        let open =
            || Fields::open(map([(1, 300.into()), (2, "abc".into()), (3, vec![1_u8; 4].into())])).unwrap();
        assert_eq!(open().int::<u8>(1), Err(FieldError::OutOfRange(1)));
        assert_eq!(open().int::<u16>(1), Ok(300));
        assert_eq!(open().text(1, 9), Err(FieldError::WrongType(1)));
        assert_eq!(open().text(2, 2), Err(FieldError::OutOfRange(2)));
        assert_eq!(open().array::<5>(3), Err(FieldError::OutOfRange(3)));
        assert_eq!(open().array::<4>(3), Ok([1; 4]));
        assert_eq!(open().bytes(4, 9), Err(FieldError::Missing(4)));
        assert!(matches!(open().finish(), Err(FieldError::Unknown(_))));
        assert!(matches!(Fields::open(1.into()), Err(FieldError::NotAMap)));
    }
}
