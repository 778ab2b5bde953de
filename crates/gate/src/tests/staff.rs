//! Collectors who are listed: another PIN, and coming back after a removal. And where the laptop belongs.

use sha2::{Digest as _, Sha256};
use wire::report::RosterChange;
use wire::{NoticeCode, RecordId, Report};

use super::driver::{Driver, setup};
use super::workbench::{authorise, awaited, collectors, hash_asked, kept, open, opened, reported, screen};
use super::world::{ADMINISTRATOR, EAST, PHONE, World};
use crate::action::{Action, Sound};
use crate::input::Input;
use crate::router::Setup;
use crate::window::shift::ShiftInput;
use crate::window::workbench::{
    AddProblem, ChangeProblem, CollectorState, DeviceInput, DeviceView, Enrolment, WorkbenchInput,
    WorkbenchPage, WorkbenchScreen,
};

const COLLECTOR: &str = EAST;
const PHC: &str = "$AAE";

fn new_pin() -> String {
    sample::PHC.replace("$AAA", PHC)
}

fn choose(driver: &mut Driver) {
    driver.user(WorkbenchInput::Turn { page: WorkbenchPage::Collectors });
    driver.user(WorkbenchInput::ChooseNewPin { id: COLLECTOR.to_owned() });
}

fn set(pin: &str, again: &str) -> WorkbenchInput {
    WorkbenchInput::SetPin { pin: pin.to_owned(), again: again.to_owned() }
}

fn problem(driver: &Driver) -> Option<AddProblem> {
    match screen(driver) {
        WorkbenchScreen::NewPin { problem, .. } => problem,
        other => panic!("{other:?}"),
    }
}

/// Returns the hash against which the last PIN was compared.
fn compared(driver: &Driver) -> Option<String> {
    driver.actions.iter().rev().find_map(|action| match action {
        Action::CheckPin { phc, .. } => Some(phc.clone()),
        _ => None,
    })
}

#[test]
fn a_collector_chooses_another_pin_which_is_good_at_once_and_after_a_restart() {
    let world = World::new();
    let mut driver = opened(&world);
    choose(&mut driver);
    let WorkbenchScreen::NewPin { masked_name, masked_phone, saving: false, .. } = screen(&driver) else {
        panic!()
    };
    assert_eq!((masked_name.as_str(), masked_phone.as_str()), ("李*", "138****0001"));
    for (pin, again, expected) in [
        ("12345", "12345", AddProblem::PinShort),
        ("123456", "123456", AddProblem::PinTrivial),
        ("900001", "900001", AddProblem::PinInPhone),
        ("135791", "135790", AddProblem::PinsDiffer),
    ] {
        driver.user(set(pin, again));
        assert_eq!((problem(&driver), hash_asked(&driver)), (Some(expected), None), "{pin}");
    }
    driver.user(set("135791", "135791"));
    let (attempt, pin) = hash_asked(&driver).unwrap();
    assert_eq!(pin, "135791");
    driver.user(WorkbenchInput::Turn { page: WorkbenchPage::Policy });
    choose(&mut driver);
    driver.send(Input::PinHashed { attempt, phc: new_pin() });
    assert_eq!(reported(&driver), [], "the page was left meanwhile");
    driver.user(set("135791", "135791"));
    let (attempt, _) = hash_asked(&driver).unwrap();
    driver.send(Input::PinHashed { attempt, phc: new_pin() });
    assert_eq!(reported(&driver), [RosterChange::PinChanged { id: [1; 8], phc: new_pin() }]);
    driver.save();
    let rows = collectors(&mut driver);
    assert!(rows[0].pending && !rows[0].on_duty, "another PIN ends their session");
    let changes = kept(&driver).parse().unwrap();

    driver.user(WorkbenchInput::Lock);
    driver.taken();
    driver.sign_in(PHONE, true);
    assert_eq!(compared(&driver), Some(new_pin()));
    let mut driver = Driver::by(Setup { changes, ..setup(&world) });
    driver.sign_in(PHONE, true);
    assert_eq!(compared(&driver), Some(new_pin()), "with no network");
}

