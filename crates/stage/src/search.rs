//! A forensic search: every byte of every file, for what was scanned, in every usual encoding.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::problem::{Problem, Result, io};

/// Each form is looked up by so many of its first bytes. Shorter forms would be found by chance.
const HEAD: usize = 8;

/// Things to be found, each in all its forms.
#[derive(Default)]
pub struct Search {
    needles: Vec<Needle>,
    by_head: HashMap<[u8; HEAD], Vec<usize>>,
}

struct Needle {
    what: String,
    form: &'static str,
    bytes: Vec<u8>,
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Find {
    /// In which file.
    pub file: PathBuf,
    /// From which byte on; 0 where it is the file's name.
    pub at: usize,
    /// What.
    pub what: String,
    /// In which form.
    pub form: &'static str,
}

impl Search {
    /// Adds bytes to look for: as they are, in hex, in base64, and, where they are text, in UTF-16
    /// and with JSON's escapes.
    ///
    /// # Errors
    /// [`Problem::Unexpected`] where they are so few that they would be found by chance.
    pub fn add(&mut self, what: &str, bytes: &[u8]) -> Result<()> {
        if bytes.len() < HEAD {
            return Err(Problem::unexpected(what, "so short that it would be found by chance"));
        }
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        self.form(what, "hex", hex.to_uppercase().into_bytes());
        self.form(what, "hex", hex.into_bytes());
        for form in base64(bytes) {
            let url_safe = form.iter().map(|c| match c {
                b'+' => b'-',
                b'/' => b'_',
                other => *other,
            });
            self.form(what, "base64url", url_safe.collect());
            self.form(what, "base64", form);
        }
        if let Ok(text) = std::str::from_utf8(bytes) {
            self.form(what, "UTF-16LE", text.encode_utf16().flat_map(u16::to_le_bytes).collect());
            self.form(what, "UTF-16BE", text.encode_utf16().flat_map(u16::to_be_bytes).collect());
            let escaped: String = text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
            self.form(what, "JSON escapes", escaped.into_bytes());
        }
        self.form(what, "raw", bytes.to_vec());
        Ok(())
    }

    /// Searches every file below a folder, and the files' paths.
    ///
    /// # Errors
    /// [`Problem::Io`] where a file cannot be read.
    pub fn folder(&self, folder: &Path) -> Result<Vec<Find>> {
        let mut found = Vec::new();
        for file in files(folder)? {
            let name = file.as_os_str().as_encoded_bytes().to_vec();
            found.extend(self.bytes(&file, &name).into_iter().map(|find| Find { at: 0, ..find }));
            let bytes = std::fs::read(&file).map_err(io(file.display().to_string()))?;
            found.extend(self.bytes(&file, &bytes));
        }
        Ok(found)
    }

    /// Searches bytes that came from a file.
    #[must_use]
    pub fn bytes(&self, file: &Path, bytes: &[u8]) -> Vec<Find> {
        let mut found = Vec::new();
        for (at, rest) in (0..bytes.len()).filter_map(|at| Some((at, bytes.get(at..)?))) {
            let Some(head) = rest.first_chunk::<HEAD>() else { break };
            let Some(candidates) = self.by_head.get(head) else { continue };
            let here = candidates.iter().map(|index| &self.needles[*index]);
            let here = here.filter(|needle| rest.starts_with(&needle.bytes));
            found.extend(here.map(|needle| Find {
                file: file.to_owned(),
                at,
                what: needle.what.clone(),
                form: needle.form,
            }));
        }
        found
    }

    fn form(&mut self, what: &str, form: &'static str, bytes: Vec<u8>) {
        let Some(head) = bytes.first_chunk::<HEAD>() else { return };
        self.by_head.entry(*head).or_default().push(self.needles.len());
        self.needles.push(Needle { what: what.to_owned(), form, bytes });
    }
}

/// Returns every file below a folder, in order of their paths.
///
/// # Errors
/// [`Problem::Io`] where a folder cannot be read.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let unreadable = || io(folder.display().to_string());
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable())? {
        let path = entry.map_err(unreadable())?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Returns the base64 characters that depend on these bytes alone, for each of the three offsets at
/// which the bytes can begin inside a longer text.
fn base64(bytes: &[u8]) -> [Vec<u8>; 3] {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    [0, 1, 2].map(|before: usize| {
        let bits = (before + bytes.len()) * 8;
        let bit = |at: usize| {
            let byte = (at / 8).checked_sub(before).map_or(0, |index| bytes[index]);
            usize::from(byte >> (7 - at % 8) & 1)
        };
        // Only characters all of whose six bits are ours.
        (0..bits / 6)
            .filter(|character| character * 6 >= before * 8)
            .map(|character| ALPHABET[(0..6).fold(0, |value, at| value << 1 | bit(character * 6 + at))])
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_found_wherever_it_begins() {
        // "Man is distinguished" and with one and two bytes before it (RFC 4648's alphabet).
        let [zero, one, two] = base64(b"Man is distinguished");
        assert!(b"TWFuIGlzIGRpc3Rpbmd1aXNoZWQ=".starts_with(&zero));
        let after =
            |text: &str, form: &[u8]| text.as_bytes().windows(form.len()).any(|window| window == form);
        assert!(after("eE1hbiBpcyBkaXN0aW5ndWlzaGVk", &one), "xMan is distinguished");
        assert!(after("eHhNYW4gaXMgZGlzdGluZ3Vpc2hlZA==", &two), "xxMan is distinguished");
    }

    #[test]
    fn every_form_is_found_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let mut search = Search::default();
        search.add("name", "样例居民0001*".as_bytes()).unwrap();
        let file = folder.path().join("outbox.sqlite");
        std::fs::write(&file, vec![7; 4096]).unwrap();
        assert_eq!(search.folder(folder.path()).unwrap(), []);
        let planted: [(&str, Vec<u8>); 5] = [
            ("raw", "样例居民0001*".into()),
            ("hex", b"e6a0b7e4be8be5b185e6b091303030312a".to_vec()),
            ("base64", "5qC35L6L5bGF5rCRMDAwMSo=".into()),
            ("UTF-16LE", "样例居民0001*".encode_utf16().flat_map(u16::to_le_bytes).collect()),
            ("JSON escapes", br"\u6837\u4f8b\u5c45\u6c11\u0030\u0030\u0030\u0031\u002a".to_vec()),
        ];
        for (form, bytes) in planted {
            std::fs::write(&file, [vec![1; 1001], bytes, vec![2; 5000]].concat()).unwrap();
            let found = search.folder(folder.path()).unwrap();
            assert!(found.iter().any(|find| find.form == form && find.at >= 1000), "{form}: {found:?}");
        }
    }
}
