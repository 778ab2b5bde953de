//! The office believes no field of an opened report: each that does not fit raises an alert of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use health_code::hcert::{Signer, Usage};
use health_code::{CheckpointId, Claims, Colour, Directions, Person, PersonId, Role, Ruling};
use issuer::CodeSigner;
use sample::{Deployment, HUBEI, NOW};
use wire::report::{Health, Roster, RosterChange};
use wire::{Direction, Outcome as Done, RecordId, StationId};

use super::*;
use crate::store::AlertKind::{self, *};
use crate::store::{Change, ChangeRefusal, ChangeState};

const ADMINISTRATOR: [u8; 8] = [9; 8];
const NOBODY: [u8; 8] = [77; 8];

/// A deployment with an administrator, and a checkpoint through which people only leave.
fn deployment() -> Deployment {
    let mut deployment = Deployment::new();
    let exit = deployment.community.checkpoints[0].clone();
    deployment.community.checkpoints.push(health_code::Checkpoint {
        id: CheckpointId([2; 8]),
        name: "西门".to_owned(),
        directions: Directions::Exit,
        ..exit
    });
    let collector = deployment.community.people[0].clone();
    let id = PersonId(ADMINISTRATOR);
    deployment.community.people.push(Person { id, role: Role::Administrator, ..collector });
    deployment
}

/// What an office knows that has had these sets, the last one in force; all of them matter to each list.
fn known(sets: &[&Deployment]) -> Known {
    let sets: Vec<Arc<Trust>> = sets.iter().map(|deployment| Arc::new(deployment.trust())).collect();
    let mut by_list = BTreeMap::<u64, Vec<Arc<Trust>>>::new();
    for set in sets.iter().rev() {
        by_list.entry(set.list().version).or_default().push(set.clone());
    }
    let now = sets.last().unwrap().clone();
    Known {
        by_list,
        at: BTreeMap::new(),
        now,
        added: BTreeMap::new(),
        added_people: BTreeSet::new(),
        about: Vec::new(),
    }
}

/// Stations 1 to 9 belong to the one community of which this is known.
fn of_all(known: Known) -> Communities {
    let region = known.now.community().region.clone();
    let of = (1..10).map(|number| (StationId([number; 16]), region.clone())).collect();
    Communities { of, known: BTreeMap::from([(region, known)]) }
}

fn code(change: impl FnOnce(&mut Claims)) -> Carried {
    let mut claims = sample::claims(NOW);
    change(&mut claims);
    Carried::Whole(CodeSigner::new(sample::key(HUBEI)).cose(claims.to_payload()))
}

/// A passage that fits the deployment in everything.
fn passage() -> Passage {
    Passage {
        at: NOW.0,
        clock: ClockState::Trusted,
        checkpoint: [1; 8],
        collector: [1; 8],
        policies: deployment().trust().policy(NOW).unwrap().set.0,
        trust: 7,
        shown: Shown::Pass,
        code: code(|_| ()),
        judged_at: NOW.0,
        direction: Direction::In,
        outcome: Done::LetThrough,
    }
}

fn certificate(country: &str) -> Carried {
    let country = country.to_owned();
    Carried::Certificate { id: "URN:UVCI:01:XS:1".to_owned(), country, masked_name: "M*".to_owned() }
}

fn settled(report: Report, known: Known, received: Timestamp) -> Settled {
    let key = ReportKey { station: StationId([1; 16]), record: RecordId([2; 16]), hash: [3; 32] };
    settle_all(vec![Unsealed { key, received, report: Ok(report) }], of_all(known)).remove(0)
}

/// Settles a passage that arrives a minute later; it is filed in spite of every alert.
fn alerts_of(passage: Passage, known: Known) -> Vec<AlertKind> {
    let settled = settled(Report::Passage(passage), known, NOW.plus(60));
    assert!(matches!(settled.outcome, Outcome::Filed(_)), "{settled:?}");
    settled.alerts.into_iter().map(|(kind, _)| kind).collect()
}

#[test]
fn a_passage_that_fits_raises_nothing() {
    assert_eq!(alerts_of(passage(), known(&[&deployment()])), []);
}