#[test]
fn another_pin_ends_the_wait_that_wrong_tries_made() {
    let mut driver = Driver::new(&World::new());
    for _ in 0..5 {
        driver.sign_in(PHONE, false);
    }
    driver.taken();
    driver.sign_in(PHONE, true);
    assert_eq!((compared(&driver), driver.view().bar.collector), (None, None), "they have to wait");
    open(&mut driver);
    choose(&mut driver);
    driver.user(set("135791", "135791"));
    let (attempt, _) = hash_asked(&driver).unwrap();
    driver.send(Input::PinHashed { attempt, phc: new_pin() });
    driver.save();
    driver.user(WorkbenchInput::Lock);
    driver.taken();
    driver.sign_in(PHONE, true);
    assert_eq!(driver.view().bar.collector.as_deref(), Some("李*"));
}

#[test]
fn nobody_gets_another_pin_who_is_no_collector_or_not_listed_any_more() {
    let mut world = World::new();
    let mut driver = opened(&world);
    driver.user(WorkbenchInput::Turn { page: WorkbenchPage::Collectors });
    let told = |driver: &Driver| match screen(driver) {
        WorkbenchScreen::Collectors { problem, .. } => problem,
        other => panic!("{other:?}"),
    };
    for (id, expected) in [("02".repeat(8), ChangeProblem::NotAllowed), ("ff".repeat(8), ChangeProblem::Gone)]
    {
        driver.user(WorkbenchInput::ChooseNewPin { id });
        assert_eq!(told(&driver), Some(expected));
    }
    choose(&mut driver);
    world.community.people.retain(|person| person.id.0 != [1; 8]);
    world.community.version += 1;
    driver.send(Input::Trust(Some(world.trust())));
    assert_eq!(told(&driver), Some(ChangeProblem::Gone));

    // Not from a collector's page, and not without the page that asks for it.
    let mut driver = Driver::ready(&World::new());
    driver.taken();
    driver.user(WorkbenchInput::ChooseNewPin { id: COLLECTOR.to_owned() });
    driver.user(set("135791", "135791"));
    assert_eq!(driver.actions, []);
    let mut driver = opened(&World::new());
    driver.user(set("135791", "135791"));
    assert_eq!((hash_asked(&driver), reported(&driver)), (None, vec![]));
}

/// Removes the collector for good, and returns the report's name.
fn remove(driver: &mut Driver) -> RecordId {
    driver.taken();
    driver.user(WorkbenchInput::RemoveCollector { id: COLLECTOR.to_owned() });
    driver.wait(10_000);
    let removed = |report: &Report| matches!(report, Report::Roster(roster) if matches!(roster.change, RosterChange::PersonRemoved { .. }));
    let record = driver.appends().into_iter().rev().find(|(_, report)| removed(report)).unwrap().0;
    driver.save();
    record
}

fn restore(driver: &mut Driver) {
    driver.user(WorkbenchInput::RestoreCollector { id: COLLECTOR.to_owned() });
    driver.save();
}

#[test]
fn whoever_was_removed_here_comes_back_with_their_pin_for_as_long_as_the_file_lists_them() {
    let world = World::new();
    let mut driver = opened(&world);
    driver.user(WorkbenchInput::RestoreCollector { id: COLLECTOR.to_owned() });
    assert_eq!(reported(&driver), [], "nobody was removed");
    let removal = remove(&mut driver);
    assert_eq!(collectors(&mut driver)[0].state, CollectorState::Restorable);
    // Also in the next run.
    let changes = kept(&driver).parse().unwrap();
    let mut driver = Driver::by(Setup { changes, ..setup(&world) });
    open(&mut driver);
    collectors(&mut driver);
    driver.user(WorkbenchInput::RestoreCollector { id: COLLECTOR.to_owned() });
    let restored = RosterChange::PersonRestored {
        id: [1; 8],
        masked_name: "李*".to_owned(),
        masked_phone: "138****0001".to_owned(),
        phc: world.community.people[0].pin_phc.clone(),
        removal,
    };
    assert_eq!(reported(&driver), [restored]);
    assert_eq!(collectors(&mut driver)[0].state, CollectorState::Restorable, "not before it is durable");
    driver.save();
    let rows = collectors(&mut driver);
    assert_eq!((rows.len(), rows[0].state, rows[0].pending), (1, CollectorState::Listed, true));
    driver.user(WorkbenchInput::Lock);
    driver.sign_in(PHONE, true);
    assert_eq!(driver.view().bar.collector.as_deref(), Some("李*"));

    // Removed once more, they come back by that removal.
    let mut driver = opened(&world);
    remove(&mut driver);
    restore(&mut driver);
    let again = remove(&mut driver);
    restore(&mut driver);
    let last = reported(&driver).pop();
    assert!(matches!(last, Some(RosterChange::PersonRestored { removal, .. }) if removal == again));
}

