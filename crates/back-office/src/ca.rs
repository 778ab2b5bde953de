//! The files of the deployment's CA: made at the first start, used by every later one.
//!
//! Stations pin the CA by their ticket. `tls/ca.key` (mode 600) never leaves this machine and
//! belongs to the backup: with another CA, every station has to be enrolled again.

use std::io;
use std::path::Path;

use disk::Access;
use health_code::Timestamp;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use web::Authority;
use zeroize::Zeroizing;

use crate::limits::TLS_FILE_BYTES;

const CA_NAME: &str = "Kadian deployment CA";

/// Why the CA cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CaError {
    /// A file cannot be read or written.
    #[error(transparent)]
    Disk(#[from] disk::DiskError),
    /// `tls/ca.key` is not text, or `tls/` cannot be looked at.
    #[error("TLS files: {0}")]
    Io(#[from] io::Error),
    /// `tls/ca.pem` does not hold a certificate.
    #[error("tls/ca.pem is no certificate: {0}")]
    Pem(#[from] rustls::pki_types::pem::Error),
    /// The key is unusable, or no certificate could be made.
    #[error(transparent)]
    Tls(#[from] web::TlsError),
}

/// Returns the CA's certificate, or `None` where no CA was made yet.
///
/// # Errors
/// [`CaError::Io`] and [`CaError::Pem`].
pub fn certificate(folder: &Path) -> Result<Option<CertificateDer<'static>>, CaError> {
    match disk::read(&folder.join("ca.pem"), TLS_FILE_BYTES) {
        Ok(pem) => Ok(Some(CertificateDer::from_pem_slice(&pem)?)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Copies the CA of another office, `ca.key` and `ca.pem`, where `from` has them; a CA in `folder` stays. So
/// several offices behind one address have the CA that stations pin.
///
/// # Errors
/// [`CaError`]; a key without its certificate is one.
pub fn import(from: &Path, folder: &Path) -> Result<(), CaError> {
    // An office has its CA in `tls`, beside its keys.
    let places = [from.to_owned(), from.join("tls"), from.parent().unwrap_or(from).join("tls")];
    let from = places.iter().find(|place| place.join("ca.key").is_file()).map_or(from, |place| place);
    let key = match disk::read(&from.join("ca.key"), TLS_FILE_BYTES) {
        Ok(key) => Zeroizing::new(key),
        Err(error) if error.is_not_found() => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let pem = disk::read(&from.join("ca.pem"), TLS_FILE_BYTES)?;
    CertificateDer::from_pem_slice(&pem)?;
    disk::private_folder(folder)?;
    if folder.join("ca.pem").try_exists()? {
        return Ok(());
    }
    disk::replace(&folder.join("ca.key"), &key, Access::Owner)?;
    Ok(disk::replace(&folder.join("ca.pem"), &pem, Access::Everyone)?)
}

/// Opens the CA in a folder; makes one if there is none.
///
/// # Errors
/// [`CaError`].
pub fn open(folder: &Path, now: Timestamp) -> Result<Authority, CaError> {
    disk::private_folder(folder)?;
    match disk::read(&folder.join("ca.key"), TLS_FILE_BYTES) {
        Ok(pem) if folder.join("ca.pem").try_exists()? => {
            let pem = String::from_utf8(pem).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
            return Ok(Authority::open(CA_NAME, &pem)?);
        }
        Ok(_) => {}
        Err(error) if error.is_not_found() => {}
        Err(error) => return Err(error.into()),
    }
    let authority = Authority::generate(CA_NAME)?;
    // The key is written first: a certificate without its key would be pinned and never signed for.
    disk::replace(&folder.join("ca.key"), authority.key_pem().as_bytes(), Access::Owner)?;
    disk::replace(&folder.join("ca.pem"), authority.certificate_pem(now)?.as_bytes(), Access::Everyone)?;
    Ok(authority)
}
