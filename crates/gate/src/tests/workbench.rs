//! The workbench: who opens it, what is changed in it, and how a change outlives the moment.

use health_code::{Colour, Role};
use proptest::prelude::*;
use wire::report::{RosterChange, ShiftEvent};
use wire::{Notice, NoticeCode, RecordId, Report, Roster};

use super::driver::{Driver, setup};
use super::world::{ADMINISTRATOR, EAST, PHONE, WEST, World, claims, coloured, cose, forged, green, sign};
use crate::action::Action;
use crate::fault::Fault;
use crate::input::{AttemptId, Input};
use crate::router::Setup;
use crate::window::Screen;
use crate::window::collector::{CollectorScreen, Countdown};
use crate::window::shift::{Directions, ShiftInput, ShiftScreen, SignInProblem};
use crate::window::workbench::{
    AddProblem, ChangeKind, ChangeProblem, CheckpointItem, CollectorItem, CollectorState, OfficeNotice,
    OfficeRefusal, WorkbenchInput, WorkbenchPage, WorkbenchScreen,
};

const COLLECTOR: &str = EAST;

/// Returns a gate with a collector on duty at the east gate and the workbench open over it.
pub fn opened(world: &World) -> Driver {
    let mut driver = Driver::ready(world);
    open(&mut driver);
    driver
}

pub fn open(driver: &mut Driver) {
    driver.user(ShiftInput::OpenWorkbench);
    driver.sign_in(ADMINISTRATOR, true);
    assert!(matches!(driver.screen(), Screen::Workbench(_)), "{:?}", driver.screen());
    driver.taken();
}

pub fn screen(driver: &Driver) -> WorkbenchScreen {
    match driver.screen() {
        Screen::Workbench(screen) => screen,
        other => panic!("{other:?}"),
    }
}

pub fn checkpoints(
    driver: &mut Driver,
) -> (Option<CheckpointItem>, Vec<CheckpointItem>, Option<ChangeProblem>) {
    match screen(driver) {
        WorkbenchScreen::Checkpoints { current, rows, problem, .. } => (current, rows, problem),
        other => panic!("{other:?}"),
    }
}

pub fn collectors(driver: &mut Driver) -> Vec<CollectorItem> {
    driver.user(WorkbenchInput::Turn { page: WorkbenchPage::Collectors });
    match screen(driver) {
        WorkbenchScreen::Collectors { rows, .. } => rows,
        other => panic!("{other:?}"),
    }
}

pub fn add_problem(driver: &Driver) -> Option<AddProblem> {
    match screen(driver) {
        WorkbenchScreen::AddCollector { problem, .. } => problem,
        other => panic!("{other:?}"),
    }
}

/// Returns the changes that were reported since [`Driver::taken`].
pub fn reported(driver: &Driver) -> Vec<RosterChange> {
    let change = |(_, report)| match report {
        Report::Roster(Roster { change, by, .. }) => {
            assert_eq!(by, [2; 8], "by the administrator");
            Some(change)
        }
        _ => None,
    };
    driver.appends().into_iter().filter_map(change).collect()
}

pub fn kept(driver: &Driver) -> String {
    let kept = driver.actions.iter().rev().find_map(|action| match action {
        Action::KeepChanges(changes) => Some(changes.to_string()),
        _ => None,
    });
    kept.unwrap()
}

fn add(phone: &str, pin: &str, again: &str) -> WorkbenchInput {
    WorkbenchInput::AddCollector { phone: phone.to_owned(), pin: pin.to_owned(), again: again.to_owned() }
}

pub fn hash_asked(driver: &Driver) -> Option<(AttemptId, String)> {
    driver.actions.iter().rev().find_map(|action| match action {
        Action::HashPin { attempt, pin } => Some((*attempt, pin.as_str().to_owned())),
        _ => None,
    })
}

/// Authorises person 3 with a phone number that ends in 0006.
pub fn authorise(driver: &mut Driver) {
    driver.user(WorkbenchInput::ScanCollector);
    driver.see(&green(3));
    driver.user(add("135 0000 0006", "135791", "135791"));
    let (attempt, _) = hash_asked(driver).unwrap();
    driver.send(Input::PinHashed { attempt, phc: sample::PHC.replace("$AAA", "$AAD") });
    driver.save();
}

