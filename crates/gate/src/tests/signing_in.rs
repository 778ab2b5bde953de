//! Signing in by digits and PIN, wrong tries, and what ends a session.

use health_code::{Person, PersonId, Role};
use proptest::prelude::*;
use wire::report::ShiftEvent;
use wire::{Direction as Way, Report};

use super::driver::{Driver, setup, typed};
use super::world::{ADMINISTRATOR, EAST, PHONE, WEST, World, green};
use crate::action::Action;
use crate::input::{Input, Withdrawal};
use crate::shift::{LastPlace, WrongTries};
use crate::window::Screen;
use crate::window::collector::{CollectorInput, CollectorScreen};
use crate::window::shift::{
    CheckpointRow, Direction, Directions, PersonChoice, ShiftId, ShiftInput, ShiftScreen, SignInProblem,
};
use crate::window::station::{StationInput, StationScreen};

/// Somebody whose phone ends like the collector's.
fn namesake() -> Person {
    Person {
        id: PersonId([3; 8]),
        masked_name: "孙*".to_owned(),
        masked_phone: "139****0001".to_owned(),
        pin_phc: sample::PHC.replace("$AAA", "$AAC"),
        role: Role::Collector,
    }
}

fn problem(driver: &Driver) -> Option<SignInProblem> {
    match driver.screen() {
        Screen::Shift(ShiftScreen::SignedOut { problem, .. }) => problem,
        other => panic!("{other:?}"),
    }
}

fn choices(driver: &Driver) -> Vec<PersonChoice> {
    match driver.screen() {
        Screen::Shift(ShiftScreen::SignedOut { choices, .. }) => choices,
        other => panic!("{other:?}"),
    }
}

fn rows(driver: &Driver) -> Vec<CheckpointRow> {
    match driver.screen() {
        Screen::Shift(ShiftScreen::ChooseCheckpoint { rows, .. }) => rows,
        other => panic!("{other:?}"),
    }
}

/// Returns the wrong tries that the shell was asked to keep last.
fn kept(driver: &Driver) -> WrongTries {
    let tries = driver.actions.iter().rev().find_map(|action| match action {
        Action::CheckPin { tries, .. } | Action::KeepTries(tries) => Some(tries.clone()),
        _ => None,
    });
    tries.unwrap()
}

fn fail(driver: &mut Driver, phone: &str, times: usize) {
    for _ in 0..times {
        driver.taken();
        driver.sign_in(phone, false);
    }
}

#[test]
fn people_with_the_same_digits_choose_their_masked_names() {
    let mut world = World::new();
    world.community.people.push(namesake());
    let mut driver = Driver::new(&world);
    driver.user(typed(PHONE));
    assert_eq!(driver.attempt(), None, "nobody knows yet whose PIN it is");
    let ids: Vec<_> = choices(&driver).into_iter().map(|choice| (choice.id, choice.masked_name)).collect();
    assert_eq!(ids, [(EAST.to_owned(), "李*".to_owned()), ("03".repeat(8), "孙*".to_owned())]);
    let again = |person: String| ShiftInput::SignIn {
        digits: "0001".to_owned(),
        person: Some(person),
        secret: "135790".to_owned(),
    };
    driver.user(again(ids[1].0.clone()));
    assert_eq!(choices(&driver), []);
    let Some(Action::CheckPin { phc, pin, .. }) =
        driver.actions.iter().find(|action| matches!(action, Action::CheckPin { .. }))
    else {
        panic!("{:?}", driver.actions)
    };
    assert_eq!((phc, pin.as_str()), (&namesake().pin_phc, "135790"));
    let attempt = driver.attempt().unwrap();
    driver.send(Input::PinChecked { attempt, right: true });
    assert_eq!(driver.view().bar.collector.as_deref(), Some("孙*"));
}

