use std::path::Path;

use sample::NOW;
use wire::hex;

use super::list::ErasedList;
use super::*;
use crate::config::Layout;
use crate::context::Context;
use crate::residents::Asked;
use crate::store::{
    ErasedResident, Forgetting as _, Outcome, PersonKeys, QuarantineReason, SqliteStore, Tombstone,
};
use crate::system::Clock;
use crate::testing::people::{Sender, claims, filed, named, settle};
use crate::testing::world;

const NUMBER: &str = "990101199001010011";
const PHONE: &str = "13800010044";

/// An office at which somebody is filed by their number and by a pseudonym alone, and lies in quarantine; with somebody
/// else, and a report that nobody can read.
async fn office(folder: &Path) -> (Context, Sender) {
    let context = world::context(folder, Clock::system()).await;
    let store = &*context.store;
    let mut sender = Sender::enrol(store).await;
    let (one, other) = (claims(NUMBER, PHONE, [7; 16]), claims("990101199001010099", PHONE, [8; 16]));
    let elsewhere = health_code::Claims { iss: "sample.elsewhere".into(), ..one.clone() };
    for (claims, key) in [
        (&one, world::SEALING),
        (&one, world::SEALING),
        (&one, world::SEALING),
        (&other, [66; 32]),
        (&other, world::SEALING),
        (&elsewhere, world::SEALING),
    ] {
        sender.send(store, claims, key).await;
    }
    let held = |reason| Outcome::Quarantined(reason);
    let keys = &context.keys;
    let outcomes = vec![
        named(&one, keys),
        // As it was filed before the office had the identity key.
        filed(&one, PersonKeys::default()),
        held(QuarantineReason::UnknownTrust),
        held(QuarantineReason::UnknownRecipient),
        named(&other, keys),
        named(&elsewhere, keys),
    ];
    settle(store, outcomes).await;
    (context, sender)
}

fn means(context: &Context) -> Means<'_> {
    // The root outlives the test's means: trust is never replaced here.
    let root = Box::leak(Box::new(context.trust.trust().root().clone()));
    Means { store: &*context.store, keys: &context.keys, list: &context.erased, root: Some(root) }
}

fn order(context: &Context, who: &str) -> Order {
    let names = context.keys.names(&Asked::read(who).unwrap()).unwrap().into();
    let words = "本人申请 · 样例-0317".to_owned();
    Order { names, region: sample::HERE.parse().unwrap(), by: Some(PersonId([3; 8])), words }
}

fn opened(context: &Context, signed: &[u8]) -> ErasureReceipt {
    let trust = context.trust.trust();
    ErasureReceipt::open(signed, trust.root().receipts.iter().map(|key| (key.kid, &key.key))).unwrap()
}

async fn ended(context: &Context, at: Timestamp) -> ErasureReceipt {
    let erasure = context.store.open_erasures().await.unwrap().remove(0);
    match go_on(means(context), &erasure, at).await.unwrap() {
        Stage::Ended(signed) => opened(context, &signed),
        Stage::Waits => panic!("it waits"),
    }
}

/// Returns the files of a folder that hold any of these.
fn holding(folder: &Path, wanted: &[&[u8]]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()) {
        if !entry.metadata().unwrap().is_file() {
            continue;
        }
        let bytes = std::fs::read(entry.path()).unwrap();
        for text in wanted {
            if bytes.windows(text.len()).any(|window| window == *text) {
                found.push(format!("{} in {:?}", String::from_utf8_lossy(text), entry.file_name()));
            }
        }
    }
    found
}