#[test]
fn a_collector_is_told_why_there_is_no_workbench_and_whom_to_ask() {
    let mut world = World::new();
    world.community.contact = "样例社区值班室 000-0000".to_owned();
    let mut driver = Driver::ready(&world);
    driver.user(ShiftInput::OpenWorkbench);
    let said = |driver: &Driver| match driver.screen() {
        Screen::Shift(ShiftScreen::Door { no_administrator, contact, .. }) => (no_administrator, contact),
        other => panic!("{other:?}"),
    };
    assert_eq!(said(&driver), (Some("李*".to_owned()), "样例社区值班室 000-0000".to_owned()));
    driver.taken();
    driver.sign_in(PHONE, true);
    assert_eq!(said(&driver).0.as_deref(), Some("李*"));
    assert_eq!(driver.appends(), [], "that is no shift");
    driver.user(ShiftInput::Back);
    assert_eq!(driver.screen(), Screen::Collector(CollectorScreen::Ready { hint: None }));

    // From the sign-in page it is the same, and signs nobody in.
    let mut driver = Driver::new(&world);
    driver.user(ShiftInput::OpenWorkbench);
    assert_eq!(said(&driver).0, None);
    driver.sign_in(PHONE, true);
    assert_eq!(said(&driver).0.as_deref(), Some("李*"));
    assert_eq!(driver.view().bar.collector, None);
    driver.wait(60_000);
    assert!(matches!(driver.screen(), Screen::Shift(ShiftScreen::SignedOut { .. })), "the door closes");
}

#[test]
fn an_administrator_opens_it_over_a_shift_which_goes_on_when_it_is_locked() {
    let mut driver = opened(&World::new());
    assert_eq!(driver.view().bar.administrator.as_deref(), Some("王*"));
    assert_eq!(driver.view().bar.collector.as_deref(), Some("李*"));
    driver.see(&green(1));
    driver.user(WorkbenchInput::Lock);
    assert_eq!(driver.screen(), Screen::Collector(CollectorScreen::Ready { hint: None }));
    assert_eq!((driver.view().bar.administrator, driver.appends()), (None, vec![]));

    // On duty themselves they need no second sign-in; from the sign-in page it is back there.
    let mut driver = Driver::signed_in(&World::new(), ADMINISTRATOR);
    driver.user(ShiftInput::OpenWorkbench);
    assert!(matches!(driver.screen(), Screen::Workbench(_)));
    let mut driver = Driver::new(&World::new());
    open(&mut driver);
    driver.user(WorkbenchInput::Lock);
    assert!(matches!(driver.screen(), Screen::Shift(ShiftScreen::SignedOut { problem: None, .. })));
    open(&mut driver);
    driver.wait(13 * 3_600_000);
    let idle = Some(SignInProblem::Idle);
    assert!(
        matches!(driver.screen(), Screen::Shift(ShiftScreen::SignedOut { problem, .. }) if problem == idle)
    );
}

#[test]
fn whom_the_community_drops_has_no_workbench_any_more() {
    let mut world = World::new();
    let mut driver = opened(&world);
    world.community.people.remove(1);
    driver.send(Input::Trust(Some(world.trust())));
    assert_eq!(driver.screen(), Screen::Collector(CollectorScreen::Ready { hint: None }));
    assert_eq!(driver.view().bar.administrator, None);
    let mut driver = opened(&World::new());
    driver.send(Input::Trust(None));
    assert!(matches!(driver.screen(), Screen::Station(_)));
}

