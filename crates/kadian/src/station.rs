//! `kadian station`: enrols a station, and runs one without a window.

mod headless;
mod self_test;
mod stop;

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use program::{Failure, say};
use station::enrol::{ByStick, enrol_by_stick};
use station::limits::NAME_CHARS;
use station::{CameraChoice, ExportKind, Exported};

/// Longest ticket that is read, in bytes. No real one is as long.
const TICKET_BYTES: u64 = 16 * 1024;
/// Longest name of a laptop in bytes, as its enrolment carries it.
const NAME_BYTES: usize = 128;

/// Enrol a station, or run one without a window
#[derive(Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  \
        kadian station enrol --dir station --ticket 'KDT1:…' --name 'East gate'\n  \
        kadian station enrol --dir station --by-stick /media/stick\n  \
        kadian station --headless --dir station --camera none\n\n\
        A headless station reads one JSON object a line and ends with its input:\n  \
        {\"wing\":\"shift\",\"kind\":\"sign-in\",\"digits\":\"0001\",\"secret\":\"…\"}  what a person does at the screen\n  \
        {\"kind\":\"scan\",\"text\":\"KD1:…\"}                                  a code is held to the camera\n  \
        {\"kind\":\"confirm-shown\"}                                        Enter, as soon as the gate accepts it\n  \
        {\"kind\":\"network\",\"on\":false}                                   the network is off\n  \
        {\"kind\":\"send-now\"}                                            what waits is sent now\n  \
        {\"kind\":\"stick\",\"folder\":\"/media/stick\",\"carry\":true}         trust and receipts in, reports out\n  \
        {\"kind\":\"quit\"}\n\
        The station takes a line when the gate is ready for it: the PIN is checked, the last report is\n\
        on disk. So a whole script can be written at once. It prints one JSON object a line:\n  \
        {\"event\":\"started\"}, {\"event\":\"view\",\"view\":{…}}, {\"event\":\"sound\",\"sound\":\"pass\"},\n  \
        {\"event\":\"error\",\"code\":\"…\",\"line\":N,\"sentence\":\"…\"}, which says what would be right\n\
        It stops in order at the end of its input, and by SIGINT and SIGTERM. docs/headless.md has every input."
)]
pub(crate) struct StationArgs {
    #[command(subcommand)]
    command: Option<StationCommand>,
    #[command(flatten)]
    run: Option<RunArgs>,
}

#[derive(Subcommand)]
enum StationCommand {
    Enrol(EnrolArgs),
    Export(ExportArgs),
    SelfTest(self_test::SelfTestArgs),
    Witness(WitnessArgs),
}

/// Write sealed reports that this folder's station does not send to files
///
/// These are the outboxes of stations that the folder was before, and reports that the back office cannot
/// read. Only the back office can open them. What waits for this station's own line is not exported.
#[derive(Args)]
#[command(after_help = "Example:\n  kadian station export --dir station --to /media/stick")]
struct ExportArgs {
    /// The station's folder; no station may run on it
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// The folder for the files: a folder in it for each station
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// The key of the station that sealed them (station.key), where somebody kept it: it signs them
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Erase the reports from the station's folder once the files are written
    #[arg(long)]
    remove: bool,
}

