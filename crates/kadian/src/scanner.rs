//! `kadian scanner`: lists what may be a hand scanner, tries one, and chooses the station's.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use clap::{Args, Subcommand};
use program::{Failure, say};
use scanner::{Candidate, Frame, Heard, Port, ScannerChoice, ScannerState, System};
use serde_json::{Value, json};

use crate::clock;

/// Means the device that is plugged in next.
const PLUGGED: &str = "plugged";
/// It is waited for so long.
const PLUGGED_WITHIN: Duration = Duration::from_secs(60);
/// Pause between two looks for it.
const LOOKS_EVERY: Duration = Duration::from_secs(1);

/// List what is plugged in that may be a hand scanner, try one, or choose it for a station
#[derive(Args)]
#[command(after_help = "Examples:\n  \
        kadian scanner                                   list serial ports and keyboards; none is opened\n  \
        kadian scanner try 1 --seconds 30                read with the first of that list\n  \
        kadian scanner choose plugged --dir station      the one that is plugged in next\n  \
        kadian scanner choose 1 --dir station            the station's scanner, from its next start on\n  \
        kadian scanner choose /dev/ttyS0 --speed 19200 --dir station\n  \
        kadian scanner choose window --dir station       a scanner that types into the window\n  \
        kadian scanner choose none --dir station         no scanner\n\n\
        Trying prints one JSON object a line: {\"event\":\"state\",…}, {\"event\":\"text\",\"text\":\"…\"}, and\n\
        {\"event\":\"incomplete\"} for what is cut off. docs/scanners.md says how to set a scanner up.")]
pub(crate) struct ScannerArgs {
    #[command(subcommand)]
    command: Option<ScannerCommand>,
}

#[derive(Subcommand)]
enum ScannerCommand {
    Try(TryArgs),
    Choose(ChooseArgs),
}

/// A scanner on the command line
#[derive(Args)]
struct Which {
    /// A number of the list, the path of a serial port that is built in, or `plugged` for what is plugged in
    /// within a minute
    #[arg(value_name = "SCANNER")]
    scanner: String,
    /// Speed of a serial port, in bits a second; on USB it means nothing
    #[arg(long, value_name = "BITS")]
    speed: Option<u32>,
    /// What the scanner puts before each text, beyond control characters and ]Q1 and the like
    #[arg(long, value_name = "TEXT", default_value = "")]
    prefix: String,
}

/// Read with a scanner as a station would
#[derive(Args)]
struct TryArgs {
    #[command(flatten)]
    which: Which,
    /// End after so many seconds
    #[arg(long, value_name = "N")]
    seconds: Option<u64>,
    /// End after the first text
    #[arg(long)]
    once: bool,
}

/// Choose a station's scanner; the station may not be running
#[derive(Args)]
struct ChooseArgs {
    #[command(flatten)]
    which: Which,
    /// The station's folder
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
}

pub(crate) fn run(arguments: &ScannerArgs) -> Result<ExitCode, Failure> {
    match &arguments.command {
        None => list(),
        Some(ScannerCommand::Try(arguments)) => try_out(arguments),
        Some(ScannerCommand::Choose(arguments)) => choose(arguments),
    }
}

