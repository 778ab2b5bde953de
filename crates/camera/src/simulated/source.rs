//! A folder of codes: `show.txt` names the one that is shown, `NAME.txt` holds its text.

use std::fs;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use crate::fault::CameraFault;
use crate::limits;

/// The folder.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn open(folder: &Path) -> Result<Self, CameraFault> {
        if !folder.is_dir() {
            return Err(CameraFault::NoSource);
        }
        Ok(Self(folder.to_owned()))
    }

    /// Reads the name and text of the code that is shown. `None` if nobody is there, or if a file is
    /// being replaced or holds no code.
    pub(super) fn read(&self) -> Result<Option<(String, String)>, CameraFault> {
        if !self.0.is_dir() {
            return Err(CameraFault::NoSource);
        }
        let Some(name) =
            self.file("show.txt").map(|text| text.trim().to_owned()).filter(|name| is_name(name))
        else {
            return Ok(None);
        };
        let text =
            self.file(&format!("{name}.txt")).map(|text| text.trim_end_matches(['\r', '\n']).to_owned());
        Ok(text.filter(|text| !text.is_empty()).map(|text| (name, text)))
    }

    fn file(&self, name: &str) -> Option<String> {
        let file = match fs::File::open(self.0.join(name)) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return None,
            Err(error) => {
                tracing::debug!(file = name, %error, "the simulated camera cannot read a file");
                return None;
            }
        };
        let mut text = String::new();
        file.take(limits::CODE_BYTES + 1).read_to_string(&mut text).ok()?;
        (text.len() as u64 <= limits::CODE_BYTES).then_some(text)
    }
}

/// Checks that the name is a plain file name, which cannot lead out of the folder.
fn is_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    !name.is_empty() && name.len() <= limits::NAME_BYTES && !name.starts_with('.') && name.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_read_again_as_it_changes() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let source = Folder::open(folder.path()).unwrap();
        assert_eq!(source.read().unwrap(), None);
        fs::write(at("green.txt"), "KD1:ONE\n").unwrap();
        fs::write(at("show.txt"), "green\n").unwrap();
        assert_eq!(source.read().unwrap(), Some(("green".to_owned(), "KD1:ONE".to_owned())));
        fs::write(at("green.txt"), "KD1:TWO").unwrap();
        assert_eq!(source.read().unwrap(), Some(("green".to_owned(), "KD1:TWO".to_owned())));
        for nobody in ["", "absent", "../green", "/etc/passwd", "a b"] {
            fs::write(at("show.txt"), nobody).unwrap();
            assert_eq!(source.read().unwrap(), None, "{nobody}");
        }
        fs::write(at("show.txt"), "green").unwrap();
        fs::write(at("green.txt"), "x".repeat(10_000)).unwrap();
        assert_eq!(source.read().unwrap(), None);
        assert!(Folder::open(&at("absent")).is_err());
    }
}
