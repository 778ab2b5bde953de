//! What a file is, by its bytes alone: names lie.

use image::ImageFormat;

use crate::problem::Problem;
use crate::text;

/// What a file is.
#[derive(Debug, PartialEq)]
pub(crate) enum Kind {
    Raster(ImageFormat),
    Pdf,
    Text(String),
}

/// Bytes from the beginning in which a PDF may have its mark, as its readers take it.
const PDF_MARK_WITHIN: usize = 1024;
/// Bytes of a text in which its first tag stands.
const TAG_WITHIN: usize = 1024;

/// Tells what a file is.
///
/// # Errors
/// A [`Problem`] that names what it is, where nothing here reads it.
pub(crate) fn of(bytes: &[u8]) -> Result<Kind, Problem> {
    if bytes.is_empty() {
        return Err(Problem::Empty);
    }
    if let Some(format) = raster(bytes) {
        return Ok(Kind::Raster(format));
    }
    let head = bytes.get(..PDF_MARK_WITHIN).unwrap_or(bytes);
    if head.windows(5).any(|mark| mark == b"%PDF-") {
        return Ok(Kind::Pdf);
    }
    if let Some(problem) = known_by_name(bytes) {
        return Err(problem);
    }
    let text = text::decode(bytes).ok_or(Problem::Unknown)?;
    let tags: String = text.trim_start().chars().take(TAG_WITHIN).collect::<String>().to_ascii_lowercase();
    if tags.contains("<svg") && tags.starts_with('<') {
        return Err(Problem::OtherPicture("an SVG drawing"));
    }
    if tags.starts_with("<!doctype html") || (tags.starts_with('<') && tags.contains("<html")) {
        return Err(Problem::WebPage);
    }
    if tags.starts_with("{\\rtf") {
        return Err(Problem::OtherFile("a document of a word processor: save it as plain text"));
    }
    Ok(Kind::Text(text))
}

/// The formats that are decoded here. A file that is cut off within its first bytes counts as well.
fn raster(bytes: &[u8]) -> Option<ImageFormat> {
    let is = |mark: &[u8]| bytes.starts_with(mark);
    if is(b"\x89PNG") {
        Some(ImageFormat::Png)
    } else if is(&[0xff, 0xd8]) {
        Some(ImageFormat::Jpeg)
    } else if is(b"GIF8") {
        Some(ImageFormat::Gif)
    } else if is(b"RIFF") && bytes.get(8..12).is_some_and(|kind| kind == b"WEBP") {
        Some(ImageFormat::WebP)
    } else if is(b"II*\0") || is(b"MM\0*") {
        Some(ImageFormat::Tiff)
    } else if is(b"BM") && text::decode(bytes).is_none() {
        Some(ImageFormat::Bmp)
    } else {
        None
    }
}

fn known_by_name(bytes: &[u8]) -> Option<Problem> {
    let is = |mark: &[u8]| bytes.starts_with(mark);
    if bytes.get(4..8) == Some(b"ftyp") {
        return Some(match bytes.get(8..12) {
            Some(b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1") => {
                Problem::Heic
            }
            Some(b"avif" | b"avis") => Problem::OtherPicture("an AVIF picture"),
            _ => Problem::OtherFile("a video: save a picture of the code"),
        });
    }
    if is(&[0xff, 0x0a]) || is(b"\0\0\0\x0cJXL ") {
        return Some(Problem::OtherPicture("a JPEG XL picture"));
    }
    if is(b"\0\0\0\x0cjP  ") || is(&[0xff, 0x4f, 0xff, 0x51]) {
        return Some(Problem::OtherPicture("a JPEG 2000 picture"));
    }
    if is(b"PK\x03\x04") {
        return Some(Problem::OtherFile(
            "an archive or a document (ZIP): unpack it, or save the picture in it",
        ));
    }
    None
}

