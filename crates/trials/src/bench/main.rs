//! `cargo xtask bench read | stress | sequences`: how well codes are read, and how fast.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod axes;
mod photos;
mod plot;
mod report;
mod sequences;
mod stress;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use code_reader::GreyFrame;
use qr_scenes::Scene;
use trials::{Decoder, DecoderName, cpu_clock};

/// Measures readers.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    part: Part,
    /// The decoders to compare, with commas between; the last one is compared with those before.
    #[arg(long, global = true, value_delimiter = ',', default_values_t = DecoderName::ALL.to_vec())]
    decoders: Vec<DecoderName>,
    /// Time for each frame in milliseconds, of the thread's own computing.
    #[arg(long, global = true, default_value_t = code_reader::limits::BUDGET.as_millis() as u64)]
    budget: u64,
    /// Fewer of everything: whether it runs, not what comes out.
    #[arg(long, global = true)]
    quick: bool,
    /// The folder `docs`, into which tables and pictures are then written.
    #[arg(long, global = true, value_name = "DIR")]
    docs: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Part {
    Read(photos::PhotoArgs),
    Stress(stress::StressArgs),
    Sequences(sequences::SequenceArgs),
}

/// What all parts need to know.
struct Setting {
    decoders: Vec<DecoderName>,
    budget: Duration,
    quick: bool,
    docs: Option<PathBuf>,
}

impl Setting {
    /// The decoders, started. Their budget is kept by this thread's own computing, so that it is
    /// the same on a busy machine.
    fn start(&self) -> Vec<Box<dyn Decoder>> {
        self.decoders.iter().map(|decoder| decoder.start(self.budget, cpu_clock())).collect()
    }
}

fn main() -> ExitCode {
    let Arguments { part, decoders, budget, quick, docs } = Arguments::parse();
    let setting = Setting { decoders, budget: Duration::from_millis(budget), quick, docs };
    let outcome = match part {
        Part::Read(arguments) => photos::run(&arguments, &setting),
        Part::Stress(arguments) => stress::run(&arguments, &setting),
        Part::Sequences(arguments) => sequences::run(&arguments, &setting),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("trials: {sentence}");
            ExitCode::FAILURE
        }
    }
}

/// A scene as the reader gets it.
fn frame(scene: &Scene) -> Result<GreyFrame, String> {
    let picture = scene.render().map_err(|error| error.to_string())?;
    GreyFrame::new(picture.width, picture.height, picture.luma).map_err(|error| error.to_string())
}
