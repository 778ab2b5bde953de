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
#[derive(Debug, thiserror::Error)]
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
    /// An answer other than 200.
    #[error("answered {status}")]
    Status {
        /// The HTTP status.
        status: u16,
        /// The time after which to ask again, if the answer says so.
        retry_after: Option<Duration>,
    },
    /// Another content type: the page of a captive portal or a proxy.
    #[error("answered with another content type")]
    OtherContent,
    /// The answer is longer than allowed.
    #[error("answered more than it may")]
    TooLong,
}

/// What one exchange gives: the answer's body.
pub(crate) type Answer<'a> = Pin<Box<dyn Future<Output = Result<Vec<u8>, ExchangeError>> + Send + 'a>>;

/// A download.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    pub path: &'a str,
    /// The media type that the answer must have.
    pub answer: &'static str,
    /// A header that says who asks.
    pub header: Option<(&'static str, String)>,
    /// Longest answer that is read, in bytes.
    pub limit: usize,
}

/// A back office that can be asked.
pub(crate) trait BackOffice: Send + Sync {
    /// Posts a signed message. The answer has the media type `answer` and at most `limit` bytes.
    fn post<'a>(&'a self, path: &'a str, body: Vec<u8>, answer: &'static str, limit: usize) -> Answer<'a>;

    /// Downloads a file.
    fn get<'a>(&'a self, request: Request<'a>) -> Answer<'a>;
}
