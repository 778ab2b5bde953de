//! Signing in and out, checkpoints, and the roster's word.

use health_code::{Checkpoint, CheckpointId};
use wire::Report;
use wire::report::{RosterChange, ShiftEvent};

use super::world::{ADMINISTRATOR, Desk, EAST, PHONE, WEST, World, green};
use crate::action::Action;
use crate::fault::Fault;
use crate::input::{AttemptId, Input};
use crate::window::Screen;
use crate::window::collector::{CollectorInput, CollectorScreen};
use crate::window::shift::{CheckpointProblem, ShiftInput, ShiftScreen, SignInProblem};

fn shifts(desk: &Desk) -> Vec<ShiftEvent> {
    let event = |(_, report)| match report {
        Report::Shift(shift) => Some(shift.event),
        _ => None,
    };
    desk.appends().into_iter().filter_map(event).collect()
}

fn signed_out(problem: Option<SignInProblem>) -> Screen {
    Screen::Shift(ShiftScreen::SignedOut { checking: false, problem })
}

#[test]
fn signed_out_reads_nothing() {
    let mut desk = Desk::new(&World::new());
    desk.see(&green(1));
    desk.user(CollectorInput::NoCode);
    desk.user(ShiftInput::ChooseCheckpoint { id: EAST.to_owned() });
    desk.user(ShiftInput::EndShift);
    assert_eq!(desk.taken(), []);
    desk.sign_in(PHONE, true);
    desk.see(&green(1));
    assert!(
        matches!(desk.screen(), Screen::Shift(ShiftScreen::ChooseCheckpoint { .. })),
        "nor before a checkpoint is chosen"
    );
}

#[test]
fn a_shift_is_reported_from_sign_in_to_sign_out() {
    let mut desk = Desk::new(&World::new());
    desk.sign_in("+86 138-0000-0001", true);
    desk.user(ShiftInput::ChooseCheckpoint { id: WEST.to_owned() });
    assert_eq!(desk.view().bar.checkpoint.as_deref(), Some("样例社区 · 西门"));
    assert_eq!(desk.view().bar.collector.as_deref(), Some("李*"));
    desk.user(ShiftInput::SwitchCheckpoint);
    desk.user(ShiftInput::Back);
    desk.user(ShiftInput::EndShift);
    let at = ShiftEvent::At { checkpoint: [2; 8] };
    assert_eq!(shifts(&desk), [ShiftEvent::SignedIn, at, ShiftEvent::SignedOut]);
    assert_eq!(desk.screen(), signed_out(None));
    assert_eq!((desk.view().bar.checkpoint, desk.view().bar.collector), (None, None));
    desk.sign_in(PHONE, true);
    let Screen::Shift(ShiftScreen::ChooseCheckpoint { rows, may_add, .. }) = desk.screen() else { panic!() };
    assert!(may_add);
    assert_eq!(
        rows.iter().map(|row| (&*row.id, row.last)).collect::<Vec<_>>(),
        [(WEST, true), (EAST, false)]
    );
    assert_eq!(desk.gate.last_checkpoint(), Some(CheckpointId([2; 8])));
}

#[test]
fn a_strangers_phone_takes_as_long_and_signs_nobody_in() {
    let mut desk = Desk::new(&World::new());
    desk.sign_in("13999999999", true);
    assert!(
        matches!(&desk.actions[..], [Action::Show(_), Action::CheckPin { phc, .. }, ..] if !phc.is_empty())
    );
    assert_eq!(desk.screen(), signed_out(Some(SignInProblem::WrongPhoneOrPin)));
    assert_eq!(desk.appends(), []);
}

#[test]
fn late_and_foreign_answers_sign_nobody_in() {
    let mut desk = Desk::new(&World::new());
    desk.send(Input::PinChecked { attempt: AttemptId(1), right: true });
    assert_eq!(desk.screen(), signed_out(None));
    desk.user(ShiftInput::SignIn { phone: PHONE.to_owned(), pin: "1".to_owned() });
    let AttemptId(first) = desk.attempt().unwrap();
    desk.send(Input::PinChecked { attempt: AttemptId(first + 1), right: true });
    assert_eq!(desk.screen(), Screen::Shift(ShiftScreen::SignedOut { checking: true, problem: None }));
    desk.wait(10_000);
    assert_eq!(desk.screen(), signed_out(None), "given up");
    desk.send(Input::PinChecked { attempt: AttemptId(first), right: true });
    assert_eq!(desk.screen(), signed_out(None));
}

#[test]
fn after_five_wrong_tries_each_costs_twice_the_wait() {
    let mut desk = Desk::new(&World::new());
    for _ in 0..4 {
        desk.sign_in(PHONE, false);
        assert_eq!(desk.screen(), signed_out(Some(SignInProblem::WrongPhoneOrPin)));
    }
    for seconds in [5, 10, 20, 40, 80, 160, 300, 300] {
        desk.sign_in(PHONE, false);
        assert_eq!(desk.screen(), signed_out(Some(SignInProblem::Wait { seconds })));
        desk.taken();
        desk.sign_in(PHONE, true);
        assert_eq!(desk.attempt(), None, "not even looked at");
        desk.wait(u64::from(seconds) * 1000);
    }
    desk.sign_in(PHONE, true);
    desk.user(ShiftInput::EndShift);
    desk.sign_in(PHONE, false);
    assert_eq!(desk.screen(), signed_out(Some(SignInProblem::WrongPhoneOrPin)), "the count began anew");
}

