//! Passages at the sample community's station, for tests.

use ed25519_dalek::SigningKey;
use health_code::{Claims, Declaration, KeyId};
use issuer::CodeSigner;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use sample::{HUBEI, NOW};
use web::App as _;
use wire::report::{Carried, Passage, Roster, RosterChange};
use wire::{Batch, BatchId, ClockState, Direction, RecordId, SealedReport, Shown, StationId, StreamId};

use super::testing::TestConsole;
use crate::store::{Arrival, ChangeState, Filing, Opened, Outcome, Settled};

/// The number of 样例甲.
pub const NUMBER: &str = "990101199001010011";

/// A code of 样例甲 whose declaration is sealed to the owner of a key.
pub fn claims(private: [u8; 32]) -> Claims {
    claims_of(private, NUMBER, "13800010044", sample::claims(NOW).pseudonym)
}

/// Somebody's code.
pub fn claims_of(private: [u8; 32], number: &str, phone: &str, pseudonym: [u8; 16]) -> Claims {
    let public = wire::seal::recipient_key(&private).unwrap();
    let declared = Declaration { name: "样例甲".into(), identity: number.into(), phone: phone.into() };
    let mut rng = ChaCha20Rng::seed_from_u64(3);
    let sealed_declaration = issuer::seal_declaration(&declared, &pseudonym, &public, &mut rng).unwrap();
    Claims { pseudonym, sealed_declaration, ..sample::claims(NOW) }
}

/// The text of a code.
pub fn text(claims: &Claims) -> String {
    CodeSigner::new(sample::key(HUBEI)).sign_unchecked(claims)
}

/// Files a passage of each code, so many seconds after now, at the first checkpoint.
pub async fn file(console: &TestConsole, passed: &[(Claims, i64)]) {
    console.enrol().await;
    file_batch(console, 5, passed).await;
}

/// Files more of them, once some are filed.
pub async fn file_more(console: &TestConsole, passed: &[(Claims, i64)]) {
    file_batch(console, 8, passed).await;
}

/// Files an accepted change of the roster, which enters the next community file.
pub async fn change(console: &TestConsole, change: RosterChange) {
    let context = &console.console.context;
    let report = SealedReport {
        stream: StreamId([4; 16]),
        seq: 0,
        record: RecordId([7; 16]),
        kid: KeyId([4; 8]),
        link: [0; 32],
        ciphertext: vec![2; 20],
    };
    let (station, id) = (StationId([1; 16]), BatchId([6; 16]));
    let batch = Batch { station, id, reports: vec![report], awaits: vec![], about: None };
    let signed = batch.sign(&SigningKey::from_bytes(&[1; 32])).bytes;
    context.store.accept(Arrival { batch, signed, received: NOW.plus(60) }).await.unwrap();
    let letter = context.store.claim(1, NOW, NOW.plus(30)).await.unwrap().remove(0);
    let key = letter.reports().unwrap()[0].key;
    let roster = Roster { at: NOW.0, clock: ClockState::Trusted, by: [1; 8], change };
    let filing = Filing::Roster { roster, state: ChangeState::Accepted };
    let settled = vec![Settled { key, outcome: Outcome::Filed(Box::new(filing)), alerts: vec![] }];
    context.store.settle(vec![Opened { letter, settled }], NOW).await.unwrap();
    crate::renewal::renew(context, console.console.now()).await.unwrap();
}

async fn file_batch(console: &TestConsole, batch: u8, passed: &[(Claims, i64)]) {
    let context = &console.console.context;
    let (mut link, mut reports) = ([0; 32], Vec::new());
    for n in 0..passed.len() {
        let number = u16::try_from(n).unwrap().to_be_bytes();
        let mut record = [batch; 16];
        record[..2].copy_from_slice(&number);
        let report = SealedReport {
            stream: StreamId([batch; 16]),
            seq: n as u64,
            record: RecordId(record),
            kid: KeyId([4; 8]),
            link,
            ciphertext: vec![1; 20],
        };
        link = wire::chain(&link, &report.ciphertext);
        reports.push(report);
    }
    let batch =
        Batch { station: StationId([1; 16]), id: BatchId([batch; 16]), reports, awaits: vec![], about: None };
    let signed = batch.sign(&SigningKey::from_bytes(&[1; 32])).bytes;
    context.store.accept(Arrival { batch, signed, received: NOW.plus(60) }).await.unwrap();
    let letter = context.store.claim(passed.len(), NOW, NOW.plus(30)).await.unwrap().remove(0);
    let filed = letter.reports().unwrap().into_iter().zip(passed).map(|(waiting, (claims, at))| {
        let code = health_code::UnverifiedCode::parse(&text(claims)).unwrap().cose().to_vec();
        let passage = Passage {
            at: NOW.0 + at,
            clock: ClockState::Trusted,
            checkpoint: [1; 8],
            collector: [1; 8],
            policies: [3; 32],
            trust: 7,
            shown: Shown::Check,
            code: Carried::Whole(code),
            judged_at: NOW.0 + at,
            direction: Direction::In,
            outcome: wire::Outcome::LetThrough,
        };
        let person = context.keys.person_of(claims);
        let filing = Filing::Passage { passage, claims: Box::new(claims.clone()), person };
        Settled { key: waiting.key, outcome: Outcome::Filed(Box::new(filing)), alerts: vec![] }
    });
    let settled = filed.collect();
    context.store.settle(vec![Opened { letter, settled }], NOW).await.unwrap();
}
