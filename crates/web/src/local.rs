//! The guard of pages that only this machine's own browser may see.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::HOST;
use axum::http::request::Parts;

use crate::request_error::RequestError;

/// Proof that a request came from this machine's own browser.
///
/// The peer has to be a loopback address. The `Host` header has to name loopback as well: otherwise
/// a page elsewhere could point its own name at 127.0.0.1 and read along (DNS rebinding).
#[derive(Debug, Clone, Copy)]
pub struct FromThisMachine(());

impl<S: Sync> FromRequestParts<S> for FromThisMachine {
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, RequestError> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let near = peer.is_some_and(|peer| peer.0.ip().to_canonical().is_loopback());
        let named = parts.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        if near && names_loopback(named) { Ok(Self(())) } else { Err(RequestError::OnlyHere) }
    }
}

fn names_loopback(authority: &str) -> bool {
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    };
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_loopback_pass() {
        for host in ["localhost", "localhost:8080", "127.0.0.1:1", "[::1]", "[::1]:8080"] {
            assert!(names_loopback(host), "{host}");
        }
        for host in ["", "evil.example", "evil.example:8080", "127.0.0.1.evil.example", "localhost:x", "::1"]
        {
            assert!(!names_loopback(host), "{host}");
        }
    }
}