#[tokio::test]
async fn somebody_is_erased_under_all_their_names_and_a_receipt_says_how_much() {
    let folder = tempfile::tempdir().unwrap();
    let (context, _) = office(folder.path()).await;
    let store = &*context.store;
    store.note_copy(copy_of(Path::new("/backup/样例.age"), NOW.0, Some(NOW.0 + 90))).await.unwrap();
    let key = context.keys.names(&Asked::read(NUMBER).unwrap()).unwrap().object;
    let looked = |words: String| Note {
        at: NOW,
        actor: None,
        act: "resident-looked".into(),
        object: String::new(),
        region: sample::HERE.parse().unwrap(),
        words,
        salt: [1; 16],
    };
    store.note(vec![looked(format!("9901**********0011\nreason\n{key}"))]).await.unwrap();
    let ciphertext = store.held(None, &Region::country(), 9).await.unwrap()[0].report.ciphertext.clone();
    let pseudonym = [7; 16];
    let theirs: [&[u8]; 4] = [&pseudonym, &ciphertext[..64], "9901**********0011".as_bytes(), &key.0];
    assert!(holding(folder.path(), &theirs).len() >= 4);

    begin(store, order(&context, NUMBER), NOW).await.unwrap();
    let receipt = ended(&context, NOW.plus(2)).await;
    let counts = ErasedCounts { passages: 3, held: 1, entries: 1, shut: 1, waiting: 0 };
    assert_eq!((receipt.counts, receipt.overwritten), (counts, true));
    assert_eq!((receipt.begun, receipt.ended, receipt.by), (NOW.0, NOW.0 + 2, Some([3; 8])));
    assert_eq!((receipt.region.as_str(), receipt.mail_until), (sample::HERE, NOW.0 + 2));
    assert_eq!((receipt.copies[0].name.as_str(), receipt.copies[0].until), ("样例.age", Some(NOW.0 + 90)));
    assert_eq!(holding(folder.path(), &theirs), [""; 0], "in no file, the write-ahead log among them");
    let passages = store.passages(9).await.unwrap();
    assert_eq!(passages.iter().filter(|row| !row.masked_id.is_empty()).count(), 1, "somebody else stays");
    // The list has a line for each report and for the look; the log says that it was done, and names nobody.
    let listed = list::read(&Layout::of(folder.path()).erased()).unwrap();
    assert_eq!(listed.len(), 5, "{listed:?}");
    let log = store.audit_after(0, 9).await.unwrap();
    assert_eq!((log[1].act.as_str(), &log[1].object), (ERASED, &hex::encode(&receipt.id)));
    assert!(log[1].words.as_ref().unwrap().1.ends_with("\n本人申请 · 样例-0317"));
    assert_eq!(store.open_erasures().await.unwrap(), []);
}

#[tokio::test]
async fn an_erasure_that_was_interrupted_anywhere_is_whole_after_the_next_start() {
    for step in 0..4 {
        let folder = tempfile::tempdir().unwrap();
        {
            let (context, _) = office(folder.path()).await;
            let store = &*context.store;
            let (erasure, _) = begin(store, order(&context, NUMBER), NOW).await.unwrap();
            let names = erasure.names.clone().unwrap();
            let names = closed(store, names, &erasure.region).await.unwrap();
            if step >= 1 {
                let (held, _) =
                    theirs::among_held(store, &context.keys, &names, &erasure.region).await.unwrap();
                store.erase(erasure.id, Forgotten { names, held, ..Forgotten::default() }).await.unwrap();
            }
            if step >= 2 {
                context.erased.join(store).await.unwrap();
            }
            if step >= 3 {
                let rootless = Means { root: None, ..means(&context) };
                assert_eq!(go_on(rootless, &erasure, NOW).await.unwrap_err().code(), "no-receipt-key");
            }
        }
        let context = world::context(folder.path(), Clock::system()).await;
        let receipt = ended(&context, NOW.plus(9)).await;
        assert_eq!((receipt.counts.passages, receipt.counts.held), (3, 1), "{step}");
        assert_eq!(list::read(&Layout::of(folder.path()).erased()).unwrap().len(), 4);
        assert_eq!(context.store.open_erasures().await.unwrap(), []);
    }
}

#[tokio::test]
async fn what_had_arrived_is_opened_first_and_erased_like_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let (context, mut sender) = office(folder.path()).await;
    let store = &*context.store;
    let one = claims(NUMBER, PHONE, [7; 16]);
    sender.send(store, &one, world::SEALING).await;
    let (erasure, _) = begin(store, order(&context, NUMBER), NOW).await.unwrap();
    assert_eq!(go_on(means(&context), &erasure, NOW).await.unwrap(), Stage::Waits);
    assert_eq!(store.erasure(erasure.id).await.unwrap().unwrap().done.passages, 3);
    settle(store, vec![named(&one, &context.keys)]).await;
    assert_eq!(ended(&context, NOW.plus(2)).await.counts.passages, 4);

    // What nobody can open holds it up for an hour, and the receipt says so.
    sender.send(store, &one, world::SEALING).await;
    begin(store, order(&context, NUMBER), NOW).await.unwrap();
    let receipt = ended(&context, NOW.plus(ERASURE_WAIT_SECONDS)).await;
    assert_eq!((receipt.counts.passages, receipt.counts.waiting), (0, 1));
}

#[tokio::test]
async fn a_phone_of_several_people_erases_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let (context, _) = office(folder.path()).await;
    let refused = begin(&*context.store, order(&context, PHONE), NOW).await.unwrap_err();
    assert_eq!(refused.code(), "several-people");
    assert_eq!(context.store.audit_head().await.unwrap().count, 0, "nothing was begun");
}

