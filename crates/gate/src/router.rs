//! The gate as a whole: hands each input to its wing, and does what the wings ask for.
//!
//! The router holds what every wing may ask of: trust, surroundings, reports on their way to the
//! disk, the community with the changes that were made here, randomness, and which wing is in front.
//! The wings are [`crate::collector`], [`crate::shift`], [`crate::workbench`] and [`crate::station`]; a
//! wing never calls another wing.
//!
//! # How to add
//!
//! - **A button**: a variant in the wing's input enum (`window/collector.rs`), an arm in the wing's
//!   `user` (`collector/mod.rs`), a test (`tests/`). Then `cargo xtask bindings`.
//! - **A screen**: a variant in the wing's screen enum, a stage in the wing, an arm in its
//!   `screen`. If time alone ends it, also an arm in `pass_time` and `deadlines`. Then the same.
//! - **A wing**: a file in `window/` with its screens and inputs, a module that implements
//!   [`Wing`], a variant in [`Screen`](crate::window::Screen), [`UserInput`] and [`WingName`], a field in [`Wings`].
//!   The compiler names the arms that are missing here.
//! - **Something to ask of the shell**: a variant in [`Action`]; the wing uses `effects.act`.
//! - **A report that somebody waits for**: a variant in [`Purpose`], and an arm in `saved` and in
//!   `failed` here.

mod saving;

use std::sync::Arc;
use std::time::Duration;

use health_code::Trust;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng as _;
use wire::Report;
use zeroize::Zeroizing;

use crate::action::Action;
use crate::changes::{Changes, Entry, Roster, UNDO};
use crate::collector::Collector;
use crate::deadlines::SecondHand;
use crate::input::{Input, Now, Withdrawal};
use crate::reports::{Purpose, Reports};
use crate::shared::{Shared, Wings, looks_alike, view};
use crate::shift::{LastPlace, Shift, WrongTries};
use crate::standing::Standing;
use crate::station::Station;
use crate::surroundings::Surroundings;
use crate::tags::TagKey;
use crate::window::station::StationInput;
use crate::window::workbench::Enrolment;
use crate::window::{UserInput, View};
use crate::wing::{Effect, Effects, Known, Wing, WingName};
use crate::workbench::Workbench;

/// What a gate begins with.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Verified trust, if the station has any.
    pub trust: Option<Arc<Trust>>,
    /// The checkpoint and direction chosen last time.
    pub last: Option<LastPlace>,
    /// The changes that were made here, as [`Action::KeepChanges`] gave them last.
    pub changes: Changes,
    /// The wrong tries at signing in, as [`Action::CheckPin`] and [`Action::KeepTries`] gave them last.
    pub tries: WrongTries,
    /// The word that put this station out of service, if it has heard one.
    pub withdrawn: Option<Withdrawal>,
    /// What the laptop knows of its enrolment.
    pub enrolment: Enrolment,
    /// Randomness for record ids and for the key of all tags. The same seed, inputs and
    /// [stirs](Gate::stir) make the same gate.
    pub seed: [u8; 32],
}

/// One checkpoint's state and rules.
///
/// Until the shell says otherwise ([`Input::Clock`]) the clock counts as wrong: nothing is green
/// on a clock that nobody vouches for. Camera and outbox count as well until a fault is told.
pub struct Gate {
    shared: Shared,
    wings: Wings,
    station: Station,
    reports: Reports,
    effects: Effects,
    /// What the window shows.
    shown: View,
    /// The moment of the latest input.
    now: Now,
    /// When seconds of the wall clock begin.
    seconds: SecondHand,
}

