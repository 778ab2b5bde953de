//! Cases of [`Erasing`](crate::store::Erasing): the raw database is searched for what is to be gone.

use health_code::{Person, PersonId, Role};
use wire::report::{Roster, RosterChange};
use wire::{ClockState, RecordId};

use super::audit_log::note;
use super::{Database, NOW, accept, chain, claim, enrolled, here, open};
use crate::store::{
    AccountRow, ChangeKey, ChangeState, Considered, Edition, Erased, Filing, Note, Officer, Outcome,
    SessionRow,
};

const WHO: PersonId = PersonId([7; 8]);
const PHONE: &str = "13800019977";
const NAME: &str = "样例甲";
const MASKED: &str = "样**";
const MASKED_PHONE: &str = "138****9977";
const PHC: &str = "$argon2id$sample-of-somebody";
/// All that names them.
const TRACES: [&str; 5] = [PHONE, NAME, MASKED, MASKED_PHONE, PHC];

fn filed(change: RosterChange, state: ChangeState) -> Outcome {
    let roster = Roster { at: 1, clock: ClockState::Trusted, by: [2; 8], change };
    Outcome::Filed(Box::new(Filing::Roster { roster, state }))
}

fn added(id: u8) -> RosterChange {
    RosterChange::PersonAdded {
        id: [id; 8],
        masked_name: MASKED.to_owned(),
        masked_phone: MASKED_PHONE.to_owned(),
        phc: PHC.to_owned(),
        code: NAME.as_bytes().to_vec(),
        phone: Some(PHONE.to_owned()),
    }
}

pub(super) async fn who_is_erased_is_nowhere_in_the_raw_database(database: Database) {
    let store = &*enrolled(&database).await;
    accept(store, &chain(5, [0; 32])).await;
    let restored = RosterChange::PersonRestored {
        id: WHO.0,
        masked_name: MASKED.to_owned(),
        masked_phone: MASKED_PHONE.to_owned(),
        phc: PHC.to_owned(),
        removal: RecordId([9; 16]),
    };
    let outcomes = [
        filed(added(7), ChangeState::Accepted),
        filed(restored, ChangeState::Refused(crate::store::ChangeRefusal::NotThere)),
        filed(RosterChange::PinChanged { id: WHO.0, phc: PHC.to_owned() }, ChangeState::Waits),
        filed(RosterChange::PersonRemoved { id: WHO.0 }, ChangeState::Waits),
        filed(RosterChange::CheckpointRemoved { id: [6; 8] }, ChangeState::Waits),
    ];
    store.settle(open(&claim(store, 5).await, outcomes), NOW).await.unwrap();
    let person = Person {
        id: WHO,
        masked_name: MASKED.to_owned(),
        masked_phone: MASKED_PHONE.to_owned(),
        pin_phc: PHC.to_owned(),
        role: Role::Administrator,
    };
    store.set_officer(Officer { id: WHO.0, region: here(), person, active: false }).await.unwrap();
    let body = format!("{NAME} {PHONE}");
    let row = AccountRow { id: WHO, rev: 0, name: Some("yangli.jia".to_owned()), invited: None, body };
    let about = Note { object: WHO.to_string(), words: format!("{NAME} {PHONE}"), ..note("person-added") };
    assert!(store.put_accounts(vec![row], vec![about]).await.unwrap());
    let session = SessionRow { word: [3; 32], account: WHO, began: NOW, seen: NOW };
    store.begin_session(session, NOW).await.unwrap();
    for trace in TRACES {
        assert!(database.raw_holds(trace).await, "{trace} is looked for where it is");
    }

    // A change that is to enter the next file stays until it did.
    let first = store.erase_person(WHO).await.unwrap();
    assert_eq!(first, Erased { entries: 1, changes: 2, account: true });
    assert_eq!(store.accepted_changes(9).await.unwrap()[0].change, added(7));
    let key = ChangeKey { station: super::STATION, record: RecordId([0; 16]) };
    let entered = vec![Considered { key, state: ChangeState::Entered { version: 1 } }];
    assert!(
        store.bring_into_force(Edition { entered, ..super::trust_history::first() }, 0, NOW).await.unwrap()
    );
    assert_eq!(store.erase_person(WHO).await.unwrap(), Erased { changes: 1, ..Erased::default() });
    assert_eq!(store.erase_person(WHO).await.unwrap(), Erased::default());
    for trace in TRACES {
        assert!(!database.raw_holds(trace).await, "{trace}");
    }

    // What happened is still told, and nobody is forgotten whose right depends on it.
    let kinds = |changes: Vec<crate::store::Change>| -> Vec<_> {
        changes.iter().map(|change| (change.change.code(), change.state.code())).collect()
    };
    let mut told = kinds(store.changes_about(vec![WHO.0], 9).await.unwrap());
    told.sort_unstable();
    let expected = [
        ("person-added", "entered"),
        ("person-removed", "waits"),
        ("person-restored", "not-there"),
        ("pin-changed", "waits"),
    ];
    assert_eq!(told, expected);
    assert_eq!((store.account(WHO).await.unwrap(), store.session([3; 32]).await.unwrap()), (None, None));
    let officer = &store.officers().await.unwrap()[0];
    assert_eq!((officer.id, officer.active, officer.person.masked_name.as_str()), (WHO.0, false, ""));
    assert_eq!(store.audit_after(0, 9).await.unwrap().len(), 1);
}
