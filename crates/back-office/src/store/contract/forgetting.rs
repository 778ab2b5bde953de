//! Cases of [`Forgetting`](crate::store::Forgetting).

use health_code::Region;
use wire::erasure::HeldCopy;
use wire::{RecordId, SealedReport};

use super::audit_log::note;
use super::residents::{IDENTITY, MASKED, OTHER, PHONE, filed, found, of};
use super::{Database, NOW, STATION, accept, chain, claim, enrolled, here, open, open_alerts};
use crate::store::{
    ErasedResident, Erasure, Forgotten, MemoryStore, Names, Note, Outcome, PersonKey, QuarantineReason,
    ReportKey, Settled, Sought, Store, Tombstone, filed_as,
};

const ID: [u8; 16] = [9; 16];

fn by(identities: &[PersonKey], phones: &[PersonKey]) -> Names {
    Names {
        identities: identities.iter().copied().collect(),
        phones: phones.iter().copied().collect(),
        ..Names::default()
    }
}

/// Begins an erasure, and erases what has these names.
pub(super) async fn erase(store: &dyn Store, id: [u8; 16], region: Region, what: Forgotten) -> Erasure {
    let names = Some(what.names.clone());
    let (done, receipt) = (ErasedResident::default(), None);
    let erasure = Erasure { id, begun: NOW, by: None, region, names, done, receipt };
    let head = store.begin_erasure(erasure, note("resident-erased")).await.unwrap();
    assert_eq!(store.audit_head().await.unwrap(), head, "it is on record");
    store.erase(id, what.clone()).await.unwrap();
    store.erase(id, what).await.unwrap();
    store.erasure(id).await.unwrap().unwrap()
}

fn report(n: u8) -> Tombstone {
    Tombstone::Report(STATION, RecordId([n; 16]))
}

pub(super) async fn a_resident_who_is_erased_is_nowhere_in_the_raw_database(database: Database) {
    let store = &*enrolled(&database).await;
    filed(store).await;
    let looked = |key: PersonKey| {
        let words = format!("{MASKED}\ninvestigation\n{key}");
        Note { object: String::new(), words, ..note("resident-looked") }
    };
    store.note(vec![looked(IDENTITY), looked(PHONE)]).await.unwrap();
    let holds = async |key: PersonKey| {
        let text = String::from_utf8(key.0.to_vec()).unwrap();
        // As a column has it, and as the store in memory, the journal and the log write it.
        database.raw_holds(&text).await || database.raw_holds(&key.to_string()).await
    };
    for key in [IDENTITY, OTHER, PHONE] {
        assert!(holds(key).await, "{key} is looked for where it is");
    }
    let names = by(&[IDENTITY], &[]);
    let what = Forgotten { names, looks: vec![IDENTITY], phones: vec![PHONE], ..Forgotten::default() };
    let erasure = erase(store, ID, Region::country(), what).await;
    assert_eq!(erasure.done, ErasedResident { passages: 2, held: 0, entries: 1 }, "twice is once");
    assert_eq!(store.open_erasures().await.unwrap(), [erasure], "whom it is about is known until it ends");
    assert!(holds(IDENTITY).await);
    assert!(store.end_erasure(ID, vec![1]).await.unwrap());
    assert!(!store.end_erasure(ID, vec![2]).await.unwrap(), "it ended before");
    store.overwrite().await.unwrap();
    assert!(!holds(IDENTITY).await);
    assert!(holds(OTHER).await && holds(PHONE).await, "a relative with the same phone stays");
    let ended = store.erasure(ID).await.unwrap().unwrap();
    assert_eq!((ended.names, ended.receipt), (None, Some(vec![1])));
    assert_eq!(store.open_erasures().await.unwrap(), []);

    let what = Forgotten { names: by(&[], &[PHONE]), phones: vec![PHONE], ..Forgotten::default() };
    let erasure = erase(store, [8; 16], Region::country(), what).await;
    assert_eq!(erasure.done, ErasedResident { passages: 1, held: 0, entries: 1 });
    store.end_erasure([8; 16], Vec::new()).await.unwrap();
    store.overwrite().await.unwrap();
    // Somebody whose number the office never read has the same mask, and stays.
    assert!(!holds(PHONE).await && !holds(OTHER).await && database.raw_holds(MASKED).await);
    let sought = Sought { identities: vec![IDENTITY], phones: vec![PHONE], ..Sought::default() };
    assert_eq!(found(store, sought, &here(), 9).await, [0_i64; 0]);
    let passages = store.passages(9).await.unwrap();
    assert_eq!(passages.len(), 5, "that somebody passed is still told");
    let nameless = passages.iter().filter(|row| row.masked_id.is_empty() && row.iss.is_empty());
    assert_eq!(nameless.count(), 3);
    assert!(store.audit_after(0, 1).await.unwrap()[0].words.is_none());
}

