//! Loads the photographs as views: the size that a camera would give, grey, in several rotations.

use std::path::Path;

use code_reader::GreyFrame;
use sha2::{Digest as _, Sha256};

/// Longest side of a view in pixels.
const SIDE: usize = 1280;

/// A picture in one rotation.
pub struct View {
    pub path: String,
    pub quarter: usize,
    pub frame: GreyFrame,
    accepted: Vec<String>,
}

impl View {
    pub fn has_code(&self) -> bool {
        !self.accepted.is_empty()
    }

    pub fn accepts(&self, text: &str) -> bool {
        use std::fmt::Write as _;
        let digest = Sha256::digest(text.as_bytes());
        let mut hex = String::new();
        digest.iter().for_each(|byte| write!(hex, "{byte:02x}").unwrap());
        self.accepted.contains(&hex)
    }
}

pub fn load(dir: &Path, quarters: usize) -> Vec<View> {
    let manifest = std::fs::read_to_string(dir.join("manifest.tsv")).unwrap();
    let mut views = Vec::new();
    for line in manifest.lines().skip(1) {
        let mut columns = line.split('\t');
        let (Some(path), Some(expected)) = (columns.next(), columns.next()) else { continue };
        let expected = expected.strip_prefix("any-of:").unwrap_or(expected);
        let accepted: Vec<String> =
            expected.split(',').filter(|hash| *hash != "-").map(str::to_owned).collect();
        let picture = image::ImageReader::open(dir.join(path)).unwrap().with_guessed_format().unwrap();
        let Ok(picture) = picture.decode() else {
            eprintln!("cannot open {path}");
            continue;
        };
        let mut frame = GreyFrame::from_image(&picture).unwrap().shrunk(SIDE);
        for quarter in 0..quarters {
            if quarter > 0 {
                frame = frame.rotate90();
            }
            views.push(View {
                path: path.to_owned(),
                quarter,
                frame: frame.clone(),
                accepted: accepted.clone(),
            });
        }
    }
    views
}
