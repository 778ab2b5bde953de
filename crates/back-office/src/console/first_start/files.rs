//! Uploaded files: the folder that `kadian-issue trust new` makes, and names of regions.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use disk::{Access, trust_folder};
use health_code::Region;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::console::error::ConsoleError;

/// The office's keys, without the folder.
const KEYS: [&str; 3] = ["sealing.key", "receipt.key", "region.key"];
/// Names of regions.
const REGIONS: &str = "regions.csv";

/// An uploaded file.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NamedFile {
    /// Its name, with or without folders before it.
    name: String,
    /// In base 64.
    content: String,
}

/// What was uploaded, in a folder of its own: `trust/`, `office/`.
pub(super) struct Uploaded {
    folder: tempfile::TempDir,
    /// The names of regions.
    pub regions: Option<Vec<u8>>,
    /// What is not there and has to be.
    pub missing: Vec<String>,
}

impl Uploaded {
    /// Writes what was uploaded below `data`. Files that nobody asked for are left out: keys of people, for one.
    ///
    /// # Errors
    /// [`ConsoleError::BadTrust`] for what is no base 64, or there twice.
    pub fn read(files: &[NamedFile], data: &Path) -> Result<Self, ConsoleError> {
        let folder = tempfile::tempdir_in(data).map_err(|error| said(&error))?;
        let mut this = Self { folder, regions: None, missing: Vec::new() };
        for sub in [this.trust(), this.office()] {
            disk::private_folder(&sub).map_err(|error| said(&error))?;
        }
        let mut seen = Vec::new();
        for NamedFile { name, content } in files {
            let (above, base) = name.rsplit_once(['/', '\\']).unwrap_or(("", name));
            let is_trust = trust_folder::FILES.contains(&base);
            let further = further_community(above, base);
            if !(is_trust || further.is_some() || KEYS.contains(&base) || base == REGIONS) {
                continue;
            }
            if seen.contains(&base) {
                return Err(ConsoleError::BadTrust(format!("{base}: it is there twice")));
            }
            seen.push(base);
            let bytes = BASE64_STANDARD.decode(content);
            let bytes = bytes.map_err(|_| ConsoleError::BadTrust(format!("{base}: it is no base 64")))?;
            if base == REGIONS {
                this.regions = Some(bytes);
                continue;
            }
            let path = match &further {
                Some(region) => trust_folder::community_path(&this.trust(), region),
                None if is_trust => this.trust().join(base),
                None => this.office().join(base),
            };
            if let Some(folder) = path.parent().filter(|_| further.is_some()) {
                disk::private_folder(folder).map_err(|error| said(&error))?;
            }
            disk::replace(&path, &bytes, Access::Owner).map_err(|error| said(&error))?;
        }
        let wanted = trust_folder::FILES.into_iter().map(|name| ("trust", name));
        // Without a region key an office serves, and renews no community.
        let wanted = wanted.chain(KEYS.into_iter().map(|name| ("office", name)));
        let missing = wanted.filter(|(_, name)| !seen.contains(name));
        this.missing = missing.map(|(folder, name)| format!("{folder}/{name}")).collect();
        Ok(this)
    }

    /// Returns the folder of trust files.
    pub fn trust(&self) -> std::path::PathBuf {
        self.folder.path().join("trust")
    }

    /// Returns the folder of keys.
    pub fn office(&self) -> std::path::PathBuf {
        self.folder.path().join("office")
    }
}

impl Drop for Uploaded {
    /// Keys don't stay on the disk.
    fn drop(&mut self) {
        let _ = disk::erase_folder(&self.office());
        let _ = fs::remove_dir_all(self.folder.path());
    }
}

/// Returns the region of a further community's file, which lies in a folder of its own.
fn further_community(above: &str, base: &str) -> Option<Region> {
    let folder = above.rsplit(['/', '\\']).next()?;
    let region = base.strip_suffix(".cose").filter(|_| folder == trust_folder::COMMUNITIES)?;
    region.parse().ok().filter(|region: &Region| region.as_str().len() == 12)
}

fn said(error: &dyn std::fmt::Display) -> ConsoleError {
    tracing::error!(%error, "uploaded files cannot be kept");
    ConsoleError::Store
}

/// Counts of regions.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(super) struct RegionCounts {
    /// Four digits.
    pub cities: usize,
    /// Six.
    pub districts: usize,
    /// Nine.
    pub streets: usize,
    /// Twelve.
    pub communities: usize,
}
