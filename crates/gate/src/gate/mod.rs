//! The gate itself: one checkpoint's state, one input at a time.

mod bar;
mod faults;
mod health;
mod held;
mod hints;
mod open;
mod people;
mod record;
mod repeat;
mod roster;
mod scan;
mod session;
mod tags;
mod time;

use std::sync::Arc;

use health_code::Trust;
use health_code::trust::CheckpointId;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng as _;
use wire::RecordId;
use zeroize::Zeroizing;

use crate::action::Action;
use crate::input::{Aim, Input, Now};
use crate::window::collector::{CollectorScreen, Hint};
use crate::window::shift::CheckpointProblem;
use crate::window::station::StationScreen;
use crate::window::{Screen, View};
use bar::Surroundings;
use faults::FaultWatch;
use health::Counters;
use held::Held;
use hints::Hints;
use open::OpenResult;
use record::Reports;
use repeat::Repeats;
use roster::Places;
use session::{Session, SignIn};
use tags::Tags;

/// What a gate begins with.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Verified trust, where the station has any.
    pub trust: Option<Arc<Trust>>,
    /// The checkpoint chosen last time.
    pub last_checkpoint: Option<CheckpointId>,
    /// Randomness for record ids and for the key of "the same person".
    pub seed: [u8; 32],
}

/// One checkpoint's state and rules.
///
/// Until the shell has said otherwise ([`Input::Clock`]) the clock counts as wrong: nothing is
/// green on a clock that nobody vouches for. Camera and outbox count as well until a fault is
/// told. Wrong PINs are counted in memory: a restart forgets them.
pub struct Gate {
    trust: Option<Arc<Trust>>,
    rng: ChaCha20Rng,
    tags: Tags,
    around: Surroundings,
    stage: Stage,
    sign_in: SignIn,
    session: Option<Session>,
    places: Places,
    hints: Hints,
    held: Held,
    repeats: Repeats,
    counters: Counters,
    reports: Reports,
    faults: FaultWatch,
    scans: u32,
    painted: View,
    latest: Now,
}

/// Where in its round the gate is. A fault is no stage: it covers [`Stage::Ready`].
enum Stage {
    SignedOut,
    Choosing { problem: Option<CheckpointProblem>, adding: Option<RecordId> },
    Ready,
    Open(Box<OpenResult>),
    Recording(Box<OpenResult>, RecordId),
    Recorded { until: std::time::Duration },
    DeclareAgain { url: String, until: std::time::Duration },
    NoCode { until: std::time::Duration },
}

impl Gate {
    /// A gate with nobody signed in. Show its [`Gate::view`]; from then on [`Action::Show`] says
    /// when it has changed.
    #[must_use]
    pub fn new(setup: Setup, now: Now) -> Self {
        let mut rng = ChaCha20Rng::from_seed(setup.seed);
        let tags = Tags::new(&mut rng);
        let around = Surroundings::unknown();
        let places = Places::new(setup.last_checkpoint);
        let painted = View {
            screen: Screen::Collector(CollectorScreen::Recorded),
            bar: around.bar(None, None, None, now),
        };
        let mut gate = Self {
            trust: setup.trust,
            rng,
            tags,
            around,
            stage: Stage::SignedOut,
            sign_in: SignIn::default(),
            session: None,
            places,
            hints: Hints::default(),
            held: Held::default(),
            repeats: Repeats::new(now.mono),
            counters: Counters::default(),
            reports: Reports::default(),
            faults: FaultWatch::default(),
            scans: 0,
            painted,
            latest: now,
        };
        gate.painted = gate.view(now);
        gate
    }

    /// Decides what to do about one input.
    ///
    /// A new screen comes first among the actions, so that it is up before its sound and before
    /// anything that takes time.
    pub fn handle(&mut self, input: Input, now: Now) -> Vec<Action> {
        let now = Now { mono: now.mono.max(self.latest.mono), ..now };
        self.latest = now;
        let mut out = Vec::new();
        self.pass_time(now, &mut out);
        self.take(input, now, &mut out);
        self.distrust_open(now);
        self.watch_faults(now, &mut out);
        let view = self.view(now);
        if !bar::looks_alike(&view, &self.painted) {
            out.insert(0, Action::Show(Box::new(view.clone())));
            self.painted = view;
        }
        out
    }

