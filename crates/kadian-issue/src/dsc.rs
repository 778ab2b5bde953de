//! Document signer certificates (DSC): reads from an X.509 certificate what a gate needs.
//!
//! It is not checked whether the country's own authority (CSCA) signed the certificate. Whoever signs
//! a trust list vouches for the certificates on it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use health_code::hcert::{Algorithm, SignerKey, Usage};
use health_code::{KeyId, Timestamp};
use sha2::{Digest as _, Sha256};
use x509_parser::prelude::{FromDer as _, X509Certificate};

/// Longest certificate that is read, in bytes.
pub const DSC_BYTES: u64 = 64 * 1024;

const RSA: [&str; 2] = ["1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10"];
const EC: &str = "1.2.840.10045.2.1";
const P256: &str = "1.2.840.10045.3.1.7";
const P384: &str = "1.3.132.0.34";

/// The contents of a certificate that a gate needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dsc {
    /// The subject's country, or else its issuer's.
    pub country: Option<String>,
    /// Name of the key: the first 8 bytes of the certificate's SHA-256.
    pub kid: KeyId,
    /// The key, with the algorithm that follows from it.
    pub key: SignerKey,
    /// Kinds of certificates that its extended key usage lets it sign.
    pub usage: Usage,
    /// Whether that usage restricts it at all.
    pub restricts: bool,
    /// Start of its validity.
    pub not_before: Timestamp,
    /// End of its validity.
    pub not_after: Timestamp,
}

impl Dsc {
    /// Reads DER, PEM, or the base64 of DER alone.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        if bytes.first() == Some(&0x30) {
            return Self::from_der(bytes);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| "neither DER nor PEM".to_owned())?;
        let lines = text.lines().map(str::trim).filter(|line| !line.starts_with("-----"));
        let body: String = lines.flat_map(|line| line.chars().filter(|c| !c.is_whitespace())).collect();
        let der = STANDARD.decode(body).map_err(|error| format!("neither DER nor PEM: {error}"))?;
        Self::from_der(&der)
    }

    fn from_der(der: &[u8]) -> Result<Self, String> {
        let (rest, certificate) =
            X509Certificate::from_der(der).map_err(|error| format!("no X.509 certificate: {error}"))?;
        if !rest.is_empty() {
            return Err("more bytes after the certificate".to_owned());
        }
        let info = certificate.public_key();
        let kind = info.algorithm.algorithm.to_id_string();
        let curve = info.algorithm.parameters.as_ref().and_then(|curve| curve.as_oid().ok());
        let curve = curve.map(|oid| oid.to_id_string());
        let algorithm = match (kind.as_str(), curve.as_deref()) {
            (kind, _) if RSA.contains(&kind) => Algorithm::Ps256,
            (EC, Some(P256)) => Algorithm::Es256,
            (EC, Some(P384)) => Algorithm::Es384,
            _ => return Err(format!("a key of another kind ({kind})")),
        };
        let key = SignerKey::new(algorithm, info.subject_public_key.data.to_vec())
            .map_err(|error| error.to_string())?;
        let usage = certificate.extended_key_usage().map_err(|error| error.to_string())?;
        let oids: Vec<String> =
            usage.iter().flat_map(|usage| usage.value.other.iter().map(|oid| oid.to_id_string())).collect();
        let country = [certificate.subject(), certificate.issuer()].into_iter().find_map(|name| {
            name.iter_country().find_map(|country| country.as_str().ok().map(str::to_ascii_uppercase))
        });
        let hash: [u8; 32] = Sha256::digest(der).into();
        let [a, b, c, d, e, f, g, h, ..] = hash;
        Ok(Self {
            country,
            kid: KeyId([a, b, c, d, e, f, g, h]),
            key,
            usage: Usage::of_oids(oids.iter().map(String::as_str)),
            restricts: Usage::of_oids(oids.iter().map(String::as_str)) != Usage::ALL,
            not_before: Timestamp(certificate.validity().not_before.timestamp()),
            not_after: Timestamp(certificate.validity().not_after.timestamp()),
        })
    }
}
