//! Property tests: the gate keeps its promises under any order of inputs.
//!
//! Random people, codes, disks, clocks and trust files drive the gate. After every input an
//! observer, who knows only the health codes' own rules, checks what the gate showed and asked for.

mod steps;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use health_code::{Trust, UnverifiedCode};
use proptest::prelude::*;
use wire::{ClockState, Passage, RecordId, Report};
use zeroize::Zeroizing;

use self::steps::{CODES, PEOPLE, SECRET, Step, TRUSTS, choose, steps};
use super::driver::{Driver, typed};
use super::oracle;
use super::world::{ADMINISTRATOR, EAST, PHONE, World, claims};
use crate::action::Action;
use crate::fault::Fault;
use crate::input::{Aim, Input, Scan};
use crate::window::bar::Line;
use crate::window::collector::{
    Answer, CodeFields, CollectorInput, CollectorScreen, Hint, ResultView, ScanId,
};
use crate::window::resident::ResidentView;
use crate::window::scanner::ScannerInput;
use crate::window::shift::{ShiftId, ShiftInput, ShiftScreen};
use crate::window::spoken::Spoken;
use crate::window::workbench::WorkbenchInput;
use crate::window::{Screen, UserInput, View};

/// What an observer outside the gate knows.
struct Observer {
    driver: Driver,
    trust: Option<Arc<Trust>>,
    clock: ClockState,
    /// Passages that were asked for and are not answered yet, in order.
    open: Vec<RecordId>,
    /// All reports that were asked for and are not answered yet, in order.
    unanswered: Vec<RecordId>,
    asked: HashMap<RecordId, Passage>,
    /// The last record of each scan.
    of_scan: HashMap<ScanId, RecordId>,
    durable: HashSet<RecordId>,
    /// Passages that a relay was pulsed for.
    pulsed: HashSet<RecordId>,
    /// The text of the open result's code.
    text: Option<String>,
    before: View,
    spoken: Spoken,
    confirms: usize,
    /// Everything that the gate has asked for.
    actions: Vec<Action>,
}

impl Observer {
    fn new() -> Self {
        let driver = Driver::ready(&World::new());
        let before = driver.view();
        Self {
            driver,
            trust: TRUSTS[0].clone(),
            clock: ClockState::Trusted,
            open: Vec::new(),
            unanswered: Vec::new(),
            asked: HashMap::new(),
            of_scan: HashMap::new(),
            durable: HashSet::new(),
            pulsed: HashSet::new(),
            text: None,
            before,
            spoken: Spoken::default(),
            confirms: 0,
            actions: Vec::new(),
        }
    }

    /// Returns what the screen must say now of the open result's code.
    fn truth(&self) -> Answer {
        let (text, trust) = (self.text.as_deref().unwrap(), self.trust.as_ref().unwrap());
        oracle::answer(text, trust, self.clock, self.driver.now().wall)
    }