#[test]
fn checkpoints_are_added_changed_and_removed_but_the_current_one_stays() {
    let mut driver = opened(&World::new());
    let (current, rows, _) = checkpoints(&mut driver);
    assert_eq!((current.unwrap().id.as_str(), rows.len()), (EAST, 1));
    let both = Directions::Both;
    for (name, why) in [("", "bad-name"), (" 样例社区 · 西门 ", "exists")] {
        driver.user(WorkbenchInput::AddCheckpoint { name: name.to_owned(), directions: both });
        let (.., problem) = checkpoints(&mut driver);
        assert!(serde_json::to_string(&problem).unwrap().contains(why), "{problem:?}");
    }
    driver.user(WorkbenchInput::AddCheckpoint { name: "北门".to_owned(), directions: both });
    driver.save();
    let (_, rows, problem) = checkpoints(&mut driver);
    assert_eq!((rows[1].name.as_str(), rows[1].pending, problem), ("北门", true, None));
    let (id, entry) = (rows[1].id.clone(), Directions::Entry);
    driver.user(WorkbenchInput::ChangeCheckpoint {
        id: id.clone(),
        name: "北大门".to_owned(),
        directions: entry,
    });
    driver.save();
    let (_, rows, _) = checkpoints(&mut driver);
    assert_eq!((rows[1].name.as_str(), rows[1].directions), ("北大门", entry));
    driver.user(WorkbenchInput::RemoveCheckpoint { id: EAST.to_owned() });
    assert_eq!(checkpoints(&mut driver).2, Some(ChangeProblem::Current));
    driver.user(WorkbenchInput::SetCurrent { id: id.clone() });
    driver.save();
    assert_eq!(driver.view().bar.checkpoint.as_deref(), Some("北大门"), "the shift stands there now");
    driver.user(WorkbenchInput::RemoveCheckpoint { id: EAST.to_owned() });
    let (current, rows, problem) = checkpoints(&mut driver);
    assert_eq!((current.unwrap().id, problem), (id, None));
    assert_eq!(rows[0].undo, Some(Countdown { total: 10, left: 10 }));
    let codes: Vec<_> = reported(&driver).iter().map(RosterChange::code).collect();
    assert_eq!(codes, ["checkpoint-added", "checkpoint-changed"], "a removal can still be taken back");
    driver.wait(10_000);
    assert_eq!(reported(&driver).last(), Some(&RosterChange::CheckpointRemoved { id: [1; 8] }));
    assert_eq!(checkpoints(&mut driver).1.len(), 1 + 1, "listed until the report is durable");
    driver.save();
    assert_eq!(checkpoints(&mut driver).1.len(), 1);
    driver.user(WorkbenchInput::RemoveCheckpoint { id: "ff".repeat(8) });
    assert_eq!(checkpoints(&mut driver).2, Some(ChangeProblem::Gone));
}

#[test]
fn a_change_that_no_disk_takes_never_acted() {
    let mut driver = opened(&World::new());
    driver.user(WorkbenchInput::AddCheckpoint { name: "北门".to_owned(), directions: Directions::Both });
    driver.fail(Fault::DiskFull);
    let (_, rows, problem) = checkpoints(&mut driver);
    assert!(problem.is_some() && rows.len() == 1);
    driver.user(WorkbenchInput::AddCheckpoint { name: "北门".to_owned(), directions: Directions::Both });
    driver.wait(10_000);
    assert!(checkpoints(&mut driver).2.is_some(), "no answer is none");
}

