//! Verifying a code against the trust in force.

use crate::code::UnverifiedCode;
use crate::refusal::Refused;
use crate::region::Region;
use crate::time::Timestamp;
use crate::trust::Trust;
use crate::verified::VerifiedCode;

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
        let _ = (code, region, now);
        todo!()
    }
}
