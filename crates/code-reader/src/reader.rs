//! The reader: the ladder's variants at a frame, inside a time budget.

use std::time::Duration;

use crate::calm::Calm;
use crate::decoder::Decoders;
use crate::easel::Easel;
use crate::focus::Focus;
use crate::frame::GreyFrame;
use crate::hint::{Failed, Judge};
use crate::ladder::{Costs, ORDER, Seen, Variant};
use crate::limits;
use crate::sighting::{Corners, QrText, SeenCode, Sighting};
use crate::stack::Stack;

/// Time since some fixed point, never stepping back.
pub type Clock = Box<dyn Fn() -> Duration + Send>;

/// Reads frames, one after the other, each inside the same budget.
pub struct Reader {
    budget: Duration,
    clock: Clock,
    order: Vec<Variant>,
    costs: Costs,
    easel: Easel,
    decoders: Decoders,
    judge: Judge,
    focus: Focus,
    stack: Stack,
    calm: Calm,
    /// Frames of the same scene in a row that showed nothing.
    idle: u32,
    /// What the frame at hand may cost.
    allowed: Duration,
    /// The variant after the first that is next in turn: what one frame of a video leaves no time
    /// for, the following frame tries.
    turn: usize,
    panics: u64,
    hints: bool,
    /// What finding out why nothing was read cost of late.
    hint_cost: Duration,
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
        Self {
            budget,
            clock,
            order: ORDER.to_vec(),
            costs: Costs::new(ORDER),
            easel: Easel::default(),
            decoders: Decoders::default(),
            judge: Judge::default(),
            focus: Focus::default(),
            stack: Stack::default(),
            calm: Calm::default(),
            idle: 0,
            allowed: budget,
            turn: 1,
            panics: 0,
            hints: true,
            hint_cost: limits::HINT_GUESS,
        }
    }

    /// The same reader with another budget.
    #[must_use]
    pub fn with_budget(self, budget: Duration) -> Self {
        Self { budget, ..self }
    }

    /// The same reader with other variants, in the order in which they are tried.
    #[must_use]
    pub fn with_order(self, order: &[Variant]) -> Self {
        Self { order: order.to_vec(), costs: Costs::new(order), turn: 1, ..self }
    }

    /// The same reader, which says nothing of codes that it cannot read.
    #[must_use]
    pub fn without_hints(self) -> Self {
        Self { hints: false, ..self }
    }

    /// How often a decoder panicked, and was stopped, since this reader began.
    #[must_use]
    pub fn panics(&self) -> u64 {
        self.panics
    }

    /// Says what a frame shows. The place of the last code is looked at first. The first variant
    /// is always tried; each further one only if, by what it cost of late, it ends inside the
    /// budget. Of a scene that stays the same and shows nothing, each frame costs a third.
    pub fn read(&mut self, frame: &GreyFrame) -> Sighting {
        let start = (self.clock)();
        self.easel.clear();
        self.decoders.advance();
        if !self.calm.is_same(frame) {
            self.idle = 0;
        }
        let is_calm = self.idle >= limits::CALM_FRAMES;
        self.allowed = if is_calm { self.budget / limits::CALM_SHARE } else { self.budget };
        let sighting = self.climb(frame, start);
        match &sighting {
            Sighting::Code(code) => {
                self.turn = 1;
                self.focus.set(code.corners);
                self.stack.clear();
                self.idle = 0;
            }
            Sighting::Unreadable { .. } => self.idle = 0,
            Sighting::Nothing => self.idle = self.idle.saturating_add(1),
        }
        sighting
    }

    fn climb(&mut self, frame: &GreyFrame, start: Duration) -> Sighting {
        let mut failed: Vec<Failed> = Vec::new();
        let mut read = self.look_again(frame, start);
        let mut first_skipped = None;
        for step in 0..self.order.len() {
            let at = if step == 0 { 0 } else { self.in_turn(step) };
            if step > 0 && !self.affords(at, frame, start) {
                first_skipped.get_or_insert(at);
                continue;
            }
            let Some(seen) = self.look(at, frame, start) else { continue };
            self.panics += u64::from(seen.panicked);
            failed.extend(seen.failed.into_iter().take(limits::FAILED_PLACES));
            read.extend(seen.read);
            if step == 0 && read.is_empty() {
                read = self.look_at_mean(frame, start);
            }
            // One look at the whole frame at least: there may be others beside the last one.
            if let Some(code) = largest(&mut read) {
                return Sighting::Code(code);
            }
        }
        self.turn = first_skipped.unwrap_or(1);
        let sized = failed.iter().filter(|(_, modules)| modules.is_some());
        match sized.max_by(|a, b| area(&a.0).total_cmp(&area(&b.0))) {
            Some((corners, _)) => self.focus.set(*corners),
            None => self.focus.miss(),
        }
        self.judge(frame, &failed)
    }

    /// Looks at what the last frames have in common with this one, which had nothing to read for
    /// the first variant.
    fn look_at_mean(&mut self, frame: &GreyFrame, start: Duration) -> Vec<(QrText, Corners)> {
        self.stack.push(frame);
        let end = start + self.limit();
        let Some(seen) = self.stack.look(&mut self.decoders, &*self.clock, end) else { return Vec::new() };
        self.panics += u64::from(seen.panicked);
        seen.read
    }

    /// Forgets the frames before: the next one stands for itself.
    pub fn restart(&mut self) {
        self.turn = 1;
        self.idle = 0;
        self.focus = Focus::default();
        self.stack.clear();
        self.decoders.restart();
    }

    fn look_again(&mut self, frame: &GreyFrame, start: Duration) -> Vec<(QrText, Corners)> {
        // Half of the budget at most: the rest of the frame matters, too.
        let end = start + self.allowed / 2;
        let Some(seen) = self.focus.look(frame, &mut self.decoders, &*self.clock, end) else {
            return Vec::new();
        };
        self.panics += u64::from(seen.panicked);
        seen.read
    }

    /// What the ladder may take: finding out why nothing was read costs something, too.
    fn limit(&self) -> Duration {
        (self.allowed * 7 / 8).saturating_sub(if self.hints { self.hint_cost } else { Duration::ZERO })
    }

    fn in_turn(&self, step: usize) -> usize {
        let others = self.order.len() - 1;
        1 + (self.turn - 1 + step - 1) % others
    }

    fn affords(&mut self, at: usize, frame: &GreyFrame, start: Duration) -> bool {
        let spent = (self.clock)().saturating_sub(start);
        let left = self.limit().saturating_sub(spent);
        self.costs.affords(at, frame.pixels().len(), left)
    }

    fn look(&mut self, at: usize, frame: &GreyFrame, start: Duration) -> Option<Seen> {
        // The first gets as long again: without it there is nothing at all. A decoder looks at the
        // clock now and then only, so the others are stopped a little early.
        let end = start + if at == 0 { self.budget * 2 } else { self.limit() * 9 / 10 };
        let seen = self.order[at].look_at(frame, &mut self.easel, &mut self.decoders, &*self.clock, end)?;
        self.costs.learn(at, frame.pixels().len(), seen.took);
        Some(seen)
    }

    fn judge(&mut self, frame: &GreyFrame, failed: &[Failed]) -> Sighting {
        if !self.hints {
            return Sighting::Nothing;
        }
        let begin = (self.clock)();
        let widest = failed.iter().max_by(|a, b| area(&a.0).total_cmp(&area(&b.0)));
        let sighting = self.judge.judge(frame, &mut self.easel, widest);
        let took = (self.clock)().saturating_sub(begin);
        self.hint_cost = if took > self.hint_cost { took } else { (self.hint_cost * 15 + took) / 16 };
        sighting
    }
}

impl Default for Reader {
    fn default() -> Self {
        Self::new()
    }
}

/// The largest of the codes that were read: the one that is held out.
fn largest(read: &mut Vec<(QrText, Corners)>) -> Option<SeenCode> {
    read.sort_unstable_by(|a, b| area(&b.1).total_cmp(&area(&a.1)));
    let mut others: Vec<(QrText, Corners)> = Vec::new();
    for (text, corners) in read.drain(..) {
        if !others.iter().any(|known| known.0 == text) {
            others.push((text, corners));
        }
    }
    if others.is_empty() {
        return None;
    }
    let (text, corners) = others.remove(0);
    Some(SeenCode { text, corners, others: others.into_iter().map(|(_, corners)| corners).collect() })
}

pub(crate) fn area(corners: &Corners) -> f32 {
    let cross = |a: [f32; 2], b: [f32; 2]| a[0] * b[1] - a[1] * b[0];
    (0..4).map(|at| cross(corners[at], corners[(at + 1) % 4])).sum::<f32>().abs() / 2.0
}