#[test]
fn each_field_that_does_not_fit_raises_its_own_alert() {
    let change = |change: &dyn Fn(&mut Passage)| {
        let mut passage = passage();
        change(&mut passage);
        alerts_of(passage, known(&[&deployment()]))
    };
    let cases: [(&[AlertKind], Vec<AlertKind>); 16] = [
        (&[UnknownCheckpoint], change(&|passage| passage.checkpoint = NOBODY)),
        (&[WrongDirection], change(&|passage| passage.checkpoint = [2; 8])),
        (&[UnknownPerson], change(&|passage| passage.collector = NOBODY)),
        (&[WrongPolicies], change(&|passage| passage.policies = [0; 32])),
        (&[WrongOutcome], change(&|passage| passage.outcome = Done::TurnedAway)),
        (&[ShownWorse], change(&|passage| passage.shown = Shown::Check)),
        (&[ShownWorse, WrongOutcome], change(&|passage| passage.shown = Shown::Stop)),
        (&[ShownBetter], change(&|passage| passage.code = code(|claims| claims.colour = Colour::Yellow))),
        (&[WrongClock], change(&|passage| passage.shown = Shown::UnjudgedClock)),
        (&[WrongClock], change(&|passage| passage.clock = ClockState::Wrong)),
        (&[WrongTimes], change(&|passage| passage.judged_at += 1)),
        (&[WrongTimes, FromTheFuture], change(&|passage| passage.at += 601)),
        (&[FromTheFuture], change(&|passage| passage.at += 181)),
        (
            &[],
            change(&|passage| {
                (passage.clock, passage.shown) = (ClockState::Wrong, Shown::UnjudgedClock);
                passage.at += 9_000_000;
            }),
        ),
        (&[], change(&|passage| passage.at += 180)),
        (&[], change(&|passage| (passage.checkpoint, passage.direction) = ([2; 8], Direction::Out))),
    ];
    for (number, (expected, found)) in cases.into_iter().enumerate() {
        assert_eq!(found, expected, "case {number}");
    }
}

#[test]
fn a_list_that_could_not_judge_is_no_excuse() {
    let mut over = deployment();
    over.list.hard_expiry = NOW.plus(-1);
    over.list.soft_expiry = over.list.hard_expiry;
    assert_eq!(alerts_of(passage(), known(&[&over])), [Unjudgeable]);
    let unjudged = Passage { shown: Shown::UnjudgedTrust, ..passage() };
    assert_eq!(alerts_of(unjudged, known(&[&over])), []);
}

#[test]
fn a_code_counts_at_the_moment_at_which_it_was_judged() {
    // It ended five seconds after it was judged, and somebody took nineteen to press Enter.
    let slow = |passage: &mut Passage| {
        passage.code = code(|claims| claims.exp = NOW.plus(5));
        passage.at = NOW.0 + 19;
    };
    let mut honest = passage();
    slow(&mut honest);
    assert_eq!(alerts_of(honest.clone(), known(&[&deployment()])), []);
    // Judged after it had ended, it is refused.
    honest.judged_at = NOW.0 + 200;
    honest.at = NOW.0 + 200;
    let settled = settled(Report::Passage(honest), known(&[&deployment()]), NOW.plus(201));
    assert_eq!(settled.outcome, Outcome::Quarantined(QuarantineReason::Code("expired")));
}

#[test]
fn each_check_and_each_unjudged_passage_ends_either_way() {
    let yellow = code(|claims| claims.colour = Colour::Yellow);
    for outcome in [Done::LetThrough, Done::TurnedAway] {
        let check = Passage { shown: Shown::Check, code: yellow.clone(), outcome, ..passage() };
        assert_eq!(alerts_of(check, known(&[&deployment()])), []);
        let unjudged = Passage { shown: Shown::UnjudgedPolicy, policies: [0; 32], outcome, ..passage() };
        assert_eq!(alerts_of(unjudged, known(&[&deployment()])), []);
    }
}

