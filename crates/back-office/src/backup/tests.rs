//! A backup is whole and secret, and what is restored is the office that was copied, as another generation.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use age::secrecy::ExposeSecret as _;
use disk::trust_folder;
use sample::NOW;
use wire::Generation;

use super::*;
use crate::config::Layout;
use crate::context::Context;
use crate::erasure;
use crate::keys::Keyring;
use crate::residents::Asked;
use crate::store::{
    Identity as _, IssuedTicket, OwnDatabase, Reading as _, Redemption, SqliteStore, TrustHistory as _,
};
use crate::system::Clock;
use crate::testing::people::{Sender, claims, named, settle};
use crate::testing::world;

struct Office {
    folder: tempfile::TempDir,
    context: Context,
    identity: PathBuf,
}

impl Office {
    /// An office with a ticket, a station, a CA, and a recipient of backups.
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::set_by(Arc::new(AtomicI64::new(NOW.0)));
        let context = world::context(folder.path(), clock).await;
        let layout = Layout::of(folder.path());
        crate::ca::open(&layout.tls(), NOW).unwrap();
        let key = age::x25519::Identity::generate();
        recipient::choose(&layout, &key.to_public().to_string()).unwrap();
        let identity = folder.path().join("identity.txt");
        fs::write(&identity, format!("# of a test\n{}\n", key.to_string().expose_secret())).unwrap();
        let office = Self { folder, context, identity };
        office.enrol(1).await;
        office.context.store.add_ticket(ticket(9, 3600)).await.unwrap();
        office
    }

    async fn enrol(&self, number: u8) {
        self.context.store.add_ticket(ticket(number, 60)).await.unwrap();
        let redemption = Redemption {
            secret_hash: [number; 32],
            station: wire::StationId([number; 16]),
            key: [number; 32],
            sealing: [number; 32],
            name: "东门".into(),
        };
        self.context.store.redeem(redemption, NOW).await.unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    async fn backup(&self) -> (PathBuf, PathBuf) {
        self.backup_as("data.age").await
    }

    async fn backup_as(&self, name: &str) -> (PathBuf, PathBuf) {
        let (data, keys) = (self.path(name), self.path("keys.age"));
        let targets = Targets { data: Some(&data), keys: Some(&keys), kept_days: Some(30) };
        backup(self.folder.path(), None, targets, NOW).await.unwrap();
        (data, keys)
    }

    async fn restore(&self, into: &Path, data: &Path, keys: &Path) -> Result<Restored, BackupError> {
        let what = Restore {
            into,
            server: None,
            data,
            keys: Some(keys),
            identity: &self.identity,
            copies: None,
            erased: None,
        };
        restore(what, NOW.plus(9)).await
    }
}

#[tokio::test]
async fn what_is_restored_is_the_office_that_was_copied_as_another_generation() {
    let office = Office::new().await;
    let (data, keys) = office.backup().await;
    // What comes after the backup is not in it.
    office.enrol(2).await;
    let into = office.path("restored");
    let restored = office.restore(&into, &data, &keys).await.unwrap();
    assert_eq!((restored.stations, restored.tickets, restored.about.made), (1, 1, NOW.0));
    let (before, after) = (Layout::of(office.folder.path()), Layout::of(&into));
    assert_eq!(
        Keyring::open(&after.keys()).unwrap().public(),
        Keyring::open(&before.keys()).unwrap().public()
    );
    for file in ["tls/ca.key", "tls/ca.pem", "backup-to"] {
        assert_eq!(fs::read(into.join(file)).unwrap(), fs::read(office.path(file)).unwrap(), "{file}");
    }
    for file in [trust_folder::ROOT, trust_folder::LIST, trust_folder::COMMUNITY] {
        let read = |layout: &Layout| fs::read(layout.trust().join(file)).unwrap();
        assert_eq!(read(&after), read(&before), "{file}");
    }
    let store = SqliteStore::open(&after.database()).unwrap();
    assert_ne!(store.generation(Generation([0; 16])).await.unwrap(), office.context.generation);
    let communities = store.communities(0).await.unwrap();
    assert_eq!(store.community_from().await.unwrap(), communities[0].1.version + 1000);
    assert_eq!(store.counts().await.unwrap().stations, 1);
    // Neither a log nor a scratch folder is left.
    let left: Vec<_> = fs::read_dir(office.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with(".backup") || name.starts_with(".restoring"))
        .collect();
    assert_eq!(left, [""; 0]);
}