impl Gate {
    /// Makes a gate with nobody signed in. Show its [`Gate::view`]; from then on
    /// [`Action::Show`] tells when the view has changed.
    #[must_use]
    pub fn new(setup: Setup, now: Now) -> Self {
        let mut effects = Effects::new(ChaCha20Rng::from_seed(setup.seed));
        let tags = TagKey::new(effects.random());
        let around = Surroundings {
            withdrawn: setup.withdrawn,
            enrolment: setup.enrolment,
            ..Surroundings::unknown()
        };
        let standing = Standing::of(setup.trust.as_deref(), 0, now.wall);
        let roster = Roster::new(setup.changes, setup.trust.as_deref());
        let shared = Shared { trust: setup.trust, standing, roster, around, front: WingName::Shift };
        let wings = Wings {
            shift: Shift::new(setup.last, setup.tries, now.mono),
            collector: Collector::new(tags, now.mono),
            workbench: Workbench::default(),
        };
        let station = Station::default();
        let shown = view(&shared.known(&shared.standing, &wings, now), &wings, &station);
        let reports = Reports::default();
        Self { shared, wings, station, reports, effects, shown, now, seconds: SecondHand::new(now) }
    }

    /// Mixes fresh randomness into all later draws.
    ///
    /// The shell does so before each input: a gate whose memory was restored from a snapshot would otherwise
    /// give two reports the same id.
    pub fn stir(&mut self, fresh: [u8; 32]) {
        self.effects.stir(fresh);
    }

    /// Decides what to do about one input.
    ///
    /// A new view comes first among the actions, so that it is up before its sound and before
    /// anything that takes time.
    pub fn handle(&mut self, input: Input, now: Now) -> Vec<Action> {
        self.now = Now { mono: now.mono.max(self.now.mono), ..now };
        self.seconds.pass_time(self.now);
        self.shared.pass_time(self.now.wall);
        let mut actions = Vec::new();
        self.each_wing(&mut actions, |wing, known, effects| wing.pass_time(known, effects));
        self.reports.pass_time(self.now.mono, &mut actions);
        self.report_held(Some(self.now.mono), &mut actions);
        self.take(input, &mut actions);
        self.each_wing(&mut actions, |wing, known, effects| wing.follow(known, effects));
        let known = self.shared.known_now(&self.wings, self.now);
        self.station.watch(&known, &mut self.effects);
        self.carry_out(&mut actions);
        self.shared.roster.tell(&mut actions);
        let view = self.view(self.now);
        if !looks_alike(&view, &self.shown) {
            actions.insert(0, Action::Show(Box::new(view.clone())));
            self.shown = view;
        }
        actions
    }

    /// Returns what is on the screen.
    #[must_use]
    pub fn view(&self, now: Now) -> View {
        let standing = &self.shared.standing;
        if standing.is_of(standing.generation(), now.wall) {
            return view(&self.shared.known_now(&self.wings, now), &self.wings, &self.station);
        }
        let standing = Standing::of(self.shared.trust.as_deref(), standing.generation(), now.wall);
        view(&self.shared.known(&standing, &self.wings, now), &self.wings, &self.station)
    }