#[test]
fn a_collector_is_authorised_by_their_own_code_and_signs_in_at_once() {
    let mut driver = opened(&World::new());
    driver.user(WorkbenchInput::ScanCollector);
    for (text, problem) in [
        (forged(3), "signature"),
        ("https://pay.example".to_owned(), "not-a-health-code"),
        (coloured(3, Colour::Red), "\"stop\""),
        (sign(&claims(3, -400)), "expired"),
    ] {
        driver.see(&text);
        let said = serde_json::to_string(&add_problem(&driver)).unwrap();
        assert!(said.contains(problem) || problem == "signature", "{said}");
    }
    driver.see(&green(3));
    let WorkbenchScreen::AddCollector { person: Some(person), problem: None, .. } = screen(&driver) else {
        panic!()
    };
    assert_eq!((person.masked_name.as_str(), person.lives_here), ("孙*", true));
    driver.taken();
    for (phone, pin, again, problem) in [
        ("1350000", "246813", "246813", AddProblem::Phone),
        ("13500000006", "12345", "12345", AddProblem::PinShort),
        ("13500000006", "123456", "123456", AddProblem::PinTrivial),
        ("13512160976", "160976", "160976", AddProblem::PinInPhone),
        ("13500000006", "246813", "246814", AddProblem::PinsDiffer),
    ] {
        driver.user(add(phone, pin, again));
        assert_eq!((add_problem(&driver), hash_asked(&driver)), (Some(problem), None), "{phone} {pin}");
    }
    driver.user(add("+86 135-0000-0006", "135791", "135791"));
    let (attempt, pin) = hash_asked(&driver).unwrap();
    assert_eq!(pin, "135791");
    assert!(matches!(screen(&driver), WorkbenchScreen::AddCollector { saving: true, .. }));
    let phc = sample::PHC.replace("$AAA", "$AAD");
    driver.send(Input::PinHashed { attempt: AttemptId(attempt.0 + 1), phc: phc.clone() });
    assert_eq!(reported(&driver), [], "another hashing's answer");
    driver.send(Input::PinHashed { attempt, phc: phc.clone() });
    let [RosterChange::PersonAdded { id, masked_name, masked_phone, phc: hash, code, phone }] =
        &reported(&driver)[..]
    else {
        panic!()
    };
    assert_eq!((masked_name.as_str(), masked_phone.as_str(), hash), ("孙*", "135****0006", &phc));
    assert_eq!((code, phone.as_deref()), (&cose(&green(3)), Some("13500000006")), "for the office alone");
    assert_ne!(*id, [0; 8]);
    driver.save();
    assert!(!kept(&driver).contains("13500000006"));
    let phones: Vec<_> =
        collectors(&mut driver).into_iter().map(|row| (row.masked_phone, row.pending)).collect();
    assert_eq!(phones, [("135****0006".to_owned(), true), ("138****0001".to_owned(), false)]);

    // The same again is seen, and they can begin at once, at this station.
    driver.user(WorkbenchInput::ScanCollector);
    driver.see(&green(3));
    driver.user(add("13500000006", "135791", "135791"));
    assert_eq!(add_problem(&driver), Some(AddProblem::Listed));
    driver.user(WorkbenchInput::Lock);
    driver.end_shift();
    driver.sign_in("0006", true);
    assert_eq!(driver.view().bar.collector.as_deref(), Some("孙*"));
}

#[test]
fn a_code_that_is_over_by_the_time_of_adding_authorises_nobody() {
    let mut driver = opened(&World::new());
    driver.user(WorkbenchInput::ScanCollector);
    driver.see(&green(3));
    driver.wait(295_000);
    driver.taken();
    driver.user(add("13500000006", "135791", "135791"));
    assert!(matches!(add_problem(&driver), Some(AddProblem::Refused { .. })));
    assert!(matches!(screen(&driver), WorkbenchScreen::AddCollector { person: None, .. }), "scan again");
    assert_eq!(hash_asked(&driver), None);
}

#[test]
fn a_checkpoint_must_exist_before_a_collector() {
    let mut world = World::new();
    world.community.checkpoints.clear();
    let mut driver = Driver::new(&world);
    open(&mut driver);
    assert_eq!(collectors(&mut driver).len(), 1);
    driver.user(WorkbenchInput::ScanCollector);
    let WorkbenchScreen::Collectors { problem, .. } = screen(&driver) else { panic!() };
    assert_eq!(problem, Some(ChangeProblem::NoCheckpoint));
}

