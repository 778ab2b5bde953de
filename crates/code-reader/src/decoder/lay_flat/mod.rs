//! Our own decoder, for codes that the others do not read.
//!
//! It lays a symbol flat, samples its modules one by one, and erases those that are unclear:
//!
//! 1. Three finder patterns give a first guess of the symbol's place and size; or two, or one, if
//!    others are damaged.
//! 2. The modules that every symbol of that size has in common are fitted to the picture.
//! 3. A bend is fitted, scored by how clearly dark or light all modules are.
//!
//! A text must keep more of the error correction in reserve than the standard asks, so that a wrong
//! text does not come out.

mod accumulator;
pub(crate) mod finders;
mod hill_climb;
mod light;
mod modules;
mod pairs;
mod sampler;
mod singles;
mod triples;
mod warp;

use super::found::{Found, UnreadQuad};
use crate::frame::GreyFrame;
use crate::limits;
use crate::qr::{self, Layout};
use crate::text::QrText;

use accumulator::Accumulator;
use finders::{Finder, Search};
use hill_climb::{Probes, Steps, hill_climb};
use light::Light;
use modules::Modules;
use pairs::{Guesses, Missing};
use triples::Triple;
use warp::{FLAT, PARAMETERS, Warp};

/// Tilts that are tried first: how much farther away a finder pattern is than the corner's, relative
/// to the corner's distance.
const TILTS: [f32; 5] = [0.0, 0.15, -0.12, 0.4, -0.27];
/// No further tilt is tried once the known modules agree this well. Scores are from -1 to 1.
const GOOD: f32 = 0.95;
/// Least score of the best guess to go on with it.
const POSSIBLE: f32 = 0.3;
/// Least score after the fit to go on with the symbol.
const PROBABLE: f32 = 0.65;
/// What is tried in order to decode a symbol: the radius of the neighbourhood that separates dark
/// from light, in modules, and how much of the blur is taken back first.
const TRIES: [(usize, f32); 3] = [(5, 0.0), (5, 0.15), (8, 0.3)];

/// From one or two finder patterns so many places are tried to the end.
const WAYS: usize = 2;
/// Modules that the first score of a place samples.
const FEW: usize = 64;
/// Threes of finder patterns that are ranked by such a score.
const TRIPLES: usize = 48;

/// Where a symbol may be, and how well the known modules agree.
struct Candidate {
    score: f32,
    warp: Warp,
    layout: &'static Layout,
}

/// The decoder, with buffers that are reused from frame to frame.
#[derive(Debug, Default)]
pub(crate) struct Flattener {
    search: Search,
    finders: Vec<Finder>,
    triples: Vec<Triple>,
    modules: Modules,
    sharp: Modules,
    probes: Probes,
    /// Soft values of the modules: 1 for dark, -1 for light.
    soft: Vec<f32>,
    /// The same before sharpening.
    plain: Vec<f32>,
    /// The same over several frames.
    accumulated: Vec<f32>,
    accumulator: Accumulator,
    scratch: qr::Scratch,
}

impl Flattener {
    /// Begins the next frame of a video.
    pub(crate) fn advance(&mut self) {
        self.accumulator.advance();
    }

    /// Forgets earlier frames: the next one shows something unrelated.
    pub(crate) fn restart(&mut self) {
        self.accumulator.clear();
    }

    /// Looks for codes: for finder patterns in `black`, for modules in `grey`.
    pub(crate) fn find(
        &mut self,
        grey: &GreyFrame,
        black: &GreyFrame,
        found: &mut Found,
        out_of_time: &dyn Fn() -> bool,
    ) {
        self.search.find(grey, black, &mut self.finders, out_of_time);
        let mut triples = std::mem::take(&mut self.triples);
        triples::find(&self.finders, TRIPLES, &mut triples);
        self.rank(grey, &mut triples, out_of_time);
        let (mut used, mut tries) = (Vec::new(), 0);
        for triple in &triples {
            let parts = [triple.corner, triple.right, triple.below].map(|finder| [finder.x, finder.y]);
            if out_of_time() || tries == limits::FLATTENED_SYMBOLS {
                break;
            }
            if parts.iter().any(|part| used.contains(part)) {
                continue;
            }
            tries += 1;
            let Some(candidate) = self.coarse(grey, triple, out_of_time) else { continue };
            let Some((mut warp, layout)) = self.fine(grey, candidate, None, out_of_time) else { continue };
            // Where one code was read, the others are read if that is easy.
            let text = if found.read.is_empty() {
                self.read(grey, &mut warp, layout, out_of_time)
            } else {
                self.decode(grey, &warp, out_of_time)
            };
            match text {
                Some(text) => {
                    used.extend(parts);
                    found.read.push((text, warp.corners()));
                }
                None => found.unread.push(UnreadQuad { quad: warp.corners(), modules: Some(warp.side) }),
            }
        }
        self.triples = triples;
    }

