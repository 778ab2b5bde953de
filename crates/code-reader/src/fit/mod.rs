//! Our own decoder, for what the others do not read: a symbol is laid flat by everything that is
//! known of it, and its modules are read one by one, with what is unsure erased.
//!
//! Three finder patterns make a guess; the patterns that every symbol of that size has in common
//! are fitted to the picture; then a bend is fitted by how clearly dark and light all modules are.
//! What is read must hold against more of the error correction than an ordinary decoder leaves.

mod climb;
pub(crate) mod finders;
mod memory;
mod modules;
mod triples;
mod warp;

use crate::decoder::{Found, Place};
use crate::frame::GreyFrame;
use crate::limits;
use crate::qr::{self, Layout};
use crate::sighting::QrText;

use climb::{Probes, Steps, climb};
use finders::Finder;
use memory::Memory;
use modules::Modules;
use triples::Triple;
use warp::{FLAT, PARAMETERS, Warp};

/// Room to work in. Reused from frame to frame.
#[derive(Debug, Default)]
pub(crate) struct Fitter {
    finders: Vec<Finder>,
    triples: Vec<Triple>,
    modules: Modules,
    sharp: Modules,
    probes: Probes,
    soft: Vec<f32>,
    /// What the place shows before anything is sharpened, and with what earlier frames showed.
    plain: Vec<f32>,
    all: Vec<f32>,
    memory: Memory,
    scratch: qr::Scratch,
}

/// How far the farther finder pattern may be, to begin with, relative to the corner's.
const DEPTHS: [f32; 5] = [0.0, 0.15, -0.12, 0.4, -0.27];
/// What they agree by where nothing better is to be expected.
const SURE: f32 = 0.95;
/// What the known modules must agree by before anything is moved.
const HOPE: f32 = 0.3;
/// What the known modules must agree by for a place to be worth more work.
const WORTH: f32 = 0.65;
/// The rooms around a module in which dark and light are told apart, and how much blur is taken
/// back first: what is tried at each place, in this order.
const TRIES: [(usize, f32); 3] = [(5, 0.0), (5, 0.15), (8, 0.3)];

impl Fitter {
    /// The next frame of a video begins.
    pub(crate) fn advance(&mut self) {
        self.memory.advance();
    }

    /// What comes next has nothing to do with what was before.
    pub(crate) fn restart(&mut self) {
        self.memory.clear();
    }

    /// Looks for codes in a picture, whose finder patterns are looked for in its black and white.
    pub(crate) fn find(
        &mut self,
        grey: &GreyFrame,
        black: &GreyFrame,
        found: &mut Found,
        out_of_time: &dyn Fn() -> bool,
    ) {
        finders::find(grey, black, &mut self.finders, out_of_time);
        let mut triples = std::mem::take(&mut self.triples);
        triples::find(&self.finders, limits::FITTED_PLACES, &mut triples);
        let mut used: Vec<[f32; 2]> = Vec::new();
        for triple in &triples {
            let parts = [triple.corner, triple.right, triple.below].map(|finder| [finder.x, finder.y]);
            if out_of_time() {
                break;
            }
            if parts.iter().any(|part| used.contains(part)) {
                continue;
            }
            let Some((mut warp, layout)) = self.guess(grey, triple, out_of_time) else { continue };
            let text = self.read(grey, &mut warp, layout, out_of_time);
            match text {
                Some(text) => {
                    used.extend(parts);
                    found.read.push((text, warp.corners()));
                }
                None => found.failed.push(Place { corners: warp.corners(), modules: Some(warp.side) }),
            }
        }
        self.triples = triples;
    }

    /// The size and the lie that the known modules agree with best.
    fn guess(
        &mut self,
        grey: &GreyFrame,
        triple: &Triple,
        out_of_time: &dyn Fn() -> bool,
    ) -> Option<(Warp, &'static Layout)> {
        let middle = |finder: &Finder| [finder.x, finder.y];
        let mut best: Option<(f32, Warp, &'static Layout)> = None;
        for layout in sizes(triple.side) {
            if out_of_time() {
                return None;
            }
            let flat = Warp::new(
                layout.side(),
                middle(&triple.corner),
                middle(&triple.right),
                middle(&triple.below),
            );
            self.modules.glance(grey, &flat);
            self.modules.part(5);
            self.probes.choose(layout, &self.modules, false);
            for b in DEPTHS {
                for c in DEPTHS {
                    if best.is_some_and(|(known, ..)| known > SURE) {
                        break;
                    }
                    let mut warp = flat;
                    (warp.p[6], warp.p[7]) = (b, c);
                    let score = self.probes.score(grey, &warp);
                    if best.is_none_or(|(known, ..)| score > known) {
                        best = Some((score, warp, layout));
                    }
                }
            }
        }
        let (score, mut warp, layout) = best?;
        if score < HOPE {
            return None;
        }
        self.modules.glance(grey, &warp);
        self.modules.part(5);
        let steps = Steps { first: 0.5, last: 0.06 };
        self.probes.choose(layout, &self.modules, false);
        let score = climb(&mut warp, FLAT, &steps, out_of_time, |warp| self.probes.score(grey, warp));
        (score >= WORTH).then_some((warp, layout))
    }

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
            self.modules.glance(grey, warp);
            self.modules.part(5);
            self.probes.choose(layout, &self.modules, true);
            climb(warp, PARAMETERS, &steps, out_of_time, |warp| self.probes.score(grey, warp));
            if let Some(text) = self.decode(grey, warp, out_of_time) {
                return Some(text);
            }
        }
        if self.memory.add(layout, &self.plain, &mut self.all) {
            let bytes = qr::decode(&self.all, warp.side, &mut self.scratch);
            return bytes.and_then(QrText::from_bytes);
        }
        None
    }

    fn decode(&mut self, grey: &GreyFrame, warp: &Warp, out_of_time: &dyn Fn() -> bool) -> Option<QrText> {
        self.modules.sample(grey, warp);
        for (radius, share) in TRIES {
            if out_of_time() {
                return None;
            }
            self.sharp.sharpen_from(&self.modules, share);
            self.sharp.part(radius);
            self.sharp.soft(&mut self.soft);
            if share == 0.0 {
                self.plain.clone_from(&self.soft);
            }
            let bytes = qr::decode(&self.soft, warp.side, &mut self.scratch);
            if let Some(text) = bytes.and_then(QrText::from_bytes) {
                return Some(text);
            }
        }
        None
    }
}

/// The sizes that a symbol of about this many modules may have, the likeliest first.
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
