//! Proving that a backup can be restored.

use std::path::Path;

use super::archive::{Identities, verify_checksum};
use super::unpacked::{DUMP, unpack};
use super::{About, BackupError, Kind, postgres};
use crate::config::Layout;
use crate::keys::{Keyring, PublicKeys};
use crate::store::{Counts, Reading as _, SqliteStore};
use crate::trust;

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Checked {
    /// The file is the one that was written. Without an identity nobody can say more.
    Checksum([u8; 32]),
    /// A copy of the data.
    Data {
        /// What the copy says of itself.
        about: About,
        /// Migrations that its database has had.
        schema: i64,
        /// How many rows its database has.
        counts: Counts,
    },
    /// A copy of the data of an office with a PostgreSQL.
    Dump {
        /// What the copy says of itself.
        about: About,
    },
    /// A copy of the keys.
    Keys {
        /// What the copy says of itself.
        about: About,
        /// The public halves.
        public: PublicKeys,
        /// Whether the deployment's CA is in it.
        has_ca: bool,
    },
}

/// Checks one file of a backup. With an identity it is opened in a folder inside `scratch`, which is
/// removed afterwards: its database is examined page by page, brought to the present schema and counted.
///
/// # Errors
/// [`BackupError`]: the file could not be restored.
pub async fn check(file: &Path, identity: Option<&Path>, scratch: &Path) -> Result<Checked, BackupError> {
    let hash = verify_checksum(file)?;
    let Some(identity) = identity else { return Ok(Checked::Checksum(hash)) };
    let identities = Identities::read(identity)?;
    let said = |error| BackupError::Io(scratch.to_owned(), error);
    let folder = tempfile::Builder::new().prefix(".backup-check-").tempdir_in(scratch).map_err(said)?;
    match unpack(file, &identities, Kind::Data, folder.path()) {
        Ok(about) => checked_data(about, &Layout::of(folder.path())).await,
        Err(BackupError::OtherKind(..)) => {
            let about = unpack(file, &identities, Kind::Keys, folder.path())?;
            checked_keys(about, file, &Layout::of(folder.path()))
        }
        Err(error) => Err(error),
    }
}

async fn checked_data(about: About, layout: &Layout) -> Result<Checked, BackupError> {
    let dump = layout.root().join(DUMP);
    if dump.exists() {
        postgres::check(&dump)?;
        return Ok(Checked::Dump { about });
    }
    if let Some(fault) = SqliteStore::fault(&layout.database())? {
        return Err(BackupError::DamagedDatabase(fault));
    }
    let schema = SqliteStore::schema(&layout.database())?;
    let store = SqliteStore::open(&layout.database())?;
    let counts = store.counts().await?;
    trust::in_force(&store).await.map_err(|error| BackupError::DamagedDatabase(error.to_string()))?;
    Ok(Checked::Data { about, schema, counts })
}

fn checked_keys(about: About, file: &Path, layout: &Layout) -> Result<Checked, BackupError> {
    // The keyring would make what is missing.
    if !layout.keys().exists() {
        return Err(BackupError::Damaged(file.to_owned(), "it holds no keys".to_owned()));
    }
    let public = Keyring::open(&layout.keys())?.public();
    Ok(Checked::Keys { about, public, has_ca: layout.tls().join("ca.key").exists() })
}