    fn take(&mut self, step: &Step) {
        let input = match step.clone() {
            Step::Wait(millis) => {
                self.driver.mono += std::time::Duration::from_millis(millis);
                Input::Tick
            }
            Step::See(at, aim) => Input::CodeSeen { text: CODES[at].clone(), aim },
            Step::Scan(at, whole, typed) => {
                let code = &CODES[at];
                let text = if whole { code } else { &code[..code.len() / 2] }.to_owned();
                if typed {
                    Input::User(ScannerInput::Typed { text }.into())
                } else {
                    Input::Scanned(Scan::Text(Zeroizing::new(text)))
                }
            }
            Step::Unreadable => Input::CodeUnreadable { hint: Hint::Blurred },
            Step::Nothing => Input::NothingSeen,
            Step::Enter => {
                Input::User(UserInput::Collector(CollectorInput::Confirm { scan: self.driver.scan() }))
            }
            Step::TurnAway => {
                Input::User(UserInput::Collector(CollectorInput::TurnAway { scan: self.driver.scan() }))
            }
            Step::Escape => {
                Input::User(UserInput::Collector(CollectorInput::Discard { scan: self.driver.scan() }))
            }
            Step::Declare => {
                Input::User(UserInput::Collector(CollectorInput::DeclareAgain { scan: self.driver.scan() }))
            }
            Step::Press(scan) => {
                Input::User(UserInput::Collector(CollectorInput::Confirm { scan: ScanId(scan) }))
            }
            Step::User(input) => Input::User(input),
            Step::SignIn(right, boss) => {
                let phone = if boss { ADMINISTRATOR } else { PHONE }.to_owned();
                let actions = self.step(Input::User(UserInput::Shift(typed(&phone))));
                let attempt = actions.iter().find_map(|action| match action {
                    Action::CheckPin { attempt, .. } => Some(*attempt),
                    _ => None,
                });
                let Some(attempt) = attempt else { return };
                Input::PinChecked { attempt, right }
            }
            Step::Hashed(well) => {
                let asked = self.actions.iter().rev().find_map(|action| match action {
                    Action::HashPin { attempt, .. } => Some(*attempt),
                    _ => None,
                });
                let Some(attempt) = asked else { return };
                let phc = if well { sample::PHC.replace("$AAA", "$AAD") } else { String::new() };
                Input::PinHashed { attempt, phc }
            }
            Step::Closing(closing) => {
                if closing {
                    Input::Closing
                } else {
                    Input::Tick
                }
            }
            Step::Append(well) => {
                if self.unanswered.is_empty() {
                    return;
                }
                let record = self.unanswered.remove(0);
                if well {
                    Input::Appended { record }
                } else {
                    Input::AppendFailed { record, fault: Fault::DiskFull }
                }
            }
            Step::Bogus(byte, well) => {
                let record = RecordId([byte; 16]);
                if well {
                    Input::Appended { record }
                } else {
                    Input::AppendFailed { record, fault: Fault::DiskFull }
                }
            }
            Step::Clock(state) => {
                self.clock = state;
                Input::Clock(state)
            }
            Step::Jump(off) => {
                self.driver.off = off;
                Input::Tick
            }
            Step::Trust(at) => {
                self.trust = TRUSTS[at].clone();
                Input::Trust(self.trust.clone())
            }
            Step::Camera(bad) => Input::Camera { fault: bad.then_some(Fault::CameraLost), simulated: false },
            Step::Outbox(bad) => Input::Outbox(bad.then_some(Fault::DiskFull)),
            Step::Online(online) => Input::Line(if online { Line::Online } else { Line::OfflineClock }),
        };
        self.step(input);
    }

    /// Sends one input, and checks everything that must hold after it.
    fn step(&mut self, input: Input) -> Vec<Action> {
        let before = self.before.clone();
        self.driver.taken();
        self.driver.send(input.clone());
        let actions = self.driver.taken();
        let view = self.driver.view();
        for action in &actions {
            match action {
                Action::Show(shown) => assert_eq!(**shown, view, "one screen for each input, the last"),
                Action::Append { record, report } => self.appended_for(*record, report, &input, &before),
                Action::LetThrough { record } => self.let_through(*record, &input, &before, &view),
                _ => {}
            }
        }
        let shown = actions.iter().any(|action| matches!(action, Action::Show(_)));
        assert!(shown || view.screen == before.screen, "a change that nobody was told of");
        self.check_screen(&view, &before, &input);
        self.check_people(&view);
        check_wing(&view);
        let rings = actions.iter().any(|action| matches!(action, Action::Play(_)));
        check_resident(&view, &mut self.spoken, rings);
        self.actions.extend(actions.iter().cloned());
        let due = self.driver.gate.next_deadline();
        assert!(due.is_some_and(|due| due > self.driver.mono));
        if let Input::Appended { record } = &input {
            self.durable.insert(*record);
            self.open.retain(|open| open != record);
        }
        self.before = view;
        actions
    }

