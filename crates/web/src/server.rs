//! Listening, serving, stopping.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use axum::Router;
use axum_server::Handle;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use hyper_util::rt::TokioTimer;
use rustls::ServerConfig;
use tokio::task::JoinHandle;

use crate::limits::{HANDSHAKE_TIME, HEADER_TIME, STOP_TIME};

/// A server that answers requests until it is stopped.
#[derive(Debug)]
pub struct Server {
    handle: Handle<SocketAddr>,
    task: JoinHandle<io::Result<()>>,
}

impl Server {
    /// Starts to serve `app` over HTTP/1.1 in the current tokio runtime; without `tls` in plain text.
    ///
    /// # Errors
    /// Fails where the listener cannot be handed to the runtime.
    pub fn start(listener: TcpListener, tls: Option<Arc<ServerConfig>>, app: Router) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        let app = app.into_make_service_with_connect_info::<SocketAddr>();
        let handle = Handle::new();
        let mut server = axum_server::from_tcp(listener)?.handle(handle.clone()).http1_only();
        server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(HEADER_TIME);
        let task = match tls {
            Some(tls) => {
                let acceptor =
                    RustlsAcceptor::new(RustlsConfig::from_config(tls)).handshake_timeout(HANDSHAKE_TIME);
                tokio::spawn(server.acceptor(acceptor).serve(app))
            }
            None => tokio::spawn(server.serve(app)),
        };
        Ok(Self { handle, task })
    }

    /// Takes no further requests, lets those at work finish, and ends.
    ///
    /// # Errors
    /// Returns the error that the server ended with, if it had ended before.
    pub async fn stop(self) -> io::Result<()> {
        self.handle.graceful_shutdown(Some(STOP_TIME));
        self.task.await.unwrap_or_else(|error| Err(io::Error::other(error)))
    }
}
