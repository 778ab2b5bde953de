//! Measures where readers break, along each axis of difficulty.

use qr_scenes::{Level, defaults};

use super::axes::{AT_THE_GATE, AXES, Axis, SIDE_PX};
use super::options::{Options, frame};
use super::plot::{self, Curve, Panel};
use super::report;
use super::table::Table;
use crate::decoder_name::DecoderName;

/// Breaking points of readers along each axis of difficulty, on rendered codes.
#[derive(clap::Args)]
pub(crate) struct StressArgs {
    /// Placements a severity.
    #[arg(long, default_value_t = 24)]
    placements: u64,
    /// Only the axes whose names begin with one of these. `gate` stands for the sizes at a gate. Only
    /// complete tables are then written.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    #[command(flatten)]
    options: Options,
}

type Kind = (u8, Level);

/// For each level, the smallest version that holds 430 characters.
const KINDS: [Kind; 3] = [(11, Level::L), (13, Level::M), (16, Level::Q)];
/// The kinds whose sizes at the gate are measured: the same, and larger versions than necessary.
const SIZED: [Kind; 8] = [
    (11, Level::L),
    (13, Level::L),
    (15, Level::L),
    (13, Level::M),
    (15, Level::M),
    (17, Level::M),
    (16, Level::Q),
    (17, Level::Q),
];

/// Numbers of placements that were read: by each decoder, at each severity.
struct Sweep {
    kind: Kind,
    read: Vec<Vec<usize>>,
    wrong: usize,
    placements: usize,
}

/// Runs the bench.
pub(crate) fn run(args: &StressArgs) -> Result<(), String> {
    let options = &args.options;
    let placements = if options.quick { 4 } else { args.placements };
    let wanted =
        |axis: &Axis| args.only.is_empty() || args.only.iter().any(|it| axis.name.starts_with(it.as_str()));
    let kinds = if options.quick { &KINDS[1..2] } else { &KINDS[..] };
    let mut table = Table::new(head(&options.decoders));
    let mut by_decoder = Vec::new();
    let mut by_kind = Vec::new();
    let mut wrong = 0;
    for axis in AXES.iter().filter(|axis| wanted(axis)) {
        let mut curves = Vec::new();
        for &kind in kinds {
            let sweep = sweep(axis, kind, placements, options)?;
            eprintln!("{} {}: {:?}", axis.name, name(kind), sweep.read);
            wrong += sweep.wrong;
            table.row(sweep.row(axis));
            if kind == (13, Level::M) {
                by_decoder.push(panel(axis, sweep.curves(&options.decoders)));
            }
            if let Some(last) = sweep.curves(&options.decoders).pop() {
                curves.push(Curve { name: name(kind), ..last });
            }
        }
        by_kind.push(panel(axis, curves));
    }
    let text = format!("{}\n\nWrong texts: {wrong}.", table.markdown());
    println!("{text}\n");
    let sizes = if wanted(&AT_THE_GATE) { Some(sizes(placements, options)?) } else { None };
    if let Some(sizes) = &sizes {
        println!("{sizes}");
    }
    let Some(docs) = options.docs() else { return Ok(()) };
    if let Some(sizes) = sizes {
        report::put(&docs.join("code-format.md"), "size", &sizes)?;
    }
    if !args.only.is_empty() {
        return Ok(());
    }
    let pictures = docs.join("pictures");
    plot::draw(&pictures.join("stress-decoders.svg"), &by_decoder, 3, (400, 260))?;
    plot::draw(&pictures.join("stress-levels.svg"), &by_kind, 3, (400, 260))?;
    let intro = format!(
        "{placements} placements a severity. Codes are {SIDE_PX:.0} px wide, except on the first axis.\n\n"
    );
    report::put(&docs.join("measurements/reading.md"), "stress", &(intro + &text))
}

fn name((version, level): Kind) -> String {
    format!("{version}-{}", level.letter())
}

fn head(decoders: &[DecoderName]) -> Vec<String> {
    let columns = decoders.iter().flat_map(|decoder| [format!("{decoder} 90 %"), format!("{decoder} 50 %")]);
    ["axis".to_owned(), "unit".to_owned(), "code".to_owned()].into_iter().chain(columns).collect()
}

