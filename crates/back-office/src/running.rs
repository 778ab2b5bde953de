//! An office that runs, and how it ends.

use std::fs::File;
use std::io;
use std::net::SocketAddr;

use tokio::sync::oneshot;
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
    /// The address of the console for people elsewhere, if there is one.
    pub console: Option<String>,
    /// The word that unlocks a first start, if this is one.
    pub first_word: Option<String>,
    /// Where browsers elsewhere reach the first start, and how its certificate is known, if they may.
    pub first_start_at: Option<String>,
    /// What is served, each with its name.
    pub(crate) servers: Vec<(&'static str, Server)>,
    pub(crate) worker: Working,
    /// The lock on the data folder; the system releases it when the process ends, however it ends.
    #[expect(dead_code, reason = "held, never read")]
    pub(crate) serving: File,
}

/// The worker, which an office has once its first start is over.
#[derive(Debug)]
pub(crate) enum Working {
    /// There is none yet.
    Waits(oneshot::Receiver<Worker>),
    /// It works.
    Works(Worker),
    /// There will be none.
    Never,
}

impl Working {
    async fn ended(&mut self) -> String {
        loop {
            match self {
                Self::Waits(coming) => {
                    *self = coming.await.map_or(Self::Never, Self::Works);
                }
                Self::Works(worker) => return worker.ended().await,
                Self::Never => return "the first start ended".to_owned(),
            }
        }
    }

    async fn stop(self) -> io::Result<()> {
        match self {
            Self::Waits(mut coming) => match coming.try_recv() {
                Ok(worker) => worker.stop().await,
                Err(_) => Ok(()),
            },
            Self::Works(worker) => worker.stop().await,
            Self::Never => Ok(()),
        }
    }
}

impl Running {
    /// Returns when a part has ended though nobody stopped it, and says which. The process should end then:
    /// half an office looks like a whole one.
    pub async fn ended(&mut self) -> String {
        let served = self.servers.iter_mut().map(|(what, server)| {
            Box::pin(async move {
                match server.ended().await {
                    Ok(()) => format!("the server for {what} ended"),
                    Err(error) => format!("the server for {what} ended: {error}"),
                }
            })
        });
        tokio::select! {
            ended = self.worker.ended() => ended,
            (ended, _, _) = futures_util::future::select_all(served) => ended,
        }
    }

    /// Takes no further requests, lets those at work finish, then lets the worker finish what it is opening.
    /// Not to be called after [`Self::ended`] has returned.
    ///
    /// # Errors
    /// Returns the error that a server or the worker ended with.
    pub async fn shutdown(self) -> io::Result<()> {
        if let Working::Works(worker) = &self.worker {
            worker.announce_end();
        }
        let stops = self.servers.into_iter().map(|(_, server)| server.stop());
        let served = futures_util::future::join_all(stops).await;
        self.worker.stop().await?;
        served.into_iter().collect()
    }
}
