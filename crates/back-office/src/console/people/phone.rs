//! Mobile phone numbers of the mainland.

/// A phone number: eleven digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Phone(String);

impl Phone {
    /// Reads a number, with or without spaces, dashes and the country's code.
    ///
    /// # Errors
    /// How many digits there are.
    pub fn parse(text: &str) -> Result<Self, usize> {
        let digits: String = text.chars().filter_map(digit).collect();
        let international = text.trim_start().starts_with(['+', '＋']) || digits.starts_with("00");
        let bare =
            digits.strip_prefix("0086").or_else(|| digits.strip_prefix("86").filter(|_| international));
        let bare = bare.or_else(|| digits.strip_prefix("86").filter(|rest| rest.len() == 11));
        let bare = bare.unwrap_or(&digits);
        let is_mobile =
            bare.len() == 11 && bare.starts_with('1') && matches!(bare.as_bytes()[1], b'3'..=b'9');
        let is_plain = text.chars().all(|char| digit(char).is_some() || is_filler(char));
        if is_mobile && is_plain { Ok(Self(bare.to_owned())) } else { Err(bare.len()) }
    }

    /// Returns the eleven digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Returns a number with its middle hidden.
#[must_use]
pub fn masked(phone: &str) -> String {
    health_code::mask::phone(phone)
}

/// Returns the plain digit that a character is.
pub(super) fn digit(char: char) -> Option<char> {
    match char {
        '0'..='9' => Some(char),
        '０'..='９' => char::from_digit(char as u32 - '０' as u32, 10),
        _ => None,
    }
}

/// Returns whether people write this between the digits of a number.
pub(super) fn is_filler(char: char) -> bool {
    char.is_whitespace() || "-－–—()（）+＋.".contains(char)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for good in [
            "13800010022",
            "138 0001 0022",
            "138-0001-0022",
            "+86 138 0001 0022",
            "8613800010022",
            "008613800010022",
            "１３８０００１００２２",
            "（+86）13800010022",
        ] {
            assert_eq!(Phone::parse(good).unwrap().as_str(), "13800010022", "{good}");
        }
        for (bad, digits) in [
            ("", 0),
            ("1380001002", 10),
            ("138000100222", 12),
            ("12800010022", 11),
            ("02780001002", 11),
            ("13800010022x", 11),
        ] {
            assert_eq!(Phone::parse(bad), Err(digits), "{bad}");
        }
        assert_eq!(masked("13800010022"), "138****0022");
    }
}
