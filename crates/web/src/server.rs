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

use crate::connection::Admit;
use crate::limits::{BACKLOG, HANDSHAKE_TIME, HEADER_TIME, SEND_BUFFER_BYTES, STALL_TIME, STOP_TIME};
use crate::room::Room;

/// Listens on an address; port 0 takes a free port. Many may come at once, and none holds much of an answer.
///
/// # Errors
/// The address is taken, or is not this machine's.
pub fn listen(addr: SocketAddr) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(addr)?;
    // `bind` listens with room for 128; the second call widens it. What it accepts inherits the buffer.
    rustix::net::listen(&listener, BACKLOG)?;
    rustix::net::sockopt::set_socket_send_buffer_size(&listener, SEND_BUFFER_BYTES)?;
    Ok(listener)
}

/// Lets this process hold as many connections and files as the system allows it to. Systems start a process
/// with few, for the sake of old programs.
pub fn allow_many_connections() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current != maximum
        && let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum })
    {
        tracing::warn!(%error, "the number of open files stays as it was");
    }
}

/// A server that answers requests until it is stopped.
#[derive(Debug)]
pub struct Server {
    handle: Handle<SocketAddr>,
    task: JoinHandle<io::Result<()>>,
}

impl Server {
    /// Starts to serve `app` over HTTP/1.1 in the current tokio runtime; without `tls` in plain text. Its
    /// connections take their place in `room`.
    ///
    /// # Errors
    /// Fails where the listener cannot be handed to the runtime.
    pub fn start(
        listener: TcpListener,
        tls: Option<Arc<ServerConfig>>,
        app: Router,
        room: &Room,
    ) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        let app = app.into_make_service_with_connect_info::<SocketAddr>();
        let handle = Handle::new();
        let mut server = axum_server::from_tcp(listener)?.handle(handle.clone()).http1_only();
        server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(HEADER_TIME);
        let admit = Admit { room: room.clone(), stall_time: STALL_TIME };
        let task = match tls {
            Some(tls) => {
                let acceptor = RustlsAcceptor::new(RustlsConfig::from_config(tls));
                let acceptor = acceptor.handshake_timeout(HANDSHAKE_TIME).acceptor(admit);
                tokio::spawn(server.acceptor(acceptor).serve(app))
            }
            None => tokio::spawn(server.acceptor(admit).serve(app)),
        };
        Ok(Self { handle, task })
    }

    /// Returns when the server has ended though nobody stopped it. Not to be called again after that.
    ///
    /// # Errors
    /// Returns the error that it ended with.
    pub async fn ended(&mut self) -> io::Result<()> {
        (&mut self.task).await.unwrap_or_else(|error| Err(io::Error::other(error)))
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
