//! The content of a QR code: its exact bytes, and the text that they encode.

mod charset;

use std::fmt;

use crate::limits;
use charset::Charset;
pub(crate) use charset::Designator;

/// The content of a QR code: its exact bytes, and the text that they encode. It may be empty.
///
/// Bytes that are UTF-8, as every health code's are, are the text itself. A code may also name its
/// character set, by an ECI or by a mode of its own for kanji or hanzi. Other bytes are taken as GB 18030
/// or Shift-JIS, whichever gives the more common characters, or else as ISO/IEC 8859-1, in which all bytes are
/// characters. Signatures are not affected: they are verified over text that was UTF-8 in the code.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct QrText {
    bytes: Vec<u8>,
    /// The text, if the bytes are not its UTF-8.
    decoded: Option<String>,
    part: Option<Part>,
}

/// The place of a code among several that hold one message together (ISO/IEC 18004, structured append).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Part {
    /// The number of this one, from 1 to 16.
    pub number: u8,
    /// How many there are, from 1 to 16.
    pub of: u8,
}

/// Bytes in one character set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) designator: Designator,
    pub(crate) bytes: Vec<u8>,
}

impl QrText {
    /// Takes a code's bytes without knowing their character set. Bytes beyond what a code can hold are
    /// left out.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self::from_segments(&[Segment { designator: Designator::Unstated, bytes }], None)
    }

    /// Takes a code's segments in order.
    pub(crate) fn from_segments(segments: &[Segment], part: Option<Part>) -> Self {
        let mut bytes: Vec<u8> = segments.iter().flat_map(|segment| &segment.bytes).copied().collect();
        bytes.truncate(limits::TEXT_BYTES);
        let is_unstated = |segment: &Segment| segment.designator == Designator::Unstated;
        let unstated: Vec<u8> =
            segments.iter().filter(|it| is_unstated(it)).flat_map(|it| &it.bytes).copied().collect();
        // One guess for all that is unstated: a part may be too short to tell.
        let guess = Charset::guess(&unstated);
        let text: String = if segments.iter().all(is_unstated) {
            guess.decode(&bytes)
        } else {
            segments.iter().map(|segment| segment.designator.charset(guess).decode(&segment.bytes)).collect()
        };
        let decoded = (text.as_bytes() != bytes).then_some(text);
        Self { bytes, decoded, part }
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.decoded {
            Some(text) => text,
            // Compared in `from_segments`.
            None => std::str::from_utf8(&self.bytes).unwrap_or_default(),
        }
    }

    /// Returns the bytes that the code carries.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the text, owned.
    #[must_use]
    pub fn into_string(self) -> String {
        self.decoded.unwrap_or_else(|| String::from_utf8(self.bytes).unwrap_or_default())
    }

    /// Returns the same content as one part of a message.
    #[must_use]
    pub fn as_part(self, part: Part) -> Self {
        Self { part: Some(part), ..self }
    }

    /// Returns which part of a message this is, if the code says that it is one of several.
    #[must_use]
    pub fn part(&self) -> Option<Part> {
        self.part
    }
}

impl fmt::Debug for QrText {
    /// Writes the length only: the text may be a person's code, which must not get into a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "QrText({} bytes)", self.bytes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> String {
        QrText::from_bytes(bytes.to_vec()).into_string()
    }

    fn stated(eci: u32, bytes: &[u8]) -> String {
        let segment = Segment { designator: Designator::Eci(eci), bytes: bytes.to_vec() };
        QrText::from_segments(&[segment], None).into_string()
    }

    #[test]
    fn utf8_is_the_text_itself() {
        for it in ["", "KD1:ABC", "卡点", "\u{feff}x", "é\0\u{7f}"] {
            let read = QrText::from_bytes(it.as_bytes().to_vec());
            assert_eq!((read.as_str(), read.as_bytes()), (it, it.as_bytes()));
            assert!(read.decoded.is_none());
        }
    }

    #[test]
    fn chinese_comes_before_japanese_unless_its_characters_are_rare() {
        for it in
            ["健康码", "中华人民共和国", "朱镕基 2022", "體溫 36.5", "㐀", "你好,world!", "棉花", "绿码 通行"]
        {
            let (bytes, ..) = encoding_rs::GB18030.encode(it);
            assert_eq!(text(&bytes), it);
        }
        for it in ["こんにちは", "カタカナ と 漢字", "ﾃﾞｻﾞｲﾝQR", "無事 見聞", "ＳＨＯＰ"]
        {
            let (bytes, ..) = encoding_rs::SHIFT_JIS.encode(it);
            assert_eq!(text(&bytes), it);
        }
    }

    #[test]
    fn western_letters_among_ascii_are_no_chinese() {
        assert_eq!(text(b"M\xfcller, Caf\xe9"), "Müller, Café");
    }

    #[test]
    fn bytes_in_no_character_set_are_kept_and_shown() {
        let bytes: Vec<u8> = (0..=255).rev().collect();
        let read = QrText::from_bytes(bytes.clone());
        assert_eq!(read.as_bytes(), bytes);
        assert_eq!(read.as_str().chars().count(), 256);
        assert_eq!(QrText::from_bytes(vec![0xff; 9000]).as_bytes().len(), limits::TEXT_BYTES);
    }

    #[test]
    fn a_named_character_set_is_used() {
        for (eci, bytes, expected) in [
            (2, &b"\x81\xe1"[..], "üß"),
            (3, b"\x80\xe9", "\u{80}é"),
            (4, b"\xb1", "ą"),
            (7, b"\xb6", "Ж"),
            (9, b"\xe1", "α"),
            (20, b"\x93\xfa", "日"),
            (22, b"\xcf", "П"),
            (25, b"\x53\x61", "卡"),
            (26, b"\xe5\x8d\xa1", "卡"),
            (28, b"\xa4\xa4", "中"),
            (29, b"\xbf\xa8", "卡"),
            (30, b"\xb0\xa1", "가"),
            (32, b"\x81\x39\xee\x39", "㐀"),
            (33, b"\x61\x53", "卡"),
            (34, b"\0\0\x53\x61", "卡"),
            (35, b"\x61\x53\0\0", "卡"),
            (899, b"\xe5\x8d\xa1", "å\u{8d}¡"),
            // What does not decode, or has an unknown number, is guessed.
            (26, b"\xbf\xa8\xb5\xe3", "卡点"),
            (123_456, b"\xe5\x8d\xa1", "卡"),
        ] {
            assert_eq!(stated(eci, bytes), expected, "{eci}");
        }
    }

    #[test]
    fn segments_have_their_own_character_sets() {
        let segment = |designator, bytes: &[u8]| Segment { designator, bytes: bytes.to_vec() };
        let segments = [
            segment(Designator::Kanji, b"\x93\xfa"),
            segment(Designator::Unstated, b" \xbf"),
            segment(Designator::Hanzi, b"\xb5\xe3"),
            segment(Designator::Unstated, b"\xa8"),
        ];
        let part = Some(Part { number: 2, of: 3 });
        let read = QrText::from_segments(&segments, part);
        assert_eq!(read.part(), part);
        assert!(read.as_str().starts_with("日") && read.as_str().contains("点"), "{}", read.as_str());
        assert_eq!(read.as_bytes(), b"\x93\xfa \xbf\xb5\xe3\xa8");
    }
}