#[tokio::test]
async fn a_backup_holds_nothing_in_the_clear_and_replaces_nothing() {
    let office = Office::new().await;
    let (data, keys) = office.backup().await;
    let key = fs::read(
        fs::read_dir(Layout::of(office.folder.path()).keys()).unwrap().next().unwrap().unwrap().path(),
    );
    let key = key.unwrap();
    for file in [&data, &keys] {
        let bytes = fs::read(file).unwrap();
        for secret in [&key[..], "东门".as_bytes(), b"CREATE TABLE", b"PRIVATE KEY"] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret));
        }
        let sum = fs::read_to_string(file.with_extension("age.sha256")).unwrap();
        let name = file.file_name().unwrap().to_str().unwrap();
        assert!(sum.ends_with(&format!("  {name}\n")), "{sum}");
    }
    let before = fs::read(&data).unwrap();
    let again = Targets { data: Some(&data), ..Targets::default() };
    let refused = backup(office.folder.path(), None, again, NOW).await;
    assert!(matches!(refused, Err(BackupError::Disk(disk::DiskError::AlreadyThere { .. }))));
    assert_eq!(fs::read(&data).unwrap(), before);
}

#[tokio::test]
async fn a_check_says_what_is_in_a_backup_and_what_is_wrong_with_it() {
    let office = Office::new().await;
    let (data, keys) = office.backup().await;
    let scratch = office.folder.path();
    let identity = &office.identity;
    let with = |file: PathBuf| async move { check(&file, Some(identity), scratch).await };
    let Ok(Checked::Data { about, schema, counts }) = with(data.clone()).await else { panic!() };
    let present = SqliteStore::schema(&Layout::of(office.folder.path()).database()).unwrap();
    assert_eq!((about.kind, about.made, schema, counts.stations), (Kind::Data, NOW.0, present, 1));
    let Ok(Checked::Keys { public, has_ca, .. }) = with(keys.clone()).await else { panic!() };
    assert_eq!((public, has_ca), (office.context.keys.public(), true));
    assert!(matches!(check(&data, None, scratch).await, Ok(Checked::Checksum(_))));

    let other = office.path("other.txt");
    fs::write(&other, age::x25519::Identity::generate().to_string().expose_secret()).unwrap();
    assert!(matches!(check(&data, Some(&other), scratch).await, Err(BackupError::OtherIdentity(_))));
    fs::write(&other, "nothing").unwrap();
    assert!(matches!(check(&data, Some(&other), scratch).await, Err(BackupError::NoIdentity(_))));

    // Changed anywhere, or cut off anywhere: with its checksum, and without.
    let good = fs::read(&data).unwrap();
    let spoilt = [30, good.len() / 2, good.len() - 1].map(|at| {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        bytes
    });
    let cut = [0, 100, good.len() / 2, good.len() - 1].map(|at| good[..at].to_vec());
    for bytes in spoilt.into_iter().chain(cut) {
        fs::write(&data, bytes).unwrap();
        assert!(matches!(with(data.clone()).await, Err(BackupError::Damaged(..))));
        let bare = office.path("bare.age");
        fs::copy(&data, &bare).unwrap();
        let found = with(bare).await;
        assert!(matches!(found, Err(BackupError::Damaged(..) | BackupError::OtherIdentity(_))), "{found:?}");
    }
}

#[tokio::test]
async fn the_secret_of_person_keys_is_in_no_copy_of_the_data() {
    let office = Office::new().await;
    let (data, keys) = office.backup().await;
    let identity = &office.identity;
    let alone = office.path("alone");
    restore(
        Restore { into: &alone, server: None, data: &data, keys: None, identity, copies: None, erased: None },
        NOW,
    )
    .await
    .unwrap();
    assert!(!Layout::of(&alone).keys().exists());
    let both = office.path("both");
    office.restore(&both, &data, &keys).await.unwrap();
    let secret = |data: &Path| fs::read(Layout::of(data).keys().join("person.key")).unwrap();
    assert_eq!(secret(&both), secret(office.folder.path()), "what was filed is found again");
}

