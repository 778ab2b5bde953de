//! The set in force, several servers, and what a publisher puts into the folder meanwhile.

use health_code::TrustFiles;
use sample::{HERE, NOW};

use super::*;
use crate::store::SqliteStore;
use crate::testing::world::{files_with_list, write_trust};

fn here() -> Region {
    HERE.parse().unwrap()
}

fn signed(file: Vec<u8>) -> Vec<Signed> {
    vec![Signed { region: here(), file, policy: None, entered: Vec::new() }]
}

#[tokio::test]
async fn what_one_server_imports_the_other_serves() {
    let data = tempfile::tempdir().unwrap();
    let folders = [data.path().join("one"), data.path().join("other")];
    let server = async |folder: &PathBuf| {
        let store = SqliteStore::open(&data.path().join("office.sqlite")).unwrap();
        TrustInForce::open(folder.clone(), Arc::new(store), NOW).await
    };
    assert!(matches!(server(&folders[0]).await, Err(TrustError::Missing(_))));
    write_trust(&folders[0], &files_with_list(7));
    let one = server(&folders[0]).await.unwrap();
    let other = server(&folders[1]).await.unwrap();
    assert!(!one.refresh(NOW).await.unwrap());
    write_trust(&folders[0], &files_with_list(8));
    assert!(one.refresh(NOW).await.unwrap());
    assert!(other.refresh(NOW).await.unwrap());
    assert_eq!([&one, &other].map(|server| server.trust().list().version), [8, 8]);
    assert_eq!(other.of_list(&here(), 7).await.unwrap()[0].list().version, 7);
    assert!(other.of_list(&here(), 9).await.unwrap().is_empty());
    // A list from before everything that is kept: the set in force stands in.
    assert_eq!(other.of_list(&here(), 6).await.unwrap()[0].list().version, 8);
    let then = other.at(vec![(here(), NOW.plus(-1)), (here(), NOW)]).await.unwrap();
    assert_eq!([&then[0].1, &then[1].1].map(|set| set.list().version), [7, 8]);
    // Who asks the other one for what the first one told of gets it, before the other one looks by itself.
    write_trust(&folders[0], &files_with_list(9));
    assert!(one.refresh(NOW).await.unwrap());
    other.follow().await.unwrap();
    assert_eq!(other.trust().list().version, 9);
    assert!(other.refresh(NOW).await.unwrap(), "what waited for this list is opened all the same");
    assert!(!other.refresh(NOW).await.unwrap());
    write_trust(&folders[0], &files_with_list(10));
    assert!(one.refresh(NOW).await.unwrap());
    assert!(other.refresh(NOW).await.unwrap());
    // An older list stays out.
    write_trust(&folders[1], &files_with_list(7));
    assert!(matches!(other.refresh(NOW).await, Err(TrustError::Rejected(_))));
    assert!(other.refused().is_some());
    assert_eq!(other.trust().list().version, 10);
}

#[tokio::test]
async fn a_community_that_is_refused_keeps_out_no_list() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("trust");
    write_trust(&folder, &files_with_list(7));
    let store = SqliteStore::open(&data.path().join("office.sqlite")).unwrap();
    let office = TrustInForce::open(folder.clone(), Arc::new(store), NOW).await.unwrap();
    let renewed = |name: &str| {
        let mut community = office.trust().community().clone();
        community.version += 1;
        community.name = name.to_owned();
        issuer::sign_community(&community, &[&sample::key(sample::REGION)])
    };
    // The publisher makes the next community, and so does the office.
    let theirs = renewed("theirs");
    office.publish(signed(renewed("ours")), NOW).await.unwrap();
    write_trust(&folder, &TrustFiles { community: theirs, ..files_with_list(8) });
    assert!(office.refresh(NOW).await.unwrap());
    let trust = office.trust();
    assert_eq!((trust.list().version, trust.community().name.as_str()), (8, "ours"));
    assert!(office.refused().unwrap().contains("Community"), "and it says so");
}

#[tokio::test]
async fn what_a_publisher_has_just_put_into_the_folder_is_not_written_over() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("trust");
    write_trust(&folder, &files_with_list(7));
    let store = SqliteStore::open(&data.path().join("office.sqlite")).unwrap();
    let office = TrustInForce::open(folder.clone(), Arc::new(store), NOW).await.unwrap();
    let version = |more: u64| {
        let mut community = office.trust().community().clone();
        community.version += more;
        issuer::sign_community(&community, &[&sample::key(sample::REGION)])
    };
    let files = TrustFiles { community: version(2), ..files_with_list(7) };
    let ours = version(1);
    write_trust(&folder, &files);
    office.publish(signed(ours), NOW).await.unwrap();
    assert!(office.refresh(NOW).await.unwrap());
    assert_eq!(office.trust().files().community, files.community);
}