pub(super) async fn nothing_is_erased_in_another_region(database: Database) {
    let store = &*enrolled(&database).await;
    filed(store).await;
    let neighbour: Region = "420106001002".parse().unwrap();
    let words = format!("{MASKED}\ninvestigation\n{IDENTITY}");
    store.note(vec![Note { words, ..note("resident-looked") }]).await.unwrap();
    let what = Forgotten { names: by(&[IDENTITY], &[]), looks: vec![IDENTITY], ..Forgotten::default() };
    let erasure = erase(store, ID, neighbour, what).await;
    assert_eq!(erasure.done, ErasedResident::default());
    assert_eq!(store.tombstones().await.unwrap().len(), 0);
}

pub(super) async fn all_names_of_somebody_are_found_from_one(database: Database) {
    let store = &*enrolled(&database).await;
    filed(store).await;
    let beside = store.names_beside(&by(&[IDENTITY], &[]), &here()).await.unwrap();
    assert_eq!((&beside.identities, &beside.phones), (&[IDENTITY].into(), &[PHONE].into()));
    let pseudonyms = [("hubei".to_owned(), [1; 16]), ("national".to_owned(), [2; 16])];
    assert_eq!(beside.pseudonyms, pseudonyms.into());
    let by_phone = store.names_beside(&by(&[], &[PHONE]), &here()).await.unwrap();
    assert_eq!(by_phone.identities, [IDENTITY, OTHER].into());
    let abroad = Names { certificates: ["URN:UVCI:01:XS:7".to_owned()].into(), ..Names::default() };
    let beside = store.names_beside(&abroad, &here()).await.unwrap();
    assert_eq!((beside.pseudonyms.len(), &beside.certificates), (1, &abroad.certificates));
    let neighbour: Region = "420106001002".parse().unwrap();
    assert!(store.names_beside(&abroad, &neighbour).await.unwrap().is_empty());
    // All that anybody is called, in pages.
    let mut all = Vec::new();
    while let Ok(found) = store.pseudonyms(all.last().map(|(name, _)| name).cloned(), 2).await {
        if found.is_empty() {
            break;
        }
        all.extend::<Vec<((String, [u8; 16]), Option<String>)>>(found);
    }
    assert_eq!(all.len(), 5);
    assert_eq!(all.iter().filter_map(|(_, certificate)| certificate.clone()).count(), 1);
}

pub(super) async fn what_was_erased_is_not_filed_again(database: Database) {
    let store = &*enrolled(&database).await;
    let reports = chain(3, [0; 32]);
    accept(store, &reports).await;
    // Nothing of it was opened yet: as in a database of before the erasure.
    let nothing = store.entomb(vec![report(0), report(1)]).await.unwrap();
    assert_eq!(nothing, ErasedResident::default());
    let outcomes = [
        of(1, "hubei", Some(IDENTITY), None),
        Outcome::Quarantined(QuarantineReason::Seal),
        of(3, "hubei", Some(OTHER), None),
    ];
    store.settle(open(&claim(store, 10).await, outcomes), NOW).await.unwrap();
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.passages, counts.quarantined, counts.waiting), (1, 0, 0));
    assert!(!database.raw_holds(std::str::from_utf8(&IDENTITY.0).unwrap()).await);
    // Another ciphertext under its id is another report, and waits for somebody to look.
    let other = SealedReport { ciphertext: vec![77; 20], ..reports[0].clone() };
    accept(store, &[other]).await;
    assert_eq!(store.quarantined(9).await.unwrap()[0].reason, QuarantineReason::Conflict);
    assert_eq!(open_alerts(store).await.len(), 1);
    store.entomb(vec![report(0)]).await.unwrap();
    assert_eq!(store.quarantined(9).await.unwrap().len(), 1, "a conflict is somebody else's");
}

