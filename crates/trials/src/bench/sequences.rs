//! Half a second before a camera: what single frames give, and what the video path makes of them.

use code_reader::GreyFrame;
use qr_scenes::{Code, Level, Scene, Sequence, Trouble};

use crate::table::{Table, percent};
use crate::{Setting, frame, report};

/// What single frames give over half a second, and what one reader makes of the same frames.
#[derive(clap::Args)]
pub(crate) struct SequenceArgs {
    /// Sequences of each trouble, strength and size.
    #[arg(long, default_value_t = 6)]
    seeds: u64,
}

/// Half a second at 30 frames a second.
const HALF_SECOND: usize = 15;
/// Halves of a second that are looked at in each sequence, as two people would hold it out.
const HALVES: usize = 2;
/// Pixels a module: near the breaking point, and comfortable.
const SIZES: [f32; 2] = [2.6, 3.6];

/// How strong each trouble is: from what single frames still read to what they hardly do.
fn strengths(trouble: Trouble) -> [f32; 4] {
    match trouble {
        Trouble::Glare => [0.10, 0.15, 0.20, 0.26],
        Trouble::Noise => [0.12, 0.18, 0.24, 0.32],
        Trouble::Shake => [8.0, 14.0, 20.0, 30.0],
    }
}

/// How many half seconds gave the text.
#[derive(Clone, Copy, Default)]
struct Counts {
    halves: usize,
    /// By their first frame.
    first: usize,
    /// By any frame, each standing for itself.
    single: usize,
    /// By one reader that saw all frames.
    video: usize,
    wrong: usize,
}

pub(crate) fn run(args: &SequenceArgs, setting: &Setting) -> Result<(), String> {
    let seeds = if setting.quick { 1 } else { args.seeds };
    let names = setting.decoders.iter();
    let columns =
        names.flat_map(|name| ["first frame", "any frame", "video"].map(|how| format!("{name}, {how}")));
    let mut table = Table::new(["trouble", "strength"].map(str::to_owned).into_iter().chain(columns));
    let mut wrong = 0;
    for trouble in Trouble::ALL {
        let mut total = vec![Counts::default(); setting.decoders.len()];
        for strength in strengths(trouble) {
            let mut counts = vec![Counts::default(); setting.decoders.len()];
            for size in SIZES {
                for seed in 0..seeds {
                    play(&sequence(trouble, strength, size, seed)?, setting, &mut counts)?;
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
    match setting.docs.as_ref().filter(|_| !setting.quick) {
        Some(docs) => report::put(&docs.join("performance.md"), "sequences", &text),
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
    scene.place.turn = 3.0 * (seed % 7) as f32 - 9.0;
    scene.sensor.mjpeg = Some(85);
    Ok(Sequence::new(scene, trouble, strength))
}

fn play(sequence: &Sequence, setting: &Setting, counts: &mut [Counts]) -> Result<(), String> {
    for half in 0..HALVES {
        let scenes: Vec<Scene> = (0..HALF_SECOND).map(|at| sequence.scene(half * HALF_SECOND + at)).collect();
        let frames = scenes.iter().map(frame).collect::<Result<Vec<GreyFrame>, _>>()?;
        let text = scenes[0].code.text();
        for (decoder, counts) in setting.start().iter_mut().zip(counts.iter_mut()) {
            let mut is_read = |frame: &GreyFrame| {
                let texts = decoder.read(frame).texts;
                counts.wrong += texts.iter().filter(|it| *it != text).count();
                texts.iter().any(|it| it == text)
            };
            // One reader over all frames, as at a gate. It begins as if nobody had been there.
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
