//! Why somebody looks at a resident: one of the deployment's reasons, and a case or words.

use crate::config::Layout;
use crate::limits::{CASE_CHARS, LOOK_REASON_CHARS, LOOK_REASONS, LOOK_REASONS_BYTES, LOOK_WORDS};

/// The reasons of a deployment that has no list of its own.
const REASONS: [&str; 4] = ["investigation", "own-request", "correction", "other"];

/// A reason that will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// One of the deployment's.
    pub reason: String,
    /// The number of a case; may be empty.
    pub case: String,
    /// More; may be empty where there is a case.
    pub words: String,
}

impl Reason {
    /// Checks a reason.
    ///
    /// # Errors
    /// Fields, each with a code.
    pub fn of(
        (reason, case, words): (&str, &str, &str),
        reasons: &[String],
    ) -> Result<Self, Vec<(&'static str, &'static str)>> {
        let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (case, words) = (one_line(case), one_line(words));
        let mut fields = Vec::new();
        if !reasons.iter().any(|known| known == reason) {
            fields.push(("reason", "missing"));
        }
        let (case_chars, word_chars) = (case.chars().count(), words.chars().count());
        if case_chars > *CASE_CHARS.end() {
            fields.push(("case", "too-long"));
        } else if case_chars > 0 && case_chars < *CASE_CHARS.start() {
            fields.push(("case", "short-case"));
        }
        if word_chars > *LOOK_WORDS.end() {
            fields.push(("words", "too-long"));
        } else if case_chars == 0 && word_chars < *LOOK_WORDS.start() {
            fields.push(("words", "short-words"));
        }
        if fields.is_empty() { Ok(Self { reason: reason.to_owned(), case, words }) } else { Err(fields) }
    }

    /// Returns what the audit log says.
    #[must_use]
    pub fn line(&self) -> String {
        let parts = [&self.reason, &self.case, &self.words].map(String::as_str);
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    }
}

/// Returns the deployment's reasons, one a line of its file.
#[must_use]
pub(crate) fn reasons(layout: &Layout) -> Vec<String> {
    let text = disk::read_if_there(&layout.look_reasons(), LOOK_REASONS_BYTES).unwrap_or_else(|error| {
        tracing::warn!(%error, "the deployment's reasons for looks cannot be read");
        None
    });
    let text = String::from_utf8(text.unwrap_or_default()).unwrap_or_default();
    let fits = |line: &&str| !line.is_empty() && line.chars().count() <= LOOK_REASON_CHARS;
    let own: Vec<_> =
        text.lines().map(str::trim).filter(fits).take(LOOK_REASONS).map(str::to_owned).collect();
    if own.is_empty() { REASONS.map(str::to_owned).to_vec() } else { own }
}
