//! The station's folder: the names of its files, and its lock.

use std::fs::File;
use std::path::{Path, PathBuf};

use disk::{Access, DiskError};
use gate::window::shift::Direction;
use gate::{Changes, LastPlace, WrongTries};

use crate::limits::{CHANGES_BYTES, SMALL_FILE_BYTES, TRIES_BYTES};

/// A station's folder. The station writes nothing outside it.
#[derive(Debug, Clone)]
pub(crate) struct Folder(PathBuf);

/// The files of an enrolment that is to take the place of the one before.
#[derive(Debug)]
pub(crate) struct Next {
    pub settings: PathBuf,
    /// Says that the deployment is another one.
    pub other: PathBuf,
    /// The trust files; the enrolment counts once they are here.
    pub trust: PathBuf,
    /// What the trust files are called once they are in place.
    pub over: PathBuf,
}

impl Next {
    /// Returns the folders, also those of an interrupted write.
    pub(crate) fn folders(&self) -> [PathBuf; 4] {
        let beside = |ending| self.trust.with_extension(ending);
        [self.trust.clone(), beside("new"), beside("old"), self.over.clone()]
    }

    /// Returns the files.
    pub(crate) fn files(&self) -> [PathBuf; 2] {
        [self.settings.clone(), self.other.clone()]
    }
}

impl Folder {
    pub(crate) fn new(dir: &Path) -> Self {
        Self(dir.to_owned())
    }

    pub(crate) fn settings(&self) -> PathBuf {
        self.0.join("station.json")
    }

    pub(crate) fn key(&self) -> PathBuf {
        self.0.join("station.key")
    }

    pub(crate) fn trust(&self) -> PathBuf {
        self.0.join("trust")
    }

    pub(crate) fn outbox(&self) -> PathBuf {
        self.0.join("outbox.sqlite")
    }

    pub(crate) fn clock(&self) -> PathBuf {
        self.0.join("clock")
    }

    /// The word that this station is withdrawn, if it has heard one.
    pub(crate) fn withdrawn(&self) -> PathBuf {
        self.0.join("withdrawn")
    }

    /// The newest receipt for an empty batch, by which a restored office knows this station again.
    pub(crate) fn receipt(&self) -> PathBuf {
        self.0.join("receipt")
    }

    /// The request that waits for its answer on a stick.
    pub(crate) fn request(&self) -> PathBuf {
        self.0.join("request")
    }

    /// Since when the office's database is in the state that this station knows.
    pub(crate) fn generation(&self) -> PathBuf {
        self.0.join("generation")
    }

    /// Heads of the office's audit log, as receipts showed them.
    pub(crate) fn heads(&self) -> PathBuf {
        self.0.join("heads")
    }

    /// A file of heads that could not be read.
    pub(crate) fn damaged_heads(&self) -> PathBuf {
        self.0.join("heads-damaged")
    }

