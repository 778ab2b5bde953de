//! Guesses where a symbol lies from one of its finder patterns, if both others are damaged or covered: a
//! timing pattern leads from each to the next.

use crate::frame::GreyFrame;

use super::finders::Finder;
use super::light::Light;
use super::pairs::{Guess, Guesses, Missing};
use super::sampler::{LANES, Lane, Sampler};

/// Turns that are tried first, in a quarter of a circle.
const TURNS: usize = 15;
/// Step sizes of the fit to the pattern, in modules.
const STEPS: [f32; 4] = [0.4, 0.2, 0.1, 0.05];
/// Points along a side of the pattern and its border, two a module, and how far they lie from its middle.
const POINTS: usize = 18;
const CORNER: f32 = 0.35;
/// Least score of the pattern itself. Scores are from -1 to 1.
const WHOLE: f32 = 0.6;
/// How much longer than by the pattern's own modules a timing pattern may be, and how far it may lean.
const SCALES: [f32; 11] = [1.0, 0.98, 1.02, 0.96, 1.04, 0.94, 1.06, 0.92, 1.08, 0.9, 1.1];
const LEANS: [f32; 5] = [0.0, 0.015, -0.015, 0.03, -0.03];
/// A module of a timing pattern speaks for it with its score less this.
const DOUBT: f32 = 0.4;
/// Least sum of what a timing pattern's modules say.
const CLEAR: f32 = 2.5;
/// Most ways in which a pattern may belong to a symbol.
const WAYS: usize = 5;
/// Modules along the side of the largest symbol that is guessed.
const LARGEST: usize = 65;

/// The places of a pattern's modules: its middle, and one module along each of its axes.
#[derive(Debug, Clone, Copy)]
struct Axes {
    middle: [f32; 2],
    u: [f32; 2],
    v: [f32; 2],
}

/// A timing pattern that leads from a finder pattern along an axis.
#[derive(Debug, Clone, Copy)]
struct Timing {
    worth: f32,
    side: usize,
    /// One module along it.
    module: [f32; 2],
}

/// Guesses the symbols of the `most` clearest patterns.
pub(super) fn find(
    grey: &GreyFrame,
    finders: &[Finder],
    most: usize,
    out_of_time: &dyn Fn() -> bool,
) -> Vec<Guesses> {
    let Some(sampler) = Sampler::of(grey) else { return Vec::new() };
    let in_time = finders.iter().take(most).take_while(|_| !out_of_time());
    let guesses = in_time.filter_map(|finder| {
        let light = Light::even(finder, finder);
        let axes = fit(&sampler, finder, &light)?;
        let mut ways: Vec<(f32, Guess)> =
            (0..4).flat_map(|turns| ways(&sampler, axes.turned(turns), &light)).collect();
        ways.sort_unstable_by(|one, other| other.0.total_cmp(&one.0));
        let ways: Vec<Guess> = ways.into_iter().take(WAYS).map(|(_, guess)| guess).collect();
        (!ways.is_empty()).then_some(Guesses { ways, light, probes: usize::MAX })
    });
    guesses.collect()
}

/// Lays axes on a pattern. `None`: it is not whole.
fn fit(sampler: &Sampler<'_>, finder: &Finder, light: &Light) -> Option<Axes> {
    let turned = |turn: usize| {
        let (sine, cosine) = (turn as f32 * std::f32::consts::FRAC_PI_2 / TURNS as f32).sin_cos();
        // A row through a turned square is longer than the square's side.
        let module = finder.module() * sine.max(cosine);
        Axes {
            middle: [finder.x, finder.y],
            u: [module * cosine, module * sine],
            v: [-module * sine, module * cosine],
        }
    };
    let scored = (0..TURNS).map(turned).map(|axes| (axes.score(sampler, light), axes));
    let (mut best, mut axes) = scored.max_by(|one, other| one.0.total_cmp(&other.0))?;
    for step in STEPS {
        for _ in 0..3 {
            let before = best;
            for parameter in 0..6 {
                for sign in [step, -step] {
                    let moved = axes.moved(parameter, sign * finder.module());
                    let score = moved.score(sampler, light);
                    if score > best {
                        (best, axes) = (score, moved);
                    }
                }
            }
            if best <= before {
                break;
            }
        }
    }
    (best >= WHOLE).then_some(axes)
}

impl Axes {
    /// Moves one of six parameters by so many pixels, at the pattern's edge.
    fn moved(mut self, parameter: usize, pixels: f32) -> Self {
        match parameter {
            0 | 1 => self.middle[parameter] += pixels,
            2 | 3 => self.u[parameter - 2] += pixels / 3.5,
            _ => self.v[parameter - 4] += pixels / 3.5,
        }
        self
    }

    /// The same, turned by so many right angles.
    fn turned(self, turns: usize) -> Self {
        let Self { middle, u, v } = self;
        let back = |[x, y]: [f32; 2]| [-x, -y];
        let (u, v) = [(u, v), (v, back(u)), (back(u), back(v)), (back(v), u)][turns % 4];
        Self { middle, u, v }
    }

