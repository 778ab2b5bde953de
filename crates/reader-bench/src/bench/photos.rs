//! Measures how many of a set of photographs are read, and how fast.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use code_reader::GreyFrame;

use super::options::Options;
use super::plot::{self, Curve, Panel};
use super::report;
use super::table::Table;
use crate::VIEW_SIDE;
use crate::clock::{Took, timed};
use crate::decoder::Decoder;
use crate::decoder_name::DecoderName;
use crate::manifest::{Expected, Judged, Manifest};
use crate::picture;

/// How many of a set of photographs each decoder reads, and how fast, at four rotations.
#[derive(clap::Args)]
pub(crate) struct PhotoArgs {
    /// A folder with a `manifest.tsv`, as `reader-bench read --manifest` takes it.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Also write the views that the last decoder missed or read wrongly to this file, tab-separated:
    /// path, rotation, and what each decoder saw.
    #[arg(long, value_name = "FILE")]
    missed: Option<PathBuf>,
    #[command(flatten)]
    options: Options,
}

/// The result of one decoder on one view.
#[derive(Clone, Copy)]
struct Outcome {
    judged: Judged,
    took: Took,
}

/// One view, and the result of each decoder.
struct View {
    folder: String,
    has_code: bool,
    outcomes: Vec<Outcome>,
}

/// Runs the bench.
pub(crate) fn run(args: &PhotoArgs) -> Result<(), String> {
    let options = &args.options;
    let manifest = Manifest::open(&args.folder.join("manifest.tsv"))?;
    let pictures = manifest.among(&[])?;
    let step = if options.quick { 10 } else { 1 };
    let mut decoders = options.start();
    let mut views = Vec::new();
    let mut missed = "path\trotation".to_owned();
    for decoder in &options.decoders {
        let _ = write!(missed, "\t{decoder}");
    }
    missed.push('\n');
    for (path, expected) in pictures.iter().step_by(step) {
        let Some(expected) = expected else { continue };
        let name = path.strip_prefix(&args.folder).unwrap_or(path);
        let mut frame =
            picture::open(path).map_err(|error| format!("{}: {error}", name.display()))?.shrunk(VIEW_SIDE);
        for quarter in 0..4 {
            if quarter > 0 {
                frame = frame.rotate90();
            }
            let (view, said) = look(&mut decoders, &frame, expected, name);
            if matches!(view.outcomes.last(), Some(it) if matches!(it.judged, Judged::Missed | Judged::Wrong))
            {
                // Writing to a String cannot fail.
                let _ = writeln!(missed, "{}\t{}\t{}", name.display(), quarter * 90, said.join("\t"));
            }
            views.push(view);
        }
    }
    let text = format!("{}\n\n{}", scores(&views, options).markdown(), counted(&views));
    println!("{}\n\n{text}", by_folder(&views, options).markdown());
    if let Some(path) = &args.missed {
        fs::write(path, missed).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    let Some(docs) = options.docs() else { return Ok(()) };
    plot::draw(&docs.join("pictures/read.svg"), &[over_time(&views, options)], 1, (720, 420))?;
    report::put(&docs.join("measurements/reading.md"), "read", &text)
}

fn look(
    decoders: &mut [Box<dyn Decoder>],
    frame: &GreyFrame,
    expected: &Expected,
    name: &Path,
) -> (View, Vec<&'static str>) {
    let mut said = Vec::new();
    let mut outcomes = Vec::new();
    for decoder in decoders {
        decoder.restart();
        let (seen, took) = timed(|| decoder.read(frame));
        let judged = expected.judge(&seen.texts);
        said.push(if judged == Judged::Missed { seen.word() } else { judged.word() });
        outcomes.push(Outcome { judged, took });
    }
    let folder = name.components().next().map(|it| it.as_os_str().to_string_lossy().into_owned());
    (View { folder: folder.unwrap_or_default(), has_code: expected.has_code(), outcomes }, said)
}

/// Returns the outcomes of one decoder.
fn of(views: &[View], decoder: usize) -> impl Iterator<Item = Outcome> + use<'_> {
    views.iter().filter_map(move |view| view.outcomes.get(decoder).copied())
}

