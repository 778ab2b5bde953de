//! What keys type on a keyboard with the layout of the United States, which scanners come with.
//!
//! A grabbed keyboard has no layout, no input method and no focus: only numbers of keys (Linux
//! `input-event-codes.h`), which say what a scanner means as long as it is set to that layout.

const ENTER: u16 = 28;
const KEYPAD_ENTER: u16 = 96;
const LEFT_CONTROL: u16 = 29;
const RIGHT_CONTROL: u16 = 97;
const LEFT_SHIFT: u16 = 42;
const RIGHT_SHIFT: u16 = 54;
const LEFT_ALT: u16 = 56;

/// Rows of keys by the number of their first one: what each types alone, and with Shift.
const ROWS: [(u16, &str, &str); 6] = [
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (15, "\tqwertyuiop[]", "\tQWERTYUIOP{}"),
    (30, "asdfghjkl;'`", "ASDFGHJKL:\"~"),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (55, "*", "*"),
    (57, " ", " "),
];
/// The keypad, from its 7 on.
const KEYPAD: (u16, &str) = (71, "789-456+1230.");
const KEYPAD_SLASH: u16 = 98;

/// Turns keys that go down and up into bytes.
#[derive(Debug, Clone, Default)]
pub struct Keys {
    left_shift: bool,
    right_shift: bool,
    control: bool,
    alt: bool,
    /// The number that is typed on the keypad while Alt is held: how some scanners write any character.
    number: Option<u32>,
}

impl Keys {
    /// Takes a key that went down or up, and returns what it types.
    pub fn take(&mut self, key: u16, down: bool) -> Option<u8> {
        match key {
            LEFT_SHIFT => self.left_shift = down,
            RIGHT_SHIFT => self.right_shift = down,
            LEFT_CONTROL | RIGHT_CONTROL => self.control = down,
            LEFT_ALT => {
                self.alt = down;
                return self.number.take().filter(|_| !down).and_then(|number| u8::try_from(number).ok());
            }
            ENTER | KEYPAD_ENTER => return down.then_some(b'\r'),
            _ if down => return self.typed(key),
            _ => {}
        }
        None
    }

    fn typed(&mut self, key: u16) -> Option<u8> {
        let on_keypad = byte_at(KEYPAD.0, KEYPAD.1, key).or((key == KEYPAD_SLASH).then_some(b'/'));
        if self.alt {
            let digit = on_keypad.filter(u8::is_ascii_digit).map(|digit| u32::from(digit - b'0'))?;
            self.number = Some((self.number.unwrap_or_default() * 10 + digit).min(u32::from(u16::MAX)));
            return None;
        }
        let shift = self.left_shift || self.right_shift;
        let on_row = ROWS
            .iter()
            .find_map(|(first, alone, shifted)| byte_at(*first, if shift { shifted } else { alone }, key));
        let byte = on_keypad.or(on_row)?;
        // Control and a letter are a control character.
        Some(if self.control && byte.is_ascii_alphabetic() { byte & 0x1f } else { byte })
    }
}

fn byte_at(first: u16, row: &str, key: u16) -> Option<u8> {
    row.as_bytes().get(usize::from(key.checked_sub(first)?)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE45: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

    /// Returns the key of a character, and whether Shift is held.
    fn key_of(char: u8) -> (u16, bool) {
        let rows = ROWS
            .iter()
            .flat_map(|(first, alone, shifted)| [(*first, *alone, false), (*first, *shifted, true)]);
        rows.filter_map(|(first, row, shift)| {
            let at = row.bytes().position(|byte| byte == char)?;
            Some((first + u16::try_from(at).unwrap(), shift))
        })
        .next()
        .unwrap()
    }

    fn typed(text: &str) -> Vec<u8> {
        let mut keys = Keys::default();
        let mut out = Vec::new();
        for char in text.bytes() {
            let (key, shift) = key_of(char);
            if shift {
                out.extend(keys.take(LEFT_SHIFT, true));
            }
            out.extend(keys.take(key, true));
            out.extend(keys.take(key, false));
            if shift {
                out.extend(keys.take(LEFT_SHIFT, false));
            }
        }
        out
    }

    #[test]
    fn every_character_of_a_code_has_its_key() {
        assert_eq!(typed(BASE45), BASE45.as_bytes());
        assert_eq!(typed("]Q1kd1:"), b"]Q1kd1:");
    }

    #[test]
    fn the_numbers_are_those_of_the_kernel() {
        use evdev::KeyCode as Code;
        for (key, alone, shifted) in [
            (Code::KEY_K, b'k', b'K'),
            (Code::KEY_1, b'1', b'!'),
            (Code::KEY_0, b'0', b')'),
            (Code::KEY_SEMICOLON, b';', b':'),
            (Code::KEY_EQUAL, b'=', b'+'),
            (Code::KEY_RIGHTBRACE, b']', b'}'),
            (Code::KEY_BACKSLASH, b'\\', b'|'),
            (Code::KEY_SLASH, b'/', b'?'),
            (Code::KEY_M, b'm', b'M'),
            (Code::KEY_P, b'p', b'P'),
            (Code::KEY_SPACE, b' ', b' '),
            (Code::KEY_TAB, b'\t', b'\t'),
            (Code::KEY_KPASTERISK, b'*', b'*'),
            (Code::KEY_KP7, b'7', b'7'),
            (Code::KEY_KP0, b'0', b'0'),
            (Code::KEY_KPDOT, b'.', b'.'),
            (Code::KEY_KPSLASH, b'/', b'/'),
            (Code::KEY_ENTER, b'\r', b'\r'),
            (Code::KEY_KPENTER, b'\r', b'\r'),
        ] {
            for (shift, typed) in [(Code::KEY_LEFTSHIFT, shifted), (Code::KEY_RIGHTSHIFT, shifted)] {
                let mut keys = Keys::default();
                assert_eq!(keys.take(key.code(), true), Some(alone), "{key:?}");
                keys.take(shift.code(), true);
                assert_eq!(keys.take(key.code(), true), Some(typed), "{key:?}");
                keys.take(shift.code(), false);
                assert_eq!(keys.take(key.code(), true), Some(alone), "{key:?}");
            }
        }
        assert_eq!(Keys::default().take(Code::KEY_F9.code(), true), None);
        assert_eq!(Keys::default().take(Code::KEY_ESC.code(), true), None);
    }

    #[test]
    fn a_character_may_come_as_its_number_or_with_control() {
        let mut keys = Keys::default();
        keys.take(LEFT_ALT, true);
        for digit in [82, 75, 77] {
            assert_eq!(keys.take(digit, true), None);
        }
        assert_eq!(keys.take(LEFT_ALT, false), Some(46));
        keys.take(LEFT_CONTROL, true);
        assert_eq!(keys.take(50, true), Some(b'\r'), "Ctrl+M");
        keys.take(LEFT_CONTROL, false);
        assert_eq!(keys.take(50, true), Some(b'm'));
    }
}
