//! `reader-bench read`: reads codes from picture files, and scores the reader on a set of them.

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use code_reader::{Corners, GreyFrame};
use picture::{Named, Pictures, Problem, one_line, path_in_a_line, without};

use crate::VIEW_SIDE;
use crate::clock::{cpu_clock, timed};
use crate::decoder::{Decoder, Seen};
use crate::decoder_name::DecoderName;
use crate::manifest::{Expected, Judged, Manifest};

/// Reads QR codes from picture files (PNG, JPEG, WebP, GIF, BMP, TIFF) and from the pages of a PDF.
///
/// Each picture is turned to grey and scaled down until its longest side is at most 1280 pixels, as a
/// camera would show it. Each picture gives one line, whatever its name: its path, then its text or the
/// reason why there is none. A path that cannot be opened has its line too, and those after it are read.
///
/// With a manifest, the pictures that it lists are read and compared with it. The last line is the
/// score: `read R of N (P %), wrong W, median M ms, p95 Q ms`. N counts the views that contain a code.
/// W counts the views with an unexpected text, including those without a code. Milliseconds are
/// computing time of the reading thread, so that a busy machine gives the same result.
///
/// Exit status: 0; 1 if a picture gave no text (without a manifest) or a wrong one (with one);
/// 2 if something could not be opened, or a folder has no picture in it.
#[derive(Debug, clap::Args)]
pub(crate) struct ReadArgs {
    /// The expected texts: a tab-separated file with one header line. Each line is a path relative to
    /// this file, then the SHA-256 of the text's UTF-8 bytes. For several right texts, write `any-of:`
    /// and their hashes with commas between; for a picture without a code, `-`. Further columns are
    /// ignored.
    #[arg(long, value_name = "TSV")]
    manifest: Option<PathBuf>,
    /// Try each picture at 0, 90, 180 and 270 degrees, as four views.
    #[arg(long)]
    rotations: bool,
    /// Print one JSON object a line instead.
    #[arg(long)]
    json: bool,
    /// The decoder: `ladder` is the reader of a gate; `rqrr`, `zxing` and `lay-flat` are single decoders.
    #[arg(long, value_name = "NAME", default_value_t = DecoderName::Ladder)]
    decoder: DecoderName,
    /// Also write the views that were missed or wrong to this file, tab-separated with one header line:
    /// path, rotation, and what was seen. Without a manifest, write the views that gave no text.
    #[arg(long, value_name = "FILE")]
    missed: Option<PathBuf>,
    /// Time for each view in milliseconds of computing.
    #[arg(long, value_name = "MS", default_value_t = code_reader::BUDGET.as_millis() as u64)]
    budget: u64,
    /// Pictures, or folders of pictures. With a manifest, only the listed pictures among these are
    /// read, or all listed pictures if no path is given.
    #[arg(value_name = "PATH", required_unless_present = "manifest")]
    paths: Vec<PathBuf>,
}

/// Most codes that are read in one picture.
const CODES: usize = 32;

/// The result of one view.
struct View<'a> {
    path: &'a str,
    degrees: u16,
    seen: &'a Seen,
    /// The further codes that show once each that was read is covered, where they were asked for.
    further: &'a [(String, Corners)],
    /// The comparison with the manifest, if there is one.
    judged: Option<Judged>,
    took: Duration,
}

#[derive(Default)]
struct Score {
    read: usize,
    with_code: usize,
    wrong: usize,
    nothing: usize,
    unopened: usize,
    took: Vec<f64>,
}

