//! Signing codes.

use health_code::claims::BadClaims;
use health_code::{Claims, KeyId, Refusal, UnverifiedCode, code};
use strict_cose::Sign1;

use crate::keys::KeyPair;

/// An issuer's key, ready to sign codes.
#[derive(Debug, Clone)]
pub struct CodeSigner {
    key: KeyPair,
    kid: KeyId,
}

/// Why claims were not signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CannotSign {
    /// Every gate would refuse these claims.
    #[error("claims that every gate would refuse: {0}")]
    Claims(#[from] BadClaims),
    /// Together they do not fit into a code.
    #[error("too long for a code")]
    TooLong,
}

impl CodeSigner {
    /// Returns a signer that names its key by [`KeyPair::kid`].
    #[must_use]
    pub fn new(key: KeyPair) -> Self {
        let kid = key.kid();
        Self { key, kid }
    }

    /// Returns a signer that names its key as it is listed elsewhere.
    #[must_use]
    pub fn with_kid(key: KeyPair, kid: KeyId) -> Self {
        Self { key, kid }
    }

    /// Returns the name of the key in the codes.
    #[must_use]
    pub fn kid(&self) -> KeyId {
        self.kid
    }

    /// Returns the key.
    #[must_use]
    pub fn key(&self) -> &KeyPair {
        &self.key
    }

    /// Signs claims that a gate can read, as the QR's text. Whether an issuer may claim them, and
    /// for how long, is on the trust list.
    ///
    /// # Errors
    /// [`CannotSign`].
    pub fn sign(&self, claims: &Claims) -> Result<String, CannotSign> {
        let payload = claims.to_payload();
        let cose = self.cose(payload.clone());
        let text = code::to_text(&cose);
        if UnverifiedCode::parse(&text) == Err(Refusal::TooLong) {
            return Err(CannotSign::TooLong);
        }
        Claims::from_payload(&payload)?;
        Ok(text)
    }

    /// Signs any claims, as the QR's text: also those that a gate refuses.
    #[must_use]
    pub fn sign_unchecked(&self, claims: &Claims) -> String {
        code::to_text(&self.cose(claims.to_payload()))
    }

    /// Signs any payload, as the COSE message; [`health_code::code::to_text`] makes it a text.
    #[must_use]
    pub fn cose(&self, payload: Vec<u8>) -> Vec<u8> {
        Sign1::seal(self.kid, payload, code::AAD, |tbs| self.key.sign(tbs)).to_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use health_code::{Colour, Timestamp};

    fn claims() -> Claims {
        Claims {
            iss: "hubei".to_owned(),
            iat: Timestamp(1_600_000_000),
            exp: Timestamp(1_600_000_300),
            pseudonym: [7; 16],
            masked_name: "张*".to_owned(),
            masked_id: "4201**********1234".to_owned(),
            colour: Colour::Green,
            region: "420106".parse().unwrap(),
            symptoms: 0,
            temperature: Some(365),
            sealed_declaration: vec![9; 120],
            is_static: false,
            declared_at: Timestamp(1_599_998_400),
        }
    }

    #[test]
    fn a_usual_code_has_about_430_characters() {
        let text = CodeSigner::new(KeyPair::from_seed(&[1; 32])).sign(&claims()).unwrap();
        assert!((400..=450).contains(&text.len()), "{}", text.len());
    }

    #[test]
    fn what_no_gate_would_read_is_not_signed() {
        let signer = CodeSigner::new(KeyPair::from_seed(&[1; 32]));
        let nameless = Claims { masked_name: String::new(), ..claims() };
        assert!(matches!(signer.sign(&nameless), Err(CannotSign::Claims(_))));
        let long = Claims { sealed_declaration: vec![9; 400], ..claims() };
        assert_eq!(signer.sign(&long), Err(CannotSign::TooLong));
        assert!(!signer.sign_unchecked(&nameless).is_empty());
    }

    #[test]
    fn the_longest_claims_fit_into_a_code() {
        let longest = Claims {
            iss: "i".repeat(64),
            masked_name: "长".repeat(10),
            region: "420106001001".parse().unwrap(),
            symptoms: 63,
            sealed_declaration: vec![9; 200],
            is_static: true,
            ..claims()
        };
        assert!(CodeSigner::new(KeyPair::from_seed(&[1; 32])).sign(&longest).is_ok());
    }
}
