//! Writes results into a page, between two marks.

use std::fs;
use std::path::Path;

/// Replaces the text between `<!-- NAME -->` and `<!-- /NAME -->` in a page.
pub(crate) fn put(page: &Path, name: &str, text: &str) -> Result<(), String> {
    let said = |error: std::io::Error| format!("{}: {error}", page.display());
    let before = fs::read_to_string(page).map_err(said)?;
    let after = between(&before, name, text)
        .ok_or_else(|| format!("{} has no place marked {name}", page.display()))?;
    if after == before { Ok(()) } else { fs::write(page, after).map_err(said) }
}

fn between(page: &str, name: &str, text: &str) -> Option<String> {
    let (opening, closing) = (format!("<!-- {name} -->"), format!("<!-- /{name} -->"));
    let start = page.find(&opening)? + opening.len();
    let end = start + page[start..].find(&closing)?;
    Some(format!("{}\n{}\n{}", &page[..start], text.trim_end(), &page[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_between_the_marks_changes() {
        let page = "before\n<!-- a -->\nold\n<!-- /a -->\nafter <!-- b -->";
        let after = between(page, "a", "new\n").unwrap();
        assert_eq!(after, "before\n<!-- a -->\nnew\n<!-- /a -->\nafter <!-- b -->");
        assert_eq!(between(&after, "a", "new").unwrap(), after);
        assert_eq!(between(page, "b", "x"), None);
    }
}
