//! A station without a window, driven by lines of JSON.

use std::io::{self, BufRead, Read as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use gate::UserInput;
use gate::View;
use gate::action::Sound;
use program::Failure;
use serde::Deserialize;
use serde_json::{Value, json};
use station::{Display, Headless, StartOptions, Station, Step, StepProblem};

use super::RunArgs;
use super::stop::on_signal;

/// Longest line that is read, in bytes.
const LINE_BYTES: u64 = 64 * 1024;

pub(super) fn run(arguments: &RunArgs) -> Result<ExitCode, Failure> {
    let options = StartOptions {
        dir: arguments.dir.clone(),
        camera: arguments.camera.clone(),
        second_camera: arguments.second_camera.clone(),
        network: !arguments.offline,
        stick: None,
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
    let (sender, events) = sync_channel(1);
    let signals = sender.clone();
    // Nobody listens any more where the station has ended by itself.
    on_signal(move || drop(signals.send(Event::Stop)))?;
    thread::spawn(move || read_all(&mut io::stdin().lock(), &sender));
    lines.tell(&json!({ "event": "started" }));
    for event in events {
        let (number, line) = match event {
            Event::Line(_, Ok(Line::Quit)) | Event::Stop => break,
            Event::Line(_, Ok(Line::Stick { folder, carry })) => {
                lines.tell(&json!({ "event": "stick", "stick": station.stick(&folder, carry) }));
                continue;
            }
            Event::Line(number, line) => (number, line),
        };
        let taken = line.and_then(|line| {
            take(&station, line)
                .map_err(|problem| Wrong { code: problem.code(), sentence: problem.to_string() })
        });
        if let Err(Wrong { code, sentence }) = taken {
            lines.tell(&json!({ "event": "error", "code": code, "line": number, "sentence": sentence }));
        }
    }
    station.stop();
    lines.failure().map_or(Ok(ExitCode::SUCCESS), Err)
}

/// What the station hears.
enum Event {
    /// A line, with its number.
    Line(u64, Result<Line, Wrong>),
    /// The input is over, or somebody asks it to stop.
    Stop,
}

/// Why a line does nothing, and what would be right.
#[derive(Debug, PartialEq, Eq)]
struct Wrong {
    code: &'static str,
    sentence: String,
}

/// Reads lines to the end of the input, or to a failure of it.
fn read_all(input: &mut impl BufRead, events: &SyncSender<Event>) {
    for number in 1_u64.. {
        let line = match next(input) {
            Ok(Some(line)) => Ok(line),
            Ok(None) => break,
            Err(wrong) => Err(wrong),
        };
        let is_over = line.as_ref().is_err_and(|wrong| wrong.code == "input");
        if events.send(Event::Line(number, line)).is_err() || is_over {
            break;
        }
    }
    // The station may have stopped before.
    let _ = events.send(Event::Stop);
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
    Stick {
        folder: PathBuf,
        carry: bool,
    },
    Quit,
    #[serde(skip)]
    User(UserInput),
}

/// Reads the next line; `None` at the end of the input.
fn next(input: &mut impl BufRead) -> Result<Option<Line>, Wrong> {
    let failed = |error: io::Error| Wrong { code: "input", sentence: format!("the input ended: {error}") };
    let mut line = Vec::new();
    let read = input.by_ref().take(LINE_BYTES).read_until(b'\n', &mut line).map_err(failed)?;
    if read == 0 {
        return Ok(None);
    }
    if !line.ends_with(b"\n") && read as u64 == LINE_BYTES {
        // The rest of a line that is too long is no line of its own.
        input.skip_until(b'\n').map_err(failed)?;
        let sentence = format!("a line has at most {LINE_BYTES} bytes");
        return Err(Wrong { code: "line-too-long", sentence });
    }
    parse(&line).map(Some).map_err(|sentence| Wrong { code: "bad-line", sentence })
}

/// The kinds of lines that are no person's.
const OWN: [&str; 6] = ["scan", "confirm-shown", "network", "send-now", "stick", "quit"];

/// Parses a line; an error says what would be right.
fn parse(line: &[u8]) -> Result<Line, String> {
    let value: Value = serde_json::from_slice(line)
        .map_err(|error| format!("a line is one JSON object, such as {{\"kind\":\"quit\"}}: {error}"))?;
    let (kind, wing) = (value.get("kind").and_then(Value::as_str), value.get("wing"));
    match (kind, wing) {
        (None, _) => Err(format!("a line has a kind: {}; or a wing and its kind", OWN.join(", "))),
        (Some(kind), None) if !OWN.contains(&kind) => Err(format!(
            "without a wing a kind is one of {}; what a person does has one: shift, collector, workbench, station",
            OWN.join(", ")
        )),
        (Some(kind), None) => {
            let kind = kind.to_owned();
            serde_json::from_value(value).map_err(|error| format!("{kind}: {error}"))
        }
        (Some(_), Some(_)) => {
            serde_json::from_value(value).map(Line::User).map_err(|error| error.to_string())
        }
    }
}

fn take(station: &Station, line: Line) -> Result<(), StepProblem> {
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
        Line::Stick { .. } | Line::Quit => return Ok(()),
    };
    station.step(step)
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
        assert!(matches!(scan, Ok(Line::Scan { text }) if text == "KD1:X"));
        assert!(matches!(parse(br#"{"kind":"confirm-shown"}"#), Ok(Line::ConfirmShown)));
        assert!(matches!(parse(br#"{"kind":"network","on":false}"#), Ok(Line::Network { on: false })));
        assert!(matches!(parse(br#"{"kind":"send-now"}"#), Ok(Line::SendNow)));
        let user = parse(br#"{"wing":"shift","kind":"sign-in","digits":"0001","person":null,"secret":"2"}"#);
        assert!(matches!(user, Ok(Line::User(UserInput::Shift(ShiftInput::SignIn { .. })))));
        assert!(matches!(
            parse(br#"{"wing":"collector","kind":"no-code"}"#),
            Ok(Line::User(UserInput::Collector(CollectorInput::NoCode)))
        ));
        for (bad, hint) in [
            ("", "one JSON object"),
            ("scan", "one JSON object"),
            ("{}", "scan, confirm-shown"),
            ("[]", "scan, confirm-shown"),
            (r#"{"kind":"open"}"#, "shift, collector, workbench, station"),
            (r#"{"kind":"scan"}"#, "missing field `text`"),
            (r#"{"kind":"scan","text":"x","more":1}"#, "unknown field `more`"),
            (r#"{"wing":"shift","kind":"sign-in"}"#, "missing field `digits`"),
            (r#"{"wing":"kitchen","kind":"cook"}"#, "collector"),
        ] {
            let said = parse(bad.as_bytes()).unwrap_err();
            assert!(said.contains(hint), "{bad}: {said}");
        }
    }

    #[test]
    fn a_line_without_end_is_skipped_whole() {
        let mut input = vec![b'x'; 200_000];
        input.extend(b"\n{\"kind\":\"quit\"}");
        let mut input = input.as_slice();
        assert_eq!(next(&mut input).unwrap_err().code, "line-too-long");
        assert!(matches!(next(&mut input), Ok(Some(Line::Quit))));
        assert!(matches!(next(&mut input), Ok(None)));
    }
}
