//! Finds picture files, and opens them within bounds.

use std::fs;
use std::io::{Cursor, Read as _};
use std::path::{Path, PathBuf};

use code_reader::{GreyFrame, limits};

/// Largest picture file in bytes.
const FILE_BYTES: u64 = 64 * 1024 * 1024;
/// Most memory that decoding one picture may take.
const DECODED_BYTES: u64 = 512 * 1024 * 1024;
/// Deepest nesting of folders.
const DEPTH: usize = 16;
const ENDINGS: [&str; 3] = ["png", "jpg", "jpeg"];

/// Opens a picture file (PNG or JPEG) as a grey frame.
///
/// # Errors
/// A sentence that says what is wrong with the file.
pub(crate) fn open(path: &Path) -> Result<GreyFrame, String> {
    let bytes = bounded(path, FILE_BYTES)?;
    let mut reader = image::ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|error| error.to_string())?;
    if reader.format().is_none() {
        return Err("this is neither a PNG nor a JPEG picture".to_owned());
    }
    let mut bounds = image::Limits::default();
    bounds.max_image_width = u32::try_from(limits::FRAME_SIDE).ok();
    bounds.max_image_height = u32::try_from(limits::FRAME_SIDE).ok();
    bounds.max_alloc = Some(DECODED_BYTES);
    reader.limits(bounds);
    let picture = reader.decode().map_err(|error| format!("the picture cannot be decoded: {error}"))?;
    GreyFrame::from_image(&picture).map_err(|error| error.to_string())
}

/// Reads a file of at most `most` bytes.
pub(crate) fn bounded(path: &Path, most: u64) -> Result<Vec<u8>, String> {
    // Before it is opened: opening a FIFO waits for a writer.
    if !fs::metadata(path).map_err(|error| error.to_string())?.is_file() {
        return Err("this is not a file".to_owned());
    }
    let file = fs::File::open(path).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > most {
        return Err(format!("the file is larger than {} MiB", most / (1024 * 1024)));
    }
    Ok(bytes)
}

/// Returns the files among `paths`, and the pictures in the folders among them, sorted by name within a
/// folder.
///
/// # Errors
/// A sentence, if one does not exist or cannot be listed.
pub(crate) fn find(paths: &[PathBuf]) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    for path in paths {
        let kind = fs::metadata(path).map_err(|error| format!("{}: {error}", path.display()))?;
        if kind.is_dir() {
            walk(path, DEPTH, &mut found)?;
        } else {
            found.push(path.clone());
        }
    }
    Ok(found)
}

fn walk(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut entries = fs::read_dir(folder).map_err(failed)?.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (path, kind) = (entry.path(), entry.file_type().map_err(failed)?);
        if kind.is_dir() && depth > 0 {
            walk(&path, depth - 1, found)?;
        } else if kind.is_file() && is_picture(&path) {
            found.push(path);
        }
    }
    Ok(())
}

fn is_picture(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known))
}
