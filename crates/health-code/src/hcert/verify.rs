//! Verifying a certificate against the trust in force.

use super::cose::UnverifiedCertificate;
use super::cwt::Contents;
use super::date;
use super::payload::Event;
use super::signer::Signer;
use super::verified::{AuthenticCertificate, VerifiedCertificate};
use crate::limits::EVENT_SKEW_SECONDS;
use crate::refusal::Refusal;
use crate::region::Region;
use crate::time::Timestamp;
use crate::trust::Trust;
use crate::verified::Refused;

type RefusedCertificate = Refused<AuthenticCertificate>;

impl Trust {
    /// Verifies a certificate for a checkpoint in `region`, at `now`.
    ///
    /// Order: key known, signature, contents, issuer, key in force, usage, recognition,
    /// revocation, days, birth, dates. Freshness of the trust itself is the gate's matter.
    ///
    /// # Errors
    /// [`Refused`]; `authentic` is there from [`Refusal::WrongIssuer`] on.
    pub fn verify_certificate(
        &self,
        certificate: &UnverifiedCertificate,
        region: &Region,
        now: Timestamp,
    ) -> Result<VerifiedCertificate, RefusedCertificate> {
        let authentic = self.authenticate_certificate(certificate, region)?;
        match dates(&authentic.contents, now) {
            None => Ok(VerifiedCertificate { authentic }),
            Some(refusal) => Err(Refused { refusal, authentic: Some(Box::new(authentic)) }),
        }
    }

    /// Checks all that [`Trust::verify_certificate`] does but the dates: for a gate whose clock is wrong.
    ///
    /// # Errors
    /// [`Refused`], as [`Trust::verify_certificate`].
    pub fn authenticate_certificate(
        &self,
        certificate: &UnverifiedCertificate,
        region: &Region,
    ) -> Result<AuthenticCertificate, RefusedCertificate> {
        let (signer, payload) = self.signed_by(certificate)?;
        let contents = Contents::read(payload, &self.list().value_sets)?;
        let authentic = AuthenticCertificate { contents, signer: signer.clone() };
        match self.standing_of(&authentic, region) {
            None => Ok(authentic),
            Some(refusal) => Err(Refused { refusal, authentic: Some(Box::new(authentic)) }),
        }
    }

    /// Returns which of the listed keys with this name signed it: there may be more than one by chance.
    fn signed_by<'t>(
        &'t self,
        certificate: &'t UnverifiedCertificate,
    ) -> Result<(&'t Signer, &'t [u8]), Refusal> {
        let mut refusal = Refusal::UnknownIssuer;
        for signer in self.list().signers_named(certificate.kid()) {
            match certificate.verify(&signer.key) {
                Ok(payload) => return Ok((signer, payload)),
                Err(Refusal::WrongAlgorithm) if refusal == Refusal::Signature => {}
                Err(error) => refusal = error,
            }
        }
        Err(refusal)
    }

    fn standing_of(&self, authentic: &AuthenticCertificate, at: &Region) -> Option<Refusal> {
        let (contents, signer) = (&authentic.contents, &authentic.signer);
        let payload = &contents.payload;
        if !names(signer, contents) {
            Some(Refusal::WrongIssuer)
        } else if contents.iat < signer.not_before || contents.iat > signer.not_after {
            Some(Refusal::KeyNotInForce)
        } else if !signer.usage.allows(payload.event.kind()) {
            Some(Refusal::WrongUsage)
        } else if !signer.recognised_by.iter().any(|tree| tree.contains(at)) {
            Some(Refusal::NotRecognised)
        } else if self.revocations().contains(&signer.country, &authentic.pseudonym()) {
            Some(Refusal::Revoked)
        } else if !days_hold(&payload.event, contents.exp) {
            Some(Refusal::ImpossibleDate)
        } else if payload.birth.is_some_and(|birth| !birth.is_by(contents.iat)) {
            Some(Refusal::BornAfterIssue)
        } else {
            None
        }
    }
}

/// Returns whether a certificate names its signer: by its country, or by the other name that is listed
/// beside it. Where the CWT names no issuer, the country of the event stands for it.
fn names(signer: &Signer, contents: &Contents) -> bool {
    let named = contents.iss.as_ref().unwrap_or(&contents.payload.country);
    *named == signer.country || contents.iss.is_some() && contents.iss == signer.issuer
}

/// Returns whether the days of an event can be, whatever the time: not before there were any, not after
/// the certificate itself is over, and in order.
fn days_hold(event: &Event, latest: Timestamp) -> bool {
    let ordered = match event {
        Event::Recovery { from, until, .. } => from <= until,
        Event::Vaccination { .. } | Event::Test { .. } => true,
    };
    ordered && date::can_have_happened(event.day(), latest)
}

fn dates(contents: &Contents, now: Timestamp) -> Option<Refusal> {
    let begins = contents.nbf.map_or(contents.iat, |nbf| nbf.max(contents.iat));
    if now.is_behind(begins) {
        Some(Refusal::NotYetValid { iat: begins })
    } else if now >= contents.exp {
        Some(Refusal::Expired { exp: contents.exp })
    } else if !date::can_have_happened(contents.payload.event.day(), now.plus(EVENT_SKEW_SECONDS)) {
        Some(Refusal::ImpossibleDate)
    } else {
        None
    }
}