#[tokio::test]
async fn an_office_is_restored_into_an_empty_folder_only_and_whole_or_not_at_all() {
    let office = Office::new().await;
    let (data, keys) = office.backup().await;
    let full = office.path("keys");
    assert!(matches!(office.restore(&full, &data, &keys).await, Err(BackupError::NotEmpty(_))));
    let into = office.path("restored");
    let swapped = office.restore(&into, &keys, &data).await;
    assert!(matches!(swapped, Err(BackupError::OtherKind(..))), "{swapped:?}");
    assert!(!into.exists());
    fs::create_dir(&into).unwrap();
    office.restore(&into, &data, &keys).await.unwrap();
}

#[tokio::test]
async fn without_a_recipient_nothing_is_written_and_only_recipients_are_chosen() {
    let office = Office::new().await;
    let layout = Layout::of(office.folder.path());
    for bad in ["", "age1", "age1notarecipient", "AGE-SECRET-KEY-1"] {
        assert!(matches!(recipient::choose(&layout, bad), Err(BackupError::BadRecipient(_))), "{bad}");
    }
    fs::remove_file(layout.recipient()).unwrap();
    let data = office.path("data.age");
    let targets = Targets { data: Some(&data), ..Targets::default() };
    let refused = backup(office.folder.path(), None, targets, NOW).await;
    assert!(matches!(refused, Err(BackupError::NoRecipient)));
    assert!(!data.exists());
}

#[tokio::test]
async fn an_office_with_a_postgresql_is_restored_into_an_empty_database_only() {
    let office = Office::new().await;
    let [from, to] = [OwnDatabase::new(), OwnDatabase::new()];
    let (from, to) = (from.url(), to.url());
    let store = crate::store::open(Path::new(""), Some(&from)).await.unwrap();
    store.add_ticket(ticket(1, 60)).await.unwrap();
    let redemption = Redemption {
        secret_hash: [1; 32],
        station: wire::StationId([1; 16]),
        key: [1; 32],
        sealing: [1; 32],
        name: "东门".into(),
    };
    store.redeem(redemption, NOW).await.unwrap();
    let generation = store.generation(Generation([1; 16])).await.unwrap();
    let data = office.path("data.age");
    let targets = Targets { data: Some(&data), ..Targets::default() };
    backup(office.folder.path(), Some(&from), targets, NOW).await.unwrap();
    let checked = check(&data, Some(&office.identity), office.folder.path()).await;
    assert!(matches!(checked, Ok(Checked::Dump { .. })), "{checked:?}");

    let into = office.path("restored");
    let what = |server| {
        let identity = &office.identity;
        restore(
            Restore { into: &into, server, data: &data, keys: None, identity, copies: None, erased: None },
            NOW,
        )
    };
    assert!(matches!(what(None).await, Err(BackupError::OtherEngine(..))));
    assert_eq!(what(Some(&to)).await.unwrap().stations, 1);
    let restored = crate::store::open(Path::new(""), Some(&to)).await.unwrap();
    assert_ne!(restored.generation(Generation([0; 16])).await.unwrap(), generation);
    assert!(!into.join("office.dump").exists());
    // A database with something in it is left alone, and so is one of the other engine.
    fs::remove_dir_all(&into).unwrap();
    let full = what(Some(&from)).await;
    assert!(matches!(full, Err(BackupError::Program(..))), "{full:?}");
    assert_eq!(store.generation(Generation([0; 16])).await.unwrap(), generation);
    let (sqlite, _) = office.backup_as("sqlite.age").await;
    let what = Restore {
        into: &into,
        server: Some(&to),
        data: &sqlite,
        keys: None,
        identity: &office.identity,
        copies: None,
        erased: None,
    };
    assert!(matches!(restore(what, NOW).await, Err(BackupError::OtherEngine(..))));
}

