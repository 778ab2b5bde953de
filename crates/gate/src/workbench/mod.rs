//! The workbench's wing: checkpoints and collectors, looked after by an administrator.
//!
//! It is in front only while the shift's wing holds an administrator who has opened it. Every change is
//! asked of crate `roster` first, whoever sends it; what is not allowed is counted.

mod adding;
mod checkpoints;
mod collectors;
mod enrolment;
mod hashing;
mod new_pin;
mod pins;
mod policy;
mod rights;
mod rows;
mod stick;
mod trust;
mod typed;

use std::time::Duration;

use health_code::Trust;
use health_code::trust::PersonId;
use wire::RecordId;
use wire::report::RosterChange;

use crate::action::{Action, Sound};
use crate::change_report::{hold_change, report_change};
use crate::changes::Entry;
use crate::deadlines;
use crate::fault::Fault;
use crate::input::{Aim, Scan};
use crate::window::Screen;
use crate::window::collector::Hint;
use crate::window::shift::CheckpointProblem;
use crate::window::stick::SticksSeen;
use crate::window::workbench::{
    AddProblem, ChangeProblem, DeviceInput, WorkbenchFrame, WorkbenchInput, WorkbenchPage, WorkbenchScreen,
};
use crate::wing::{Effect, Effects, Known, Wing, WingName};
use adding::Adding;
use new_pin::NewPin;
use rights::allow;
pub(crate) use stick::ANSWERS_WITHIN;
use stick::StickPage;
use trust::Asking;
use typed::Typed;

/// A change that does not get to the disk is given up after this.
const SAVES_FOR: Duration = Duration::from_secs(10);

/// The state of the workbench's wing.
pub(crate) struct Workbench {
    page: Page,
    /// The report that the page waits for, and until when.
    saving: Option<(RecordId, Duration)>,
    problem: Option<ChangeProblem>,
    /// The last hashing's number.
    hashings: u64,
    asking: Asking,
}

enum Page {
    Checkpoints {
        /// Whether somebody asked where the laptop is, for the next checkpoint.
        asks_place: bool,
    },
    Collectors,
    Adding(Box<Adding>),
    NewPin(Box<NewPin>),
    Policy,
    Trust,
    Stick(Box<StickPage>),
    Device,
    Enrolment,
}

impl Default for Workbench {
    fn default() -> Self {
        let asking = Asking::default();
        Self {
            page: Page::Checkpoints { asks_place: false },
            saving: None,
            problem: None,
            hashings: 0,
            asking,
        }
    }
}

impl Wing for Workbench {
    fn screen(&self, known: &Known) -> Screen {
        let frame = WorkbenchFrame {
            community: known.community().map(|community| community.name.clone()).unwrap_or_default(),
            notices: rows::notices(known),
        };
        let (saving, problem) = (self.saving.is_some(), self.problem);
        Screen::Workbench(match &self.page {
            Page::Checkpoints { asks_place } => {
                let (current, rows) = rows::checkpoints(known);
                WorkbenchScreen::Checkpoints {
                    frame,
                    current,
                    rows,
                    gps: rows::gps(*asks_place, known),
                    saving,
                    problem,
                }
            }
            Page::Collectors => WorkbenchScreen::Collectors { frame, rows: rows::collectors(known), problem },
            Page::Adding(adding) => adding.screen(frame, saving),
            Page::NewPin(page) => page.screen(frame, saving),
            Page::Stick(page) => WorkbenchScreen::Stick { frame, stick: page.view(known) },
            Page::Device => WorkbenchScreen::Device { frame, device: Box::new(known.around.device.clone()) },
            Page::Enrolment => WorkbenchScreen::Enrolment { frame, place: enrolment::view(known) },
            Page::Policy => WorkbenchScreen::Policy { frame, policy: policy::view(known), saving, problem },
            Page::Trust => {
                WorkbenchScreen::Trust { frame, trust: trust::view(known), update: self.asking.said() }
            }
        })
    }

    /// No fault matters here but one that has locked the workbench.
    fn is_covered_by(&self, _fault: Fault, _trust: Option<&Trust>) -> bool {
        false
    }

    fn leave(&mut self) {
        *self = Self { hashings: self.hashings, ..Self::default() };
    }

    fn pass_time(&mut self, known: &Known, effects: &mut Effects) {
        let mono = known.now.mono;
        if self.saving.is_some_and(|(_, until)| mono >= until) {
            self.not_recorded();
        }
        match &mut self.page {
            Page::Adding(adding) => adding.pass_time(mono),
            Page::NewPin(page) => page.pass_time(mono),
            Page::Stick(page) => page.pass_time(known, effects),
            _ => {}
        }
        self.asking.pass_time(known);
    }

