//! Why nothing can be read from a file.

/// Why nothing can be read from a file, as a sentence without its name. The same call fails again until
/// somebody changes the file or its permissions.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Nothing has this name.
    #[error("there is no such file")]
    Missing,
    /// A folder has this name.
    #[error("this is a folder, not a file")]
    Folder,
    /// A pipe, a socket or a device.
    #[error("this is a pipe, a socket or a device, not a file")]
    NotAFile,
    /// The operating system refuses.
    #[error("this file cannot be read: {0}")]
    Refused(String),
    /// No byte.
    #[error("this file is empty: it has no bytes")]
    Empty,
    /// More than [`crate::limits::FILE_BYTES`].
    #[error("this file is larger than 64 MiB")]
    TooLarge,
    /// HEIC, as iPhones take it.
    #[error("a HEIC picture: save it as JPEG")]
    Heic,
    /// Another format that is known by name only.
    #[error("{0}: save it as PNG or JPEG")]
    OtherPicture(&'static str),
    /// HTML, whatever the name says.
    #[error("a web page (HTML), not a picture: save the picture itself")]
    WebPage,
    /// Text where the name promises a picture.
    #[error("this file holds text, although its name says that it is a picture")]
    TextNamedPicture,
    /// Something that other programs open.
    #[error("{0}")]
    OtherFile(&'static str),
    /// Nothing that is known.
    #[error("neither a picture nor a text that can be read")]
    Unknown,
    /// The file stops before its end.
    #[error("this {0} is cut off: the file ends too early")]
    CutOff(&'static str),
    /// The file is there and makes no sense.
    #[error("this {format} is damaged: {why}")]
    Damaged {
        /// Name of the format.
        format: &'static str,
        /// What the decoder says.
        why: String,
    },
    /// More pixels than a reader takes.
    #[error("this picture has too many pixels: at most 8192 a side, and 40 million")]
    TooManyPixels,
    /// A variant of a format that the decoder does not know.
    #[error("a {0} of a kind that is not read here: save it as PNG or JPEG")]
    Unsupported(&'static str),
    /// A PDF that wants a password.
    #[error("a PDF that is locked by a password: save it without one")]
    Locked,
    /// A PDF without a page.
    #[error("a PDF without a page")]
    NoPages,
    /// More than [`crate::limits::PAGES`].
    #[error("a PDF of more than 100 pages: save the page with the code alone")]
    TooManyPages,
    /// A page that takes longer than [`crate::limits::PAGE_TIME`].
    #[error("a page of this PDF takes too long to draw: save it as a picture")]
    TooSlow,
}

impl Problem {
    /// Returns a stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Folder => "folder",
            Self::NotAFile => "not-a-file",
            Self::Refused(_) => "refused",
            Self::Empty => "empty",
            Self::TooLarge => "too-large",
            Self::Heic => "heic",
            Self::OtherPicture(_) => "other-picture",
            Self::WebPage => "web-page",
            Self::TextNamedPicture => "text-named-picture",
            Self::OtherFile(_) => "other-file",
            Self::Unknown => "unknown",
            Self::CutOff(_) => "cut-off",
            Self::Damaged { .. } => "damaged",
            Self::TooManyPixels => "too-many-pixels",
            Self::Unsupported(_) => "unsupported",
            Self::Locked => "locked",
            Self::NoPages => "no-pages",
            Self::TooManyPages => "too-many-pages",
            Self::TooSlow => "too-slow",
        }
    }
}

impl From<std::io::Error> for Problem {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => Self::Missing,
            _ => Self::Refused(error.to_string()),
        }
    }
}
