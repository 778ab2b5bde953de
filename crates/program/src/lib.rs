//! What every program does alike: parse the command line, print, log, and exit.
//!
//! `main` is one call of [`run`]. Results go to standard output through [`say!`], which returns an
//! error where `println!` would panic. Everything else goes to standard error: one sentence if the
//! program fails, and the log ([`log`]).
//!
//! | exit code | meaning |
//! |---|---|
//! | 0, 1 | the program's own: done; done, with a negative result |
//! | 2 | could not do it: bad usage, a missing file, a full disk |
//! | 141 | the reader of standard output is gone (128 + SIGPIPE, as a shell reports it) |

mod failure;
pub mod log;
pub mod moment;
mod output;
mod run;

pub use failure::{FAILED, Failure};
pub use output::{complain, line};
pub use run::run;