#[test]
fn a_passage_is_compared_with_the_set_whose_policies_it_names() {
    // The same list; a later community has a policy of its own, stricter than the nation's.
    let before = deployment();
    let mut after = deployment();
    after.community.version += 1;
    let mut own = after.policy.clone();
    own.region = after.community.region.clone();
    own.table[0].green = Ruling::Check;
    after.policies.push(own);
    let sets = [&before, &after];
    assert_eq!(alerts_of(passage(), known(&sets)), [], "judged by the policies of before");
    let policies = after.trust().policy(NOW).unwrap().set.0;
    let by_new = Passage { policies, ..passage() };
    assert_eq!(alerts_of(by_new.clone(), known(&sets)), [ShownBetter]);
    let by_new = Passage { shown: Shown::Check, ..by_new };
    assert_eq!(alerts_of(by_new, known(&sets)), []);
}

#[test]
fn a_certificate_is_filed_as_one_that_nobody_can_verify_again() {
    let mut deployment = deployment();
    let key = issuer::DocumentKey::es256(&[7; 32]).unwrap();
    deployment.list.signers.push(Signer {
        issuer: None,
        country: "XS".to_owned(),
        kid: key.kid(),
        key: key.public().unwrap(),
        not_before: NOW.plus(-9),
        not_after: NOW.plus(9),
        name_zh: "样例国".to_owned(),
        name_en: "Sampleland".to_owned(),
        usage: Usage::ALL,
        recognised_by: Vec::new(),
    });
    let with = |shown, country| {
        let passage = Passage { shown, code: certificate(country), ..passage() };
        settled(Report::Passage(passage), known(&[&deployment]), NOW)
    };
    let check = with(Shown::Check, "XS");
    assert!(matches!(check.outcome, Outcome::Filed(filing) if matches!(*filing, Filing::Certificate(_))));
    assert_eq!(check.alerts, []);
    let pass = with(Shown::Pass, "XS");
    assert_eq!(pass.alerts.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), [ShownBetter]);
    let unlisted = with(Shown::Check, "ZZ").outcome;
    assert_eq!(unlisted, Outcome::Quarantined(QuarantineReason::Code("unknown-issuer")));
}

#[test]
fn a_shift_and_counts_are_compared_as_well() {
    let kinds = |report| {
        let settled = settled(report, known(&[&deployment()]), NOW);
        settled.alerts.into_iter().map(|(kind, _)| kind).collect::<Vec<_>>()
    };
    let at = |person, event| Report::Shift(Shift { at: NOW.0, clock: ClockState::Trusted, person, event });
    let event = |checkpoint, direction| ShiftEvent::At { checkpoint, direction };
    assert_eq!(kinds(at([1; 8], ShiftEvent::SignedIn)), []);
    assert_eq!(kinds(at(NOBODY, ShiftEvent::SignedOut)), [UnknownPerson]);
    assert_eq!(kinds(at([1; 8], event(NOBODY, Direction::In))), [UnknownCheckpoint]);
    assert_eq!(kinds(at([1; 8], event([2; 8], Direction::In))), [WrongDirection]);
    let counts = |at, clock| Report::Health(Health { at, clock, refusals: Vec::new(), wrong_tries: 0 });
    assert_eq!(kinds(counts(NOW.0 + 121, ClockState::Trusted)), [FromTheFuture]);
    assert_eq!(kinds(counts(NOW.0 + 121, ClockState::Wrong)), []);
}

/// What becomes of a change that somebody made a minute before it arrived.
fn change(by: [u8; 8], change: RosterChange, known: Known) -> (ChangeState, Vec<AlertKind>) {
    let roster = Roster { at: NOW.0, clock: ClockState::Trusted, by, change };
    let settled = settled(Report::Roster(roster), known, NOW.plus(60));
    let Outcome::Filed(filing) = settled.outcome else { panic!("a change is always filed") };
    let Filing::Roster { state, .. } = *filing else { panic!("as a change") };
    (state, settled.alerts.into_iter().map(|(kind, _)| kind).collect())
}

fn checkpoint_added() -> RosterChange {
    let (name, directions) = ("北门".to_owned(), wire::Directions::Both);
    RosterChange::CheckpointAdded { id: [6; 8], name, directions, place: None }
}