    /// Returns when [`Input::Tick`] is due next, on the monotonic clock.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Duration> {
        let Now { wall, mono } = self.now;
        let left_of_minute = u64::try_from(60 - wall.0.rem_euclid(60)).unwrap_or(60);
        let next_minute = mono.saturating_add(Duration::from_secs(left_of_minute));
        let known = self.shared.known_now(&self.wings, self.now);
        // What is on the screen is judged anew in each second.
        let judged = self.wings.collector.is_judging().then_some(wall.plus(1));
        let moments = judged.into_iter().chain(self.shared.standing.next_change);
        let moments = moments.filter_map(|moment| self.seconds.begins(moment));
        let wings = WingName::ALL.iter().flat_map(|name| self.wings.get(*name).deadlines(&known));
        std::iter::once(next_minute)
            .chain(moments)
            .chain(wings)
            .chain(self.station.deadlines(&known))
            .chain(self.reports.deadline())
            .chain(self.shared.roster.deadline())
            .filter(|at| *at > mono)
            .min()
    }

    /// Returns the checkpoint and direction chosen last, for [`Setup::last`] of the next run.
    #[must_use]
    pub fn last_place(&self) -> Option<LastPlace> {
        self.wings.shift.last_place()
    }

    /// Returns whether a report waits for an answer of the outbox, or for its next try.
    #[must_use]
    pub fn owes_reports(&self) -> bool {
        !self.reports.is_empty()
    }

    /// Hands an input to the part that it is for.
    fn take(&mut self, input: Input, actions: &mut Vec<Action>) {
        let known = self.shared.known_now(&self.wings, self.now);
        let (wings, effects) = (&mut self.wings, &mut self.effects);
        match input {
            Input::Tick => {}
            Input::User(UserInput::Station(StationInput::CarryStick)) => {
                self.station.carry_stick(&known, effects);
            }
            Input::Sticks(seen) => {
                wings.workbench.sticks_seen(&seen, &known);
                self.station.sticks_seen(seen);
            }
            // Out of service nothing is read, and no other key does anything.
            Input::CodeSeen { .. } | Input::CodeUnreadable { .. } | Input::NothingSeen | Input::User(_)
                if known.is_withdrawn() => {}
            Input::Scanned(_) if known.is_withdrawn() => {}
            Input::CodeSeen { text, aim } => {
                wings.code_seen(&Zeroizing::new(text), aim, &known, effects);
            }
            Input::CodeUnreadable { hint } => wings.found(Some(hint), &known),
            Input::NothingSeen => wings.found(None, &known),
            Input::Scanned(scan) => wings.scanned(&scan, &known, effects),
            Input::User(UserInput::Scanner(input)) => wings.scanned(&input.into(), &known, effects),
            Input::User(input) => {
                wings.shift.note_activity(known.now.mono);
                match input {
                    UserInput::Collector(input) => wings.collector.user(input, &known, effects),
                    UserInput::Shift(input) => wings.shift.user(input, &known, effects),
                    UserInput::Station(input) => self.station.user(input, &known, effects),
                    UserInput::Workbench(input) => wings.workbench.user(input, &known, effects),
                    UserInput::Scanner(_) => {}
                }
            }
            Input::PinChecked { attempt, right } => {
                if !known.is_withdrawn() {
                    wings.shift.pin_checked(attempt, right, &known, effects);
                }
            }
            Input::PinHashed { attempt, phc } => wings.workbench.pin_hashed(attempt, phc, &known, effects),
            Input::Appended { record } => self.saved(record, actions),
            Input::AppendFailed { record, fault } => self.failed(record, fault),
            Input::Waiting(count) => self.shared.around.waiting = count,
            Input::SetAside(count) => self.shared.around.set_aside = count,
            Input::Camera { fault, simulated } => self.shared.around.camera(fault, simulated),
            Input::Device(device) => self.shared.around.device = *device,
            Input::CameraView(view) => self.shared.around.camera_view = view,
            Input::Scanner(view) => self.shared.around.scanner = view,
            Input::Relay(view) => self.shared.around.relay = view,
            Input::Busy(busy) => self.shared.around.busy = busy,
            Input::Trust(trust) => {
                let generation = self.shared.standing.generation().wrapping_add(1);
                self.shared.standing = Standing::of(trust.as_deref(), generation, self.now.wall);
                self.shared.trust = trust;
                self.shared.roster.trust_changed(self.shared.trust.as_deref());
                if let Some(policy) = self.shared.standing.policy() {
                    self.shared.roster.policy_changed(policy);
                }
                self.each_wing(actions, |wing, known, effects| wing.trust_changed(known, effects));
            }
            Input::Clock(state) => {
                self.shared.around.clock = state;
                self.station.clock_changed(state);
            }
            Input::Past(past) => self.shared.around.past = Some(past),
            Input::Line(line) => self.shared.around.line = line,
            Input::Withdrawn(withdrawal) => {
                wings.shift.withdrawn(&known, effects);
                self.shared.around.withdrawn = Some(withdrawal);
            }
            Input::Told { notices, community } => {
                self.change_roster(actions, |roster, trust| roster.told(&notices, community, trust));
            }
            Input::Battery(battery) => self.shared.around.battery = battery,
            Input::Outbox(fault) => {
                self.shared.around.outbox = fault;
                if fault.is_none() {
                    self.reports.retry_now(actions);
                }
            }
            Input::Exchanged { answered, coming } => wings.workbench.exchanged(answered, coming, &known),
            Input::ReceiverPlugged(plugged) => self.shared.around.receiver_plugged = plugged,
            Input::Located(found) => self.shared.around.located(found, self.now.mono),
            Input::Forbidden => effects.count_forbidden(),
            Input::Closing => self.report_held(None, actions),
        }
        self.carry_out(actions);
    }

    /// Changes the community as this station sees it, and lets every wing follow.
    fn change_roster<T>(
        &mut self,
        actions: &mut Vec<Action>,
        change: impl FnOnce(&mut Roster, Option<&Trust>) -> T,
    ) -> T {
        let changed = change(&mut self.shared.roster, self.shared.trust.as_deref());
        self.each_wing(actions, |wing, known, effects| wing.trust_changed(known, effects));
        changed
    }

    /// Reports the changes that can't be taken back any more; at no moment, all.
    fn report_held(&mut self, mono: Option<Duration>, actions: &mut Vec<Action>) {
        let clock = self.shared.known_now(&self.wings, self.now).clock();
        for entry in self.shared.roster.due(mono) {
            let Entry { record, by, at, change, .. } = entry.clone();
            let report = Report::Roster(wire::Roster { at: at.0, clock, by: by.0, change });
            self.reports.append(record, Box::new(report), Purpose::Change(Box::new(entry)), actions);
        }
    }

    /// Lets every wing do something, and carries out what each asks for.
    fn each_wing(&mut self, actions: &mut Vec<Action>, act: impl Fn(&mut dyn Wing, &Known, &mut Effects)) {
        for name in WingName::ALL {
            let known = self.shared.known_now(&self.wings, self.now);
            act(self.wings.get_mut(name), &known, &mut self.effects);
            self.carry_out(actions);
        }
    }

    /// Does what the wings have asked for, in order.
    fn carry_out(&mut self, actions: &mut Vec<Action>) {
        for effect in self.effects.take() {
            match effect {
                Effect::Act(action) => actions.push(action),
                Effect::Append { record, report, purpose } => {
                    self.reports.append(record, report, purpose, actions);
                }
                Effect::Front(name) if name == self.shared.front => {}
                Effect::Front(name) => {
                    self.wings.get_mut(self.shared.front).leave();
                    self.shared.front = name;
                    self.wings.get_mut(name).enter();
                }
                Effect::EndShift => {
                    self.each_wing(actions, |wing, known, effects| wing.shift_ended(known, effects));
                }
                Effect::CountWrongTry => self.wings.collector.count_wrong_try(self.now.mono),
                Effect::CountForbidden => self.wings.collector.count_forbidden(self.now.mono),
                Effect::Hold(entry) => {
                    let until = self.now.mono.saturating_add(UNDO);
                    self.change_roster(actions, |roster, trust| roster.hold(*entry, until, trust));
                }
                Effect::TakeBack(about) => {
                    let mono = self.now.mono;
                    self.change_roster(actions, |roster, trust| roster.take_back(about, mono, trust));
                }
                Effect::ReportHeld => self.report_held(None, actions),
                Effect::NoticesSeen => self.shared.roster.seen(),
                Effect::Lock => {
                    let known = self.shared.known_now(&self.wings, self.now);
                    self.wings.shift.lock(None, &known, &mut self.effects);
                    self.carry_out(actions);
                }
                Effect::Stand(checkpoint) => {
                    let known = self.shared.known_now(&self.wings, self.now);
                    self.wings.shift.stand(checkpoint, &known, &mut self.effects);
                    self.carry_out(actions);
                }
                Effect::NoteActivity => self.wings.shift.note_activity(self.now.mono),
            }
        }
    }
}

impl std::fmt::Debug for Gate {
    /// Says nothing about people: a gate may end up in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gate").finish_non_exhaustive()
    }
}
