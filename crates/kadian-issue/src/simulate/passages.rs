//! What simulated people pass with: a green code each, judged as a gate would judge it.

use health_code::{Claims, Ruling, Timestamp, Trust, UnverifiedCode};
use issuer::CodeSigner;
use rand_core::CryptoRng;
use wire::report::{Carried, ClockState, Direction, Outcome, Passage, Report, Shown};
use wire::seal::ChainPlace;
use wire::{SealedReport, StationId};

use crate::demo::keys::Keys;
use crate::demo::maker::Maker;

/// Name of the key that signs the codes.
const ISSUER: &str = "issuer-hubei";
/// Seconds between the making of a code and its scan, and between the scan and Enter.
const STEP: i64 = 2;

/// Makes passages at one moment and checkpoint, each of another holder.
pub struct Passages {
    claims: Claims,
    signer: CodeSigner,
    passage: Passage,
    kid: health_code::KeyId,
    recipient: [u8; 32],
}

impl Passages {
    /// Takes what an office has in force, and the keys of the world that its issuers are from.
    ///
    /// # Errors
    /// A sentence: a code of this world does not pass at the office's gates now.
    pub fn of(trust: &Trust, keys: &Keys, now: Timestamp) -> Result<Self, String> {
        let maker = Maker { keys, at: now.plus(-2 * STEP) };
        let (claims, signer) = (maker.claims("simulated", ISSUER)?, maker.signer(ISSUER));
        let judged_at = now.plus(-STEP);
        let in_force =
            trust.policy(judged_at).map_err(|fault| format!("no gate judges now: {}", fault.code()))?;
        let code = UnverifiedCode::from_cose(&signer.cose(claims.to_payload())).map_err(|why| why.code())?;
        let region = &trust.community().region;
        let verified = trust.verify(&code, region, judged_at).map_err(|refused| {
            format!("the office refuses this world's codes: {}", refused.refusal.code())
        })?;
        if in_force.policy.judge(&verified, region, judged_at).ruling != Ruling::Pass {
            return Err("the office's policy lets nobody pass with a green code".to_owned());
        }
        let community = trust.community();
        let checkpoint = community.checkpoints.first().ok_or("the community has no checkpoint")?;
        let collector = community.people.first().ok_or("the community has no people")?;
        let key = trust.root().sealing_key(now).ok_or("the root names no key to seal to")?;
        let passage = Passage {
            at: now.0,
            clock: ClockState::Trusted,
            checkpoint: checkpoint.id.0,
            collector: collector.id.0,
            policies: in_force.set.0,
            trust: trust.list().version,
            shown: Shown::Pass,
            code: Carried::Whole(Vec::new()),
            judged_at: judged_at.0,
            direction: Direction::In,
            outcome: Outcome::LetThrough,
        };
        Ok(Self { claims, signer, passage, kid: key.kid, recipient: key.key })
    }

    /// Seals the passage of a new holder in this place of a chain.
    ///
    /// # Errors
    /// A sentence: the recipient's key is no key.
    pub fn seal(&self, place: &ChainPlace, rng: &mut impl CryptoRng) -> Result<SealedReport, String> {
        let mut pseudonym = [0; 16];
        rng.fill_bytes(&mut pseudonym);
        let claims = Claims { pseudonym, ..self.claims.clone() };
        let code = Carried::Whole(self.signer.cose(claims.to_payload()));
        let report = Report::Passage(Passage { code, ..self.passage.clone() });
        wire::seal::seal(&report, place, self.kid, &self.recipient, rng).map_err(|error| error.to_string())
    }
}

/// Where a station's chain stands.
pub struct Chain {
    next: ChainPlace,
}

impl Chain {
    /// Begins the first stream of a station.
    pub fn begin(station: StationId, rng: &mut impl CryptoRng) -> Self {
        let mut stream = [0; 16];
        rng.fill_bytes(&mut stream);
        let (stream, record) = (wire::StreamId(stream), wire::RecordId([0; 16]));
        Self { next: ChainPlace { station, stream, seq: 0, record, link: [0; 32] } }
    }

    /// Seals the next passage of this chain; also returns its hash.
    ///
    /// # Errors
    /// As [`Passages::seal`].
    pub fn add(
        &mut self,
        passages: &Passages,
        rng: &mut impl CryptoRng,
    ) -> Result<(SealedReport, [u8; 32]), String> {
        rng.fill_bytes(&mut self.next.record.0);
        let sealed = passages.seal(&self.next, rng)?;
        let hash = wire::seal::hash(&sealed.ciphertext);
        self.next.link = wire::seal::head_after(&self.next.link, &hash);
        self.next.seq += 1;
        Ok((sealed, hash))
    }
}
