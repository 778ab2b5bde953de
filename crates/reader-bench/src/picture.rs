//! Opens picture files within bounds.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use code_reader::GreyFrame;

/// Opens a picture file as a grey frame; of a PDF the first page.
///
/// # Errors
/// A sentence that says what is wrong with the file.
pub(crate) fn open(path: &Path) -> Result<GreyFrame, String> {
    let mut pictures = picture::pictures(path).map_err(|problem| problem.to_string())?;
    let first = pictures.next().unwrap_or(Err(picture::Problem::NoPages));
    first.map_err(|problem| problem.to_string())
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
