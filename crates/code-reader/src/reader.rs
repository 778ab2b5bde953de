//! The reader: attempts at a frame inside a time budget.

use std::time::Duration;

use crate::attempt::{ATTEMPTS, Attempt};
use crate::binary::Threshold;
use crate::frame::GreyFrame;
use crate::grids::{self, FailedGrid, Found};
use crate::sighting::{Corners, SeenCode, Sighting};
use crate::{finder, hint, limits};

/// Time since some fixed point, never stepping back.
pub type Clock = Box<dyn Fn() -> Duration + Send>;

/// Reads frames, one after the other, each inside the same budget.
pub struct Reader {
    budget: Duration,
    clock: Clock,
    /// What each attempt cost of late, in nanoseconds a pixel of the frame.
    costs: Vec<f64>,
    /// The attempt after the first that is next in turn: what one frame of a video leaves no time
    /// for, the following frame tries.
    turn: usize,
}

impl Reader {
    /// A reader with the budget of [`limits::BUDGET`] and the computer's own clock.
    #[must_use]
    pub fn new() -> Self {
        #[allow(clippy::disallowed_methods, reason = "the one place here where time comes from outside")]
        let start = std::time::Instant::now();
        Self::with_clock(limits::BUDGET, Box::new(move || start.elapsed()))
    }

    /// A reader with a budget for each frame, and a clock to keep it by.
    #[must_use]
    pub fn with_clock(budget: Duration, clock: Clock) -> Self {
        Self { budget, clock, costs: vec![0.0; ATTEMPTS.len()], turn: 1 }
    }

    /// The same reader with another budget.
    #[must_use]
    pub fn with_budget(self, budget: Duration) -> Self {
        Self { budget, ..self }
    }

    /// Says what a frame shows. The first attempt is always made; each further one only if, by
    /// what it cost of late, it ends inside the budget.
    pub fn read(&mut self, frame: &GreyFrame) -> Sighting {
        let start = (self.clock)();
        let mut failed: Vec<FailedGrid> = Vec::new();
        let mut first_skipped = None;
        for step in 0..ATTEMPTS.len() {
            let at = if step == 0 { 0 } else { self.in_turn(step) };
            if step > 0 && !self.affords(at, frame, start) {
                first_skipped.get_or_insert(at);
                continue;
            }
            let Some(found) = self.attempt(at, frame, start) else { continue };
            failed.extend(found.failed);
            if let Some(code) = largest(found.read) {
                self.turn = 1;
                return Sighting::Code(code);
            }
        }
        self.turn = first_skipped.unwrap_or(1);
        let black = Threshold::Local { part: 12, drop: 12 }.apply(frame);
        let finders = finder::find(frame, &black);
        let widest = failed.iter().max_by(|a, b| area(&a.corners).total_cmp(&area(&b.corners)));
        hint::judge(frame, widest, &finders)
    }

    /// Forgets the frames before: the next one stands for itself.
    pub fn restart(&mut self) {
        self.turn = 1;
    }

    fn in_turn(&self, step: usize) -> usize {
        let others = ATTEMPTS.len() - 1;
        1 + (self.turn - 1 + step - 1) % others
    }

    fn affords(&self, at: usize, frame: &GreyFrame, start: Duration) -> bool {
        let cost = Duration::from_nanos((self.costs[at] * frame.pixels().len() as f64) as u64);
        (self.clock)().saturating_sub(start) + cost <= self.budget
    }

    fn attempt(&mut self, at: usize, frame: &GreyFrame, start: Duration) -> Option<Found> {
        let attempt: &Attempt = &ATTEMPTS[at];
        let begin = (self.clock)();
        let picture = attempt.picture(frame)?;
        let black = attempt.threshold.apply(&picture);
        let clock = &self.clock;
        // The first attempt gets as long again: without it there is nothing at all.
        let end = start + if at == 0 { self.budget * 2 } else { self.budget };
        let found = grids::find(&picture, black, &|| clock() > end);
        let cost = (clock().saturating_sub(begin)).as_nanos() as f64 / frame.pixels().len() as f64;
        let known = &mut self.costs[at];
        *known = if cost > *known { cost } else { 0.95 * *known + 0.05 * cost };
        Some(found)
    }
}

impl Default for Reader {
    fn default() -> Self {
        Self::new()
    }
}

/// The largest of the codes that were read: the one that is held out.
fn largest(mut read: Vec<(crate::QrText, Corners)>) -> Option<SeenCode> {
    let at = (0..read.len()).max_by(|&a, &b| area(&read[a].1).total_cmp(&area(&read[b].1)))?;
    let (text, corners) = read.swap_remove(at);
    let mut others: Vec<_> = read.into_iter().map(|(text, _)| text).filter(|other| *other != text).collect();
    others.sort_by(|a, b| a.as_str().cmp(b.as_str()));
    others.dedup();
    Some(SeenCode { text, corners, others: others.len() })
}

fn area(corners: &Corners) -> f32 {
    let cross = |a: [f32; 2], b: [f32; 2]| a[0] * b[1] - a[1] * b[0];
    (0..4).map(|at| cross(corners[at], corners[(at + 1) % 4])).sum::<f32>().abs() / 2.0
}
