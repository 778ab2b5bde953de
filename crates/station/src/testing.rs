//! The sample deployment as the tests of a station use it, with its store and its receipts.

use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::sync::{Arc, LazyLock};

use disk::{Access, trust_folder};
use ed25519_dalek::SigningKey;
use health_code::{Claims, Person, Role, Timestamp, TrustFiles};
use issuer::{CodeSigner, NewPerson};
use sample::{Deployment, HUBEI};
use sha2::{Digest, Sha256};
use wire::{AuditHead, Batch, Offer, Pace, Receipt, ReceiptLine, RecordStatus, StationId};

use crate::clock::{self, Clock as _, MemoryKey, SystemClock, TrustTimes};
use crate::folder::Folder;
use crate::settings::{Office, StationFile};
use crate::trust_store::TrustStore;

pub(crate) use sample::{PHONE, PUBLISHER, RECEIPTS, key};

/// The id of the station whose key is [`OWN`].
pub(crate) const STATION: StationId = StationId([
    0x7c, 0xb8, 0xc4, 0xee, 0xba, 0x86, 0x5f, 0x0b, 0x93, 0xff, 0x7b, 0x74, 0x5b, 0x8d, 0x09, 0x2e,
]);
/// Private half of the key that reports are sealed to.
pub(crate) const SEALING: [u8; 32] = [9; 32];
pub(crate) const PIN: &str = "246810";

/// The station's own key.
pub(crate) const OWN: u8 = 77;

/// The key under which the station remembers time.
pub(crate) fn memory_key() -> MemoryKey {
    MemoryKey::derive(&signing_key(OWN).to_bytes())
}

/// What the machine's wall clock says.
pub(crate) fn wall() -> Timestamp {
    SystemClock::start(Path::new("/nonexistent/clock"), memory_key(), TrustTimes::default()).wall()
}

pub(crate) fn signing_key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

/// The sample deployment with a collector whose PIN is real, and a sealing key that tests can open.
#[derive(Clone)]
pub(crate) struct World(Deployment);

impl Deref for World {
    type Target = Deployment;

    fn deref(&self) -> &Deployment {
        &self.0
    }
}

impl DerefMut for World {
    fn deref_mut(&mut self) -> &mut Deployment {
        &mut self.0
    }
}

impl World {
    /// Returns the deployment at a moment.
    pub(crate) fn new(now: Timestamp) -> Self {
        let mut deployment = Deployment::at(now);
        deployment.seal_to(wire::seal::recipient_key(&SEALING).unwrap());
        // Hashing is slow by design.
        static COLLECTOR: LazyLock<Person> = LazyLock::new(|| {
            let collector = NewPerson { name: "李样例", phone: PHONE, pin: PIN, role: Role::Collector };
            issuer::person(&collector, &mut crate::entropy::rng().unwrap()).unwrap()
        });
        deployment.community.people = vec![COLLECTOR.clone()];
        Self(deployment)
    }

    pub(crate) fn files(&self) -> TrustFiles {
        self.0.files()
    }

    /// A store that holds these files on disk.
    pub(crate) fn store(&self, dir: &Path) -> Arc<TrustStore> {
        trust_folder::swap(&dir.join("trust"), &self.files()).unwrap();
        Arc::new(TrustStore::load(&dir.join("trust")))
    }

    /// What an honest back office answers.
    pub(crate) fn receipt(&self, batch: &Batch, now: Timestamp) -> Receipt {
        let lines = batch.reports.iter().map(|report| ReceiptLine {
            record: report.record,
            hash: wire::seal::hash(&report.ciphertext),
            status: RecordStatus::Stored,
        });
        let files = self.files();
        let offer = |version, file: &[u8]| Offer { version, hash: Sha256::digest(file).into() };
        Receipt {
            station: batch.station,
            batch: batch.id,
            time: now.0,
            lines: lines.collect(),
            root: offer(self.root.version, &files.root),
            list: offer(self.list.version, &files.list),
            community: offer(self.community.version, &files.community),
            region: self.community.region.to_string(),
            pace: Pace { pause: 2, poll: 60 },
            withdrawn: None,
            notices: Vec::new(),
            audit: AuditHead::EMPTY,
            backed_up: None,
            generation: wire::Generation([6; 16]),
        }
    }
}

/// The hash of [`PIN`].
pub(crate) fn phc() -> String {
    World::new(Timestamp(1_900_000_000)).community.people[0].pin_phc.clone()
}

/// A folder as enrolment leaves it, of a back office where nobody listens.
pub(crate) fn enrolled(dir: &Path) -> Timestamp {
    let folder = Folder::new(dir);
    let now = clock::tests::told(&folder.clock(), memory_key()).wall();
    trust_folder::swap(&folder.trust(), &World::new(now).files()).unwrap();
    let secret = health_code::hex::encode(&signing_key(OWN).to_bytes());
    disk::replace(&folder.key(), secret.as_bytes(), Access::Owner).unwrap();
    let office = Office::new("http://127.0.0.1:9", None);
    StationFile::new(STATION, "一号", office).save(&folder.settings()).unwrap();
    now
}

/// A green code of somebody in this community.
pub(crate) fn code(who: u16, now: Timestamp) -> String {
    let mut pseudonym = [0xc7; 16];
    pseudonym[..2].copy_from_slice(&who.to_be_bytes());
    let claims = Claims {
        iat: now,
        exp: now.plus(300),
        pseudonym,
        masked_name: "尉迟**".to_owned(),
        masked_id: format!("4201**********{who:04}"),
        sealed_declaration: vec![0xd5; 120],
        ..sample::claims(now)
    };
    CodeSigner::new(key(HUBEI)).sign(&claims).unwrap()
}
