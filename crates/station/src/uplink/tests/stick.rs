//! What a stick brings is taken by the same checks as what the network brings, and no way is taken twice.

use std::path::Path;
use std::sync::Mutex;

use disk::trust_folder;
use gate::Input;
use gate::window::stick::{ReceiptsOnStick, ReportsOnStick, StickProblem, TrustOnStick};
use health_code::Timestamp;
use tokio::sync::oneshot;
use wire::stick::{Export, Receipts, SealedCommunity, public_key};
use wire::{Generation, Receipt, SignedBatch, StationId};

use super::rig::{Rig, cose, record, signed, status};
use crate::stick::drive::{At, Drive, FolderDrive};
use crate::stick::found::Found;
use crate::testing::{OWN, STATION, World, signing_key};
use crate::uplink::stick::{Done, Task};

/// A station whose office is never reached, and a stick.
fn rig() -> (Rig, tempfile::TempDir) {
    (Rig::new(|_, _, _| status(503, "")), tempfile::tempdir().unwrap())
}

async fn take(rig: &mut Rig, stick: &Path, carry: bool) -> Done {
    let drive = FolderDrive::new(stick, STATION);
    let found = Found::read(&drive, rig.trust.current().map_or(0, |trust| trust.root().version));
    let (answer, answered) = oneshot::channel();
    rig.uplink.take_stick(Task { found, carry, answer }).await;
    let done = answered.await.unwrap();
    if let Some(file) = done.write.as_ref().filter(|_| carry) {
        drive.write(wire::stick::REPORTS, file).unwrap();
    }
    done
}

/// Takes in at an office what is on the stick, and changes each receipt.
fn office(rig: &Rig, stick: &Path, change: impl Fn(&mut Receipt)) {
    let own = stick.join(STATION.to_string());
    let export = Export::parse(&std::fs::read(own.join(wire::stick::REPORTS)).unwrap()).unwrap();
    let key = health_code::PublicKey::from_bytes(&signing_key(OWN).verifying_key().to_bytes()).unwrap();
    let receipts = export.batches.iter().map(|batch| {
        let batch = SignedBatch::open(&batch.bytes, &key).unwrap();
        let world = rig.world.lock().unwrap();
        let mut receipt = world.receipt(&batch, Timestamp(rig.trust.current().unwrap().list().issued.0 + 60));
        change(&mut receipt);
        signed(&receipt)
    });
    let file = Receipts { receipts: receipts.collect() }.to_bytes();
    std::fs::write(own.join(wire::stick::RECEIPTS), file).unwrap();
}

/// Writes the world's trust files to the stick, sealed to these stations.
fn publish(world: &World, stick: &Path, stations: &[(StationId, u8)]) {
    let files = world.files();
    let keys = stations.iter().map(|(id, key)| (*id, public_key(&signing_key(*key)))).collect();
    let sealed = SealedCommunity::seal(&files.community, &keys, &mut crate::entropy::rng().unwrap());
    for (name, bytes) in [
        (trust_folder::ROOT, files.root),
        (trust_folder::LIST, files.list),
        ("revocations.bin", files.revocations.to_vec()),
        ("policies.cbor", health_code::trust::bundle(&files.policies)),
        (wire::stick::COMMUNITY, sealed.to_bytes()),
    ] {
        std::fs::write(stick.join(name), bytes).unwrap();
    }
}

#[tokio::test]
async fn what_waits_goes_out_stays_and_is_settled_by_the_receipts_of_a_stick() {
    let (mut rig, stick) = rig();
    rig.append(3);
    let looked = take(&mut rig, stick.path(), false).await;
    assert_eq!(looked.reports, ReportsOnStick::Out { reports: 3, more: 0 });
    assert_eq!((looked.trust, looked.receipts), (TrustOnStick::Nothing, ReceiptsOnStick::Nothing));
    let first = take(&mut rig, stick.path(), true).await;
    assert_eq!(first.write, looked.write, "the same reports are the same batches");
    assert_eq!(rig.records().await.len(), 3, "they stay until a receipt comes");
    let again = take(&mut rig, stick.path(), true).await;
    assert_eq!((again.reports, again.write), (ReportsOnStick::There { reports: 3 }, None));
    office(&rig, stick.path(), |receipt| receipt.lines.truncate(2));
    assert_eq!(take(&mut rig, stick.path(), false).await.receipts, ReceiptsOnStick::Settles { reports: 2 });
    assert_eq!(rig.records().await.len(), 3, "a look changes nothing");
    let settled = take(&mut rig, stick.path(), true).await;
    assert_eq!(settled.receipts, ReceiptsOnStick::Settles { reports: 2 });
    assert_eq!(settled.reports, ReportsOnStick::Out { reports: 1, more: 0 });
    assert_eq!(rig.records().await, [record(2)]);
    assert_eq!(take(&mut rig, stick.path(), true).await.receipts, ReceiptsOnStick::Known);
    assert!(rig.requests().is_empty());
}