#[test]
fn a_choice_is_only_among_people_with_those_digits_and_is_forgotten() {
    let mut world = World::new();
    world.community.people.push(namesake());
    let mut driver = Driver::new(&world);
    driver.user(ShiftInput::SignIn {
        digits: "0001".to_owned(),
        // The administrator, whose digits are others.
        person: Some("02".repeat(8)),
        secret: "246810".to_owned(),
    });
    let attempt = driver.attempt().unwrap();
    driver.send(Input::PinChecked { attempt, right: true });
    assert_eq!(problem(&driver), Some(SignInProblem::WrongDigitsOrSecret));
    for forget in [true, false] {
        driver.user(typed(PHONE));
        assert_eq!(choices(&driver).len(), 2);
        if forget {
            driver.user(ShiftInput::Back);
        } else {
            driver.wait(60_000);
        }
        assert_eq!(choices(&driver), []);
    }
}

#[test]
fn what_cannot_be_digits_and_a_secret_is_not_even_counted() {
    let mut driver = Driver::new(&World::new());
    for (digits, secret) in
        [("", "246810"), ("001", "246810"), ("13800000001", "246810"), ("000a", "2"), ("0001", "")]
    {
        driver.user(ShiftInput::SignIn {
            digits: digits.to_owned(),
            person: None,
            secret: secret.to_owned(),
        });
        assert_eq!(problem(&driver), Some(SignInProblem::WrongDigitsOrSecret));
    }
    driver.user(ShiftInput::SignIn { digits: "0001".to_owned(), person: None, secret: "x".repeat(65) });
    assert_eq!(driver.attempt(), None);
}

#[test]
fn wrong_tries_are_counted_for_each_person_and_cleared_by_their_own_pin_alone() {
    let mut driver = Driver::new(&World::new());
    fail(&mut driver, PHONE, 5);
    assert_eq!(problem(&driver), Some(SignInProblem::Wait { seconds: 5 }));
    driver.taken();
    driver.sign_in(ADMINISTRATOR, true);
    assert_eq!(driver.view().bar.collector.as_deref(), Some("王*"), "nobody waits for somebody else");
    assert_eq!(kept(&driver).total(), 5, "nor clears what another tried");
    driver.end_shift();
    driver.taken();
    driver.sign_in(PHONE, true);
    assert_eq!((driver.attempt(), problem(&driver)), (None, Some(SignInProblem::Wait { seconds: 5 })));
    driver.wait(5_000);
    driver.sign_in(PHONE, true);
    assert_eq!((kept(&driver).total(), driver.view().bar.collector.as_deref()), (0, Some("李*")));
}

#[test]
fn digits_that_nobody_has_are_one_account() {
    let mut driver = Driver::new(&World::new());
    for phone in ["1111", "2222", "3333", "4444"] {
        driver.sign_in(phone, true);
        assert_eq!(problem(&driver), Some(SignInProblem::WrongDigitsOrSecret));
    }
    driver.sign_in("5555", true);
    assert_eq!(problem(&driver), Some(SignInProblem::Wait { seconds: 5 }));
    driver.sign_in(PHONE, true);
    assert!(matches!(driver.screen(), Screen::Shift(ShiftScreen::ChooseCheckpoint { .. })));
}

#[test]
fn a_try_counts_before_it_is_compared_and_outlives_a_restart() {
    let world = World::new();
    let mut driver = Driver::new(&world);
    fail(&mut driver, PHONE, 5);
    driver.wait(5_000);
    driver.taken();
    // The laptop is switched off while the sixth is being compared.
    driver.user(typed(PHONE));
    let tries: WrongTries = kept(&driver).to_string().parse().unwrap();
    assert_eq!(tries.total(), 6);
    let mut driver = Driver::by(crate::Setup { tries, ..setup(&world) });
    driver.sign_in(PHONE, true);
    assert_eq!((driver.attempt(), problem(&driver)), (None, Some(SignInProblem::Wait { seconds: 10 })));
    driver.wait(10_000);
    fail(&mut driver, PHONE, 1);
    assert_eq!(problem(&driver), Some(SignInProblem::Wait { seconds: 20 }));
    driver.wait(20_000);
    driver.sign_in(PHONE, true);
    assert!(matches!(driver.screen(), Screen::Shift(ShiftScreen::ChooseCheckpoint { .. })), "never for good");
}

