//! Whose certificate it is, masked at once: the whole name is never kept.

use super::cbor::{self, Value};
use crate::limits::CERTIFICATE_TEXT;
use crate::refusal::Refusal;
use crate::{mask, text};

/// The first letter of one part of a transliterated name, and how long that part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Initial {
    /// A capital Latin letter.
    pub letter: char,
    /// Letters of the part, this one included.
    pub length: u8,
}

/// Returns the masked name of a certificate's `nam` and the initials of its parts, from its
/// transliterated form (`fnt`, `gnt`: capital Latin letters and `<`, ICAO 9303-3 §6): a passport beside
/// it is read in the same letters, whatever script or direction the name is written in at home.
///
/// Some countries write blanks, hyphens or stops between the parts instead of `<`: they count as `<`. An
/// apostrophe counts as nothing, as in a passport. The form of home is never shown, so joiners, marks and
/// line ends are no matter there.
///
/// # Errors
/// `bad-claims`, `no-name` where nobody is named, `unreadable-name` where the transliterated form
/// is missing or in other letters, or the other form is written to turn the line round.
pub fn read(nam: &Value) -> Result<(String, Vec<Initial>), Refusal> {
    let Value::Map(entries) = nam else { return Err(Refusal::BadClaims) };
    let part = |key: &str| match cbor::get(entries, &key.into()) {
        Ok(None | Some(Value::Null)) => Ok(""),
        Ok(Some(Value::Text(text))) if text.chars().nth(CERTIFICATE_TEXT).is_none() => Ok(text.as_str()),
        _ => Err(Refusal::BadClaims),
    };
    let at_home = [part("fn")?, part("gn")?];
    let latin = [part("fnt")?, part("gnt")?];
    if at_home.iter().any(|name| text::turns_the_line(name)) {
        return Err(Refusal::UnreadableName);
    }
    let [surname, given] = latin.map(spelt);
    let spoken = format!("{} {}", surname?, given?);
    let says_nothing = |name: &str| name.trim().is_empty();
    match (says_nothing(&spoken), at_home.into_iter().all(says_nothing)) {
        (false, _) => Ok((mask::name(&spoken), spoken.split_whitespace().filter_map(initial).collect())),
        (true, true) => Err(Refusal::NoName),
        (true, false) => Err(Refusal::UnreadableName),
    }
}

/// Returns the letters of a transliterated name, its parts divided by blanks.
fn spelt(name: &str) -> Result<String, Refusal> {
    let letter = |c: char| match c {
        'A'..='Z' => Some(Ok(c)),
        '<' | '-' | '‐' | '.' | ',' => Some(Ok(' ')),
        '\'' | '’' => None,
        blank if blank.is_whitespace() => Some(Ok(' ')),
        _ => Some(Err(Refusal::UnreadableName)),
    };
    name.chars().filter_map(letter).collect()
}

