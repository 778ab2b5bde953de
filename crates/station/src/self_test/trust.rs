//! The trust files: every signature is verified anew, from what is on the disk now.

use std::path::Path;

use disk::trust_folder;
use gate::window::workbench::{TestFailure, TestFinding};
use health_code::{Freshness, Timestamp, Trust};

use super::Tried;

const DAY: i64 = 86_400;

/// Reads the folder and verifies it.
pub(super) fn verify(dir: &Path, now: Timestamp) -> Tried {
    let pin = trust_folder::read_pin(dir).map_err(|_| TestFailure::TrustMissing)?;
    let files = trust_folder::read(dir).map_err(|_| TestFailure::TrustMissing)?;
    let trust = Trust::open(files, &pin).map_err(|_| TestFailure::TrustRefused)?;
    match trust.freshness(now) {
        Freshness::Expired => Err(TestFailure::TrustExpired),
        Freshness::Fresh => {
            let (list, community) = (trust.list().version, trust.community().version);
            Ok(TestFinding::Signed { list, community })
        }
        Freshness::Old => {
            let days = now.since(trust.list().issued).max(0) / DAY;
            Err(TestFailure::TrustOld { days: u32::try_from(days).unwrap_or(u32::MAX) })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::World;

    const NOW: Timestamp = Timestamp(1_900_000_000);

    #[test]
    fn trust_fails_if_it_is_gone_altered_old_or_expired() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("trust");
        assert_eq!(verify(&folder, NOW), Err(TestFailure::TrustMissing));
        let world = World::new(NOW);
        world.store(dir.path());
        let (list, community) = (world.list.version, world.community.version);
        assert_eq!(verify(&folder, NOW), Ok(TestFinding::Signed { list, community }));
        let old = verify(&folder, NOW.plus(8 * DAY));
        assert!(matches!(old, Err(TestFailure::TrustOld { days: 8.. })), "{old:?}");
        assert_eq!(verify(&folder, NOW.plus(400 * DAY)), Err(TestFailure::TrustExpired));
        let path = folder.join(trust_folder::LIST);
        let mut bytes = std::fs::read(&path).unwrap();
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(verify(&folder, NOW), Err(TestFailure::TrustRefused));
        std::fs::remove_file(&path).unwrap();
        assert_eq!(verify(&folder, NOW), Err(TestFailure::TrustMissing));
    }
}
