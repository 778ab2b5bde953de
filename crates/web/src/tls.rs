//! The deployment's own CA, and the certificates that it signs for servers.

use std::net::IpAddr;
use std::sync::Arc;

use health_code::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use x509_parser::prelude::{FromDer as _, X509Certificate};
use zeroize::Zeroizing;

/// How long a CA is valid; stations pin it and are not enrolled again in that time.
const CA_YEARS: i32 = 20;
/// How long a server's certificate is valid; it is made anew at each start.
const SERVER_YEARS: i32 = 2;
/// Longest host name that a certificate can hold (RFC 1035 §2.3.4).
const HOST_BYTES: usize = 253;

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A key could not be read or a certificate could not be made.
    #[error("TLS certificate: {0}")]
    Certificate(#[from] rcgen::Error),
    /// A file is no certificate or no key.
    #[error("TLS files: {0}")]
    Pem(#[from] rustls::pki_types::pem::Error),
    /// The TLS library refuses the key or the certificate.
    #[error("TLS: {0}")]
    Rustls(#[from] rustls::Error),
}

/// How a server speaks TLS, and for how long its certificate is good.
#[derive(Debug, Clone)]
pub struct ServerTls {
    /// The settings.
    pub config: Arc<ServerConfig>,
    /// The first moment at which clients refuse a certificate of the chain; `None` where none says so.
    pub ends: Option<Timestamp>,
}

/// A certificate authority: signs certificates for the servers of one deployment.
#[derive(Debug)]
pub struct Authority {
    name: String,
    key: KeyPair,
}

impl Authority {
    /// Makes a CA with a new key.
    ///
    /// # Errors
    /// [`TlsError::Certificate`].
    pub fn generate(name: &str) -> Result<Self, TlsError> {
        Ok(Self { name: name.to_owned(), key: KeyPair::generate()? })
    }

    /// Opens a CA by its private key, as [`Self::key_pem`] returned it, and the name it was made with.
    ///
    /// # Errors
    /// [`TlsError::Certificate`].
    pub fn open(name: &str, key_pem: &str) -> Result<Self, TlsError> {
        Ok(Self { name: name.to_owned(), key: KeyPair::from_pem(key_pem)? })
    }

    /// Returns the private key in PEM.
    #[must_use]
    pub fn key_pem(&self) -> Zeroizing<String> {
        Zeroizing::new(self.key.serialize_pem())
    }

    /// Signs the CA's own certificate and returns it in PEM. Clients pin it, so it is made once.
    ///
    /// # Errors
    /// [`TlsError::Certificate`].
    pub fn certificate_pem(&self, now: Timestamp) -> Result<String, TlsError> {
        Ok(self.params(now).self_signed(&self.key)?.pem())
    }

    /// Makes a server's key and certificate for `hosts`, and the TLS settings (1.2 or later, HTTP/1.1).
    ///
    /// # Errors
    /// [`TlsError`]; a host that is no name or address is one of the reasons, see [`is_host`].
    pub fn server(&self, name: &str, hosts: &[String], now: Timestamp) -> Result<ServerTls, TlsError> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(hosts)?;
        params.distinguished_name = common_name(name);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        set_validity(&mut params, now, SERVER_YEARS);
        let certificate = params.signed_by(&key, &Issuer::new(self.params(now), &self.key))?;
        let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        settings(vec![certificate.der().clone()], private)
    }

    fn params(&self, now: Timestamp) -> CertificateParams {
        let mut params = CertificateParams::default();
        params.distinguished_name = common_name(&self.name);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        set_validity(&mut params, now, CA_YEARS);
        params
    }
}

/// Returns the TLS settings of a certificate that somebody else signed: the chain and its key, both in PEM.
///
/// # Errors
/// [`TlsError`].
pub fn of_pem(chain: &[u8], key: &[u8]) -> Result<ServerTls, TlsError> {
    let chain = CertificateDer::pem_slice_iter(chain).collect::<Result<Vec<_>, _>>()?;
    settings(chain, PrivateKeyDer::from_pem_slice(key)?)
}

/// Returns TLS 1.2 or later, HTTP/1.1.
fn settings(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> Result<ServerTls, TlsError> {
    let ends = chain.iter().filter_map(|certificate| end_of(certificate)).min();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(ServerTls { config: Arc::new(config), ends })
}

/// Returns the moment after a certificate's last one (RFC 5280 §4.1.2.5).
fn end_of(certificate: &CertificateDer<'_>) -> Option<Timestamp> {
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    Some(Timestamp(certificate.validity().not_after.timestamp().checked_add(1)?))
}

/// Returns whether a certificate can name this host: an IP address, or letters, digits, hyphens and
/// dots.
#[must_use]
pub fn is_host(text: &str) -> bool {
    let is_name = !text.is_empty()
        && text.len() <= HOST_BYTES
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
    is_name || text.parse::<IpAddr>().is_ok()
}

fn common_name(common: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common);
    name
}

/// Sets the validity from the year before, since a client's clock may be behind, to some years on.
fn set_validity(params: &mut CertificateParams, now: Timestamp, years: i32) {
    let year = jiff::Timestamp::from_second(now.0)
        .map_or(2020, |moment| i32::from(jiff::tz::Offset::UTC.to_datetime(moment).year()))
        .clamp(1971, 9000);
    params.not_before = date_time_ymd(year - 1, 1, 1);
    params.not_after = date_time_ymd(year + years, 1, 1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_servers_certificate_says_until_when_it_is_good() {
        let (authority, now) = (Authority::generate("Sample CA").unwrap(), Timestamp(1_784_505_600));
        let made = authority.server("Sample", &["localhost".to_owned()], now).unwrap();
        // Made in July 2026, it is good to the first of January of the year after next.
        assert_eq!(made.ends, Some(Timestamp(1_830_297_601)));
        let (ca, key) = (authority.certificate_pem(now).unwrap(), authority.key_pem());
        let bought = of_pem(ca.as_bytes(), key.as_bytes()).unwrap();
        assert_eq!(bought.ends, Some(Timestamp(2_398_377_601)));
    }
}
