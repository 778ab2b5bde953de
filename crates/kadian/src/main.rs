//! The `kadian` command.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod camera;
mod clock;
mod code_text;
mod inspect;
mod judge;
mod problem;
mod read;
mod relay;
mod scan;
mod scanner;
mod sentences;
mod station;
mod stick;
mod verify;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Kadian (卡点): a gate that reads signed health codes with no network
///
/// For a technician at a laptop: enrol it, try its cameras and scanners, judge and take apart single codes.
/// `kadian-issue` makes trust files and demo worlds.
#[derive(Parser)]
#[command(
    version,
    arg_required_else_help = true,
    after_help = "Begin here:\n  \
        kadian station enrol --dir DIR --ticket 'KDT1:…'    make this laptop a station\n  \
        kadian camera                                       list its cameras\n  \
        kadian scanner                                      list its hand scanners\n  \
        kadian relay                                        list the ports of a lamp's or barrier's relay\n  \
        kadian stick carry /media/stick --dir DIR           trust files in, reports out\n  \
        kadian verify --trust DIR/trust code.png            judge one code\n  \
        kadian read photos/                                 read the codes of pictures\n\n\
        Each command has examples of its own: kadian verify --help"
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Verify(verify::VerifyArgs),
    Inspect(inspect::InspectArgs),
    Read(read::ReadArgs),
    Station(Box<station::StationArgs>),
    Stick(stick::StickArgs),
    Camera(camera::CameraArgs),
    Scanner(scanner::ScannerArgs),
    Relay(relay::RelayArgs),
}

fn main() -> ExitCode {
    program::run(|arguments: Arguments| match arguments.command {
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Inspect(arguments) => inspect::run(&arguments),
        Command::Read(arguments) => read::run(&arguments),
        Command::Station(arguments) => station::run(&arguments),
        Command::Stick(arguments) => stick::run(&arguments),
        Command::Camera(arguments) => camera::run(&arguments),
        Command::Scanner(arguments) => scanner::run(&arguments),
        Command::Relay(arguments) => relay::run(&arguments),
    })
}