/// Reads all placements at each severity, until no decoder reads any.
fn sweep(axis: &Axis, kind: Kind, placements: u64, options: &Options) -> Result<Sweep, String> {
    let mut decoders = options.start();
    let mut read = vec![Vec::new(); decoders.len()];
    let mut wrong = 0;
    for &severity in axis.severities {
        let mut counts = vec![0; decoders.len()];
        for placement in 0..placements {
            let scene = axis.scene(kind, severity, placement)?;
            let frame = frame(&scene)?;
            for (decoder, count) in decoders.iter_mut().zip(&mut counts) {
                decoder.restart();
                let texts = decoder.read(&frame).texts;
                *count += usize::from(texts.iter().any(|text| text == scene.code.text()));
                wrong += texts.iter().filter(|text| *text != scene.code.text()).count();
            }
        }
        for (read, count) in read.iter_mut().zip(counts) {
            read.push(count);
        }
        let nobody = |read: &Vec<usize>| read.len() > 1 && read.iter().rev().take(2).all(|&count| count == 0);
        if read.iter().all(nobody) {
            break;
        }
    }
    Ok(Sweep { kind, read, wrong, placements: placements as usize })
}

impl Sweep {
    fn row(&self, axis: &Axis) -> Vec<String> {
        let points = self
            .read
            .iter()
            .flat_map(|read| [0.9, 0.5].map(|share| self.breaking(axis, read, share).to_string()));
        [axis.name.to_owned(), axis.unit.to_owned(), name(self.kind)].into_iter().chain(points).collect()
    }

    fn curves(&self, decoders: &[DecoderName]) -> Vec<Curve> {
        let share = |count: usize| 100.0 * count as f64 / self.placements as f64;
        let curve = |(decoder, read): (&DecoderName, &Vec<usize>)| Curve {
            name: decoder.to_string(),
            points: read.iter().enumerate().map(|(at, &count)| (at as f64, share(count))).collect(),
        };
        decoders.iter().zip(&self.read).map(curve).collect()
    }

    fn breaking(&self, axis: &Axis, read: &[usize], share: f64) -> Breaking {
        breaking(axis.severities, read, share * self.placements as f64)
    }
}

/// The severity at which a share falls below a line.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Breaking {
    /// Below it already at the easiest severity.
    Before(f32),
    At(f32),
    /// Not even at the hardest severity.
    Never(f32),
}

impl std::fmt::Display for Breaking {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let digits = |value: f32| if value < 10.0 { format!("{value:.1}") } else { format!("{value:.0}") };
        let text = match self {
            Self::Before(first) => format!("before {}", digits(*first)),
            Self::At(severity) => digits(*severity),
            Self::Never(last) => format!("past {}", digits(*last)),
        };
        f.pad(&text)
    }
}

/// Interpolates between the last severity up to which at least `line` placements are read, and the next.
fn breaking(severities: &[f32], read: &[usize], line: f64) -> Breaking {
    let Some(at) = read.iter().position(|&count| (count as f64) < line) else {
        return Breaking::Never(severities[read.len() - 1]);
    };
    if at == 0 {
        return Breaking::Before(severities[0]);
    }
    let (above, under) = (read[at - 1] as f64, read[at] as f64);
    let part = (above - line) / (above - under);
    Breaking::At(severities[at - 1] + (severities[at] - severities[at - 1]) * part as f32)
}

fn panel(axis: &Axis, curves: Vec<Curve>) -> Panel {
    Panel {
        title: axis.name.to_owned(),
        over: axis.unit.to_owned(),
        range: 0.0..(axis.severities.len() - 1) as f64,
        stops: axis.severities.iter().map(ToString::to_string).collect(),
        curves,
    }
}