#[test]
fn a_change_counts_if_its_author_held_the_right_when_it_was_made_and_when_it_arrived() {
    use ChangeState::Accepted;
    const REFUSED: ChangeState = ChangeState::Refused(ChangeRefusal::NotAllowed);
    let everybody = deployment();
    let mut nobody = deployment();
    nobody.community.people.retain(|person| person.id.0 != ADMINISTRATOR);
    let removal = || RosterChange::CheckpointRemoved { id: [2; 8] };
    // The set in force when it was made, and the one when it arrived.
    let of = |made: &Deployment, arrived: &Deployment| {
        let at = [(NOW, Arc::new(made.trust())), (NOW.plus(60), Arc::new(arrived.trust()))];
        Known { at: at.into(), ..known(&[arrived]) }
    };
    assert_eq!(change(ADMINISTRATOR, removal(), of(&everybody, &everybody)), (Accepted, vec![]));
    assert_eq!(change(ADMINISTRATOR, removal(), of(&everybody, &nobody)), (REFUSED, vec![NoRight]));
    assert_eq!(change(ADMINISTRATOR, removal(), of(&nobody, &everybody)), (REFUSED, vec![NoRight]));
    assert_eq!(change([1; 8], removal(), of(&everybody, &everybody)), (REFUSED, vec![NoRight]));
    // By a clock that was set back, somebody whom the set in force has dropped still had the right.
    let set_back = Known { now: Arc::new(nobody.trust()), ..of(&everybody, &everybody) };
    assert_eq!(change(ADMINISTRATOR, removal(), set_back), (REFUSED, vec![NoRight]));
    // A station changes a collector's PIN, and nobody's by whom it could then be told what to do.
    let pin = |id| RosterChange::PinChanged { id, phc: sample::PHC.to_owned() };
    assert_eq!(change(ADMINISTRATOR, pin([1; 8]), of(&everybody, &everybody)), (Accepted, vec![]));
    assert_eq!(
        change(ADMINISTRATOR, pin(ADMINISTRATOR), of(&everybody, &everybody)),
        (REFUSED, vec![NoRight])
    );
    // Collectors add checkpoints where the policies let them, and do nothing else.
    let mut strict = deployment();
    strict.policy.collectors_add_checkpoints = false;
    assert_eq!(change([1; 8], checkpoint_added(), of(&everybody, &everybody)), (Accepted, vec![]));
    assert_eq!(change([1; 8], checkpoint_added(), of(&everybody, &strict)), (REFUSED, vec![NoRight]));
    assert_eq!(change(ADMINISTRATOR, checkpoint_added(), of(&strict, &strict)), (Accepted, vec![]));
}

#[test]
fn who_is_added_has_shown_a_code_that_verifies_and_has_the_phone_that_they_sign_in_by() {
    use ChangeState::Accepted;
    let added = |code: Carried| {
        let Carried::Whole(code) = code else { panic!() };
        let (masked_name, masked_phone) = ("王*".to_owned(), "*******1234".to_owned());
        let (phc, phone) = (sample::PHC.to_owned(), None);
        RosterChange::PersonAdded { id: [8; 8], masked_name, masked_phone, phc, code, phone }
    };
    let known = || known(&[&deployment()]);
    assert_eq!(change(ADMINISTRATOR, added(code(|_| ())), known()), (Accepted, vec![]));
    let old = code(|claims| claims.exp = NOW.plus(-200));
    let unverified = ChangeState::Refused(ChangeRefusal::Unverified);
    assert_eq!(change(ADMINISTRATOR, added(old), known()), (unverified, vec![UnverifiedPerson]));
    // A whole phone number ends in the digits by which they sign in.
    let phoned = |number: &str| {
        let mut added = added(code(|_| ()));
        let RosterChange::PersonAdded { phone, .. } = &mut added else { panic!() };
        *phone = Some(number.to_owned());
        change(ADMINISTRATOR, added, known())
    };
    assert_eq!(phoned("13800001234"), (Accepted, vec![]));
    assert_eq!(phoned("13800001235"), (ChangeState::Refused(ChangeRefusal::Unusable), vec![]));
}

