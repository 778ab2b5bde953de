//! `kadian station self-test`: what the device page tries, for a technician at a terminal.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use clap::Args;
use gate::View;
use gate::action::Sound;
use gate::window::bar::Line;
use gate::window::relay::RelayTrouble;
use gate::window::scanner::ScannerTrouble;
use gate::window::workbench::{SelfTest, TestFailure, TestOutcome, TestSubject};
use program::{Failure, say};
use relay::RelayFault;
use serde_json::{Value, json};
use station::{CameraChoice, Display, StartOptions, Station};

/// An office that has not answered by then is offline.
const ANSWERS_WITHIN: Duration = Duration::from_secs(10);

/// Try everything that a station needs, and say what to do about what fails
///
/// Nothing is recorded. What waits for the back office is sent meanwhile, as by any running station.
#[derive(Args)]
#[command(after_help = "Exit codes: 0 all is well, 1 a line failed, 2 the station could not be started.\n\
        The sound is left out: only a person hears it, on the device page.\n\n\
        Example:\n  kadian station self-test --dir station --json")]
pub(super) struct SelfTestArgs {
    /// The station's folder; no station may run on it
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// Camera instead of the one in the settings
    #[arg(long, value_name = "CAMERA")]
    camera: Option<CameraChoice>,
    /// Second camera instead of the one in the settings
    #[arg(long, value_name = "CAMERA")]
    second_camera: Option<CameraChoice>,
    /// Do not reach for the back office
    #[arg(long)]
    offline: bool,
    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &SelfTestArgs) -> Result<ExitCode, Failure> {
    let options = StartOptions {
        dir: arguments.dir.clone(),
        camera: arguments.camera.clone(),
        second_camera: arguments.second_camera.clone(),
        network: !arguments.offline,
        stick: None,
    };
    let (sender, online) = channel();
    let station = Station::start(options, Box::new(Watch(Some(sender))))
        .map_err(|error| format!("{error} ({})", error.code()))?;
    if !arguments.offline {
        // Nothing comes where nobody answers, which the line then says.
        let _ = online.recv_timeout(ANSWERS_WITHIN);
    }
    let test = station.self_test();
    station.stop();
    let Some(test) = test else { return Err("the station has stopped".into()) };
    print(&test, arguments.json)
}

/// Tells once that the office answers.
struct Watch(Option<Sender<()>>);

impl Display for Watch {
    fn show(&mut self, view: &View) {
        if view.bar.line == Line::Online
            && let Some(sender) = self.0.take()
        {
            let _ = sender.send(());
        }
    }

    fn play(&mut self, _: Sound) {}
}

fn print(test: &SelfTest, as_json: bool) -> Result<ExitCode, Failure> {
    let mut failed = false;
    for line in test.lines.iter().filter(|line| line.subject != TestSubject::Sound) {
        failed |= matches!(line.outcome, TestOutcome::Failed { .. });
        if as_json {
            say!("{}", json!({ "subject": line.subject, "outcome": line.outcome }))?;
            continue;
        }
        let subject = json!(line.subject).as_str().unwrap_or_default().to_owned();
        match &line.outcome {
            TestOutcome::Well { found } => say!("ok    {subject}: {}", told(&json!(found)))?,
            TestOutcome::Failed { why } => say!("FAIL  {subject}: {} ({})", what_to_do(why), why.code())?,
            TestOutcome::Running | TestOutcome::Asks => {}
        }
    }
    Ok(if failed { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// Returns a finding as words and figures.
fn told(found: &Value) -> String {
    let Some(found) = found.as_object() else { return String::new() };
    let figures = found.iter().filter(|(name, _)| *name != "kind");
    let figures = figures.map(|(name, value)| format!(", {name} {value}"));
    let kind = found.get("kind").and_then(Value::as_str).unwrap_or_default();
    format!("{kind}{}", figures.collect::<String>())
}

/// Returns in one sentence what to do about a failure.
fn what_to_do(why: &TestFailure) -> String {
    let sentence = match why {
        TestFailure::Camera { fault } => {
            return format!(
                "{}: plug it in anew, then run `kadian camera`",
                json!(fault).as_str().unwrap_or_default()
            );
        }
        TestFailure::Scanner { trouble } => {
            return match trouble {
                ScannerTrouble::Absent => "the scanner is not there: plug it in, or choose it again",
                ScannerTrouble::NoPermission => "this account may not read the scanner: see docs/scanners.md",
                ScannerTrouble::Busy => "another program holds the scanner: end it, ModemManager first",
                ScannerTrouble::Unusable => "the scanner does not work as what was chosen: choose it again",
            }
            .to_owned();
        }
        TestFailure::Relay { trouble } => {
            return crate::relay::what_to_do(match trouble {
                RelayTrouble::Absent => RelayFault::Absent,
                RelayTrouble::NoPermission => RelayFault::NoPermission,
                RelayTrouble::Busy => RelayFault::Busy,
                RelayTrouble::Unusable => RelayFault::Unusable,
                RelayTrouble::IsScanner => RelayFault::IsScanner,
            })
            .to_owned();
        }
        TestFailure::FewPictures { rate } => {
            return format!("only {rate} pictures a second: use another USB port or more light");
        }
        TestFailure::SamplesUnread { read, count } => {
            return format!("{read} of {count} sample codes were read: install the program anew");
        }
        TestFailure::SamplesSlow { millis } => {
            return format!("a sample code took {millis} ms: close other programs");
        }
        TestFailure::DiskFull { free } => return format!("{free} MB are free: remove files from this disk"),
        TestFailure::TrustOld { days } => {
            return format!("the trust list is {days} days old: go online, or ask the office why");
        }
        TestFailure::SetAside { count } => {
            return format!("{count} reports are set aside: run `kadian station export`");
        }
        TestFailure::BatteryLow { percent } => return format!("{percent} % are left: plug the charger in"),
        TestFailure::Frozen => "the camera repeats one picture: plug it in anew",
        TestFailure::NotHeard => "turn the volume up, or connect a loudspeaker",
        TestFailure::DiskNotWritable => {
            "the station's folder cannot be written: check the disk and its rights"
        }
        TestFailure::DiskAltered => "the disk does not return what was written: replace it",
        TestFailure::NoReserve => "room could not be set aside: remove files from this disk",
        TestFailure::ClockWrong => "set the machine's clock, or go online",
        TestFailure::TrustMissing => "trust files are missing: go online, or enrol anew",
        TestFailure::TrustRefused => "a trust file does not verify: go online, or enrol anew",
        TestFailure::TrustExpired => "the trust files have expired: go online",
        TestFailure::OutboxDamaged => {
            "the outbox was damaged: look at `kadian station export`, and at the disk"
        }
        TestFailure::OutboxBusy => "another program holds the outbox: end it",
        TestFailure::KeyUnreadable => "station.key cannot be read: give it to its owner alone (mode 600)",
        TestFailure::KeyWrong => "station.key is not this station's: enrol anew",
        TestFailure::NetworkClock => {
            "set the machine's clock: it is outside the dates of the office's certificate"
        }
        TestFailure::NotTheOffice => "somebody else answers for the office: check proxies and sign-in pages",
        TestFailure::DisplayMissing => "the residents' display is not connected: plug it in",
        TestFailure::NotTried => "it could not be tried: run it again",
    };
    sentence.to_owned()
}
