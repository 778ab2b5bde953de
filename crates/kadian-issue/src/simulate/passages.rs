//! What simulated people pass with: a green code each, judged as a gate would judge it.

use health_code::{Claims, Declaration, Ruling, Timestamp, Trust, UnverifiedCode};
use issuer::{CodeSigner, seal_declaration};
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

/// Makes passages at one moment and checkpoint.
pub struct Passages {
    claims: Claims,
    /// Whose the passages are, in any order; where there are none, each is of another holder.
    people: Vec<Claims>,
    signer: CodeSigner,
    passage: Passage,
    kid: health_code::KeyId,
    recipient: [u8; 32],
}

impl Passages {
    /// Takes what an office has in force, and the keys of the world that its issuers are from. The passages are of so
    /// many people; of another one each where that is 0.
    ///
    /// # Errors
    /// A sentence: a code of this world does not pass at the office's gates now.
    pub fn of(trust: &Trust, keys: &Keys, now: Timestamp, people: u32) -> Result<Self, String> {
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
        let people = (0..people).map(|number| somebody(&claims, keys, number)).collect::<Result<_, _>>()?;
        Ok(Self { claims, people, signer, passage, kid: key.kid, recipient: key.key })
    }

    /// Seals the passage of a holder in this place of a chain.
    ///
    /// # Errors
    /// A sentence: the recipient's key is no key.
    pub fn seal(&self, place: &ChainPlace, rng: &mut impl CryptoRng) -> Result<SealedReport, String> {
        let any = rng.next_u64() as usize;
        let claims = match self.people.get(any % self.people.len().max(1)) {
            Some(claims) => claims.clone(),
            None => {
                let mut pseudonym = [0; 16];
                rng.fill_bytes(&mut pseudonym);
                Claims { pseudonym, ..self.claims.clone() }
            }
        };
        let code = Carried::Whole(self.signer.cose(claims.to_payload()));
        let report = Report::Passage(Passage { code, ..self.passage.clone() });
        wire::seal::seal(&report, place, self.kid, &self.recipient, rng).map_err(|error| error.to_string())
    }
}

/// Returns the claims of the person of this number, with a declaration. No real one has the identity number: its month
/// of birth is 00.
fn somebody(claims: &Claims, keys: &Keys, number: u32) -> Result<Claims, String> {
    let declared = Declaration {
        name: "样例居民".to_owned(),
        identity: format!("420106198000{number:06}"),
        phone: format!("1380{number:07}"),
    };
    let pseudonym = keys.short(&format!("pseudonym simulated {number}"));
    let mut rng = keys.rng(&format!("seal simulated {number}"));
    let sealed_declaration =
        seal_declaration(&declared, &pseudonym, keys.recipient("identity").public(), &mut rng)
            .map_err(|error| format!("simulated {number}: {error}"))?;
    Ok(Claims {
        pseudonym,
        masked_name: health_code::mask::name(&declared.name),
        masked_id: health_code::mask::identity(&declared.identity),
        sealed_declaration,
        ..claims.clone()
    })
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