#[test]
fn somebody_the_roster_drops_is_signed_out_at_once_and_their_append_goes_on() {
    let mut world = World::new();
    let mut desk = Desk::ready(&world);
    desk.see(&green(1));
    desk.wait(300);
    desk.enter();
    let passage = desk.appends();
    world.community.version += 1;
    world.community.people.remove(0);
    desk.taken();
    desk.send(Input::Trust(Some(world.trust())));
    assert_eq!(desk.screen(), signed_out(Some(SignInProblem::Removed)));
    assert_eq!(shifts(&desk), [ShiftEvent::SignedOut]);
    desk.save();
    desk.taken();
    let record = passage[0].0;
    desk.send(Input::AppendFailed { record, fault: Fault::DiskFull });
    assert_eq!(desk.screen(), signed_out(Some(SignInProblem::Removed)), "and says nothing on their screen");
    desk.wait(30_000);
    assert_eq!(desk.appends(), passage);
    desk.save();
    assert_eq!(desk.screen(), signed_out(Some(SignInProblem::Removed)));
}

#[test]
fn an_added_checkpoint_acts_once_it_is_durable() {
    let mut desk = Desk::signed_in(&World::new(), PHONE);
    desk.taken();
    let add = |desk: &mut Desk, name: &str| desk.user(ShiftInput::AddCheckpoint { name: name.to_owned() });
    let problem = |desk: &Desk| match desk.screen() {
        Screen::Shift(ShiftScreen::ChooseCheckpoint { problem, .. }) => problem,
        other => panic!("{other:?}"),
    };
    for bad in ["", "  ", "a\nb", &"长".repeat(41), &"𠀀".repeat(33)] {
        add(&mut desk, bad);
        assert_eq!(problem(&desk), Some(CheckpointProblem::BadName), "{bad:?}");
    }
    add(&mut desk, " 样例社区 · 东门 ");
    assert_eq!(problem(&desk), Some(CheckpointProblem::Exists));
    add(&mut desk, "样例社区 · 北门");
    desk.fail(Fault::DiskReadOnly);
    assert_eq!(problem(&desk), Some(CheckpointProblem::NotRecorded));
    desk.taken();
    add(&mut desk, "样例社区 · 北门");
    let [(_, Report::Roster(roster))] = &desk.appends()[..] else { panic!() };
    let RosterChange::CheckpointAdded { id, .. } = roster.change.clone();
    desk.save();
    assert_eq!(desk.screen(), Screen::Collector(CollectorScreen::Ready { hint: None }));
    assert_eq!(desk.view().bar.checkpoint.as_deref(), Some("样例社区 · 北门"));

    // Once published it is the community's; when that drops it, nobody stands there any more.
    let mut world = World::new();
    world
        .community
        .checkpoints
        .push(Checkpoint { id: CheckpointId(id), name: "样例社区 · 北门".to_owned() });
    desk.send(Input::Trust(Some(world.trust())));
    assert_eq!(desk.screen(), Screen::Collector(CollectorScreen::Ready { hint: None }));
    desk.send(Input::Trust(Some(World::new().trust())));
    let Screen::Shift(ShiftScreen::ChooseCheckpoint { rows, .. }) = desk.screen() else { panic!() };
    assert_eq!(rows.len(), 2);
}

#[test]
fn only_administrators_add_checkpoints_where_the_policy_says_so() {
    let mut world = World::new();
    world.list.policy.collectors_add_checkpoints = false;
    for (phone, may) in [(PHONE, false), (ADMINISTRATOR, true)] {
        let mut desk = Desk::signed_in(&world, phone);
        desk.taken();
        assert!(
            matches!(desk.screen(), Screen::Shift(ShiftScreen::ChooseCheckpoint { may_add, .. }) if may_add == may)
        );
        desk.user(ShiftInput::AddCheckpoint { name: "南门".to_owned() });
        assert_eq!(desk.appends().len(), usize::from(may));
    }
}

#[test]
fn a_late_record_of_the_last_collector_says_nothing_to_the_next() {
    let mut world = World::new();
    let mut desk = Desk::ready(&world);
    desk.see(&green(1));
    desk.wait(300);
    desk.enter();
    let (late, _) = desk.passage();
    world.community.people.remove(0);
    desk.send(Input::Trust(Some(world.trust())));
    desk.sign_in(ADMINISTRATOR, true);
    desk.user(ShiftInput::ChooseCheckpoint { id: EAST.to_owned() });
    desk.see(&green(2));
    desk.wait(300);
    desk.enter();
    desk.send(Input::Appended { record: late });
    assert!(matches!(desk.screen(), Screen::Collector(CollectorScreen::Recording { .. })));
}