#[test]
fn a_removal_acts_at_once_and_is_reported_when_it_cannot_be_taken_back() {
    let mut driver = opened(&World::new());
    assert!(collectors(&mut driver)[0].on_duty);
    driver.user(WorkbenchInput::RemoveCollector { id: COLLECTOR.to_owned() });
    assert_eq!(driver.view().bar.collector, None, "signed out at once");
    let signed_out = |driver: &Driver| {
        let is_it =
            |(_, report)| matches!(report, Report::Shift(shift) if shift.event == ShiftEvent::SignedOut);
        driver.appends().into_iter().any(is_it)
    };
    assert!(signed_out(&driver) && reported(&driver).is_empty());
    assert!(kept(&driver).contains(" held "), "and on the disk, should the power fail now");
    driver.wait(3_000);
    assert_eq!(collectors(&mut driver)[0].undo, Some(Countdown { total: 10, left: 7 }));
    driver.user(WorkbenchInput::UndoLast);
    assert_eq!((collectors(&mut driver)[0].undo, kept(&driver)), (None, String::new()));
    driver.wait(20_000);
    assert_eq!(reported(&driver), [], "nothing happened");
    driver.user(WorkbenchInput::RemoveCollector { id: COLLECTOR.to_owned() });
    driver.wait(10_000);
    assert_eq!(reported(&driver), [RosterChange::PersonRemoved { id: [1; 8] }]);
    assert_eq!(collectors(&mut driver)[0].state, CollectorState::Removed, "the undo is over");
    driver.user(WorkbenchInput::Undo { id: COLLECTOR.to_owned() });
    driver.save();
    assert_eq!(collectors(&mut driver)[0].state, CollectorState::Restorable);
    driver.user(WorkbenchInput::Lock);
    driver.taken();
    driver.sign_in(PHONE, true);
    assert_eq!(driver.view().bar.collector, None, "nobody has these digits any more");
}

#[test]
fn leaving_or_ending_reports_what_could_still_be_taken_back() {
    type Leave = fn(&mut Driver);
    let ways: [Leave; 3] = [
        |driver| driver.user(WorkbenchInput::Lock),
        |driver| driver.send(Input::Closing),
        |driver| driver.send(Input::Trust(Some(World::new().trust()))),
    ];
    for (at, leave) in ways.into_iter().enumerate() {
        let mut driver = opened(&World::new());
        driver.user(WorkbenchInput::RemoveCollector { id: COLLECTOR.to_owned() });
        let text = kept(&driver);
        leave(&mut driver);
        let expected = usize::from(at < 2);
        assert_eq!(reported(&driver).len(), expected, "{at}: new trust leaves it open");
        // The power fails before the report is durable: the next run reports it, under the same name.
        let mut again = Driver::by(Setup { changes: text.parse().unwrap(), ..setup(&World::new()) });
        again.wait(1);
        driver.wait(10_000);
        assert_eq!(kept(&driver), text);
    }
    let mut driver = opened(&World::new());
    driver.user(WorkbenchInput::RemoveCollector { id: COLLECTOR.to_owned() });
    let changes = kept(&driver).parse().unwrap();
    let mut again = Driver::by(Setup { changes, ..setup(&World::new()) });
    again.sign_in(PHONE, true);
    assert_eq!(again.view().bar.collector, None, "removed from the first moment on");
}

#[test]
fn the_first_input_of_the_next_run_reports_what_was_held() {
    let mut driver = opened(&World::new());
    driver.user(WorkbenchInput::RemoveCollector { id: COLLECTOR.to_owned() });
    let changes: crate::Changes = kept(&driver).parse().unwrap();
    let setup = Setup { changes, ..setup(&World::new()) };
    let mut gate = crate::Gate::new(setup, driver.now());
    let actions = gate.handle(Input::Tick, driver.now());
    let removed = RosterChange::PersonRemoved { id: [1; 8] };
    assert!(actions.iter().any(|action| matches!(
        action,
        Action::Append { report, .. } if matches!(&**report, Report::Roster(roster) if roster.change == removed)
    )));
    let again = gate.handle(Input::Tick, driver.now());
    assert!(!again.iter().any(|action| matches!(action, Action::Append { .. })), "once");
}

