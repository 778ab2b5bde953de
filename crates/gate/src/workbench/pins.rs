//! Phone numbers and PINs as people type them.

use health_code::secret::{self, WeakSecret};
use health_code::trust::Role;
use zeroize::Zeroizing;

use crate::limits::PHONE_CHARS;
use crate::window::workbench::AddProblem;

/// Digits of a mobile number.
const PHONE_DIGITS: usize = 11;

/// Returns the eleven digits of a mobile number. Spaces, dashes, `+86` and full-width digits are taken as
/// people write them.
pub(super) fn phone(typed: &str) -> Option<Zeroizing<String>> {
    if typed.chars().count() > PHONE_CHARS {
        return None;
    }
    let plain = |c: char| match c {
        '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10),
        '＋' => Some('+'),
        '-' | '－' => None,
        c if c.is_whitespace() => None,
        c => Some(c),
    };
    let plain: Zeroizing<String> = Zeroizing::new(typed.chars().filter_map(plain).collect());
    let digits = Zeroizing::new(plain.strip_prefix("+86").unwrap_or(&plain).to_owned());
    let is_phone = digits.len() == PHONE_DIGITS
        && digits.starts_with('1')
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_phone.then_some(digits)
}

/// What is known of a phone number.
#[derive(Debug, Clone, Copy)]
pub(super) enum Phone<'a> {
    /// All its digits.
    Whole(&'a str),
    /// Its mask, which ends in the digits by which somebody signs in.
    Masked(&'a str),
}

impl Phone<'_> {
    /// Returns whether a PIN is of the phone number, as far as that is known.
    fn is_in(self, pin: &str) -> bool {
        match self {
            Self::Whole(phone) => phone.contains(pin) || pin.contains(phone),
            // A PIN with the digits that everybody reads is most likely the number's end.
            Self::Masked(mask) => {
                let digits = mask.rsplit('*').next().unwrap_or_default();
                !digits.is_empty() && pin.contains(digits)
            }
        }
    }
}

/// Checks a PIN that somebody has chosen: six digits or more, typed alike twice, not what everybody tries
/// first, and not what stands in the phone number, which others know.
pub(super) fn check(pin: &str, again: &str, phone: Phone<'_>) -> Result<(), AddProblem> {
    secret::check(Role::Collector, pin).map_err(|weak| match weak {
        WeakSecret::TooShort => AddProblem::PinShort,
        WeakSecret::TooLong => AddProblem::PinLong,
        WeakSecret::NotDigits => AddProblem::PinNotDigits,
    })?;
    if is_trivial(pin) {
        Err(AddProblem::PinTrivial)
    } else if phone.is_in(pin) {
        Err(AddProblem::PinInPhone)
    } else if pin != again {
        Err(AddProblem::PinsDiffer)
    } else {
        Ok(())
    }
}

/// Returns whether digits are one digit again and again, or two, or three, or count up or down.
fn is_trivial(pin: &str) -> bool {
    let digits = pin.as_bytes();
    let step = |by: i16| {
        let next = |pair: &[u8]| matches!(pair, [a, b] if i16::from(*b) - i16::from(*a) == by);
        digits.windows(2).all(next)
    };
    // 09 and 90 are neighbours on a keyboard.
    let counts = step(1) || step(-1) || "01234567890".contains(pin) || "09876543210".contains(pin);
    let repeats = |period: usize| digits.iter().zip(digits.iter().skip(period)).all(|(a, b)| a == b);
    counts || (1..=3).any(repeats)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_number_is_taken_as_people_write_it() {
        for typed in ["13500000006", "135 0000 0006", "+86 135-0000-0006", "１３５0000０００６"] {
            assert_eq!(phone(typed).as_deref().map(String::as_str), Some("13500000006"), "{typed}");
        }
        for typed in ["", "1350000000", "135000000066", "03500000006", "+1 135 0000 0006", "135000o0006"] {
            assert_eq!(phone(typed), None, "{typed}");
        }
        assert_eq!(phone(&format!("{}13500000006", " ".repeat(40))), None);
    }

    #[test]
    fn a_pin_is_long_enough_alike_twice_not_obvious_and_not_the_phone_number() {
        let phone = "13581620976";
        for (pin, again, problem) in [
            ("24681", "24681", AddProblem::PinShort),
            ("", "", AddProblem::PinShort),
            ("24681x", "24681x", AddProblem::PinNotDigits),
            (&"2468".repeat(20), "", AddProblem::PinLong),
            ("246813", "246831", AddProblem::PinsDiffer),
            ("246813", "", AddProblem::PinsDiffer),
            ("620976", "620976", AddProblem::PinInPhone),
            ("358162", "358162", AddProblem::PinInPhone),
            (phone, phone, AddProblem::PinInPhone),
        ] {
            assert_eq!(check(pin, again, Phone::Whole(phone)), Err(problem), "{pin}");
        }
        for pin in
            ["123456", "654321", "000000", "111111", "121212", "123123", "567890", "987654", "0123456789"]
        {
            assert_eq!(check(pin, pin, Phone::Whole(phone)), Err(AddProblem::PinTrivial), "{pin}");
        }
        for pin in ["246810", "135791", "80808080801", "246813"] {
            assert_eq!(check(pin, pin, Phone::Whole(phone)), Ok(()), "{pin}");
        }
        let masked = Phone::Masked("135****0976");
        assert_eq!(check("620976", "620976", masked), Err(AddProblem::PinInPhone));
        assert_eq!(check("097613", "097613", masked), Err(AddProblem::PinInPhone));
        assert_eq!(check("246813", "246813", masked), Ok(()));
    }
}
