//! Manifests: which texts the pictures of a set contain.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::picture;

/// Longest manifest in bytes.
const MANIFEST_BYTES: u64 = 64 * 1024 * 1024;

/// Hashes of the texts that are right for a picture. Empty if it contains no code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Expected(HashSet<[u8; 32]>);

/// Pictures and their texts, in the file's order.
#[derive(Debug)]
pub(crate) struct Manifest {
    rows: Vec<(PathBuf, Expected)>,
}

impl Expected {
    fn parse(field: &str) -> Option<Self> {
        if field == "-" {
            return Some(Self(HashSet::new()));
        }
        field.strip_prefix("any-of:").unwrap_or(field).split(',').map(hash).collect::<Option<_>>().map(Self)
    }

    /// Returns whether the picture contains a code.
    pub(crate) fn has_code(&self) -> bool {
        !self.0.is_empty()
    }

    /// Compares the texts that were read. A single unexpected text makes the result wrong.
    pub(crate) fn judge(&self, texts: &[String]) -> Judged {
        let is_right = |text: &String| self.0.contains::<[u8; 32]>(&Sha256::digest(text).into());
        match texts {
            [] if self.has_code() => Judged::Missed,
            [] => Judged::RightlyNothing,
            texts if texts.iter().all(is_right) => Judged::Read,
            _ => Judged::Wrong,
        }
    }
}

/// How the texts that were read compare with the expected ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Judged {
    /// The right text was read.
    Read,
    /// A code was not read.
    Missed,
    /// A text was read that the picture does not contain.
    Wrong,
    /// The picture contains no code, and none was read.
    RightlyNothing,
}

impl Judged {
    /// Returns one word.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Missed => "missed",
            Self::Wrong => "wrong",
            Self::RightlyNothing => "nothing",
        }
    }
}

fn hash(hex: &str) -> Option<[u8; 32]> {
    if hex.len() != 64 || !hex.is_ascii() {
        return None;
    }
    let mut bytes = [0; 32];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(hex.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}

impl Manifest {
    /// Opens a manifest: tab-separated, with one header line. A line is a path relative to the file, then
    /// the SHA-256 of the text's UTF-8 bytes, or `any-of:` and several with commas between, or `-`.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the file.
    pub(crate) fn open(path: &Path) -> Result<Self, String> {
        let text = picture::bounded(path, MANIFEST_BYTES)
            .and_then(|bytes| String::from_utf8(bytes).map_err(|_| "the manifest is not UTF-8".to_owned()));
        let text = text.map_err(|message| format!("{}: {message}", path.display()))?;
        Self::parse(&text, path.parent().unwrap_or(Path::new("")))
            .map_err(|line| format!("{}: line {line} is not `path<TAB>hash`", path.display()))
    }

    /// Parses a manifest. On failure, returns the number of the wrong line.
    fn parse(text: &str, root: &Path) -> Result<Self, usize> {
        let mut rows = Vec::new();
        for (at, line) in text.lines().enumerate().skip(1).filter(|(_, line)| !line.trim().is_empty()) {
            let mut fields = line.split('\t');
            let (Some(path), Some(expected)) =
                (fields.next(), fields.next().and_then(|f| Expected::parse(f.trim())))
            else {
                return Err(at + 1);
            };
            rows.push((root.join(path), expected));
        }
        Ok(Self { rows })
    }

    /// Returns the listed pictures that are among `paths`, or all if `paths` is empty.
    ///
    /// # Errors
    /// A sentence, if one of `paths` does not exist.
    pub(crate) fn among(self, paths: &[PathBuf]) -> Result<Vec<(PathBuf, Option<Expected>)>, String> {
        let expected = |(path, expected)| (path, Some(expected));
        if paths.is_empty() {
            return Ok(self.rows.into_iter().map(expected).collect());
        }
        let full = |path: &Path| path.canonicalize().map_err(|error| format!("{}: {error}", path.display()));
        let roots = paths.iter().map(|path| full(path)).collect::<Result<Vec<_>, _>>()?;
        // A listed picture that does not exist stays in, so that it is counted as missed.
        let wanted =
            |path: &Path| full(path).map_or(true, |path| roots.iter().any(|root| path.starts_with(root)));
        Ok(self.rows.into_iter().filter(|(path, _)| wanted(path)).map(expected).collect())
    }
}

impl Manifest {
    #[cfg(test)]
    fn by_name(&self) -> std::collections::HashMap<&Path, &Expected> {
        self.rows.iter().map(|(path, expected)| (path.as_path(), expected)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_says_what_is_right() {
        let hello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
        let zero = "0".repeat(64);
        let text =
            format!("path\thash\na.png\t{hello}\tmore\tcolumns\nb.jpg\tany-of:{zero},{hello}\n\nc.png\t-\n");
        let manifest = Manifest::parse(&text, Path::new("set")).unwrap();
        let rows = manifest.by_name();
        assert_eq!(rows.len(), 3);
        let judge = |name: &str, texts: &[&str]| {
            let texts: Vec<String> = texts.iter().map(|&text| text.to_owned()).collect();
            rows[Path::new("set").join(name).as_path()].judge(&texts).word()
        };
        assert_eq!(judge("a.png", &["hello"]), "read");
        assert_eq!(judge("a.png", &["hullo"]), "wrong");
        assert_eq!(judge("a.png", &["hello", "hullo"]), "wrong");
        assert_eq!(judge("a.png", &[]), "missed");
        assert_eq!(judge("b.jpg", &["hello"]), "read");
        assert_eq!(judge("c.png", &["hello"]), "wrong");
        assert_eq!(judge("c.png", &[]), "nothing");
        assert_eq!(Manifest::parse("h\na.png\tabc", Path::new("")).unwrap_err(), 2);
    }
}
