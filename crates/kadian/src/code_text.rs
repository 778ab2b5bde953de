//! The text of a code as a command line gives it: as it is, in a file, a picture or on standard input.

use std::ffi::OsStr;
use std::io::Read as _;
use std::path::Path;

use health_code::family::PREFIXES;
use picture::{Contents, Problem as FileProblem, decode_text, path_in_a_line};

use crate::problem::Problem;
use crate::scan::{self, Scanned};

/// Longest standard input that is read. No QR code holds as much.
const INPUT_BYTES: u64 = 64 * 1024;

/// Reads `-` from standard input, a text with a known prefix as it is, and everything else from the file
/// of that name. Any other text comes by standard input: a mistyped path must not become a verdict.
pub fn read(code: &OsStr) -> Result<String, Problem> {
    if code == "-" {
        return from_input();
    }
    match code.to_str() {
        Some(text) if PREFIXES.iter().any(|prefix| text.starts_with(prefix)) => Ok(text.to_owned()),
        _ => from_file(Path::new(code)),
    }
}

fn from_input() -> Result<String, Problem> {
    let failed = |why: &dyn std::fmt::Display| Problem::usage(format!("standard input {why}"));
    let mut bytes = Vec::new();
    std::io::stdin()
        .take(INPUT_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| failed(&format!("could not be read: {error}")))?;
    if bytes.len() as u64 > INPUT_BYTES {
        return Err(failed(&"is longer than any code: name a picture by its path"));
    }
    match decode_text(&bytes) {
        Some(text) => Ok(one_line(&text)),
        None => Err(failed(&"holds no text: name a picture by its path")),
    }
}

fn from_file(path: &Path) -> Result<String, Problem> {
    let name = path_in_a_line(path);
    let pictures = match picture::open(path) {
        Ok(Contents::Text(text)) => return Ok(one_line(&text)),
        Ok(Contents::Pictures(pictures)) => pictures,
        Err(problem @ FileProblem::Missing) => {
            let hint =
                format!("a code's text begins with {}, any other is read from -", PREFIXES.join(" or "));
            return Err(Problem::usage(format!("{name}: {problem} ({hint})")));
        }
        Err(problem) => return Err(unreadable(&name, &problem)),
    };
    let mut seen = None;
    for picture in pictures {
        match scan::first(&picture.map_err(|problem| unreadable(&name, &problem))?) {
            Scanned::Text(text) => return Ok(text),
            other => seen = seen.or(other.hint()),
        }
    }
    Err(match seen {
        Some(hint) => {
            Problem::fault("code-unreadable", format!("{name}: a code is there and cannot be read: {hint}"))
        }
        None => Problem::fault("no-code", format!("{name}: no code is in the picture")),
    })
}

fn unreadable(name: &str, problem: &FileProblem) -> Problem {
    Problem::fault("picture-unreadable", format!("{name}: {problem}"))
}

/// Removes one end of line, which is not part of the text.
fn one_line(text: &str) -> String {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_begins_like_a_code_is_a_text() {
        for text in ["KD1:A.PNG", "HC1:/A/B.TXT", "KD1:"] {
            assert_eq!(read(OsStr::new(text)).unwrap(), text);
        }
        for path in
            ["green.png", "nosuch.webp", "/no/such/file", "./code", "hello", "https://code.example/", ""]
        {
            let problem = read(OsStr::new(path)).unwrap_err();
            assert_eq!(problem.fault, None, "{path}");
            assert!(problem.sentence.contains("there is no such file"), "{path}: {}", problem.sentence);
        }
    }

    #[test]
    fn what_is_no_picture_is_a_fault_with_a_sentence_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let said = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            let problem = read(path.as_os_str()).unwrap_err();
            assert_eq!(problem.fault, Some("picture-unreadable"), "{name}");
            problem.sentence
        };
        assert!(said("zero.png", b"").ends_with("it has no bytes"));
        assert!(said("zero.txt", b"").ends_with("it has no bytes"));
        assert!(said("page.png", b"<html><body>404</body></html>").contains("a web page (HTML)"));
        assert!(said("a.heic", b"\0\0\0\x1cftypheic\0\0\0\0").ends_with("a HEIC picture: save it as JPEG"));
        assert!(said("a.jpg", b"KD1:A").contains("holds text"));
        assert!(said("a\nb.png", b"").contains("a\\nb.png: "));
        let problem = read(folder.path().as_os_str()).unwrap_err();
        assert_eq!(problem.fault, Some("picture-unreadable"));
        assert!(problem.sentence.ends_with("this is a folder, not a file"));
    }

    #[test]
    fn a_text_file_is_read_as_editors_write_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("code.txt");
        let text = |bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            read(path.as_os_str()).unwrap()
        };
        assert_eq!(text(b"\xef\xbb\xbfKD1:A\r\n"), "KD1:A");
        assert_eq!(text(b"\xff\xfeK\0D\x001\0:\0A\0\r\0\n\0"), "KD1:A");
        assert_eq!(text(b"KD1:A\n\n"), "KD1:A\n", "one end of line and no more");
        assert_eq!(text(b" KD1:A"), " KD1:A");
        assert_eq!(text("您好".as_bytes()), "您好", "a text that is no code gets its verdict");
    }
}
