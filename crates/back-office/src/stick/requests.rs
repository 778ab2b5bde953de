//! Enrolments that a stick brings: requests of laptops that cannot reach the office.

use health_code::{Region, Timestamp};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use sha2::{Digest, Sha256};
use wire::stick::{Refusal, SealedAnswer, request_id};
use wire::{Enrolment, Receipt, StationId};

use crate::api::{ApiError, Enrolled, NotEnrolled, open_enrolment, take_in};
use crate::context::Context;
use crate::store::StoreError;
use crate::system::random;

/// A laptop's request, whose signature holds.
#[derive(Debug)]
pub struct Asked {
    bytes: Vec<u8>,
    enrolment: Enrolment,
}

/// A station that was taken in, now or by the same request before.
#[derive(Debug)]
pub struct Answered {
    /// The station.
    pub station: StationId,
    /// Its name.
    pub name: String,
    /// Its community.
    pub community: Region,
    /// The file for the stick. Only this station can open it.
    pub file: Vec<u8>,
}

impl Asked {
    /// Verifies and reads a request, as the network's are.
    ///
    /// # Errors
    /// [`ApiError`]: malformed, too large, or not signed by the key in it.
    pub fn open(bytes: &[u8]) -> Result<Self, ApiError> {
        Ok(Self { bytes: bytes.to_vec(), enrolment: open_enrolment(bytes)? })
    }

    /// Returns the id that the station will have.
    #[must_use]
    pub fn station(&self) -> StationId {
        StationId::of(&self.enrolment.key)
    }

    /// Returns the file that tells the laptop why it was not taken in; `None` where the same request may be taken
    /// later.
    #[must_use]
    pub fn refusal(&self, refused: &NotEnrolled) -> Option<Vec<u8>> {
        let problem = refused.error.problem();
        let refusal = Refusal {
            station: self.station(),
            request: request_id(&self.bytes),
            code: problem.code.to_owned(),
            at: refused.at.map(|at| at.0),
        };
        (!problem.retry).then(|| refusal.to_bytes())
    }

