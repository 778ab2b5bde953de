//! The trust files that a stick takes to the stations of one community.

use std::collections::BTreeMap;

use disk::trust_folder::{LIST, POLICIES, REVOCATIONS, ROOT, root_step};
use health_code::Region;
use health_code::limits::ROOT_STEPS;
use health_code::trust::bundle;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use wire::StationId;
use wire::limits::SEALED_STATIONS;
use wire::stick::{COMMUNITY, SealedCommunity};

use crate::context::Context;
use crate::store::StoreError;
use crate::system::{NoRandomness, random};

/// The files for one community.
#[derive(Debug)]
pub struct TrustOnStick {
    /// The files by their names, in the order in which they are written.
    pub files: Vec<(String, Vec<u8>)>,
    /// How many stations can open the community's file.
    pub stations: usize,
    /// The versions of list and community.
    pub versions: (u64, u64),
}

/// Why there are no files.
#[derive(Debug, thiserror::Error)]
pub enum NoTrustFiles {
    /// The store cannot be read, or has no file of this community.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Nothing can be sealed.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

impl TrustOnStick {
    /// Returns the files in force for a community. Its own file is sealed to its stations that are in service,
    /// and left out where there is none.
    ///
    /// # Errors
    /// [`NoTrustFiles`].
    pub async fn of(context: &Context, community: &Region) -> Result<Self, NoTrustFiles> {
        context.trust.follow().await?;
        let (trust, _) = context.trust.offered(community).await?;
        let files = trust.files();
        let version = trust.root().version;
        let mut out = Vec::new();
        let first = version.saturating_sub(ROOT_STEPS as u64).max(1);
        for step in first.saturating_add(1)..=version {
            let kept = context.store.root(step).await?;
            out.extend(kept.map(|root| (root_step(step), root)));
        }
        out.push((REVOCATIONS.to_owned(), files.revocations.to_vec()));
        out.push((POLICIES.to_owned(), bundle(&files.policies)));
        out.push((ROOT.to_owned(), files.root.clone()));
        out.push((LIST.to_owned(), files.list.clone()));
        let stations = stations(context, community).await?;
        if !stations.is_empty() {
            let mut rng = ChaCha20Rng::from_seed(random()?);
            let sealed = SealedCommunity::seal(&files.community, &stations, &mut rng);
            out.push((COMMUNITY.to_owned(), sealed.to_bytes()));
        }
        let versions = (trust.list().version, trust.community().version);
        Ok(Self { files: out, stations: stations.len(), versions })
    }
}

/// Returns the stations of a community that are in service, each with the key to which its file is sealed.
async fn stations(
    context: &Context,
    community: &Region,
) -> Result<BTreeMap<StationId, [u8; 32]>, StoreError> {
    let all = context.store.stations().await?;
    let serve = all.into_iter().filter(|it| it.withdrawn.is_none() && it.community == *community);
    let mut keys: BTreeMap<_, _> = serve.map(|it| (it.id, it.sealing)).collect();
    if keys.len() > SEALED_STATIONS {
        tracing::warn!(stations = keys.len(), "a stick serves no more than {SEALED_STATIONS} stations");
        let last = keys.keys().nth(SEALED_STATIONS).copied();
        last.into_iter().for_each(|last| drop(keys.split_off(&last)));
    }
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use wire::stick::private_key;

    use super::*;
    use crate::api::testing::TestOffice;

    fn names(files: &TrustOnStick) -> Vec<&str> {
        files.files.iter().map(|(name, _)| name.as_str()).collect()
    }

    #[tokio::test]
    async fn a_community_goes_sealed_to_its_stations_in_service_and_the_rest_as_it_is() {
        let office = TestOffice::new().await;
        let community: Region = sample::HERE.parse().unwrap();
        let none = TrustOnStick::of(&office.context, &community).await.unwrap();
        let common = [REVOCATIONS, POLICIES, ROOT, LIST];
        assert_eq!((names(&none), none.stations), (common.to_vec(), 0), "nobody could open it");
        let (station, key) = office.enrol().await;
        let files = TrustOnStick::of(&office.context, &community).await.unwrap();
        assert_eq!((names(&files), files.stations), ([&common[..], &[COMMUNITY]].concat(), 1));
        let sealed = SealedCommunity::parse(&files.files[4].1).unwrap();
        let trust = office.context.trust.trust();
        assert_eq!(sealed.open(station, &private_key(&key)).unwrap(), trust.files().community);
        let people = &trust.community().people[0].masked_phone;
        let holds = |bytes: &[u8]| bytes.windows(people.len()).any(|part| part == people.as_bytes());
        assert!(holds(&trust.files().community) && !files.files.iter().any(|(_, file)| holds(file)));
        office.withdraw_all().await;
        let files = TrustOnStick::of(&office.context, &community).await.unwrap();
        assert_eq!((names(&files), files.stations), (common.to_vec(), 0), "a withdrawn one gets none");
        let elsewhere = TrustOnStick::of(&office.context, &"990106001001".parse().unwrap()).await;
        assert!(matches!(elsewhere, Err(NoTrustFiles::Store(_))));
    }
}
