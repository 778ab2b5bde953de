//! Limits against slow and greedy clients.

use std::time::Duration;

/// How long a client may take to send the head of a request, and how long a connection may idle.
pub const HEADER_TIME: Duration = Duration::from_secs(30);
/// How long a TLS handshake may take.
pub const HANDSHAKE_TIME: Duration = Duration::from_secs(30);
/// Connections that a server holds at once. With TLS, one costs some 50 KB.
pub const CONNECTIONS: usize = 4096;
/// Connections that the system holds ready until the server takes them. Linux cuts it to
/// `net.core.somaxconn`.
pub const BACKLOG: i32 = 4096;
/// How many requests are worked on at once.
pub const REQUESTS: usize = 64;
/// Bytes of bodies that a server holds at once.
pub const BODIES_BYTES: usize = 128 * 1024 * 1024;
/// How long a connection, a body or a request waits for room before it is refused as busy.
pub const WAIT: Duration = Duration::from_secs(10);
/// Bytes a second below which a body is too slow. A station on a line of 2 KB/s is four times as fast.
pub const BODY_RATE: u32 = 512;
/// How long a body may fall short of [`BODY_RATE`].
pub const BODY_GRACE: Duration = Duration::from_secs(30);
/// How long a request may take once it is worked on.
pub const WORK_TIME: Duration = Duration::from_secs(60);
/// Bytes of an answer that the system holds for a client. They are its granularity: a client has to take a
/// third of them within [`STALL_TIME`].
pub const SEND_BUFFER_BYTES: usize = 64 * 1024;
/// How long a client may take no byte of an answer. With [`SEND_BUFFER_BYTES`] the lowest rate is some 350
/// bytes a second.
pub const STALL_TIME: Duration = Duration::from_secs(60);
/// The shortest `Retry-After`, in seconds, where a retry may help.
pub const RETRY_AFTER_SECONDS: u64 = 2;
/// By how many seconds a `Retry-After` may be longer, so that those who were refused together do not come
/// back together.
pub const RETRY_SPREAD_SECONDS: u64 = 8;
/// How long open requests may take to finish when the server stops.
pub const STOP_TIME: Duration = Duration::from_secs(10);

// Permits for bytes are counted in 32 bits.
const _: () = assert!(BODIES_BYTES <= u32::MAX as usize);
