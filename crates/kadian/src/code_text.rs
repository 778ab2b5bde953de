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
    let prefixed =
        health_code::family::PREFIXES.iter().any(|prefix| code.to_string_lossy().starts_with(prefix));
    if prefixed || !path.is_file() {
        return match path.extension().and_then(|extension| extension.to_str()) {
            Some("png" | "jpg" | "jpeg" | "PNG" | "JPG" | "JPEG") if !path.is_file() => {
                Err(Problem::usage(format!("there is no picture {}", path.display())))
            }
            _ => Ok(code.to_string_lossy().into_owned()),
        };
    }
    let bytes = files::read(path, PICTURE_BYTES)
        .map_err(|sentence| Problem::fault("picture-unreadable", sentence))?;
    if image::guess_format(&bytes).is_err() {
        return Ok(one_line(&bytes));
    }
    text_in_picture(&bytes)
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
    fn one_end_of_line_is_left_out_and_no_more() {
        assert_eq!(one_line(b"KD1:A\r\n"), "KD1:A");
        assert_eq!(one_line(b"KD1:A\n\n"), "KD1:A\n");
        assert_eq!(one_line(b" KD1:A"), " KD1:A");
        assert_eq!(one_line(b"\xff"), "\u{fffd}");
    }
}
