//! How fast an office opens what it has taken in, beside bare HPKE on as many cores.

use std::hint::black_box;
use std::thread;
use std::time::Duration;

use back_office::Config;
use back_office::store::{Arrival, IssuedTicket, Redemption, Store};
use ed25519_dalek::{SigningKey, VerifyingKey};
use health_code::{PublicKey, UnverifiedCode};
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable as _, Kem, OpModeR};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};
use stage::World;
use stage::clock::{now, timed, wall};
use stories::signed::signed_parts;
use tokio::runtime::Runtime;
use wire::report::{Carried, ClockState, Direction, Outcome, Passage, Report, Shown};
use wire::seal::ChainPlace;
use wire::{Batch, BatchId, RecordId, SealedReport, StationId, StreamId};

use crate::engine::Engine;
use crate::filing;
use crate::options::Kind;

/// Name of the office's database.
const OPENED: &str = "opened";
/// Reports in a letter.
const BATCH: usize = 500;
/// Pause between two looks at whether everything is opened.
const LOOKS: Duration = Duration::from_millis(20);

/// What was measured.
pub struct Opened {
    pub engine: Kind,
    pub reports: usize,
    pub cores: usize,
    /// Reports a second: opened and filed; HPKE alone; HPKE and the code's signature alone.
    pub ours: f64,
    pub hpke: f64,
    pub with_code: f64,
    /// Filing alone, by one connection.
    pub filing: f64,
}

/// Lets an office take reports in, and then starts its openers.
pub fn measure(runtime: &Runtime, engine: &Engine, count: usize) -> Opened {
    let world = World::new(None).unwrap();
    let data = engine.folder().join("office");
    std::fs::create_dir_all(&data).unwrap();
    let mut config = Config {
        import_keys: Some(world.path().join("office")),
        import_trust: Some(world.path().join("trust")),
        ..Config::loopback(&data)
    };
    if engine.kind() == Kind::Postgres {
        runtime.block_on(engine.make(OPENED, None));
        config.store = Some(engine.address(OPENED));
    }
    // The first start brings the trust files into force.
    let running = runtime.block_on(back_office::serve(config.clone())).unwrap();
    runtime.block_on(running.shutdown()).unwrap();
    let store = runtime
        .block_on(back_office::store::open(&data.join("office.sqlite"), config.store.as_ref()))
        .unwrap();
    let (report, recipient) = passage(&world);
    let sealed = seal_all(&report, recipient, 2 * count);
    let first = sealed[0].reports[0].clone();
    let station = sealed[0].station;
    let (to_open, to_file) = sealed.split_at(sealed.len() / 2);
    let count = to_open.iter().map(|batch| batch.reports.len()).sum::<usize>();
    runtime.block_on(enrol(&*store, station));
    runtime.block_on(take_in(&*store, to_open));

    let begun = now();
    let running = runtime.block_on(back_office::serve(config)).unwrap();
    while runtime.block_on(store.oldest_waiting()).unwrap().is_some() {
        thread::sleep(LOOKS);
    }
    let took = begun.elapsed();
    runtime.block_on(running.shutdown()).unwrap();
    let counts = runtime.block_on(store.counts()).unwrap();
    assert_eq!(counts.passages, count as u64, "every report is filed");
    assert_eq!((counts.quarantined, counts.alerts), (0, 0));

    runtime.block_on(take_in(&*store, to_file));
    let filing = runtime.block_on(filing::rate(&*store, &report, &world));

    let cores = thread::available_parallelism().map_or(1, usize::from);
    let private = world.office_key("sealing").unwrap();
    let (trust, _) = world.trust().unwrap();
    let Report::Passage(Passage { code: Carried::Whole(cose), .. }) = &report else { panic!("a passage") };
    let code = UnverifiedCode::from_cose(cose).unwrap();
    let key = trust.list().issuer(code.kid()).unwrap().key.to_bytes();
    let key = VerifyingKey::from_bytes(&key).unwrap();
    let (message, signature) = signed_parts(cose);
    let open = || open_bare(&first, station, &private);
    let verify = || key.verify_strict(black_box(&message), &signature).unwrap();
    let each = (count / cores).min(20_000);
    Opened {
        engine: engine.kind(),
        reports: count,
        cores,
        ours: count as f64 / took.as_secs_f64(),
        hpke: rate(cores, each, &|| open()),
        with_code: rate(cores, each, &|| {
            open();
            verify();
        }),
        filing,
    }
}

