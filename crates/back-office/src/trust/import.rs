//! Reading trust files from a folder, where a publisher put them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use disk::{Access, DiskError, trust_folder};
use health_code::limits::ROOT_STEPS;
use health_code::{Region, Rejection, Timestamp, Trust, TrustFiles, TrustUpdate};

use super::error::{LeftOut, TrustError};
use super::sets::{Change, Sets, open};
use crate::store::Store;

/// What a folder has that is newer than the sets in force.
#[derive(Default)]
pub(super) struct News {
    /// The sets that follow those in force, if there are some.
    pub change: Option<Change>,
    /// Why a community's file in the folder is not in them. One file that is refused keeps out no other.
    pub left_out: Option<LeftOut>,
}

/// Times and lengths of the files in a folder. They tell a changed file from an unchanged one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stamps(Vec<(PathBuf, SystemTime, u64)>);

/// Copies the files of another folder into `folder`, if they may follow those in force.
///
/// # Errors
/// [`TrustError`]; nothing is copied then.
pub async fn copy(from: &Path, folder: &Path, store: &dyn Store, now: Timestamp) -> Result<(), TrustError> {
    let sets = Sets::load(store).await?;
    let mut files: BTreeMap<Region, (bool, TrustFiles)> = BTreeMap::new();
    let mut put = |trust: &Trust, is_home| {
        files.insert(trust.community().region.clone(), (is_home, trust.files().clone()));
    };
    let change = match &sets {
        Some(sets) => {
            let News { change, left_out } = newer(sets, from, now)?;
            if let Some(left_out) = left_out {
                tracing::warn!(%left_out, "the community file was not copied");
            }
            sets.all().for_each(|held| put(&held.trust, sets.is_home(held.region())));
            change.unwrap_or_default()
        }
        None => {
            let first = first(from)?;
            put(&first, true);
            let beside = neighbours(&first, from, now)?;
            if let Some(left_out) = beside.left_out {
                tracing::warn!(%left_out, "the community file was not copied");
            }
            beside.change.unwrap_or_default()
        }
    };
    for trust in &change.sets {
        put(trust, sets.as_ref().is_some_and(|sets| sets.is_home(&trust.community().region)));
    }
    disk::private_folder(folder)?;
    for (version, root) in change.roots {
        disk::replace(&folder.join(trust_folder::root_step(version)), &root, Access::Owner)?;
    }
    for (region, (is_home, files)) in &files {
        if *is_home {
            trust_folder::replace_each(folder, files, Access::Owner)?;
        } else {
            write_community(folder, region, &files.community)?;
        }
    }
    Ok(())
}

/// Writes the file of a community that is not the first into a folder.
pub(super) fn write_community(folder: &Path, region: &Region, file: &[u8]) -> Result<(), DiskError> {
    disk::private_folder(&folder.join(trust_folder::COMMUNITIES))?;
    disk::replace(&trust_folder::community_path(folder, region), file, Access::Owner)
}

/// Reads the first set. Its own root is the pin: whoever fills the folder decides whom to trust.
pub(super) fn first(folder: &Path) -> Result<Trust, TrustError> {
    let files = match trust_folder::read(folder) {
        Err(DiskError::NotFound { .. }) => return Err(TrustError::Missing(folder.to_owned())),
        other => other?,
    };
    Ok(open(files)?)
}

/// Reads the communities that lie beside the first set.
fn neighbours(first: &Trust, folder: &Path, now: Timestamp) -> Result<News, TrustError> {
    let policies = trust_folder::read(folder)?.policies;
    let mut news = News::default();
    let mut sets = Vec::new();
    for (region, file) in trust_folder::read_communities(folder)? {
        match admit(first, &region, file, &policies, now) {
            _ if region == first.community().region => {}
            Ok(trust) => sets.push(trust),
            Err(why) => news.left_out = Some(LeftOut { region, why }),
        }
    }
    news.change = Some(Change { sets, ..Change::default() });
    Ok(news)
}

/// Returns the trust of a community that is new here.
fn admit(
    base: &Trust,
    region: &Region,
    file: Vec<u8>,
    policies: &[Vec<u8>],
    now: Timestamp,
) -> Result<Trust, Rejection> {
    let trust = base.admit(file, policies, now)?;
    if trust.community().region == *region { Ok(trust) } else { Err(Rejection::OtherCommunity) }
}

