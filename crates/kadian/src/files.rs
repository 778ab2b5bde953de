//! Reads files that the command's arguments name. An error is a sentence for the person.

use std::path::Path;

/// Reads a regular file of at most `limit` bytes. Whoever names a link means the file behind it.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, String> {
    let behind = path.canonicalize().map_err(|error| format!("{}: {error}", path.display()))?;
    disk::read(&behind, limit).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_its_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("code.txt");
        std::fs::write(&path, b"two").unwrap();
        assert_eq!(read(&path, 3).unwrap(), b"two");
        assert!(read(&path, 2).is_err());
    }
}
