//! What becomes of a community by each change, and by any order of them.

use proptest::collection::vec;
use proptest::prelude::*;
use sample::{Deployment, PHC};
use wire::RecordId;

use super::*;

/// The sample's community: collector 1, checkpoint 1, and administrator 9 besides.
fn community() -> Community {
    let mut community = Deployment::new().community;
    let collector = community.people[0].clone();
    community.people.push(Person { id: PersonId([9; 8]), role: Role::Administrator, ..collector });
    community
}

fn checkpoint(id: u8, name: &str) -> RosterChange {
    let directions = wire::Directions::Both;
    RosterChange::CheckpointAdded { id: [id; 8], name: name.to_owned(), directions, place: None }
}

fn renamed(id: u8, name: &str) -> RosterChange {
    let directions = wire::Directions::Exit;
    RosterChange::CheckpointChanged { id: [id; 8], name: name.to_owned(), directions }
}

fn person(id: u8, masked_phone: &str, phc: &str) -> RosterChange {
    RosterChange::PersonAdded {
        id: [id; 8],
        masked_name: "王*".to_owned(),
        masked_phone: masked_phone.to_owned(),
        phc: phc.to_owned(),
        code: Vec::new(),
        phone: None,
    }
}

fn restored(id: u8) -> RosterChange {
    RosterChange::PersonRestored {
        id: [id; 8],
        masked_name: "王*".to_owned(),
        masked_phone: "*******1234".to_owned(),
        phc: PHC.to_owned(),
        removal: RecordId([7; 16]),
    }
}

fn pin(id: u8, phc: &str) -> RosterChange {
    RosterChange::PinChanged { id: [id; 8], phc: phc.to_owned() }
}

fn other_phc() -> String {
    PHC.replace("t=3", "t=4")
}

#[test]
fn each_change_says_what_became_of_it() {
    use Applied::{Already, Done, LastAdministrator, NotThere, OtherFile, Taken, Unusable};
    let (phone, phc) = ("*******1234", other_phc());
    let stricter =
        RosterChange::PolicyStricter { cells: Vec::new(), fever: Some(370), declaration_hours: None };
    let mut community = community();
    for (change, expected) in [
        (checkpoint(6, "北门"), Done),
        (checkpoint(6, "again"), Already),
        (checkpoint(7, "北门"), Taken),
        (checkpoint(7, "北\u{7}门"), Unusable),
        (renamed(6, "大门"), Done),
        (renamed(6, "大门"), Already),
        (renamed(6, &"长".repeat(99)), Unusable),
        (renamed(1, "大门"), Taken),
        (RosterChange::CheckpointRemoved { id: [1; 8] }, Done),
        (RosterChange::CheckpointRemoved { id: [1; 8] }, Already),
        // What was removed is not changed afterwards.
        (renamed(1, "back"), NotThere),
        (person(8, phone, PHC), Done),
        (person(8, phone, PHC), Already),
        (person(10, "no digits", PHC), Unusable),
        (person(10, phone, "$2b$cheap"), Unusable),
        (pin(8, &phc), Done),
        (pin(8, &phc), Already),
        (pin(8, "$2b$cheap"), Unusable),
        (pin(10, PHC), NotThere),
        (RosterChange::PersonRemoved { id: [1; 8] }, Done),
        (RosterChange::PersonRemoved { id: [1; 8] }, Already),
        (pin(1, PHC), NotThere),
        (restored(1), Done),
        (restored(1), Already),
        (RosterChange::PersonRemoved { id: [9; 8] }, LastAdministrator),
        (stricter, OtherFile),
    ] {
        assert_eq!(apply(&mut community, &change), expected, "{change:?}");
    }
    let checkpoints: Vec<_> = community.checkpoints.iter().map(|it| (it.id.0[0], it.name.as_str())).collect();
    assert_eq!(checkpoints, [(6, "大门")]);
    assert_eq!(community.checkpoints[0].directions, Directions::Exit);
    let people: Vec<_> = community.people.iter().map(|person| (person.id.0[0], person.role)).collect();
    assert_eq!(people, [(9, Role::Administrator), (8, Role::Collector), (1, Role::Collector)]);
    assert_eq!(community.people[1].pin_phc, phc);
}

#[test]
fn a_full_community_takes_no_more() {
    let mut community = community();
    let (first, collector) = (community.checkpoints[0].clone(), community.people[0].clone());
    let id = |n: usize| (n as u64 + (1 << 32)).to_be_bytes();
    community.checkpoints = (0..CHECKPOINTS)
        .map(|n| Checkpoint { id: CheckpointId(id(n)), name: format!("{n}"), ..first.clone() })
        .collect();
    community.people = (0..PEOPLE).map(|n| Person { id: PersonId(id(n)), ..collector.clone() }).collect();
    let before = community.clone();
    assert_eq!(apply(&mut community, &checkpoint(6, "one more")), Applied::Full);
    assert_eq!(apply(&mut community, &person(8, "*******1234", PHC)), Applied::Full);
    assert_eq!(community, before);
    // Nobody may change anything there, and a collector goes all the same.
    assert_eq!(apply(&mut community, &RosterChange::PersonRemoved { id: id(0) }), Applied::Done);
    assert_eq!(apply(&mut community, &restored(8)), Applied::Done);
}

