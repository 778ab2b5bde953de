//! Fits a warp to a picture by hill climbing: one parameter is changed at a time, for as long as that
//! improves the score.

use crate::frame::GreyFrame;
use crate::qr::Layout;

use super::modules::{Modules, value};
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
    known: Vec<Probe>,
    others: Vec<Probe>,
}

#[derive(Debug, Clone, Copy)]
struct Probe {
    x: f32,
    y: f32,
    level: f32,
    /// One over the contrast. Its sign is the module's colour, if that is known.
    gain: f32,
}

impl Probes {
    /// Chooses modules whose colour every symbol of this size shares, and with `others` some of the
    /// rest too.
    pub(super) fn choose(&mut self, layout: &Layout, modules: &Modules, others: bool) {
        let n = layout.side();
        let probe = |x: usize, y: usize, sign: f32| {
            let at = y * n + x;
            let (x, y) = (x as f32 + 0.5, y as f32 + 0.5);
            Probe { x, y, level: modules.levels[at], gain: sign / modules.contrasts[at] }
        };
        self.known.clear();
        let stride = layout.known().len().div_ceil(KNOWN).max(1);
        self.known.extend(
            layout.known().iter().step_by(stride).map(|&(x, y, is_dark)| {
                probe(usize::from(x), usize::from(y), if is_dark { 1.0 } else { -1.0 })
            }),
        );
        self.others.clear();
        if others {
            // A stride that shares no factor with the side visits all columns.
            let stride = (n * n / OTHERS).max(1);
            let stride = stride + usize::from(stride > 1 && n.is_multiple_of(stride));
            self.others.extend((0..n * n).step_by(stride).map(|at| probe(at % n, at / n, 1.0)));
        }
    }

    /// Returns how well the known modules have their colour, from -1 to 1, plus how clearly the others
    /// are either dark or light, from 0 to 1.
    pub(super) fn score(&self, grey: &GreyFrame, warp: &Warp) -> f32 {
        let dark = |probe: &Probe| (probe.level - value(grey, warp, probe.x, probe.y, 0.0)) * probe.gain;
        let known: f32 = self.known.iter().map(|probe| dark(probe).clamp(-1.2, 1.2)).sum();
        let known = known / self.known.len().max(1) as f32;
        if self.others.is_empty() {
            return known;
        }
        let clear: f32 = self.others.iter().map(|probe| dark(probe).abs().min(1.2)).sum();
        known + clear / self.others.len() as f32
    }
}