pub(super) async fn reports_in_quarantine_are_erased_and_stay_away(database: Database) {
    let store = &*enrolled(&database).await;
    accept(store, &chain(3, [0; 32])).await;
    let outcomes = [QuarantineReason::Seal, QuarantineReason::Report, QuarantineReason::UnknownTrust];
    store.settle(open(&claim(store, 10).await, outcomes.map(Outcome::Quarantined)), NOW).await.unwrap();
    let first = store.held(None, &here(), 2).await.unwrap();
    let rest = store.held(Some(first[1].key), &here(), 2).await.unwrap();
    assert_eq!((first.len(), rest.len()), (2, 1));
    assert_eq!(first[0].report, chain(3, [0; 32])[0]);
    assert_eq!(store.held(None, &"420106001002".parse().unwrap(), 9).await.unwrap(), []);
    let what = Forgotten { held: vec![first[0].key], ..Forgotten::default() };
    assert_eq!(erase(store, ID, here(), what).await.done, ErasedResident { held: 1, ..Default::default() });
    assert_eq!(store.reopen(None).await.unwrap(), 2);
    assert_eq!(store.held(None, &here(), 9).await.unwrap().len(), 2);
    // One that is being opened when it is erased.
    let reopened = claim(store, 10).await;
    assert_eq!(store.entomb(vec![report(1)]).await.unwrap().held, 1);
    let outcomes = [of(1, "hubei", Some(IDENTITY), None), of(2, "hubei", Some(OTHER), None)];
    store.settle(open(&reopened, outcomes), NOW).await.unwrap();
    let passages = store.passages(9).await.unwrap();
    assert_eq!(passages.iter().map(|row| row.record).collect::<Vec<_>>(), [RecordId([2; 16])]);
    assert_eq!(store.tombstones().await.unwrap(), [report(0), report(1)].into());
}

/// Returns another report under the id of one, and its name.
fn beside(report: &SealedReport, byte: u8) -> (SealedReport, ReportKey) {
    let other = SealedReport { ciphertext: vec![byte; 20], ..report.clone() };
    let hash = wire::seal::hash(&other.ciphertext);
    let key = ReportKey { station: STATION, record: report.record, hash };
    (other, key)
}

/// Files somebody's reports; under the id of each comes one of another person, and one of a third.
async fn in_conflict(store: &dyn Store) -> [(SealedReport, ReportKey); 2] {
    let reports = chain(2, [0; 32]);
    accept(store, &reports).await;
    let theirs = [1, 2].map(|at| of(at, "hubei", Some(OTHER), None));
    store.settle(open(&claim(store, 10).await, theirs), NOW).await.unwrap();
    let conflicts = [beside(&reports[0], 77), beside(&reports[1], 78)];
    for (conflict, _) in &conflicts {
        accept(store, std::slice::from_ref(conflict)).await;
        accept(store, &[beside(conflict, 99).0]).await;
    }
    conflicts
}

pub(super) async fn a_conflict_that_is_erased_comes_back_by_no_copy(database: Database) {
    let memory = Database::Memory(MemoryStore::default());
    let stores = [enrolled(&database).await, enrolled(&memory).await];
    let conflicts = in_conflict(&*stores[0]).await;
    in_conflict(&*stores[1]).await;
    // Each office erases another one, and is a copy of before for what the other erased.
    let mut stones = Vec::new();
    for (store, (_, key)) in stores.iter().zip(&conflicts) {
        let what = Forgotten { held: vec![*key], ..Forgotten::default() };
        let done = erase(&**store, ID, here(), what).await.done;
        assert_eq!(done, ErasedResident { held: 1, ..Default::default() });
        assert_eq!(store.tombstones().await.unwrap(), [Tombstone::Conflict(*key)].into());
        stones.push(Tombstone::Conflict(*key));
    }
    for store in &stores {
        let erased = store.entomb(stones.clone()).await.unwrap();
        assert_eq!(erased, ErasedResident { held: 1, ..Default::default() });
        assert_eq!(store.entomb(stones.clone()).await.unwrap(), ErasedResident::default());
        // They come once more.
        for (conflict, _) in &conflicts {
            accept(&**store, std::slice::from_ref(conflict)).await;
        }
        let held = store.held(None, &here(), 9).await.unwrap();
        assert_eq!(held.len(), 2);
        assert!(held.iter().all(|held| held.report.ciphertext == [99; 20]), "a third person's stay");
        let by_other = Sought { identities: vec![OTHER], ..Sought::default() };
        assert_eq!(found(&**store, by_other, &here(), 9).await, [2, 1], "so does what is filed");
        assert_eq!(open_alerts(&**store).await.len(), 2, "somebody has to look at the third person's");
    }
}

