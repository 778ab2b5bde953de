//! Why a program could not do what it was asked to.

use std::error::Error;
use std::io;
use std::process::ExitCode;

/// Exit code of a program that could not do what it was asked to. clap uses it for bad usage.
pub const FAILED: u8 = 2;
/// Exit code of a program whose reader is gone: 128 + SIGPIPE.
const READER_GONE: u8 = 141;

/// Why a program could not do what it was asked to.
#[derive(Debug)]
pub enum Failure {
    /// One sentence for the person at the terminal.
    Sentence(String),
    /// Whoever read standard output has closed it, as `head` does. That is nobody's mistake, so
    /// the program ends without a word.
    ReaderGone,
}

impl Failure {
    /// Judges an error of writing to standard output.
    #[must_use]
    pub fn of_output(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::ReaderGone,
            _ => Self::Sentence(format!("standard output could not be written: {error}")),
        }
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Sentence(_) => ExitCode::from(FAILED),
            Self::ReaderGone => ExitCode::from(READER_GONE),
        }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sentence(sentence) => f.write_str(sentence),
            Self::ReaderGone => f.write_str("standard output was closed"),
        }
    }
}

impl Error for Failure {}

impl From<String> for Failure {
    fn from(sentence: String) -> Self {
        Self::Sentence(sentence)
    }
}

impl From<&str> for Failure {
    fn from(sentence: &str) -> Self {
        Self::Sentence(sentence.to_owned())
    }
}

/// Finds the failure in an error that passed through `Box<dyn Error>`.
impl From<Box<dyn Error + Send + Sync>> for Failure {
    fn from(error: Box<dyn Error + Send + Sync>) -> Self {
        match error.downcast() {
            Ok(failure) => *failure,
            Err(error) => Self::Sentence(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_pipe_is_told_from_a_full_disk() {
        let closed = Failure::of_output(&io::ErrorKind::BrokenPipe.into());
        assert!(matches!(closed, Failure::ReaderGone));
        let full = Failure::of_output(&io::ErrorKind::StorageFull.into());
        assert!(matches!(full, Failure::Sentence(sentence) if sentence.starts_with("standard output")));
    }

    #[test]
    fn a_failure_survives_a_box() {
        let boxed: Box<dyn Error + Send + Sync> = Box::new(Failure::ReaderGone);
        assert!(matches!(boxed.into(), Failure::ReaderGone));
        let other: Box<dyn Error + Send + Sync> = "no such station".into();
        assert!(matches!(other.into(), Failure::Sentence(sentence) if sentence == "no such station"));
    }
}
