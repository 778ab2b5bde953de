//! `POST /v1/stations/again`: takes a station in that shows a receipt of this office, without a ticket.

use std::sync::Arc;

use axum::response::Response;
use health_code::{Root, Timestamp, Trust};
use web::{Accepts, Incoming};
use wire::again::AgainError;
use wire::limits::AGAIN_BYTES;
use wire::{Again, AgainAnswer, StationId};

use super::{ApiError, CBOR, COSE, Call, bytes};
use crate::copies::Kind;
use crate::store::Introduction;

const AGAIN: Accepts = Accepts { media: COSE, limit: AGAIN_BYTES };

/// Knows a station again: this office was restored from a copy made before the enrolment.
///
/// The checks come in this order: media type, length, form, signature, receipt, withdrawal. Whether the
/// station was withdrawn, the receipt says, or the community file in force, or the store.
pub(super) async fn again(call: Call, body: Incoming) -> Result<Response, ApiError> {
    let office = &call.app;
    let body = body.read(AGAIN).await?;
    let again = Again::open(&body).map_err(refusal_of)?;
    let introduction = introduction(again, &office.context.trust.communities())?;
    let station = introduction.station;
    let now = call.now();
    if !office.context.store.introduce(introduction, now).await? {
        return Err(ApiError::Withdrawn);
    }
    office.context.copy(Kind::Again, &body, now).await?;
    tracing::warn!(%station, "a station is known again by a receipt");
    Ok(bytes(CBOR, AgainAnswer { station }.to_bytes()))
}

/// Checks what the station shows, against the trust in force of all communities.
fn introduction(again: Again, communities: &[Arc<Trust>]) -> Result<Introduction, ApiError> {
    let root = communities.first().ok_or(ApiError::Internal)?.root();
    let keys = root.receipts.iter().map(|key| (key.kid, &key.key));
    let (receipt, kid) = again.shown(keys).map_err(refusal_of)?;
    let seen = Timestamp(receipt.time);
    if !was_in_force(root, kid, seen) {
        return Err(ApiError::Signature);
    }
    let station = StationId::of(&again.key);
    let mut listed = communities.iter().flat_map(|trust| &trust.community().withdrawn);
    if receipt.withdrawn.is_some() || listed.any(|id| *id == station.0) {
        return Err(ApiError::Withdrawn);
    }
    let Again { key, sealing, name, .. } = again;
    // By the office that signed the receipt. A file of it that this one does not have any more comes back.
    let community = receipt.region.parse().map_err(|_| ApiError::Malformed)?;
    Ok(Introduction { station, key: key.to_bytes(), sealing, name, community, seen })
}

/// Returns whether the root in force names this receipt key, for a time that holds the moment. Of a key
/// that was stolen, the root says so by naming it no longer.
fn was_in_force(root: &Root, kid: health_code::KeyId, moment: Timestamp) -> bool {
    root.receipts.iter().any(|key| key.kid == kid && key.is_in_force(moment))
}

