//! Results of another program on the same views.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use super::photo_tables::Outcome;
use crate::clock::Took;
use crate::manifest::Expected;

/// What another program read.
pub(super) struct PeerFile {
    pub(super) name: String,
    views: HashMap<(String, u32), (Duration, Vec<String>)>,
}

impl PeerFile {
    /// Opens a file that is given as NAME=FILE.
    ///
    /// # Errors
    /// A sentence, if it cannot be read, or a line is malformed.
    pub(super) fn open(given: &str) -> Result<Self, String> {
        let (name, path) = given.split_once('=').ok_or_else(|| format!("{given} is not NAME=FILE"))?;
        let text = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
        let mut views = HashMap::new();
        for (at, line) in text.lines().enumerate() {
            let (place, result) =
                parse(line).ok_or_else(|| format!("{path}: line {} is malformed", at + 1))?;
            views.insert(place, result);
        }
        Ok(Self { name: name.to_owned(), views })
    }

    /// Returns what the program read of a view, and nothing for a view that it does not know.
    pub(super) fn outcome(&self, path: &Path, quarter: u32, expected: &Expected) -> Outcome {
        let known = self.views.get(&(path.to_string_lossy().into_owned(), quarter));
        let (took, texts) = known.map_or((Duration::ZERO, &[][..]), |(took, texts)| (*took, texts));
        Outcome { judged: expected.judge(texts), took: Took { cpu: took, wall: took } }
    }
}

type Line = ((String, u32), (Duration, Vec<String>));

fn parse(line: &str) -> Option<Line> {
    let mut fields = line.split('\t');
    let (path, quarter) = (fields.next()?.to_owned(), fields.next()?.parse().ok()?);
    let took = Duration::try_from_secs_f64(fields.next()?.parse::<f64>().ok()? / 1e3).ok()?;
    let texts = match fields.next()? {
        "" | "CRASH" => Vec::new(),
        texts => texts.split(',').map(text).collect::<Option<_>>()?,
    };
    Some(((path, quarter), (took, texts)))
}

fn text(hex: &str) -> Option<String> {
    let hex = hex.trim_end_matches('.').as_bytes();
    let (pairs, rest) = hex.as_chunks::<2>();
    let byte = |pair: &[u8; 2]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let bytes = pairs.iter().map(byte).collect::<Option<Vec<u8>>>()?;
    rest.is_empty().then(|| String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_view() {
        let ((path, quarter), (took, texts)) = parse("a/b.jpg\t3\t1.5\t6869.,.").unwrap();
        assert_eq!((path.as_str(), quarter, took), ("a/b.jpg", 3, Duration::from_micros(1500)));
        assert_eq!(texts, ["hi", ""]);
        assert!(parse("a\t0\t0\tCRASH").unwrap().1.1.is_empty());
        assert!(parse("a\t0\t0\t").unwrap().1.1.is_empty());
        for malformed in ["", "a\tx\t1\t", "a\t0\t-1\t", "a\t0\t1", "a\t0\t1\t6.", "a\t0\t1\tzz."] {
            assert!(parse(malformed).is_none(), "{malformed}");
        }
    }
}
