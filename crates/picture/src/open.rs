//! Opening a file that somebody named.

use std::fs;
use std::path::Path;

use code_reader::GreyFrame;
use disk::DiskError;

use crate::kind::{self, Kind};
use crate::limits::FILE_BYTES;
use crate::problem::Problem;
use crate::{find, pdf, raster};

/// What is in a file.
pub enum Contents {
    /// A text, decoded.
    Text(String),
    /// One picture, or several.
    Pictures(Pictures),
}

/// The pictures of a file, one after the other: a PDF has one for each page. A page that cannot be drawn
/// is the last one.
pub struct Pictures(Source);

enum Source {
    One(Option<GreyFrame>),
    Pdf(pdf::Drawing),
}

/// Opens a file. Whoever names a link means the file behind it.
///
/// # Errors
/// A [`Problem`] that says what the file is instead.
pub fn open(path: &Path) -> Result<Contents, Problem> {
    match open_bytes(bytes(path)?)? {
        Contents::Text(_) if find::is_named_picture(path) => Err(Problem::TextNamedPicture),
        contents => Ok(contents),
    }
}

/// Opens the bytes of a file that has no name here.
///
/// # Errors
/// A [`Problem`], as [`open`].
pub fn open_bytes(bytes: Vec<u8>) -> Result<Contents, Problem> {
    match kind::of(&bytes)? {
        Kind::Text(text) => Ok(Contents::Text(text)),
        Kind::Raster(format) => {
            let frame = raster::decode(format, &bytes)?;
            Ok(Contents::Pictures(Pictures(Source::One(Some(frame)))))
        }
        Kind::Pdf => Ok(Contents::Pictures(Pictures(Source::Pdf(pdf::draw(bytes)?)))),
    }
}

/// Opens a file in which there must be a picture.
///
/// # Errors
/// A [`Problem`], as [`open`]; a text is one too.
pub fn pictures(path: &Path) -> Result<Pictures, Problem> {
    match open(path)? {
        Contents::Pictures(pictures) => Ok(pictures),
        Contents::Text(_) => Err(Problem::OtherFile("this file holds text, not a picture")),
    }
}

impl Pictures {
    /// Returns whether they are pages of a document, which have numbers.
    #[must_use]
    pub fn has_pages(&self) -> bool {
        matches!(self.0, Source::Pdf(_))
    }
}

impl Iterator for Pictures {
    type Item = Result<GreyFrame, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Source::One(frame) => frame.take().map(Ok),
            Source::Pdf(drawing) => drawing.next(),
        }
    }
}

fn bytes(path: &Path) -> Result<Vec<u8>, Problem> {
    // Before it is opened: opening a FIFO waits for a writer.
    let metadata = fs::metadata(path)?;
    if metadata.is_dir() {
        return Err(Problem::Folder);
    }
    if !metadata.is_file() {
        return Err(Problem::NotAFile);
    }
    disk::read(&path.canonicalize()?, FILE_BYTES).map_err(|error| match error {
        DiskError::NotFound { .. } => Problem::Missing,
        DiskError::NotAFile { .. } => Problem::NotAFile,
        DiskError::TooLarge { .. } => Problem::TooLarge,
        DiskError::Io { source, .. } => source.into(),
        other => Problem::Refused(other.to_string()),
    })
}
