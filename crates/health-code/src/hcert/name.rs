//! Whose certificate it is, masked at once: the whole name is never kept.

use super::cbor::{self, Value};
use crate::limits::CERTIFICATE_TEXT;
use crate::refusal::Refusal;
use crate::{mask, text};

/// Returns the masked name of a certificate's `nam`, from its transliterated form (`fnt`, `gnt`: capital
/// Latin letters and `<`, ICAO 9303-3 §6): a passport beside it is read in the same letters,
/// whatever script or direction the name is written in at home.
///
/// # Errors
/// `bad-claims`, `no-name` where nobody is named, `unreadable-name` where the transliterated form
/// is missing or in other letters, or the other form is written to deceive the eye.
pub fn masked(nam: &Value) -> Result<String, Refusal> {
    let Value::Map(entries) = nam else { return Err(Refusal::BadClaims) };
    let part = |key: &str| match cbor::get(entries, &key.into()) {
        Ok(None | Some(Value::Null)) => Ok(""),
        Ok(Some(Value::Text(text))) if text.chars().nth(CERTIFICATE_TEXT).is_none() => Ok(text.as_str()),
        _ => Err(Refusal::BadClaims),
    };
    let at_home = [part("fn")?, part("gn")?];
    let latin = [part("fnt")?, part("gnt")?];
    if at_home.iter().any(|name| !text::is_plain(name)) {
        return Err(Refusal::UnreadableName);
    }
    if latin.iter().any(|name| !name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'<')) {
        return Err(Refusal::UnreadableName);
    }
    let spoken = latin.map(|name| name.replace('<', " ")).join(" ");
    let says_nothing = |name: &str| name.trim().is_empty();
    match (says_nothing(&spoken), at_home.into_iter().all(says_nothing)) {
        (false, _) => Ok(mask::name(&spoken)),
        (true, true) => Err(Refusal::NoName),
        (true, false) => Err(Refusal::UnreadableName),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(parts: &[(&str, &str)]) -> Result<String, Refusal> {
        let entries = parts.iter().map(|(key, name)| ((*key).into(), (*name).into())).collect();
        masked(&Value::Map(entries))
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
    fn nobody_and_names_that_cannot_be_shown() {
        assert_eq!(of(&[]), Err(Refusal::NoName));
        assert_eq!(of(&[("fn", " "), ("fnt", ""), ("gnt", "<<")]), Err(Refusal::NoName));
        assert_eq!(of(&[("fn", "Ωμέγα")]), Err(Refusal::UnreadableName));
        assert_eq!(of(&[("fnt", "כהן")]), Err(Refusal::UnreadableName));
        assert_eq!(of(&[("fnt", "cohen")]), Err(Refusal::UnreadableName));
        assert_eq!(of(&[("fn", "a\u{202e}b"), ("fnt", "AB")]), Err(Refusal::UnreadableName));
        assert_eq!(masked(&"text".into()), Err(Refusal::BadClaims));
        let twice = Value::Map(vec![("fnt".into(), "A".into()), ("fnt".into(), "B".into())]);
        assert_eq!(masked(&twice), Err(Refusal::BadClaims));
    }
}
