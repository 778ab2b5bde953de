//! Verifying a code against the trust in force.

use super::{Issuer, Trust};
use crate::claims::{Claims, Colour};
use crate::code::{AAD, UnverifiedCode};
use crate::limits::APP_CODE_LIFE_SECONDS;
use crate::refusal::Refusal;
use crate::region::Region;
use crate::time::Timestamp;
use crate::verified::{Authentic, Refused, VerifiedCode};

impl Trust {
    /// Verifies a code for a checkpoint in `region`, at `now`.
    ///
    /// Order: key known, signature, claims, issuer, key in force, life, region, recognition,
    /// revocation, dates. Freshness of the trust itself is the gate's matter.
    ///
    /// # Errors
    /// [`Refused`]; `authentic` is there from [`crate::Refusal::WrongIssuer`] on.
    pub fn verify(
        &self,
        code: &UnverifiedCode,
        region: &Region,
        now: Timestamp,
    ) -> Result<VerifiedCode, Refused> {
        let authentic = self.authenticate(code, region)?;
        match dates(&authentic.claims, now) {
            None => Ok(VerifiedCode { authentic, cose: code.cose().to_vec() }),
            Some(refusal) => Err(Refused { refusal, authentic: Some(Box::new(authentic)) }),
        }
    }

    /// Checks all that [`Trust::verify`] does but the dates: a gate whose clock is wrong may show
    /// and record what the code says, and judge nothing.
    ///
    /// # Errors
    /// [`Refused`], as [`Trust::verify`].
    pub fn authenticate(&self, code: &UnverifiedCode, region: &Region) -> Result<Authentic, Refused> {
        let issuer = self.list().issuer(code.kid()).ok_or(Refusal::UnknownIssuer)?;
        let payload = code.sign1.verify(&issuer.key, AAD).map_err(|_| Refusal::Signature)?;
        let claims = Claims::from_payload(payload).map_err(|_| Refusal::BadClaims)?;
        // An issuer with colours says grey where it gives none; one without never names any.
        if (claims.colour != Colour::Uncoloured) != issuer.colours {
            return Err(Refusal::BadClaims.into());
        }
        let authentic = Authentic { claims, issuer: issuer.clone() };
        match self.standing(&authentic, region) {
            None => Ok(authentic),
            Some(refusal) => Err(Refused { refusal, authentic: Some(Box::new(authentic)) }),
        }
    }

    /// Returns what is wrong with a code that its issuer did sign, whatever the time.
    fn standing(&self, Authentic { claims, issuer }: &Authentic, at: &Region) -> Option<Refusal> {
        let any_contains = |regions: &[Region], region| regions.iter().any(|tree| tree.contains(region));
        if claims.iss != issuer.iss {
            Some(Refusal::WrongIssuer)
        } else if claims.iat < issuer.not_before || claims.iat > issuer.not_after {
            Some(Refusal::KeyNotInForce)
        } else if claims.exp.since(claims.iat) > longest_life(claims, issuer) {
            Some(Refusal::LifeTooLong)
        } else if !any_contains(&issuer.regions, &claims.region) {
            Some(Refusal::OutOfRegion)
        } else if !self.list().recognises(issuer, at) {
            Some(Refusal::NotRecognised)
        } else if self.is_revoked(claims, issuer) {
            Some(Refusal::Revoked)
        } else {
            None
        }
    }

    fn is_revoked(&self, claims: &Claims, issuer: &Issuer) -> bool {
        let cut_off = issuer.static_cut_off.is_some_and(|moment| claims.iat < moment);
        (claims.is_static && cut_off) || self.revocations().contains(&claims.iss, &claims.pseudonym)
    }
}

fn dates(claims: &Claims, now: Timestamp) -> Option<Refusal> {
    if now.is_behind(claims.iat) {
        Some(Refusal::NotYetValid { iat: claims.iat })
    } else if now >= claims.exp {
        // No skew here: an honest phone shows a code that was signed within the last minute.
        Some(Refusal::Expired { exp: claims.exp })
    } else {
        None
    }
}

fn longest_life(claims: &Claims, issuer: &Issuer) -> i64 {
    if claims.is_static {
        i64::from(issuer.max_static_life_seconds)
    } else {
        i64::from(issuer.max_life_seconds).min(APP_CODE_LIFE_SECONDS)
    }
}
