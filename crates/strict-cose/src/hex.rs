//! Bytes as hexadecimal digits, and the ids that people see written so.

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};

/// Writes two lower-case digits a byte.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

/// Reads two digits a byte, in lower or upper case; `None` for any other text.
#[must_use]
pub fn decode(text: &str) -> Option<Vec<u8>> {
    HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()
}

/// Reads exactly `N` bytes; `None` where there are fewer or more, or other characters.
#[must_use]
pub fn decode_array<const N: usize>(text: &str) -> Option<[u8; N]> {
    decode(text)?.try_into().ok()
}

/// The text is not the id's bytes in hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id of {bytes} bytes in hexadecimal digits")]
pub struct BadId {
    /// How many bytes such an id has.
    pub bytes: usize,
}

/// Declares an id: a fixed number of bytes, written in lower-case hexadecimal digits and read in
/// either case.
///
/// ```
/// strict_cose::hex_id! {
///     /// Names a door.
///     pub struct DoorId([u8; 2]);
/// }
/// assert_eq!(DoorId([0, 0xaf]).to_string(), "00af");
/// assert_eq!("00AF".parse(), Ok(DoorId([0, 0xaf])));
/// ```
#[macro_export]
macro_rules! hex_id {
    ($(#[$doc:meta])* pub struct $name:ident([u8; $length:literal]);) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $length]);

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(&$crate::hex::encode(&self.0))
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::write!(f, "{}({self})", ::std::stringify!($name))
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::hex::BadId;

            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                $crate::hex::decode_array(text).map(Self).ok_or($crate::hex::BadId { bytes: $length })
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_goes_both_ways() {
        assert_eq!(encode(&[0, 0xaf, 9]), "00af09");
        assert_eq!(decode("00AF09"), Some(vec![0, 0xaf, 9]));
        assert_eq!(decode_array("00af09"), Some([0, 0xaf, 9]));
    }

    #[test]
    fn only_whole_bytes_of_the_right_number_are_read() {
        for bad in ["0", "0g", "é", "+0", " 00", "00 ", "0x00"] {
            assert_eq!(decode(bad), None, "{bad}");
        }
        for bad in ["", "00", "000000"] {
            assert_eq!(decode_array::<2>(bad), None, "{bad}");
        }
    }

    hex_id! {
        /// An id of this test.
        pub struct DoorId([u8; 2]);
    }

    #[test]
    fn an_id_is_read_as_it_is_written() {
        let id = DoorId([0, 0xaf]);
        assert_eq!(id.to_string(), "00af");
        assert_eq!(format!("{id:?}"), "DoorId(00af)");
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("00".parse::<DoorId>(), Err(BadId { bytes: 2 }));
    }
}
