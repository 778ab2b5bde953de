//! One connection: counted, and ended where its client stops taking what it asked for.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum_server::accept::Accept;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Duration, Instant, Sleep};

use crate::room::Room;

/// Takes a connection when there is room for it.
#[derive(Debug, Clone)]
pub(crate) struct Admit {
    pub room: Room,
    pub stall_time: Duration,
}

type Admitted<I, S> = Pin<Box<dyn Future<Output = io::Result<(Connection<I>, S)>> + Send>>;

impl<I: Send + 'static, S: Send + 'static> Accept<I, S> for Admit {
    type Stream = Connection<I>;
    type Service = S;
    type Future = Admitted<I, S>;

    fn accept(&self, stream: I, service: S) -> Self::Future {
        let Self { room, stall_time } = self.clone();
        Box::pin(async move {
            let held =
                room.connection().await.map_err(|_| io::Error::from(io::ErrorKind::ConnectionRefused))?;
            Ok((Connection { stream, stall_time, stalled: None, _held: held }, service))
        })
    }
}

/// A stream whose writes fail when the other side has taken nothing for [`Admit::stall_time`].
///
/// Reading needs no such watch: hyper times the heads of requests, and [`crate::Incoming`] their bodies.
#[derive(Debug)]
pub(crate) struct Connection<I> {
    stream: I,
    stall_time: Duration,
    /// Runs while a write waits.
    stalled: Option<Pin<Box<Sleep>>>,
    _held: OwnedSemaphorePermit,
}

impl<I: Unpin> Connection<I> {
    /// Passes a write's outcome on, and ends the wait of one that waits for too long.
    fn watch<T>(&mut self, context: &mut Context<'_>, outcome: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.stalled = None;
            return outcome;
        }
        let until = Instant::now() + self.stall_time;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(until)));
        ready!(stalled.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<I: AsyncRead + Unpin> AsyncRead for Connection<I> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<I: AsyncWrite + Unpin> AsyncWrite for Connection<I> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watch(context, outcome)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.watch(context, outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;
    use crate::room::Bounds;

    const STALL: Duration = Duration::from_secs(60);

    async fn admitted(
        room: &Room,
        stream: tokio::io::DuplexStream,
    ) -> io::Result<Connection<tokio::io::DuplexStream>> {
        let admit = Admit { room: room.clone(), stall_time: STALL };
        Ok(admit.accept(stream, ()).await?.0)
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_takes_a_little_in_time_is_waited_for_and_one_that_takes_nothing_is_not() {
        let room = Room::new(Bounds::default());
        let (ours, mut theirs) = tokio::io::duplex(8);
        let mut connection = admitted(&room, ours).await.unwrap();
        let writer = tokio::spawn(async move { connection.write_all(&[1; 64]).await });
        let mut taken = [0; 8];
        for _ in 0..5 {
            tokio::time::sleep(STALL - Duration::from_secs(1)).await;
            theirs.read_exact(&mut taken).await.unwrap();
        }
        let error = writer.await.unwrap().unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_beyond_the_bound_waits_for_one_that_ends() {
        let room = Room::new(Bounds { connections: 1, ..Bounds::default() });
        let pair = || tokio::io::duplex(8);
        let first = admitted(&room, pair().0).await.unwrap();
        assert_eq!(room.open_connections(), 1);
        assert!(admitted(&room, pair().0).await.is_err(), "nobody left in time");
        let second = admitted(&room, pair().0);
        let leave = async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            drop(first);
        };
        assert!(tokio::join!(second, leave).0.is_ok());
    }
}