    fn trust_changed(&mut self, known: &Known, _effects: &mut Effects) {
        self.asking.trust_changed(known);
        if matches!(&self.page, Page::NewPin(page) if !page.is_listed(known)) {
            (self.page, self.problem) = (Page::Collectors, Some(ChangeProblem::Gone));
        }
    }

    /// What can still be taken back is reported as soon as the workbench is left.
    fn follow(&mut self, known: &Known, effects: &mut Effects) {
        if known.front != WingName::Workbench && known.roster.can_take_back() {
            effects.ask(Effect::ReportHeld);
        }
    }

    fn deadlines(&self, known: &Known) -> Vec<Duration> {
        let mono = known.now.mono;
        let saving = self.saving.map(|(_, until)| until);
        let adding = match &self.page {
            Page::Adding(adding) => adding.deadlines(),
            Page::NewPin(page) => page.deadline().into_iter().collect(),
            Page::Stick(page) => vec![page.deadline()],
            Page::Checkpoints { asks_place: true } => {
                known.around.place(mono).map(|(_, until)| until).into_iter().collect()
            }
            _ => Vec::new(),
        };
        let undo = known.roster.undos().map(|until| deadlines::next_second(until, mono));
        saving.into_iter().chain(self.asking.deadline()).chain(adding).chain(undo).collect()
    }
}

impl Workbench {
    pub(crate) fn user(&mut self, mut input: WorkbenchInput, known: &Known, effects: &mut Effects) {
        // Erased however this ends.
        let typed = Typed::of(&mut input);
        let Some(by) = known.keeper.filter(|_| known.front == WingName::Workbench) else {
            // A script in the page, or a key of a moment ago.
            return effects.count_forbidden();
        };
        self.problem = None;
        match input {
            WorkbenchInput::Lock => effects.ask(Effect::Lock),
            WorkbenchInput::Turn { page } => self.turn(page, known, effects),
            WorkbenchInput::CarryStick => {
                if let Page::Stick(page) = &mut self.page {
                    page.carry(known, effects);
                }
            }
            WorkbenchInput::AddCheckpoint { name, directions } => {
                self.add_checkpoint(&name, directions, by, known, effects);
            }
            WorkbenchInput::Locate { asked } => {
                if let Page::Checkpoints { asks_place } = &mut self.page {
                    *asks_place = asked;
                }
            }
            WorkbenchInput::ChangeCheckpoint { id, name, directions } => {
                self.change_checkpoint(&id, &name, directions, by, known, effects);
            }
            WorkbenchInput::RemoveCheckpoint { id } => self.remove_checkpoint(&id, by, known, effects),
            WorkbenchInput::SetCurrent { id } => self.set_current(&id, known, effects),
            WorkbenchInput::ScanCollector => self.scan_collector(known),
            WorkbenchInput::AddCollector { .. } | WorkbenchInput::SetPin { .. } => {
                self.hash_pin(&typed, by, known, effects);
            }
            WorkbenchInput::ChooseNewPin { id } => self.choose_new_pin(&id, by, known, effects),
            WorkbenchInput::RestoreCollector { id } => self.restore_collector(&id, by, known, effects),
            WorkbenchInput::StopAdding => {
                if matches!(self.page, Page::Adding(_) | Page::NewPin(_)) && self.saving.is_none() {
                    self.page = Page::Collectors;
                }
            }
            WorkbenchInput::RemoveCollector { id } => self.remove_collector(&id, by, known, effects),
            WorkbenchInput::Undo { id } => {
                if let Ok(PersonId(about)) = id.parse() {
                    effects.ask(Effect::TakeBack(Some(about)));
                }
            }
            WorkbenchInput::UndoLast => effects.ask(Effect::TakeBack(None)),
            WorkbenchInput::MakeCellStricter { cell, ruling } => {
                self.report_made(policy::stricter_cell(cell, ruling, known), by, known, effects);
            }
            WorkbenchInput::MakeLimitsStricter { fever, declaration_hours } => {
                let change = policy::stricter_limits(fever, declaration_hours, known);
                self.report_made(change, by, known, effects);
            }
            WorkbenchInput::UpdateTrust => self.asking.begin(known, effects),
            WorkbenchInput::Device { input } => self.ask_device(input, effects),
            WorkbenchInput::NoticesSeen => effects.ask(Effect::NoticesSeen),
        }
    }

    /// A code was read: it names whom to authorise, if the page waits for one.
    pub(crate) fn code_seen(&mut self, text: &str, aim: Aim, known: &Known, effects: &mut Effects) {
        if let Page::Adding(adding) = &mut self.page
            && known.front == WingName::Workbench
            && adding.code_seen(text, aim, known)
        {
            effects.note_activity();
        }
    }

