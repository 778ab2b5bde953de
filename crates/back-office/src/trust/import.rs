//! Reading trust files from a folder, where a publisher put them.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use disk::{Access, DiskError, trust_folder};
use health_code::limits::ROOT_STEPS;
use health_code::{Rejection, RootPin, Timestamp, Trust, TrustFiles, TrustUpdate};

use super::{TrustError, in_force};
use crate::store::{Considered, Dropped, Store};

/// A verified set from a folder.
pub(super) struct Import {
    pub trust: Trust,
    /// The roots that lead to the set's root, each with its version.
    pub roots: Vec<(u64, Vec<u8>)>,
    /// The changes made at stations that it contains for the first time.
    pub entered: Vec<Considered>,
    /// What the set in force held, and it does not.
    pub dropped: Vec<Dropped>,
}

/// What a folder has that is newer than the set in force.
#[derive(Default)]
pub(super) struct News {
    /// The set that follows, if there is one.
    pub import: Option<Import>,
    /// Why the folder's community is not in it. One file that is refused keeps out no other.
    pub left_out: Option<Rejection>,
}

/// Times and lengths of the files in a folder. They tell a changed file from an unchanged one.
pub(super) type Stamps = [Option<(SystemTime, u64)>; trust_folder::FILES.len()];

/// Copies the files of another folder into `folder`, if they may follow those in force.
///
/// # Errors
/// [`TrustError`]; nothing is copied then.
pub async fn copy(from: &Path, folder: &Path, store: &dyn Store, now: Timestamp) -> Result<(), TrustError> {
    let import = match in_force(store).await? {
        Some(trust) => {
            let News { import, left_out } = newer(&trust, from, now)?;
            if let Some(left_out) = left_out {
                tracing::warn!(%left_out, "the community file was not copied");
            }
            import.unwrap_or(Import { trust, roots: Vec::new(), entered: Vec::new(), dropped: Vec::new() })
        }
        None => first(from)?,
    };
    disk::private_folder(folder)?;
    for (version, root) in import.roots {
        disk::replace(&folder.join(trust_folder::root_step(version)), &root, Access::Owner)?;
    }
    Ok(trust_folder::replace_each(folder, import.trust.files(), Access::Owner)?)
}

/// Reads the first set. Its own root is the pin: whoever fills the folder decides whom to trust.
pub(super) fn first(folder: &Path) -> Result<Import, TrustError> {
    let files = match trust_folder::read(folder) {
        Err(DiskError::NotFound { .. }) => return Err(TrustError::Missing(folder.to_owned())),
        other => other?,
    };
    let pin = RootPin::of(&files.root);
    let trust = Trust::open(files, &pin)?.vouched_for()?;
    Ok(Import { trust, roots: Vec::new(), entered: Vec::new(), dropped: Vec::new() })
}

/// Reads the set that follows `current`; none if the folder is empty or its files are those in force.
/// The roots between (`N.root.cose`) are followed one by one.
pub(super) fn newer(current: &Trust, folder: &Path, now: Timestamp) -> Result<News, TrustError> {
    let offered = match trust_folder::read(folder) {
        Err(DiskError::NotFound { .. }) => return Ok(News::default()),
        other => other?,
    };
    let TrustFiles { root, list, community, revocations, policies } = current.files();
    let roots = trust_folder::root_steps(folder, current.root().version, ROOT_STEPS)?;
    // The last step and root.cose are usually the same file.
    let last = changed(offered.root, root).filter(|root| roots.last().is_none_or(|(_, step)| step != root));
    let update = TrustUpdate {
        roots: roots.iter().map(|(_, file)| file.clone()).chain(last).collect(),
        list: changed(offered.list, list),
        community: changed(offered.community, community),
        revocations: (offered.revocations != *revocations).then_some(offered.revocations),
        policies: if offered.policies == *policies { Vec::new() } else { offered.policies },
    };
    if (TrustUpdate { revocations: None, ..update.clone() }) == TrustUpdate::default() {
        return Ok(News::default());
    }
    // What nobody vouches for is not passed on: a root that withdraws the community's key needs the next
    // community here.
    let (trust, left_out) = match current.update(&update, now).and_then(Trust::vouched_for) {
        Ok(trust) => (trust, None),
        Err(rejection) if update.community.is_some() => {
            let others = TrustUpdate { community: None, ..update };
            let others = current.update(&others, now).and_then(Trust::vouched_for);
            let Ok(trust) = others else { return Err(rejection.into()) };
            (trust, Some(rejection))
        }
        Err(rejection) => return Err(rejection.into()),
    };
    let is_new = trust.files() != current.files();
    Ok(News {
        import: is_new.then_some(Import { trust, roots, entered: Vec::new(), dropped: Vec::new() }),
        left_out,
    })
}

/// Returns the times and lengths of the files in a folder; `None` for one that is not there.
pub(super) fn stamps(folder: &Path) -> Stamps {
    trust_folder::FILES.map(|name| {
        let metadata = fs::metadata(folder.join(name)).ok()?;
        Some((metadata.modified().ok()?, metadata.len()))
    })
}

fn changed(offered: Vec<u8>, current: &Vec<u8>) -> Option<Vec<u8>> {
    (offered != *current).then_some(offered)
}