#[test]
fn wrong_tries_are_reported_as_a_count() {
    let mut driver = Driver::new(&World::new());
    fail(&mut driver, PHONE, 2);
    fail(&mut driver, "9999", 1);
    driver.taken();
    driver.wait(3_600_000);
    let [(_, Report::Health(health))] = &driver.appends()[..] else { panic!("{:?}", driver.appends()) };
    assert_eq!((health.wrong_tries, health.refusals.len()), (3, 0));
}

#[test]
fn a_changed_pin_or_role_ends_the_session_at_once_and_another_name_does_not() {
    type Change = fn(&mut Person);
    let changes: [(Change, Option<SignInProblem>); 3] = [
        (|person| person.pin_phc = sample::PHC.replace("$AAA", "$AAD"), Some(SignInProblem::Changed)),
        (|person| person.role = Role::Administrator, Some(SignInProblem::Changed)),
        (|person| person.masked_name = "李**".to_owned(), None),
    ];
    for (change, expected) in changes {
        let mut world = World::new();
        let mut driver = Driver::ready(&world);
        driver.see(&green(1));
        change(&mut world.community.people[0]);
        world.community.version += 1;
        driver.send(Input::Trust(Some(world.trust())));
        match expected {
            Some(_) => {
                assert_eq!(problem(&driver), expected);
                assert!(driver.appends().iter().any(|(_, report)| matches!(report,
                    Report::Shift(shift) if shift.event == ShiftEvent::SignedOut)));
            }
            None => assert_eq!(driver.view().bar.collector.as_deref(), Some("李**")),
        }
    }
}

#[test]
fn half_an_hour_without_a_key_or_a_code_signs_out() {
    let mut driver = Driver::ready(&World::new());
    driver.wait(1_799_000);
    driver.user(StationInput::FaultSeen);
    driver.wait(1_799_000);
    driver.see(&green(1));
    assert!(matches!(driver.screen(), Screen::Collector(CollectorScreen::Result { .. })));
    // A phone that is left lying there is no sign of anybody.
    for _ in 0..1_799 {
        driver.wait(1_000);
        driver.see(&green(1));
    }
    assert_eq!(driver.view().bar.collector.as_deref(), Some("李*"));
    driver.wait(1_000);
    assert_eq!(problem(&driver), Some(SignInProblem::Idle));
}

#[test]
fn the_policy_says_how_long_and_a_record_on_its_way_is_finished_first() {
    let mut world = World::new();
    world.policy.idle_minutes = Some(1);
    let mut driver = Driver::ready(&world);
    driver.see(&green(1));
    driver.wait(300);
    driver.mono += std::time::Duration::from_secs(10);
    driver.enter();
    driver.user(CollectorInput::Back);
    driver.wait(9_000);
    driver.save();
    driver.wait(50_999);
    assert_eq!(driver.view().bar.collector.as_deref(), Some("李*"));
    driver.wait(1);
    assert_eq!(problem(&driver), Some(SignInProblem::Idle));
}

#[test]
fn a_key_that_was_meant_for_another_shift_does_not_end_this_one() {
    let mut driver = Driver::ready(&World::new());
    let ShiftId(shift) = driver.view().bar.shift.unwrap();
    driver.user(ShiftInput::EndShift { shift: ShiftId(shift - 1) });
    assert_eq!(driver.view().bar.shift, Some(ShiftId(shift)));
    driver.end_shift();
    driver.sign_in(ADMINISTRATOR, true);
    driver.user(ShiftInput::EndShift { shift: ShiftId(shift) });
    assert_eq!(driver.view().bar.collector.as_deref(), Some("王*"), "the window showed the shift before");
    driver.end_shift();
    assert_eq!(driver.view().bar.shift, None);
}

#[test]
fn escape_before_a_checkpoint_is_chosen_signs_out() {
    let mut driver = Driver::signed_in(&World::new(), PHONE);
    driver.user(ShiftInput::Back);
    assert_eq!(problem(&driver), None);
}

