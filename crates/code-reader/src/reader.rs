//! The reader: runs the ladder's variants on each frame, inside a time budget.

use std::time::Duration;

use crate::decoder::Decoders;
use crate::frame::GreyFrame;
use crate::hint::{Allowance, HintJudge};
use crate::idle::IdleScene;
use crate::ladder::{Costs, ORDER, Variant};
use crate::last_place::LastPlace;
use crate::limits;
use crate::load::Load;
use crate::merge::Merger;
use crate::pictures::Pictures;
use crate::sighting::{Corners, SeenCode, Sighting, UnreadCode};
use crate::text::QrText;

/// The time of one frame: a camera sends thirty a second.
pub const BUDGET: Duration = Duration::from_millis(33);
/// In an idle scene, the budget of a frame is divided by this.
const IDLE_DIVISOR: u32 = 3;
/// The first variants of the ladder, which look at every frame whatever they cost of late. They are
/// cheap, and the frame at its own size is among them: together they read a sharp code.
const ALWAYS: usize = 3;
/// The ladder's share of a frame's time. A variant begins only if it will end within this.
const LADDER: (u32, u32) = (7, 8);
/// The same if no hints are wanted. The rest is for a variant that takes longer than expected.
const LADDER_ALONE: (u32, u32) = (31, 32);
/// A variant that always looks is stopped after this many budgets. On a busy machine it takes long. On
/// an idle one, only a picture made to keep it busy takes longer.
const PATIENCE: u32 = 8;
/// Frames for which a hint stands until another one is judged.
const HINT_STANDS: u32 = 10;

/// Time since some fixed point, never stepping back.
pub type Clock = Box<dyn Fn() -> Duration + Send>;

/// Reads frames one after the other, each inside the same budget.
pub struct Reader {
    budget: Duration,
    clock: Clock,
    order: Vec<Variant>,
    costs: Costs,
    pictures: Pictures,
    decoders: Decoders,
    last_place: LastPlace,
    merger: Merger,
    idle: IdleScene,
    /// The budget of the current frame.
    allowed: Duration,
    /// Index of the variant whose turn is next, after those that always look: the first one for which
    /// the last frame left no time.
    turn: usize,
    panics: u64,
    hints: bool,
    judge: HintJudge,
    hint_time: Allowance,
    /// The last hint, and the number of frames for which it still stands.
    standing: Option<(Sighting, u32)>,
    load: Load,
}

impl Reader {
    /// A reader with the budget [`BUDGET`] and the computer's own clock.
    #[must_use]
    pub fn new() -> Self {
        #[allow(clippy::disallowed_methods, reason = "the only place of this crate that reads the time")]
        let start = std::time::Instant::now();
        Self::with_clock(BUDGET, Box::new(move || start.elapsed()))
    }

