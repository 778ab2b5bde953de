//! The text of a code as a command line gives it: as it is, in a file, a picture or on standard input.

use std::ffi::OsStr;
use std::io::Read as _;
use std::path::Path;
use std::time::Duration;

use code_reader::{GreyFrame, Reader, Sighting};

use crate::files;
use crate::problem::Problem;

/// Longest standard input that is read. No QR code holds as much.
const INPUT_BYTES: u64 = 64 * 1024;
/// Longest picture file that is opened.
const PICTURE_BYTES: u64 = 64 * 1024 * 1024;
/// Longest side at which a picture is read, in pixels.
const PICTURE_SIDE: usize = 1280;
/// Time for reading one picture: more than a camera's frame gets.
const PICTURE_TIME: Duration = Duration::from_secs(2);

/// Extensions of files that people name where a code is wanted.
const EXTENSIONS: [&str; 14] =
    ["png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff", "heic", "pdf", "txt", "json", "cose", "html"];

/// Reads `-` from standard input, a file by its path, and takes everything else as the text itself.
pub fn read(code: &OsStr) -> Result<String, Problem> {
    if code == "-" {
        let mut bytes = Vec::new();
        std::io::stdin()
            .take(INPUT_BYTES)
            .read_to_end(&mut bytes)
            .map_err(|error| Problem::usage(format!("standard input could not be read: {error}")))?;
        return Ok(one_line(&bytes));
    }
    let path = Path::new(code);
    let text = code.to_string_lossy();
    if health_code::family::PREFIXES.iter().any(|prefix| text.starts_with(prefix)) {
        return Ok(text.into_owned());
    }
    // A text that is too long for a path counts as one that does not exist.
    let exists = path.try_exists().unwrap_or(false);
    if !exists && names_a_file(path) {
        return Err(Problem::usage(format!("there is no file {}", path.display())));
    }
    if !exists {
        return Ok(text.into_owned());
    }
    let bytes = files::read(path, PICTURE_BYTES)
        .map_err(|sentence| Problem::fault("picture-unreadable", sentence))?;
    if image::guess_format(&bytes).is_err() {
        return Ok(one_line(&bytes));
    }
    text_in_picture(&bytes)
}

/// Tells a path from the text of some QR code, where no such file exists.
fn names_a_file(path: &Path) -> bool {
    let extension = path.extension().and_then(OsStr::to_str).unwrap_or_default();
    let is_url = path.to_string_lossy().contains("://");
    let is_known = EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known));
    !is_url && (is_known || path.is_absolute() || path.starts_with(".") || path.starts_with(".."))
}

/// Removes one end of line, which is not part of the text.
fn one_line(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let text = text.strip_suffix('\n').unwrap_or(&text);
    text.strip_suffix('\r').unwrap_or(text).to_owned()
}

fn text_in_picture(bytes: &[u8]) -> Result<String, Problem> {
    let unreadable = |error: &dyn std::fmt::Display| {
        Problem::fault("picture-unreadable", format!("the picture cannot be opened: {error}"))
    };
    let picture = image::load_from_memory(bytes).map_err(|error| unreadable(&error))?;
    let frame = GreyFrame::from_image(&picture).map_err(|error| unreadable(&error))?;
    let mut reader = Reader::new().with_budget(PICTURE_TIME);
    match reader.read(&frame.shrunk(PICTURE_SIDE)) {
        Sighting::Code(code) => Ok(code.text.into_string()),
        Sighting::Unreadable { hint, .. } => Err(Problem::fault(
            "code-unreadable",
            format!("a code is there and cannot be read: {}", hint.code()),
        )),
        Sighting::Nothing => Err(Problem::fault("no-code", "no code is in the picture".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_is_told_from_a_text() {
        for path in ["green.png", "codes/GREEN.JPG", "code.txt", "/no/such/file", "./code", "../code"] {
            assert!(read(OsStr::new(path)).is_err(), "{path}");
        }
        for text in ["hello", "KD1:A.PNG", "HC1:/A/B.TXT", "https://code.example/a.png", "a b/c", ""] {
            assert_eq!(read(OsStr::new(text)).unwrap(), text);
        }
        assert!(read(std::env::temp_dir().as_os_str()).is_err(), "a folder");
    }

    #[test]
    fn one_end_of_line_is_left_out_and_no_more() {
        assert_eq!(one_line(b"KD1:A\r\n"), "KD1:A");
        assert_eq!(one_line(b"KD1:A\n\n"), "KD1:A\n");
        assert_eq!(one_line(b" KD1:A"), " KD1:A");
        assert_eq!(one_line(b"\xff"), "\u{fffd}");
    }
}
