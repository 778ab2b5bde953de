//! Files as the command's arguments name them. Errors are sentences; missing folders are made.

use std::fs;
use std::path::Path;

pub use disk::Access;

/// Replaces a file whole, as [`disk::replace`] does, and makes the folders above it.
pub fn write(path: &Path, bytes: &[u8], access: Access) -> Result<(), String> {
    let said = |error: &dyn std::fmt::Display| format!("{} could not be written: {error}", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| said(&error))?;
    }
    disk::replace(path, bytes, access).map_err(|error| said(&error))
}

/// Reads a regular file of at most `limit` bytes. Whoever names a link means the file behind it.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, String> {
    let behind = path.canonicalize().map_err(|error| format!("{}: {error}", path.display()))?;
    disk::read(&behind, limit).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_replaced_whole_and_keys_are_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b.key");
        write(&path, b"one", Access::Owner).unwrap();
        write(&path, b"two", Access::Owner).unwrap();
        assert_eq!(read(&path, 3).unwrap(), b"two");
        assert!(read(&path, 2).is_err());
        assert_eq!(fs::read_dir(folder.path().join("a")).unwrap().count(), 1, "nothing is left beside it");
    }
}
