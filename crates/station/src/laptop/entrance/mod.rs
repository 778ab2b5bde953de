//! The entrance: from a ticket to a station, decided without doing anything.
//!
//! [`Entrance::handle`] takes one [`Input`] and the moment. Whoever holds it reads the camera, joins, and
//! shows [`Entrance::screen`]. It holds a ticket's secret for as long as a person looks at it.

mod reading;
pub(crate) mod view;

use std::time::Duration;

use gate::window::collector::Hint;
use gate::{Fault, IGNORES_KEYS, Now};
use health_code::Timestamp;
use wire::Ticket;

use crate::enrol::{EnrolFailure, JoinStep};
use reading::{shown, taken};
use view::{EntranceScreen, JoinSteps, StepState, TicketInput, TicketProblem};

/// A hint needs so long of the same finding.
const HINT_AFTER: Duration = Duration::from_millis(600);
/// A hint, and what was shown instead of a ticket, stay for so long after they were seen last.
const STAYS: Duration = Duration::from_secs(4);
/// A ticket that was left counts as new once it was out of view for so long.
const OUT_OF_VIEW: Duration = Duration::from_secs(1);
/// A ticket that nobody confirms is forgotten after this.
const CONFIRM_WITHIN: Duration = Duration::from_secs(600);

/// What the entrance hears.
#[derive(Debug)]
pub(crate) enum Input {
    /// The camera or the hand scanner read a code.
    Read(String),
    /// The hand scanner read a code in part.
    ReadInPart,
    /// The camera sees a code that it cannot read.
    Unreadable(Hint),
    /// The camera sees no code.
    Nothing,
    /// A person did something.
    Person(TicketInput),
    /// A step of joining began.
    Began(JoinStep),
    /// All steps are over; the station starts.
    Joined,
    /// Joining failed.
    Failed(EnrolFailure, Option<Timestamp>),
    /// The request lies on the stick of this name, or why it does not and no answer was taken.
    OnStick(Result<String, EnrolFailure>),
    /// Time went by.
    Tick,
}

/// What the entrance wants.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Wants {
    /// Nothing.
    Nothing,
    /// That the laptop joins by this ticket.
    Join(Box<Ticket>),
    /// That a stick is carried for this ticket.
    Carry(Box<Ticket>),
    /// That the screen which was there before is shown again.
    Leave,
}

/// The state between a ticket and a station.
#[derive(Debug)]
pub(crate) struct Entrance {
    stage: Stage,
    /// Whether there is a screen to go back to.
    may_leave: bool,
    /// Whether a stick can take the place of the network.
    by_stick: bool,
    /// The secret of a ticket that was left, and when it was seen last: it is not taken again while it stays
    /// in view.
    left: Option<([u8; 16], Duration)>,
}

#[derive(Debug)]
enum Stage {
    /// Another screen is shown.
    Away,
    Waiting {
        /// The finding, since when, and when it was there last.
        hint: Option<(Hint, Duration, Duration)>,
        problem: Option<(TicketProblem, Duration)>,
    },
    Confirm {
        ticket: Box<Ticket>,
        since: Duration,
    },
    Joining {
        ticket: Box<Ticket>,
        run: Run,
    },
    Failed {
        ticket: Box<Ticket>,
        run: Run,
        failure: EnrolFailure,
        at: Option<Timestamp>,
        since: Duration,
    },
    /// A stick takes the request to the office, and brings the answer.
    ByStick {
        ticket: Box<Ticket>,
        /// The stick on which the request lies, as far as this run knows.
        stick: Option<String>,
        /// Whether a stick is read and written now.
        busy: bool,
        problem: Option<EnrolFailure>,
        since: Duration,
    },
}

const WAITING: Stage = Stage::Waiting { hint: None, problem: None };

/// How far joining is.
#[derive(Debug, Clone, Copy)]
struct Run {
    /// When it began.
    since: Duration,
    /// The step that goes on, or failed; none before the first and after the last.
    step: Option<JoinStep>,
    reached: Option<Duration>,
    over: bool,
}

impl Entrance {
    /// An entrance that waits for a ticket, or one that is opened from another screen.
    pub(crate) fn new(may_leave: bool) -> Self {
        let stage = if may_leave { Stage::Away } else { WAITING };
        Self { stage, may_leave, by_stick: false, left: None }
    }

    /// The entrance of a laptop that is no station: a stick can take the place of the network. A request that waits
    /// for its answer is shown at once.
    pub(crate) fn of_laptop(may_leave: bool, asked: Option<Ticket>) -> Self {
        let mut entrance = Self { by_stick: true, ..Self::new(may_leave) };
        if let Some(ticket) = asked {
            entrance.stage = by_stick(Box::new(ticket), Duration::ZERO);
        }
        entrance
    }

