//! Signing in and out, checkpoints, and changes of the roster.

use health_code::{Checkpoint, CheckpointId};
use wire::report::{RosterChange, ShiftEvent};
use wire::{Report, Roster};

use super::driver::{Driver, setup, typed};
use super::world::{ADMINISTRATOR, EAST, PHONE, WEST, World, green};
use crate::action::Action;
use crate::fault::Fault;
use crate::input::{AttemptId, Input};
use crate::router::Setup;
use crate::shift::LastPlace;
use crate::window::Screen;
use crate::window::collector::{CollectorInput, CollectorScreen};
use crate::window::shift::{
    CheckpointProblem, Direction, Directions, ShiftInput, ShiftScreen, SignInProblem,
};
use crate::window::station::StationScreen;

fn shifts(driver: &Driver) -> Vec<ShiftEvent> {
    let event = |(_, report)| match report {
        Report::Shift(shift) => Some(shift.event),
        _ => None,
    };
    driver.appends().into_iter().filter_map(event).collect()
}

fn signed_out(problem: Option<SignInProblem>) -> Screen {
    Screen::Shift(ShiftScreen::SignedOut { checking: false, problem, choices: Vec::new(), resumable: None })
}

#[test]
fn signed_out_reads_nothing() {
    let mut driver = Driver::new(&World::new());
    driver.see(&green(1));
    driver.user(CollectorInput::NoCode);
    driver.choose(EAST);
    driver.end_shift();
    assert_eq!(driver.taken(), []);
    driver.sign_in(PHONE, true);
    driver.see(&green(1));
    assert!(
        matches!(driver.screen(), Screen::Shift(ShiftScreen::ChooseCheckpoint { .. })),
        "nor before a checkpoint is chosen"
    );
}

#[test]
fn the_bar_says_that_a_deployment_is_for_trying() {
    for trial in [false, true] {
        let mut world = World::new();
        world.root.trial = trial;
        let mut driver = Driver::new(&world);
        driver.wait(1);
        assert_eq!(driver.view().bar.trial, trial);
    }
}

#[test]
fn a_shift_is_reported_from_sign_in_to_sign_out() {
    let mut driver = Driver::new(&World::new());
    driver.sign_in(PHONE, true);
    driver.choose(WEST);
    assert_eq!(driver.view().bar.checkpoint.as_deref(), Some("样例社区 · 西门"));
    assert_eq!(driver.view().bar.collector.as_deref(), Some("李*"));
    driver.user(ShiftInput::SwitchCheckpoint);
    driver.user(ShiftInput::Back);
    driver.end_shift();
    let at = ShiftEvent::At { checkpoint: [2; 8], direction: wire::report::Direction::In };
    assert_eq!(shifts(&driver), [ShiftEvent::SignedIn, at, ShiftEvent::SignedOut]);
    assert!(matches!(driver.screen(), Screen::Shift(ShiftScreen::SignedOut { problem: None, .. })));
    assert_eq!((driver.view().bar.checkpoint, driver.view().bar.collector), (None, None));
    driver.sign_in(PHONE, true);
    let Screen::Shift(ShiftScreen::ChooseCheckpoint { rows, may_add, .. }) = driver.screen() else {
        panic!()
    };
    assert!(may_add);
    assert_eq!(
        rows.iter().map(|row| (&*row.id, row.last)).collect::<Vec<_>>(),
        [(WEST, true), (EAST, false)]
    );
    let last = LastPlace { checkpoint: CheckpointId([2; 8]), direction: Direction::In };
    assert_eq!(driver.gate.last_place(), Some(last));
}

#[test]
fn a_strangers_phone_takes_as_long_and_signs_nobody_in() {
    let mut driver = Driver::new(&World::new());
    driver.sign_in("13999999999", true);
    assert!(
        matches!(&driver.actions[..], [Action::Show(_), Action::CheckPin { phc, .. }, ..] if !phc.is_empty())
    );
    assert_eq!(driver.screen(), signed_out(Some(SignInProblem::WrongDigitsOrSecret)));
    assert_eq!(driver.appends(), []);
}

#[test]
fn late_and_foreign_answers_sign_nobody_in() {
    let mut driver = Driver::new(&World::new());
    driver.send(Input::PinChecked { attempt: AttemptId(1), right: true });
    assert_eq!(driver.screen(), signed_out(None));
    driver.user(typed(PHONE));
    let AttemptId(first) = driver.attempt().unwrap();
    driver.send(Input::PinChecked { attempt: AttemptId(first + 1), right: true });
    assert_eq!(
        driver.screen(),
        Screen::Shift(ShiftScreen::SignedOut {
            checking: true,
            problem: None,
            choices: Vec::new(),
            resumable: None
        })
    );
    driver.wait(60_000);
    assert_eq!(driver.screen(), signed_out(Some(SignInProblem::NotChecked)), "given up");
    driver.send(Input::PinChecked { attempt: AttemptId(first), right: true });
    assert_eq!(driver.screen(), signed_out(Some(SignInProblem::NotChecked)));
}

