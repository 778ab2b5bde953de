//! What a back office is started with.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use crate::system::Clock;

/// How to serve.
#[derive(Debug, Clone)]
pub struct Config {
    /// The folder of everything this office keeps.
    pub data: PathBuf,
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Without TLS: only on loopback.
    pub plain_http: bool,
    /// Names and addresses of this machine for its certificate, besides the listening address.
    pub hosts: Vec<String>,
    /// A folder with `sealing.key` and `receipt.key` to take over.
    pub import_keys: Option<PathBuf>,
    /// A folder with the three trust files to take over.
    pub import_trust: Option<PathBuf>,
    /// Where the moment comes from.
    pub clock: Clock,
}

impl Config {
    /// Plain HTTP on a free loopback port, for tests and for one machine.
    #[must_use]
    pub fn loopback(data: &Path) -> Self {
        Self {
            data: data.to_owned(),
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            plain_http: true,
            hosts: Vec::new(),
            import_keys: None,
            import_trust: None,
            clock: Clock::system(),
        }
    }
}

/// Where things are in the data folder.
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

    /// The address that `serve` answers under, for `ticket`.
    pub(crate) fn address(&self) -> PathBuf {
        self.0.join("address")
    }
}