    /// A passage is asked for only by Enter on an open result that can be recorded, and it says what
    /// that result showed. Or it was asked for before, and is not durable yet.
    fn appended_for(&mut self, record: RecordId, report: &Report, input: &Input, before: &View) {
        assert!(!self.durable.contains(&record), "already durable");
        let gave_up = matches!(&before.screen, Screen::Collector(CollectorScreen::Result { result })
            if result.not_recorded == Some(Fault::OutboxSilent));
        assert!(gave_up || !self.unanswered.contains(&record), "on its way already");
        self.unanswered.push(record);
        let Report::Passage(passage) = report else { return };
        self.open.push(record);
        if let Some(first) = self.asked.get(&record) {
            assert_eq!(first, passage, "one name, one report");
            return;
        }
        let Input::User(UserInput::Collector(
            CollectorInput::Confirm { scan } | CollectorInput::TurnAway { scan },
        )) = input
        else {
            panic!("not confirmed: {input:?}")
        };
        let Screen::Collector(CollectorScreen::Result { result }) = &before.screen else {
            panic!("nothing was open")
        };
        assert!(result.scan == *scan && result.can_confirm);
        if let Some(first) = self.of_scan.insert(*scan, record) {
            assert!(!self.unanswered.contains(&first), "the first may still become durable");
        }
        let shown = oracle::shown(&result.answer).expect("an invalid code was recorded");
        assert_eq!(shown, passage.shown);
        assert!(passage.outcome.may_follow(shown));
        let text = self.text.as_deref().unwrap();
        let cose = UnverifiedCode::parse(text).unwrap().cose().to_vec();
        assert_eq!(passage.code, wire::report::Carried::Whole(cose));
        self.confirms += 1;
        self.asked.insert(record, passage.clone());
        assert_eq!(self.asked.len(), self.confirms, "each Enter makes one record at most");
    }

    /// A relay obeys a passage that is just durable, whose person was judged and let through, as the screen says.
    fn let_through(&mut self, record: RecordId, input: &Input, before: &View, view: &View) {
        assert!(matches!(input, Input::Appended { record: durable } if *durable == record), "{input:?}");
        assert!(self.pulsed.insert(record), "twice");
        oracle::check_let_through(&self.asked[&record], result_of(before), view);
    }

    fn check_screen(&mut self, view: &View, before: &View, input: &Input) {
        let result = result_of(view);
        if let Some(result) = result {
            match (result_of(before), input) {
                (Some(open), _) if open.scan == result.scan => {
                    assert_eq!((name(open), &open.answer), (name(result), &result.answer));
                }
                (Some(open), _) => {
                    assert_ne!(open.answer, result.answer, "another scan, and no other answer")
                }
                (None, Input::CodeSeen { text, aim }) => {
                    assert_ne!(*aim, Aim::Unclear, "one of two people, by chance");
                    self.text = Some(text.clone());
                }
                (None, Input::Scanned(Scan::Text(text))) => self.text = Some(text.to_string()),
                (None, Input::User(UserInput::Scanner(ScannerInput::Typed { text }))) => {
                    self.text = Some(text.clone());
                }
                (None, input) => panic!("a result out of nothing: {input:?}"),
            }
            assert_eq!(result.answer, self.truth());
            oracle::check_ends(result);
        }
        if view.screen == Screen::Collector(CollectorScreen::Recorded)
            && before.screen != Screen::Collector(CollectorScreen::Recorded)
        {
            let Input::Appended { record } = input else { panic!("recorded out of nothing: {input:?}") };
            assert!(result_of(before).is_some() && self.open.contains(record));
        }
    }

    /// The view names nobody but the person whose result is open, and that one masked.
    fn check_people(&self, view: &View) {
        let json = serde_json::to_string(view).unwrap();
        assert!(!json.contains("KD1:") && !json.contains(SECRET) && !json.contains("13500000006"));
        // The workbench and the sign-in list those who were authorised, masked; one may be on duty.
        if matches!(view.screen, Screen::Workbench(_) | Screen::Shift(_)) {
            return;
        }
        let json = serde_json::to_string(&view.screen).unwrap();
        let open = result_of(view).and_then(|result| result.fields.as_ref());
        for who in 0..PEOPLE {
            let claims = claims(who, 0);
            let hex: String = claims.pseudonym.iter().map(|byte| format!("{byte:02x}")).collect();
            assert!(!json.contains(&hex));
            if open.is_none_or(|fields| fields.masked_id != claims.masked_id) {
                assert!(!json.contains(&claims.masked_name) && !json.contains(&claims.masked_id));
            }
        }
    }
}