#[test]
fn after_five_wrong_tries_each_costs_twice_the_wait() {
    let mut driver = Driver::new(&World::new());
    for _ in 0..4 {
        driver.sign_in(PHONE, false);
        assert_eq!(driver.screen(), signed_out(Some(SignInProblem::WrongDigitsOrSecret)));
    }
    for seconds in [5, 10, 20, 40, 80, 160, 300, 300] {
        driver.sign_in(PHONE, false);
        assert_eq!(driver.screen(), signed_out(Some(SignInProblem::Wait { seconds })));
        driver.taken();
        driver.sign_in(PHONE, true);
        assert_eq!(driver.attempt(), None, "not even looked at");
        driver.wait(u64::from(seconds) * 1000);
    }
    driver.sign_in(PHONE, true);
    driver.end_shift();
    driver.sign_in(PHONE, false);
    assert_eq!(driver.screen(), signed_out(Some(SignInProblem::WrongDigitsOrSecret)), "the count began anew");
}

#[test]
fn somebody_the_roster_drops_is_signed_out_at_once_and_their_append_goes_on() {
    let mut world = World::new();
    let mut driver = Driver::ready(&world);
    driver.see(&green(1));
    driver.wait(300);
    driver.enter();
    let passage = driver.appends();
    world.community.version += 1;
    world.community.people.remove(0);
    driver.taken();
    driver.send(Input::Trust(Some(world.trust())));
    assert_eq!(driver.screen(), signed_out(Some(SignInProblem::Removed)));
    assert_eq!(shifts(&driver), [ShiftEvent::SignedOut]);
    driver.save();
    driver.taken();
    let record = passage[0].0;
    driver.send(Input::AppendFailed { record, fault: Fault::DiskFull });
    assert_eq!(driver.screen(), signed_out(Some(SignInProblem::Removed)), "and says nothing on their screen");
    driver.wait(30_000);
    assert_eq!(driver.appends(), passage);
    driver.save();
    assert_eq!(driver.screen(), signed_out(Some(SignInProblem::Removed)));
}

#[test]
fn by_a_community_that_nobody_vouches_for_nobody_is_signed_in() {
    let mut world = World::new();
    let mut driver = Driver::ready(&world);
    driver.see(&green(1));
    assert!(driver.view().bar.collector.is_some());
    // A root has withdrawn the key that signed it.
    let honest = world.keys.region.clone();
    world.keys.region = sample::key(sample::STRANGER);
    let fault = |driver: &Driver| match driver.screen() {
        Screen::Station(StationScreen::Fault { fault, .. }) => Some(fault),
        _ => None,
    };
    driver.taken();
    driver.send(Input::Trust(Some(world.trust())));
    assert_eq!(fault(&driver), Some(Fault::CommunityExpired), "the session and its result are over");
    assert_eq!(shifts(&driver), [ShiftEvent::SignedOut]);
    assert_eq!((driver.view().bar.collector, driver.view().bar.checkpoint), (None, None));
    driver.save();
    for phone in [PHONE, ADMINISTRATOR] {
        driver.taken();
        driver.sign_in(phone, true);
        assert_eq!((driver.attempt(), driver.appends()), (None, vec![]), "no PIN is compared");
    }
    driver.choose(EAST);
    driver.see(&green(1));
    assert_eq!(fault(&driver), Some(Fault::CommunityExpired));
    // A PIN that is being compared meanwhile signs nobody in.
    let mut waiting = Driver::new(&World::new());
    waiting.user(typed(PHONE));
    let attempt = waiting.attempt().unwrap();
    waiting.send(Input::Trust(Some(world.trust())));
    waiting.send(Input::PinChecked { attempt, right: true });
    assert_eq!((fault(&waiting), shifts(&waiting)), (Some(Fault::CommunityExpired), vec![]));
    // The next community ends it, and says nothing of whoever was signed in.
    world.keys.region = honest;
    driver.send(Input::Trust(Some(world.trust())));
    assert_eq!(driver.screen(), signed_out(None));
    driver.sign_in(PHONE, true);
    assert!(matches!(driver.screen(), Screen::Shift(ShiftScreen::ChooseCheckpoint { .. })));
}