pub(super) async fn a_conflict_that_was_erased_stays_away_from_a_copy_that_never_had_it(database: Database) {
    let store = &*enrolled(&database).await;
    let reports = chain(2, [0; 32]);
    let conflicts = [beside(&reports[0], 77), beside(&reports[1], 78)];
    let stones = conflicts.iter().map(|(_, key)| Tombstone::Conflict(*key)).collect();
    assert_eq!(store.entomb(stones).await.unwrap(), ErasedResident::default());
    // One comes second, the other one first.
    accept(store, &reports[..1]).await;
    store.settle(open(&claim(store, 9).await, [of(1, "hubei", Some(OTHER), None)]), NOW).await.unwrap();
    accept(store, &[conflicts[0].0.clone()]).await;
    assert_eq!(open_alerts(store).await, [], "there is nothing to look at");
    accept(store, &[conflicts[1].0.clone()]).await;
    let opened = open(&claim(store, 9).await, [of(2, "hubei", Some(IDENTITY), None)]);
    store.settle(opened, NOW).await.unwrap();
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.passages, counts.quarantined, counts.waiting), (1, 0, 0));
    assert!(!database.raw_holds(std::str::from_utf8(&IDENTITY.0).unwrap()).await);
}

pub(super) async fn a_conflict_that_was_filed_is_erased_from_older_copies(database: Database) {
    let older = enrolled(&Database::Memory(MemoryStore::default())).await;
    let store = &*enrolled(&database).await;
    let [(_, key), _] = in_conflict(&*older).await;
    in_conflict(store).await;
    let conflict = store.conflicts(STATION, key.record).await.unwrap();
    let conflict = conflict.into_iter().find(|conflict| conflict.key == key).unwrap();
    let filed = ReportKey { record: filed_as(&key), ..key };
    let outcome = of(3, "hubei", Some(IDENTITY), None);
    let opened = Settled { key: filed, outcome, alerts: Vec::new() };
    assert!(store.file_conflict(conflict, opened, NOW).await.unwrap());
    let what = Forgotten { names: by(&[IDENTITY], &[]), ..Forgotten::default() };
    assert_eq!(erase(store, ID, here(), what).await.done.passages, 1);
    let stones = store.tombstones().await.unwrap();
    let both = [Tombstone::Report(STATION, filed.record), Tombstone::Conflict(key)];
    assert_eq!(stones, both.into());
    let erased = older.entomb(stones.into_iter().collect()).await.unwrap();
    assert_eq!(erased, ErasedResident { held: 1, ..Default::default() });
    assert_eq!(older.conflicts(STATION, key.record).await.unwrap().len(), 1);
    // The last one in conflict under this id is erased, too.
    let stones = vec![Tombstone::Conflict(beside(&chain(1, [0; 32])[0], 99).1)];
    assert_eq!(open_alerts(store).await.len(), 2);
    assert_eq!(store.entomb(stones).await.unwrap().held, 1);
    assert_eq!(open_alerts(store).await.len(), 1, "nothing of it is left to look at");
}

pub(super) async fn tombstones_erase_what_an_older_copy_has(database: Database) {
    let store = &*enrolled(&database).await;
    filed(store).await;
    let words = format!("{MASKED}\ninvestigation\n{IDENTITY}");
    store.note(vec![Note { words, ..note("resident-looked") }, note("people-looked")]).await.unwrap();
    let entry = store.audit_after(0, 1).await.unwrap().remove(0);
    let other = Tombstone::Words(2, entry.hash);
    let stones = vec![report(0), report(1), report(9), Tombstone::Words(1, entry.hash), other];
    let erased = store.entomb(stones.clone()).await.unwrap();
    assert_eq!(erased, ErasedResident { passages: 2, held: 0, entries: 1 });
    assert_eq!(store.entomb(stones).await.unwrap(), ErasedResident::default());
    let by_identity = Sought { identities: vec![IDENTITY], ..Sought::default() };
    assert_eq!(found(store, by_identity, &here(), 9).await, [0_i64; 0]);
    let stones = store.tombstones().await.unwrap();
    assert_eq!(stones.len(), 4, "an entry that went another way here is none");
    assert!(store.audit_after(1, 9).await.unwrap()[0].words.is_some());
}

pub(super) async fn copies_are_named_until_their_day(database: Database) {
    let store = &*enrolled(&database).await;
    let copy = |name: &str, until: Option<i64>| HeldCopy {
        name: name.to_owned(),
        made: NOW.0,
        until: until.map(|seconds| NOW.0 + seconds),
    };
    for one in [copy("a", Some(5)), copy("b", Some(9)), copy("c", None), copy("a", Some(6))] {
        store.note_copy(one).await.unwrap();
    }
    let all = [copy("c", None), copy("b", Some(9)), copy("a", Some(6))];
    assert_eq!(store.copies(NOW.plus(6)).await.unwrap(), all);
    assert_eq!(store.copies(NOW.plus(7)).await.unwrap(), all[..2]);
}
