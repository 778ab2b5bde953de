//! A root that withdraws the key of the community in force, and comes without the next community.

use health_code::trust::{BelievedFrom, TrustFile};
use health_code::{Rejection, Trust, TrustFault, TrustFiles, TrustUpdate};

use crate::attacks::{REGION_2, only_community, region_key, sign_root};
use crate::world::*;

/// A set in which the office's key signed the community, with a policy of that community; and what comes
/// after the key was stolen: a root that withdraws it, with a list that revokes one more.
fn after_a_theft() -> (Trust, World, TrustUpdate) {
    let mut before = World::new();
    before.root.regions.push(region_key("420106", REGION_2));
    before.keys.region = key(REGION_2);
    before.community.withdrawn = vec![[7; 16]];
    before.policies.push(health_code::Policy::standard(1, region(HERE), "", NOW.plus(-DAY), ""));
    let trust = before.trust();
    assert_eq!((trust.fault_at(NOW), trust.policy_files().len()), (None, 2));
    let mut next = before.clone();
    (next.root.version, next.root.issued, next.list.root_epoch, next.list.version) = (2, NOW, 2, 8);
    next.root.regions.truncate(2);
    next.keys.region = key(REGION);
    next.revoke([[1; 8]]);
    let update = TrustUpdate {
        roots: vec![sign_root(&next.root)],
        list: Some(next.files().list),
        revocations: Some(next.files().revocations),
        ..TrustUpdate::default()
    };
    (trust, next, update)
}

#[test]
fn a_root_that_withdraws_the_communitys_key_waits_for_no_community() {
    let (trust, next, update) = after_a_theft();
    let after = trust.update(&update, NOW).unwrap();
    assert_eq!((after.root().version, after.list().version, after.revocations().len()), (2, 8, 1));
    // Nothing is judged, at any moment.
    let dates = [after.list().believed_until(), trust.community().believed_until()];
    for moment in [NOW, NOW.plus(DAY), NOW.plus(9999 * DAY)].into_iter().chain(dates) {
        assert_eq!(after.fault_at(moment), Some(TrustFault::CommunityNotBelieved));
    }
    // The community is nobody's word: no people, no checkpoints, no policies, no station withdrawn.
    let why = Rejection::Threshold { file: TrustFile::Community, held: 0, needed: 1 };
    assert_eq!(after.unvouched(), Some(&why));
    let community = after.community();
    assert_eq!(community.region, trust.community().region);
    assert!(community.people.is_empty() && community.checkpoints.is_empty());
    assert!(community.policies.is_empty() && community.contact.is_empty());
    assert_eq!((trust.withdrawn(&[7; 16]), after.withdrawn(&[7; 16])), (true, false));
    let regions = after.policy_files().iter().map(|file| file.policy().region.as_str());
    assert_eq!(regions.collect::<Vec<_>>(), [""]);
    assert_eq!((after.missing_policies(), after.latest_signed_time()), (&[][..], NOW));
    assert_eq!(after.clone().vouched_for(), Err(why));
    // A station that starts with this set opens it, and it is the same.
    assert_eq!(Trust::open(after.files().clone(), &after.pin()), Ok(after.clone()));
    // The next community ends it, whatever its version: that of a file for which nobody vouches does not
    // count. The office's policy went with its key, so this one names none of it.
    for version in [1, 6] {
        let mut next = next.clone();
        next.community.version = version;
        next.policies.clear();
        let healed = after.update(&only_community(next.files().community), NOW).unwrap();
        assert_eq!((healed.unvouched(), healed.fault_at(NOW)), (None, None));
        assert_eq!(healed.community(), &next.community);
    }
}

