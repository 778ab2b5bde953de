use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::*;
use crate::clock;
use crate::enrol::EnrolFailure;
use crate::enrol::tests::{answer_of, answer_to, office};
use crate::settings::Language;
use crate::testing::{STATION, World, enrolled, memory_key};

/// A station that is enrolled in the deployment of a moment, and a ticket of that deployment.
fn station(dir: &Path) -> (Folder, Ticket, World) {
    let now = enrolled(dir);
    let folder = Folder::new(dir);
    let mut file = StationFile::load(&folder.settings()).unwrap();
    file.language = Language::En;
    file.save(&folder.settings()).unwrap();
    disk::replace(&folder.receipt(), b"a receipt", Access::Owner).unwrap();
    let world = World::new(now);
    (folder, ticket(&world, now), world)
}

fn ticket(world: &World, now: Timestamp) -> Ticket {
    let answer = answer_of(world, now);
    Ticket::parse(&office(world, move |request| answer_to(&request, answer))).unwrap()
}

async fn enrol(folder: &Folder, ticket: &Ticket, waiting: u64) -> Result<(), EnrolError> {
    let clock = Arc::new(clock::tests::told(&folder.clock(), memory_key()));
    again(folder, ticket, clock, waiting, &mut |_| ()).await
}

fn settings(folder: &Folder) -> StationFile {
    StationFile::load(&folder.settings()).unwrap()
}

/// Another deployment: the same sample with another root.
fn another(now: Timestamp) -> World {
    let mut other = World::new(now);
    other.root.expires = other.root.expires.plus(1);
    other
}

#[tokio::test]
async fn a_station_is_enrolled_again_and_is_the_same_one() {
    let dir = tempfile::tempdir().unwrap();
    let (folder, ticket, _) = station(dir.path());
    let key = fs::read(folder.key()).unwrap();
    enrol(&folder, &ticket, 7).await.unwrap();
    assert_ne!(settings(&folder).office.url, ticket.url, "it runs until it is opened again");
    finish(&folder).unwrap();
    let file = settings(&folder);
    assert_eq!((file.office.url.as_str(), file.name.as_str()), (ticket.url.as_str(), "样例 08"));
    assert_eq!((file.station().unwrap(), file.language), (STATION, Language::En));
    assert_eq!(fs::read(folder.key()).unwrap(), key);
    assert!(folder.receipt().exists(), "it is the same office's");
    assert!(folder.next().folders().iter().chain(&folder.next().files()).all(|path| !path.exists()));
}

#[tokio::test]
async fn another_deployment_does_not_get_a_station_with_reports() {
    let dir = tempfile::tempdir().unwrap();
    let (folder, ..) = station(dir.path());
    let other = another(crate::testing::wall());
    let text = office(&other, |_| panic!("the ticket went to the other deployment"));
    let refused = enrol(&folder, &Ticket::parse(&text).unwrap(), 1).await.unwrap_err();
    assert_eq!(refused.failure(), EnrolFailure::OtherDeployment);
    finish(&folder).unwrap();
    assert_eq!(settings(&folder).office.url, "http://127.0.0.1:9", "nothing was changed");

    let ticket = ticket(&other, crate::testing::wall());
    enrol(&folder, &ticket, 0).await.unwrap();
    finish(&folder).unwrap();
    assert_eq!(settings(&folder).office.url, ticket.url);
    assert!(!folder.receipt().exists(), "the old office's");
    let root: [u8; 32] = Sha256::digest(trust_folder::read(&folder.trust()).unwrap().root).into();
    assert_eq!(root, ticket.root);
}

#[tokio::test]
async fn whoever_is_killed_in_between_is_undone_or_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let (folder, ticket, world) = station(dir.path());
    let old = settings(&folder).office.url;
    let next = folder.next();
    // Before the trust files are whole.
    enrol(&folder, &ticket, 0).await.unwrap();
    fs::rename(&next.trust, next.trust.with_extension("new")).unwrap();
    finish(&folder).unwrap();
    assert_eq!(settings(&folder).office.url, old);
    assert!(!next.settings.exists() && !next.trust.with_extension("new").exists());
    // After the trust files took their place, and after the settings did.
    for also_settings in [false, true] {
        let ticket = self::ticket(&world, crate::testing::wall());
        enrol(&folder, &ticket, 0).await.unwrap();
        trust_folder::swap(&folder.trust(), &world.files()).unwrap();
        if also_settings {
            StationFile::load(&next.settings).unwrap().save(&folder.settings()).unwrap();
        }
        finish(&folder).unwrap();
        assert_eq!(settings(&folder).office.url, ticket.url);
    }
    // While the traces are erased.
    let now = settings(&folder).office.url;
    fs::create_dir(&next.over).unwrap();
    fs::write(next.over.join(trust_folder::ROOT), b"half").unwrap();
    fs::write(&next.settings, b"half").unwrap();
    finish(&folder).unwrap();
    assert_eq!(settings(&folder).office.url, now);
    assert!(!next.over.exists() && !next.settings.exists());
}

#[tokio::test]
async fn a_clock_that_counts_as_right_and_is_not_is_told_apart() {
    let error = EnrolError::Link(crate::ExchangeError::Dates);
    assert_eq!((error.code(), error.may_pass()), ("clock-wrong", true));
}
