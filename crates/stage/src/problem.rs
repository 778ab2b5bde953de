//! What can go wrong on the stage.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;
use std::time::Duration;

use fantoccini::error::{CmdError, NewSessionError};

/// The outcome of everything on the stage.
pub type Result<T> = std::result::Result<T, Problem>;

/// Why it did not go on, as a sentence. Starting again may help where a wait ended; nowhere else.
#[derive(thiserror::Error)]
pub enum Problem {
    /// A program of ours is not where programs are built.
    #[error("{program} is not built: there is no {path}; `cargo build -p {program}` makes it", path = path.display())]
    NotBuilt {
        /// Name of the program.
        program: String,
        /// Where it was looked for.
        path: PathBuf,
    },
    /// A program of ours was built before one of its sources was changed.
    #[error("{program} is older than {source_file}; `cargo build -p {program}` builds it again", source_file = source_file.display())]
    OutOfDate {
        /// Name of the program.
        program: String,
        /// The source that changed.
        source_file: PathBuf,
    },
    /// A program could not be started.
    #[error("{program} did not start: {source}; `cargo xtask test` installs what is missing")]
    NotStarted {
        /// Name of the program.
        program: String,
        /// What the system said.
        source: io::Error,
    },
    /// A program ended with an error.
    #[error("{program} failed ({status}): {said}")]
    Failed {
        /// Name of the program.
        program: String,
        /// How it ended.
        status: ExitStatus,
        /// Its standard error.
        said: String,
    },
    /// A program ended while something was expected of it.
    #[error("waiting for {what}, the program ended; it said last: {last}")]
    Ended {
        /// What was waited for.
        what: String,
        /// Its last lines.
        last: String,
    },
    /// Something did not come in time.
    #[error("waited {} s for {what}; {instead}", patience.as_secs())]
    TooLate {
        /// What was waited for.
        what: String,
        /// How long.
        patience: Duration,
        /// What was there instead.
        instead: String,
    },
    /// A file, a pipe or a socket refused.
    #[error("{what}: {source}")]
    Io {
        /// What was tried.
        what: String,
        /// What the system said.
        source: io::Error,
    },
    /// A program said something that makes no sense.
    #[error("{what}: {why}")]
    Unexpected {
        /// What was read.
        what: String,
        /// What is wrong with it.
        why: String,
    },
    /// The window did not open.
    #[error("the window did not open: {0}")]
    NoWindow(#[from] NewSessionError),
    /// The window did not do what it was told.
    #[error("the window: {0}")]
    Window(#[from] CmdError),
}

impl Problem {
    pub(crate) fn unexpected(what: impl Into<String>, why: impl fmt::Display) -> Self {
        Self::Unexpected { what: what.into(), why: why.to_string() }
    }
}

/// Reads as the sentence, so that a test that unwraps a [`Problem`] says it too.
impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Says what was tried when the system refused.
pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Problem {
    |source| Problem::Io { what: what.into(), source }
}
