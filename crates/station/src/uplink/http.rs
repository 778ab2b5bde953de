//! The back office over HTTP: its own CA, no redirects, bounded answers.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url, redirect};

use super::bad_office::BadOffice;
use super::office::{Answer, BackOffice, COSE, ExchangeError, Request};
use super::tls::{self, Disagreement};
use crate::clock::Clock;
use crate::limits::{CONNECT_TIMEOUT, DOWNLOAD_TIMEOUT, EXCHANGE_TIMEOUT, LOWEST_RATE, READ_TIMEOUT};

/// A client for one back office.
#[derive(Debug, Clone)]
pub(crate) struct Http {
    client: Client,
    base: Url,
    disagreement: Disagreement,
    patience: Patience,
}

/// Longest waits: for a connection, and for the next part of an answer. What is uploaded has the time
/// that it needs at the lowest rate besides.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    pub connect: Duration,
    pub read: Duration,
    /// In bytes a second.
    pub rate: u64,
}

impl Patience {
    fn upload(self, bytes: usize) -> Duration {
        Duration::from_millis((bytes as u64).saturating_mul(1000) / self.rate.max(1))
    }
}

impl Http {
    /// Makes a client for `url` that trusts `ca` (DER) and no other authority, and checks its
    /// certificates' dates by `clock`.
    pub(crate) fn new(url: &str, ca: Option<&[u8]>, clock: Arc<dyn Clock>) -> Result<Self, BadOffice> {
        let patience = Patience { connect: CONNECT_TIMEOUT, read: READ_TIMEOUT, rate: LOWEST_RATE };
        Self::with_patience(url, ca, clock, patience)
    }

    pub(crate) fn with_patience(
        url: &str,
        ca: Option<&[u8]>,
        clock: Arc<dyn Clock>,
        patience: Patience,
    ) -> Result<Self, BadOffice> {
        let disagreement = Disagreement::default();
        let tls = |ca| tls::config(ca, clock, &disagreement);
        let base = Url::parse(url).map_err(|error| BadOffice::Address(error.to_string()))?;
        let tls = match base.scheme() {
            "https" => tls(Some(ca.ok_or(BadOffice::NoCa)?))?,
            "http" if is_loopback(&base) => tls(None)?,
            "http" => return Err(BadOffice::PlainHttp),
            other => return Err(BadOffice::Address(other.to_owned())),
        };
        let builder = Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .http1_only()
            .https_only(base.scheme() == "https")
            .tls_backend_preconfigured(tls)
            .connect_timeout(patience.connect);
        let client = builder.build().map_err(|error| BadOffice::Address(error.to_string()))?;
        Ok(Self { client, base, disagreement, patience })
    }

    async fn exchange(
        &self,
        request: RequestBuilder,
        upload: Duration,
        expected: &str,
        limit: usize,
    ) -> Result<Vec<u8>, ExchangeError> {
        self.disagreement.take();
        match exchange(request, self.patience, upload, expected, limit).await {
            Err(ExchangeError::Unreachable | ExchangeError::BrokenOff) if self.disagreement.take() => {
                Err(ExchangeError::Dates)
            }
            other => other,
        }
    }

    fn url(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(path);
        url.set_query(None);
        url
    }
}

impl BackOffice for Http {
    fn post<'a>(&'a self, path: &'a str, body: Vec<u8>, answer: &'static str, limit: usize) -> Answer<'a> {
        let upload = self.patience.upload(body.len());
        let request = self.client.post(self.url(path)).header(CONTENT_TYPE, COSE).body(body);
        Box::pin(self.exchange(request.timeout(EXCHANGE_TIMEOUT + upload), upload, answer, limit))
    }

    fn get<'a>(&'a self, wanted: Request<'a>) -> Answer<'a> {
        let Request { path, answer, header, limit } = wanted;
        let mut request = self.client.get(self.url(path));
        if let Some((name, value)) = header {
            request = request.header(name, value);
        }
        Box::pin(self.exchange(request.timeout(DOWNLOAD_TIMEOUT), Duration::ZERO, answer, limit))
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let ip = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || ip.is_ok_and(|ip| ip.is_loopback())
}

async fn exchange(
    request: RequestBuilder,
    patience: Patience,
    upload: Duration,
    expected: &str,
    limit: usize,
) -> Result<Vec<u8>, ExchangeError> {
    let request =
        request.header(ACCEPT, HeaderValue::from_str(expected).map_err(|_| ExchangeError::OtherContent)?);
    let wait = patience.connect + upload + patience.read;
    let sent = tokio::time::timeout(wait, request.send()).await.map_err(|_| ExchangeError::BrokenOff)?;
    let response = sent.map_err(|error| match error.is_connect() {
        true => ExchangeError::Unreachable,
        false => ExchangeError::BrokenOff,
    })?;
    if response.status() != StatusCode::OK {
        let retry_after = retry_after(response.headers());
        return Err(ExchangeError::Status { status: response.status().as_u16(), retry_after });
    }
    if response.headers().get(CONTENT_TYPE).is_none_or(|value| value != expected) {
        return Err(ExchangeError::OtherContent);
    }
    read(response, patience.read, limit).await
}

async fn read(mut response: Response, pause: Duration, limit: usize) -> Result<Vec<u8>, ExchangeError> {
    let announced = response.headers().get(CONTENT_LENGTH).and_then(number);
    if announced.is_some_and(|length| length > limit as u64) {
        return Err(ExchangeError::TooLong);
    }
    let mut out = Vec::new();
    loop {
        let next = tokio::time::timeout(pause, response.chunk()).await;
        let Some(chunk) = next.ok().and_then(Result::ok).ok_or(ExchangeError::BrokenOff)? else {
            return Ok(out);
        };
        if out.len() + chunk.len() > limit {
            return Err(ExchangeError::TooLong);
        }
        out.extend_from_slice(&chunk);
    }
}

/// Reads the header's form in seconds (RFC 9110, section 10.2.3). Its form as a date would need a
/// clock that both sides agree on.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    headers.get(RETRY_AFTER).and_then(number).map(Duration::from_secs)
}

fn number(value: &HeaderValue) -> Option<u64> {
    value.to_str().ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::UnknownClock;

    #[test]
    fn plain_http_stays_on_this_machine() {
        let new = |url, ca| Http::new(url, ca, Arc::new(UnknownClock));
        for good in ["http://127.0.0.1:1", "http://[::1]:1", "http://localhost:1", "http://127.9.9.9"] {
            assert!(new(good, None).is_ok(), "{good}");
        }
        for bad in ["http://10.0.0.1", "http://office.example", "http://localhost.example", "http://[::2]"] {
            assert_eq!(new(bad, None).err(), Some(BadOffice::PlainHttp), "{bad}");
        }
        assert_eq!(new("https://office.example", None).err(), Some(BadOffice::NoCa));
        assert_eq!(new("https://office.example", Some(b"x")).err(), Some(BadOffice::BadCa));
        for bad in ["", "ftp://127.0.0.1", "file:///etc/passwd", "127.0.0.1:80"] {
            assert!(matches!(new(bad, None), Err(BadOffice::Address(_))), "{bad}");
        }
    }
}
