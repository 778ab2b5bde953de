//! Limits against slow and greedy clients.

use std::time::Duration;

/// How long a client may take to send the head of a request.
pub const HEADER_TIME: Duration = Duration::from_secs(15);
/// How long a TLS handshake may take.
pub const HANDSHAKE_TIME: Duration = Duration::from_secs(10);
/// How long a client may take to send a body.
pub const BODY_TIME: Duration = Duration::from_secs(30);
/// How long a whole request may take, from its head to its answer.
pub const REQUEST_TIME: Duration = Duration::from_secs(60);
/// How many requests run at once; a further one is refused as busy.
pub const REQUESTS: usize = 64;
/// The value of `Retry-After`, in seconds, where a retry may help.
pub const RETRY_AFTER_SECONDS: u64 = 2;
/// How long open requests may take to finish when the server stops.
pub const STOP_TIME: Duration = Duration::from_secs(10);