#[test]
fn direction_is_chosen_where_there_are_two_and_reported_with_shift_and_passage() {
    let mut world = World::new();
    world.community.checkpoints[1].directions = health_code::Directions::Exit;
    let mut driver = Driver::signed_in(&world, PHONE);
    let shown: Vec<_> = rows(&driver).iter().map(|row| (row.directions, row.direction)).collect();
    assert_eq!(shown, [(Directions::Both, Direction::In), (Directions::Exit, Direction::Out)]);
    driver.choose(WEST);
    assert_eq!(rows(&driver).len(), 2, "nobody comes in by the exit");
    driver.taken();
    driver.user(ShiftInput::ChooseCheckpoint { id: EAST.to_owned(), direction: Direction::Out });
    assert_eq!(driver.view().bar.direction, Some(Direction::Out));
    let [(_, Report::Shift(shift))] = &driver.appends()[..] else { panic!("{:?}", driver.appends()) };
    assert_eq!(shift.event, ShiftEvent::At { checkpoint: [1; 8], direction: Way::Out });
    driver.save();
    driver.taken();
    driver.see(&green(1));
    driver.wait(300);
    driver.enter();
    assert_eq!(driver.passage().1.direction, Way::Out);
    driver.save();
    driver.wait(900);
    driver.user(ShiftInput::SwitchCheckpoint);
    assert_eq!((rows(&driver)[0].direction, rows(&driver)[0].last), (Direction::Out, true));
    // The next run begins with the last choice.
    let last = driver.gate.last_place();
    let mut driver = Driver::by(crate::Setup { last, ..setup(&world) });
    driver.sign_in(PHONE, true);
    assert_eq!((rows(&driver)[0].direction, rows(&driver)[0].last), (Direction::Out, true));
    // A checkpoint that loses its direction has to be chosen anew.
    driver.user(ShiftInput::ChooseCheckpoint { id: EAST.to_owned(), direction: Direction::Out });
    world.community.checkpoints[0].directions = health_code::Directions::Entry;
    driver.send(Input::Trust(Some(world.trust())));
    assert_eq!(rows(&driver)[0].direction, Direction::In);
    assert_eq!(driver.view().bar.checkpoint, None);
}

#[test]
fn a_checkpoint_added_for_both_directions_waits_for_the_choice() {
    let mut driver = Driver::signed_in(&World::new(), PHONE);
    driver.taken();
    driver.user(ShiftInput::AddCheckpoint { name: "北门".to_owned(), directions: Directions::Both });
    driver.save();
    let first = rows(&driver)[0].clone();
    assert_eq!((first.name.as_str(), first.directions, first.last), ("北门", Directions::Both, false));
    driver.user(ShiftInput::ChooseCheckpoint { id: first.id, direction: Direction::Out });
    assert_eq!(driver.view().bar.checkpoint.as_deref(), Some("北门"));
    let place = driver.gate.last_place();
    assert!(matches!(place, Some(LastPlace { direction: Direction::Out, .. })));
}

#[test]
fn a_checkpoint_whose_report_gets_no_answer_is_not_recorded() {
    let mut driver = Driver::signed_in(&World::new(), PHONE);
    driver.taken();
    driver.user(ShiftInput::AddCheckpoint { name: "北门".to_owned(), directions: Directions::Entry });
    let appends = driver.appends();
    driver.wait(10_000);
    assert!(matches!(driver.screen(), Screen::Shift(ShiftScreen::ChooseCheckpoint { problem: Some(_), .. })));
    driver.send(Input::Appended { record: appends[0].0 });
    assert_eq!(rows(&driver).len(), 3, "a late answer still counts");
}