fn initial(part: &str) -> Option<Initial> {
    // No text of a certificate is longer than 255 characters.
    Some(Initial { letter: part.chars().next()?, length: u8::try_from(part.len()).unwrap_or(u8::MAX) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_of(parts: &[(&str, &str)]) -> Result<(String, Vec<Initial>), Refusal> {
        let entries = parts.iter().map(|(key, name)| ((*key).into(), (*name).into())).collect();
        read(&Value::Map(entries))
    }

    fn of(parts: &[(&str, &str)]) -> Result<String, Refusal> {
        all_of(parts).map(|(masked, _)| masked)
    }

    #[test]
    fn initials_of_the_surname_come_first() {
        let initials = |parts: &[(&str, &str)]| {
            let (_, initials) = all_of(parts).unwrap();
            initials.iter().map(|initial| (initial.letter, initial.length)).collect::<Vec<_>>()
        };
        let full = [("gnt", "ANNA<MARIA"), ("fnt", "MUSTERFRAU<<GOESSINGER<")];
        assert_eq!(initials(&full), [('M', 10), ('G', 10), ('A', 4), ('M', 5)]);
        assert_eq!(initials(&[("fnt", &"A".repeat(255))]), [('A', 255)]);
    }

    #[test]
    fn a_name_in_any_script_is_masked_by_its_latin_letters() {
        let full = [
            ("fn", "Musterfrau-Gößinger"),
            ("fnt", "MUSTERFRAU<GOESSINGER"),
            ("gn", "Gabriele"),
            ("gnt", "GABRIELE"),
        ];
        assert_eq!(of(&full), Ok(format!("M{}", "*".repeat(29))));
        assert_eq!(
            of(&[("fn", "כהן"), ("fnt", "COHEN"), ("gn", "שרה"), ("gnt", "SARA")]),
            Ok("C*********".into())
        );
        assert_eq!(of(&[("fn", "أحمد"), ("fnt", "AHMAD")]), Ok("A****".into()));
        assert_eq!(of(&[("gnt", "SUKARNO")]), Ok("S******".into()));
    }

    #[test]
    fn parts_are_divided_by_whatever_a_country_writes_between_them() {
        let all = |surname: &str, given: &str| all_of(&[("fnt", surname), ("gnt", given)]).unwrap();
        let standard = all("DE<LA<PRUEBA", "ANA<MARIA");
        for surname in
            ["DE LA PRUEBA", "DE-LA-PRUEBA", "DE\u{a0}LA\u{a0}PRUEBA", "DE,LA.PRUEBA", "DE\nLA\tPRUEBA"]
        {
            assert_eq!(all(surname, "ANA MARIA"), standard, "{surname}");
        }
        assert_eq!(standard.0.chars().next(), Some('D'));
        assert_eq!(all("O'MUSTER", "ANA\r\n").1, all("OMUSTER", "ANA").1);
        assert_eq!(all("O’MUSTER", " ANA "), all("OMUSTER", "<ANA<"));
    }

    #[test]
    fn what_is_never_shown_may_join_mark_and_break_but_not_turn_the_line() {
        let home = |name: &str| of(&[("fn", name), ("gn", name), ("fnt", "AB")]);
        for name in [
            "ن\u{200c}ن",
            "क\u{200d}ष",
            "ก\u{200b}ข",
            "A\u{2060}B",
            "A\nB\r\n",
            "A\u{ad}B",
            "א\u{200f}",
            "A\u{fe0f}",
        ] {
            assert_eq!(home(name), Ok("A*".into()), "{name:?}");
        }
        for name in ["a\u{202e}b", "a\u{202a}b", "a\u{2066}b", "a\u{2069}b"] {
            assert_eq!(home(name), Err(Refusal::UnreadableName), "{name:?}");
        }
        for shown in
            ["A\u{200d}B", "A\u{200b}B", "A\u{202e}B", "\u{feff}AB", "A\u{ad}B", "A\u{7f}B", "A1", "ÀB"]
        {
            assert_eq!(of(&[("fn", "A"), ("fnt", shown)]), Err(Refusal::UnreadableName), "{shown:?}");
        }
    }

    #[test]
    fn nobody_and_names_that_cannot_be_shown() {
        assert_eq!(of(&[]), Err(Refusal::NoName));
        assert_eq!(of(&[("fn", " "), ("fnt", ""), ("gnt", "<<")]), Err(Refusal::NoName));
        assert_eq!(of(&[("fn", "Ωμέγα")]), Err(Refusal::UnreadableName));
        assert_eq!(of(&[("fnt", "כהן")]), Err(Refusal::UnreadableName));
        assert_eq!(of(&[("fnt", "cohen")]), Err(Refusal::UnreadableName));
        assert_eq!(of(&[("fn", "a\u{202e}b"), ("fnt", "AB")]), Err(Refusal::UnreadableName));
        assert_eq!(read(&"text".into()), Err(Refusal::BadClaims));
        let twice = Value::Map(vec![("fnt".into(), "A".into()), ("fnt".into(), "B".into())]);
        assert_eq!(read(&twice), Err(Refusal::BadClaims));
    }
}