/// Name of a format in a sentence.
pub(crate) fn name(format: ImageFormat) -> &'static str {
    match format {
        ImageFormat::Png => "PNG picture",
        ImageFormat::Jpeg => "JPEG picture",
        ImageFormat::Gif => "GIF picture",
        ImageFormat::WebP => "WebP picture",
        ImageFormat::Tiff => "TIFF picture",
        ImageFormat::Bmp => "BMP picture",
        _ => "picture",
    }
}

/// Returns whether a picture's file has its end. Some decoders fill up what is missing, and half of a
/// picture is not what its sender sent.
pub(crate) fn has_its_end(format: ImageFormat, bytes: &[u8]) -> bool {
    let size = |at: usize| {
        let bytes: Option<[u8; 4]> = bytes.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
        bytes.map(|bytes| u32::from_le_bytes(bytes) as usize)
    };
    match format {
        ImageFormat::Png => png_has_its_end(bytes),
        ImageFormat::Jpeg => jpeg_has_its_end(bytes),
        // Some programs fill up with zeros after the trailer.
        ImageFormat::Gif => bytes.iter().rev().find(|byte| **byte != 0) == Some(&0x3b),
        ImageFormat::WebP => size(4).is_some_and(|size| size <= bytes.len().saturating_sub(8)),
        // Some programs write no size.
        ImageFormat::Bmp => size(2).is_some_and(|size| size <= bytes.len()),
        _ => true,
    }
}

/// Walks the chunks to `IEND` (PNG §5.3).
fn png_has_its_end(bytes: &[u8]) -> bool {
    let mut at = 8;
    while let Some(head) = bytes.get(at..at + 8) {
        let (length, kind) = head.split_at(4);
        if kind == b"IEND" {
            return bytes.len() >= at + 12;
        }
        let length = length.iter().fold(0_usize, |length, byte| length << 8 | usize::from(*byte));
        at = at.saturating_add(12).saturating_add(length);
    }
    false
}

/// Walks the segments to the scan, so that a thumbnail's end does not count, and looks for the end from
/// there (ITU-T T.81, B.1.1).
fn jpeg_has_its_end(bytes: &[u8]) -> bool {
    let mut at = 2;
    while let Some([0xff, marker, high, low]) = bytes.get(at..at + 4) {
        if *marker == 0xda {
            return bytes[at..].windows(2).any(|pair| pair == [0xff, 0xd9]);
        }
        at += 2 + (usize::from(*high) << 8 | usize::from(*low));
    }
    // No segments to walk: the decoder says what is wrong.
    bytes.windows(2).any(|pair| pair == [0xff, 0xd9])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_bytes_say() {
        assert_eq!(of(b"").unwrap_err().code(), "empty");
        for (bytes, code) in [
            (&b"\0\0\0\x1cftypheic\0\0\0\0"[..], "heic"),
            (b"\0\0\0\x1cftypmif1\0\0\0\0", "heic"),
            (b"\0\0\0\x1cftypavif\0\0\0\0", "other-picture"),
            (b"\0\0\0\x1cftypisom\0\0\0\0", "other-file"),
            (b"PK\x03\x04", "other-file"),
            (b"<html><body>404</body></html>", "web-page"),
            (b"\n<!DOCTYPE html>\n<title>", "web-page"),
            (b"\xef\xbb\xbf<?xml version='1.0'?><html>", "web-page"),
            (b"<?xml version='1.0'?><svg>", "other-picture"),
            (b"{\\rtf1", "other-file"),
            (b"\xff\x0a\x01", "other-picture"),
            (b"\x7fELF\x80", "unknown"),
        ] {
            assert_eq!(of(bytes).unwrap_err().code(), code, "{bytes:?}");
        }
        assert_eq!(of(b"KD1:<html>"), Ok(Kind::Text("KD1:<html>".to_owned())));
        assert_eq!(of(b"BMI"), Ok(Kind::Text("BMI".to_owned())));
        assert_eq!(of(b"junk\n%PDF-1.4"), Ok(Kind::Pdf));
    }
}
