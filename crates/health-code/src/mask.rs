//! Masks: what may be shown of a name, an identity number and a phone.

use crate::limits::NAME_BYTES;

/// Masks all but a name's first character: `张三` → `张*`, `Anna Smith` → `A*********`.
///
/// An empty name stays empty, and a single character is masked. The result fits a code.
#[must_use]
pub fn name(full: &str) -> String {
    let full = full.trim();
    let mut chars = full.chars();
    match (chars.next(), chars.count()) {
        (None, _) => String::new(),
        (Some(_), 0) => "*".to_owned(),
        (Some(first), rest) => format!("{first}{}", stars(rest.min(NAME_BYTES - first.len_utf8()))),
    }
}

/// Masks all but the first four and the last four characters:
/// `420106199001011234` → `4201**********1234`. Up to eight characters are all masked.
#[must_use]
pub fn identity(full: &str) -> String {
    around(full.trim(), 4, 4)
}

/// Masks the middle of a phone: `13800000001` → `138****0001`. Up to seven digits are all masked.
#[must_use]
pub fn phone(full: &str) -> String {
    around(&digits_of_phone(full), 3, 4)
}

/// Returns a phone without spaces, dashes and `+86`, its full-width digits made plain.
pub(crate) fn digits_of_phone(phone: &str) -> String {
    let plain: String = phone
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '－'))
        .map(|c| match c {
            '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
            '＋' => '+',
            other => other,
        })
        .collect();
    plain.strip_prefix("+86").unwrap_or(&plain).to_owned()
}

fn around(full: &str, first: usize, last: usize) -> String {
    let chars: Vec<char> = full.chars().collect();
    let hidden = chars.len().saturating_sub(first + last);
    if hidden == 0 {
        return stars(chars.len());
    }
    let head: String = chars.iter().take(first).collect();
    let tail: String = chars.iter().skip(first + hidden).collect();
    format!("{head}{}{tail}", stars(hidden))
}

fn stars(count: usize) -> String {
    "*".repeat(count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names() {
        for (full, masked) in [
            ("张三", "张*"),
            ("欧阳小明", "欧***"),
            ("Anna Smith", "A*********"),
            (" 张三 ", "张*"),
            ("张", "*"),
            ("", ""),
        ] {
            assert_eq!(name(full), masked);
        }
        assert_eq!(name(&"长".repeat(60)).len(), NAME_BYTES);
    }

    #[test]
    fn identities_and_phones() {
        assert_eq!(identity("420106199001011234"), "4201**********1234");
        assert_eq!(identity("42010619900101123X"), "4201**********123X");
        assert_eq!(identity("E12345678"), "E123*5678");
        assert_eq!(identity("12345678"), "********");
        assert_eq!(phone("13800000001"), "138****0001");
        assert_eq!(phone("+86 138-0000-0001"), "138****0001");
        assert_eq!(phone("１３８００００0001"), "138****0001");
        assert_eq!(phone("12345"), "*****");
    }

    proptest! {
        #[test]
        fn a_mask_never_shows_the_middle(id in "[0-9]{9,18}", text in ".{0,60}") {
            let masked = identity(&id);
            prop_assert_eq!(masked.len(), id.len());
            prop_assert!(masked[4..id.len() - 4].bytes().all(|byte| byte == b'*'));
            prop_assert!(name(&text).len() <= NAME_BYTES);
            prop_assert!(name(&text).chars().skip(1).all(|c| c == '*'));
        }
    }
}
