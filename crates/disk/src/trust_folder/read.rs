//! Reading a folder of trust files, each within its limit.

use std::path::Path;

use health_code::limits::TRUST_FILE_BYTES;
use health_code::trust::{BUNDLE_BYTES, unbundle};
use health_code::{RootPin, TrustFiles};

use super::{COMMUNITY, LIST, PIN, POLICIES, REVOCATIONS, ROOT, root_step};
use crate::{DiskError, bounded};

/// A pin is 64 digits, and a line's end perhaps.
const PIN_BYTES: u64 = 128;

/// Reads the trust files of a folder, unverified.
///
/// Policies that are not there or not readable keep out no other file: they count as missing, and the
/// trust then says so.
///
/// # Errors
/// [`DiskError`] of the first file that cannot be read.
pub fn read(dir: &Path) -> Result<TrustFiles, DiskError> {
    Ok(TrustFiles {
        root: file(dir, ROOT)?,
        list: file(dir, LIST)?,
        community: file(dir, COMMUNITY)?,
        revocations: file(dir, REVOCATIONS)?.into(),
        policies: policies(dir),
    })
}

/// Reads the roots that lead from version `after` onwards, unverified: `N.root.cose` for each
/// version without a gap, `most` of them at most.
///
/// # Errors
/// [`DiskError`] of the first that is there and cannot be read.
pub fn root_steps(dir: &Path, after: u64, most: usize) -> Result<Vec<(u64, Vec<u8>)>, DiskError> {
    let mut steps = Vec::new();
    for version in (after.saturating_add(1)..=u64::MAX).take(most) {
        let path = dir.join(root_step(version));
        match bounded::read_if_there(&path, TRUST_FILE_BYTES as u64)? {
            Some(root) => steps.push((version, root)),
            None => break,
        }
    }
    Ok(steps)
}

/// Reads the pin that lies beside a station's trust files.
///
/// # Errors
/// [`DiskError`]; [`DiskError::Damaged`] where the file holds no hash.
pub fn read_pin(dir: &Path) -> Result<RootPin, DiskError> {
    let path = dir.join(PIN);
    let text = bounded::read(&path, PIN_BYTES)?;
    let pin = std::str::from_utf8(&text).ok().and_then(|text| text.trim_ascii_end().parse().ok());
    pin.ok_or(DiskError::Damaged { path, expected: "a SHA-256 in hex" })
}

fn policies(dir: &Path) -> Vec<Vec<u8>> {
    let bytes = bounded::read(&dir.join(POLICIES), BUNDLE_BYTES as u64).ok();
    bytes.and_then(|bytes| unbundle(&bytes).ok()).unwrap_or_default()
}

fn file(dir: &Path, name: &str) -> Result<Vec<u8>, DiskError> {
    bounded::read(&dir.join(name), TRUST_FILE_BYTES as u64)
}