/// Runs `reader-bench read`.
///
/// # Errors
/// A sentence for the person, if nothing could be read at all, or nothing can be written.
pub(crate) fn run(args: &ReadArgs) -> Result<ExitCode, String> {
    let manifest = args.manifest.as_deref().map(Manifest::open).transpose()?;
    let has_manifest = manifest.is_some();
    let pictures: Vec<(Named, Option<Expected>)> = match manifest {
        Some(manifest) => {
            let listed = manifest.among(&args.paths)?.into_iter();
            listed.map(|(path, expected)| (Named { path, problem: None }, expected)).collect()
        }
        None => picture::find(&args.paths).into_iter().map(|named| (named, None)).collect(),
    };
    let mut decoder = args.decoder.start(Duration::from_millis(args.budget), cpu_clock());
    let mut score = Score::default();
    let mut missed = String::from("path\trotation\tseen\n");
    for (named, expected) in &pictures {
        let opened = match &named.problem {
            None => picture::pictures(&named.path),
            Some(problem) => Err(problem.clone()),
        };
        let has_pages = opened.as_ref().is_ok_and(Pictures::has_pages);
        let frames: Box<dyn Iterator<Item = Result<GreyFrame, Problem>>> = match opened {
            Ok(pictures) => Box::new(pictures),
            Err(problem) => Box::new(std::iter::once(Err(problem))),
        };
        for (page, frame) in (1..).zip(frames) {
            let mut path = path_in_a_line(&named.path);
            if has_pages {
                path.push_str(&format!(" page {page}"));
            }
            let mut frame = match frame {
                Ok(frame) => frame.shrunk(VIEW_SIDE),
                Err(problem) => {
                    eprintln!("reader-bench read: {path}: {problem}");
                    if !print(&unopened(&path, &problem, args.json))? {
                        return Ok(ExitCode::SUCCESS);
                    }
                    score.unopened += 1;
                    // A picture with a code that cannot be opened counts as missed.
                    if expected.as_ref().is_some_and(Expected::has_code) {
                        score.with_code += if args.rotations { 4 } else { 1 };
                    }
                    continue;
                }
            };
            for quarter in 0..if args.rotations { 4 } else { 1 } {
                if quarter > 0 {
                    frame = frame.rotate90();
                }
                let (seen, took) = look(decoder.as_mut(), &frame);
                let further = if args.json { further(decoder.as_mut(), &frame, &seen) } else { Vec::new() };
                let judged = expected.as_ref().map(|expected| expected.judge(&seen.texts));
                let view =
                    View { path: &path, degrees: quarter * 90, seen: &seen, further: &further, judged, took };
                if !print(&if args.json { view.json() } else { view.line() })? {
                    return Ok(ExitCode::SUCCESS);
                }
                view.note(&mut missed);
                score.add(&view);
            }
        }
    }
    if has_manifest {
        print(&score.line(args.json))?;
    }
    if let Some(path) = &args.missed {
        fs::write(path, missed).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(score.exit(has_manifest))
}

/// Prints a line. Returns `false` if nobody reads any more: the pipe was closed.
fn print(line: &str) -> Result<bool, String> {
    match writeln!(io::stdout(), "{line}") {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(format!("standard output: {error}")),
    }
}

fn look(decoder: &mut dyn Decoder, frame: &GreyFrame) -> (Seen, Duration) {
    decoder.restart();
    let (seen, took) = timed(|| decoder.read(frame));
    (seen, took.cpu)
}

/// Returns the line of a path that could not be opened.
fn unopened(path: &str, problem: &Problem, json: bool) -> String {
    if json {
        serde_json::json!({ "path": path, "problem": problem.code(), "sentence": problem.to_string() })
            .to_string()
    } else {
        format!("{path}\t({problem})")
    }
}

/// Reads the codes that are left where each that was read is covered.
fn further(decoder: &mut dyn Decoder, frame: &GreyFrame, first: &Seen) -> Vec<(String, Corners)> {
    let mut found = Vec::new();
    let mut last = first.corners.filter(|_| !first.texts.is_empty());
    let mut left = frame.clone();
    while let Some(rest) = last.filter(|_| found.len() < CODES).and_then(|corners| without(&left, &corners)) {
        left = rest;
        let (seen, _) = look(decoder, &left);
        let next = seen.texts.into_iter().next().zip(seen.corners);
        last = next.as_ref().map(|(_, corners)| *corners);
        found.extend(next);
    }
    found
}

impl View<'_> {
    fn line(&self) -> String {
        let said = self.said();
        let turned = if self.degrees == 0 { String::new() } else { format!(" @{}", self.degrees) };
        let judged = self.judged.map(|judged| format!("{}\t", judged.word())).unwrap_or_default();
        format!("{judged}{}{turned}\t{said}", self.path)
    }

    fn said(&self) -> String {
        match self.seen.texts.first() {
            Some(text) => {
                let part = self.seen.part.map(|part| format!("(part {} of {}) ", part.number, part.of));
                part.unwrap_or_default() + &one_line(text)
            }
            None => format!("({})", self.seen.word()),
        }
    }

    fn json(&self) -> String {
        serde_json::json!({
            "path": self.path,
            "rotation": self.degrees,
            "text": self.seen.texts.first(),
            "part": self.seen.part.map(|part| [part.number, part.of]),
            "hint": self.seen.hint,
            "corners": self.seen.corners,
            "texts": self.texts(),
            "others": self.others(),
            "judged": self.judged.map(Judged::word),
            "ms": (self.took.as_secs_f64() * 1e6).round() / 1e3,
        })
        .to_string()
    }

    /// All texts with their corners, where the decoder gives any.
    fn texts(&self) -> Vec<serde_json::Value> {
        let first = self
            .seen
            .texts
            .first()
            .map(|text| serde_json::json!({ "text": text, "corners": self.seen.corners }));
        let further = self.further.iter();
        let further = further.map(|(text, corners)| serde_json::json!({ "text": text, "corners": corners }));
        first.into_iter().chain(further).collect()
    }

    fn others(&self) -> usize {
        self.seen.others + self.seen.texts.len().saturating_sub(1)
    }

    /// Adds the view to the list of those that went wrong, if it did.
    fn note(&self, missed: &mut String) {
        let failed = match self.judged {
            Some(judged) => matches!(judged, Judged::Missed | Judged::Wrong),
            None => self.seen.texts.is_empty(),
        };
        if failed {
            missed.push_str(&format!("{}\t{}\t{}\n", self.path, self.degrees, self.said()));
        }
    }
}

