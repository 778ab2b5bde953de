//! What happens at a gate, at random: people, codes, disks, clocks and trust files.

use std::sync::{Arc, LazyLock};

use health_code::policy::Ruling;
use health_code::trust::Revocations;
use health_code::{Claims, Colour, Trust};
use proptest::prelude::*;
use wire::ClockState;

use crate::input::Aim;
use crate::tests::world::{DAY, EAST, START, WEST, World, claims, forged, sign};
use crate::window::UserInput;
use crate::window::collector::CollectorInput;
use crate::window::shift::{Direction, Directions, ShiftId, ShiftInput};
use crate::window::station::StationInput;
use crate::window::workbench::{DeviceInput, WorkbenchInput, WorkbenchPage};

pub(super) const PEOPLE: u8 = 3;

/// The codes that are shown: for each person a green one, renewed ones, other verdicts and invalid
/// ones; and texts that are no code.
pub(super) static CODES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut codes = vec!["https://pay.example".to_owned(), "KD1:".to_owned(), String::new(), forged(0)];
    for who in 0..PEOPLE {
        let now = claims(who, -10);
        codes.extend([
            sign(&now),
            sign(&claims(who, 20)),
            sign(&claims(who, 200)),
            sign(&claims(who, -295)),
            sign(&Claims { colour: Colour::Red, ..now.clone() }),
            sign(&Claims { colour: Colour::Yellow, ..now.clone() }),
            sign(&Claims { temperature: Some(385), ..now.clone() }),
            sign(&Claims { is_static: true, exp: START.plus(DAY), ..now.clone() }),
        ]);
        let mut altered = sign(&now);
        let middle = altered.len() / 2;
        altered.replace_range(middle..=middle, if altered.as_bytes()[middle] == b'0' { "1" } else { "0" });
        codes.push(altered);
    }
    codes
});

/// The trust that takes effect: usual, without the collector, expired, soon expired, revoking,
/// stricter, with a community that nobody vouches for, none.
pub(super) static TRUSTS: LazyLock<Vec<Option<Arc<Trust>>>> = LazyLock::new(|| {
    let usual = World::new();
    let mut removed = usual.clone();
    removed.community.people.remove(0);
    let mut expired = usual.clone();
    expired.list.issued = START.plus(-50 * DAY);
    expired.list.soft_expiry = START.plus(-40 * DAY);
    expired.list.hard_expiry = START.plus(-DAY);
    let mut soon = usual.clone();
    soon.list.hard_expiry = START.plus(60);
    soon.list.soft_expiry = START.plus(30);
    let mut revoking = usual.clone();
    let salt = [3; 16];
    revoking.revocations = Revocations::new(salt, [Revocations::entry(&salt, "hubei", &[0; 16])]);
    revoking.list.revocations = revoking.revocations.index().clone();
    let mut stricter = usual.clone();
    stricter.policy.version = 4;
    stricter.policy.table[0].green = Ruling::Stop;
    stricter.community.checkpoints.remove(0);
    let mut unvouched = usual.clone();
    unvouched.keys.region = sample::key(sample::STRANGER);
    let worlds = [usual, removed, expired, soon, revoking, stricter, unvouched];
    worlds.iter().map(|world| Some(world.trust())).chain([None]).collect()
});

/// What happens at a gate.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Wait(u64),
    See(usize, Aim),
    /// A hand scanner reads a code, all of it or a half, by a device of its own or by keys.
    Scan(usize, bool, bool),
    Unreadable,
    Nothing,
    Enter,
    TurnAway,
    Escape,
    Declare,
    Press(u32),
    User(UserInput),
    SignIn(bool, bool),
    Hashed(bool),
    Closing(bool),
    Append(bool),
    Bogus(u8, bool),
    Clock(ClockState),
    Jump(i64),
    Trust(usize),
    Camera(bool),
    Outbox(bool),
    Online(bool),
}

pub(super) fn choose(id: &str) -> UserInput {
    UserInput::Shift(ShiftInput::ChooseCheckpoint { id: id.to_owned(), direction: Direction::In })
}

