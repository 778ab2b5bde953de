//! Measures half a second in front of a camera: what single frames give, and what a reader of all frames
//! gives.

use code_reader::GreyFrame;
use qr_scenes::{Code, Level, Scene, Sequence, Trouble};

use super::options::{Options, frame};
use super::report;
use super::table::{Table, percent};

/// How many codes single frames give within half a second, and one reader of the same frames.
#[derive(clap::Args)]
pub(crate) struct SequenceArgs {
    /// Sequences of each trouble, strength and size.
    #[arg(long, default_value_t = 6)]
    seeds: u64,
    #[command(flatten)]
    options: Options,
}

/// Half a second at 30 frames a second.
const HALF_SECOND: usize = 15;
/// Half seconds in each sequence, each of which counts as another person.
const HALVES: usize = 2;
/// Pixels a module: near the breaking point, and well above it.
const SIZES: [f32; 2] = [2.6, 3.6];

/// Returns the strengths of a trouble: from one that single frames bear to one that they hardly do.
fn strengths(trouble: Trouble) -> [f32; 4] {
    match trouble {
        Trouble::Glare => [0.10, 0.15, 0.20, 0.26],
        Trouble::Noise => [0.12, 0.18, 0.24, 0.32],
        Trouble::Shake => [8.0, 14.0, 20.0, 30.0],
    }
}

/// Numbers of half seconds that gave the text.
#[derive(Clone, Copy, Default)]
struct Counts {
    halves: usize,
    /// In their first frame.
    first: usize,
    /// In any frame, each on its own.
    single: usize,
    /// To one reader that saw all frames.
    video: usize,
    wrong: usize,
}

/// Runs the bench.
pub(crate) fn run(args: &SequenceArgs) -> Result<(), String> {
    let options = &args.options;
    let seeds = if options.quick { 1 } else { args.seeds };
    let names = options.decoders.iter();
    let columns =
        names.flat_map(|name| ["first frame", "any frame", "video"].map(|how| format!("{name}, {how}")));
    let mut table = Table::new(["trouble", "strength"].map(str::to_owned).into_iter().chain(columns));
    let mut wrong = 0;
    for trouble in Trouble::ALL {
        let mut total = vec![Counts::default(); options.decoders.len()];
        for strength in strengths(trouble) {
            let mut counts = vec![Counts::default(); options.decoders.len()];
            for size in SIZES {
                for seed in 0..seeds {
                    play(&sequence(trouble, strength, size, seed)?, options, &mut counts)?;
                }
            }
            table.row([trouble.name().to_owned(), told(trouble, strength)].into_iter().chain(cells(&counts)));
            eprintln!("{} {strength}: {:?}", trouble.name(), cells(&counts).collect::<Vec<_>>());
            for (total, counts) in total.iter_mut().zip(&counts) {
                total.add(counts);
            }
        }
        wrong += total.iter().map(|counts| counts.wrong).sum::<usize>();
        table.row([format!("**{}**", trouble.name()), "all".to_owned()].into_iter().chain(cells(&total)));
    }
    let text = format!(
        "{} half seconds a line, codes 13-M at {} and {} pixels a module.\n\n{}\n\nWrong texts: {wrong}.",
        seeds as usize * SIZES.len() * HALVES,
        SIZES[0],
        SIZES[1],
        table.markdown()
    );
    println!("{text}");
    match options.docs() {
        Some(docs) => report::put(&docs.join("measurements/reading.md"), "sequences", &text),
        None => Ok(()),
    }
}

fn told(trouble: Trouble, strength: f32) -> String {
    match trouble {
        Trouble::Glare => format!("radius {:.0} % of the side", strength * 100.0),
        Trouble::Noise => format!("{:.0} % of white", strength * 100.0),
        Trouble::Shake => format!("{strength:.0} px"),
    }
}

fn cells(counts: &[Counts]) -> impl Iterator<Item = String> + use<'_> {
    counts.iter().flat_map(|it| [it.first, it.single, it.video].map(|count| percent(count, it.halves)))
}

fn sequence(trouble: Trouble, strength: f32, module_px: f32, seed: u64) -> Result<Sequence, String> {
    let code = Code::like_kd1(seed, 13, Level::M).map_err(|error| error.to_string())?;
    let mut scene = Scene::clear(code, module_px, seed);
    scene.pose.turn = 3.0 * (seed % 7) as f32 - 9.0;
    scene.sensor.mjpeg = Some(85);
    Ok(Sequence::new(scene, trouble, strength))
}

fn play(sequence: &Sequence, options: &Options, counts: &mut [Counts]) -> Result<(), String> {
    for half in 0..HALVES {
        let scenes: Vec<Scene> = (0..HALF_SECOND).map(|at| sequence.scene(half * HALF_SECOND + at)).collect();
        let frames = scenes.iter().map(frame).collect::<Result<Vec<GreyFrame>, _>>()?;
        let text = scenes[0].code.text();
        for (decoder, counts) in options.start().iter_mut().zip(counts.iter_mut()) {
            let mut is_read = |frame: &GreyFrame| {
                let texts = decoder.read(frame).texts;
                counts.wrong += texts.iter().filter(|it| *it != text).count();
                texts.iter().any(|it| it == text)
            };
            // One reader of all frames, as at a gate. It has seen nothing before.
            counts.video += usize::from(frames.iter().any(&mut is_read));
            counts.halves += 1;
            let mut alone = |frame: &GreyFrame| {
                decoder.restart();
                decoder.read(frame).texts.iter().any(|it| it == text)
            };
            let first = alone(&frames[0]);
            counts.first += usize::from(first);
            counts.single += usize::from(first || frames[1..].iter().any(&mut alone));
        }
    }
    Ok(())
}

impl Counts {
    fn add(&mut self, other: &Self) {
        self.halves += other.halves;
        self.first += other.first;
        self.single += other.single;
        self.video += other.video;
        self.wrong += other.wrong;
    }
}
