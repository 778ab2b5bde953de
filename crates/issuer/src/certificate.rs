//! Signing certificates of the `HC1` family, for samples and tests: no gate's country issues them.

use health_code::hcert::{Algorithm, Kind, SignerKey, cose, inflate};
use health_code::{KeyId, Timestamp, key_id};
use p256::ecdsa::signature::Signer as _;
use rand_core::CryptoRng;
use rsa::PrivateKey;
use rsa::pkcs1::EncodeRsaPublicKey as _;
use rsa::signature::{RandomizedSigner as _, SignatureEncoding as _};
use sha2::Sha256;
use strict_cose::Value;
use strict_cose::cbor::{encode, map};

/// A document signer's key pair, for each algorithm that certificates use.
#[derive(Clone)]
pub enum DocumentKey {
    /// ECDSA on P-256; signs by RFC 6979, so the same claims give the same certificate.
    Es256(Box<p256::ecdsa::SigningKey>),
    /// ECDSA on P-384, in the same way.
    Es384(Box<p384::ecdsa::SigningKey>),
    /// RSASSA-PSS.
    Ps256(Box<rsa::pss::SigningKey<Sha256>>),
}

/// The bytes are no private key, or none could be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a private key")]
pub struct NoKey;

impl DocumentKey {
    /// Returns the ES256 key of a scalar.
    ///
    /// # Errors
    /// [`NoKey`] for zero and for what is not below the order.
    pub fn es256(scalar: &[u8; 32]) -> Result<Self, NoKey> {
        p256::ecdsa::SigningKey::from_slice(scalar).map(|key| Self::Es256(Box::new(key))).map_err(|_| NoKey)
    }

    /// Returns the ES384 key of a scalar.
    ///
    /// # Errors
    /// As [`DocumentKey::es256`].
    pub fn es384(scalar: &[u8; 48]) -> Result<Self, NoKey> {
        p384::ecdsa::SigningKey::from_slice(scalar).map(|key| Self::Es384(Box::new(key))).map_err(|_| NoKey)
    }

    /// Returns a new PS256 key of 2048 bits.
    ///
    /// # Errors
    /// [`NoKey`].
    pub fn ps256(rng: &mut impl CryptoRng) -> Result<Self, NoKey> {
        let key = PrivateKey::new(rng, 2048).map_err(|_| NoKey)?;
        Ok(Self::Ps256(Box::new(rsa::pss::SigningKey::new(key))))
    }

    /// Its algorithm.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        match self {
            Self::Es256(_) => Algorithm::Es256,
            Self::Es384(_) => Algorithm::Es384,
            Self::Ps256(_) => Algorithm::Ps256,
        }
    }

    /// Returns the public half, as an X.509 certificate carries it in its BIT STRING.
    #[must_use]
    pub fn public_bytes(&self) -> Vec<u8> {
        match self {
            Self::Es256(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            Self::Es384(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            Self::Ps256(key) => {
                let key: &PrivateKey = (**key).as_ref();
                key.to_public_key().to_pkcs1_der().map(|der| der.as_bytes().to_vec()).unwrap_or_default()
            }
        }
    }

    /// Returns the public half.
    ///
    /// # Errors
    /// [`NoKey`]: never for a key made here.
    pub fn public(&self) -> Result<SignerKey, NoKey> {
        SignerKey::new(self.algorithm(), self.public_bytes()).map_err(|_| NoKey)
    }

    /// Its name, where it has no X.509 certificate to take one from.
    #[must_use]
    pub fn kid(&self) -> KeyId {
        key_id(&self.public_bytes())
    }

    /// Signs as COSE has it. Only PS256 draws from `rng` (its salt).
    #[must_use]
    pub fn sign(&self, message: &[u8], rng: &mut impl CryptoRng) -> Vec<u8> {
        match self {
            Self::Es256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.to_bytes().to_vec()
            }
            Self::Es384(key) => {
                let signature: p384::ecdsa::Signature = key.sign(message);
                signature.to_bytes().to_vec()
            }
            Self::Ps256(key) => key.sign_with_rng(rng, message).to_vec(),
        }
    }
}

impl std::fmt::Debug for DocumentKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DocumentKey").field("kid", &self.kid()).finish_non_exhaustive()
    }
}

/// What a sample certificate says. Nothing is checked: tests write what no country would.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCertificate {
    /// Schema version.
    pub ver: String,
    /// Family and given name as written at home, and both in capital Latin letters with `<`.
    pub name: [String; 4],
    /// Date of birth.
    pub dob: String,
    /// Country, of the CWT and of the event.
    pub country: String,
    /// Its identifier.
    pub id: String,
    /// What it certifies.
    pub kind: Kind,
    /// The day of it, as `YYYY-MM-DD`.
    pub day: String,
    /// Which dose, of how many.
    pub doses: [u8; 2],
    /// A test's result: anything but "not detected".
    pub detected: bool,
    /// A recovery's own first and last day.
    pub recovery: [String; 2],
    /// When it was issued.
    pub iat: Timestamp,
    /// When it ends.
    pub exp: Timestamp,
}