#[tokio::test]
async fn a_key_of_a_look_leads_to_a_code_and_to_a_certificate() {
    let folder = tempfile::tempdir().unwrap();
    let (context, _) = office(folder.path()).await;
    let keys = &context.keys;
    let code = Names { pseudonyms: [(sample::claims(NOW).iss, [7; 16])].into(), ..Names::default() };
    let of = |names: &Names| *keys.looks_at(names).last().unwrap();
    let found = names_of_key(&*context.store, keys, of(&code)).await.unwrap();
    assert_eq!(found.pseudonyms, code.pseudonyms);
    let certificate = Names { certificates: ["URN:UVCI:01:XS:7".to_owned()].into(), ..Names::default() };
    let found = names_of_key(&*context.store, keys, of(&certificate)).await.unwrap();
    assert_eq!(found.certificates.len(), 0, "there is none");
    assert!(keys.is_key_of(of(&certificate), &("XS".into(), [1; 16]), Some("URN:UVCI:01:XS:7")));
}

#[tokio::test]
async fn a_list_and_a_database_that_lack_something_get_it_from_one_another() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (context, _) = office(one.path()).await;
    begin(&*context.store, order(&context, NUMBER), NOW).await.unwrap();
    ended(&context, NOW).await;
    let listed = std::fs::read(Layout::of(one.path()).erased()).unwrap();
    let (before, _) = office(other.path()).await;
    // As `sort -u` joins it with the list of another office.
    let more = Tombstone::Words(999, [9; 32]);
    let joined = [listed, format!("{more}\n").into_bytes()].concat();
    std::fs::write(Layout::of(other.path()).erased(), joined).unwrap();
    let copies = tempfile::tempdir().unwrap();
    let list = ErasedList::of(&Layout::of(other.path()), Some(copies.path()));
    assert_eq!(list.join(&*before.store).await.unwrap(), ErasedResident { passages: 3, held: 1, entries: 0 });
    assert_eq!(list.join(&*before.store).await.unwrap(), ErasedResident::default());
    let written = list::read(&copies.path().join(list::NAME)).unwrap();
    assert!(written.contains(&more) && written.len() == 5, "{written:?}");
    std::fs::write(copies.path().join(list::NAME), "report 1 2\n").unwrap();
    let damaged = list.join(&*before.store).await.unwrap_err().to_string();
    assert!(damaged.contains("erased:1: not a line"), "{damaged}");
}

#[tokio::test]
async fn what_comes_again_is_not_left_in_the_log_either() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (context, _) = office(one.path()).await;
    begin(&*context.store, order(&context, NUMBER), NOW).await.unwrap();
    ended(&context, NOW).await;
    let stones = context.store.tombstones().await.unwrap();
    // An office of before, to which the station sends the first of their reports.
    let restored = world::context(other.path(), Clock::system()).await;
    let store = &*restored.store;
    store.entomb(stones.into_iter().collect()).await.unwrap();
    let mut sender = Sender::enrol(store).await;
    let theirs = claims(NUMBER, PHONE, [7; 16]);
    sender.send(store, &theirs, world::SEALING).await;
    let piece = sender.sent[0][200..264].to_vec();
    assert!(!holding(other.path(), &[&piece]).is_empty(), "it waits to be opened");
    settle(store, vec![named(&theirs, &restored.keys)]).await;
    assert_eq!(store.passages(9).await.unwrap(), []);
    assert_eq!(holding(other.path(), &[&piece]), [""; 0]);
}

#[tokio::test]
async fn nothing_is_left_on_pages_that_were_once_split() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("office.sqlite");
    let store = SqliteStore::open(&path).unwrap();
    let mut sender = Sender::enrol(&store).await;
    let marked = |number: usize| {
        let one = claims("", "", [u8::try_from(number % 250).unwrap() + 1; 16]);
        let name = if number.is_multiple_of(25) { "样例标记*" } else { "样例*" };
        health_code::Claims { masked_name: name.into(), ..one }
    };
    for number in 0..600 {
        let one = marked(number * 7919 % 600);
        sender.send(&store, &one, world::SEALING).await;
        settle(&store, vec![filed(&one, PersonKeys::default())]).await;
    }
    let iss = marked(0).iss;
    let of = |number: usize| (iss.clone(), marked(number).pseudonym);
    let names = Names { pseudonyms: (0..600).step_by(25).map(of).collect(), ..Names::default() };
    assert!(!holding(folder.path(), &["标记".as_bytes()]).is_empty());
    let order = Order { names: names.clone(), region: Region::country(), by: None, words: String::new() };
    let (erasure, _) = begin(&store, order, NOW).await.unwrap();
    store.erase(erasure.id, Forgotten { names, ..Forgotten::default() }).await.unwrap();
    assert!(store.overwrite().await.unwrap());
    assert_eq!(holding(folder.path(), &["标记".as_bytes()]), [""; 0]);
}