#[tokio::test]
async fn receipts_of_others_altered_ones_and_those_of_an_office_before_its_restore_settle_nothing() {
    let (mut rig, stick) = rig();
    rig.append(2);
    take(&mut rig, stick.path(), true).await;
    let problem = |why| ReceiptsOnStick::Problem { why };
    office(&rig, stick.path(), |receipt| receipt.station = StationId([9; 16]));
    assert_eq!(take(&mut rig, stick.path(), true).await.receipts, problem(StickProblem::OtherStation));
    office(&rig, stick.path(), |receipt| receipt.time += 400 * 86_400 * 30);
    assert_eq!(take(&mut rig, stick.path(), true).await.receipts, problem(StickProblem::OtherDeployment));
    let own = stick.path().join(STATION.to_string()).join(wire::stick::RECEIPTS);
    office(&rig, stick.path(), |_| ());
    let mut bytes = std::fs::read(&own).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&own, bytes).unwrap();
    assert_eq!(take(&mut rig, stick.path(), true).await.receipts, problem(StickProblem::OtherDeployment));
    std::fs::write(&own, b"rubbish").unwrap();
    assert_eq!(take(&mut rig, stick.path(), true).await.receipts, problem(StickProblem::Malformed));
    office(&rig, stick.path(), |receipt| receipt.lines.iter_mut().for_each(|line| line.hash[0] ^= 1));
    assert_eq!(take(&mut rig, stick.path(), true).await.receipts, ReceiptsOnStick::Known);
    assert_eq!(rig.records().await.len(), 2);
    // The office was restored: a receipt of its new state came, then one of before that arrives late.
    office(&rig, stick.path(), |receipt| {
        receipt.lines.clear();
        receipt.generation = Generation([7; 16]);
        receipt.time += 3600;
    });
    assert_eq!(take(&mut rig, stick.path(), true).await.receipts, ReceiptsOnStick::Known);
    office(&rig, stick.path(), |_| ());
    assert_eq!(take(&mut rig, stick.path(), true).await.receipts, problem(StickProblem::Older));
    rig.restart();
    assert_eq!(
        take(&mut rig, stick.path(), true).await.receipts,
        problem(StickProblem::Older),
        "still known"
    );
    assert_eq!(rig.records().await.len(), 2, "nothing is lost");
    office(&rig, stick.path(), |receipt| {
        receipt.generation = Generation([7; 16]);
        receipt.time += 7200;
    });
    assert_eq!(take(&mut rig, stick.path(), true).await.receipts, ReceiptsOnStick::Settles { reports: 2 });
    assert!(rig.records().await.is_empty());
}

#[tokio::test]
async fn newer_trust_files_come_in_for_those_they_are_sealed_to() {
    let (mut rig, stick) = rig();
    let before = rig.trust.current().unwrap();
    let older = rig.world.lock().unwrap().clone();
    publish(&older, stick.path(), &[(STATION, OWN)]);
    assert_eq!(take(&mut rig, stick.path(), true).await.trust, TrustOnStick::Current, "the same is no news");
    let newer = {
        let mut world = rig.world.lock().unwrap();
        world.community.version += 1;
        world.list.version += 1;
        world.clone()
    };
    publish(&newer, stick.path(), &[(StationId([1; 16]), 3)]);
    let TrustOnStick::Newer { list, community, left_out, .. } =
        take(&mut rig, stick.path(), false).await.trust
    else {
        panic!("the list is newer");
    };
    assert_eq!((list.from + 1, community.from), (list.to, community.to), "the community is for others");
    assert_eq!(left_out, Some(StickProblem::OtherStation));
    assert_eq!(rig.trust.current().unwrap(), before, "a look changes nothing");
    publish(&newer, stick.path(), &[(STATION, OWN), (StationId([1; 16]), 3)]);
    let done = take(&mut rig, stick.path(), true).await;
    let TrustOnStick::Newer { community, left_out, people, until, .. } = done.trust else {
        panic!("{:?}", done.trust)
    };
    assert_eq!((community.from + 1, left_out, people), (community.to, None, 0));
    assert_eq!(rig.trust.current().unwrap().files(), &newer.files());
    assert!(until > newer.list.issued);
    assert!(rig.told().iter().any(|input| matches!(input, Input::Trust(Some(_)))));
    // An older stick, and one of another deployment.
    publish(&older, stick.path(), &[(STATION, OWN)]);
    assert_eq!(
        take(&mut rig, stick.path(), true).await.trust,
        TrustOnStick::Problem { why: StickProblem::Older }
    );
    let mut forged = newer.clone();
    forged.list.version += 1;
    forged.keys.publisher = crate::testing::key(99);
    publish(&forged, stick.path(), &[(STATION, OWN)]);
    let why = StickProblem::OtherDeployment;
    assert_eq!(take(&mut rig, stick.path(), true).await.trust, TrustOnStick::Problem { why });
    assert_eq!(rig.trust.current().unwrap().files(), &newer.files());
}

