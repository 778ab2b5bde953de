//! The configuration of a back office, and the layout of its data folder.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use crate::store::PostgresUrl;
use crate::system::Clock;

/// How an office serves.
#[derive(Debug, Clone)]
pub struct Config {
    /// The data folder.
    pub data: PathBuf,
    /// The PostgreSQL store; without one, the data folder holds the database.
    pub store: Option<PostgresUrl>,
    /// The address to listen on; port 0 takes a free port.
    pub listen: SocketAddr,
    /// The loopback address of the local page; port 0 takes a free port.
    pub page: SocketAddr,
    /// The address of the console for people elsewhere, always over TLS.
    pub console: Option<SocketAddr>,
    /// Whether a first start is open there too, and not on this machine alone.
    pub first_start_elsewhere: bool,
    /// A certificate that browsers trust and its key, for the console.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Whether to serve without TLS; only allowed on loopback.
    pub plain_http: bool,
    /// Names and addresses of this machine for its certificate, besides the listening address.
    /// Tickets use the first.
    pub hosts: Vec<String>,
    /// A folder from which to copy `sealing.key` and `receipt.key`.
    pub import_keys: Option<PathBuf>,
    /// A folder from which to copy the trust files.
    pub import_trust: Option<PathBuf>,
    /// The age recipient of backups (`age1…`), in place of the one that was chosen before.
    pub backup_to: Option<String>,
    /// A folder, on another disk, to which everything is copied before it is acknowledged.
    pub copy_to: Option<PathBuf>,
    /// The clock.
    pub clock: Clock,
}

impl Config {
    /// Returns a configuration for plain HTTP on a free loopback port.
    #[must_use]
    pub fn loopback(data: &Path) -> Self {
        Self {
            data: data.to_owned(),
            store: None,
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            page: SocketAddr::from(([127, 0, 0, 1], 0)),
            console: None,
            first_start_elsewhere: false,
            tls: None,
            plain_http: true,
            hosts: Vec::new(),
            import_keys: None,
            import_trust: None,
            backup_to: None,
            copy_to: None,
            clock: Clock::system(),
        }
    }
}

/// Names the files and folders in the data folder.
#[derive(Debug, Clone)]
pub(crate) struct Layout(PathBuf);

impl Layout {
    pub(crate) fn of(data: &Path) -> Self {
        Self(data.to_owned())
    }

    pub(crate) fn root(&self) -> &Path {
        &self.0
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.0.join("office.sqlite")
    }

    pub(crate) fn keys(&self) -> PathBuf {
        self.0.join("keys")
    }

    pub(crate) fn trust(&self) -> PathBuf {
        self.0.join("trust")
    }

    pub(crate) fn tls(&self) -> PathBuf {
        self.0.join("tls")
    }

    /// Returns the file with the recipient of backups.
    pub(crate) fn recipient(&self) -> PathBuf {
        self.0.join("backup-to")
    }

    /// Returns the file that is there while a first start has trust files and no administrator.
    pub(crate) fn first_start(&self) -> PathBuf {
        self.0.join("first-start")
    }

    /// Returns the file with the name that the deployment was given at its first start.
    pub(crate) fn name(&self) -> PathBuf {
        self.0.join("name")
    }

    /// Returns the file with the deployment's reasons for looks at residents.
    pub(crate) fn look_reasons(&self) -> PathBuf {
        self.0.join("look-reasons")
    }

    /// Returns the file that says which acts need the consent of two people.
    pub(crate) fn two_people(&self) -> PathBuf {
        self.0.join("two-people")
    }

    /// Returns the list of what was erased; a backup of the data has none.
    pub(crate) fn erased(&self) -> PathBuf {
        self.0.join("erased")
    }

    /// Returns the file with the address at which `serve` answers; `ticket` reads it.
    pub(crate) fn address(&self) -> PathBuf {
        self.0.join("address")
    }
}