#[test]
fn no_other_community_is_taken_that_nobody_vouches_for() {
    let (trust, next, update) = after_a_theft();
    let after = trust.update(&update, NOW).unwrap();
    let why = Err(Rejection::Threshold { file: TrustFile::Community, held: 0, needed: 1 });
    let mut thief = next.clone();
    thief.keys.region = key(REGION_2);
    thief.community.version = 6;
    let stolen = thief.files().community;
    // Neither with the root nor after it.
    assert_eq!(trust.update(&TrustUpdate { community: Some(stolen.clone()), ..update.clone() }, NOW), why);
    assert_eq!(after.update(&only_community(stolen.clone()), NOW), why);
    // The bytes in force are no news, and gain nothing.
    let same = only_community(trust.files().community.clone());
    assert_eq!(after.update(&same, NOW), Ok(after.clone()));
    // Its form is checked as ever, and its region stays.
    let mut files = after.files().clone();
    files.community = b"rubbish".to_vec();
    assert!(matches!(Trust::open(files, &after.pin()), Err(Rejection::Malformed { .. })));
    // One that names a key of the root whose signature does not hold is damaged, and no set opens with it.
    let mut files = World::new().files();
    let pin = health_code::RootPin::of(&files.root);
    *files.community.last_mut().unwrap() ^= 1;
    assert_eq!(Trust::open(files, &pin), why);
    let mut neighbour = next.clone();
    neighbour.community.region = region("420106001002");
    neighbour.policies.clear();
    assert_eq!(
        after.update(&only_community(neighbour.files().community), NOW),
        Err(Rejection::OtherCommunity)
    );
    // What root and list believe no more does not end it, either.
    let mut old = next.clone();
    old.list.version = 9;
    let from = old.community.issued.plus(1);
    old.list.believed_from = vec![BelievedFrom { region: region("42"), from }];
    let both = TrustUpdate { list: Some(old.files().list), ..only_community(old.files().community) };
    assert_eq!(after.update(&both, NOW), Err(Rejection::NotBelieved { from }));
    // A newer list comes in meanwhile; and a root that lists the key again vouches for the file again.
    let meanwhile = after.update(&TrustUpdate { community: None, ..both }, NOW).unwrap();
    assert_eq!(meanwhile.list().version, 9);
    assert_eq!(meanwhile.fault_at(NOW), Some(TrustFault::CommunityNotBelieved));
    let mut again = next;
    (again.root.version, again.list.root_epoch, again.list.version) = (3, 3, 9);
    again.root.regions.push(region_key("420106", REGION_2));
    let update = TrustUpdate {
        roots: vec![sign_root(&again.root)],
        list: Some(again.files().list),
        policies: trust.files().policies.clone(),
        ..TrustUpdate::default()
    };
    let again = after.update(&update, NOW).unwrap();
    assert_eq!((again.community(), again.fault_at(NOW)), (trust.community(), None));
}

#[test]
fn a_policy_of_a_community_that_nobody_vouches_for_waits_for_the_next_one() {
    // Signed by the city's key, which goes on.
    let (_, mut next, _) = after_a_theft();
    let mut before = next.clone();
    (before.root.version, before.list.root_epoch, before.list.version) = (1, 1, 7);
    before.root.issued = NOW.plus(-DAY);
    before.root.regions.push(region_key("420106", REGION_2));
    before.revoke([]);
    let community = issuer::sign_community(&before.named_community(), &[&key(REGION_2)]);
    let files = TrustFiles { community, ..before.files() };
    let pin = health_code::RootPin::of(&files.root);
    let trust = Trust::open(files, &pin).unwrap();
    let update = TrustUpdate {
        roots: vec![sign_root(&next.root)],
        list: Some(next.files().list),
        revocations: Some(next.files().revocations),
        ..TrustUpdate::default()
    };
    let after = trust.update(&update, NOW).unwrap();
    assert_eq!((after.policy_files().len(), after.files().policies.len()), (1, 2));
    assert_eq!(Trust::open(after.files().clone(), &after.pin()), Ok(after.clone()));
    next.community.version = 6;
    let healed = after.update(&only_community(next.files().community), NOW).unwrap();
    assert_eq!((healed.fault_at(NOW), healed.policy_files().len()), (None, 2));
}