#[test]
fn a_checkpoint_that_was_just_added_is_known_to_the_reports_after_it() {
    let key = |n: u8| ReportKey { station: StationId([1; 16]), record: RecordId([n; 16]), hash: [3; 32] };
    let (at, clock) = (NOW.0, ClockState::Trusted);
    let roster = |by| Report::Roster(Roster { at, clock, by, change: checkpoint_added() });
    let kinds = |by| {
        let reports = [roster(by), Report::Passage(Passage { checkpoint: [6; 8], ..passage() })];
        let unsealed = reports.into_iter().zip(1..).map(|(report, n)| Unsealed {
            key: key(n),
            received: NOW,
            report: Ok(report),
        });
        let settled = settle_all(unsealed.collect(), of_all(known(&[&deployment()])));
        settled[1].alerts.iter().map(|(kind, _)| *kind).collect::<Vec<_>>()
    };
    assert_eq!(kinds([1; 8]), []);
    assert_eq!(kinds(NOBODY), [UnknownCheckpoint]);
}

/// A change that the office has already, which a report of this number told at this moment.
fn told(n: u8, at: Timestamp, state: ChangeState, change: RosterChange) -> Change {
    let key = ChangeKey { station: StationId([1; 16]), record: RecordId([n; 16]) };
    Change { key, community: sample::HERE.parse().unwrap(), at, by: ADMINISTRATOR, change, state }
}

fn person_added(id: u8) -> RosterChange {
    let (masked_name, masked_phone) = ("王*".to_owned(), "*******1234".to_owned());
    let (phc, code, phone) = (sample::PHC.to_owned(), Vec::new(), None);
    RosterChange::PersonAdded { id: [id; 8], masked_name, masked_phone, phc, code, phone }
}

#[test]
fn whom_an_accepted_report_added_is_a_collector_before_a_community_file_says_so() {
    use ChangeState::{Accepted, Entered, Refused, Waits};
    let version = deployment().community.version;
    let by = |state| {
        let about = vec![told(7, NOW.plus(-60), state, person_added(8))];
        let adds = change([8; 8], checkpoint_added(), Known { about, ..known(&[&deployment()]) });
        (adds.0, adds.1.len())
    };
    let refused = Refused(ChangeRefusal::NotAllowed);
    assert_eq!(by(Accepted), (Accepted, 0));
    // The set that was in force when it was made is too old to list them.
    assert_eq!(by(Entered { version: version + 1 }), (Accepted, 0));
    // It would list them: somebody has removed them since.
    assert_eq!(by(Entered { version }), (refused, 1));
    assert_eq!(by(Waits), (refused, 1));
    assert_eq!(by(Refused(ChangeRefusal::Unverified)), (refused, 1));
    // They may do what a collector may.
    let about = vec![told(7, NOW.plus(-60), Accepted, person_added(8))];
    let removal = RosterChange::CheckpointRemoved { id: [2; 8] };
    assert_eq!(change([8; 8], removal, Known { about, ..known(&[&deployment()]) }), (refused, vec![NoRight]));
}