    /// What is on the screen.
    #[must_use]
    pub fn view(&self, now: Now) -> View {
        let trust = self.trust.as_deref();
        let checkpoint = self.places.at_name(trust);
        let collector = self.session.as_ref().map(|session| session.masked_name.clone());
        View { screen: self.screen(now), bar: self.around.bar(trust, checkpoint, collector, now) }
    }

    /// The checkpoint chosen last, for [`Setup::last_checkpoint`] of the next run.
    #[must_use]
    pub fn last_checkpoint(&self) -> Option<CheckpointId> {
        self.places.last()
    }

    fn take(&mut self, input: Input, now: Now, out: &mut Vec<Action>) {
        match input {
            Input::Tick => {}
            // Of two people's codes none is taken rather than the wrong one.
            Input::CodeSeen { text, aim: Aim::Unclear } => {
                drop(Zeroizing::new(text));
                self.hints.found(Some(Hint::OneAtATime), now.mono);
            }
            Input::CodeSeen { text, .. } => self.code_seen(&Zeroizing::new(text), now, out),
            Input::CodeUnreadable { hint } => self.hints.found(Some(hint), now.mono),
            Input::NothingSeen => self.hints.found(None, now.mono),
            Input::User(input) => self.user(input, now, out),
            Input::PinChecked { attempt, right } => self.pin_checked(attempt, right, now, out),
            Input::Appended { record } => self.appended(record, now, out),
            Input::AppendFailed { record, fault } => self.append_failed(record, fault, now, out),
            Input::Waiting(count) => self.around.waiting = count,
            Input::Camera { fault, simulated } => {
                self.around.camera = fault;
                self.around.simulated = simulated;
            }
            Input::CameraView(view) => self.around.camera_view = view,
            Input::Busy(busy) => self.around.busy = busy,
            Input::Trust(trust) => self.trust_changed(trust, now, out),
            Input::Clock(state) => self.around.clock = state,
            Input::Online(online) => self.around.online = online,
            Input::Battery(battery) => self.around.battery = battery,
            Input::Outbox(fault) => {
                self.around.outbox = fault;
                if fault.is_none() {
                    self.reports.retry_now(out);
                }
            }
        }
    }

    fn screen(&self, now: Now) -> Screen {
        if let Some(fault) = self.fault_on_screen(now) {
            let seconds = self.faults.seconds(fault, now.mono);
            return Screen::Station(StationScreen::Fault {
                fault,
                seconds,
                may_assert_time: self.may_assert_time(now),
            });
        }
        match &self.stage {
            Stage::SignedOut => self.sign_in.screen(now.mono),
            Stage::Choosing { problem, .. } => self.choosing(*problem, now),
            Stage::Ready => Screen::Collector(CollectorScreen::Ready { hint: self.hints.shown() }),
            Stage::Open(open) => {
                Screen::Collector(CollectorScreen::Result { result: Box::new(open.view(now.mono)) })
            }
            Stage::Recording(open, _) => {
                Screen::Collector(CollectorScreen::Recording { result: Box::new(open.view(now.mono)) })
            }
            Stage::Recorded { .. } => Screen::Collector(CollectorScreen::Recorded),
            Stage::DeclareAgain { url, until } => Screen::Collector(CollectorScreen::DeclareAgain {
                url: url.clone(),
                countdown: time::address_countdown(*until, now.mono),
            }),
            Stage::NoCode { until } => {
                let trust = self.trust.as_ref();
                let url = trust.map(|trust| trust.policy(now.wall).no_code_url.clone()).unwrap_or_default();
                Screen::Collector(CollectorScreen::NoCode {
                    url,
                    countdown: time::address_countdown(*until, now.mono),
                })
            }
        }
    }
}

impl std::fmt::Debug for Gate {
    /// Says nothing of people: a gate may end up in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gate").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
