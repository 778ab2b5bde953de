//! Writing files so that an interruption leaves the old one or the new one, never half of one.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;

/// Who may read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Public,
    /// The owner only (mode 600).
    Private,
}

/// Writes a file whole: beside its place, then renamed over it. Missing folders are made.
pub fn write(path: &Path, bytes: &[u8], access: Access) -> Result<(), String> {
    let said = |error: std::io::Error| format!("{} could not be written: {error}", path.display());
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    fs::create_dir_all(folder).map_err(said)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let temporary = folder.join(format!(".{name}.{}.tmp", std::process::id()));
    let written = write_new(&temporary, bytes, access).and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        // The first error is the one to tell; what was begun is of no use.
        let _ = fs::remove_file(&temporary);
    }
    written.map_err(said)
}

fn write_new(path: &Path, bytes: &[u8], access: Access) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(if access == Access::Private { 0o600 } else { 0o644 });
    }
    #[cfg(not(unix))]
    let _ = access;
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Reads a file of at most `limit` bytes.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, String> {
    use std::io::Read as _;
    let said = |error: std::io::Error| format!("{} could not be read: {error}", path.display());
    let mut bytes = Vec::new();
    fs::File::open(path).map_err(said)?.take(limit + 1).read_to_end(&mut bytes).map_err(said)?;
    if bytes.len() as u64 > limit {
        return Err(format!("{} is longer than {limit} bytes", path.display()));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_replaced_whole_and_keys_are_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b.key");
        write(&path, b"one", Access::Private).unwrap();
        write(&path, b"two", Access::Private).unwrap();
        assert_eq!(read(&path, 3).unwrap(), b"two");
        assert!(read(&path, 2).is_err());
        assert_eq!(fs::read_dir(folder.path().join("a")).unwrap().count(), 1, "nothing is left beside it");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