    /// Takes one input.
    pub(crate) fn handle(&mut self, input: Input, now: Now) -> Wants {
        let mono = now.mono;
        match input {
            Input::Read(text) => self.read(&text, mono),
            Input::ReadInPart => self.refuse(TicketProblem::Broken, mono),
            Input::Unreadable(found) => self.unreadable(found, mono),
            Input::Nothing => {}
            Input::Person(TicketInput::Show) => {
                if matches!(self.stage, Stage::Away) {
                    self.stage = WAITING;
                }
            }
            Input::Person(TicketInput::Offer { text }) => self.offer(&text, mono),
            // There was none, or it would have been offered.
            Input::Person(TicketInput::FromStick) => self.refuse(TicketProblem::NoStick, mono),
            Input::Person(TicketInput::ByStick) => self.turn_to_stick(mono),
            Input::Person(TicketInput::Confirm) => return self.confirm(mono),
            Input::Person(TicketInput::Back) => return self.back(mono),
            Input::Began(step) => self.began(step, mono),
            Input::Joined => {
                if let Stage::Joining { run, .. } = &mut self.stage {
                    (run.step, run.over) = (None, true);
                }
            }
            Input::Failed(failure, at) => self.failed(failure, at, mono),
            Input::OnStick(said) => self.on_stick(said, mono),
            Input::Tick => {}
        }
        self.forget_what_is_over(mono);
        Wants::Nothing
    }

    /// Returns whether the camera's codes are wanted.
    pub(crate) fn reads(&self) -> bool {
        matches!(self.stage, Stage::Waiting { .. })
    }

    /// Returns whether the laptop joins now, or has just joined.
    pub(crate) fn is_joining(&self) -> bool {
        matches!(self.stage, Stage::Joining { .. } | Stage::ByStick { busy: true, .. })
    }

    /// Returns what is to be shown; `None` where another screen is.
    pub(crate) fn screen(&self, now: Now, fault: Option<Fault>) -> Option<EntranceScreen> {
        Some(match &self.stage {
            Stage::Away => return None,
            Stage::Waiting { hint, problem } => EntranceScreen::Waiting {
                hint: hint
                    .filter(|(_, since, last)| *last >= *since + HINT_AFTER && now.mono < *last + STAYS)
                    .map(|(hint, ..)| hint),
                problem: problem.map(|(problem, _)| problem),
                fault,
                may_leave: self.may_leave,
            },
            Stage::Confirm { ticket, .. } => {
                EntranceScreen::Confirm { ticket: shown(ticket), by_stick: self.by_stick }
            }
            Stage::Joining { ticket, run } => {
                EntranceScreen::Joining { ticket: shown(ticket), steps: run.steps(StepState::Running) }
            }
            Stage::Failed { ticket, run, failure, at, .. } => EntranceScreen::Failed {
                ticket: shown(ticket),
                steps: run.steps(StepState::Failed),
                failure: *failure,
                at: *at,
                may_pass: failure.may_pass(),
                by_stick: self.by_stick,
            },
            Stage::ByStick { ticket, stick, busy, problem, .. } => EntranceScreen::ByStick {
                ticket: shown(ticket),
                stick: stick.clone(),
                busy: *busy,
                problem: *problem,
            },
        })
    }

    fn read(&mut self, text: &str, mono: Duration) {
        let Stage::Waiting { hint, problem } = &mut self.stage else { return };
        *hint = None;
        match taken(text) {
            Err(found) => *problem = Some((found, mono)),
            Ok(ticket) => match &mut self.left {
                Some((secret, last)) if *secret == ticket.secret && mono < *last + OUT_OF_VIEW => {
                    *last = mono;
                }
                _ => self.stage = Stage::Confirm { ticket, since: mono },
            },
        }
    }

    fn unreadable(&mut self, found: Hint, mono: Duration) {
        let Stage::Waiting { hint, .. } = &mut self.stage else { return };
        match hint {
            Some((same, _, last)) if *same == found => *last = mono,
            _ => *hint = Some((found, mono, mono)),
        }
    }

    fn offer(&mut self, text: &str, mono: Duration) {
        if self.is_joining() {
            return;
        }
        self.stage = match taken(text) {
            Ok(ticket) => Stage::Confirm { ticket, since: mono },
            Err(problem) => Stage::Waiting { hint: None, problem: Some((problem, mono)) },
        };
    }

    fn refuse(&mut self, problem: TicketProblem, mono: Duration) {
        if matches!(self.stage, Stage::Waiting { .. }) {
            self.stage = Stage::Waiting { hint: None, problem: Some((problem, mono)) };
        }
    }