#[test]
fn whom_one_removed_one_may_bring_back_unless_somebody_else_removed_them_too() {
    use ChangeState::{Accepted, Entered, Refused};
    let entered = Entered { version: 9 };
    let restored = |id: u8, removal: u8| RosterChange::PersonRestored {
        id: [id; 8],
        masked_name: "王*".to_owned(),
        masked_phone: "*******1234".to_owned(),
        phc: sample::PHC.to_owned(),
        removal: RecordId([removal; 16]),
    };
    let removal =
        |n, id: u8, state| told(n, NOW.plus(-9), state, RosterChange::PersonRemoved { id: [id; 8] });
    let by_another = |change: Change| {
        let key = ChangeKey { station: StationId([5; 16]), ..change.key };
        Change { key, ..change }
    };
    let becomes = |id, about: Vec<Change>| {
        change(ADMINISTRATOR, restored(id, 7), Known { about, ..known(&[&deployment()]) }).0
    };
    let not_there = Refused(ChangeRefusal::NotThere);
    // Collector 1 is in the community's file.
    assert_eq!(becomes(1, vec![removal(7, 1, Accepted)]), Accepted);
    assert_eq!(becomes(1, vec![removal(7, 1, entered)]), Accepted);
    assert_eq!(becomes(1, vec![]), not_there, "no such removal");
    assert_eq!(becomes(1, vec![removal(6, 1, entered)]), not_there, "another one");
    assert_eq!(becomes(1, vec![by_another(removal(7, 1, entered))]), not_there, "that of another station");
    assert_eq!(becomes(1, vec![removal(7, 1, Refused(ChangeRefusal::NotAllowed))]), not_there);
    // A removal wins, whichever came first.
    let (own, other) = (removal(7, 1, entered), by_another(removal(8, 1, entered)));
    assert_eq!(becomes(1, vec![own.clone(), other.clone()]), not_there);
    assert_eq!(becomes(1, vec![other, own.clone()]), not_there);
    // What was undone before does not count, and nothing is undone twice.
    let undone = [removal(6, 1, entered), told(9, NOW.plus(-8), entered, restored(1, 6))];
    assert_eq!(becomes(1, [&undone[..], std::slice::from_ref(&own)].concat()), Accepted);
    assert_eq!(becomes(1, vec![own, told(9, NOW.plus(-8), entered, restored(1, 7))]), not_there);
    // Whom no file had and no report added was nobody; an administrator comes back by the office alone.
    assert_eq!(becomes(8, vec![removal(7, 8, entered)]), not_there);
    assert_eq!(becomes(8, vec![told(6, NOW, entered, person_added(8)), removal(7, 8, entered)]), Accepted);
    assert_eq!(becomes(9, vec![removal(7, 9, entered)]), not_there);
}

#[test]
fn a_change_from_the_future_is_refused() {
    let (at, clock) = (NOW.0 + 999, ClockState::Trusted);
    let roster = Roster { at, clock, by: ADMINISTRATOR, change: checkpoint_added() };
    let settled = settled(Report::Roster(roster), known(&[&deployment()]), NOW);
    let Outcome::Filed(filing) = settled.outcome else { panic!() };
    let Filing::Roster { state, .. } = *filing else { panic!() };
    assert_eq!(state, ChangeState::Refused(ChangeRefusal::Future));
    assert_eq!(settled.alerts.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), [FromTheFuture]);
}

/// What becomes of changes that two stations reported, in this order.
fn settled_in_order(reports: &[(u8, RosterChange)]) -> Vec<ChangeState> {
    let unsealed = reports.iter().zip(1..).map(|((station, change), n)| {
        let key = ReportKey { station: StationId([*station; 16]), record: RecordId([n; 16]), hash: [n; 32] };
        let (at, clock, change) = (NOW.0, ClockState::Trusted, change.clone());
        let report = Ok(Report::Roster(Roster { at, clock, by: ADMINISTRATOR, change }));
        Unsealed { key, received: NOW.plus(60), report }
    });
    let settled = settle_all(unsealed.collect(), of_all(known(&[&deployment()])));
    let state = |settled: Settled| match settled.outcome {
        Outcome::Filed(filing) => match *filing {
            Filing::Roster { state, .. } => state,
            _ => panic!("as a change"),
        },
        Outcome::Quarantined(_) => panic!("a change is always filed"),
    };
    settled.into_iter().map(state).collect()
}

/// Each way to mix two lists, each in its own order.
fn interleavings<T: Clone>(a: &[T], b: &[T]) -> Vec<Vec<T>> {
    let (Some(first_a), Some(first_b)) = (a.first(), b.first()) else { return vec![[a, b].concat()] };
    let begins = |first: &T, rest: Vec<Vec<T>>| -> Vec<Vec<T>> {
        rest.into_iter().map(|rest| [vec![first.clone()], rest].concat()).collect()
    };
    [begins(first_a, interleavings(&a[1..], b)), begins(first_b, interleavings(a, &b[1..]))].concat()
}

