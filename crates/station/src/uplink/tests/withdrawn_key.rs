//! A root that withdraws the key of the community in force.

use health_code::TrustFault;
use health_code::trust::Revocations;

use super::rig::{self, Rig};
use super::trust_download::office;
use crate::testing::{World, key};
use crate::trust_store::TrustStore;

/// The second root withdraws the key of the community in force, and the list after it revokes one more.
fn withdraw_the_communitys_key(world: &mut World) {
    let pair = key(61);
    world.root.version = 2;
    let region = &mut world.root.regions[1];
    (region.kid, region.key) = (pair.kid(), pair.public().clone());
    world.keys.region = pair;
    world.revocations = Revocations::new([3; 16], [[7; 8]]);
    world.list.revocations = world.revocations.index().clone();
    (world.list.version, world.list.root_epoch) = (8, 2);
    // Versions count among files that the root vouches for.
    world.community.version = 1;
}

#[tokio::test]
async fn a_root_that_withdraws_the_communitys_key_comes_in_though_the_communitys_download_fails() {
    let mut rig = Rig::new(|world, request, now| match request.path.as_str() {
        "/v1/trust/community.cose" if request.number < 6 => rig::status(500, ""),
        _ => office(World::files, world, request, now),
    });
    withdraw_the_communitys_key(&mut rig.world.lock().unwrap());
    rig.uplink.attempt().await;
    let trust = rig.trust.current().unwrap();
    assert_eq!((trust.root().version, trust.list().version, trust.revocations().len()), (2, 8, 1));
    let not_believed = Some(TrustFault::CommunityNotBelieved);
    assert_eq!(trust.fault_at(trust.latest_signed_time()), not_believed);
    // A start with such a set opens it.
    let again = TrustStore::load(&rig.dir.path().join("trust")).current().unwrap();
    assert_eq!(again, trust);
    // It heals when the community comes, whatever that one's version.
    for _ in 0..6 {
        rig.uplink.attempt().await;
    }
    let trust = rig.trust.current().unwrap();
    assert_eq!((trust.community().version, trust.unvouched()), (1, None));
    assert_eq!(trust.fault_at(trust.latest_signed_time()), None);
    assert_eq!(TrustStore::load(&rig.dir.path().join("trust")).current().unwrap(), trust);
}
