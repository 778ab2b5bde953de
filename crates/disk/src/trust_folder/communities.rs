//! The files of more communities than one: `communities/<12 digits>.cose` beside `community.cose`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use health_code::Region;

use super::COMMUNITIES;
use crate::{DiskError, bounded};

/// Most communities in a folder; more are left out, those with the highest codes.
pub const MOST_COMMUNITIES: usize = 1024;
/// Longest file of one community: 1024 people and 1024 checkpoints need less.
const COMMUNITY_BYTES: u64 = 1 << 20;
const EXTENSION: &str = "cose";

/// Returns the path of a community's file in a folder of trust files.
#[must_use]
pub fn community_path(dir: &Path, community: &Region) -> PathBuf {
    dir.join(COMMUNITIES).join(format!("{community}.{EXTENSION}"))
}

/// Lists the communities whose files lie in `communities/`, ascending. What has another name is left out,
/// and nothing beyond that folder is looked at.
///
/// # Errors
/// [`DiskError`] where the folder is there and cannot be listed.
pub fn community_names(dir: &Path) -> Result<Vec<Region>, DiskError> {
    let folder = dir.join(COMMUNITIES);
    let entries = match fs::read_dir(&folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(|error| DiskError::new(&folder, error))?,
    };
    let mut names = Vec::new();
    // Twice as many, so that a few strangers keep out nothing.
    for entry in entries.take(2 * MOST_COMMUNITIES) {
        let name = entry.map_err(|error| DiskError::new(&folder, error))?.file_name();
        let name = name.to_str().and_then(|name| name.strip_suffix(EXTENSION)?.strip_suffix('.'));
        let region = name.and_then(|name| name.parse::<Region>().ok());
        names.extend(region.filter(|region| region.as_str().len() == 12));
    }
    names.sort_unstable();
    names.truncate(MOST_COMMUNITIES);
    Ok(names)
}

/// Reads the files of `communities/`, unverified, ascending by the codes in their names.
///
/// # Errors
/// [`DiskError`] of the first that cannot be read.
pub fn read_communities(dir: &Path) -> Result<Vec<(Region, Vec<u8>)>, DiskError> {
    let read = |community: Region| {
        let file = bounded::read(&community_path(dir, &community), COMMUNITY_BYTES)?;
        Ok((community, file))
    };
    community_names(dir)?.into_iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_with_twelve_digits_are_read_and_others_are_left() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(read_communities(dir.path()).unwrap(), []);
        let folder = dir.path().join(COMMUNITIES);
        fs::create_dir(&folder).unwrap();
        for name in ["420106001002.cose", "420106001001.cose", "420106001.cose", ".cose", "x", "1.cose"] {
            fs::write(folder.join(name), name).unwrap();
        }
        let region = |digits: &str| digits.parse::<Region>().unwrap();
        let read = read_communities(dir.path()).unwrap();
        let expected = ["420106001001", "420106001002"]
            .map(|digits| (region(digits), format!("{digits}.cose").into_bytes()));
        assert_eq!(read, expected);
        assert_eq!(fs::read(community_path(dir.path(), &read[0].0)).unwrap(), read[0].1);
    }

    #[test]
    fn a_link_or_a_file_that_is_too_long_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join(COMMUNITIES)).unwrap();
        let region: Region = "420106001001".parse().unwrap();
        let path = community_path(dir.path(), &region);
        fs::write(&path, vec![0; (1 << 20) + 1]).unwrap();
        assert!(matches!(read_communities(dir.path()), Err(DiskError::TooLarge { .. })));
        fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink("/etc/passwd", &path).unwrap();
        assert!(matches!(read_communities(dir.path()), Err(DiskError::NotAFile { .. })));
    }
}