#[test]
fn whom_two_administrators_add_offline_is_there_once_with_the_pin_of_who_came_first() {
    use ChangeState::{Accepted, Refused};
    let added = |id: u8, who: u8, number: Option<&str>, pin: &str| {
        let Carried::Whole(code) = code(|claims| claims.pseudonym = [who; 16]) else { panic!() };
        let (masked_name, masked_phone) = ("王*".to_owned(), "*******1234".to_owned());
        let (phc, phone) = (sample::PHC.replace("t=3", pin), number.map(str::to_owned));
        RosterChange::PersonAdded { id: [id; 8], masked_name, masked_phone, phc, code, phone }
    };
    let pin = |id: u8| RosterChange::PinChanged { id: [id; 8], phc: sample::PHC.replace("t=3", "t=6") };
    let (one, other) = (Some("13800001234"), Some("13900001234"));
    // Whose codes and phones they are, and whether they are one person.
    for (codes, phones, same) in [
        ([5, 5], [None, None], true),
        ([5, 5], [one, other], true),
        // The pseudonym changed meanwhile, or another issuer's code was shown.
        ([5, 6], [one, one], true),
        ([5, 6], [one, other], false),
        ([5, 6], [None, None], false),
    ] {
        let first = [(1, added(8, codes[0], phones[0], "t=4")), (1, pin(8))];
        let second = [(2, added(10, codes[1], phones[1], "t=5")), (2, pin(10))];
        for order in interleavings(&first, &second) {
            let states = settled_in_order(&order);
            let mut community = deployment().community;
            let mut told = Vec::new();
            for ((_, change), state) in order.iter().zip(states) {
                if matches!(change, RosterChange::PersonAdded { .. }) {
                    told.push(state);
                }
                if state == Accepted {
                    ::roster::apply(&mut community, change);
                }
            }
            let there: Vec<_> =
                community.people.iter().filter(|person| [[8; 8], [10; 8]].contains(&person.id.0)).collect();
            if same {
                assert_eq!(told, [Accepted, Refused(ChangeRefusal::Taken)], "{order:?}");
                let (_, came_first) = &order[0];
                assert_eq!(there.len(), 1);
                assert_eq!(Some(there[0].id.0), came_first.subject());
                assert!(there[0].pin_phc.contains("t=6"), "and what is changed of it later counts");
            } else {
                assert_eq!((told, there.len()), (vec![Accepted, Accepted], 2), "{order:?}");
            }
        }
    }
    // Whoever came second let people pass at their laptop until it heard: nobody unknown stood there.
    let by_the_second = Report::Passage(Passage { collector: [10; 8], ..passage() });
    let roster = |by, change| Report::Roster(Roster { at: NOW.0, clock: ClockState::Trusted, by, change });
    let (first, second) = (added(8, 5, one, "t=4"), added(10, 5, one, "t=5"));
    let reports = [roster(ADMINISTRATOR, first), roster(ADMINISTRATOR, second), by_the_second];
    let unsealed = reports.into_iter().zip(1..).map(|(report, n)| {
        let key = ReportKey { station: StationId([1; 16]), record: RecordId([n; 16]), hash: [n; 32] };
        Unsealed { key, received: NOW.plus(60), report: Ok(report) }
    });
    let settled = settle_all(unsealed.collect(), of_all(known(&[&deployment()])));
    assert_eq!(settled[2].alerts, []);
    // Who was removed is added again.
    let removed = RosterChange::PersonRemoved { id: [8; 8] };
    let again = [(1, added(8, 5, one, "t=4")), (1, removed), (2, added(10, 5, one, "t=5"))];
    assert_eq!(settled_in_order(&again), [Accepted; 3]);
    let restored = RosterChange::PersonRestored {
        id: [8; 8],
        masked_name: "王*".to_owned(),
        masked_phone: "*******1234".to_owned(),
        phc: sample::PHC.to_owned(),
        removal: RecordId([2; 16]),
    };
    let [first, gone, second] = again;
    let back = settled_in_order(&[first, gone, (1, restored), second]);
    assert_eq!(back, [Accepted, Accepted, Accepted, Refused(ChangeRefusal::Taken)]);
}