#[test]
fn a_withdrawn_station_judges_nothing_ends_the_session_and_goes_on_counting() {
    let world = World::new();
    let mut driver = Driver::ready(&world);
    driver.see(&green(1));
    driver.wait(300);
    driver.enter();
    let (record, _) = driver.passage();
    driver.taken();
    let withdrawal = Withdrawal { left: false, contact: "样例区 027-0001".to_owned() };
    driver.send(Input::Withdrawn(withdrawal.clone()));
    let out = |waiting| {
        let contact = "样例区 027-0001".to_owned();
        Screen::Station(StationScreen::OutOfService {
            left: false,
            contact,
            waiting,
            stick: None,
            carrying: false,
        })
    };
    assert_eq!(driver.screen(), out(0));
    assert!(
        matches!(&driver.appends()[..], [(_, Report::Shift(shift))] if shift.event == ShiftEvent::SignedOut)
    );
    assert_eq!((driver.view().bar.shift, driver.view().bar.collector), (None, None));
    driver.taken();
    driver.send(Input::Appended { record });
    driver.send(Input::Waiting(2));
    assert_eq!(driver.screen(), out(2));
    driver.see(&green(2));
    driver.sign_in(PHONE, true);
    driver.user(CollectorInput::NoCode);
    driver.send(Input::Trust(None));
    driver.send(Input::Waiting(0));
    assert_eq!((driver.screen(), driver.attempt(), driver.sounds()), (out(0), None, vec![]));
    // It survives a restart.
    let driver = Driver::by(crate::Setup { withdrawn: Some(withdrawal), ..setup(&world) });
    assert_eq!(driver.screen(), out(0));
}

#[derive(Debug, Clone)]
enum Step {
    /// Somebody, or nobody whom the roster lists, types digits and a PIN.
    Try(usize, bool),
    Wait(u64),
    Restart,
}

/// Two people of the roster, and digits of nobody.
const WHO: [&str; 4] = [PHONE, ADMINISTRATOR, "7777", "8888"];

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        12 => (0..WHO.len(), prop::bool::weighted(0.1)).prop_map(|(who, right)| Step::Try(who, right)),
        3 => prop::sample::select(vec![1, 5, 10, 80, 300]).prop_map(Step::Wait),
        1 => Just(Step::Restart),
    ];
    prop::collection::vec(step, 1..60)
}

fn waits(count: u32) -> u64 {
    count.checked_sub(5).map_or(0, |beyond| (5 << beyond.min(10)).min(300))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Each account has its own count and its own wait, whatever happens to the others, and over restarts.
    #[test]
    fn each_account_counts_for_itself(steps in steps()) {
        let world = World::new();
        let mut driver = Driver::new(&world);
        // Count and end of the wait of each account; the digits of nobody share one.
        let (mut counts, mut until, mut now) = ([0_u32; 3], [0_u64; 3], 0_u64);
        let mut tries = WrongTries::default();
        for step in steps {
            match step {
                Step::Wait(seconds) => {
                    now += seconds;
                    driver.wait(seconds * 1000);
                }
                Step::Restart => {
                    until = counts.map(|count| now + waits(count));
                    driver = Driver::by(crate::Setup { tries: tries.clone(), ..setup(&world) });
                }
                Step::Try(who, right) => {
                    let account = who.min(2);
                    driver.end_shift();
                    driver.taken();
                    driver.sign_in(WHO[who], right);
                    prop_assert_eq!(driver.attempt().is_some(), now >= until[account], "{}", account);
                    if driver.attempt().is_none() {
                        let seconds = u32::try_from(until[account] - now).unwrap();
                        prop_assert_eq!(problem(&driver), Some(SignInProblem::Wait { seconds }));
                        continue;
                    }
                    tries = kept(&driver);
                    let enters = right && who < 2;
                    counts[account] = if enters { 0 } else { counts[account] + 1 };
                    until[account] = now + waits(counts[account]);
                    prop_assert_eq!(driver.view().bar.shift.is_some(), enters);
                    prop_assert_eq!(tries.total(), counts.iter().sum::<u32>());
                }
            }
        }
    }
}

#[test]
fn a_pin_that_a_busy_laptop_does_not_compare_in_time_is_said_to_be_unchecked() {
    let mut driver = Driver::new(&World::new());
    let is_checking = |driver: &Driver| {
        matches!(driver.screen(), Screen::Shift(ShiftScreen::SignedOut { checking: true, .. }))
    };
    driver.user(typed(PHONE));
    driver.wait(59_999);
    assert!(is_checking(&driver));
    driver.wait(1);
    assert!(!is_checking(&driver));
    assert_eq!(problem(&driver), Some(SignInProblem::NotChecked));
}
