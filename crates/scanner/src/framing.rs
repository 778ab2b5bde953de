//! Cuts what a scanner sends into texts: any line ending, any prefix, or a pause.

use std::time::Duration;

use crate::limits::{LINE_BYTES, PREFIX_BYTES};

/// What codes begin with. A scanner's own prefix stands before it.
const BEGINNINGS: [&str; 3] = ["KD1:", "HC1:", "KDT1:"];
/// A text that begins like no code, so soon after one that a pause cut off, is the rest of that one.
const REST_WITHIN: Duration = Duration::from_secs(2);

/// What a scanner sent between two line endings or pauses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// A text, without what the scanner added. A code's letters are capitals.
    Text(String),
    /// A part of a text, or more than any code holds.
    Incomplete,
}

/// Cuts bytes into frames. It holds at most [`LINE_BYTES`].
#[derive(Debug)]
pub struct Framing {
    /// What the scanner is set to put before each text.
    prefix: String,
    /// A pause of this length ends a text.
    quiet: Duration,
    line: Vec<u8>,
    /// Bytes were lost, or were too many, since the last end.
    spoilt: bool,
    /// When the last byte came.
    last: Duration,
    /// When a pause cut off a code last.
    cut: Option<Duration>,
}

impl Framing {
    /// Makes a framing for a scanner that is set to put `prefix` before each text, and whose pauses within a
    /// text are shorter than `quiet`.
    #[must_use]
    pub fn new(prefix: &str, quiet: Duration) -> Self {
        let (line, last) = (Vec::new(), Duration::ZERO);
        Self { prefix: prefix.to_owned(), quiet, line, spoilt: false, last, cut: None }
    }

    /// Takes bytes that came at a moment, and returns what ended with them.
    pub fn take(&mut self, bytes: &[u8], now: Duration) -> Vec<Frame> {
        let mut frames = Vec::new();
        for &byte in bytes {
            self.last = now;
            if is_end(byte) {
                frames.extend(self.end(true, now));
            } else if self.line.len() < LINE_BYTES {
                self.line.push(byte);
            } else {
                self.spoilt = true;
            }
        }
        frames
    }

    /// Takes note of a moment at which nothing has come, and returns what a pause has ended.
    pub fn pass_time(&mut self, now: Duration) -> Option<Frame> {
        let is_over = self.deadline().is_some_and(|deadline| now >= deadline);
        if is_over { self.end(false, now) } else { None }
    }

    /// Returns when a pause ends what has come; `None` while nothing has.
    #[must_use]
    pub fn deadline(&self) -> Option<Duration> {
        (!self.line.is_empty() || self.spoilt).then(|| self.last.saturating_add(self.quiet))
    }

    /// Takes note that something was lost.
    pub fn spoil(&mut self, now: Duration) {
        (self.spoilt, self.last) = (true, now);
    }

    /// Returns how many bytes of a text have come.
    #[must_use]
    pub fn len(&self) -> usize {
        self.line.len()
    }

    /// Returns whether no text has begun.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.line.is_empty()
    }

    fn end(&mut self, by_line: bool, now: Duration) -> Option<Frame> {
        let line = std::mem::take(&mut self.line);
        if std::mem::take(&mut self.spoilt) {
            return Some(Frame::Incomplete);
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_matches(|char: char| char.is_control());
        let line = line.strip_prefix(self.prefix.as_str()).unwrap_or(line);
        if let Some(code) = code_in(line) {
            self.cut = (!by_line).then_some(now);
            return Some(Frame::Text(code.to_ascii_uppercase()));
        }
        let follows = !line.is_empty() && self.cut.is_some_and(|cut| now.saturating_sub(cut) <= REST_WITHIN);
        if follows {
            return Some(Frame::Incomplete);
        }
        let text = without_identifier(line);
        (!text.is_empty()).then(|| Frame::Text(text.to_owned()))
    }

    /// Takes note that the scanner is gone: a text that had begun is over.
    pub(crate) fn abandon(&mut self) -> Option<Frame> {
        let had_begun = self.spoilt || !self.line.is_empty();
        self.line.clear();
        self.spoilt = false;
        had_begun.then_some(Frame::Incomplete)
    }
}

/// Returns whether a byte ends a text: CR, LF, TAB, NUL, ETX or EOT.
fn is_end(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n' | b'\t' | 0 | 3 | 4)
}

/// Returns the code in a line, from its beginning on.
fn code_in(line: &str) -> Option<&str> {
    let begins = |text: &str| {
        BEGINNINGS.iter().any(|beginning| {
            text.get(..beginning.len()).is_some_and(|begun| begun.eq_ignore_ascii_case(beginning))
        })
    };
    let starts = line.char_indices().map(|(at, _)| at).take_while(|at| *at <= PREFIX_BYTES);
    starts.filter_map(|at| line.get(at..)).find(|text| begins(text))
}

/// Returns a line without an AIM identifier (ISO/IEC 15424): `]`, a letter and a digit or letter.
fn without_identifier(line: &str) -> &str {
    let mut chars = line.chars();
    let is_identifier = chars.next() == Some(']')
        && chars.next().is_some_and(|char| char.is_ascii_alphabetic())
        && chars.next().is_some_and(|char| char.is_ascii_alphanumeric());
    if is_identifier { chars.as_str() } else { line }
}

#[cfg(test)]
mod tests;