#[tokio::test]
async fn a_withdrawal_comes_by_a_stick_and_the_station_ends_once_its_receipts_have_come() {
    let (mut rig, stick) = rig();
    rig.append(2);
    let withdrawn = {
        let mut world = rig.world.lock().unwrap();
        world.community.version += 1;
        world.community.withdrawn = vec![STATION.0];
        world.clone()
    };
    publish(&withdrawn, stick.path(), &[(STATION, OWN)]);
    let done = take(&mut rig, stick.path(), true).await;
    assert_eq!(done.reports, ReportsOnStick::Out { reports: 2, more: 0 });
    assert!(rig.told().iter().any(|input| matches!(input, Input::Withdrawn(_))));
    assert!(rig.dir.path().join("trust").exists(), "something waits still");
    office(&rig, stick.path(), |_| ());
    assert_eq!(take(&mut rig, stick.path(), true).await.receipts, ReceiptsOnStick::Settles { reports: 2 });
    assert!(!rig.dir.path().join("trust").exists() && !rig.dir.path().join("station.key").exists());
    let why = StickProblem::NoStation;
    assert_eq!(take(&mut rig, stick.path(), true).await.trust, TrustOnStick::Problem { why });
}

#[tokio::test]
async fn what_went_by_a_stick_may_go_by_the_network_too() {
    let mut rig = Rig::new(|world, request, now| cose(&signed(&world.receipt(&request.batch(), now))));
    let stick = tempfile::tempdir().unwrap();
    rig.append(3);
    take(&mut rig, stick.path(), true).await;
    office(&rig, stick.path(), |_| ());
    rig.uplink.attempt().await;
    assert_eq!(rig.requests()[0].batch().reports.len(), 3);
    assert!(rig.records().await.is_empty());
    assert_eq!(take(&mut rig, stick.path(), true).await.receipts, ReceiptsOnStick::Known);
}

/// A stick that fails at the so manieth read or write.
struct Failing<'d> {
    inner: &'d FolderDrive,
    left: Mutex<u32>,
}

impl Failing<'_> {
    fn step(&self) -> Result<(), StickProblem> {
        let mut left = self.left.lock().unwrap();
        *left = left.checked_sub(1).ok_or(StickProblem::Pulled)?;
        Ok(())
    }
}

impl Drive for Failing<'_> {
    fn read(&self, at: At<'_>, limit: usize) -> Result<Option<Vec<u8>>, StickProblem> {
        self.step()?;
        self.inner.read(at, limit)
    }

    fn write(&self, name: &str, contents: &[u8]) -> Result<(), StickProblem> {
        self.step()?;
        self.inner.write(name, contents)
    }

    fn remove(&self, name: &str) {
        self.inner.remove(name);
    }

    fn free(&self) -> Option<u64> {
        None
    }
}

#[tokio::test]
async fn a_stick_that_is_pulled_at_any_step_loses_nothing_and_the_next_time_completes_it() {
    for steps in 0..16 {
        let (mut rig, stick) = rig();
        rig.append(2);
        take(&mut rig, stick.path(), true).await;
        office(&rig, stick.path(), |receipt| receipt.lines.truncate(1));
        let newer = {
            let mut world = rig.world.lock().unwrap();
            world.community.version += 1;
            world.clone()
        };
        publish(&newer, stick.path(), &[(STATION, OWN)]);
        let inner = FolderDrive::new(stick.path(), STATION);
        let failing = Failing { inner: &inner, left: Mutex::new(steps) };
        let found = Found::read(&failing, 1);
        let (answer, answered) = oneshot::channel();
        rig.uplink.take_stick(Task { found, carry: true, answer }).await;
        if let Some(file) = answered.await.unwrap().write {
            let _ = failing.write(wire::stick::REPORTS, &file);
        }
        assert!(rig.records().await.contains(&record(1)), "{steps}: not acknowledged, so still here");
        let export =
            std::fs::read(stick.path().join(STATION.to_string()).join(wire::stick::REPORTS)).unwrap();
        assert!(Export::parse(&export).is_ok(), "{steps}: a file is whole");
        take(&mut rig, stick.path(), true).await;
        assert_eq!(rig.records().await, [record(1)], "{steps}");
        assert_eq!(rig.trust.current().unwrap().files(), &newer.files(), "{steps}");
    }
}