/// Returns how often a second all cores do some work.
fn rate(cores: usize, each: usize, work: &(impl Fn() + Sync)) -> f64 {
    let took = timed(|| {
        thread::scope(|scope| {
            for _ in 0..cores {
                scope.spawn(|| (0..each).for_each(|_| work()));
            }
        });
    });
    (cores * each) as f64 / took.as_secs_f64()
}

fn open_bare(sealed: &SealedReport, station: StationId, private: &[u8; 32]) {
    let private = <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(private).unwrap();
    let (enc, body) = sealed.ciphertext.split_at(32);
    let enc = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(black_box(enc)).unwrap();
    let SealedReport { stream, seq, record, kid, link, .. } = sealed;
    let aad = [&station.0[..], &stream.0, &seq.to_be_bytes(), &record.0, &kid.0, link].concat();
    let opened = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &private,
        &enc,
        wire::seal::INFO,
        body,
        &aad,
    );
    black_box(opened.unwrap());
}

/// Returns a passage with which every comparison of the office agrees, and what it is sealed to.
fn passage(world: &World) -> (Report, (health_code::KeyId, [u8; 32])) {
    let (trust, _) = world.trust().unwrap();
    let now = wall();
    let text = std::fs::read_to_string(world.code("green", "txt")).unwrap();
    let community = trust.community();
    let key = trust.root().sealing_key(now).unwrap();
    let passage = Passage {
        at: now.0,
        clock: ClockState::Trusted,
        checkpoint: community.checkpoints[0].id.0,
        collector: community.people[0].id.0,
        policies: trust.policy(now).unwrap().set.0,
        trust: trust.list().version,
        shown: Shown::Pass,
        code: Carried::Whole(UnverifiedCode::parse(&text).unwrap().cose().to_vec()),
        judged_at: now.0,
        direction: Direction::In,
        outcome: Outcome::LetThrough,
    };
    (Report::Passage(passage), (key.kid, key.key))
}

/// Seals so many reports as the batches of one station.
fn seal_all(report: &Report, (kid, recipient): (health_code::KeyId, [u8; 32]), count: usize) -> Vec<Batch> {
    let mut rng = ChaCha20Rng::seed_from_u64(2);
    let station = StationId::of(&PublicKey::from_bytes(&key().verifying_key().to_bytes()).unwrap());
    let (stream, record) = (StreamId([2; 16]), RecordId([0; 16]));
    let mut place = ChainPlace { station, stream, seq: 0, record, link: [0; 32] };
    let mut reports = Vec::with_capacity(count);
    for _ in 0..count {
        rng.fill_bytes(&mut place.record.0);
        let sealed = wire::seal::seal(report, &place, kid, &recipient, &mut rng).unwrap();
        place.link = wire::chain(&place.link, &sealed.ciphertext);
        place.seq += 1;
        reports.push(sealed);
    }
    let batches = reports.chunks(BATCH).zip(0_u128..);
    batches
        .map(|(part, id)| Batch {
            station,
            id: BatchId(id.to_be_bytes()),
            reports: part.to_vec(),
            awaits: Vec::new(),
            about: None,
        })
        .collect()
}

async fn enrol(store: &dyn Store, station: StationId) {
    let (now, public) = (wall(), key().verifying_key().to_bytes());
    let ticket = IssuedTicket::nameless([1; 32], "420106001001".parse().unwrap(), now, now.plus(60));
    store.add_ticket(ticket).await.unwrap();
    let name = "bench".to_owned();
    let redemption = Redemption { secret_hash: [1; 32], station, key: public, sealing: public, name };
    store.redeem(redemption, now).await.unwrap();
}

async fn take_in(store: &dyn Store, batches: &[Batch]) {
    for batch in batches {
        let signed = batch.sign(&key()).bytes;
        store.accept(Arrival { batch: batch.clone(), signed, received: wall() }).await.unwrap();
    }
}

fn key() -> SigningKey {
    SigningKey::from_bytes(&[5; 32])
}