fn list() -> Result<ExitCode, Failure> {
    let candidates = scanner::candidates(&System::default());
    if candidates.is_empty() {
        say!("neither a serial port nor a keyboard is plugged in")?;
    }
    for (at, candidate) in candidates.iter().enumerate() {
        say!("{}  {}", at + 1, described(candidate))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Says in one line what a device is.
fn described(Candidate { name, choice }: &Candidate) -> String {
    let name = if name.is_empty() { "(no name)" } else { name };
    let device = match choice {
        ScannerChoice::Serial { port: Port::Usb(device), .. } | ScannerChoice::Keyboard { device, .. } => {
            device
        }
        ScannerChoice::Serial { port: Port::Path { path }, .. } => {
            return format!("serial port built in  {}", path.display());
        }
        ScannerChoice::None | ScannerChoice::Window => return name.to_owned(),
    };
    let way = if matches!(choice, ScannerChoice::Keyboard { .. }) { "keyboard" } else { "serial port" };
    let number = device.serial.as_ref().map_or_else(
        || format!("without a number of its own: known at {} alone", device.place),
        |serial| format!("number {serial}"),
    );
    format!("{way}  {name}  {}:{}  {number}", device.vendor, device.product)
}

impl Which {
    fn choice(&self) -> Result<ScannerChoice, Failure> {
        let before = scanner::candidates(&System::default());
        if self.scanner == PLUGGED {
            return self.plugged(&before);
        }
        self.among(&before).ok_or_else(|| {
            format!(
                "{}: neither a number of `kadian scanner` nor a path, {PLUGGED}, window or none",
                self.scanner
            )
            .into()
        })
    }

    /// Waits until one device is plugged in. A scanner may be two, of which the second comes a moment later.
    fn plugged(&self, before: &[Candidate]) -> Result<ScannerChoice, Failure> {
        let (since_start, mut last) = (clock::stopwatch(), None);
        while since_start() < PLUGGED_WITHIN {
            std::thread::sleep(LOOKS_EVERY);
            let now = scanner::candidates(&System::default());
            let found = scanner::appeared(before, &now).map(|found| found.choice.clone());
            match found {
                Some(choice) if last.as_ref() == Some(&choice) => return Ok(self.with_settings(choice)),
                found => last = found,
            }
        }
        Err("within a minute not one device was plugged in that may be a scanner".to_owned().into())
    }

    fn among(&self, candidates: &[Candidate]) -> Option<ScannerChoice> {
        let choice = match self.scanner.as_str() {
            "none" => ScannerChoice::None,
            "window" => ScannerChoice::Window,
            path if path.starts_with('/') => ScannerChoice::serial(Port::Path { path: path.into() }),
            number => {
                let at: usize = number.parse().ok()?;
                candidates.get(at.checked_sub(1)?)?.choice.clone()
            }
        };
        Some(self.with_settings(choice))
    }

    /// Returns a choice with the speed and the prefix of this command line.
    fn with_settings(&self, mut choice: ScannerChoice) -> ScannerChoice {
        match &mut choice {
            ScannerChoice::Serial { speed, prefix, .. } => {
                *speed = self.speed.unwrap_or(*speed);
                prefix.clone_from(&self.prefix);
            }
            ScannerChoice::Keyboard { prefix, .. } => prefix.clone_from(&self.prefix),
            ScannerChoice::None | ScannerChoice::Window => {}
        }
        choice
    }
}

fn choose(ChooseArgs { which, dir }: &ChooseArgs) -> Result<ExitCode, Failure> {
    let choice = which.choice()?;
    let way = choice.way();
    station::choose_scanner(dir, choice).map_err(|error| format!("{error} ({})", error.code()))?;
    say!("{} uses a scanner by this way from its next start on: {way}", dir.display())?;
    Ok(ExitCode::SUCCESS)
}

fn try_out(arguments: &TryArgs) -> Result<ExitCode, Failure> {
    let choice = arguments.which.choice()?;
    let since_start = clock::stopwatch();
    let (tell, told) = channel();
    let handle = scanner::spawn(&choice, since_start.clone(), move |heard| tell.send(heard).is_ok());
    let Some(_handle) = handle.map_err(|error| format!("no thread: {error}"))? else {
        return Err(format!("nothing to try: {} has no device", choice.way()).into());
    };
    let end = arguments.seconds.map_or(Duration::MAX, Duration::from_secs);
    loop {
        let left = end.saturating_sub(since_start());
        match told.recv_timeout(left.min(Duration::from_secs(3600))) {
            Ok(heard) => {
                let is_text = matches!(heard, Heard::Frame(Frame::Text(_)));
                if let Some(line) = line_of(heard) {
                    say!("{line}")?;
                }
                if is_text && arguments.once {
                    return Ok(ExitCode::SUCCESS);
                }
            }
            Err(RecvTimeoutError::Timeout) if since_start() < end => {}
            Err(_) => return Ok(ExitCode::SUCCESS),
        }
    }
}

fn line_of(heard: Heard) -> Option<Value> {
    Some(match heard {
        Heard::State(ScannerState::Starting) => json!({ "event": "state", "state": "starting" }),
        Heard::State(ScannerState::Connected) => json!({ "event": "state", "state": "connected" }),
        Heard::State(ScannerState::Fault(fault)) => {
            json!({ "event": "state", "state": "fault", "fault": fault.code() })
        }
        Heard::Frame(Frame::Text(text)) => json!({ "event": "text", "text": text }),
        Heard::Frame(Frame::Incomplete) => json!({ "event": "incomplete" }),
        Heard::Reading(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scanner_is_named_by_its_number_a_path_or_a_word() {
        let device = scanner::DeviceIdentity {
            vendor: "0c2e".to_owned(),
            product: "0b61".to_owned(),
            serial: None,
            place: "usb-2".to_owned(),
        };
        let candidate = Candidate {
            name: "Sample".to_owned(),
            choice: ScannerChoice::Keyboard { device, prefix: String::new() },
        };
        let among = |scanner: &str| {
            let which = Which { scanner: scanner.to_owned(), speed: Some(19_200), prefix: "#".to_owned() };
            which.among(std::slice::from_ref(&candidate))
        };
        assert!(matches!(among("1"), Some(ScannerChoice::Keyboard { prefix, .. }) if prefix == "#"));
        assert!(matches!(among("/dev/ttyS0"), Some(ScannerChoice::Serial { speed: 19_200, .. })));
        assert_eq!(
            (among("none"), among("window")),
            (Some(ScannerChoice::None), Some(ScannerChoice::Window))
        );
        for odd in ["0", "2", "", "-1", "ttyS0"] {
            assert_eq!(among(odd), None, "{odd}");
        }
        assert_eq!(
            described(&candidate),
            "keyboard  Sample  0c2e:0b61  without a number of its own: known at usb-2 alone"
        );
    }
}