    /// What a self-test writes and erases.
    pub(crate) fn probe(&self) -> PathBuf {
        self.0.join("self-test")
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Returns what a withdrawn station has no use for, beside its key, its trust files and its outbox;
    /// the settings last.
    pub(crate) fn small_files(&self) -> [PathBuf; 11] {
        let (changes, reserve) = (self.changes_file(), self.0.join("reserve"));
        [
            self.clock(),
            self.tries_file(),
            self.place_file(),
            changes,
            self.receipt(),
            self.generation(),
            self.heads(),
            self.damaged_heads(),
            self.probe(),
            reserve,
            self.settings(),
        ]
    }

    /// Returns the small files that another deployment's office has no use for.
    pub(crate) fn of_the_deployment(&self) -> [PathBuf; 6] {
        let (heads, damaged) = (self.heads(), self.damaged_heads());
        [self.tries_file(), self.place_file(), self.changes_file(), self.receipt(), heads, damaged]
    }

    /// Returns where a new enrolment under the same identity is kept until it takes the old one's place.
    pub(crate) fn next(&self) -> Next {
        let at = |name: &str| self.0.join(name);
        let (settings, other) = (at("next.json"), at("next.other"));
        Next { settings, other, trust: at("next"), over: at("next-over") }
    }

    fn changes_file(&self) -> PathBuf {
        self.0.join("changes")
    }

    fn tries_file(&self) -> PathBuf {
        self.0.join("tries")
    }

    fn place_file(&self) -> PathBuf {
        self.0.join("checkpoint")
    }

    /// Makes the folder, for its owner only.
    pub(crate) fn create(&self) -> Result<(), DiskError> {
        disk::private_folder(&self.0)
    }

    /// Locks the folder for this process until the file is dropped; returns `None` if another process
    /// holds the lock.
    ///
    /// Two stations on one folder would write two streams with one predecessor, which the back
    /// office must report as a cloned disk.
    pub(crate) fn lock(&self) -> std::io::Result<Option<File>> {
        let path = self.0.join("lock");
        let file = File::options().write(true).create(true).truncate(false).open(path)?;
        match rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Some(file)),
            Err(rustix::io::Errno::WOULDBLOCK) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Returns the checkpoint and the direction that were chosen last, if any.
    pub(crate) fn last_place(&self) -> Option<LastPlace> {
        let bytes = disk::read_if_there(&self.place_file(), SMALL_FILE_BYTES).ok()??;
        let (id, direction) = std::str::from_utf8(&bytes).ok()?.trim_end().split_once(' ')?;
        let direction = match direction {
            "in" => Direction::In,
            "out" => Direction::Out,
            _ => return None,
        };
        Some(LastPlace { checkpoint: id.parse().ok()?, direction })
    }

    /// Writes down checkpoint and direction for the next start.
    pub(crate) fn keep_place(&self, place: LastPlace) -> Result<(), DiskError> {
        let direction = match place.direction {
            Direction::In => "in",
            Direction::Out => "out",
        };
        let line = format!("{} {direction}\n", place.checkpoint);
        disk::replace(&self.place_file(), line.as_bytes(), Access::Owner)
    }

    /// Returns the changes that were made here and that the community's file does not hold yet. A file that
    /// is damaged counts as none: their reports wait in the outbox, or the office has them.
    pub(crate) fn changes(&self) -> Changes {
        let read = disk::read_if_there(&self.changes_file(), CHANGES_BYTES);
        let bytes = read.inspect_err(|error| tracing::error!(%error, "changes made here")).ok().flatten();
        let Some(bytes) = bytes else { return Changes::default() };
        let changes = std::str::from_utf8(&bytes).ok().and_then(|text| text.parse().ok());
        changes.unwrap_or_else(|| {
            tracing::error!("the file of changes made here is damaged");
            Changes::default()
        })
    }

    /// Writes down the changes that were made here.
    pub(crate) fn keep_changes(&self, changes: &Changes) -> Result<(), DiskError> {
        disk::replace(&self.changes_file(), changes.to_string().as_bytes(), Access::Owner)
    }

    /// Returns the wrong tries at signing in. A file that is damaged counts as none: whoever can damage
    /// it can try PINs against the hashes beside it.
    pub(crate) fn tries(&self) -> WrongTries {
        let read = disk::read_if_there(&self.tries_file(), TRIES_BYTES);
        let bytes = read.inspect_err(|error| tracing::error!(%error, "wrong tries")).ok().flatten();
        let Some(bytes) = bytes else { return WrongTries::default() };
        let tries = std::str::from_utf8(&bytes).ok().and_then(|text| text.parse().ok());
        tries.unwrap_or_else(|| {
            tracing::error!("the file of wrong tries is damaged");
            WrongTries::default()
        })
    }

    /// Writes down the wrong tries. They are durable when this returns.
    pub(crate) fn keep_tries(&self, tries: &WrongTries) -> Result<(), DiskError> {
        disk::replace(&self.tries_file(), tries.to_string().as_bytes(), Access::Owner)
    }
}