/// Measures how large codes must be on the phone, and advises which version and level to choose.
fn sizes(placements: u64, options: &Options) -> Result<String, String> {
    let kinds = if options.quick { &SIZED[3..4] } else { &SIZED[..] };
    // The last decoder is the one that a gate reads with.
    let decoders = options.decoders.last().copied().into_iter().collect();
    let options = &Options { decoders, ..options.clone() };
    let mut sizes = Vec::new();
    for &kind in kinds {
        let sweep = sweep(&AT_THE_GATE, kind, placements, options)?;
        eprintln!("{} {}: {:?}", AT_THE_GATE.name, name(kind), sweep.read);
        let Some(read) = sweep.read.last() else { continue };
        sizes.push(Size { kind, points: [0.9, 0.5].map(|share| sweep.breaking(&AT_THE_GATE, read, share)) });
    }
    let mut table = Table::new([
        "code",
        "pixels a module for 90 %",
        "for 50 %",
        "side at 30 cm, 90 %",
        "50 %",
        "60 mm: up to, 90 %",
        "50 %",
    ]);
    for size in &sizes {
        let dash = || "–".to_owned();
        let mm = |at: usize| size.side_mm(at).map_or_else(dash, |mm| format!("{mm:.0} mm"));
        // 60 mm is the width on many phones. At half the distance a code is twice as large.
        let reach =
            |at: usize| size.side_mm(at).map_or_else(dash, |mm| format!("{:.0} cm", 30.0 * 60.0 / mm));
        let [most, half] = size.points.map(|point| point.to_string());
        table.row([name(size.kind), most, half, mm(0), mm(1), reach(0), reach(1)]);
    }
    Ok(format!("{}\n\n{}", table.markdown(), advice(&sizes)))
}

/// What one version and level needs: pixels a module for 90 % and for 50 % of the frames.
struct Size {
    kind: Kind,
    points: [Breaking; 2],
}

impl Size {
    /// Returns the code's side on the phone at 30 cm. `None`: the share is not reached.
    fn side_mm(&self, at: usize) -> Option<f32> {
        let module_px = match self.points[at] {
            Breaking::At(px) | Breaking::Never(px) => px,
            Breaking::Before(_) => return None,
        };
        let modules = 17.0 + 4.0 * f32::from(self.kind.0);
        Some(module_px * modules * 300.0 / defaults::FOCAL_PX)
    }
}

/// Advises the code that can be smallest on the phone: by 90 % of the frames if any code reaches that,
/// otherwise by 50 %.
fn advice(sizes: &[Size]) -> String {
    for (at, share) in ["nine of ten single frames", "every second single frame"].into_iter().enumerate() {
        let of = |size: &Size| size.side_mm(at).map(|mm| (size.kind, mm));
        let Some((kind, mm)) = sizes.iter().filter_map(of).min_by(|a, b| a.1.total_cmp(&b.1)) else {
            continue;
        };
        return format!(
            "**So: version {} at level {}, {:.0} mm wide at least for {share}, and its quiet zone of four \
             modules around it**; where the screen is narrower, it is held nearer by as much.",
            kind.0,
            kind.1.letter(),
            (mm / 5.0).ceil() * 5.0
        );
    }
    "No code was read in every second frame.".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_breaking_point_is_between_two_severities() {
        let severities = [1.0, 2.0, 4.0, 8.0];
        assert_eq!(breaking(&severities, &[10, 10, 5, 0], 9.0), Breaking::At(2.4));
        assert_eq!(breaking(&severities, &[10, 10, 5, 0], 5.0), Breaking::At(4.0));
        assert_eq!(breaking(&severities, &[10, 8, 10, 0], 9.0), Breaking::At(1.5));
        assert_eq!(breaking(&severities, &[8, 2], 9.0), Breaking::Before(1.0));
        assert_eq!(breaking(&severities, &[10, 10, 10, 9], 9.0), Breaking::Never(8.0));
        assert_eq!(breaking(&[4.0, 3.0], &[10, 0], 5.0).to_string(), "3.5");
    }

    #[test]
    fn the_smallest_on_the_phone_is_advised() {
        let size = |version, level, most, half| Size { kind: (version, level), points: [most, half] };
        let by = |px| Breaking::At(px);
        // 69 × 3 and 61 × 3.5 pixels, at 3.02 pixels a millimetre.
        let sizes = [size(13, Level::M, by(3.0), by(2.0)), size(11, Level::L, by(3.5), by(1.0))];
        assert!((sizes[0].side_mm(0).unwrap() - 68.5).abs() < 0.1);
        assert!(advice(&sizes).contains("version 13 at level M, 70 mm wide at least for nine of ten"));
        let never = Breaking::Before(6.0);
        let sizes = [size(13, Level::M, never, by(2.0)), size(11, Level::L, never, by(2.5))];
        assert!(advice(&sizes).contains("13 at level M, 50 mm wide at least for every second"));
        assert_eq!(advice(&[size(13, Level::M, never, never)]), "No code was read in every second frame.");
    }
}