#[tokio::test]
async fn what_was_erased_after_a_backup_is_not_in_what_is_restored() {
    let office = Office::new().await;
    let (store, keys) = (&*office.context.store, &office.context.keys);
    let one = claims("990101199001010011", "13800010044", [0x77; 16]);
    let mut sender = Sender::enrol(store).await;
    sender.send(store, &one, world::SEALING).await;
    settle(store, vec![named(&one, keys)]).await;
    let (data, keys_file) = office.backup().await;
    let held = store.copies(NOW).await.unwrap();
    assert_eq!((held[0].name.as_str(), held[0].until), ("data.age", Some(NOW.0 + 30 * 24 * 3600)));
    // What came after the backup, and is on another disk.
    let copies = office.path("copies");
    let copying = crate::copies::Copies::open(&copies, NOW).unwrap();
    sender.send(store, &one, world::SEALING).await;
    for batch in &sender.sent {
        copying.keep(crate::copies::Kind::Batch, batch, NOW).await.unwrap();
    }
    settle(store, vec![named(&one, keys)]).await;

    let names = keys.names(&Asked::read("990101199001010011").unwrap()).unwrap().into();
    let (region, words) = (health_code::Region::country(), String::new());
    let order = erasure::Order { names, region, by: None, words };
    let (begun, _) = erasure::begin(store, order, NOW).await.unwrap();
    let trust = office.context.trust.trust();
    let (list, root) = (&*office.context.erased, Some(trust.root()));
    erasure::go_on(erasure::Means { store, keys, list, root }, &begun, NOW).await.unwrap();
    let list = office.path("erased");
    // The words of a look that came after the backup.
    let look = format!("words 999 {}\n", "09".repeat(32));
    fs::write(&list, fs::read_to_string(&list).unwrap() + &look).unwrap();

    let named_in = |store: SqliteStore| async move {
        let passages = store.passages(9).await.unwrap();
        passages.iter().filter(|row| row.pseudonym == [0x77; 16]).count()
    };
    let what = Restore {
        into: &office.path("without"),
        server: None,
        data: &data,
        keys: Some(&keys_file),
        identity: &office.identity,
        copies: None,
        erased: None,
    };
    let restored = restore(what, NOW).await.unwrap();
    assert!(!restored.had_list);
    let database = Layout::of(what.into).database();
    assert_eq!(named_in(SqliteStore::open(&database).unwrap()).await, 1, "the backup holds them");

    let with = office.path("with");
    let (copies, erased) = (Some(&*copies), Some(&*list));
    let restored = restore(Restore { into: &with, copies, erased, ..what }, NOW).await.unwrap();
    assert_eq!((restored.had_list, restored.erased.passages), (true, 1));
    assert_eq!(restored.replayed.unwrap().reports, 1, "sealed, and waiting");
    let store = SqliteStore::open(&Layout::of(&with).database()).unwrap();
    settle(&store, vec![named(&one, keys)]).await;
    assert_eq!(store.counts().await.unwrap().waiting, 0);
    assert_eq!(named_in(store).await, 0, "neither from the backup nor from the copies");
    let kept = fs::read_to_string(Layout::of(&with).erased()).unwrap();
    assert!(kept.contains(&look), "a copy that is newer than this one may have it");
    for entry in
        fs::read_dir(&with).unwrap().map(|entry| entry.unwrap()).filter(|entry| entry.path().is_file())
    {
        let bytes = fs::read(entry.path()).unwrap();
        assert!(!bytes.windows(16).any(|window| window == [0x77; 16]), "{entry:?}");
    }
    // A list that is damaged, or not there, is told before anything is.
    fs::write(&list, "report\n").unwrap();
    for erased in [&list, &office.path("nowhere")] {
        let into = office.path("never");
        assert!(restore(Restore { into: &into, erased: Some(erased), ..what }, NOW).await.is_err());
        assert!(!into.exists());
    }
}

fn ticket(number: u8, seconds: i64) -> IssuedTicket {
    IssuedTicket::nameless([number; 32], sample::HERE.parse().unwrap(), NOW, NOW.plus(seconds))
}