    /// Returns how well a finder pattern and the light border around it lie there, from -1 to 1. Points near
    /// the modules' corners tell more of a turn than their middles.
    fn score(&self, sampler: &Sampler<'_>, light: &Light) -> f32 {
        let (level, contrast) = light.at(21, 3, 3);
        let mut sum = 0.0;
        let halves = |at: usize| (at / 2) as f32 - 4.0 + if at.is_multiple_of(2) { -CORNER } else { CORNER };
        for row in 0..POINTS {
            let y = halves(row);
            for from in (0..POINTS).step_by(LANES) {
                let place = |lane: usize| self.at(halves(from + lane), y);
                let xs: Lane = std::array::from_fn(|lane| place(lane)[0]);
                let ys: Lane = std::array::from_fn(|lane| place(lane)[1]);
                for (lane, value) in sampler.at(&xs, &ys).iter().enumerate().take(POINTS - from) {
                    let ring = ((from + lane) / 2).abs_diff(4).max((row / 2).abs_diff(4));
                    let dark = ((level - value) / contrast).clamp(-1.0, 1.0);
                    sum += if ring == 2 || ring == 4 { -dark } else { dark };
                }
            }
        }
        sum / (POINTS * POINTS) as f32
    }

    /// Returns the pixel so many modules from the middle.
    fn at(&self, x: f32, y: f32) -> [f32; 2] {
        [0, 1].map(|k| self.middle[k] + self.u[k] * x + self.v[k] * y)
    }
}

/// Returns the symbols that reach along both axes from a pattern, by their timing patterns. They lie along
/// the pattern's inner sides.
fn ways(sampler: &Sampler<'_>, axes: Axes, light: &Light) -> Vec<(f32, Guess)> {
    let Axes { middle, u, v } = axes;
    let along_u = timing(sampler, middle, u, v, light);
    let along_v = timing(sampler, middle, v, u, light);
    let end = |module: [f32; 2], side: usize| [0, 1].map(|k| middle[k] + module[k] * (side as f32 - 7.0));
    let opposite = |p: [f32; 2], q: [f32; 2]| [0, 1].map(|k| p[k] + q[k] - middle[k]);
    // The other axis has a timing pattern far away only, so that its length is less certain.
    let others = |module: [f32; 2], lean: [f32; 2], side: usize| {
        [1.0f32, 0.93, 1.07].into_iter().flat_map(move |scale| {
            [0.0f32, 0.06, -0.06].map(|by| end([0, 1].map(|k| module[k] * scale + lean[k] * by), side))
        })
    };
    let mut ways = Vec::new();
    let guess = |missing: Missing, side: usize, places: Vec<[[f32; 2]; 3]>| Guess {
        missing,
        side: side as f32,
        places,
    };
    if let (Some(one), Some(other)) = (along_u, along_v)
        && one.side.abs_diff(other.side) <= 4
    {
        let longer = one.side.max(other.side);
        let places = vec![[middle, end(one.module, longer), end(other.module, longer)]];
        ways.push((one.worth + other.worth, guess(Missing::RightAndBelow, longer, places)));
    }
    // Clockwise, the corner comes before the right one and after the lower one.
    if let Some(timing) = along_v {
        let corner = end(timing.module, timing.side);
        let places = others(u, v, timing.side).map(|far| [corner, middle, opposite(corner, far)]).collect();
        ways.push((timing.worth, guess(Missing::CornerAndBelow, timing.side, places)));
    }
    if let Some(timing) = along_u {
        let corner = end(timing.module, timing.side);
        let places = others(v, u, timing.side).map(|far| [corner, opposite(corner, far), middle]).collect();
        ways.push((timing.worth, guess(Missing::CornerAndRight, timing.side, places)));
    }
    ways
}

/// Follows the timing pattern that leads along `axis` from the side of a finder pattern where `inner` points.
fn timing(
    sampler: &Sampler<'_>,
    middle: [f32; 2],
    axis: [f32; 2],
    inner: [f32; 2],
    light: &Light,
) -> Option<Timing> {
    let (level, contrast) = light.at(21, 3, 3);
    let mut best: Option<Timing> = None;
    for (scale, lean) in SCALES.iter().flat_map(|&scale| LEANS.map(|lean| (scale, lean))) {
        let module = [0, 1].map(|k| axis[k] * scale + inner[k] * lean);
        // The pattern's own modules fit already.
        let start = [0, 1].map(|k| middle[k] + inner[k] * 3.0 + axis[k] * 4.0);
        let (mut worth, mut at) = (0.0, 7);
        while at < LARGEST - 7 {
            let place = |lane: usize, k: usize| start[k] + module[k] * (at + lane - 7) as f32;
            let xs: Lane = std::array::from_fn(|lane| place(lane, 0));
            let ys: Lane = std::array::from_fn(|lane| place(lane, 1));
            for value in sampler.at(&xs, &ys) {
                let dark = ((level - value) / contrast).clamp(-1.0, 1.0);
                worth += if at.is_multiple_of(2) { dark } else { -dark } - DOUBT;
                // Behind the separator of the next finder pattern a symbol of this size ends.
                let side = at + 8;
                if side % 4 == 1 && side >= 21 && best.is_none_or(|known| worth > known.worth) {
                    let end = [0, 1].map(|k| start[k] + module[k] * (side as f32 - 11.0) - inner[k] * 3.0);
                    let whole = [0, 1].map(|k| (end[k] - middle[k]) / (side as f32 - 7.0));
                    best = Some(Timing { worth, side, module: whole });
                }
                at += 1;
            }
            if worth < -CLEAR {
                break;
            }
        }
    }
    best.filter(|best| best.worth >= CLEAR)
}
