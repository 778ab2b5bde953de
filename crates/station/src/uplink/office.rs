//! The back office as the uplink sees it, whatever leads there.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

/// Media type of signed messages.
pub(crate) const COSE: &str = "application/cose";
/// Media type of an enrolment's answer.
pub(crate) const CBOR: &str = "application/cbor";
/// Media type of revocations.
pub(crate) const OCTETS: &str = "application/octet-stream";

/// Why an exchange gave nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExchangeError {
    /// There was no connection.
    #[error("not reachable")]
    Unreachable,
    /// The connection broke off, or the exchange took too long for its size.
    #[error("the connection broke off or was too slow")]
    BrokenOff,
    /// The station's clock is trusted and outside the dates of the office's certificate.
    #[error("the clock and the dates of the back office's certificate disagree")]
    Dates,
    /// Who answers is not the back office.
    #[error(transparent)]
    Identity(#[from] BadIdentity),
    /// An answer that refuses the request.
    #[error("answered {status} {}", code.as_deref().unwrap_or_default())]
    Status {
        /// The HTTP status.
        status: u16,
        /// The problem's stable code (RFC 9457 with a member of ours), if the answer has one.
        code: Option<String>,
        /// The time after which to ask again, if the answer says so.
        retry_after: Option<Duration>,
        /// The moment that the refusal is about, in seconds since 1970, if it names one.
        at: Option<i64>,
    },
    /// Another content type: the page of a captive portal or a proxy.
    #[error("answered with another content type")]
    OtherContent,
    /// The answer is longer than allowed.
    #[error("answered more than it may")]
    TooLong,
}

/// Why who answers at an address is not the back office.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadIdentity {
    /// The certificate is for another name.
    #[error("the certificate there is for another name")]
    Name,
    /// The certificate is not from the deployment's CA.
    #[error("the certificate there is not from the deployment's CA")]
    Authority,
    /// The chain's certificates were never valid at the same time.
    #[error("the certificates there were never valid together")]
    Validity,
    /// Whoever answers does not speak TLS, or not as it has to be spoken.
    #[error("no TLS is spoken there")]
    Protocol,
}

/// What one exchange gives.
pub(crate) type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, ExchangeError>> + Send + 'a>>;

/// A download of a file, or of a part of it.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    pub path: &'a str,
    /// The media type that the answer must have.
    pub answer: &'static str,
    /// A header that says who asks.
    pub header: Option<(&'static str, String)>,
    /// Longest file that is read, in bytes.
    pub limit: usize,
    /// What is here already.
    pub had: Option<Had>,
    /// Longest part that is asked for, in bytes.
    pub part: usize,
}

/// The beginning of a file that is here already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Had {
    pub bytes: usize,
    /// The file's strong entity tag (RFC 9110 §8.8.3): the rest is wanted of this version alone.
    pub tag: String,
}

/// A part of a file, or all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    /// Where it begins in the file.
    pub from: usize,
    pub bytes: Vec<u8>,
    /// The file's strong entity tag, if it has one.
    pub tag: Option<String>,
    /// The whole file's length in bytes; absent where the connection broke off and no header told.
    pub total: Option<usize>,
    /// Whether the connection broke off, or became too slow, before all of the part was here.
    pub broken: bool,
}

/// A back office that can be asked.
pub(crate) trait BackOffice: Send + Sync {
    /// Posts a signed message. The answer has the media type `answer` and at most `limit` bytes.
    fn post<'a>(
        &'a self,
        path: &'a str,
        body: Vec<u8>,
        answer: &'static str,
        limit: usize,
    ) -> Answer<'a, Vec<u8>>;

    /// Downloads a part of a file. Where the office has another version than [`Request::had`], the part
    /// is empty and begins the file anew.
    fn get<'a>(&'a self, request: Request<'a>) -> Answer<'a, Part>;
}