    /// A reader with a budget for each frame, and the clock by which it is kept.
    #[must_use]
    pub fn with_clock(budget: Duration, clock: Clock) -> Self {
        Self {
            budget,
            clock,
            order: ORDER.to_vec(),
            costs: Costs::new(ORDER),
            pictures: Pictures::default(),
            decoders: Decoders::default(),
            last_place: LastPlace::default(),
            merger: Merger::default(),
            idle: IdleScene::default(),
            allowed: budget,
            turn: ALWAYS,
            panics: 0,
            hints: true,
            judge: HintJudge::default(),
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

    /// The same reader without hints: a code that cannot be read is not mentioned.
    #[must_use]
    pub fn without_hints(self) -> Self {
        Self { hints: false, ..self }
    }

    /// Returns how often a decoder panicked and was stopped, since this reader began.
    #[must_use]
    pub fn panics(&self) -> u64 {
        self.panics
    }

    /// Returns whether other programs have left the reader too little time for a while: the variants
    /// that always look took more than half a frame's budget, or frames took more than twice their
    /// budget.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.load.is_busy()
    }

    /// Returns what a frame shows.
    ///
    /// The place of the last code is looked at first. Then the ladder's first variants look at the
    /// whole frame, always. Each further variant looks only if, by its recent costs, it will end inside
    /// the budget. In an idle scene the budget is a third.
    pub fn read(&mut self, frame: &GreyFrame) -> Sighting {
        let start = (self.clock)();
        self.pictures.clear();
        self.decoders.advance();
        let is_idle = self.idle.see(frame);
        self.allowed = if is_idle { self.budget / IDLE_DIVISOR } else { self.budget };
        match self.run_ladder(frame, start) {
            Ok(code) => {
                self.turn = ALWAYS;
                self.last_place.set(code.corners);
                self.merger.clear();
                self.idle.restart();
                self.standing = None;
                Sighting::Code(code)
            }
            Err(unread) => self.explain(frame, &unread, start, is_idle),
        }
    }

    /// Forgets earlier frames: the next one shows something unrelated.
    pub fn restart(&mut self) {
        self.turn = ALWAYS;
        self.idle.restart();
        self.last_place = LastPlace::default();
        self.standing = None;
        if self.load.is_busy() {
            self.forget_costs();
        }
        self.load = Load::default();
        self.merger.clear();
        self.decoders.restart();
    }

    /// Runs one variant after the other until a code is read. Otherwise returns the codes that were
    /// found and not read.
    fn run_ladder(&mut self, frame: &GreyFrame, start: Duration) -> Result<SeenCode, Vec<UnreadCode>> {
        let mut unread = Vec::new();
        let mut read = self.look_at_last_place(frame, start);
        let begin = (self.clock)();
        for at in 0..ALWAYS.min(self.order.len()) {
            // Even if the last place was read, since there may be other codes beside it.
            self.run(at, frame, start, &mut read, &mut unread);
            if let Some(code) = largest(&mut read) {
                return Ok(code);
            }
        }
        let always = (self.clock)().saturating_sub(begin);
        read = self.look_at_merged(frame, start);
        let mut first_skipped = None;
        for step in 0..self.order.len().saturating_sub(ALWAYS) {
            if let Some(code) = largest(&mut read) {
                return Ok(code);
            }
            let at = self.in_turn(step);
            if self.affords(at, frame, start) {
                self.run(at, frame, start, &mut read, &mut unread);
            } else {
                first_skipped.get_or_insert(at);
            }
        }
        if let Some(code) = largest(&mut read) {
            return Ok(code);
        }
        self.turn = first_skipped.unwrap_or(ALWAYS);
        self.measure_load(always, start);
        Err(unread)
    }

    fn look_at_last_place(&mut self, frame: &GreyFrame, start: Duration) -> Vec<(QrText, Corners)> {
        // At most half of the budget, since the rest of the frame matters, too.
        let end = start + self.allowed / 2;
        let findings = self.last_place.look(frame, &mut self.decoders, &*self.clock, end);
        let Some(findings) = findings else { return Vec::new() };
        self.panics += u64::from(findings.panicked);
        findings.read
    }

    /// Merges this frame, in which the first variants read nothing, with earlier ones.
    fn look_at_merged(&mut self, frame: &GreyFrame, start: Duration) -> Vec<(QrText, Corners)> {
        self.merger.push(frame);
        let end = start + self.ladder_time();
        let findings = self.merger.look(&mut self.decoders, &*self.clock, end);
        let Some(findings) = findings else { return Vec::new() };
        self.panics += u64::from(findings.panicked);
        findings.read
    }

    /// Runs variant `at` on a frame, and adds what it found.
    fn run(
        &mut self,
        at: usize,
        frame: &GreyFrame,
        start: Duration,
        read: &mut Vec<(QrText, Corners)>,
        unread: &mut Vec<UnreadCode>,
    ) {
        let end = if at < ALWAYS {
            (self.clock)() + self.budget * PATIENCE
        } else {
            // A little early, since a decoder looks at the clock only now and then.
            start + self.ladder_time() * 19 / 20
        };
        let variant = self.order[at];
        let findings = variant.look_at(frame, &mut self.pictures, &mut self.decoders, &*self.clock, end);
        let Some(findings) = findings else { return };
        self.costs.learn(at, frame.pixels().len(), findings.took);
        self.panics += u64::from(findings.panicked);
        unread.extend(findings.unread.into_iter().take(limits::UNREAD_CODES));
        read.extend(findings.read);
    }

    /// Returns the variant for a step of the ladder, after those that always look.
    fn in_turn(&self, step: usize) -> usize {
        let others = self.order.len() - ALWAYS;
        ALWAYS + (self.turn - ALWAYS + step) % others
    }

    fn affords(&mut self, at: usize, frame: &GreyFrame, start: Duration) -> bool {
        let spent = (self.clock)().saturating_sub(start);
        let left = self.ladder_time().saturating_sub(spent);
        self.costs.affords(at, frame.pixels().len(), left)
    }

    /// Returns the ladder's time in the current frame. It does not depend on the cost of hints.
    fn ladder_time(&self) -> Duration {
        let (part, of) = if self.hints { LADDER } else { LADDER_ALONE };
        self.allowed * part / of
    }

    /// Measures how busy the machine is, by a frame in which nothing was read. `always` is the time of
    /// the variants that always look.
    fn measure_load(&mut self, always: Duration, start: Duration) {
        let spent = (self.clock)().saturating_sub(start);
        if self.load.count(always > self.budget / 2 || spent > self.budget * 2) {
            self.forget_costs();
        }
    }

    /// Forgets what variants cost. Costs on a busy machine say nothing about the time after it.
    fn forget_costs(&mut self) {
        self.costs.forget();
        self.last_place.forget_costs();
        self.merger.forget_costs();
    }

    /// Returns why nothing was read, if there is time to find out. Otherwise the last hint stands for
    /// some frames.
    fn explain(
        &mut self,
        frame: &GreyFrame,
        unread: &[UnreadCode],
        start: Duration,
        is_idle: bool,
    ) -> Sighting {
        let by_area = |a: &&UnreadCode, b: &&UnreadCode| area(&a.corners).total_cmp(&area(&b.corners));
        let sized = unread.iter().filter(|code| code.modules.is_some()).max_by(by_area);
        match sized {
            Some(code) => self.last_place.set(code.corners),
            None => self.last_place.miss(),
        }
        let begin = (self.clock)();
        let is_judged = !self.hints || self.hint_time.permits(begin.saturating_sub(start), self.allowed);
        if is_judged && self.hints {
            let sighting = self.judge.judge(frame, &mut self.pictures, unread.iter().max_by(by_area));
            self.hint_time.learn((self.clock)().saturating_sub(begin));
            self.standing = (sighting != Sighting::Nothing).then_some((sighting, HINT_STANDS));
        }
        if sized.is_some() || self.standing.is_some() {
            self.idle.restart();
        } else if is_judged || is_idle {
            // Without a judgement it is not known that the scene shows nothing.
            self.idle.count_empty();
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

/// Takes the largest of the codes that were read: the one that is held out.
fn largest(read: &mut Vec<(QrText, Corners)>) -> Option<SeenCode> {
    read.sort_unstable_by(|a, b| area(&b.1).total_cmp(&area(&a.1)));
    let mut codes: Vec<(QrText, Corners)> = Vec::new();
    for (text, corners) in read.drain(..) {
        if !codes.iter().any(|known| known.0 == text) {
            codes.push((text, corners));
        }
    }
    if codes.is_empty() {
        return None;
    }
    let (text, corners) = codes.remove(0);
    Some(SeenCode { text, corners, others: codes.into_iter().map(|(_, corners)| corners).collect() })
}

/// Returns the area of a quadrilateral, as a share of the frame (the shoelace formula).
fn area(corners: &Corners) -> f32 {
    let cross = |a: [f32; 2], b: [f32; 2]| a[0] * b[1] - a[1] * b[0];
    (0..4).map(|at| cross(corners[at], corners[(at + 1) % 4])).sum::<f32>().abs() / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pictures::Scale;

    #[test]
    fn the_frame_at_its_own_size_is_among_the_variants_that_always_look() {
        assert!(ORDER[..ALWAYS].iter().any(|variant| variant.preprocessing.scale == Scale::Whole));
    }
}