impl Score {
    fn add(&mut self, view: &View) {
        self.took.push(view.took.as_secs_f64() * 1e3);
        self.nothing += usize::from(view.seen.texts.is_empty());
        match view.judged {
            Some(Judged::Read) => {
                self.read += 1;
                self.with_code += 1;
            }
            Some(Judged::Missed) => self.with_code += 1,
            Some(Judged::Wrong) => self.wrong += 1,
            Some(Judged::RightlyNothing) | None => {}
        }
    }

    fn line(&mut self, json: bool) -> String {
        self.took.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let index = (self.took.len() as f64 * share) as usize;
            self.took.get(index.min(self.took.len().saturating_sub(1))).copied().unwrap_or(0.0)
        };
        let percent =
            if self.with_code == 0 { 0.0 } else { 100.0 * self.read as f64 / self.with_code as f64 };
        let (median, p95) = (at(0.5), at(0.95));
        if json {
            return serde_json::json!({
                "read": self.read, "of": self.with_code, "percent": percent, "wrong": self.wrong,
                "median_ms": median, "p95_ms": p95, "unopened": self.unopened,
            })
            .to_string();
        }
        format!(
            "read {} of {} ({percent:.1} %), wrong {}, median {median:.1} ms, p95 {p95:.1} ms",
            self.read, self.with_code, self.wrong
        )
    }

    fn exit(&self, with_manifest: bool) -> ExitCode {
        let short = if with_manifest { self.wrong > 0 } else { self.nothing > 0 };
        match (self.unopened > 0, short) {
            (true, _) => ExitCode::from(2),
            (false, true) => ExitCode::from(1),
            (false, false) => ExitCode::SUCCESS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{GrayImage, Luma};
    use qr_scenes::{Code, Level};

    /// A code with six pixels a module and a quiet zone.
    fn drawing(text: &str) -> GrayImage {
        let code = Code::new(text, 1, Level::M).unwrap();
        let side = (code.modules() as u32 + 8) * 6;
        GrayImage::from_fn(side, side, |x, y| {
            let module = |at: u32| (at as usize / 6).checked_sub(4).filter(|at| *at < code.modules());
            let is_dark = module(x).zip(module(y)).is_some_and(|(x, y)| code.is_dark(x, y));
            Luma([if is_dark { 0 } else { 255 }])
        })
    }

    #[test]
    fn what_a_decoder_missed_or_read_wrongly_is_listed() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let blank = GrayImage::from_pixel(200, 200, Luma([200]));
        blank.save(at("blank.png")).unwrap();
        for name in ["hello", "wrong"] {
            drawing(name).save(at(&format!("{name}.png"))).unwrap();
        }
        let hello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
        let manifest = format!("path\thash\nhello.png\t{hello}\nblank.png\t{hello}\nwrong.png\t-\n");
        fs::write(at("manifest.tsv"), manifest).unwrap();
        for &decoder in DecoderName::ALL {
            let args = ReadArgs {
                manifest: Some(at("manifest.tsv")),
                rotations: false,
                json: false,
                decoder,
                missed: Some(at("missed.tsv")),
                budget: 5000,
                paths: Vec::new(),
            };
            let exit = run(&args).unwrap();
            assert_eq!(format!("{exit:?}"), format!("{:?}", ExitCode::from(1)), "{decoder}: one is wrong");
            let missed = fs::read_to_string(at("missed.tsv")).unwrap();
            let (blank, wrong) = (at("blank.png"), at("wrong.png"));
            let lines = format!(
                "path\trotation\tseen\n{}\t0\t(nothing)\n{}\t0\twrong\n",
                blank.display(),
                wrong.display()
            );
            assert_eq!(missed, lines, "{decoder}");
        }
    }
}