pub(super) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let clock = prop_oneof![
        4 => Just(ClockState::Trusted),
        1 => Just(ClockState::Asserted),
        2 => Just(ClockState::Wrong),
    ];
    let user = prop_oneof![
        Just(UserInput::Collector(CollectorInput::NoCode)),
        Just(UserInput::Collector(CollectorInput::Back)),
        Just(UserInput::Shift(ShiftInput::Back)),
        (0..4_u32).prop_map(|shift| UserInput::Shift(ShiftInput::EndShift { shift: ShiftId(shift) })),
        Just(UserInput::Shift(ShiftInput::SwitchCheckpoint)),
        Just(UserInput::Station(StationInput::FaultSeen)),
        (-200..200_i64)
            .prop_map(|off| UserInput::Station(StationInput::AssertTime { shown: START.plus(off) })),
        Just(choose(EAST)),
        Just(choose(WEST)),
        Just(choose("ff")),
        "[a-c]{0,2}".prop_map(|name| {
            UserInput::Shift(ShiftInput::AddCheckpoint { name, directions: Directions::Entry })
        }),
    ];
    let step = prop_oneof![
        12 => prop::sample::select(vec![50, 299, 300, 301, 900, 1_500, 4_000, 11_000, 20_000, 61_000])
            .prop_map(Step::Wait),
        14 => (0..CODES.len(), prop::sample::select(vec![Aim::Alone, Aim::Alone, Aim::AimedAt, Aim::Unclear]))
            .prop_map(|(at, aim)| Step::See(at, aim)),
        6 => (0..CODES.len(), prop::bool::weighted(0.8), any::<bool>())
            .prop_map(|(at, whole, typed)| Step::Scan(at, whole, typed)),
        1 => Just(Step::Unreadable),
        1 => Just(Step::Nothing),
        10 => Just(Step::Enter),
        3 => Just(Step::TurnAway),
        3 => Just(Step::Escape),
        1 => Just(Step::Declare),
        2 => (0..20_u32).prop_map(Step::Press),
        3 => user.prop_map(Step::User),
        3 => workbench().prop_map(|input| Step::User(input.into())),
        1 => Just(Step::User(ShiftInput::OpenWorkbench.into())),
        1 => any::<bool>().prop_map(Step::Hashed),
        1 => prop::bool::weighted(0.1).prop_map(Step::Closing),
        2 => (any::<bool>(), any::<bool>()).prop_map(|(right, boss)| Step::SignIn(right, boss)),
        10 => prop::bool::weighted(0.8).prop_map(Step::Append),
        1 => (any::<u8>(), any::<bool>()).prop_map(|(byte, well)| Step::Bogus(byte, well)),
        2 => clock.prop_map(Step::Clock),
        1 => prop::sample::select(vec![-3 * DAY, -200, 0, 0, 200, 50 * DAY]).prop_map(Step::Jump),
        3 => prop_oneof![3 => Just(0), 2 => 0..TRUSTS.len()].prop_map(Step::Trust),
        1 => any::<bool>().prop_map(Step::Camera),
        1 => prop::bool::weighted(0.3).prop_map(Step::Outbox),
        1 => any::<bool>().prop_map(Step::Online),
    ];
    prop::collection::vec(step, 1..80)
}

/// What an administrator does in the workbench, or a script that would be one.
fn workbench() -> impl Strategy<Value = WorkbenchInput> {
    let id = || prop::sample::select(vec![EAST.to_owned(), WEST.to_owned(), "ff".repeat(8), String::new()]);
    let page = prop::sample::select(vec![
        WorkbenchPage::Checkpoints,
        WorkbenchPage::Collectors,
        WorkbenchPage::Policy,
        WorkbenchPage::Trust,
        WorkbenchPage::Device,
        WorkbenchPage::Enrolment,
    ]);
    let pin = prop::sample::select(vec![SECRET, "123456", ""]);
    prop_oneof![
        1 => Just(WorkbenchInput::Lock),
        1 => page.prop_map(|page| WorkbenchInput::Turn { page }),
        1 => "[a-c]{0,2}"
            .prop_map(|name| WorkbenchInput::AddCheckpoint { name, directions: Directions::Both }),
        1 => any::<bool>().prop_map(|asked| WorkbenchInput::Locate { asked }),
        1 => (id(), "[a-c]{0,2}").prop_map(|(id, name)| {
            WorkbenchInput::ChangeCheckpoint { id, name, directions: Directions::Exit }
        }),
        1 => id().prop_map(|id| WorkbenchInput::RemoveCheckpoint { id }),
        1 => id().prop_map(|id| WorkbenchInput::SetCurrent { id }),
        2 => Just(WorkbenchInput::ScanCollector),
        2 => pin.prop_map(|pin| WorkbenchInput::AddCollector {
            phone: "135 0000 0006".to_owned(),
            pin: pin.to_owned(),
            again: pin.to_owned(),
        }),
        1 => Just(WorkbenchInput::StopAdding),
        1 => id().prop_map(|id| WorkbenchInput::RemoveCollector { id }),
        1 => id().prop_map(|id| WorkbenchInput::Undo { id }),
        1 => Just(WorkbenchInput::UndoLast),
        1 => Just(WorkbenchInput::UpdateTrust),
        1 => Just(WorkbenchInput::Device { input: DeviceInput::SelfTest }),
        1 => (0..30_u8).prop_map(|cell| WorkbenchInput::MakeCellStricter { cell, ruling: Ruling::Stop }),
        1 => (300..400_u16).prop_map(|fever| {
            WorkbenchInput::MakeLimitsStricter { fever: Some(fever), declaration_hours: None }
        }),
        1 => Just(WorkbenchInput::NoticesSeen),
    ]
}

/// A PIN that somebody chooses. It appears in no view, and in no other action than the one that hashes it.
pub(super) const SECRET: &str = "4711470815";
