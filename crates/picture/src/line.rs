//! One line for one thing, whatever strangers named or wrote.

use std::path::Path;

/// Escapes what would end a line, move a column, control a terminal or turn the line round.
#[must_use]
pub fn one_line(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{85}');
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || turns(c) { line.extend(c.escape_default()) } else { line.push(c) }
    }
    line
}

/// Returns a path in one line. Bytes that are no text show as U+FFFD.
#[must_use]
pub fn path_in_a_line(path: &Path) -> String {
    one_line(&path.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_never_ends_its_line() {
        assert_eq!(one_line("a\nb\tc\u{1b}[2J\u{202e}d 样例"), "a\\nb\\tc\\u{1b}[2J\\u{202e}d 样例");
        assert_eq!(path_in_a_line(Path::new("a\r.png")), "a\\r.png");
    }
}