#[test]
fn nobody_keeps_whom_the_office_has_dropped() {
    let mut world = World::new();
    let mut driver = opened(&world);
    remove(&mut driver);
    driver.taken();
    world.community.people.retain(|person| person.id.0 != [1; 8]);
    world.community.version += 1;
    driver.send(Input::Trust(Some(world.trust())));
    assert_eq!((collectors(&mut driver), kept(&driver)), (vec![], String::new()));
    driver.user(WorkbenchInput::RestoreCollector { id: COLLECTOR.to_owned() });
    assert_eq!(reported(&driver), []);
}

#[test]
fn a_restoring_that_the_office_refuses_leaves_them_removed() {
    let mut driver = opened(&World::new());
    let removal = remove(&mut driver);
    restore(&mut driver);
    let restored = awaited(&driver).into_iter().find(|record| *record != removal).unwrap();
    let notice = wire::Notice { record: restored, code: NoticeCode::NotAllowed };
    driver.send(Input::Told { notices: vec![notice], community: 1 });
    assert_eq!(collectors(&mut driver)[0].state, CollectorState::Restorable);
    assert_eq!(screen(&driver).frame().notices.len(), 1);
}

#[test]
fn whoever_was_added_and_removed_here_comes_back_too() {
    let mut driver = opened(&World::new());
    authorise(&mut driver);
    let id = collectors(&mut driver)[0].id.clone();
    driver.user(WorkbenchInput::RemoveCollector { id: id.clone() });
    driver.wait(10_000);
    driver.save();
    driver.user(WorkbenchInput::RestoreCollector { id });
    driver.save();
    assert_eq!(collectors(&mut driver)[0].state, CollectorState::Listed);
    driver.user(WorkbenchInput::Lock);
    driver.end_shift();
    driver.sign_in("0006", true);
    assert_eq!(driver.view().bar.collector.as_deref(), Some("孙*"));
}

#[test]
fn the_page_of_the_enrolment_says_where_the_laptop_belongs() {
    let world = World::new();
    let enrolment =
        Enrolment { laptop: "样例 08".to_owned(), host: "office".to_owned(), ..Enrolment::default() };
    let mut driver = Driver::by(Setup { enrolment: enrolment.clone(), ..setup(&world) });
    driver.user(ShiftInput::OpenWorkbench);
    driver.sign_in(ADMINISTRATOR, true);
    driver.user(WorkbenchInput::Turn { page: WorkbenchPage::Enrolment });
    let WorkbenchScreen::Enrolment { place, .. } = screen(&driver) else { panic!() };
    assert_eq!((place.enrolment, place.region), (enrolment, world.community.region.to_string()));
    let root = place.root.unwrap();
    let hash = Sha256::digest(&world.trust().files().root).into();
    assert_eq!(
        (root.version, root.fingerprint),
        (world.trust().root().version, wire::ticket::fingerprint(&hash).to_vec())
    );
}

#[test]
fn the_device_page_belongs_to_an_administrator_and_takes_no_codes() {
    let world = World::new();
    let ask = || WorkbenchInput::Device { input: DeviceInput::SelfTest };
    let asked = |driver: &mut Driver| {
        driver.taken().into_iter().filter(|action| matches!(action, Action::Device(_))).count()
    };
    let mut driver = Driver::new(&world);
    driver.user(ask());
    assert_eq!(asked(&mut driver), 0, "nobody is signed in");
    let mut driver = opened(&world);
    driver.user(ask());
    assert_eq!(asked(&mut driver), 0, "another page is open");
    driver.user(WorkbenchInput::Turn { page: WorkbenchPage::Device });
    assert!(!driver.view().screen.reads_codes());
    let device = DeviceView { diagnostics: Some("sample".to_owned()), ..DeviceView::default() };
    driver.send(Input::Device(Box::new(device.clone())));
    let WorkbenchScreen::Device { device: shown, .. } = screen(&driver) else { panic!() };
    assert_eq!(*shown, device);
    driver.taken();
    driver.user(ask());
    let actions = driver.taken();
    let tones = actions.iter().position(|action| *action == Action::Play(Sound::Pass));
    let test = actions.iter().position(|action| *action == Action::Device(DeviceInput::SelfTest));
    assert!(tones.is_some() && tones < test);
}
