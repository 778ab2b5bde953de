//! Names and sentences that people wrote and people read.

/// Returns whether a text is there and holds no control characters.
pub(crate) fn is_label(text: &str) -> bool {
    !text.trim().is_empty() && !text.chars().any(char::is_control)
}
