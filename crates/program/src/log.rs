//! The log: lines on standard error, filtered as `RUST_LOG` does.
//!
//! The levels mean the same in every crate:
//!
//! | level | for |
//! |---|---|
//! | error | something is lost, or does not work until a person acts |
//! | warn | something is worse than it should be, and goes on |
//! | info | what an operator must know of a normal day: started, listening, enrolled, stopped |
//! | debug | each step, for whoever looks for a mistake |
//!
//! No line names a person or holds a code. By `--log json` each line is a JSON object, for programs that
//! collect logs.

use std::ffi::OsString;
use std::io::{self, IsTerminal as _};

use tracing_subscriber::EnvFilter;

/// The environment variables with a filter. The first one that is set counts.
const VARIABLES: [&str; 2] = ["KADIAN_LOG", "RUST_LOG"];
/// Used if no variable is set. It shows what an operator must know.
const DEFAULT: &str = "info";
/// Applies to every crate that a filter does not name, so that a filter for one crate does not
/// hide what went wrong in another.
const OTHERS: &str = "warn";

/// The part of each program's `--help` that explains the log.
pub(crate) const HELP: &str = "The log goes to standard error. KADIAN_LOG filters it, as RUST_LOG does, which is used where\n\
    KADIAN_LOG is not set. The default is KADIAN_LOG=info; more of one crate: KADIAN_LOG=station=debug";

/// How a line of the log looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Text,
    /// A JSON object a line, for programs
    Json,
}

/// Starts the log. A filter that cannot be parsed is reported, and the default is used.
pub(crate) fn start(format: Format) {
    let (filter, invalid) = filter(|name| std::env::var_os(name));
    let subscriber = tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_env_filter(filter)
        // It would report a failed write by `eprintln!`, which panics if standard error is full.
        .log_internal_errors(false);
    // Fails only if this process has a log already.
    let _ = match format {
        Format::Text => subscriber.with_ansi(io::stderr().is_terminal()).try_init(),
        Format::Json => subscriber.json().with_current_span(false).try_init(),
    };
    if let Some(name) = invalid {
        tracing::warn!("{name} is no filter such as info or station=debug; {DEFAULT} is used");
    }
}

/// Returns the filter, and the variable that holds none.
fn filter(variable: impl Fn(&str) -> Option<OsString>) -> (EnvFilter, Option<&'static str>) {
    let set = VARIABLES.iter().find_map(|name| Some((*name, variable(name).filter(|it| !it.is_empty())?)));
    let Some((name, text)) = set else { return (EnvFilter::new(DEFAULT), None) };
    // A later directive without a crate replaces the first one.
    let parsed = text.to_str().and_then(|text| EnvFilter::try_new(format!("{OTHERS},{text}")).ok());
    parsed.map_or_else(|| (EnvFilter::new(DEFAULT), Some(name)), |filter| (filter, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kadian: Option<&str>, rust: Option<&str>) -> (String, Option<&'static str>) {
        let variable = |name: &str| match name {
            "KADIAN_LOG" => kadian.map(OsString::from),
            _ => rust.map(OsString::from),
        };
        let (filter, invalid) = filter(variable);
        (filter.to_string(), invalid)
    }

    #[test]
    fn the_default_shows_what_an_operator_must_know() {
        assert_eq!(of(None, None), ("info".to_owned(), None));
        assert_eq!(of(Some(""), None), ("info".to_owned(), None));
    }

    #[test]
    fn a_filter_for_one_crate_keeps_the_warnings_of_all_others() {
        assert_eq!(of(Some("station=debug"), Some("error")), ("station=debug,warn".to_owned(), None));
        assert_eq!(of(None, Some("error")), ("error".to_owned(), None));
        assert_eq!(of(Some("off"), None), ("off".to_owned(), None));
    }

    #[test]
    fn a_bad_filter_is_named_and_the_default_used() {
        assert_eq!(of(Some("a=b=c"), None), ("info".to_owned(), Some("KADIAN_LOG")));
        assert_eq!(of(None, Some("station=loud")), ("info".to_owned(), Some("RUST_LOG")));
    }
}
