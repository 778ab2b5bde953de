//! A private PostgreSQL server in a temporary folder, for tests; it needs Debian's package `postgresql`.
//!
//! [`Server::of_tests`] takes the server that the environment names, or else starts one of its own. A
//! [`Cluster`] syncs to disk as a real one does, listens on loopback alone, wants a password, and ends with
//! the thread that started it. PostgreSQL refuses to run as root, so root starts it as the user `postgres`.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod cluster;
mod random;

pub use cluster::{Cluster, StartError};

/// Names a server that may be any, a real Citus cluster as well. Every test makes a schema of its own there.
pub const ANY_SERVER: &str = "KADIAN_TEST_STORE";
/// Names the cluster that `cargo xtask test` starts for all tests.
pub const SHARED_CLUSTER: &str = "KADIAN_TEST_POSTGRES";

/// The server that a test uses.
#[derive(Debug)]
pub struct Server {
    url: String,
    _own: Option<Cluster>,
}

impl Server {
    /// Returns the server that the environment names; starts one where it names none.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn of_tests() -> Result<Self, StartError> {
        let named = [ANY_SERVER, SHARED_CLUSTER].iter().find_map(|name| std::env::var(name).ok());
        match named {
            Some(url) => Ok(Self { url, _own: None }),
            None => {
                let cluster = Cluster::start()?;
                Ok(Self { url: cluster.url().to_owned(), _own: Some(cluster) })
            }
        }
    }

    /// Returns the URL of a database in which a test may make schemas.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}