/// Changes by few ids and names, so that they meet.
fn changes(ids: std::ops::Range<u8>) -> impl Strategy<Value = Vec<RosterChange>> {
    let names = || prop_oneof![Just("东门"), Just("西门"), Just("北\u{7}门")];
    let id = move || ids.clone();
    let change = prop_oneof![
        (id(), names()).prop_map(|(id, name)| checkpoint(id, name)),
        (id(), names()).prop_map(|(id, name)| renamed(id, name)),
        id().prop_map(|id| RosterChange::CheckpointRemoved { id: [id; 8] }),
        id().prop_map(|id| person(id, "*******1234", PHC)),
        id().prop_map(|id| RosterChange::PersonRemoved { id: [id; 8] }),
        id().prop_map(restored),
        (id(), any::<bool>())
            .prop_map(|(id, other)| pin(id, &if other { other_phc() } else { PHC.to_owned() })),
    ];
    vec(change, 0..12)
}

/// Enters changes one by one.
fn enter<'a>(mut community: Community, changes: impl IntoIterator<Item = &'a RosterChange>) -> Community {
    for change in changes {
        apply(&mut community, change);
    }
    community
}

/// Mixes two lists, each in its own order, as their reports arrive at the office.
fn arrivals(a: &[RosterChange], b: &[RosterChange], picks: &[bool]) -> Vec<RosterChange> {
    let (mut a, mut b, mut picks) = (a.iter().peekable(), b.iter().peekable(), picks.iter().cycle());
    let mut all = Vec::new();
    while a.peek().is_some() || b.peek().is_some() {
        let from_a = b.peek().is_none() || (a.peek().is_some() && picks.next() == Some(&true));
        all.extend(if from_a { a.next() } else { b.next() }.cloned());
    }
    all
}

proptest! {
    #[test]
    fn a_change_that_is_entered_twice_counts_once(before in changes(0..4), last in changes(0..4)) {
        let mut community = enter(community(), &before);
        for change in &last {
            let first = apply(&mut community, change);
            let once = community.clone();
            let second = apply(&mut community, change);
            prop_assert_eq!(&community, &once);
            prop_assert_eq!(second, if first == Applied::Done { Applied::Already } else { first });
        }
    }

    #[test]
    fn what_is_entered_is_what_every_reader_takes(changes in changes(0..4)) {
        let community = enter(community(), &changes);
        prop_assert_eq!(Community::read_unverified(&community.to_payload()), Ok(community.clone()));
        prop_assert!(community.people.iter().any(|person| person.role == Role::Administrator));
    }

    /// Both change the same people and checkpoints offline, and one removes some. Whichever arrives first,
    /// what was removed stays away: ids are drawn anew for whatever is added.
    #[test]
    fn a_removal_wins_a_tie(
        gone in 0..3_u8,
        picks in vec(any::<bool>(), 1..24),
        name in prop_oneof![Just("东门"), Just("西门")],
    ) {
        let there = [checkpoint(0, "甲"), checkpoint(1, "乙"), checkpoint(2, "丙"), person(0, "*******1234", PHC),
            person(1, "*******1234", PHC), person(2, "*******1234", PHC)];
        let start = enter(community(), &there);
        let removals = [
            RosterChange::CheckpointRemoved { id: [gone; 8] },
            RosterChange::PersonRemoved { id: [gone; 8] },
        ];
        let edits = [renamed(gone, name), pin(gone, &other_phc()), renamed(gone, "丁")];
        let office = enter(start, &arrivals(&removals, &edits, &picks));
        prop_assert!(office.checkpoint(CheckpointId([gone; 8])).is_none());
        prop_assert!(office.people.iter().all(|person| person.id.0 != [gone; 8]));
    }

    /// A laptop's own changes, pending on top of a file in which the office entered any part of them: it
    /// shows the same as when none was entered, so nothing flickers while files arrive.
    #[test]
    fn pending_changes_show_the_same_on_whatever_part_of_them_was_entered(
        changes in changes(0..2),
        entered in 0..12_usize,
    ) {
        // Nothing is removed and added again under one id, since ids are drawn anew.
        let plain: Vec<RosterChange> = changes
            .into_iter()
            .filter(|change| !matches!(change, RosterChange::PersonRestored { .. }))
            .collect();
        let mut seen = Vec::new();
        let plain: Vec<RosterChange> = plain
            .into_iter()
            .filter(|change| {
                let key = (change.number(), change.subject());
                let first = !seen.contains(&key);
                seen.push(key);
                first
            })
            .collect();
        let office = enter(community(), &plain[..entered.min(plain.len())]);
        let (shown, alone) = (enter(office, &plain), enter(community(), &plain));
        let people = |community: &Community| {
            let mut ids: Vec<_> = community.people.iter().map(|person| person.id).collect();
            ids.sort_unstable();
            ids
        };
        prop_assert_eq!(people(&shown), people(&alone));
    }
}
