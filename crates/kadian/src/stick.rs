//! `kadian stick`: looks at a stick, or carries it, for a station that no window runs.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use gate::View;
use gate::action::Sound;
use gate::window::stick::{ReceiptsOnStick, ReportsOnStick, StickSeen, TrustOnStick, Versions};
use program::moment::rfc3339;
use program::{Failure, say};
use station::{CameraChoice, Display, Headless, StartError, StartOptions, Station};

/// Look at a USB stick, or carry it: trust files and receipts in, sealed reports out
///
/// For a station that no window runs. The same stick again, or the same reports by a network later, change nothing.
#[derive(Args)]
#[command(after_help = "Examples:\n  kadian stick show /media/stick --dir station\n  \
        kadian stick carry /media/stick --dir station\n\n\
        While a window runs the station, carry it there: the administrator's workbench, page USB stick. A headless\n\
        station takes the line {\"kind\":\"stick\",\"folder\":\"/media/stick\",\"carry\":true}. The exit code is 1 where\n\
        something could not be taken or written.")]
pub(crate) struct StickArgs {
    #[command(subcommand)]
    command: StickCommand,
}

#[derive(Subcommand)]
enum StickCommand {
    /// Say what carrying the stick would do, and change nothing
    Show(OnStick),
    /// Take in trust files and receipts, and write what waits
    Carry(OnStick),
}

#[derive(Args)]
struct OnStick {
    /// The folder where the stick is mounted
    #[arg(value_name = "STICK")]
    stick: PathBuf,
    /// The station's folder; no station may run on it
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// Print a JSON object
    #[arg(long)]
    json: bool,
}

/// A display that nobody looks at.
struct Unseen;

impl Display for Unseen {
    fn show(&mut self, _: &View) {}
    fn play(&mut self, _: Sound) {}
}

pub(crate) fn run(arguments: &StickArgs) -> Result<ExitCode, Failure> {
    let (OnStick { stick, dir, json }, carry) = match &arguments.command {
        StickCommand::Show(on) => (on, false),
        StickCommand::Carry(on) => (on, true),
    };
    if !stick.is_dir() {
        return Err(format!("{}: no stick is mounted here", stick.display()).into());
    }
    let seen = at(dir, stick, carry)?;
    if *json {
        let json = serde_json::to_string(&seen).map_err(|error| error.to_string())?;
        say!("{json}")?;
    } else {
        for line in lines(&seen) {
            say!("{line}")?;
        }
    }
    Ok(if has_problem(&seen) { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// Carries a stick for a folder that has just become a station, and says what was done.
pub(crate) fn carry(dir: &Path, stick: &Path) -> Result<(), Failure> {
    lines(&at(dir, stick, true)?).iter().try_for_each(|line| say!("{line}"))
}

/// Starts the folder's station without a network, and has it look at a stick, or carry it.
fn at(dir: &Path, stick: &Path, carry: bool) -> Result<StickSeen, Failure> {
    let (dir, camera) = (dir.to_owned(), Some(CameraChoice::None));
    let options = StartOptions { dir, camera, second_camera: None, network: false, stick: None };
    let station = Station::start_headless(options, Headless::default(), Box::new(Unseen));
    let station = station.map_err(|error| match error {
        StartError::InUse => {
            "a station runs on this folder: carry the stick there, or stop it first (in-use)".to_owned()
        }
        error => format!("{error} ({})", error.code()),
    })?;
    let seen = station.stick(stick, carry);
    station.stop();
    Ok(seen)
}

fn has_problem(seen: &StickSeen) -> bool {
    let trust = match seen.trust {
        TrustOnStick::Problem { .. } => true,
        TrustOnStick::Newer { left_out, .. } => left_out.is_some(),
        TrustOnStick::Nothing | TrustOnStick::Current => false,
    };
    trust
        || matches!(seen.receipts, ReceiptsOnStick::Problem { .. })
        || matches!(seen.reports, ReportsOnStick::Problem { .. })
}

fn lines(seen: &StickSeen) -> Vec<String> {
    let mut lines = vec![format!("trust in: {}", trust(&seen.trust))];
    if let TrustOnStick::Newer { left_out: Some(why), .. } = seen.trust {
        lines.push(format!("          something is left out: {} ({})", why.sentence(), why.code()));
    }
    lines.push(format!("receipts in: {}", receipts(&seen.receipts)));
    lines.push(format!("reports out: {}", reports(&seen.reports)));
    lines
}

fn trust(trust: &TrustOnStick) -> String {
    match trust {
        TrustOnStick::Nothing => "no trust files are on the stick".to_owned(),
        TrustOnStick::Current => "nothing is newer than what is here".to_owned(),
        TrustOnStick::Newer {
            root,
            list,
            community,
            revocations,
            people,
            checkpoints,
            policies,
            until,
            ..
        } => {
            let versions = |name, Versions { from, to }: &Versions| format!("{name} {from} → {to}");
            let policies = if *policies { "changed" } else { "as before" };
            format!(
                "{}, {}, {}; revocations {revocations:+}, people {people:+}, checkpoints {checkpoints:+}, \
                 policies {policies}; judges until {}",
                versions("root", root),
                versions("list", list),
                versions("community", community),
                rfc3339(*until)
            )
        }
        TrustOnStick::Problem { why } => format!("{} ({})", why.sentence(), why.code()),
    }
}

fn receipts(receipts: &ReceiptsOnStick) -> String {
    match receipts {
        ReceiptsOnStick::Nothing => "no receipts are on the stick".to_owned(),
        ReceiptsOnStick::Known => "they settle nothing that is not settled".to_owned(),
        ReceiptsOnStick::Settles { reports } => format!("the office has {reports} reports that waited here"),
        ReceiptsOnStick::Problem { why } => format!("{} ({})", why.sentence(), why.code()),
    }
}

fn reports(reports: &ReportsOnStick) -> String {
    match reports {
        ReportsOnStick::Nothing => "nothing waits".to_owned(),
        ReportsOnStick::Out { reports, more: 0 } => {
            format!("{reports} sealed reports, kept here until a receipt comes")
        }
        ReportsOnStick::Out { reports, more } => {
            format!(
                "{reports} sealed reports, kept here until a receipt comes; {more} more go with the next stick"
            )
        }
        ReportsOnStick::There { reports } => format!("all {reports} are on the stick already"),
        ReportsOnStick::Problem { why } => format!("{} ({})", why.sentence(), why.code()),
    }
}
