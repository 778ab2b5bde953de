//! The first step: whether a way leads to the ticket's address.

use std::io::ErrorKind;
use std::time::Duration;

use reqwest::Url;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use super::error::Unreached;

/// Connects to the address in a URL, and hangs up: TLS and everything else come later.
///
/// # Errors
/// [`Unreached`].
pub(super) async fn reach(url: &Url, patience: Duration) -> Result<(), Unreached> {
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    let port = url.port_or_known_default().unwrap_or_default();
    let found = timeout(patience, lookup_host((host, port))).await;
    let addresses = found.ok().and_then(Result::ok).ok_or(Unreached::NoHost)?;
    let mut why = Unreached::NoHost;
    for address in addresses {
        match timeout(patience, TcpStream::connect(address)).await {
            Ok(Ok(_)) => return Ok(()),
            Ok(Err(error)) if error.kind() == ErrorKind::ConnectionRefused => why = Unreached::NobodyAnswers,
            _ if why == Unreached::NoHost => why = Unreached::NoRoute,
            _ => {}
        }
    }
    Err(why)
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    async fn reached(url: &str) -> Result<(), Unreached> {
        reach(&url.parse().unwrap(), Duration::from_millis(300)).await
    }

    #[tokio::test]
    async fn names_ports_and_ways_are_told_apart() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        assert_eq!(reached(&format!("https://127.0.0.1:{port}/")).await, Ok(()));
        drop(listener);
        assert_eq!(reached(&format!("https://127.0.0.1:{port}")).await, Err(Unreached::NobodyAnswers));
        assert_eq!(reached("https://office.sample.invalid").await, Err(Unreached::NoHost));
        // Nobody connects to everybody.
        assert_eq!(reached("https://255.255.255.255:9").await, Err(Unreached::NoRoute));
    }
}