#[tokio::test]
async fn a_set_with_a_community_that_nobody_vouches_for_is_not_passed_on() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("trust");
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&data.path().join("office.sqlite")).unwrap());
    let mut deployment = sample::Deployment::new();
    let honest = deployment.keys.region.clone();
    deployment.keys.region = sample::key(sample::STRANGER);
    write_trust(&folder, &deployment.files());
    let first = TrustInForce::open(folder.clone(), store.clone(), NOW).await;
    assert!(matches!(first, Err(TrustError::Rejected(Rejection::Threshold { .. }))));
    deployment.keys.region = honest;
    let old = deployment.files();
    write_trust(&folder, &old);
    let office = TrustInForce::open(folder.clone(), store, NOW).await.unwrap();
    // A root withdraws the key of the community in force: it waits for the next community here.
    let pair = sample::key(sample::STRANGER);
    (deployment.root.version, deployment.list.root_epoch, deployment.list.version) = (2, 2, 8);
    (deployment.root.regions[1].kid, deployment.root.regions[1].key) = (pair.kid(), pair.public().clone());
    deployment.keys.region = pair;
    deployment.community.version += 1;
    let new = deployment.files();
    write_trust(&folder, &TrustFiles { community: old.community, ..new.clone() });
    assert!(matches!(office.refresh(NOW).await, Err(TrustError::Rejected(Rejection::Threshold { .. }))));
    assert_eq!((office.trust().root().version, office.trust().unvouched()), (1, None));
    write_trust(&folder, &new);
    assert!(office.refresh(NOW).await.unwrap());
    assert_eq!((office.trust().root().version, office.trust().fault_at(NOW)), (2, None));
}

#[tokio::test]
async fn communities_beside_the_first_come_from_the_folder_and_go_on_under_another_list() {
    let data = tempfile::tempdir().unwrap();
    let folders = [data.path().join("one"), data.path().join("other")];
    let open = async |folder: &PathBuf| {
        let store = SqliteStore::open(&data.path().join("office.sqlite")).unwrap();
        TrustInForce::open(folder.clone(), Arc::new(store), NOW).await.unwrap()
    };
    let there: Region = "420106001002".parse().unwrap();
    let file = |region: &str, version: u64, signer: u8| {
        let mut community = sample::Deployment::new().community;
        (community.region, community.version) = (region.parse().unwrap(), version);
        issuer::sign_community(&community, &[&sample::key(signer)])
    };
    let put = |region: &str, file: &[u8]| {
        let path = folders[0].join(trust_folder::COMMUNITIES);
        std::fs::create_dir_all(&path).unwrap();
        std::fs::write(path.join(format!("{region}.cose")), file).unwrap();
    };
    write_trust(&folders[0], &files_with_list(7));
    put("420106001002", &file("420106001002", 1, sample::REGION));
    // Neither a stranger's, nor one that says it is another community's, keeps out the others.
    put("420106001003", &file("420106001003", 1, sample::STRANGER));
    put("420106001004", &file("420106001005", 1, sample::REGION));
    let (one, other) = (open(&folders[0]).await, open(&folders[1]).await);
    let regions = |server: &TrustInForce| {
        let all = server.communities();
        all.iter().map(|trust| trust.community().region.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(regions(&one), [HERE, "420106001002"]);
    assert_eq!(regions(&other), regions(&one));
    assert!(one.refused().is_some());
    // A newer list counts for both; so does a newer file for its community.
    write_trust(&folders[0], &files_with_list(8));
    put("420106001002", &file("420106001002", 2, sample::REGION));
    assert!(one.refresh(NOW).await.unwrap() && other.refresh(NOW).await.unwrap());
    for server in [&one, &other] {
        let [home, neighbour] = [here(), there.clone()].map(|region| server.of(&region).unwrap());
        assert_eq!((home.list().version, home.community().version), (8, 5));
        assert_eq!((neighbour.list().version, neighbour.community().version), (8, 2));
        assert_eq!(neighbour.fault_at(NOW), None);
    }
    let earlier = one.of_list(&there, 7).await.unwrap();
    assert_eq!(earlier.iter().map(|set| set.community().version).collect::<Vec<_>>(), [1]);
    // What one signs, both serve, and it lies where the community's file lies.
    let signed = Signed {
        region: there.clone(),
        file: file("420106001002", 3, sample::REGION),
        policy: None,
        entered: vec![],
    };
    one.publish(vec![signed.clone()], NOW).await.unwrap();
    assert_eq!(other.offered(&there).await.unwrap().0.community().version, 2);
    other.follow().await.unwrap();
    assert_eq!(other.offered(&there).await.unwrap().0.community().version, 3);
    for folder in &folders {
        assert_eq!(std::fs::read(trust_folder::community_path(folder, &there)).unwrap(), signed.file);
    }
}
