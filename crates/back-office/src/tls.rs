//! The deployment's own CA, made at first start, and the server's certificate, made at each start.
//!
//! Stations pin the CA by their ticket. `tls/ca.key` (mode 600) never leaves this machine and
//! belongs to the backup: with another CA every station has to be enrolled again.

use std::io;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use disk::Access;
use health_code::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

const CA_NAME: &str = "Kadian deployment CA";
const FILE_BYTES: u64 = 16 * 1024;
const CA_YEARS: i32 = 20;
const SERVER_YEARS: i32 = 2;

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file or a folder.
    #[error(transparent)]
    Disk(#[from] disk::DiskError),
    /// The file system.
    #[error("TLS files: {0}")]
    Io(#[from] io::Error),
    /// Making a certificate.
    #[error("TLS certificate: {0}")]
    Certificate(#[from] rcgen::Error),
    /// A file in `tls/` that is not what it should be.
    #[error("tls/ca.pem is no certificate: {0}")]
    Pem(#[from] rustls::pki_types::pem::Error),
    /// The TLS library.
    #[error("TLS: {0}")]
    Rustls(#[from] rustls::Error),
}

/// The CA's certificate, where one was made.
///
/// # Errors
/// [`TlsError`].
pub fn ca(folder: &Path) -> Result<Option<CertificateDer<'static>>, TlsError> {
    match disk::read(&folder.join("ca.pem"), FILE_BYTES) {
        Ok(pem) => Ok(Some(CertificateDer::from_pem_slice(&pem)?)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Makes the CA where there is none, and a server certificate for `hosts`.
///
/// # Errors
/// [`TlsError`].
pub fn server(folder: &Path, hosts: &[String], now: Timestamp) -> Result<Arc<ServerConfig>, TlsError> {
    let ca_key = ca_key(folder, now)?;
    let issuer = Issuer::new(ca_params(now), ca_key);
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new(hosts)?;
    params.distinguished_name = name("Kadian back office");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    validity(&mut params, now, SERVER_YEARS);
    let certificate = params.signed_by(&key, &issuer)?;
    let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], private)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// Whether text is a host that a certificate can name.
#[must_use]
pub fn is_host(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok()
        || (!text.is_empty()
            && text.len() <= 253
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.')))
}

fn ca_key(folder: &Path, now: Timestamp) -> Result<KeyPair, TlsError> {
    disk::private_folder(folder)?;
    match disk::read(&folder.join("ca.key"), FILE_BYTES) {
        Ok(pem) if folder.join("ca.pem").try_exists()? => {
            let pem = String::from_utf8(pem).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
            return Ok(KeyPair::from_pem(&pem)?);
        }
        Ok(_) => {}
        Err(error) if error.is_not_found() => {}
        Err(error) => return Err(error.into()),
    }
    let key = KeyPair::generate()?;
    let certificate = ca_params(now).self_signed(&key)?;
    // The key first: a certificate without its key would be pinned and never signed for.
    disk::replace(&folder.join("ca.key"), key.serialize_pem().as_bytes(), Access::Owner)?;
    disk::replace(&folder.join("ca.pem"), certificate.pem().as_bytes(), Access::Everyone)?;
    Ok(key)
}

fn ca_params(now: Timestamp) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = name(CA_NAME);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    validity(&mut params, now, CA_YEARS);
    params
}

fn name(common: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common);
    name
}

/// From a year before (a station's clock may be behind) to some years after.
fn validity(params: &mut CertificateParams, now: Timestamp, years: i32) {
    let year = jiff::Timestamp::from_second(now.0)
        .map_or(2020, |moment| i32::from(jiff::tz::Offset::UTC.to_datetime(moment).year()))
        .clamp(1971, 9000);
    params.not_before = date_time_ymd(year - 1, 1, 1);
    params.not_after = date_time_ymd(year + years, 1, 1);
}
