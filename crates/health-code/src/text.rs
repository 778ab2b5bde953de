//! Which text from outside may reach a screen.

/// Returns whether every character of `text` is itself when shown: no control, no invisible one, none
/// that changes the direction of the rest (bidi), no line or paragraph break.
pub(crate) fn is_plain(text: &str) -> bool {
    !text.chars().any(|c| {
        c.is_control()
            || matches!(c,
                '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
                | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
    })
}

/// Returns whether a text overrides or embeds a direction. Marks alone (LRM, RLM, ALM) do not: names of
/// people who write from right to left have them.
pub(crate) fn turns_the_line(text: &str) -> bool {
    text.contains(|c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
}

/// Returns whether a text is plain and not blank.
pub(crate) fn is_label(text: &str) -> bool {
    !text.trim().is_empty() && is_plain(text)
}

/// Returns whether a text is empty or a web address in ASCII, which may be shown as a QR code.
pub(crate) fn is_address(text: &str) -> bool {
    let web = text.starts_with("https://") || text.starts_with("http://");
    text.is_empty() || (web && text.bytes().all(|byte| byte.is_ascii_graphic()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_deceives_the_eye_is_not_plain() {
        for good in ["张*", "A*********", "样例社区 · 东门", "Ωμέγα*", "José"] {
            assert!(is_label(good), "{good}");
        }
        for bad in
            ["", " ", "a\u{202e}b", "a\nb", "a\u{200b}", "\u{feff}x", "a\u{2028}b", "\u{7f}", "\u{2067}a"]
        {
            assert!(!is_label(bad), "{bad:?}");
        }
    }

    #[test]
    fn addresses_are_web_addresses() {
        assert!(is_address("") && is_address("https://code.example/declare?x=1"));
        for bad in ["javascript:alert(1)", "https://a b", "https://例", "ftp://x", "x"] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