/// Reads the sets that follow those in force; none if the folder is empty or its files are those in force.
/// The roots between (`N.root.cose`) are followed one by one.
pub(super) fn newer(current: &Sets, folder: &Path, now: Timestamp) -> Result<News, TrustError> {
    let offered = match trust_folder::read(folder) {
        Err(DiskError::NotFound { .. }) => return Ok(News::default()),
        other => other?,
    };
    let home = &current.home().trust;
    let files = home.files();
    let roots = trust_folder::root_steps(folder, home.root().version, ROOT_STEPS)?;
    // The last step and root.cose are usually the same file.
    let last =
        changed(offered.root, &files.root).filter(|root| roots.last().is_none_or(|(_, step)| step != root));
    let update = TrustUpdate {
        roots: roots.iter().map(|(_, file)| file.clone()).chain(last).collect(),
        list: changed(offered.list, &files.list),
        community: None,
        revocations: (offered.revocations != files.revocations).then_some(offered.revocations),
        policies: offered.policies,
    };
    let base = home.update(&update, now)?;
    let mut communities = vec![(home.community().region.clone(), offered.community)];
    communities.extend(trust_folder::read_communities(folder)?);
    let mut news = News::default();
    let sets = follow(current, &base, &communities, &update.policies, now, &mut news.left_out)?;
    if !sets.is_empty() {
        news.change = Some(Change { sets, roots, ..Change::default() });
    }
    Ok(news)
}

/// Returns the sets that change under the root and list of `base`, by what is offered for communities.
///
/// # Errors
/// [`Rejection`]: nobody vouches for a community any more, and its next file is not here. What nobody
/// vouches for is not passed on: a root that withdraws the communities' key needs the next ones here.
fn follow(
    current: &Sets,
    base: &Trust,
    communities: &[(Region, Vec<u8>)],
    policies: &[Vec<u8>],
    now: Timestamp,
    left_out: &mut Option<LeftOut>,
) -> Result<Vec<Trust>, Rejection> {
    let mut sets = Vec::new();
    for held in current.all() {
        let own: Vec<Vec<u8>> = held.trust.files().policies.iter().chain(policies).cloned().collect();
        let mut next = base.beside(held.trust.files().community.clone(), &own)?;
        for (region, file) in communities.iter().filter(|(region, _)| region == held.region()) {
            let update = TrustUpdate {
                community: changed(file.clone(), &held.trust.files().community),
                policies: policies.to_vec(),
                ..TrustUpdate::default()
            };
            match next.update(&update, now) {
                Ok(newer) => next = newer,
                Err(why) => *left_out = Some(LeftOut { region: region.clone(), why }),
            }
        }
        if next.unvouched().is_some()
            && let Some(LeftOut { why, .. }) = left_out.take()
        {
            return Err(why);
        }
        let next = next.vouched_for()?;
        if next.files() != held.trust.files() {
            sets.push(next);
        }
    }
    for (region, file) in communities.iter().filter(|(region, _)| current.of(region).is_none()) {
        match admit(base, region, file.clone(), policies, now) {
            Ok(trust) => sets.push(trust),
            Err(why) => *left_out = Some(LeftOut { region: region.clone(), why }),
        }
    }
    Ok(sets)
}

/// Returns the times and lengths of the files in a folder, those left out that are not there.
pub(super) fn stamps(folder: &Path) -> Stamps {
    let names = trust_folder::community_names(folder).unwrap_or_default();
    let communities = names.iter().map(|region| trust_folder::community_path(folder, region));
    let paths = trust_folder::FILES.map(|name| folder.join(name)).into_iter().chain(communities);
    let stamp = |path: PathBuf| {
        let metadata = fs::metadata(&path).ok()?;
        Some((path, metadata.modified().ok()?, metadata.len()))
    };
    Stamps(paths.filter_map(stamp).collect())
}

fn changed(offered: Vec<u8>, current: &Vec<u8>) -> Option<Vec<u8>> {
    (offered != *current).then_some(offered)
}