#[test]
fn what_was_added_outlives_a_restart_and_ends_with_the_file() {
    let mut world = World::new();
    let mut driver = opened(&world);
    authorise(&mut driver);
    let text = kept(&driver);
    let mut driver = Driver::by(Setup { changes: text.parse().unwrap(), ..setup(&world) });
    driver.sign_in("0006", true);
    assert_eq!(driver.view().bar.collector.as_deref(), Some("孙*"), "with no network");
    let person = driver.gate_person("孙*");
    world.community.version += 1;
    world.community.people.push(person);
    driver.taken();
    driver.send(Input::Trust(Some(world.trust())));
    assert_eq!(kept(&driver), "", "the file lists them now");
    assert_eq!(driver.view().bar.collector.as_deref(), Some("孙*"));
    world.community.people.pop();
    world.community.version += 1;
    driver.send(Input::Trust(Some(world.trust())));
    assert_eq!(driver.view().bar.collector, None, "and the file decides");
}

#[test]
fn what_is_not_allowed_is_refused_and_counted() {
    let mut world = World::new();
    let other = world.community.people[1].clone();
    let masked_phone = "138****0005".to_owned();
    world.community.people.push(health_code::Person {
        id: health_code::PersonId([5; 8]),
        masked_phone,
        ..other
    });
    // A script in the page of a collector, or of nobody.
    for mut driver in [Driver::ready(&world), Driver::new(&world)] {
        driver.taken();
        for input in [
            WorkbenchInput::RemoveCollector { id: COLLECTOR.to_owned() },
            WorkbenchInput::AddCheckpoint { name: "北门".to_owned(), directions: Directions::Both },
            WorkbenchInput::SetCurrent { id: WEST.to_owned() },
            WorkbenchInput::NoticesSeen,
            add("13500000006", "135791", "135791"),
        ] {
            driver.user(input);
        }
        assert_eq!(driver.actions, [], "nothing happens");
        driver.wait(3_600_000);
        let counted = driver.appends().into_iter().find_map(|(_, report)| match report {
            Report::Health(health) => Some(health.refusals),
            _ => None,
        });
        assert_eq!(counted, Some(vec![("forbidden".to_owned(), 5)]));
    }
    // No station removes an administrator.
    let mut driver = opened(&world);
    driver.user(WorkbenchInput::Turn { page: WorkbenchPage::Collectors });
    driver.user(WorkbenchInput::RemoveCollector { id: "05".repeat(8) });
    let WorkbenchScreen::Collectors { problem, .. } = screen(&driver) else { panic!() };
    assert_eq!((problem, reported(&driver)), (Some(ChangeProblem::NotAllowed), vec![]));
}

pub fn awaited(driver: &Driver) -> Vec<RecordId> {
    let awaited = driver.actions.iter().rev().find_map(|action| match action {
        Action::Await(records) => Some(records.clone()),
        _ => None,
    });
    awaited.unwrap()
}

fn tell(driver: &mut Driver, code: NoticeCode, community: u64) {
    let notices = awaited(driver).into_iter().map(|record| Notice { record, code: code.clone() });
    driver.send(Input::Told { notices: notices.collect(), community });
}

#[test]
fn what_the_office_refuses_ends_at_once_with_a_notice_that_names_whom() {
    let world = World::new();
    let mut driver = opened(&world);
    authorise(&mut driver);
    driver.user(WorkbenchInput::Lock);
    driver.end_shift();
    driver.sign_in("0006", true);
    tell(&mut driver, NoticeCode::Waits, 9);
    tell(&mut driver, NoticeCode::Other("newer".to_owned()), 9);
    assert_eq!(driver.view().bar.collector.as_deref(), Some("孙*"));
    tell(&mut driver, NoticeCode::NotAllowed, 9);
    assert_eq!(driver.view().bar.collector, None, "signed out at once");
    assert_eq!(awaited(&driver), []);
    // Until somebody has seen it, also after a restart.
    let text = kept(&driver);
    assert!(!text.contains(&health_code::hex::encode(b"argon2id")), "their hash is kept for nobody");
    let mut driver = Driver::by(Setup { changes: text.parse().unwrap(), ..setup(&world) });
    driver.sign_in("0006", true);
    assert_eq!(driver.view().bar.collector, None);
    open(&mut driver);
    let notices = |driver: &Driver| screen(driver).frame().notices.clone();
    let expected = OfficeNotice {
        change: ChangeKind::PersonAdded,
        subject: "孙*".to_owned(),
        why: OfficeRefusal::NotAllowed,
    };
    assert_eq!(notices(&driver), [expected]);
    driver.user(WorkbenchInput::NoticesSeen);
    assert_eq!((notices(&driver), kept(&driver)), (vec![], String::new()));
}

