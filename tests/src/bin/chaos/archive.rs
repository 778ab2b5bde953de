//! The backups of an office.

use std::path::{Path, PathBuf};

use age::secrecy::ExposeSecret as _;
use stage::Office;

use crate::books::Failure;

/// A folder with the backups of one office, and the identity that opens them.
pub struct Archive {
    folder: PathBuf,
    /// To whom they are encrypted.
    pub recipient: String,
    /// The file of the identity.
    pub identity: PathBuf,
    count: usize,
}

impl Archive {
    /// Makes an empty one beside the office.
    pub fn new(beside: &Path) -> Result<Self, Failure> {
        let folder = beside.join("backups");
        std::fs::create_dir_all(&folder)?;
        let key = age::x25519::Identity::generate();
        let identity = folder.join("identity.txt");
        std::fs::write(&identity, key.to_string().expose_secret())?;
        Ok(Self { folder, recipient: key.to_public().to_string(), identity, count: 0 })
    }

    /// Adds a backup.
    pub fn add(&mut self, office: &Office) -> Result<(), Failure> {
        office.back_up(&self.file(self.count + 1))?;
        self.count += 1;
        Ok(())
    }

    /// Returns the newest backup.
    pub fn last(&self) -> Option<PathBuf> {
        (self.count > 0).then(|| self.file(self.count))
    }

    fn file(&self, number: usize) -> PathBuf {
        self.folder.join(format!("office-{number}.age"))
    }
}
