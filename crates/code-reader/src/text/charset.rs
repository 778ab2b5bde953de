//! Character sets: by the number of an ECI (AIM ITS/04-023), by a mode, or guessed.

use encoding_rs::Encoding;

/// What a code says about a segment's character set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Designator {
    /// Nothing.
    Unstated,
    /// Kanji mode: Shift-JIS.
    Kanji,
    /// Hanzi mode (GB/T 18284): GB 2312.
    Hanzi,
    /// The number of an ECI.
    Eci(u32),
}

/// A character set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Charset {
    /// One that is common on the web, too.
    Web(&'static Encoding),
    /// ISO/IEC 8859-1, in which each byte is a character. Standing for all that is no text, too.
    Latin1,
    /// Code page 437, of the first personal computers.
    Cp437,
    /// UTF-32, with whether the highest byte comes first.
    Utf32(bool),
}

impl Designator {
    /// Returns the character set. `guess` stands where none is stated, or its number is not known.
    pub(super) fn charset(self, guess: Charset) -> Charset {
        match self {
            Self::Unstated => guess,
            Self::Kanji => Charset::Web(encoding_rs::SHIFT_JIS),
            Self::Hanzi => Charset::Web(encoding_rs::GB18030),
            Self::Eci(number) => by_number(number).unwrap_or(guess),
        }
    }
}

fn by_number(eci: u32) -> Option<Charset> {
    use encoding_rs::{
        BIG5, EUC_KR, GB18030, ISO_8859_2, ISO_8859_3, ISO_8859_4, ISO_8859_5, ISO_8859_6, ISO_8859_7,
        ISO_8859_8, ISO_8859_10, ISO_8859_13, ISO_8859_14, ISO_8859_15, ISO_8859_16, SHIFT_JIS, UTF_8,
        UTF_16BE, UTF_16LE, WINDOWS_874, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1254,
        WINDOWS_1256,
    };
    Some(Charset::Web(match eci {
        0 | 2 => return Some(Charset::Cp437),
        1 | 3 | 899 => return Some(Charset::Latin1),
        34 => return Some(Charset::Utf32(true)),
        35 => return Some(Charset::Utf32(false)),
        4 => ISO_8859_2,
        5 => ISO_8859_3,
        6 => ISO_8859_4,
        7 => ISO_8859_5,
        8 => ISO_8859_6,
        9 => ISO_8859_7,
        10 => ISO_8859_8,
        // Windows 1254 and 874 contain ISO/IEC 8859-9 and 8859-11.
        11 => WINDOWS_1254,
        12 => ISO_8859_10,
        13 => WINDOWS_874,
        15 => ISO_8859_13,
        16 => ISO_8859_14,
        17 => ISO_8859_15,
        18 => ISO_8859_16,
        20 => SHIFT_JIS,
        21 => WINDOWS_1250,
        22 => WINDOWS_1251,
        23 => WINDOWS_1252,
        24 => WINDOWS_1256,
        25 => UTF_16BE,
        // ASCII and its invariant part are UTF-8, too.
        26 | 27 | 170 => UTF_8,
        28 => BIG5,
        // GB 2312, GBK and GB 18030: each contains the one before.
        29 | 31 | 32 => GB18030,
        30 => EUC_KR,
        33 => UTF_16LE,
        _ => return None,
    }))
}

impl Charset {
    /// Returns the character set that bytes most likely are in.
    pub(super) fn guess(bytes: &[u8]) -> Self {
        let decodes =
            |encoding: &'static Encoding| encoding.decode_without_bom_handling_and_without_replacement(bytes);
        if std::str::from_utf8(bytes).is_ok() {
            return Self::Web(encoding_rs::UTF_8);
        }
        if let Some((encoding, mark)) = Encoding::for_bom(bytes)
            && encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]).is_some()
        {
            return Self::Web(encoding);
        }
        if is_western(bytes) {
            return Self::Latin1;
        }
        match (decodes(encoding_rs::GB18030).is_some(), decodes(encoding_rs::SHIFT_JIS).is_some()) {
            (true, true) if as_japanese(bytes) > as_chinese(bytes) => Self::Web(encoding_rs::SHIFT_JIS),
            (true, _) => Self::Web(encoding_rs::GB18030),
            (false, true) => Self::Web(encoding_rs::SHIFT_JIS),
            (false, false) => Self::Latin1,
        }
    }

    /// Decodes bytes. Those that the character set does not have are decoded by the likeliest one.
    pub(super) fn decode(self, bytes: &[u8]) -> String {
        self.try_decode(bytes).unwrap_or_else(|| {
            let guess = Self::guess(bytes);
            guess.try_decode(bytes).unwrap_or_else(|| latin1(bytes))
        })
    }

    fn try_decode(self, bytes: &[u8]) -> Option<String> {
        match self {
            Self::Latin1 => Some(latin1(bytes)),
            Self::Cp437 => Some(bytes.iter().map(|&byte| cp437(byte)).collect()),
            Self::Utf32(big) => utf32(bytes, big),
            Self::Web(encoding) => {
                let marked = Encoding::for_bom(bytes).filter(|mark| mark.0 == encoding);
                // A byte order mark is no text in UTF-16. In UTF-8 it stays: the bytes are the text.
                let skipped =
                    marked.map_or(0, |mark| if encoding == encoding_rs::UTF_8 { 0 } else { mark.1 });
                let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes[skipped..])?;
                Some(text.into_owned())
            }
        }
    }
}