    /// Returns the community of the ticket in it; `None` where nobody made such a ticket.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn community(&self, context: &Context) -> Result<Option<Region>, StoreError> {
        context.store.community_of_ticket(Sha256::digest(self.enrolment.secret).into()).await
    }

    /// Takes the station in by the function of the network's requests, and seals the answer to it.
    ///
    /// # Errors
    /// [`NotEnrolled`].
    pub async fn answer(&self, context: &Context, now: Timestamp) -> Result<Answered, NotEnrolled> {
        // Looked up before the ticket is used: what nobody can sign would only have to come again.
        if let Some(community) = self.community(context).await? {
            let (trust, _) = context.trust.offers(&community).await?;
            context.keys.receipt(trust.root(), now).map_err(ApiError::from)?;
        }
        let (request, sealing) = (request_id(&self.bytes), self.enrolment.sealing);
        let Enrolled { answer, community, name, offers } =
            take_in(context, &self.bytes, self.enrolment.clone(), now).await?;
        let (trust, _) = context.trust.offers(&community).await?;
        let (kid, key) = context.keys.receipt(trust.root(), now).map_err(ApiError::from)?;
        let receipt = Receipt {
            station: answer.station,
            batch: request,
            time: now.0,
            lines: Vec::new(),
            root: offers.root,
            list: offers.list,
            community: offers.community,
            region: community.to_string(),
            pace: context.pacing.pace(),
            withdrawn: None,
            notices: Vec::new(),
            audit: context.audit_head.get(),
            backed_up: None,
            generation: context.generation,
        };
        let mut rng = ChaCha20Rng::from_seed(random().map_err(ApiError::from)?);
        let sealed = SealedAnswer::seal(&answer, request, receipt.sign(kid, key), &sealing, &mut rng);
        let file = sealed.ok_or(ApiError::Malformed)?.to_bytes();
        Ok(Answered { station: answer.station, name, community, file })
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::SigningKey;
    use wire::stick::{StickError, private_key};

    use super::*;
    use crate::api::testing::{NOW, TestOffice, body_of, request_for};

    fn key(number: u8) -> SigningKey {
        SigningKey::from_bytes(&[number; 32])
    }

    async fn asked(office: &TestOffice, secret: [u8; 16], number: u8) -> Result<Answered, NotEnrolled> {
        let request = Asked::open(&request_for(secret, &key(number))).unwrap();
        request.answer(&office.context, office.context.clock.now()).await
    }

    #[tokio::test]
    async fn an_answer_is_what_the_network_gives_signed_and_for_this_laptop_alone() {
        let office = TestOffice::new().await;
        let secret = office.ticket().await;
        let answered = asked(&office, secret, 1).await.unwrap();
        let sealed = SealedAnswer::parse(&answered.file).unwrap();
        let answer = sealed.open(&private_key(&key(1))).unwrap();
        assert_eq!(sealed.open(&private_key(&key(2))), Err(StickError::Seal));
        let by_network = body_of(office.enrol_with(secret, 1).await).await;
        assert_eq!(answer.to_bytes(), by_network, "the same ticket and key by the network later");
        let receipts = sample::key(sample::RECEIPTS);
        let id = request_id(&request_for(secret, &key(1)));
        let receipt =
            Receipt::open(&sealed.receipt, [(receipts.kid(), receipts.public())], answer.station, id)
                .unwrap();
        let hash: [u8; 32] = Sha256::digest(&answer.community).into();
        assert_eq!((receipt.community.hash, receipt.time), (hash, NOW.0));
        assert_eq!((receipt.region.as_str(), answered.community.as_str()), (sample::HERE, sample::HERE));
        let phone = office.context.trust.trust().community().people[0].masked_phone.clone();
        assert!(!answered.file.windows(phone.len()).any(|part| part == phone.as_bytes()));
    }

    #[tokio::test]
    async fn the_same_stick_twice_is_one_station_and_refusals_are_those_of_the_network() {
        let office = TestOffice::new().await;
        let code = |refused: NotEnrolled| refused.error.problem().code;
        assert_eq!(code(asked(&office, [1; 16], 1).await.unwrap_err()), "ticket-unknown");
        let secret = office.ticket().await;
        let first = asked(&office, secret, 1).await.unwrap().station;
        // The laptop waits for longer than its ticket is good for: the answer still comes again.
        office.set_clock(NOW.plus(TestOffice::TICKET_SECONDS));
        assert_eq!(asked(&office, secret, 1).await.unwrap().station, first);
        assert_eq!(office.context.store.stations().await.unwrap().len(), 1);
        let used = asked(&office, secret, 2).await.unwrap_err();
        assert_eq!((code(used), used.at), ("ticket-used", Some(NOW)));
        office.withdraw_all().await;
        assert_eq!(code(asked(&office, secret, 1).await.unwrap_err()), "withdrawn");
        let mut altered = request_for(secret, &key(1));
        *altered.last_mut().unwrap() ^= 1;
        assert_eq!(Asked::open(&altered).unwrap_err(), ApiError::Signature);
        assert_eq!(Asked::open(b"a photograph").unwrap_err(), ApiError::Malformed);
    }

    #[tokio::test]
    async fn a_request_that_comes_after_its_tickets_time_is_refused_and_one_that_nobody_can_sign_uses_none_up()
     {
        let office = TestOffice::new().await;
        let secret = office.ticket().await;
        office.set_clock(NOW.plus(TestOffice::TICKET_SECONDS));
        let late = asked(&office, secret, 1).await.unwrap_err();
        assert_eq!(late.error, ApiError::TicketExpired);
        let office = TestOffice::with_other_receipt_key().await;
        let secret = office.ticket().await;
        assert_eq!(asked(&office, secret, 1).await.unwrap_err().error, ApiError::NoReceiptKey);
        assert!(office.context.store.stations().await.unwrap().is_empty());
    }
}