    /// Puts threes first of which the known modules agree, if there are too many to try them all: three
    /// patterns of three codes may lie as those of one.
    fn rank(&mut self, grey: &GreyFrame, triples: &mut [Triple], out_of_time: &dyn Fn() -> bool) {
        if triples.len() <= limits::FLATTENED_SYMBOLS {
            return;
        }
        for triple in triples.iter_mut() {
            if out_of_time() {
                break;
            }
            let parts = [&triple.corner, &triple.right, &triple.below];
            let light = Light::of(parts);
            let [corner, right, below] = parts.map(|it| [it.x, it.y]);
            let scores = sizes(triple.side).map(|layout| {
                self.probes.choose_by_light(layout, None, &light, FEW);
                self.probes.score(grey, &Warp::new(layout.side(), corner, right, below))
            });
            triple.penalty -= scores.fold(-1.0, f32::max);
        }
        triples.sort_unstable_by(|a, b| a.penalty.total_cmp(&b.penalty));
    }

    /// Looks for symbols of which two finder patterns are left.
    pub(crate) fn find_by_pairs(
        &mut self,
        grey: &GreyFrame,
        black: &GreyFrame,
        found: &mut Found,
        out_of_time: &dyn Fn() -> bool,
    ) {
        self.search.find(grey, black, &mut self.finders, out_of_time);
        let pairs = pairs::find(&self.finders, limits::FLATTENED_PAIRS);
        self.follow(grey, &pairs, found, out_of_time);
    }

    /// Looks for symbols of which one finder pattern is left.
    pub(crate) fn find_by_singles(
        &mut self,
        grey: &GreyFrame,
        black: &GreyFrame,
        found: &mut Found,
        out_of_time: &dyn Fn() -> bool,
    ) {
        self.search.find(grey, black, &mut self.finders, out_of_time);
        let singles = singles::find(grey, &self.finders, limits::FLATTENED_SINGLES, out_of_time);
        self.follow(grey, &singles, found, out_of_time);
    }

    /// Follows guesses until one of them is a code.
    fn follow(
        &mut self,
        grey: &GreyFrame,
        all: &[Guesses],
        found: &mut Found,
        out_of_time: &dyn Fn() -> bool,
    ) {
        let mut tried: Vec<Warp> = Vec::new();
        for guesses in all {
            for (candidate, missing) in self.likeliest(grey, guesses, out_of_time) {
                if out_of_time() {
                    return;
                }
                let candidate = self.tilted(grey, candidate, missing, guesses);
                let Some((mut warp, layout)) = self.fine(grey, candidate, Some(missing), out_of_time) else {
                    continue;
                };
                // Several guesses often end at one symbol.
                if tried.iter().any(|known| known.is_about(&warp)) {
                    continue;
                }
                tried.push(warp);
                if let Some(text) = self.read(grey, &mut warp, layout, out_of_time) {
                    found.read.push((text, warp.corners()));
                    return;
                }
            }
        }
    }

    /// Returns the likeliest ways in which patterns may belong to a symbol.
    fn likeliest(
        &mut self,
        grey: &GreyFrame,
        guesses: &Guesses,
        out_of_time: &dyn Fn() -> bool,
    ) -> Vec<(Candidate, Missing)> {
        let mut best: Vec<(Candidate, Missing)> = Vec::new();
        for way in &guesses.ways {
            for layout in sizes(way.side) {
                if out_of_time() {
                    return Vec::new();
                }
                self.probes.choose_by_light(layout, Some(way.missing), &guesses.light, guesses.probes);
                for &[corner, right, below] in &way.places {
                    let warp = Warp::new(layout.side(), corner, right, below);
                    let score = self.probes.score(grey, &warp);
                    let is_better = best.len() < WAYS || best.iter().any(|(known, _)| score > known.score);
                    if score < POSSIBLE / 2.0 || !is_better {
                        continue;
                    }
                    best.push((Candidate { score, warp, layout }, way.missing));
                    best.sort_unstable_by(|one, other| other.0.score.total_cmp(&one.0.score));
                    best.truncate(WAYS);
                }
            }
        }
        best
    }

    /// Tilts a candidate so that the known modules agree best.
    fn tilted(
        &mut self,
        grey: &GreyFrame,
        candidate: Candidate,
        missing: Missing,
        guesses: &Guesses,
    ) -> Candidate {
        let Candidate { warp: flat, layout, .. } = candidate;
        self.probes.choose_by_light(layout, Some(missing), &guesses.light, usize::MAX);
        let mut best = Candidate { score: self.probes.score(grey, &flat), warp: flat, layout };
        for (b, c) in TILTS.iter().flat_map(|&b| TILTS.map(|c| (b, c))) {
            let mut warp = flat;
            (warp.p[6], warp.p[7]) = (b, c);
            let score = self.probes.score(grey, &warp);
            if score > best.score {
                (best.score, best.warp) = (score, warp);
            }
        }
        best
    }

