//! Fits a warp to a picture by hill climbing: one parameter is changed at a time, for as long as that
//! improves the score.

use crate::frame::GreyFrame;
use crate::qr::Layout;

use super::light::Light;
use super::modules::Modules;
use super::pairs::Missing;
use super::sampler::{LANES, Lane, Sampler};
use super::warp::Warp;

/// Step sizes in modules. A step that improves nothing is halved, from the first to the last.
pub(super) struct Steps {
    pub(super) first: f32,
    pub(super) last: f32,
}

/// Most rounds over all parameters.
const ROUNDS: usize = 14;
/// Least gain of a score that counts, so that noise does not move a warp without end.
const GAIN: f32 = 1e-3;
/// Modules that one score samples: those whose colour is known, and others.
const KNOWN: usize = 180;
const OTHERS: usize = 260;

/// Changes the first `parameters` of a warp while that improves its score and there is time. Returns
/// the score.
pub(super) fn hill_climb(
    warp: &mut Warp,
    parameters: usize,
    steps: &Steps,
    out_of_time: &dyn Fn() -> bool,
    score: impl Fn(&Warp) -> f32,
) -> f32 {
    let mut best = score(warp);
    let mut step = steps.first;
    // The direction in which each parameter moved last is tried first.
    let mut signs = [1.0f32; super::warp::PARAMETERS];
    for _ in 0..ROUNDS {
        if out_of_time() {
            break;
        }
        let before = best;
        for (parameter, last) in signs.iter_mut().enumerate().take(parameters) {
            for sign in [*last, -*last] {
                let mut moved = *warp;
                moved.p[parameter] += sign * warp.step(parameter, step);
                let reached = score(&moved);
                if reached > best + GAIN {
                    (best, *warp) = (reached, moved);
                    *last = sign;
                    break;
                }
            }
        }
        if best <= before {
            step /= 2.0;
            if step < steps.last {
                break;
            }
        }
    }
    best
}

/// A sample of a symbol's modules.
#[derive(Debug, Default)]
pub(super) struct Probes {
    known: Vec<Group>,
    others: Vec<Group>,
}

/// Some modules of a sample. The last group is filled up with modules of no weight.
#[derive(Debug, Clone, Copy)]
struct Group {
    xs: Lane,
    ys: Lane,
    levels: Lane,
    /// One over the contrast. Its sign is the module's colour, if that is known.
    gains: Lane,
    count: usize,
}

impl Probes {
    /// Chooses modules whose colour every symbol of this size shares, but for a finder pattern that is
    /// missing, and with `others` some of the rest too.
    pub(super) fn choose(
        &mut self,
        layout: &Layout,
        modules: &Modules,
        missing: Option<Missing>,
        others: bool,
    ) {
        let n = layout.side();
        let known = layout.known();
        let stride = known.len().div_ceil(KNOWN).max(1);
        let places = known.iter().filter(is_there(n, missing)).step_by(stride).map(|&(x, y, is_dark)| {
            let at = usize::from(y) * n + usize::from(x);
            (at, modules.levels[at], if is_dark { 1.0 } else { -1.0 } / modules.contrasts[at])
        });
        fill(&mut self.known, n, places);
        self.others.clear();
        if others {
            // A stride that shares no factor with the side visits all columns.
            let stride = (n * n / OTHERS).max(1);
            let stride = stride + usize::from(stride > 1 && n.is_multiple_of(stride));
            let places = (0..n * n).step_by(stride);
            fill(&mut self.others, n, places.map(|at| (at, modules.levels[at], 1.0 / modules.contrasts[at])));
        }
    }

    /// Chooses at most so many of the known modules, without those of a missing finder pattern. The finder
    /// patterns tell what is dark and light around them.
    pub(super) fn choose_by_light(
        &mut self,
        layout: &Layout,
        missing: Option<Missing>,
        light: &Light,
        most: usize,
    ) {
        let n = layout.side();
        let known = layout.known();
        let stride = known.len().div_ceil(KNOWN.min(most)).max(1);
        let places = known.iter().filter(is_there(n, missing)).step_by(stride).map(|&(x, y, is_dark)| {
            let (level, contrast) = light.at(n, x, y);
            (usize::from(y) * n + usize::from(x), level, if is_dark { 1.0 } else { -1.0 } / contrast)
        });
        fill(&mut self.known, n, places);
        self.others.clear();
    }

    /// Returns how well the known modules have their colour, from -1 to 1, plus how clearly the others
    /// are either dark or light, from 0 to 1.
    pub(super) fn score(&self, grey: &GreyFrame, warp: &Warp) -> f32 {
        let Some(sampler) = Sampler::of(grey) else { return -1.0 };
        let map = warp.map();
        let mean = |groups: &[Group], worth: fn(f32) -> f32| {
            let (mut sums, mut count) = ([0.0; LANES], 0);
            for group in groups {
                let (xs, ys) = map.at(&group.xs, &group.ys);
                let values = sampler.at(&xs, &ys);
                for lane in 0..LANES {
                    sums[lane] += worth((group.levels[lane] - values[lane]) * group.gains[lane]);
                }
                count += group.count;
            }
            sums.iter().sum::<f32>() / count.max(1) as f32
        };
        let known = mean(&self.known, |dark| dark.clamp(-1.2, 1.2));
        known + mean(&self.others, |dark| dark.abs().min(1.2))
    }
}

/// Returns a filter that leaves out the modules of a missing finder pattern.
fn is_there(n: usize, missing: Option<Missing>) -> impl Fn(&&(u8, u8, bool)) -> bool {
    move |&&(x, y, _)| !missing.is_some_and(|missing| missing.covers(n, usize::from(x), usize::from(y)))
}

/// Fills groups with modules, each given by its index, its level and its gain.
fn fill(groups: &mut Vec<Group>, n: usize, mut places: impl Iterator<Item = (usize, f32, f32)>) {
    groups.clear();
    loop {
        let mut group =
            Group { xs: [3.5; LANES], ys: [3.5; LANES], levels: [0.0; LANES], gains: [0.0; LANES], count: 0 };
        for (lane, (at, level, gain)) in places.by_ref().take(LANES).enumerate() {
            (group.xs[lane], group.ys[lane]) = ((at % n) as f32 + 0.5, (at / n) as f32 + 0.5);
            (group.levels[lane], group.gains[lane]) = (level, gain);
            group.count += 1;
        }
        if group.count == 0 {
            return;
        }
        groups.push(group);
    }
}
