//! Reading a picture that somebody has time for: more than a camera's frame gets.

use std::time::Duration;

use crate::frame::GreyFrame;
use crate::reader::Reader;
use crate::sighting::Sighting;

/// Longest sides at which a picture is read, in pixels: as a camera would show it, and then as it is, for a small
/// code on a large page.
const SIDES: [usize; 2] = [1280, 2560];
/// Time for reading a picture once.
const TIME: Duration = Duration::from_secs(2);

/// Reads what a still picture shows, until a code was read or the time is over.
#[must_use]
pub fn read_still(picture: &GreyFrame) -> Sighting {
    let longest = picture.width().max(picture.height());
    let mut seen = Sighting::Nothing;
    for side in SIDES {
        match Reader::new().with_budget(TIME).read(&picture.shrunk(side)) {
            Sighting::Nothing => {}
            code @ Sighting::Code(_) => return code,
            unreadable @ Sighting::Unreadable { .. } => seen = unreadable,
        }
        if longest <= side {
            break;
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use qr_scenes::{Code, Level};

    use super::*;

    /// A code of so many pixels a module in the corner of a white page.
    fn page(module: usize, side: usize) -> GreyFrame {
        let code = Code::new("KD1:SAMPLE", 2, Level::M).unwrap();
        let mut pixels = vec![255; side * side];
        let size = code.modules() * module;
        for (x, y) in (0..size).flat_map(|x| (0..size).map(move |y| (x, y))) {
            if code.is_dark(x / module, y / module) {
                pixels[(y + 4 * module) * side + x + 4 * module] = 0;
            }
        }
        GreyFrame::new(side, side, pixels).unwrap()
    }

    #[test]
    fn a_code_is_read_at_the_size_of_a_camera_and_a_small_one_on_a_large_page() {
        for (module, side) in [(6, 400), (3, 2500)] {
            let Sighting::Code(code) = read_still(&page(module, side)) else {
                panic!("not read at {side} px")
            };
            assert_eq!(code.text.into_string(), "KD1:SAMPLE");
        }
    }

    #[test]
    fn paper_shows_nothing() {
        let paper = GreyFrame::new(300, 300, vec![255; 90_000]).unwrap();
        assert!(matches!(read_still(&paper), Sighting::Nothing));
    }
}
