//! A folder of vectors: what lies in it, whether it is what the code writes, and writing it.
//!
//! `wire` includes this file, too.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Files by their path under `testdata/`.
pub type Tree = BTreeMap<String, Vec<u8>>;

/// `testdata/` of the crate that is tested.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata")
}

/// What lies in the folder.
pub fn stored() -> Tree {
    let list = |folder: &Path| -> Vec<PathBuf> {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
    };
    let mut files = list(&folder());
    while let Some(at) = files.iter().position(|path| path.is_dir()) {
        let inside = list(&files.swap_remove(at));
        files.extend(inside);
    }
    let name = |path: &Path| path.strip_prefix(folder()).unwrap().to_string_lossy().into_owned();
    files.iter().map(|path| (name(path), fs::read(path).unwrap())).collect()
}

/// Fails where the folder is not, byte for byte, what was made.
pub fn assert_stored(made: &Tree) {
    let stored = stored();
    let names = |tree: &Tree| tree.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&stored), names(made));
    for (path, bytes) in made {
        assert!(stored[path] == *bytes, "{path} is another one");
    }
}

/// Fails where a page of `docs/` does not show these files in hex.
pub fn assert_shown(page: &str, files: &[&str]) {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(page);
    let page: String = fs::read_to_string(page).unwrap().split_whitespace().collect();
    for name in files {
        assert!(page.contains(&strict_cose::hex::encode(&stored()[*name])), "{name}");
    }
}

/// Puts what was made in the folder's place.
pub fn write(made: &Tree) {
    // It is not there the first time.
    let _ = fs::remove_dir_all(folder());
    for (path, bytes) in made {
        let path = folder().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}
