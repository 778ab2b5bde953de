//! Addresses and certificates that lead to no back office.

/// Why an address can be no back office.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadOffice {
    /// Not a web address.
    #[error("not an address: {0}")]
    Address(String),
    /// Plain HTTP to another machine.
    #[error("plain http is for this machine only; use https")]
    PlainHttp,
    /// HTTPS without a certificate of the deployment's CA.
    #[error("no certificate of the deployment's CA")]
    NoCa,
    /// The CA's certificate cannot be used.
    #[error("the CA's certificate cannot be used")]
    BadCa,
}
