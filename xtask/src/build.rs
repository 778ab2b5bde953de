//! One cargo build that says how far it is, also where no terminal draws a bar.

use std::io::{IsTerminal as _, Read};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::steps::{Stopwatch, root};

/// How often progress is printed where there is no terminal.
const SAY_EVERY: Duration = Duration::from_secs(10);

/// Runs one cargo command at the root, and says how many of how many parts are built.
pub(crate) fn cargo(what: &str, arguments: &[&str]) -> Result<(), String> {
    println!("── {what}");
    let began = Stopwatch::start();
    let mut command = Command::new("cargo");
    command.args(arguments).current_dir(root()).stdin(Stdio::null());
    let failed = |error: std::io::Error| format!("{what}: cargo did not start: {error}");
    let status = if std::io::stderr().is_terminal() {
        // Cargo draws its own bar there.
        command.status().map_err(failed)?
    } else {
        command.env("CARGO_TERM_PROGRESS_WHEN", "always").env("CARGO_TERM_PROGRESS_WIDTH", "80");
        command.env("CARGO_TERM_COLOR", "never");
        let mut child = command.stderr(Stdio::piped()).spawn().map_err(failed)?;
        if let Some(output) = child.stderr.take() {
            relay(output);
        }
        child.wait().map_err(failed)?
    };
    if !status.success() {
        return Err(format!("{what}: failed"));
    }
    began.say();
    Ok(())
}

/// Passes cargo's messages on, and now and then the numbers of its progress bar.
fn relay(mut output: impl Read) {
    let mut said = Stopwatch::start();
    let mut line = Vec::new();
    let mut chunk = [0; 4096];
    while let Ok(length @ 1..) = output.read(&mut chunk) {
        for byte in &chunk[..length] {
            if !matches!(byte, b'\n' | b'\r') {
                line.push(*byte);
                continue;
            }
            let text = String::from_utf8_lossy(&line).into_owned();
            line.clear();
            match Said::of(&text) {
                Said::Progress { done, all } if said.elapsed() >= SAY_EVERY => {
                    said = Stopwatch::start();
                    println!("   {done} of {all} parts built");
                }
                Said::Progress { .. } | Said::Nothing => {}
                Said::Message => eprintln!("{}", text.trim_start_matches("\u{1b}[K")),
            }
        }
    }
}

/// One line of cargo's output.
#[derive(Debug, PartialEq, Eq)]
enum Said {
    Progress {
        done: u32,
        all: u32,
    },
    /// "Compiling …" for one part, or an empty line.
    Nothing,
    /// A warning, an error, or the closing line.
    Message,
}

impl Said {
    fn of(line: &str) -> Self {
        let line = line.trim_start_matches("\u{1b}[K").trim();
        if let Some(bar) = line.strip_prefix("Building [") {
            let numbers = bar.split_once("] ").and_then(|(_, rest)| rest.split(':').next());
            let numbers = numbers.and_then(|numbers| numbers.split_once('/'));
            let numbers = numbers.and_then(|(done, all)| Some((done.parse().ok()?, all.parse().ok()?)));
            return numbers.map_or(Self::Nothing, |(done, all)| Self::Progress { done, all });
        }
        let first = line.split_whitespace().next();
        match first {
            None | Some("Compiling" | "Checking" | "Downloaded" | "Downloading" | "Blocking") => {
                Self::Nothing
            }
            Some(_) => Self::Message,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_is_read_and_messages_pass() {
        let bar = "    Building [=====>                 ] 123/434: serde, syn(build)...";
        assert_eq!(Said::of(bar), Said::Progress { done: 123, all: 434 });
        assert_eq!(Said::of("    Building [=>  ] 1/2"), Said::Progress { done: 1, all: 2 });
        assert_eq!(Said::of("   Compiling serde v1.0.0"), Said::Nothing);
        assert_eq!(Said::of(""), Said::Nothing);
        assert_eq!(Said::of("error[E0308]: mismatched types"), Said::Message);
        assert_eq!(Said::of("    Finished `dev` profile in 3 s"), Said::Message);
    }
}
