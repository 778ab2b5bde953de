//! TLS to the deployment's own CA, also while the clock is wrong.
//!
//! Certificates have dates, and a laptop with a dead battery on its board could never learn the time
//! from an office whose certificate it refuses by its own clock. So while the clock is not trusted
//! the moment at which certificates are checked is clamped into their validity. Everything else is
//! what rustls does: the chain to the one CA, the name, key usage and signatures.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use health_code::Timestamp;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use wire::ClockState;

use super::bad_office::BadOffice;
use super::office::BadIdentity;
use crate::clock::Clock;

/// Moments that are tried for one chain. Each of its certificates can move the moment once in each
/// direction, and webpki follows at most six intermediates.
const MOMENTS: usize = 16;

/// Says what was wrong with the certificate that was refused last, since it was last asked.
#[derive(Debug, Clone, Default)]
pub(super) struct Objection(Arc<Mutex<Option<Objected>>>);

/// What was wrong with a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Objected {
    /// Its dates, by a trusted clock.
    ByTheClock,
    /// Something that no clock explains.
    Identity(BadIdentity),
}

impl Objection {
    pub(super) fn take(&self) -> Option<Objected> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn put(&self, objected: Objected) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(objected);
    }
}

/// Returns a TLS configuration that trusts the CA and no other; without one, nobody.
pub(super) fn config(
    ca: Option<&[u8]>,
    clock: Arc<dyn Clock>,
    objection: &Objection,
) -> Result<ClientConfig, BadOffice> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|_| BadOffice::BadCa)?;
    let Some(ca) = ca else {
        return Ok(builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth());
    };
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(ca.to_vec())).map_err(|_| BadOffice::BadCa)?;
    let strict = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build();
    let strict = strict.map_err(|_| BadOffice::BadCa)?;
    let verifier = Verifier { strict, clock, objection: objection.clone() };
    Ok(builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth())
}

struct Verifier {
    strict: Arc<WebPkiServerVerifier>,
    clock: Arc<dyn Clock>,
    objection: Objection,
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").field("strict", &self.strict).finish_non_exhaustive()
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let (now, state) = self.clock.read();
        let check = |moment| self.strict.verify_server_cert(end_entity, intermediates, name, ocsp, moment);
        let mut moment = unix(now.wall);
        let mut checked = check(moment);
        if state == ClockState::Trusted {
            if checked.as_ref().is_err_and(|error| inside(error).is_some()) {
                self.objection.put(Objected::ByTheClock);
                return checked;
            }
        } else {
            for _ in 0..MOMENTS {
                let Some(nearest) = checked.as_ref().err().and_then(inside) else { break };
                moment = nearest;
                checked = check(moment);
            }
        }
        if let Err(error) = &checked {
            self.objection.put(Objected::Identity(what_is_wrong(error)));
        }
        checked
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.strict.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.strict.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.strict.supported_verify_schemes()
    }
}

/// Returns the nearest moment inside the validity of the certificate that was refused for its dates.
fn inside(error: &Error) -> Option<UnixTime> {
    match error {
        Error::InvalidCertificate(CertificateError::ExpiredContext { not_after, .. }) => Some(*not_after),
        Error::InvalidCertificate(CertificateError::NotValidYetContext { not_before, .. }) => {
            Some(*not_before)
        }
        _ => None,
    }
}

fn what_is_wrong(error: &Error) -> BadIdentity {
    match error {
        Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => BadIdentity::Name,
        error if inside(error).is_some() => BadIdentity::Validity,
        _ => BadIdentity::Authority,
    }
}

fn unix(wall: Timestamp) -> UnixTime {
    UnixTime::since_unix_epoch(Duration::from_secs(u64::try_from(wall.0).unwrap_or(0)))
}

#[cfg(test)]
mod tests;