    /// A hand scanner sent something: as with the camera, if the page waits for a code.
    pub(crate) fn scanned(&mut self, scan: &Scan, known: &Known, effects: &mut Effects) {
        if let Page::Adding(adding) = &mut self.page
            && known.front == WingName::Workbench
            && adding.scanned(scan, known)
        {
            effects.note_activity();
        }
    }

    /// Takes a frame's finding; `None` if the frame shows no code, or a readable one.
    pub(crate) fn found(&mut self, hint: Option<Hint>, known: &Known) {
        if let Page::Adding(adding) = &mut self.page {
            adding.found(hint, known.now.mono);
        }
    }

    /// A change is durable: if the page waits for it, it goes on.
    pub(crate) fn change_saved(&mut self, entry: &Entry, known: &Known) {
        if self.saving.take_if(|(record, _)| *record == entry.record).is_none() {
            return;
        }
        match &mut self.page {
            Page::Adding(_) | Page::NewPin(_) if known.front == WingName::Workbench => {
                self.page = Page::Collectors;
            }
            Page::Checkpoints { asks_place } => *asks_place = false,
            _ => {}
        }
    }

    /// The uplink has tried to reach the back office.
    pub(crate) fn exchanged(&mut self, answered: bool, coming: bool, known: &Known) {
        self.asking.exchanged(answered, coming, known);
    }

    /// The shell has looked for sticks, or has carried one.
    pub(crate) fn sticks_seen(&mut self, seen: &SticksSeen, known: &Known) {
        if let Page::Stick(page) = &mut self.page {
            page.seen(seen, known);
        }
    }

    /// A change could not be made durable. It never acted; if the page waits for it, it says so.
    pub(crate) fn change_failed(&mut self, record: RecordId) {
        if self.saving.is_some_and(|(saving, _)| saving == record) {
            self.not_recorded();
        }
    }

    /// Hands the shell what somebody asks for on the device page. The self-test's tones are played here.
    fn ask_device(&self, input: DeviceInput, effects: &mut Effects) {
        if !matches!(self.page, Page::Device) {
            return;
        }
        if input == DeviceInput::SelfTest {
            effects.play(Sound::Pass);
        }
        effects.act(Action::Device(input));
    }

    fn asks_place(&self) -> bool {
        matches!(self.page, Page::Checkpoints { asks_place: true })
    }

    fn turn(&mut self, page: WorkbenchPage, known: &Known, effects: &mut Effects) {
        if self.saving.is_none() {
            self.page = match page {
                WorkbenchPage::Checkpoints => Page::Checkpoints { asks_place: false },
                WorkbenchPage::Collectors => Page::Collectors,
                WorkbenchPage::Policy => Page::Policy,
                WorkbenchPage::Trust => Page::Trust,
                WorkbenchPage::Stick => Page::Stick(Box::new(StickPage::begin(known, effects))),
                WorkbenchPage::Device => Page::Device,
                WorkbenchPage::Enrolment => Page::Enrolment,
            };
        }
    }

    fn report_if_allowed(
        &mut self,
        change: RosterChange,
        by: PersonId,
        known: &Known,
        effects: &mut Effects,
    ) {
        match allow(&change, by, known, effects) {
            Ok(()) if self.saving.is_none() => self.report(change, by, known, effects),
            Ok(()) => {}
            Err(problem) => self.problem = Some(problem),
        }
    }

    fn report_made(
        &mut self,
        change: Result<RosterChange, ChangeProblem>,
        by: PersonId,
        known: &Known,
        effects: &mut Effects,
    ) {
        match change {
            Ok(change) => self.report_if_allowed(change, by, known, effects),
            Err(problem) => self.problem = Some(problem),
        }
    }

    fn hold(&mut self, change: &RosterChange, by: PersonId, known: &Known, effects: &mut Effects) {
        match allow(change, by, known, effects) {
            Ok(()) => hold_change(change, by, known, effects),
            Err(problem) => self.problem = Some(problem),
        }
    }

    fn report(&mut self, change: RosterChange, by: PersonId, known: &Known, effects: &mut Effects) {
        let record = report_change(change, by, known, effects);
        self.saving = Some((record, known.now.mono.saturating_add(SAVES_FOR)));
    }

    fn not_recorded(&mut self) {
        self.saving = None;
        if matches!(self.page, Page::Adding(_) | Page::NewPin(_)) {
            self.page_problem(AddProblem::NotRecorded);
        } else {
            self.problem = Some(ChangeProblem::Checkpoint { why: CheckpointProblem::NotRecorded });
        }
    }

    fn page_problem(&mut self, problem: AddProblem) {
        match &mut self.page {
            Page::Adding(adding) => adding.problem = Some(problem),
            Page::NewPin(page) => page.problem = Some(problem),
            _ => {}
        }
    }
}