fn scores(views: &[View], options: &Options) -> Table {
    let mut table = Table::new([
        "decoder",
        "read",
        "wrong",
        "median ms",
        "p95 ms",
        "most ms",
        "most ms without a code",
        "median / p95 ms by the wall",
    ]);
    let with_code = views.iter().filter(|view| view.has_code).count();
    let share = |read: usize| format!("{:.1} %", 100.0 * read as f64 / with_code.max(1) as f64);
    for (at, decoder) in options.decoders.iter().enumerate() {
        let count = |wanted| of(views, at).filter(|outcome| outcome.judged == wanted).count();
        let cpu = Times::new(of(views, at).map(|outcome| outcome.took.cpu.as_secs_f64()));
        let wall = Times::new(of(views, at).map(|outcome| outcome.took.wall.as_secs_f64()));
        let empty = views.iter().filter(|view| !view.has_code).filter_map(|view| view.outcomes.get(at));
        let empty = Times::new(empty.map(|outcome| outcome.took.cpu.as_secs_f64()));
        table.row([
            decoder.to_string(),
            share(count(Judged::Read)),
            count(Judged::Wrong).to_string(),
            cpu.at(0.5),
            cpu.at(0.95),
            cpu.at(1.0),
            empty.at(1.0),
            format!("{} / {}", wall.at(0.5), wall.at(0.95)),
        ]);
    }
    let any = |view: &&View| view.outcomes.iter().any(|outcome| outcome.judged == Judged::Read);
    let together = share(views.iter().filter(any).count());
    table.row(["all together", &together, "", "", "", "", "", ""]);
    table
}

fn counted(views: &[View]) -> String {
    let with_code = views.iter().filter(|view| view.has_code).count();
    let (pictures, empty) = (with_code / 4, (views.len() - with_code) / 4);
    format!(
        "{pictures} pictures with a code and {empty} without, at four rotations: {with_code} and {} views.",
        views.len() - with_code
    )
}

fn by_folder(views: &[View], options: &Options) -> Table {
    let head = ["folder".to_owned(), "views".to_owned()].into_iter();
    let mut table = Table::new(head.chain(options.decoders.iter().map(ToString::to_string)));
    let mut folders: BTreeMap<&str, Vec<&View>> = BTreeMap::new();
    for view in views.iter().filter(|view| view.has_code) {
        folders.entry(&view.folder).or_default().push(view);
    }
    for (folder, views) in folders {
        let share = |at: usize| {
            let is_read = |view: &&&View| view.outcomes.get(at).is_some_and(|it| it.judged == Judged::Read);
            let read = views.iter().filter(is_read).count();
            format!("{:.1} %", 100.0 * read as f64 / views.len() as f64)
        };
        let cells = [folder.to_owned(), views.len().to_string()].into_iter();
        table.row(cells.chain((0..options.decoders.len()).map(share)));
    }
    table
}

/// Returns the share that is read within so many milliseconds of computing.
fn over_time(views: &[View], options: &Options) -> Panel {
    const MOST_MS: f64 = 40.0;
    let with_code = views.iter().filter(|view| view.has_code).count().max(1);
    let curve = |(at, decoder): (usize, &DecoderName)| {
        let read = of(views, at).filter(|outcome| outcome.judged == Judged::Read);
        let mut times: Vec<f64> = read.map(|outcome| outcome.took.cpu.as_secs_f64() * 1e3).collect();
        times.sort_by(f64::total_cmp);
        let point = |step: u32| {
            let ms = MOST_MS * f64::from(step) / 200.0;
            (ms, 100.0 * times.partition_point(|&time| time <= ms) as f64 / with_code as f64)
        };
        Curve { name: decoder.to_string(), points: (0..=200).map(point).collect() }
    };
    Panel {
        title: "Share of the photographs read, in %".to_owned(),
        over: "milliseconds of one core".to_owned(),
        range: 0.0..MOST_MS,
        stops: Vec::new(),
        curves: options.decoders.iter().enumerate().map(curve).collect(),
    }
}

/// Sorted times in seconds.
struct Times(Vec<f64>);

impl Times {
    fn new(seconds: impl Iterator<Item = f64>) -> Self {
        let mut times: Vec<f64> = seconds.collect();
        times.sort_by(f64::total_cmp);
        Self(times)
    }

    /// Returns the time within which this share stays, in milliseconds.
    fn at(&self, share: f64) -> String {
        let index = ((self.0.len() as f64 * share) as usize).min(self.0.len().saturating_sub(1));
        self.0.get(index).map_or_else(|| "–".to_owned(), |seconds| format!("{:.1}", seconds * 1e3))
    }
}
