//! The back office over HTTP: its own CA, no redirects, bounded answers.

use std::error::Error as _;
use std::net::IpAddr;
use std::sync::Arc;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue, IF_RANGE, RANGE};
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url, redirect};

use super::answer::{self, Patience};
use super::bad_office::BadOffice;
use super::office::{Answer, BackOffice, BadIdentity, COSE, ExchangeError, Part, Request};
use super::tls::{self, Objected, Objection};
use crate::clock::Clock;
use crate::limits::{CONNECT_TIMEOUT, LOWEST_RATE, READ_TIMEOUT};

/// A client for one back office.
#[derive(Debug, Clone)]
pub(crate) struct Http {
    client: Client,
    base: Url,
    objection: Objection,
    patience: Patience,
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
        let objection = Objection::default();
        let tls = |ca| tls::config(ca, clock, &objection);
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
        Ok(Self { client, base, objection, patience })
    }

    /// Sends a request with a body of so many bytes. Waits for the head of its answer, and no longer
    /// than the body takes at the lowest rate.
    async fn send(
        &self,
        request: RequestBuilder,
        body: usize,
        expected: &str,
    ) -> Result<Response, ExchangeError> {
        self.objection.take();
        let request =
            request.header(ACCEPT, HeaderValue::from_str(expected).map_err(|_| ExchangeError::OtherContent)?);
        let Patience { connect, read, .. } = self.patience;
        let wait = connect + self.patience.at_the_lowest_rate(body) + read;
        let sent = match tokio::time::timeout(wait, request.send()).await {
            Err(_) => Err(ExchangeError::BrokenOff),
            Ok(Err(error)) if error.is_connect() && is_about_tls(&error) => Err(BadIdentity::Protocol.into()),
            Ok(Err(error)) if error.is_connect() => Err(ExchangeError::Unreachable),
            Ok(Err(_)) => Err(ExchangeError::BrokenOff),
            Ok(Ok(response)) => Ok(response),
        };
        let response = sent.map_err(|error| match self.objection.take() {
            Some(Objected::ByTheClock) => ExchangeError::Dates,
            Some(Objected::Identity(identity)) => identity.into(),
            None => error,
        })?;
        if !matches!(response.status(), StatusCode::OK | StatusCode::PARTIAL_CONTENT) {
            return Err(answer::refusal(response, self.patience).await);
        }
        if response.headers().get(CONTENT_TYPE).is_none_or(|value| value != expected) {
            return Err(ExchangeError::OtherContent);
        }
        Ok(response)
    }

    async fn download(&self, wanted: Request<'_>) -> Result<Part, ExchangeError> {
        let Request { path, answer, header, limit, had, part } = wanted;
        let from = had.as_ref().map_or(0, |had| had.bytes);
        let last = from.saturating_add(part.max(1)).saturating_sub(1);
        let mut request = self.client.get(self.url(path)).header(RANGE, format!("bytes={from}-{last}"));
        if let Some((name, value)) = header {
            request = request.header(name, value);
        }
        if let Some(had) = &had {
            request = request.header(IF_RANGE, &had.tag);
        }
        let response = self.send(request, 0, answer).await?;
        let tag = answer::strong_tag(response.headers());
        if response.status() == StatusCode::OK && had.is_some() {
            // Another version, or an office that knows no ranges. Its body is not read.
            let total = answer::length(response.headers());
            return Ok(Part { from: 0, bytes: Vec::new(), tag, total, broken: true });
        }
        let (total, limit) = match response.status() {
            StatusCode::OK => (answer::length(response.headers()), limit),
            _ => {
                let (begin, total) = answer::range(response.headers()).ok_or(ExchangeError::OtherContent)?;
                if begin != from || had.is_some_and(|had| tag.as_ref() != Some(&had.tag)) {
                    return Err(ExchangeError::OtherContent);
                }
                if total > limit {
                    return Err(ExchangeError::TooLong);
                }
                (Some(total), part.max(1))
            }
        };
        let mut bytes = Vec::new();
        let broken = match answer::read(response, self.patience, limit, &mut bytes).await {
            Ok(()) => false,
            Err(ExchangeError::BrokenOff) => true,
            Err(error) => return Err(error),
        };
        let total = total.or((!broken).then_some(from + bytes.len()));
        Ok(Part { from, bytes, tag, total, broken })
    }

    /// Returns the back office's address.
    pub(crate) fn base(&self) -> &Url {
        &self.base
    }

    fn url(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(path);
        url.set_query(None);
        url
    }
}

impl BackOffice for Http {
    fn post<'a>(
        &'a self,
        path: &'a str,
        body: Vec<u8>,
        answer: &'static str,
        limit: usize,
    ) -> Answer<'a, Vec<u8>> {
        let length = body.len();
        let request = self.client.post(self.url(path)).header(CONTENT_TYPE, COSE).body(body);
        Box::pin(async move {
            let response = self.send(request, length, answer).await?;
            if response.status() != StatusCode::OK {
                return Err(answer::refusal(response, self.patience).await);
            }
            let mut bytes = Vec::new();
            answer::read(response, self.patience, limit, &mut bytes).await?;
            Ok(bytes)
        })
    }

    fn get<'a>(&'a self, request: Request<'a>) -> Answer<'a, Part> {
        Box::pin(self.download(request))
    }
}

/// Returns whether TLS itself failed, which is somewhere below what reqwest says.
fn is_about_tls(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(error) = cause {
        if error.is::<rustls::Error>() {
            return true;
        }
        // An I/O error names as its source that of what it wraps.
        let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        cause = wrapped.map_or_else(|| error.source(), |wrapped| Some(wrapped as &dyn std::error::Error));
    }
    false
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let ip = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || ip.is_ok_and(|ip| ip.is_loopback())
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
