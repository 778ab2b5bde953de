//! One station's connection to the office.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode, redirect};
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};
use wire::EnrolmentAnswer;
use wire::limits::{ENROLMENT_BYTES, RECEIPT_BYTES};

/// Longest wait for one answer.
const PATIENCE: Duration = Duration::from_secs(120);
const COSE: &str = "application/cose";
const CBOR: &str = "application/cbor";
/// Longest problem that is read, in bytes.
const PROBLEM_BYTES: usize = 64 * 1024;

/// A connection that is made when it is first needed.
#[derive(Clone)]
pub struct Link {
    client: Client,
    url: String,
}

/// Why an exchange gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// No connection, or one that broke off.
    #[error("no answer: {0}")]
    NoAnswer(&'static str),
    /// Another answer than the one that was asked for.
    #[error("answered {code}")]
    Refused {
        /// The code of the problem, or else the status.
        code: String,
        /// Whether the same request may succeed later.
        retry: bool,
        /// When to ask again.
        after: Option<Duration>,
    },
    /// An answer that cannot be read.
    #[error("{0}")]
    Answer(String),
}

impl Link {
    /// Makes a link to `url` that trusts `ca` (DER) and no other authority.
    ///
    /// # Errors
    /// A sentence: the address or the certificate cannot be used.
    pub fn new(url: &str, ca: Option<&[u8]>) -> Result<Self, String> {
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .http1_only()
            .tls_backend_preconfigured(tls(ca).map_err(|error| error.to_string())?)
            .timeout(PATIENCE)
            .build();
        let client = client.map_err(|error| format!("{url}: {error}"))?;
        Ok(Self { client, url: url.trim_end_matches('/').to_owned() })
    }

    /// Sends an enrolment.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn enrol(&self, request: Vec<u8>) -> Result<EnrolmentAnswer, LinkError> {
        let bytes = self.post("/v1/enrol", request, CBOR, ENROLMENT_BYTES).await?;
        EnrolmentAnswer::parse(&bytes).map_err(|error| LinkError::Answer(error.to_string()))
    }

    /// Sends a signed batch, and returns what should be its receipt.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn send(&self, batch: Vec<u8>) -> Result<Vec<u8>, LinkError> {
        self.post("/v1/batches", batch, COSE, RECEIPT_BYTES).await
    }

    async fn post(
        &self,
        path: &str,
        body: Vec<u8>,
        expected: &str,
        limit: usize,
    ) -> Result<Vec<u8>, LinkError> {
        let request = self.client.post(format!("{}{path}", self.url)).header(CONTENT_TYPE, COSE);
        let response = request.header(ACCEPT, expected).body(body).send().await.map_err(no_answer)?;
        if response.status() != StatusCode::OK {
            return Err(refused(response).await);
        }
        if response.headers().get(CONTENT_TYPE).is_none_or(|value| value != expected) {
            return Err(LinkError::Answer("an answer of another type".to_owned()));
        }
        read(response, limit).await
    }
}

fn tls(ca: Option<&[u8]>) -> Result<ClientConfig, rustls::Error> {
    let mut roots = RootCertStore::empty();
    if let Some(ca) = ca {
        roots.add(CertificateDer::from(ca.to_vec()))?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

#[allow(clippy::needless_pass_by_value, reason = "as map_err hands it over")]
fn no_answer(error: reqwest::Error) -> LinkError {
    LinkError::NoAnswer(match () {
        () if error.is_timeout() => "timeout",
        () if error.is_connect() => "unreachable",
        () => "broken-off",
    })
}

async fn read(mut response: Response, limit: usize) -> Result<Vec<u8>, LinkError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(no_answer)? {
        if bytes.len() + chunk.len() > limit {
            return Err(LinkError::Answer("an answer that is too long".to_owned()));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Reads a problem as docs/wire.md describes it.
async fn refused(response: Response) -> LinkError {
    let status = response.status();
    let seconds = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    let body = read(response, PROBLEM_BYTES).await.unwrap_or_default();
    let problem: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    let code = problem["code"].as_str().map_or_else(|| status.as_u16().to_string(), str::to_owned);
    let retry = problem["retry"].as_bool().unwrap_or_else(|| status.is_server_error());
    LinkError::Refused { code, retry, after: seconds.map(Duration::from_secs) }
}
