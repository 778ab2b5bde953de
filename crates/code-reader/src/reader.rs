//! The reader: the ladder's variants at a frame, inside a time budget.

use std::time::Duration;

use crate::calm::Calm;
use crate::decoder::Decoders;
use crate::easel::Easel;
use crate::focus::Focus;
use crate::frame::GreyFrame;
use crate::hint::{Allowance, Failed, Judge};
use crate::ladder::{Costs, ORDER, Variant};
use crate::limits;
use crate::load::Load;
use crate::sighting::{Corners, QrText, SeenCode, Sighting};
use crate::stack::Stack;

/// Time since some fixed point, never stepping back.
pub type Clock = Box<dyn Fn() -> Duration + Send>;

/// Variants at the ladder's start that look at every frame, whatever they cost of late. They are
/// the cheapest, and the frame at its own size is among them: together they read a sharp code.
const ALWAYS: usize = 2;
/// The ladder begins no further variant after three quarters of a frame's time. The rest is for a
/// hint, and for a variant that takes longer than expected.
const LADDER: (u32, u32) = (3, 4);
/// The same where no hints are wanted.
const LADDER_ALONE: (u32, u32) = (7, 8);
/// A variant that always looks may take this many budgets before it is stopped: on a busy machine
/// it takes long, and only a picture made to keep it busy takes longer.
const PATIENCE: u32 = 8;
/// Frames for which a hint stands until the next one is judged.
const HINT_STANDS: u32 = 10;

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
    hint_time: Allowance,
    /// The last hint, and for how many frames it stands.
    standing: Option<(Sighting, u32)>,
    load: Load,
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
            turn: ALWAYS,
            panics: 0,
            hints: true,
            hint_time: Allowance::default(),
            standing: None,
            load: Load::default(),
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
        Self { order: order.to_vec(), costs: Costs::new(order), turn: ALWAYS, ..self }
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

    /// Whether other programs leave the reader too little time, and have for a while: the variants
    /// that always look take most of a frame's budget, or a frame takes twice its budget.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.load.is_busy()
    }

    /// Says what a frame shows.
    ///
    /// The place of the last code is looked at first. The ladder's first variants always look at
    /// the whole frame. Each further variant looks only if it will end inside the budget, judged by
    /// what it cost of late. Where a scene stays the same and shows nothing, each frame costs a
    /// third.
    pub fn read(&mut self, frame: &GreyFrame) -> Sighting {
        let start = (self.clock)();
        self.easel.clear();
        self.decoders.advance();
        if !self.calm.is_same(frame) {
            self.idle = 0;
        }
        let is_calm = self.idle >= limits::CALM_FRAMES;
        self.allowed = if is_calm { self.budget / limits::CALM_SHARE } else { self.budget };
        match self.climb(frame, start) {
            Ok(code) => {
                self.turn = ALWAYS;
                self.focus.set(code.corners);
                self.stack.clear();
                self.idle = 0;
                self.standing = None;
                Sighting::Code(code)
            }
            Err(failed) => self.explain(frame, &failed, start, is_calm),
        }
    }

    /// Lets variants look, one after the other, until one reads a code. Returns the codes that were
    /// found and not read where none does.
    fn climb(&mut self, frame: &GreyFrame, start: Duration) -> Result<SeenCode, Vec<Failed>> {
        let mut failed: Vec<Failed> = Vec::new();
        let mut read = self.look_again(frame, start);
        let begin = (self.clock)();
        for at in 0..ALWAYS.min(self.order.len()) {
            self.look(at, frame, start, &mut read, &mut failed);
            // The whole frame is looked at once at least: there may be others beside the last code.
            if let Some(code) = largest(&mut read) {
                return Ok(code);
            }
        }
        let always = (self.clock)().saturating_sub(begin);
        read = self.look_at_mean(frame, start);
        let mut first_skipped = None;
        for step in 0..self.order.len().saturating_sub(ALWAYS) {
            if let Some(code) = largest(&mut read) {
                return Ok(code);
            }
            let at = self.in_turn(step);
            if self.affords(at, frame, start) {
                self.look(at, frame, start, &mut read, &mut failed);
            } else {
                first_skipped.get_or_insert(at);
            }
        }
        if let Some(code) = largest(&mut read) {
            return Ok(code);
        }
        self.turn = first_skipped.unwrap_or(ALWAYS);
        self.count(always, start);
        Err(failed)
    }

    /// Counts a frame in which nothing was read as slow or not.
    fn count(&mut self, always: Duration, start: Duration) {
        let spent = (self.clock)().saturating_sub(start);
        if self.load.count(always > self.budget / 2 || spent > self.budget * 2) {
            self.forget_costs();
        }
    }

    /// What variants cost on a busy machine says nothing about the time after it.
    fn forget_costs(&mut self) {
        self.costs.forget();
        self.focus.forget_costs();
        self.stack.forget_costs();
    }

    /// Looks at what the last frames have in common with this one, in which the first variants had
    /// nothing to read.
    fn look_at_mean(&mut self, frame: &GreyFrame, start: Duration) -> Vec<(QrText, Corners)> {
        self.stack.push(frame);
        let end = start + self.ladder_time();
        let Some(seen) = self.stack.look(&mut self.decoders, &*self.clock, end) else { return Vec::new() };
        self.panics += u64::from(seen.panicked);
        seen.read
    }

    /// Forgets the frames before: the next one stands for itself.
    pub fn restart(&mut self) {
        self.turn = ALWAYS;
        self.idle = 0;
        self.focus = Focus::default();
        self.standing = None;
        if self.load.is_busy() {
            self.forget_costs();
        }
        self.load = Load::default();
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

    /// What the ladder may take of a frame's time. It does not depend on what hints cost.
    fn ladder_time(&self) -> Duration {
        let (part, of) = if self.hints { LADDER } else { LADDER_ALONE };
        self.allowed * part / of
    }

    /// The variant that is tried at a step of the ladder, after those that always look.
    fn in_turn(&self, step: usize) -> usize {
        let others = self.order.len() - ALWAYS;
        ALWAYS + (self.turn - ALWAYS + step) % others
    }

    fn affords(&mut self, at: usize, frame: &GreyFrame, start: Duration) -> bool {
        let spent = (self.clock)().saturating_sub(start);
        let left = self.ladder_time().saturating_sub(spent);
        self.costs.affords(at, frame.pixels().len(), left)
    }

    /// Lets a variant look at a frame, and adds what it found.
    fn look(
        &mut self,
        at: usize,
        frame: &GreyFrame,
        start: Duration,
        read: &mut Vec<(QrText, Corners)>,
        failed: &mut Vec<Failed>,
    ) {
        // A decoder looks at the clock now and then only, so those that need not look are stopped a
        // little early.
        let end = if at < ALWAYS {
            (self.clock)() + self.budget * PATIENCE
        } else {
            start + self.ladder_time() * 9 / 10
        };
        let variant = self.order[at];
        let seen = variant.look_at(frame, &mut self.easel, &mut self.decoders, &*self.clock, end);
        let Some(seen) = seen else { return };
        self.costs.learn(at, frame.pixels().len(), seen.took);
        self.panics += u64::from(seen.panicked);
        failed.extend(seen.failed.into_iter().take(limits::FAILED_PLACES));
        read.extend(seen.read);
    }

    /// Says why nothing was read, where there is time to find out. Until then the last hint stands
    /// for some frames.
    fn explain(&mut self, frame: &GreyFrame, failed: &[Failed], start: Duration, is_calm: bool) -> Sighting {
        let sized = failed.iter().filter(|(_, modules)| modules.is_some());
        let code = sized.max_by(|a, b| area(&a.0).total_cmp(&area(&b.0)));
        match code {
            Some((corners, _)) => self.focus.set(*corners),
            None => self.focus.miss(),
        }
        let begin = (self.clock)();
        let is_judged = !self.hints || self.hint_time.permits(begin.saturating_sub(start), self.allowed);
        if is_judged && self.hints {
            let widest = failed.iter().max_by(|a, b| area(&a.0).total_cmp(&area(&b.0)));
            let sighting = self.judge.judge(frame, &mut self.easel, widest);
            self.hint_time.learn((self.clock)().saturating_sub(begin));
            self.standing = (sighting != Sighting::Nothing).then_some((sighting, HINT_STANDS));
        }
        if code.is_some() || self.standing.is_some() {
            self.idle = 0;
        } else if is_judged || is_calm {
            // Only once it was judged is it known that the scene shows nothing.
            self.idle = self.idle.saturating_add(1);
        }
        let Some((sighting, frames)) = self.standing.take() else { return Sighting::Nothing };
        self.standing = (frames > 0).then(|| (sighting.clone(), frames - 1));
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
