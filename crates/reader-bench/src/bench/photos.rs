//! Measures how many of a set of photographs are read, in how much time.
//!
//! The unit is z: zxing-cpp's median computing time on the same pictures in the same run. So figures of
//! different machines compare.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use code_reader::GreyFrame;

use super::options::Options;
use super::peer_file::PeerFile;
use super::photo_tables::{BUDGETS, Measured, Outcome, Seconds, View};
use super::{plot, report};
use crate::VIEW_SIDE;
use crate::clock::{cpu_clock, timed};
use crate::decoder::Decoder;
use crate::decoder_name::DecoderName;
use crate::gate_reader::GateReader;
use crate::manifest::{Expected, Judged, Manifest};
use crate::picture;

/// Time for each frame of the other decoders that keep a budget: enough for all that they do.
const PATIENCE: Duration = Duration::from_millis(200);

/// How many of a set of photographs each decoder reads in how much time, at four rotations.
#[derive(clap::Args)]
pub(crate) struct PhotoArgs {
    /// A folder with a `manifest.tsv`, as `reader-bench read --manifest` takes it.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Also write the views that the ladder missed or read wrongly at its largest budget to this file:
    /// path, rotation and what it saw, tab-separated.
    #[arg(long, value_name = "FILE")]
    missed: Option<PathBuf>,
    /// Also compare with the results of another program, as NAME=FILE. Each line of the file is a view: path,
    /// rotation from 0 to 3, milliseconds, and the texts in hex with a dot behind each and commas between.
    #[arg(long, value_name = "NAME=FILE")]
    peer: Vec<String>,
    #[command(flatten)]
    options: Options,
}

/// Runs the bench.
pub(crate) fn run(args: &PhotoArgs) -> Result<(), String> {
    let options = &args.options;
    let manifest = Manifest::open(&args.folder.join("manifest.tsv"))?;
    let pictures: Vec<(PathBuf, Option<Expected>)> =
        manifest.among(&[])?.into_iter().step_by(if options.quick { 10 } else { 1 }).collect();
    let files = args.peer.iter().map(|peer| PeerFile::open(peer)).collect::<Result<Vec<_>, _>>()?;
    let names: Vec<DecoderName> =
        options.decoders.iter().copied().filter(|name| *name != DecoderName::Ladder).collect();
    let mut views = Vec::new();
    let mut peers: Vec<_> = names.iter().map(|name| name.start(PATIENCE, cpu_clock())).collect();
    each(&args.folder, &pictures, |name, quarter, frame, expected| {
        let mut outcomes: Vec<Outcome> =
            peers.iter_mut().map(|peer| look(peer.as_mut(), frame, expected).0).collect();
        outcomes.extend(files.iter().map(|file| file.outcome(name, quarter, expected)));
        views.push(View {
            path: name.to_string_lossy().into_owned(),
            has_code: expected.has_code(),
            peers: outcomes,
            ladder: Vec::new(),
        });
    })?;
    let z = unit(&names, &views);
    let mut ladders: Vec<_> =
        BUDGETS.iter().map(|&times| GateReader::ladder(z * times, cpu_clock()).without_hints()).collect();
    let mut missed = "path\trotation\tseen\n".to_owned();
    let mut at = 0;
    each(&args.folder, &pictures, |name, quarter, frame, expected| {
        for ladder in &mut ladders {
            let (outcome, said) = look(ladder, frame, expected);
            views[at].ladder.push(outcome);
            if views[at].ladder.len() == BUDGETS.len()
                && matches!(outcome.judged, Judged::Missed | Judged::Wrong)
            {
                missed.push_str(&format!("{}\t{}\t{said}\n", name.display(), quarter * 90));
            }
        }
        at += 1;
    })?;
    let named = names.iter().map(ToString::to_string).chain(files.iter().map(|file| file.name.clone()));
    let measured = Measured { names: named.collect(), z: z.as_secs_f64(), views };
    let text = measured.scores();
    println!("{}\n\n{text}\n\n{}", measured.by_folder(), measured.read_by_others());
    if let Some(path) = &args.missed {
        fs::write(path, missed).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    let Some(docs) = options.docs() else { return Ok(()) };
    plot::draw(&docs.join("pictures/read.svg"), &[measured.over_time()], 1, (720, 420))?;
    let page = docs.join("measurements/reading.md");
    report::put(&page, "read", &text)?;
    report::put(&page, "read-folders", &measured.by_folder())?;
    report::put(&page, "read-missed", &measured.read_by_others())
}

/// Shows each picture at four rotations.
fn each(
    folder: &Path,
    pictures: &[(PathBuf, Option<Expected>)],
    mut show: impl FnMut(&Path, u32, &GreyFrame, &Expected),
) -> Result<(), String> {
    for (path, expected) in pictures {
        let Some(expected) = expected else { continue };
        let name = path.strip_prefix(folder).unwrap_or(path);
        let mut frame =
            picture::open(path).map_err(|error| format!("{}: {error}", name.display()))?.shrunk(VIEW_SIDE);
        for quarter in 0..4 {
            if quarter > 0 {
                frame = frame.rotate90();
            }
            show(name, quarter, &frame, expected);
        }
    }
    Ok(())
}

fn look(decoder: &mut dyn Decoder, frame: &GreyFrame, expected: &Expected) -> (Outcome, &'static str) {
    decoder.restart();
    let (seen, took) = timed(|| decoder.read(frame));
    let judged = expected.judge(&seen.texts);
    let said = if judged == Judged::Missed { seen.word() } else { judged.word() };
    (Outcome { judged, took }, said)
}

/// Returns z: the median computing time of zxing-cpp, or a millisecond if it was not run.
fn unit(names: &[DecoderName], views: &[View]) -> Duration {
    let zxing = names.iter().position(|name| name.name() == "zxing");
    let times = zxing.map(|at| Seconds::new(views.iter().map(|view| view.peers[at].took.cpu.as_secs_f64())));
    let median = times.and_then(|times| times.at(0.5)).unwrap_or(1e-3);
    Duration::from_secs_f64(median)
}