fn refusal_of(error: AgainError) -> ApiError {
    match error {
        AgainError::TooLarge => ApiError::Request(web::RequestError::TooLarge),
        AgainError::Malformed(_) => ApiError::Malformed,
        AgainError::Signature => ApiError::Signature,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use axum::http::StatusCode;
    use ed25519_dalek::SigningKey;
    use health_code::PublicKey;
    use web::RequestError;
    use wire::{AuditHead, BatchId, Offer, Pace, Receipt, Withdrawn};

    use super::*;
    use crate::api::testing::{BATCH_ID, NOW, Refusal, TestOffice, batch, body_of, provoke};
    use crate::testing::world::GENERATION;

    /// A laptop that this office has never seen.
    const LAPTOP: u8 = 41;

    pub(in crate::api) const REFUSALS: &[Refusal] = &[
        Refusal::new(ApiError::Request(RequestError::MediaType), |office| {
            Box::pin(async move { office.post("/v1/stations/again", CBOR, Vec::new()).await })
        }),
        Refusal::new(ApiError::Request(RequestError::TooLarge), |office| {
            Box::pin(async move { office.post("/v1/stations/again", COSE, vec![0; AGAIN_BYTES + 1]).await })
        }),
        Refusal::new(ApiError::Malformed, |office| {
            Box::pin(async move { office.post("/v1/stations/again", COSE, vec![0; 9]).await })
        }),
        Refusal::new(ApiError::Signature, |office| {
            Box::pin(async move { shows(&office, sample::STRANGER, |_| {}).await })
        }),
        Refusal::new(ApiError::Signature, |office| {
            // Signed by a key that the root names, for a time outside the key's.
            let early = |receipt: &mut Receipt| receipt.time = NOW.0 - 10_000 * 86_400;
            Box::pin(async move { shows(&office, sample::RECEIPTS, early).await })
        }),
        Refusal::new(ApiError::Signature, |office| {
            let other = |receipt: &mut Receipt| receipt.station = StationId([9; 16]);
            Box::pin(async move { shows(&office, sample::RECEIPTS, other).await })
        }),
        Refusal::new(ApiError::Withdrawn, |office| {
            let withdrawn = |receipt: &mut Receipt| {
                receipt.withdrawn = Some(Withdrawn { since: NOW.0, contact: String::new() });
            };
            Box::pin(async move { shows(&office, sample::RECEIPTS, withdrawn).await })
        }),
        Refusal::new(ApiError::Withdrawn, |office| {
            Box::pin(async move {
                assert_eq!(shows(&office, sample::RECEIPTS, |_| {}).await.status(), StatusCode::OK);
                office.withdraw_all().await;
                shows(&office, sample::RECEIPTS, |_| {}).await
            })
        }),
    ];

    fn laptop() -> (SigningKey, PublicKey) {
        let key = SigningKey::from_bytes(&[LAPTOP; 32]);
        let public = PublicKey::from_bytes(&key.verifying_key().to_bytes()).unwrap();
        (key, public)
    }

    /// Shows the office a receipt for the laptop, signed by a key of the sample deployment.
    async fn shows(office: &TestOffice, signer: u8, change: impl Fn(&mut Receipt)) -> Response {
        let (key, public) = laptop();
        let offer = Offer { version: 1, hash: [0; 32] };
        let mut receipt = Receipt {
            station: StationId::of(&public),
            batch: BatchId([1; 16]),
            time: NOW.0,
            lines: Vec::new(),
            root: offer,
            list: offer,
            community: offer,
            region: "420106001001".to_owned(),
            pace: Pace { pause: 2, poll: 60 },
            withdrawn: None,
            notices: Vec::new(),
            audit: AuditHead::EMPTY,
            backed_up: None,
            generation: GENERATION,
        };
        change(&mut receipt);
        let signer = sample::key(signer);
        let receipt = receipt.sign(signer.kid(), &SigningKey::from_bytes(&signer.seed()));
        let again =
            Again { key: public, sealing: wire::stick::public_key(&key), name: "东门".into(), receipt };
        office.post("/v1/stations/again", COSE, again.sign(&key)).await
    }

    #[tokio::test]
    async fn each_refusal_is_provoked() {
        provoke(REFUSALS).await;
    }

    #[tokio::test]
    async fn a_station_that_shows_a_receipt_is_known_and_its_reports_are_taken() {
        let office = TestOffice::new().await;
        let (key, public) = laptop();
        let station = StationId::of(&public);
        let unknown = office.post("/v1/batches", COSE, batch(station, 2, &key)).await;
        assert_eq!(unknown.status(), StatusCode::UNAUTHORIZED);
        for _ in 0..2 {
            let answer = body_of(shows(&office, sample::RECEIPTS, |_| {}).await).await;
            assert_eq!(AgainAnswer::parse(&answer), Ok(AgainAnswer { station }));
        }
        let response = office.post("/v1/batches", COSE, batch(station, 2, &key)).await;
        let receipts = sample::key(sample::RECEIPTS);
        let receipt = body_of(response).await;
        let receipt = Receipt::open(&receipt, [(receipts.kid(), receipts.public())], station, BATCH_ID);
        assert_eq!(receipt.unwrap().lines.len(), 2);
    }
}
