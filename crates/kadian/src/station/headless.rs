//! A station without a window, driven by lines of JSON.

use std::io::{self, BufRead, Read as _, Write as _};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use gate::UserInput;
use gate::View;
use gate::action::Sound;
use program::Failure;
use serde::Deserialize;
use serde_json::{Value, json};
use station::{Display, Headless, StartOptions, Station, Step};

use super::RunArgs;

/// Longest line that is read, in bytes.
const LINE_BYTES: u64 = 64 * 1024;

pub(super) fn run(arguments: &RunArgs) -> Result<ExitCode, Failure> {
    let options = StartOptions {
        dir: arguments.dir.clone(),
        camera: arguments.camera.clone(),
        network: !arguments.offline,
    };
    let headless = Headless { hurry: arguments.hurry };
    let lines = Lines::default();
    let station = match Station::start_headless(options, headless, Box::new(lines.clone())) {
        Ok(station) => station,
        Err(error) => {
            lines.tell(&json!({ "event": "error", "code": error.code(), "retry": error.may_pass() }));
            return Err(error.to_string().into());
        }
    };
    lines.tell(&json!({ "event": "started" }));
    let mut input = io::stdin().lock();
    for number in 1_u64.. {
        match next(&mut input) {
            Ok(Some(Line::Quit)) | Ok(None) => break,
            Ok(Some(line)) => {
                if let Err(code) = take(&station, line) {
                    lines.tell(&json!({ "event": "error", "code": code, "line": number }));
                }
            }
            Err(code) => lines.tell(&json!({ "event": "error", "code": code, "line": number })),
        }
    }
    station.stop();
    lines.failure().map_or(Ok(ExitCode::SUCCESS), Err)
}

/// A line of the script: what a person can do, and what else happens to a station.
#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
enum Line {
    Scan {
        text: String,
    },
    ConfirmShown,
    Network {
        on: bool,
    },
    SendNow,
    Quit,
    #[serde(skip)]
    User(UserInput),
}

/// Reads the next line; `None` at the end of the input. An error is a stable code.
fn next(input: &mut impl BufRead) -> Result<Option<Line>, &'static str> {
    let mut line = Vec::new();
    let read = input.by_ref().take(LINE_BYTES).read_until(b'\n', &mut line).map_err(|_| "input")?;
    if read == 0 {
        return Ok(None);
    }
    if !line.ends_with(b"\n") && read as u64 == LINE_BYTES {
        // The rest of a line that is too long is no line of its own.
        input.skip_until(b'\n').map_err(|_| "input")?;
        return Err("line-too-long");
    }
    parse(&line).map(Some).ok_or("bad-line")
}

fn parse(line: &[u8]) -> Option<Line> {
    let value: Value = serde_json::from_slice(line).ok()?;
    let own =
        matches!(value.get("kind")?.as_str()?, "scan" | "confirm-shown" | "network" | "send-now" | "quit");
    if own { serde_json::from_value(value).ok() } else { serde_json::from_value(value).ok().map(Line::User) }
}

fn take(station: &Station, line: Line) -> Result<(), &'static str> {
    let step = match line {
        Line::Scan { text } => Step::Scan(text),
        Line::ConfirmShown => Step::ConfirmShown,
        Line::User(input) => Step::User(input),
        Line::Network { on } => {
            station.set_network(on);
            return Ok(());
        }
        Line::SendNow => {
            station.send_now();
            return Ok(());
        }
        Line::Quit => return Ok(()),
    };
    station.step(step).map_err(station::StepProblem::code)
}

/// Prints views and sounds, one JSON object a line.
///
/// If a line cannot be printed, the station goes on until its input ends: what was recorded must
/// not depend on who reads along. The command then fails.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Option<Failure>>>);

impl Display for Lines {
    fn show(&mut self, view: &View) {
        self.tell(&json!({ "event": "view", "view": view }));
    }

    fn play(&mut self, sound: Sound) {
        self.tell(&json!({ "event": "sound", "sound": sound }));
    }
}

impl Lines {
    fn tell(&self, line: &Value) {
        let mut out = io::stdout().lock();
        if let Err(error) = writeln!(out, "{line}").and_then(|()| out.flush()) {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Failure::of_output(&error));
        }
    }

    /// Returns why a line could not be printed.
    fn failure(&self) -> Option<Failure> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

#[cfg(test)]
mod tests {
    use gate::window::collector::CollectorInput;
    use gate::window::shift::ShiftInput;

    use super::*;

    #[test]
    fn lines_are_the_gates_inputs_and_five_of_our_own() {
        let scan = parse(br#"{"kind":"scan","text":"KD1:X"}"#);
        assert!(matches!(scan, Some(Line::Scan { text }) if text == "KD1:X"));
        assert!(matches!(parse(br#"{"kind":"confirm-shown"}"#), Some(Line::ConfirmShown)));
        assert!(matches!(parse(br#"{"kind":"network","on":false}"#), Some(Line::Network { on: false })));
        assert!(matches!(parse(br#"{"kind":"send-now"}"#), Some(Line::SendNow)));
        let user = parse(br#"{"wing":"shift","kind":"sign-in","digits":"0001","person":null,"secret":"2"}"#);
        assert!(matches!(user, Some(Line::User(UserInput::Shift(ShiftInput::SignIn { .. })))));
        assert!(matches!(
            parse(br#"{"wing":"collector","kind":"no-code"}"#),
            Some(Line::User(UserInput::Collector(CollectorInput::NoCode)))
        ));
        for bad in ["", "{}", "[]", "scan", r#"{"kind":"open"}"#, r#"{"kind":"scan"}"#] {
            assert!(parse(bad.as_bytes()).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_line_without_end_is_skipped_whole() {
        let mut input = vec![b'x'; 200_000];
        input.extend(b"\n{\"kind\":\"quit\"}");
        let mut input = input.as_slice();
        assert_eq!(next(&mut input).err(), Some("line-too-long"));
        assert!(matches!(next(&mut input), Ok(Some(Line::Quit))));
        assert!(matches!(next(&mut input), Ok(None)));
    }
}