#[test]
fn an_added_checkpoint_acts_once_it_is_durable() {
    let mut driver = Driver::signed_in(&World::new(), PHONE);
    driver.taken();
    let add = |driver: &mut Driver, name: &str| {
        let directions = Directions::Entry;
        driver.user(ShiftInput::AddCheckpoint { name: name.to_owned(), directions });
    };
    let problem = |driver: &Driver| match driver.screen() {
        Screen::Shift(ShiftScreen::ChooseCheckpoint { problem, .. }) => problem,
        other => panic!("{other:?}"),
    };
    for bad in ["", "  ", "a\nb", &"长".repeat(41), &"𠀀".repeat(33)] {
        add(&mut driver, bad);
        assert_eq!(problem(&driver), Some(CheckpointProblem::BadName), "{bad:?}");
    }
    add(&mut driver, " 样例社区 · 东门 ");
    assert_eq!(problem(&driver), Some(CheckpointProblem::Exists));
    add(&mut driver, "样例社区 · 北门");
    driver.fail(Fault::DiskReadOnly);
    assert_eq!(problem(&driver), Some(CheckpointProblem::NotRecorded));
    driver.taken();
    add(&mut driver, "样例社区 · 北门");
    let [(_, Report::Roster(roster))] = &driver.appends()[..] else { panic!() };
    let RosterChange::CheckpointAdded { id, .. } = roster.change.clone() else { panic!() };
    driver.save();
    assert_eq!(driver.screen(), Screen::Collector(CollectorScreen::Ready { hint: None }));
    assert_eq!(driver.view().bar.checkpoint.as_deref(), Some("样例社区 · 北门"));

    // Once the community's file lists it, the file decides: dropped there, it is gone here.
    let mut world = World::new();
    world.community.checkpoints.push(Checkpoint {
        id: CheckpointId(id),
        name: "样例社区 · 北门".to_owned(),
        directions: health_code::Directions::Entry,
        place: None,
    });
    driver.send(Input::Trust(Some(world.trust())));
    assert_eq!(driver.screen(), Screen::Collector(CollectorScreen::Ready { hint: None }));
    driver.send(Input::Trust(Some(World::new().trust())));
    let Screen::Shift(ShiftScreen::ChooseCheckpoint { rows, .. }) = driver.screen() else { panic!() };
    assert_eq!(rows.len(), 2);
}

#[test]
fn an_added_checkpoint_outlives_a_restart_until_the_file_lists_it() {
    let kept = |driver: &Driver| {
        let added = driver.actions.iter().rev().find_map(|action| match action {
            Action::KeepChanges(changes) => Some(changes.clone()),
            _ => None,
        });
        added.unwrap().to_string()
    };
    let names = |driver: &Driver| match driver.screen() {
        Screen::Shift(ShiftScreen::ChooseCheckpoint { rows, .. }) => {
            rows.into_iter().map(|row| row.name).collect::<Vec<_>>()
        }
        other => panic!("{other:?}"),
    };
    let mut world = World::new();
    let mut driver = Driver::signed_in(&world, PHONE);
    driver.taken();
    driver.user(ShiftInput::AddCheckpoint { name: "北门".to_owned(), directions: Directions::Both });
    driver.save();
    let added = kept(&driver);
    assert!(added.contains(" reported ") && added.ends_with(" 北门\n"), "{added}");
    let [.., (record, Report::Roster(Roster { change: RosterChange::CheckpointAdded { id, .. }, .. }))] =
        &driver.appends()[..]
    else {
        panic!()
    };
    assert!(driver.actions.contains(&Action::Await(vec![*record])), "the office is asked about it");

    // The next run knows it from the first moment on.
    let again = |world: &World| Setup { changes: added.parse().unwrap(), ..setup(world) };
    let mut driver = Driver::by(again(&world));
    driver.sign_in(PHONE, true);
    assert!(names(&driver).contains(&"北门".to_owned()));

    // A run that starts with a file that lists it has it once, and what the file says of it.
    let (id, name, directions) = (CheckpointId(*id), "北大门".to_owned(), health_code::Directions::Exit);
    world.community.checkpoints.push(Checkpoint { id, name, directions, place: None });
    let mut gate = crate::Gate::new(again(&world), driver.now());
    let kept = Action::KeepChanges(crate::Changes::default());
    assert!(gate.handle(Input::Tick, driver.now()).contains(&kept), "the file decides from here on");
    let mut driver = Driver::by(again(&world));
    driver.sign_in(PHONE, true);
    assert_eq!(names(&driver).iter().filter(|name| name.starts_with('北')).collect::<Vec<_>>(), ["北大门"]);
}

#[test]
fn only_administrators_add_checkpoints_where_the_policy_says_so() {
    let mut world = World::new();
    world.policy.collectors_add_checkpoints = false;
    for (phone, may) in [(PHONE, false), (ADMINISTRATOR, true)] {
        let mut driver = Driver::signed_in(&world, phone);
        driver.taken();
        assert!(
            matches!(driver.screen(), Screen::Shift(ShiftScreen::ChooseCheckpoint { may_add, .. }) if may_add == may)
        );
        driver.user(ShiftInput::AddCheckpoint { name: "南门".to_owned(), directions: Directions::Both });
        assert_eq!(driver.appends().len(), usize::from(may));
    }
}

#[test]
fn a_late_record_of_the_last_collector_says_nothing_to_the_next() {
    let mut world = World::new();
    let mut driver = Driver::ready(&world);
    driver.see(&green(1));
    driver.wait(300);
    driver.enter();
    let (late, _) = driver.passage();
    world.community.people.remove(0);
    driver.send(Input::Trust(Some(world.trust())));
    driver.sign_in(ADMINISTRATOR, true);
    driver.choose(EAST);
    driver.see(&green(2));
    driver.wait(300);
    driver.enter();
    driver.send(Input::Appended { record: late });
    assert!(matches!(driver.screen(), Screen::Collector(CollectorScreen::Recording { .. })));
}
