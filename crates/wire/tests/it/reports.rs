//! A report of each kind, before it is sealed.

use wire::RecordId;
use wire::report::{
    Carried, Cell, ClockState, Direction, Directions, Health, Outcome, Passage, Place, Report, Roster,
    RosterChange, Shift, ShiftEvent, Shown, StricterRuling,
};

/// When all of them were made, in seconds since 1970.
pub const TIME: i64 = 1_600_000_000;

pub fn passage(shown: Shown, outcome: Outcome, code: Carried) -> Passage {
    Passage {
        at: TIME + 9,
        clock: ClockState::Trusted,
        checkpoint: [1; 8],
        collector: [2; 8],
        policies: [3; 32],
        trust: 7,
        shown,
        code,
        judged_at: TIME,
        direction: Direction::In,
        outcome,
    }
}

/// A report of each kind, and of each change of the roster.
pub fn kinds() -> Vec<(&'static str, Report)> {
    let (at, clock) = (TIME, ClockState::Asserted);
    let shift = |event| Report::Shift(Shift { at, clock, person: [2; 8], event });
    let roster = |change| Report::Roster(Roster { at, clock, by: [2; 8], change });
    let certificate = Carried::Certificate {
        id: "URN:UVCI:01:XS:1".to_owned(),
        country: "XS".to_owned(),
        masked_name: "M***".to_owned(),
    };
    let code = || Carried::Whole(vec![0xd2; 40]);
    let phc = || format!("$argon2id$v=19$m=65536,t=3,p=1${}${}", "c2FsdA".repeat(4), "aGFzaA".repeat(7));
    let (id, name) = ([6; 8], || "西门".to_owned());
    let cell = |index, ruling| Cell { index, ruling };
    vec![
        (
            "a-passage-with-a-certificate",
            Report::Passage(passage(Shown::Check, Outcome::LetThrough, certificate)),
        ),
        ("a-check-turned-away", Report::Passage(passage(Shown::Check, Outcome::TurnedAway, code()))),
        ("not-judged", Report::Passage(passage(Shown::UnjudgedPolicy, Outcome::LetThrough, code()))),
        ("signed-in", shift(ShiftEvent::SignedIn)),
        ("signed-out", shift(ShiftEvent::SignedOut)),
        ("at-a-checkpoint", shift(ShiftEvent::At { checkpoint: [1; 8], direction: Direction::Out })),
        (
            "checkpoint-added",
            roster(RosterChange::CheckpointAdded {
                id,
                name: name(),
                directions: Directions::Both,
                place: Some(Place { latitude: 30_542_000, longitude: 114_362_000 }),
            }),
        ),
        (
            "checkpoint-changed",
            roster(RosterChange::CheckpointChanged { id, name: name(), directions: Directions::Exit }),
        ),
        ("checkpoint-removed", roster(RosterChange::CheckpointRemoved { id })),
        (
            "person-added",
            roster(RosterChange::PersonAdded {
                id,
                masked_name: "王*".to_owned(),
                masked_phone: "*******1234".to_owned(),
                phc: phc(),
                code: vec![0xd2; 40],
                phone: Some("13800001234".to_owned()),
            }),
        ),
        (
            "person-restored",
            roster(RosterChange::PersonRestored {
                id,
                masked_name: "王*".to_owned(),
                masked_phone: "*******1234".to_owned(),
                phc: phc(),
                removal: RecordId([4; 16]),
            }),
        ),
        ("person-removed", roster(RosterChange::PersonRemoved { id })),
        ("pin-changed", roster(RosterChange::PinChanged { id, phc: phc() })),
        (
            "policy-stricter",
            roster(RosterChange::PolicyStricter {
                cells: vec![cell(1, StricterRuling::Stop), cell(4, StricterRuling::Check)],
                fever: Some(370),
                declaration_hours: None,
            }),
        ),
        (
            "counts",
            Report::Health(Health {
                at,
                clock,
                refusals: vec![("expired".to_owned(), 3), ("signature".to_owned(), 1)],
                wrong_tries: 2,
            }),
        ),
    ]
}
