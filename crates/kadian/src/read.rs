//! `kadian read`: codes from picture files, and how well the reader does on a set of them.

mod manifest;
mod picture;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use code_reader::{GreyFrame, Reader, Sighting};

use manifest::{Expected, Manifest};

/// Longest side of a view: what a camera at the gate would give.
const VIEW_SIDE: usize = 1280;

/// Reads QR codes from picture files (PNG or JPEG).
///
/// Each picture is turned to grey and scaled down until its longest side is at most 1280, as a
/// camera would show it. One line a picture: its path, then its text, or why there is none.
///
/// With a manifest the pictures it lists are read and compared with what it expects, and the last
/// line is the score: `read R of N (P %), wrong W, median M ms, p95 Q ms`. N counts the views that
/// hold a code, W every view with a text that is not expected, also where no code is.
///
/// Exit status: 0; 1 if a picture gave no text (without a manifest) or a wrong one (with one);
/// 2 if something could not be opened.
#[derive(Debug, clap::Args)]
pub struct ReadArgs {
    /// What to expect: tab-separated, one header line; a path relative to this file, then the
    /// SHA-256 of the text's UTF-8 bytes, or `any-of:` and several with commas between, or `-`
    /// where no code is to be found. Further columns are ignored.
    #[arg(long, value_name = "TSV")]
    manifest: Option<PathBuf>,
    /// Try each picture at 0, 90, 180 and 270 degrees, as four views.
    #[arg(long)]
    rotations: bool,
    /// Print one JSON object a line instead.
    #[arg(long)]
    json: bool,
    /// Time for each view in milliseconds.
    #[arg(long, value_name = "MS", default_value_t = code_reader::limits::BUDGET.as_millis() as u64)]
    budget: u64,
    /// Pictures, or folders of pictures. With a manifest: only what it lists among these;
    /// none means all that it lists.
    #[arg(value_name = "PATH", required_unless_present = "manifest")]
    paths: Vec<PathBuf>,
}

/// What one view gave.
struct View<'a> {
    path: &'a Path,
    degrees: u16,
    seen: &'a Sighting,
    /// How it compares with the manifest, if there is one.
    judged: Option<Judged>,
    took: Duration,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Judged {
    Read,
    Missed,
    Wrong,
    RightlyNothing,
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

/// Runs `kadian read`.
///
/// # Errors
/// A sentence for the person, where nothing could be read at all.
pub fn run(args: &ReadArgs) -> Result<ExitCode, String> {
    let manifest = args.manifest.as_deref().map(Manifest::open).transpose()?;
    let has_manifest = manifest.is_some();
    let pictures = match manifest {
        Some(manifest) => manifest.among(&args.paths)?,
        None => picture::find(&args.paths)?.into_iter().map(|path| (path, None)).collect(),
    };
    #[allow(clippy::disallowed_methods, reason = "a stopwatch for the reader")]
    let start = std::time::Instant::now();
    let budget = Duration::from_millis(args.budget);
    let mut reader = Reader::with_clock(budget, Box::new(move || start.elapsed()));
    let mut score = Score::default();
    for (path, expected) in &pictures {
        match picture::open(path) {
            Ok(frame) => {
                let mut view = frame.fit(VIEW_SIDE);
                for quarter in 0..if args.rotations { 4 } else { 1 } {
                    if quarter > 0 {
                        view = view.rotate90();
                    }
                    let view = look(
                        &mut reader,
                        &view,
                        path,
                        quarter * 90,
                        expected.as_ref(),
                        &move || start.elapsed(),
                        args.json,
                    );
                    score.add(view);
                }
            }
            Err(message) => {
                eprintln!("kadian read: {}: {message}", path.display());
                score.unopened += 1;
                // A picture that should hold a code and cannot be opened counts as missed.
                if expected.as_ref().is_some_and(Expected::has_code) {
                    score.with_code += if args.rotations { 4 } else { 1 };
                }
            }
        }
    }
    if has_manifest {
        println!("{}", score.line(args.json));
    }
    Ok(score.exit(has_manifest))
}

fn look(
    reader: &mut Reader,
    frame: &GreyFrame,
    path: &Path,
    degrees: u16,
    expected: Option<&Expected>,
    clock: &dyn Fn() -> Duration,
    json: bool,
) -> (Option<Judged>, bool, Duration) {
    let begin = clock();
    reader.restart();
    let seen = reader.read(frame);
    let took = clock().saturating_sub(begin);
    let text = match &seen {
        Sighting::Code(code) => Some(code.text.as_str()),
        _ => None,
    };
    let judged = expected.map(|expected| expected.judge(text));
    let view = View { path, degrees, seen: &seen, judged, took };
    println!("{}", if json { view.json() } else { view.line() });
    (judged, text.is_some(), took)
}

impl View<'_> {
    fn line(&self) -> String {
        let said = match self.seen {
            Sighting::Code(code) => printable(code.text.as_str()),
            Sighting::Unreadable { hint, .. } => format!("({})", hint.code()),
            Sighting::Nothing => "(nothing)".to_owned(),
        };
        let turned = if self.degrees == 0 { String::new() } else { format!(" @{}", self.degrees) };
        let judged = self.judged.map(|judged| format!("{}\t", judged.word())).unwrap_or_default();
        format!("{judged}{}{turned}\t{said}", self.path.display())
    }

    fn json(&self) -> String {
        let (text, hint, corners, others) = match self.seen {
            Sighting::Code(code) => (Some(code.text.as_str()), None, Some(code.corners), code.others),
            Sighting::Unreadable { hint, corners } => (None, Some(hint.code()), *corners, 0),
            Sighting::Nothing => (None, None, None, 0),
        };
        serde_json::json!({
            "path": self.path.to_string_lossy(),
            "rotation": self.degrees,
            "text": text,
            "hint": hint,
            "corners": corners,
            "others": others,
            "judged": self.judged.map(Judged::word),
            "ms": (self.took.as_secs_f64() * 1e6).round() / 1e3,
        })
        .to_string()
    }
}

impl Judged {
    fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Missed => "missed",
            Self::Wrong => "wrong",
            Self::RightlyNothing => "nothing",
        }
    }
}

impl Score {
    fn add(&mut self, (judged, any_text, took): (Option<Judged>, bool, Duration)) {
        self.took.push(took.as_secs_f64() * 1e3);
        self.nothing += usize::from(!any_text);
        match judged {
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

/// A code's text is a stranger's: nothing in it may drive the terminal or break the line.
fn printable(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            if c.is_control() || c == '\u{2028}' || c == '\u{2029}' {
                c.escape_unicode().collect::<Vec<_>>()
            } else {
                vec![c]
            }
        })
        .collect()
}