    /// Returns the size and the place that the known modules agree with best. `None`: no symbol is there,
    /// or the time is up.
    fn coarse(
        &mut self,
        grey: &GreyFrame,
        triple: &Triple,
        out_of_time: &dyn Fn() -> bool,
    ) -> Option<Candidate> {
        let mut best: Option<Candidate> = None;
        let parts = [&triple.corner, &triple.right, &triple.below];
        let light = Light::of(parts);
        let [corner, right, below] = parts.map(|it| [it.x, it.y]);
        for layout in sizes(triple.side) {
            if out_of_time() {
                return None;
            }
            let flat = Warp::new(layout.side(), corner, right, below);
            self.probes.choose_by_light(layout, None, &light, usize::MAX);
            for b in TILTS {
                for c in TILTS {
                    if best.as_ref().is_some_and(|known| known.score > GOOD) {
                        return best;
                    }
                    let mut warp = flat;
                    (warp.p[6], warp.p[7]) = (b, c);
                    let score = self.probes.score(grey, &warp);
                    if best.as_ref().is_none_or(|known| score > known.score) {
                        best = Some(Candidate { score, warp, layout });
                    }
                }
            }
        }
        best.filter(|best| best.score >= POSSIBLE)
    }

    /// Fits a symbol's place to the known modules. `None`: they do not agree well enough.
    fn fine(
        &mut self,
        grey: &GreyFrame,
        candidate: Candidate,
        missing: Option<Missing>,
        out_of_time: &dyn Fn() -> bool,
    ) -> Option<(Warp, &'static Layout)> {
        let Candidate { mut warp, layout, .. } = candidate;
        self.modules.sample_once(grey, &warp);
        self.modules.threshold(5);
        let steps = Steps { first: 0.5, last: 0.06 };
        self.probes.choose(layout, &self.modules, missing, false);
        let score = hill_climb(&mut warp, FLAT, &steps, out_of_time, |warp| self.probes.score(grey, warp));
        (score >= PROBABLE).then_some((warp, layout))
    }

    /// Reads the symbol at `warp`, and moves `warp` to where the symbol fits better if that needs to
    /// be. Adds what this frame shows to earlier frames if it cannot be read alone.
    fn read(
        &mut self,
        grey: &GreyFrame,
        warp: &mut Warp,
        layout: &Layout,
        out_of_time: &dyn Fn() -> bool,
    ) -> Option<QrText> {
        if let Some(text) = self.decode(grey, warp, out_of_time) {
            return Some(text);
        }
        for steps in [Steps { first: 0.4, last: 0.08 }, Steps { first: 0.2, last: 0.04 }] {
            if out_of_time() {
                return None;
            }
            self.modules.sample_once(grey, warp);
            self.modules.threshold(5);
            self.probes.choose(layout, &self.modules, None, true);
            hill_climb(warp, PARAMETERS, &steps, out_of_time, |warp| self.probes.score(grey, warp));
            if let Some(text) = self.decode(grey, warp, out_of_time) {
                return Some(text);
            }
        }
        if self.accumulator.add(layout, &self.plain, &mut self.accumulated) {
            return qr::decode(&self.accumulated, warp.side, &mut self.scratch);
        }
        None
    }

    /// Decodes the symbol that lies exactly at `warp`.
    fn decode(&mut self, grey: &GreyFrame, warp: &Warp, out_of_time: &dyn Fn() -> bool) -> Option<QrText> {
        self.modules.sample(grey, warp);
        for (radius, share) in TRIES {
            if out_of_time() {
                return None;
            }
            self.sharp.sharpen_from(&self.modules, share);
            self.sharp.threshold(radius);
            self.sharp.soft(&mut self.soft);
            if share == 0.0 {
                self.plain.clone_from(&self.soft);
            }
            if let Some(text) = qr::decode(&self.soft, warp.side, &mut self.scratch) {
                return Some(text);
            }
        }
        None
    }
}

/// Returns the sizes that a symbol of about this many modules may have, the likeliest first.
fn sizes(side: f32) -> impl Iterator<Item = &'static Layout> {
    let version = (side - 17.0) / 4.0;
    let nearest = version.round();
    let second = if version > nearest { nearest + 1.0 } else { nearest - 1.0 };
    let third = if version > nearest { nearest - 1.0 } else { nearest + 1.0 };
    let count = if side > 60.0 { 5 } else { 3 };
    let wider = [nearest, second, third, 2.0 * second - nearest, 2.0 * third - nearest];
    let versions = wider.into_iter().take(count).filter(|version| (1.0..=40.0).contains(version));
    versions.map(|version| Layout::of(version as u8))
}
