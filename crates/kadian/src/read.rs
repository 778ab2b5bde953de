//! `kadian read`: codes from picture files, and how well the reader does on a set of them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use code_reader::GreyFrame;
use trials::{Decoder, DecoderName, Expected, Judged, Manifest, Seen, VIEW_SIDE};

use crate::files::{self, Access};

/// Reads QR codes from picture files (PNG or JPEG).
///
/// Each picture is turned to grey and scaled down until its longest side is at most 1280, as a
/// camera would show it. One line a picture: its path, then its text, or why there is none.
///
/// With a manifest the pictures it lists are read and compared with what it expects, and the last
/// line is the score: `read R of N (P %), wrong W, median M ms, p95 Q ms`. N counts the views that
/// hold a code, W every view with a text that is not expected, also where no code is. Milliseconds
/// are of the reading thread's own computing: a busy machine reads the same.
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
    /// What reads: `ladder`, as a gate does, or `rqrr` alone, to compare with.
    #[arg(long, value_name = "NAME", default_value_t = DecoderName::Ladder)]
    decoder: DecoderName,
    /// Also write the views that were missed or wrong to this file: tab-separated, path, rotation
    /// and what was seen, one header line. Without a manifest: the views that gave no text.
    #[arg(long, value_name = "FILE")]
    missed: Option<PathBuf>,
    /// Time for each view in milliseconds of computing.
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
    seen: &'a Seen,
    /// How it compares with the manifest, if there is one.
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

/// Runs `kadian read`.
///
/// # Errors
/// A sentence for the person, where nothing could be read at all.
pub fn run(args: &ReadArgs) -> Result<ExitCode, String> {
    let manifest = args.manifest.as_deref().map(Manifest::open).transpose()?;
    let has_manifest = manifest.is_some();
    let pictures = match manifest {
        Some(manifest) => manifest.among(&args.paths)?,
        None => trials::find(&args.paths)?.into_iter().map(|path| (path, None)).collect(),
    };
    let mut decoder = args.decoder.start(Duration::from_millis(args.budget), trials::cpu_clock());
    let mut score = Score::default();
    let mut missed = String::from("path\trotation\tseen\n");
    for (path, expected) in &pictures {
        match trials::open(path) {
            Ok(frame) => {
                let mut frame = frame.fit(VIEW_SIDE);
                for quarter in 0..if args.rotations { 4 } else { 1 } {
                    if quarter > 0 {
                        frame = frame.rotate90();
                    }
                    let (seen, took) = look(decoder.as_mut(), &frame);
                    let judged = expected.as_ref().map(|expected| expected.judge(&seen.texts));
                    let view = View { path, degrees: quarter * 90, seen: &seen, judged, took };
                    println!("{}", if args.json { view.json() } else { view.line() });
                    view.note(&mut missed);
                    score.add(&view);
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
    if let Some(path) = &args.missed {
        files::write(path, missed.as_bytes(), Access::Everyone)?;
    }
    Ok(score.exit(has_manifest))
}

fn look(decoder: &mut dyn Decoder, frame: &GreyFrame) -> (Seen, Duration) {
    decoder.restart();
    let (seen, took) = trials::timed(|| decoder.read(frame));
    (seen, took.cpu)
}

impl View<'_> {
    fn line(&self) -> String {
        let said = self.said();
        let turned = if self.degrees == 0 { String::new() } else { format!(" @{}", self.degrees) };
        let judged = self.judged.map(|judged| format!("{}\t", judged.word())).unwrap_or_default();
        format!("{judged}{}{turned}\t{said}", self.path.display())
    }

    fn said(&self) -> String {
        match self.seen.texts.first() {
            Some(text) => printable(text),
            None => format!("({})", self.seen.word()),
        }
    }

    fn json(&self) -> String {
        serde_json::json!({
            "path": self.path.to_string_lossy(),
            "rotation": self.degrees,
            "text": self.seen.texts.first(),
            "hint": self.seen.hint,
            "corners": self.seen.corners,
            "others": self.others(),
            "judged": self.judged.map(Judged::word),
            "ms": (self.took.as_secs_f64() * 1e6).round() / 1e3,
        })
        .to_string()
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
            // Writing to a String cannot fail.
            let _ = writeln!(missed, "{}\t{}\t{}", self.path.display(), self.degrees, self.said());
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

#[cfg(test)]
mod tests {
    use super::*;

    fn drawing(text: &str) -> image::GrayImage {
        let code = qrcode::QrCode::new(text).unwrap();
        let (modules, colours) = (code.width(), code.to_colors());
        let side = (modules + 8) as u32 * 8;
        image::GrayImage::from_fn(side, side, |x, y| {
            let at = |pixel: u32| (pixel as usize / 8).checked_sub(4).filter(|at| *at < modules);
            let dark = at(x).zip(at(y)).is_some_and(|(x, y)| colours[y * modules + x] == qrcode::Color::Dark);
            image::Luma([if dark { 0 } else { 255 }])
        })
    }

    #[test]
    fn what_a_decoder_missed_or_read_wrongly_is_listed() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let blank = image::GrayImage::from_pixel(200, 200, image::Luma([200]));
        blank.save(at("blank.png")).unwrap();
        for name in ["hello", "wrong"] {
            drawing(name).save(at(&format!("{name}.png"))).unwrap();
        }
        let hello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
        let manifest = format!("path\thash\nhello.png\t{hello}\nblank.png\t{hello}\nwrong.png\t-\n");
        std::fs::write(at("manifest.tsv"), manifest).unwrap();
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
            let missed = std::fs::read_to_string(at("missed.tsv")).unwrap();
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