/// Worth of a common character of two bytes.
const COMMON: i32 = 8;

/// Returns whether all bytes beyond ASCII are letters of ISO/IEC 8859-1 that stand alone, as in a name.
/// Two bytes make a character in the Chinese and Japanese character sets, and they come in rows.
fn is_western(bytes: &[u8]) -> bool {
    let is_high = |at: usize| bytes.get(at).is_some_and(|byte| *byte >= 0x80);
    bytes.iter().enumerate().all(|(at, &byte)| {
        let stands_alone = !is_high(at + 1) && (at == 0 || !is_high(at - 1));
        byte < 0x80 || byte >= 0xc0 && stands_alone
    })
}

/// Returns how common the characters of bytes are as GB 18030: most for those of GB 2312's first level and
/// its signs, half for its second level, nothing for all that was added later.
fn as_chinese(bytes: &[u8]) -> i32 {
    let mut sum = 0;
    let mut rest = bytes;
    while let [first, behind @ ..] = rest {
        let (worth, skipped) = match (*first, behind.first().copied().unwrap_or(0)) {
            (..0x80, _) => (0, 0),
            // Four bytes.
            (_, 0x30..=0x39) => (0, 3),
            (0xa1..=0xa3 | 0xb0..=0xd7, 0xa1..) => (COMMON, 1),
            (0xd8..=0xf7, 0xa1..) => (COMMON / 2, 1),
            _ => (0, 1),
        };
        sum += worth;
        rest = behind.get(skipped..).unwrap_or_default();
    }
    sum
}

/// Returns the same as Shift-JIS: most for signs, kana and JIS X 0208's first level, half for its second
/// level. A character of nobody's own use takes away.
///
/// Any two bytes of a hanzi are two halfwidth kana, too, so that these count little. Voiced sound marks
/// behind them count more, if there are several.
fn as_japanese(bytes: &[u8]) -> i32 {
    let (mut sum, mut voiced) = (0, 0);
    let (mut rest, mut before) = (bytes, 0);
    while let [first, behind @ ..] = rest {
        let can_be_voiced = matches!(before, 0xb3 | 0xb6..=0xc4 | 0xca..=0xce);
        let (worth, skipped) = match *first {
            ..=0x80 => (0, 0),
            0xa0..=0xdf => {
                voiced += i32::from(matches!(*first, 0xde | 0xdf) && can_be_voiced);
                (COMMON * 3 / 8, 0)
            }
            0x81..=0x83 | 0x88..=0x97 => (COMMON, 1),
            0x98..=0x9f | 0xe0..=0xea => (COMMON / 2, 1),
            0xf0.. => (-COMMON, 1),
            _ => (0, 1),
        };
        sum += worth;
        before = *first;
        rest = behind.get(skipped..).unwrap_or_default();
    }
    sum + if voiced > 1 { voiced * COMMON / 2 } else { 0 }
}

fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}

fn utf32(bytes: &[u8], big: bool) -> Option<String> {
    let (units, rest) = bytes.as_chunks::<4>();
    let unit = |it: &[u8; 4]| if big { u32::from_be_bytes(*it) } else { u32::from_le_bytes(*it) };
    if rest.is_empty() { units.iter().map(|it| char::from_u32(unit(it))).collect() } else { None }
}

fn cp437(byte: u8) -> char {
    const HIGH: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";
    match byte.checked_sub(0x80) {
        None => char::from(byte),
        // The table has a character for each of the 128 bytes.
        Some(at) => HIGH.chars().nth(usize::from(at)).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_code_page_437_is_whole() {
        let all: Vec<char> = (0..=255).map(cp437).collect();
        assert!(!all.contains(&char::REPLACEMENT_CHARACTER));
        assert_eq!((all[0x80], all[0xc4], all[0xe1], all[0xff]), ('Ç', '─', 'ß', '\u{a0}'));
    }
}