/// Print which heads of the office's audit log the station saw, for `back-office audit verify --witness`
///
/// A line for each of the newest 32. The files of several stations may be joined. The station may run meanwhile.
#[derive(Args)]
#[command(
    after_help = "Example:\n  kadian station witness --dir station --to /media/stick/east-gate.witness"
)]
struct WitnessArgs {
    /// The station's folder
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// Write them to this file; what it held is replaced [default: standard output]
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

/// Make a folder a station of the back office that issued the ticket
#[derive(Args)]
struct EnrolArgs {
    /// The station's folder; it is made if missing
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// The ticket's text (KDT1:…), or - to read it from standard input
    #[arg(long, value_name = "TEXT", required_unless_present = "by_stick")]
    ticket: Option<String>,
    /// Name of this laptop, for people [default: the ticket's]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Ask by the stick that is mounted here, where no network is: the request is written to it, and the office's
    /// answer is taken from it once it is there. Without --ticket it is that of the request that waits, or of the
    /// stick's ticket.txt. Exits with 1 until the folder is a station
    #[arg(long, value_name = "STICK")]
    by_stick: Option<PathBuf>,
}

#[derive(Args)]
struct RunArgs {
    /// Run without a window, driven by lines on standard input
    #[arg(long, required = true)]
    headless: bool,
    /// The station's folder
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// Camera instead of the one in the settings: device, none, or simulated:DIR, which shows the
    /// codes that `kadian-issue live` writes to DIR
    #[arg(long, value_name = "CAMERA")]
    camera: Option<CameraChoice>,
    /// Second camera instead of the one in the settings, in the same form
    #[arg(long, value_name = "CAMERA")]
    second_camera: Option<CameraChoice>,
    /// Start with the network off
    #[arg(long)]
    offline: bool,
    /// Advance the gate's stopwatch where a person would have to wait, such as the 300 ms in which a
    /// new result ignores Enter. The wall clock, by which codes are judged and passages recorded,
    /// stays as it is
    #[arg(long)]
    hurry: bool,
}

pub(crate) fn run(arguments: &StationArgs) -> Result<ExitCode, Failure> {
    match (&arguments.command, &arguments.run) {
        (Some(StationCommand::Enrol(arguments)), _) => enrol(arguments),
        (Some(StationCommand::Export(arguments)), _) => export(arguments),
        (Some(StationCommand::SelfTest(arguments)), _) => self_test::run(arguments),
        (Some(StationCommand::Witness(arguments)), _) => witness(arguments),
        (None, Some(arguments)) => headless::run(arguments),
        (None, None) => {
            Err("say `enrol`, `export`, `self-test`, `witness` or --headless; see kadian station --help"
                .into())
        }
    }
}

fn enrol(arguments: &EnrolArgs) -> Result<ExitCode, Failure> {
    let ticket = match arguments.ticket.as_deref() {
        Some("-") => Some(read_ticket()?),
        text => text.map(str::to_owned),
    };
    // A name that is cut is another name.
    if let Some(name) = arguments.name.as_ref().filter(|name| !is_name(name)) {
        let limit = format!("1 to {NAME_CHARS} characters, of {NAME_BYTES} bytes, and no control character");
        return Err(format!("--name {name:?} is no name: it has {limit}").into());
    }
    if let Some(stick) = &arguments.by_stick {
        return by_stick(arguments, ticket.as_deref(), stick);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("no runtime: {error}"))?;
    let (dir, ticket) = (&arguments.dir, ticket.unwrap_or_default());
    let joined = runtime.block_on(station::enrol::enrol(dir, &ticket, arguments.name.as_deref()));
    joined.map_err(|error| format!("{error} ({})", error.code()))?;
    say!("{} is a station now.", arguments.dir.display())?;
    Ok(ExitCode::SUCCESS)
}

fn by_stick(arguments: &EnrolArgs, ticket: Option<&str>, stick: &Path) -> Result<ExitCode, Failure> {
    let EnrolArgs { dir, name, .. } = arguments;
    if !stick.is_dir() {
        return Err(format!("{}: no stick is mounted here", stick.display()).into());
    }
    let came = enrol_by_stick(dir, ticket, name.as_deref(), stick);
    match came.map_err(|error| format!("{error} ({})", error.code()))? {
        ByStick::Asked(station) => {
            say!(
                "{}: the request is written. Take the stick to the office.",
                stick.join(station.to_string()).display()
            )?;
            say!("{} is no station yet.", dir.display())?;
            Ok(ExitCode::from(1))
        }
        ByStick::Joined(_) => {
            say!("{} is a station now.", dir.display())?;
            // The stick may hold newer trust files than the answer.
            crate::stick::carry(dir, stick)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn is_name(name: &str) -> bool {
    let name = name.trim();
    let is_short = name.len() <= NAME_BYTES && name.chars().count() <= NAME_CHARS;
    !name.is_empty() && is_short && !name.contains(char::is_control)
}

fn export(arguments: &ExportArgs) -> Result<ExitCode, Failure> {
    let ExportArgs { dir, to, key, remove } = arguments;
    let exported = station::export(dir, to, key.as_deref(), *remove).map_err(|error| error.to_string())?;
    if exported.is_empty() {
        say!("There is nothing to export.")?;
    }
    for Exported { file, station, reports, kind } in exported {
        let what = match kind {
            ExportKind::Signed => "signed by its key",
            ExportKind::Unsigned => "unsigned, since its key is not here",
            ExportKind::Refused => "unsigned: the back office cannot read them",
        };
        say!("{}: {reports} sealed reports of station {station}, {what}", file.display())?;
    }
    Ok(ExitCode::SUCCESS)
}

fn witness(arguments: &WitnessArgs) -> Result<ExitCode, Failure> {
    let seen = station::witness(&arguments.dir).map_err(|error| error.to_string())?;
    match &arguments.to {
        Some(file) => {
            disk::replace(file, seen.as_bytes(), disk::Access::Everyone).map_err(|error| error.to_string())?
        }
        None => say!("{}", seen.trim_end())?,
    }
    Ok(ExitCode::SUCCESS)
}

fn read_ticket() -> Result<String, String> {
    let mut text = String::new();
    let read = std::io::stdin().take(TICKET_BYTES).read_to_string(&mut text);
    read.map_err(|error| format!("standard input: {error}"))?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::is_name;

    #[test]
    fn a_name_that_would_be_cut_is_no_name() {
        assert!(is_name("East gate") && is_name(&"x".repeat(64)) && is_name(&"样".repeat(42)));
        for bad in ["", "  ", "a\nb", &"x".repeat(65), &"样".repeat(43)] {
            assert!(!is_name(bad), "{bad:?}");
        }
    }
}
