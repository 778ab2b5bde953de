//! The `kadian` command.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod camera;
mod clock;
mod demo;
mod dgc;
mod dsc;
mod entropy;
mod files;
mod hex;
mod inspect;
mod judge;
mod live;
mod qr;
mod read;
mod station;
mod trust;
mod verify;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Exit status of bad usage and of faults; clap uses the same one.
const TROUBLE: u8 = 2;

/// Kadian (卡点): a gate that reads signed health codes with no network.
#[derive(Parser)]
#[command(
    version,
    arg_required_else_help = true,
    after_help = "Begin here:\n  \
        kadian demo target/demo/world           make a world to try things in\n  \
        kadian verify --trust target/demo/world/trust target/demo/world/codes/green.png\n  \
        kadian live target/demo/world           show codes that are always fresh\n\n\
        Each command has examples of its own: kadian verify --help"
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Demo(demo::DemoArgs),
    Verify(verify::VerifyArgs),
    Trust(trust::TrustArgs),
    Inspect(inspect::InspectArgs),
    Dgc(dgc::DgcArgs),
    Read(read::ReadArgs),
    Live(live::LiveArgs),
    Station(station::StationArgs),
    Camera(camera::CameraArgs),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Trust(arguments) => trust::run(&arguments),
        Command::Inspect(arguments) => inspect::run(&arguments),
        Command::Dgc(arguments) => dgc::run(&arguments),
        Command::Read(arguments) => read::run(&arguments),
        Command::Live(arguments) => live::run(&arguments),
        Command::Station(arguments) => station::run(&arguments),
        Command::Camera(arguments) => camera::run(&arguments),
    };
    outcome.unwrap_or_else(|sentence| {
        eprintln!("kadian: {sentence}");
        ExitCode::from(TROUBLE)
    })
}
