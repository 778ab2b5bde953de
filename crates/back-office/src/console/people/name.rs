//! Names of people.

use crate::limits::PERSON_NAME_CHARS;

/// Returns the characters that no name has. What is a formula to a table, markup to a page, or turns the
/// direction of writing is among them.
#[must_use]
pub fn bad_characters(name: &str) -> Vec<char> {
    let mut bad: Vec<char> = name.chars().filter(|char| !is_of_a_name(*char)).collect();
    bad.sort_unstable();
    bad.dedup();
    bad
}

/// Returns whether a text can be a name: letters, and what joins them.
#[must_use]
pub fn is_name(name: &str) -> bool {
    let ends = [name.chars().next(), name.chars().next_back()];
    ends.into_iter().all(|end| end.is_some_and(char::is_alphabetic))
        && (2..=PERSON_NAME_CHARS).contains(&name.chars().count())
        && name.chars().all(is_of_a_name)
}

fn is_of_a_name(char: char) -> bool {
    char.is_alphabetic() || " ·•‧.'’-".contains(char) || char == '〇'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_many_kinds_are_names_and_formulas_and_markup_are_not() {
        for good in ["样例甲", "阿依·样例", "Anna Sample", "O'Sample", "Jean-Paul Sample", "样〇例"]
        {
            assert!(is_name(good), "{good}");
        }
        for bad in [
            "",
            "样",
            "=1+1",
            "+样例",
            "-样例",
            "@样例",
            "<b>样例</b>",
            "样例\u{202e}甲",
            "样\u{200b}例",
            "样例08",
            "\u{7}样例",
            "样例甲;DROP",
            "\"样例\"",
            "·样例",
            "样例·",
        ] {
            assert!(!is_name(bad), "{bad}");
        }
        assert!(!is_name(&"样".repeat(PERSON_NAME_CHARS + 1)));
        assert_eq!(bad_characters("<b>样例</b>"), ['/', '<', '>']);
        assert_eq!(bad_characters("样例\u{202e}甲"), ['\u{202e}']);
    }
}
