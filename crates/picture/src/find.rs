//! Finds the files that paths name.

use std::fs;
use std::path::{Path, PathBuf};

use crate::limits::{DEPTH, PICTURES};
use crate::problem::Problem;

/// Endings of pictures, as people name files.
const ENDINGS: [&str; 14] =
    ["png", "jpg", "jpeg", "jpe", "jfif", "webp", "gif", "bmp", "tif", "tiff", "heic", "heif", "avif", "pdf"];

/// A file to open, or why a path names none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The path as it was given, or the one found in a folder.
    pub path: PathBuf,
    /// Why there is nothing to open.
    pub problem: Option<Problem>,
}

/// Returns the files among paths, and the pictures in the folders among them, sorted by name within a
/// folder. A path that names none stands in its place with the reason, and those after it are looked at
/// all the same.
#[must_use]
pub fn find(paths: &[PathBuf]) -> Vec<Named> {
    let mut found = Vec::new();
    for path in paths {
        match fs::metadata(path) {
            Err(error) => found.push(Named::not(path, error.into())),
            Ok(metadata) if metadata.is_dir() => {
                let before = found.len();
                walk(path, DEPTH, &mut found);
                if found.len() == before {
                    found.push(Named::not(path, Problem::OtherFile("no picture is in this folder")));
                }
            }
            Ok(_) => found.push(Named { path: path.clone(), problem: None }),
        }
    }
    found
}

impl Named {
    fn not(path: &Path, problem: Problem) -> Self {
        Self { path: path.to_owned(), problem: Some(problem) }
    }
}

/// Returns whether a name promises a picture.
pub(crate) fn is_named_picture(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known))
}

fn walk(folder: &Path, depth: usize, found: &mut Vec<Named>) {
    let listed = fs::read_dir(folder).and_then(|entries| entries.collect::<Result<Vec<_>, _>>());
    let mut entries = match listed {
        Ok(entries) => entries,
        Err(error) => return found.push(Named::not(folder, error.into())),
    };
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && depth > 0 => walk(&path, depth - 1, found),
            Ok(kind) if kind.is_file() && is_named_picture(&path) && found.len() < PICTURES => {
                found.push(Named { path, problem: None });
            }
            Ok(_) => {}
            Err(error) => found.push(Named::not(&path, error.into())),
        }
    }
}
