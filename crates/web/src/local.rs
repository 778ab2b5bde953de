//! The guard of pages that only this machine's own browser may see.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::HOST;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};

use crate::request_error::RequestError;

/// Proof that a request came from this machine's own browser.
///
/// The peer has to be a loopback address. The `Host` header has to name loopback as well: otherwise
/// a page elsewhere could point its own name at 127.0.0.1 and read along (DNS rebinding). And nobody may
/// have passed the request on: a proxy on this machine is a loopback peer, whoever asked it.
#[derive(Debug, Clone, Copy)]
pub struct FromThisMachine(());

impl<S: Sync> FromRequestParts<S> for FromThisMachine {
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, RequestError> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let near = peer.is_some_and(|peer| peer.0.ip().to_canonical().is_loopback());
        let named = parts.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        if near && names_loopback(named) && !was_passed_on(&parts.headers) {
            Ok(Self(()))
        } else {
            Err(RequestError::OnlyHere)
        }
    }
}

/// Returns whether a proxy says that it passed the request on (RFC 9110 §7.6.3, RFC 7239, and the
/// headers before it).
fn was_passed_on(headers: &HeaderMap) -> bool {
    headers
        .keys()
        .map(HeaderName::as_str)
        .any(|name| matches!(name, "via" | "forwarded" | "x-real-ip") || name.starts_with("x-forwarded-"))
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
    fn what_a_proxy_passed_on_is_not_from_here() {
        let headers = |name: &'static str| {
            HeaderMap::from_iter([(HeaderName::from_static(name), "x".parse().unwrap())])
        };
        for name in
            ["via", "forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"]
        {
            assert!(was_passed_on(&headers(name)), "{name}");
        }
        assert!(!was_passed_on(&headers("host")));
    }

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
