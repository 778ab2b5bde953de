//! Writing a folder of trust files so that a crash leaves a set that can be used.

use std::borrow::Cow;
use std::fs;
use std::io;
use std::path::Path;

use health_code::trust::bundle;
use health_code::{RootPin, TrustFiles};

use super::{COMMUNITY, LIST, PIN, POLICIES, REVOCATIONS, ROOT};
use crate::DiskError;
use crate::atomic::{self, Access, folder_of, sync, write_new};

/// Replaces a station's whole folder: a power cut leaves the old set or the new one, never a
/// mixture.
///
/// The new set, with its pin, is written into `DIR.new`; then `DIR` becomes `DIR.old`, `DIR.new`
/// becomes `DIR`, and `DIR.old` goes. [`recover`] ends a swap that was interrupted. One process at
/// a time may call it.
///
/// # Errors
/// [`DiskError`]; the old set is then in force, perhaps only after [`recover`].
pub fn swap(dir: &Path, files: &TrustFiles) -> Result<(), DiskError> {
    let (fresh, old) = (dir.with_extension("new"), dir.with_extension("old"));
    recover(dir)?;
    remove(&fresh)?;
    fs::create_dir(&fresh).map_err(|error| DiskError::new(&fresh, error))?;
    for (name, contents) in contents(files) {
        write_new(&fresh.join(name), &contents)?;
    }
    let pin = RootPin::of(&files.root).to_string();
    write_new(&fresh.join(PIN), pin.as_bytes())?;
    sync(&fresh)?;
    remove(&old)?;
    if dir.exists() {
        rename(dir, &old)?;
    }
    rename(&fresh, dir)?;
    sync(folder_of(dir))?;
    remove(&old)
}

/// Puts the old folder back where [`swap`] was interrupted between its two renames.
///
/// # Errors
/// [`DiskError`].
pub fn recover(dir: &Path) -> Result<(), DiskError> {
    let old = dir.with_extension("old");
    if !dir.exists() && old.exists() {
        rename(&old, dir)?;
    }
    Ok(())
}

/// Replaces the files in a folder that may hold others, one by one.
///
/// The revocations and policies come first, then the root, the list and the community. An interruption may
/// leave old files beside new ones: the list names the hash of its revocations and the epoch of its
/// root, so a reader refuses such a mixture, and writing again completes it.
///
/// # Errors
/// [`DiskError`] of the first file that cannot be written.
pub fn replace_each(dir: &Path, files: &TrustFiles, access: Access) -> Result<(), DiskError> {
    let write = |(name, contents): (&str, Cow<'_, [u8]>)| atomic::replace(&dir.join(name), &contents, access);
    contents(files).into_iter().try_for_each(write)
}

fn contents(files: &TrustFiles) -> [(&'static str, Cow<'_, [u8]>); 5] {
    [
        (REVOCATIONS, Cow::Borrowed(&*files.revocations)),
        (POLICIES, Cow::Owned(bundle(&files.policies))),
        (ROOT, Cow::Borrowed(&files.root)),
        (LIST, Cow::Borrowed(&files.list)),
        (COMMUNITY, Cow::Borrowed(&files.community)),
    ]
}

fn rename(from: &Path, to: &Path) -> Result<(), DiskError> {
    fs::rename(from, to).map_err(|error| DiskError::new(from, error))
}

fn remove(dir: &Path) -> Result<(), DiskError> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(DiskError::new(dir, error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trust_folder::{FILES, read, read_pin, root_step, root_steps};

    fn files(byte: u8) -> TrustFiles {
        let file = |more: u8| vec![byte, more];
        let policies = vec![file(5)];
        TrustFiles { root: file(1), list: file(2), community: file(3), revocations: file(4).into(), policies }
    }

    #[test]
    fn what_was_swapped_in_is_read_back_with_its_pin() {
        let parent = tempfile::tempdir().unwrap();
        let dir = parent.path().join("trust");
        for byte in [1, 2] {
            swap(&dir, &files(byte)).unwrap();
            assert_eq!(read(&dir).unwrap(), files(byte));
            assert_eq!(read_pin(&dir).unwrap(), RootPin::of(&files(byte).root));
        }
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 1);
        assert_eq!(fs::read_dir(&dir).unwrap().count(), FILES.len() + 1);
    }

    #[test]
    fn an_interrupted_swap_leaves_the_old_set() {
        let parent = tempfile::tempdir().unwrap();
        let dir = parent.path().join("trust");
        swap(&dir, &files(1)).unwrap();
        // Before the first rename.
        fs::create_dir(parent.path().join("trust.new")).unwrap();
        fs::write(parent.path().join("trust.new/root.cose"), b"half").unwrap();
        assert_eq!(read(&dir).unwrap(), files(1));
        // Between the two.
        fs::rename(&dir, parent.path().join("trust.old")).unwrap();
        recover(&dir).unwrap();
        assert_eq!(read(&dir).unwrap(), files(1));
        swap(&dir, &files(2)).unwrap();
        assert_eq!(read(&dir).unwrap(), files(2));
    }

    #[test]
    fn a_folder_of_links_or_without_a_file_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        replace_each(dir.path(), &files(1), Access::Everyone).unwrap();
        fs::rename(dir.path().join(LIST), dir.path().join("elsewhere")).unwrap();
        assert!(read(dir.path()).unwrap_err().is_not_found());
        std::os::unix::fs::symlink(dir.path().join("elsewhere"), dir.path().join(LIST)).unwrap();
        assert!(matches!(read(dir.path()), Err(DiskError::NotAFile { .. })));
    }

    #[test]
    fn policies_that_cannot_be_read_count_as_missing() {
        let dir = tempfile::tempdir().unwrap();
        replace_each(dir.path(), &files(1), Access::Everyone).unwrap();
        let path = dir.path().join(POLICIES);
        for damaged in [&b""[..], b"\x81", b"\x80\x00", b"\x81\x01"] {
            fs::write(&path, damaged).unwrap();
            assert_eq!(read(dir.path()).unwrap(), TrustFiles { policies: Vec::new(), ..files(1) });
        }
        fs::remove_file(&path).unwrap();
        assert_eq!(read(dir.path()).unwrap().policies, Vec::<Vec<u8>>::new());
    }

    #[test]
    fn a_damaged_pin_is_no_pin() {
        let dir = tempfile::tempdir().unwrap();
        for text in ["", "00", "no hash", &"0".repeat(65), &"g".repeat(64)] {
            fs::write(dir.path().join(PIN), text).unwrap();
            assert!(matches!(read_pin(dir.path()), Err(DiskError::Damaged { .. })), "{text}");
        }
        fs::write(dir.path().join(PIN), "AB".repeat(32) + "\n").unwrap();
        assert_eq!(read_pin(dir.path()).unwrap(), RootPin([0xab; 32]));
    }

    #[test]
    fn root_steps_end_at_the_first_gap() {
        let dir = tempfile::tempdir().unwrap();
        for version in [2, 3, 5] {
            fs::write(dir.path().join(root_step(version)), [0]).unwrap();
        }
        let versions = |after, most| {
            let steps = root_steps(dir.path(), after, most).unwrap();
            steps.into_iter().map(|(version, _)| version).collect::<Vec<_>>()
        };
        assert_eq!(versions(1, 9), [2, 3]);
        assert_eq!(versions(1, 1), [2]);
        assert_eq!(versions(3, 9), [0; 0]);
        assert_eq!(versions(u64::MAX, 9), [0; 0]);
    }
}