    /// Goes by a stick from here on. Whoever turns to it says that the ticket is the right one.
    fn turn_to_stick(&mut self, mono: Duration) {
        match &self.stage {
            Stage::Confirm { ticket, since } | Stage::Failed { ticket, since, .. }
                if self.by_stick && mono >= *since + IGNORES_KEYS =>
            {
                self.stage = by_stick(ticket.clone(), mono);
            }
            _ => {}
        }
    }

    fn on_stick(&mut self, said: Result<String, EnrolFailure>, mono: Duration) {
        let Stage::ByStick { stick, busy, problem, since, .. } = &mut self.stage else { return };
        (*busy, *since, *problem) = (false, mono, said.as_ref().err().copied());
        *stick = said.ok();
    }

    fn confirm(&mut self, mono: Duration) -> Wants {
        match &mut self.stage {
            Stage::ByStick { ticket, busy, problem, since, .. }
                if !*busy && mono >= *since + IGNORES_KEYS =>
            {
                (*busy, *problem) = (true, None);
                Wants::Carry(ticket.clone())
            }
            Stage::Confirm { ticket, since } if mono >= *since + IGNORES_KEYS => {
                let ticket = ticket.clone();
                self.join(ticket, mono)
            }
            Stage::Failed { ticket, failure, since, .. } if mono >= *since + IGNORES_KEYS => {
                if failure.may_pass() {
                    let ticket = ticket.clone();
                    return self.join(ticket, mono);
                }
                self.wait_for_another(mono);
                Wants::Nothing
            }
            _ => Wants::Nothing,
        }
    }

    fn join(&mut self, ticket: Box<Ticket>, mono: Duration) -> Wants {
        let run = Run { since: mono, step: None, reached: None, over: false };
        self.stage = Stage::Joining { ticket: ticket.clone(), run };
        Wants::Join(ticket)
    }

    fn back(&mut self, mono: Duration) -> Wants {
        match &self.stage {
            Stage::Confirm { .. } | Stage::Failed { .. } | Stage::ByStick { busy: false, .. } => {
                self.wait_for_another(mono);
                Wants::Nothing
            }
            Stage::Waiting { .. } if self.may_leave => {
                self.stage = Stage::Away;
                Wants::Leave
            }
            _ => Wants::Nothing,
        }
    }

    fn wait_for_another(&mut self, mono: Duration) {
        if let Stage::Confirm { ticket, .. } | Stage::Failed { ticket, .. } | Stage::ByStick { ticket, .. } =
            &self.stage
        {
            self.left = Some((ticket.secret, mono));
        }
        self.stage = WAITING;
    }

    fn began(&mut self, step: JoinStep, mono: Duration) {
        let Stage::Joining { run, .. } = &mut self.stage else { return };
        if run.step == Some(JoinStep::Reach) {
            run.reached = Some(mono.saturating_sub(run.since));
        }
        run.step = Some(step);
    }

    fn failed(&mut self, failure: EnrolFailure, at: Option<Timestamp>, mono: Duration) {
        let Stage::Joining { ticket, run } = &self.stage else { return };
        self.stage = Stage::Failed { ticket: ticket.clone(), run: *run, failure, at, since: mono };
    }

    fn forget_what_is_over(&mut self, mono: Duration) {
        match &mut self.stage {
            Stage::Waiting { problem, .. } if problem.is_some_and(|(_, last)| mono >= last + STAYS) => {
                *problem = None;
            }
            Stage::Confirm { since, .. } if mono >= *since + CONFIRM_WITHIN => self.wait_for_another(mono),
            _ => {}
        }
    }
}

fn by_stick(ticket: Box<Ticket>, since: Duration) -> Stage {
    Stage::ByStick { ticket, stick: None, busy: false, problem: None, since }
}

impl Run {
    /// Returns the steps; the one that this is at is `here`.
    fn steps(&self, here: StepState) -> JoinSteps {
        let state = |step| match self.step {
            _ if self.over => StepState::Done,
            Some(at) if step < at => StepState::Done,
            Some(at) if step == at => here,
            // What failed before the first step failed at it.
            None if step == JoinStep::Reach => here,
            _ => StepState::Pending,
        };
        JoinSteps {
            reach: state(JoinStep::Reach),
            identity: state(JoinStep::Identity),
            ticket: state(JoinStep::Ticket),
            trust: state(JoinStep::Trust),
            reached_in: self.reached.map(|took| u32::try_from(took.as_millis() / 100).unwrap_or(u32::MAX)),
        }
    }
}

#[cfg(test)]
mod tests;
