//! CBOR in diagnostic notation (RFC 8949 §8), for people to read. It need not be canonical.

use ciborium::Value;

/// Deepest nesting that is decoded.
const DEPTH: usize = 16;

/// Reads the value at the beginning of these bytes.
pub(super) fn read(bytes: &[u8]) -> Option<Value> {
    ciborium::de::from_reader_with_recursion_limit(bytes, DEPTH).ok()
}

/// Writes the contents of a byte string that holds CBOR; any other value as it is.
pub(super) fn inside(value: &Value) -> String {
    let nested = value.as_bytes().and_then(|bytes| read(bytes));
    write(nested.as_ref().unwrap_or(value))
}

/// Writes a value in one line.
pub(super) fn write(value: &Value) -> String {
    match value {
        Value::Integer(integer) => i128::from(*integer).to_string(),
        Value::Bytes(bytes) => format!("h'{}'", health_code::hex::encode(bytes)),
        // JSON's escapes keep control characters off the terminal.
        Value::Text(text) => serde_json::Value::from(text.as_str()).to_string(),
        Value::Bool(bool) => bool.to_string(),
        Value::Null => "null".to_owned(),
        Value::Float(float) => format!("{float:?}"),
        Value::Tag(tag, value) => format!("{tag}({})", write(value)),
        Value::Array(items) => format!("[{}]", list(items.iter().map(write))),
        Value::Map(pairs) => {
            let pairs = pairs.iter().map(|(key, value)| format!("{}: {}", write(key), write(value)));
            format!("{{{}}}", list(pairs))
        }
        _ => "?".to_owned(),
    }
}

fn list(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_read_as_in_the_rfc() {
        // RFC 8949, appendix A.
        for (bytes, text) in [
            (&[0x3a, 0x00, 0x01, 0x00, 0x00][..], "-65537"),
            (&[0x44, 1, 2, 3, 4], "h'01020304'"),
            (&[0xa2, 0x61, 0x61, 0x01, 0x61, 0x62, 0x82, 0x02, 0x03], r#"{"a": 1, "b": [2, 3]}"#),
            (&[0xc1, 0x1a, 0x51, 0x4b, 0x67, 0xb0], "1(1363896240)"),
            (&[0xf9, 0x3e, 0x00], "1.5"),
            (&[0xf6], "null"),
            (&[0xf5], "true"),
        ] {
            assert_eq!(write(&read(bytes).unwrap()), text);
        }
        assert_eq!(write(&Value::Text("\u{1b}[2J".into())), r#""\u001b[2J""#);
        assert_eq!(inside(&Value::Bytes(vec![0xa1, 1, 2])), "{1: 2}");
        assert_eq!(inside(&Value::Bytes(vec![0xff])), "h'ff'");
        assert!(read(&[0x81; 40]).is_none());
    }
}
