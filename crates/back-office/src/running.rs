//! An office that runs, and how it ends.

use std::fs::File;
use std::io;
use std::net::SocketAddr;

use web::Server;

use crate::worker::Worker;

/// A back office that serves until it is stopped.
#[derive(Debug)]
pub struct Running {
    /// The address that it listens on.
    pub addr: SocketAddr,
    /// The address that tickets name, such as `https://192.168.1.5:8443`.
    pub url: String,
    /// The address of the local page.
    pub page: SocketAddr,
    pub(crate) server: Server,
    pub(crate) local: Server,
    pub(crate) worker: Worker,
    /// The lock on the data folder; the system releases it when the process ends, however it ends.
    #[expect(dead_code, reason = "held, never read")]
    pub(crate) serving: File,
}

impl Running {
    /// Returns when a part has ended though nobody stopped it, and says which. The process should end then:
    /// half an office looks like a whole one.
    pub async fn ended(&mut self) -> String {
        let served = |what: &str, ended: io::Result<()>| match ended {
            Ok(()) => format!("the server for {what} ended"),
            Err(error) => format!("the server for {what} ended: {error}"),
        };
        tokio::select! {
            ended = self.worker.ended() => ended,
            ended = self.server.ended() => served("stations", ended),
            ended = self.local.ended() => served("the local page", ended),
        }
    }

    /// Takes no further requests, lets those at work finish, then lets the worker finish what it is opening.
    /// Not to be called after [`Self::ended`] has returned.
    ///
    /// # Errors
    /// Returns the error that the server or the worker ended with.
    pub async fn shutdown(self) -> io::Result<()> {
        let (served, local) = tokio::join!(self.server.stop(), self.local.stop());
        self.worker.stop().await?;
        served.and(local)
    }
}
