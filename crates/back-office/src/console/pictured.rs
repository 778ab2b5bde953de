//! The text of a code in a picture that somebody dropped on the page.

use code_reader::{Hint, Sighting, read_still};
use picture::Contents;

use crate::limits::PICTURE_PAGES;

/// Reads the code in a file's bytes, or the text where it is one.
///
/// # Errors
/// A stable code: one of [`picture::Problem::code`], `no-code`, `one-of-several`, or why a code that is there cannot
/// be read, `code-` with [`Hint::code`].
pub fn text_in(bytes: Vec<u8>) -> Result<String, &'static str> {
    let pictures = match picture::open_bytes(bytes).map_err(|problem| problem.code())? {
        Contents::Text(text) => return Ok(text.trim().to_owned()),
        Contents::Pictures(pictures) => pictures,
    };
    let mut seen = "no-code";
    for picture in pictures.take(PICTURE_PAGES) {
        match read_still(&picture.map_err(|problem| problem.code())?) {
            Sighting::Code(code) if code.text.part().is_some() => return Err("one-of-several"),
            Sighting::Code(code) => return Ok(code.text.into_string()),
            Sighting::Unreadable { hint, .. } => seen = why(hint),
            Sighting::Nothing => {}
        }
    }
    Err(seen)
}

fn why(hint: Hint) -> &'static str {
    match hint {
        Hint::TooFar => "code-too-far",
        Hint::Blurred => "code-blurred",
        Hint::TooBright => "code-too-bright",
        Hint::CutOff => "code-cut-off",
        Hint::TooDark => "code-too-dark",
    }
}

#[cfg(test)]
pub(in crate::console) mod tests {
    use qr_scenes::{Code, Level};

    use super::*;

    /// A picture of a code, as a plain BMP with one byte a pixel.
    pub fn bmp(text: &str) -> Vec<u8> {
        const MODULE: usize = 4;
        let code = Code::new(text, 13, Level::M).unwrap();
        let side = (code.modules() + 8) * MODULE;
        let palette: Vec<u8> = (0..=255).flat_map(|grey| [grey, grey, grey, 0]).collect();
        let (head, bytes) = (54 + palette.len(), side * side);
        let mut file = b"BM".to_vec();
        for number in [head + bytes, 0, head, 40, side, side] {
            file.extend(u32::try_from(number).unwrap().to_le_bytes());
        }
        file.extend([1, 0, 8, 0]);
        for number in [0, bytes, 2835, 2835, 256, 0] {
            file.extend(u32::try_from(number).unwrap().to_le_bytes());
        }
        file.extend(palette);
        // The lowest row comes first.
        for (y, x) in (0..side).rev().flat_map(|y| (0..side).map(move |x| (y, x))) {
            let module = |at: usize| (at / MODULE).checked_sub(4).filter(|at| *at < code.modules());
            let dark = module(x).zip(module(y)).is_some_and(|(x, y)| code.is_dark(x, y));
            file.push(if dark { 0 } else { 255 });
        }
        assert_eq!(side % 4, 0, "rows of a BMP end at four bytes");
        file
    }

    #[test]
    fn the_code_in_a_picture_is_read_and_each_other_file_has_its_own_code() {
        let text = "KD1:SAMPLE";
        assert_eq!(text_in(bmp(text)).as_deref(), Ok(text));
        assert_eq!(text_in(b" KD1:SAMPLE\n".to_vec()).as_deref(), Ok(text), "a file of its text");
        let white = bmp(text).into_iter().enumerate().map(|(at, byte)| if at < 1078 { byte } else { 255 });
        let html = b"<!DOCTYPE html><html><body>x</body></html>".to_vec();
        let cut = bmp(text)[..2000].to_vec();
        for (bytes, code) in [
            (white.collect(), "no-code"),
            (Vec::new(), "empty"),
            (html, "web-page"),
            (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heic".to_vec(), "heic"),
            (cut, "cut-off"),
        ] {
            assert_eq!(text_in(bytes), Err(code));
        }
    }
}