impl NewCertificate {
    /// Returns the payload: what claim -260 holds.
    #[must_use]
    pub fn payload(&self) -> Value {
        let [fn_, gn, fnt, gnt] = &self.name;
        let name = [("fn", fn_), ("gn", gn), ("fnt", fnt), ("gnt", gnt)];
        let nam =
            Value::Map(name.into_iter().map(|(key, part)| (key.into(), part.as_str().into())).collect());
        let mut entry: Vec<(&str, Value)> = vec![
            ("tg", "840539006".into()),
            ("co", self.country.as_str().into()),
            ("is", "Sample Authority".into()),
            ("ci", self.id.as_str().into()),
        ];
        let key = match self.kind {
            Kind::Vaccination => {
                entry.extend([
                    ("vp", "1119349007".into()),
                    ("mp", "EU/1/20/1528".into()),
                    ("ma", "ORG-100030215".into()),
                    ("dn", self.doses[0].into()),
                    ("sd", self.doses[1].into()),
                    ("dt", self.day.as_str().into()),
                ]);
                "v"
            }
            Kind::Test => {
                let result = if self.detected { "260373001" } else { "260415000" };
                entry.extend([
                    ("tt", "LP6464-4".into()),
                    ("tc", "Sample Centre".into()),
                    ("sc", format!("{}T08:00:00Z", self.day).into()),
                    ("tr", result.into()),
                ]);
                "t"
            }
            Kind::Recovery => {
                entry.extend([
                    ("fr", self.day.as_str().into()),
                    ("df", self.recovery[0].as_str().into()),
                    ("du", self.recovery[1].as_str().into()),
                ]);
                "r"
            }
        };
        text_map(vec![
            ("ver", self.ver.as_str().into()),
            ("nam", nam),
            ("dob", self.dob.as_str().into()),
            (key, Value::Array(vec![text_map(entry)])),
        ])
    }

    /// Returns the claims around a payload.
    #[must_use]
    pub fn claims(&self, payload: Value) -> Vec<u8> {
        encode(&map([
            (1, self.country.as_str().into()),
            (4, self.exp.0.into()),
            (6, self.iat.0.into()),
            (-260, map([(1, payload)])),
        ]))
    }
}

/// Where a message names its key, and in which of the three forms it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// Of the protected header.
    pub protected: Vec<(i64, Value)>,
    /// The other.
    pub unprotected: Vec<(i64, Value)>,
    /// Bytes before the array: tags.
    pub tags: Vec<u8>,
}

impl Shape {
    /// Returns the shape that most countries use: tagged, all in the protected header.
    #[must_use]
    pub fn usual(algorithm: Algorithm, kid: &[u8]) -> Self {
        Self {
            protected: vec![(1, algorithm.number().into()), (4, kid.to_vec().into())],
            unprotected: Vec::new(),
            tags: vec![0xd2],
        }
    }
}

/// Returns the COSE message of any claims, in any shape.
#[must_use]
pub fn certificate_cose(
    key: &DocumentKey,
    shape: Shape,
    claims: Vec<u8>,
    rng: &mut impl CryptoRng,
) -> Vec<u8> {
    let protected = encode(&map(shape.protected));
    let signature = key.sign(&cose::to_be_signed(&protected, &claims), rng);
    let parts =
        vec![Value::Bytes(protected), map(shape.unprotected), Value::Bytes(claims), Value::Bytes(signature)];
    [shape.tags, encode(&Value::Array(parts))].concat()
}

/// Returns the text of a sample certificate, in the usual shape.
#[must_use]
pub fn sign_certificate(
    key: &DocumentKey,
    kid: &[u8],
    new: &NewCertificate,
    rng: &mut impl CryptoRng,
) -> String {
    let shape = Shape::usual(key.algorithm(), kid);
    inflate::to_text(&certificate_cose(key, shape, new.claims(new.payload()), rng))
}

fn text_map(entries: Vec<(&str, Value)>) -> Value {
    Value::Map(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use health_code::hcert::UnverifiedCertificate;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};

    #[test]
    fn what_each_algorithm_signs_another_implementation_verifies() {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let keys = [
            DocumentKey::es256(&[1; 32]).unwrap(),
            DocumentKey::es384(&[2; 48]).unwrap(),
            DocumentKey::ps256(&mut rng).unwrap(),
        ];
        for key in &keys {
            let shape = Shape::usual(key.algorithm(), &key.kid().0);
            let cose = certificate_cose(key, shape, vec![0xa0], &mut rng);
            let read = UnverifiedCertificate::from_cose(&cose).unwrap();
            for other in &keys {
                let holds = read.verify(&other.public().unwrap()).is_ok();
                assert_eq!(holds, other.algorithm() == key.algorithm());
            }
            // Each byte counts: of the header, of the claims, of the signature.
            for at in [4, cose.len() / 2, cose.len() - 1] {
                let mut touched = cose.clone();
                touched[at] ^= 1;
                let holds = UnverifiedCertificate::from_cose(&touched)
                    .is_ok_and(|read| read.verify(&key.public().unwrap()).is_ok());
                assert!(!holds, "{at}");
            }
        }
        assert!(DocumentKey::es256(&[0; 32]).is_err());
    }
}