/// The collector's screens are shown only to somebody at a checkpoint, and the sign-in screen only
/// while nobody is signed in.
fn check_wing(view: &View) {
    let signed_in = view.bar.collector.is_some();
    match &view.screen {
        Screen::Collector(_) => assert!(signed_in, "a collector's screen, and nobody is signed in"),
        Screen::Shift(ShiftScreen::SignedOut { .. }) => assert!(!signed_in, "still in the bar"),
        Screen::Shift(ShiftScreen::ChooseCheckpoint { .. }) => assert!(signed_in, "nobody to choose"),
        // Whoever has opened the workbench is in the bar; a shift may go on beside it.
        Screen::Shift(ShiftScreen::Door { .. }) => assert_eq!(view.bar.administrator, None),
        Screen::Workbench(_) => assert!(view.bar.administrator.is_some(), "nobody has opened it"),
        Screen::Station(_) => {}
    }
}

/// The resident's side says one of seven words, and "go through" only beside a Pass that is true now.
/// What is spoken with a sound is that word, and nothing else.
fn check_resident(view: &View, spoken: &mut Spoken, rings: bool) {
    let resident = ResidentView::of(view);
    spoken.show(Some(view));
    if let Some(said) = spoken.ring().filter(|_| rings) {
        assert_eq!(said, resident, "more than the resident's side shows");
        assert!(!matches!(view.screen, Screen::Shift(_) | Screen::Workbench(_)), "no open gate");
    }
    assert!(ResidentView::ALL.contains(&resident));
    let answer = result_of(view).map(|result| &result.answer);
    assert_eq!(resident == ResidentView::Pass, matches!(answer, Some(Answer::Pass { .. })));
    if matches!(answer, Some(Answer::Stop { .. } | Answer::Unjudged { .. })) {
        assert_eq!(resident, ResidentView::Wait, "a queue could tell who is stopped");
    }
}

/// Returns whether somebody may be gone afterwards, or a checkpoint, or one of its directions.
fn removes(step: &Step) -> bool {
    matches!(
        step,
        Step::User(UserInput::Workbench(
            WorkbenchInput::RemoveCollector { .. }
                | WorkbenchInput::RemoveCheckpoint { .. }
                | WorkbenchInput::ChangeCheckpoint { .. }
        ))
    )
}

fn result_of(view: &View) -> Option<&ResultView> {
    match &view.screen {
        Screen::Collector(CollectorScreen::Result { result })
        | Screen::Collector(CollectorScreen::Recording { result }) => Some(result),
        _ => None,
    }
}

fn name(result: &ResultView) -> Option<&str> {
    result.fields.as_ref().map(|CodeFields { masked_name, .. }| masked_name.as_str())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, max_shrink_iters: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn the_promises_hold_in_any_order(steps in steps()) {
        let mut observer = Observer::new();
        for step in &steps {
            observer.take(step);
        }
    }

    /// Whatever came before, a good clock, trust, disk and camera bring a gate back to work.
    #[test]
    fn a_gate_never_gets_stuck(steps in steps()) {
        let mut observer = Observer::new();
        for step in steps.iter().filter(|step| !removes(step)) {
            observer.take(step);
        }
        observer.take(&Step::Trust(0));
        observer.take(&Step::Clock(ClockState::Trusted));
        observer.take(&Step::Jump(0));
        observer.take(&Step::Camera(false));
        observer.take(&Step::Outbox(false));
        for _ in 0..10 {
            observer.take(&Step::Wait(61_000));
            while !observer.unanswered.is_empty() {
                observer.take(&Step::Append(true));
            }
        }
        observer.take(&Step::User(WorkbenchInput::Lock.into()));
        let shift = observer.driver.view().bar.shift.unwrap_or(ShiftId(0));
        observer.take(&Step::User(UserInput::Shift(ShiftInput::EndShift { shift })));
        observer.take(&Step::User(ShiftInput::Back.into()));
        observer.take(&Step::SignIn(true, false));
        observer.take(&Step::User(choose(EAST)));
        prop_assert_eq!(&observer.before.screen, &Screen::Collector(CollectorScreen::Ready { hint: None }));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    /// The gate holds no clock and draws no randomness: it can be replayed from seed and inputs.
    #[test]
    fn the_same_seed_and_inputs_give_the_same_actions(steps in steps()) {
        let (mut first, mut second) = (Observer::new(), Observer::new());
        for step in &steps {
            first.take(step);
            second.take(step);
        }
        prop_assert_eq!(first.actions, second.actions);
        prop_assert_eq!(first.before, second.before);
    }
}