#[test]
fn a_removal_that_is_refused_brings_the_person_back() {
    let mut driver = opened(&World::new());
    driver.user(WorkbenchInput::RemoveCollector { id: COLLECTOR.to_owned() });
    driver.wait(10_000);
    driver.save();
    assert_eq!(collectors(&mut driver)[0].state, CollectorState::Restorable);
    tell(&mut driver, NoticeCode::NotAllowed, 1);
    assert_eq!(collectors(&mut driver)[0].state, CollectorState::Listed);
    assert_eq!(screen(&driver).frame().notices[0].subject, "李*");
}

#[test]
fn what_the_office_has_entered_ends_with_the_file_that_it_offers() {
    let mut world = World::new();
    let mut driver = opened(&world);
    authorise(&mut driver);
    tell(&mut driver, NoticeCode::Entered, world.community.version + 1);
    assert_eq!(collectors(&mut driver).len(), 2, "it acts until that file is here");
    // Somebody else removed them at once: the file that is offered does not list them.
    world.community.version += 1;
    driver.send(Input::Trust(Some(world.trust())));
    assert_eq!((collectors(&mut driver).len(), kept(&driver)), (1, String::new()));
    assert_eq!(awaited(&driver), []);
}

#[test]
fn the_workbench_opens_over_no_open_result() {
    let mut driver = Driver::ready(&World::new());
    driver.see(&green(1));
    driver.user(ShiftInput::OpenWorkbench);
    assert!(matches!(driver.screen(), Screen::Collector(CollectorScreen::Result { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// Whatever was removed and taken back, before and after a restart: the reports that went out are the
    /// removals that were not taken back.
    #[test]
    fn removals_and_their_reports_agree(steps in prop::collection::vec(0..6_u8, 1..40)) {
        let mut driver = opened(&World::new());
        for step in steps {
            match step {
                0 => driver.user(WorkbenchInput::RemoveCollector { id: COLLECTOR.to_owned() }),
                1 => driver.user(WorkbenchInput::UndoLast),
                2 => driver.wait(4_000),
                3 => driver.user(WorkbenchInput::RemoveCheckpoint { id: WEST.to_owned() }),
                4 => driver.user(WorkbenchInput::Undo { id: WEST.to_owned() }),
                _ => driver.wait(10_000),
            }
        }
        driver.user(WorkbenchInput::Lock);
        driver.save();
        let gone = |about: u8| {
            let changes = reported(&driver);
            let count = changes.iter().filter(|change| matches!(
                change,
                RosterChange::PersonRemoved { id } | RosterChange::CheckpointRemoved { id } if *id == [about; 8]
            )).count();
            assert!(count <= 1, "{changes:?}");
            count == 1
        };
        let (person, place) = (gone(1), gone(2));
        open(&mut driver);
        let (_, rows, _) = checkpoints(&mut driver);
        prop_assert_eq!(rows.is_empty(), place);
        let listed = collectors(&mut driver)[0].state == CollectorState::Listed;
        prop_assert_eq!(!listed, person);
    }
}

impl Driver {
    /// Returns what the last reported addition says of somebody.
    fn gate_person(&self, masked_name: &str) -> health_code::Person {
        health_code::Person {
            id: self.added_id(),
            masked_name: masked_name.to_owned(),
            masked_phone: "135****0006".to_owned(),
            pin_phc: sample::PHC.replace("$AAA", "$AAD"),
            role: Role::Collector,
        }
    }

    fn added_id(&self) -> health_code::PersonId {
        let shift = self.appends().into_iter().find_map(|(_, report)| match report {
            Report::Shift(shift) => Some(shift.person),
            _ => None,
        });
        health_code::PersonId(shift.unwrap())
    }
}
