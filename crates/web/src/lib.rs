//! What Kadian's HTTP servers share.
//!
//! - [`Server`] listens, with or without TLS, and stops in an orderly way.
//! - [`Authority`] is the deployment's own certificate authority (CA).
//! - [`Room`] bounds connections, bodies and requests; who finds it full waits a little.
//! - [`bounded`] gives each request its turn and its time.
//! - [`Incoming`] reads a body of one exact media type, up to a limit, by a lowest rate.
//! - [`Problem`] is an error on the wire (RFC 9457); [`RequestError`] lists those that any server has.
//! - [`FromThisMachine`] admits requests from this machine's own browser only.
//! - [`Call`] gives a handler the server's state, the clock and the request's id.
//!
//! No function here reads the clock or draws randomness; both are arguments. Two dependencies do:
//! `rcgen` makes keys, and `tokio` measures timeouts.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod body;
pub mod bounds;
pub mod call;
mod connection;
pub mod limits;
pub mod local;
pub mod problem;
pub mod request_error;
pub mod room;
pub mod server;
pub mod tls;

pub use body::{Accepts, Incoming, Received};
pub use bounds::bounded;
pub use call::{App, Call, RequestId, RequestIds};
pub use local::FromThisMachine;
pub use problem::Problem;
pub use request_error::RequestError;
pub use room::{Bounds, Room};
pub use server::{Server, allow_many_connections, listen};
pub use tls::{Authority, ServerTls, TlsError};
