//! What lies on a stick, read and not looked into.

use disk::trust_folder::{LIST, POLICIES, REVOCATIONS, ROOT, root_step};
use gate::window::stick::StickProblem;
use health_code::limits::ROOT_STEPS;
use wire::limits::{RECEIPTS_BYTES, SEALED_COMMUNITY_BYTES, TRUST_FILE_BYTES};
use wire::stick::{COMMUNITY, RECEIPTS, REPORTS};

use super::drive::{At, Drive};
use crate::limits::{SHELF_BYTES, STICK_REPORTS_BYTES};

/// A file as it was read; `None` where there is none.
pub(crate) type Read = Result<Option<Vec<u8>>, StickProblem>;

/// The files of a stick.
#[derive(Debug)]
pub(crate) struct Found {
    /// The roots that follow the one in force, in order, and after them the newest.
    pub roots: Result<Vec<Vec<u8>>, StickProblem>,
    pub list: Read,
    pub revocations: Read,
    pub policies: Read,
    /// The community's file, sealed.
    pub community: Read,
    /// Files of receipts: this station's own, and the one in the top folder.
    pub receipts: [Read; 2],
    /// The reports that this station wrote there before.
    pub reports: Read,
}

/// How much more of a stick may be read into memory.
struct Budget(usize);

impl Budget {
    fn read(&mut self, drive: &dyn Drive, at: At<'_>, limit: usize) -> Read {
        let read = drive.read(at, limit.min(self.0))?;
        self.0 = self.0.saturating_sub(read.as_ref().map_or(0, Vec::len));
        Ok(read)
    }

    fn roots(&mut self, drive: &dyn Drive, after: u64) -> Result<Vec<Vec<u8>>, StickProblem> {
        let mut roots = Vec::new();
        for version in (after.saturating_add(1)..=u64::MAX).take(ROOT_STEPS) {
            match self.read(drive, At::Top(&root_step(version)), TRUST_FILE_BYTES)? {
                Some(root) => roots.push(root),
                None => break,
            }
        }
        let newest = self.read(drive, At::Top(ROOT), TRUST_FILE_BYTES)?;
        roots.extend(newest.filter(|newest| roots.last() != Some(newest)));
        Ok(roots)
    }
}

impl Found {
    /// Reads a stick. `root` is the version of the root in force: older ones are of no use.
    pub(crate) fn read(drive: &dyn Drive, root: u64) -> Self {
        let mut left = Budget(SHELF_BYTES);
        let mut top = |name, limit| left.read(drive, At::Top(name), limit);
        let list = top(LIST, TRUST_FILE_BYTES);
        let revocations = top(REVOCATIONS, TRUST_FILE_BYTES);
        let policies = top(POLICIES, health_code::trust::BUNDLE_BYTES);
        let community = top(COMMUNITY, SEALED_COMMUNITY_BYTES);
        let receipts = [At::Own(RECEIPTS), At::Top(RECEIPTS)];
        let receipts = receipts.map(|at| left.read(drive, at, RECEIPTS_BYTES));
        let reports = left.read(drive, At::Own(REPORTS), STICK_REPORTS_BYTES);
        let roots = left.roots(drive, root);
        Self { roots, list, revocations, policies, community, receipts, reports }
    }
}
