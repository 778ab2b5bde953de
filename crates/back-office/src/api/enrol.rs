//! `POST /v1/enrol`: takes a ticket and a key, answers with a station id and the trust files.

use axum::response::Response;
use health_code::{Region, Timestamp};
use sha2::{Digest, Sha256};
use web::{Accepts, Incoming};
use wire::enrol::EnrolmentError;
use wire::limits::ENROLMENT_REQUEST_BYTES;
use wire::{Enrolment, EnrolmentAnswer, StationId};

use super::{ApiError, CBOR, COSE, Call, bytes};
use crate::context::Context;
use crate::copies::{CopyError, Kind};
use crate::store::{Redeemed, Redemption, StoreError};
use crate::trust::Offers;

const ENROLMENT: Accepts = Accepts { media: COSE, limit: ENROLMENT_REQUEST_BYTES };

/// Enrols a station. The checks come in this order: media type, length, form, signature, ticket, key.
pub(super) async fn enrol(call: Call, body: Incoming) -> Result<Response, ApiError> {
    let request = body.read(ENROLMENT).await?;
    let enrolment = open(&request)?;
    match take_in(&call.app.context, &request, enrolment, call.now()).await {
        Ok(enrolled) => Ok(bytes(CBOR, enrolled.answer.to_bytes())),
        Err(NotEnrolled { error, at: Some(at) }) => Ok(error.problem().about(at.0)),
        Err(NotEnrolled { error, at: None }) => Err(error),
    }
}

/// A station that the office took in.
#[derive(Debug)]
pub(crate) struct Enrolled {
    /// What it is told.
    pub answer: EnrolmentAnswer,
    /// Its community.
    pub community: Region,
    /// Its name.
    pub name: String,
    /// Versions and hashes of the files in the answer.
    pub offers: Offers,
}

/// Why the office does not take a station in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotEnrolled {
    /// The reason.
    pub error: ApiError,
    /// When somebody else used the ticket, where that is the reason.
    pub at: Option<Timestamp>,
}

/// Verifies and reads a request.
///
/// # Errors
/// [`ApiError`].
pub(crate) fn open(request: &[u8]) -> Result<Enrolment, ApiError> {
    Enrolment::open(request).map_err(|error| match error {
        EnrolmentError::TooLarge => ApiError::Request(web::RequestError::TooLarge),
        EnrolmentError::Malformed(_) => ApiError::Malformed,
        EnrolmentError::Signature => ApiError::Signature,
    })
}

/// Takes in the station that a request names, however the request came here. The same request again gives the same
/// station.
///
/// # Errors
/// [`NotEnrolled`].
pub(crate) async fn take_in(
    context: &Context,
    request: &[u8],
    enrolment: Enrolment,
    now: Timestamp,
) -> Result<Enrolled, NotEnrolled> {
    let redemption = Redemption {
        secret_hash: Sha256::digest(enrolment.secret).into(),
        station: StationId::of(&enrolment.key),
        key: enrolment.key.to_bytes(),
        sealing: enrolment.sealing,
        name: enrolment.name,
    };
    let station = match context.store.redeem(redemption, now).await? {
        Redeemed::Enrolled(station) => station,
        Redeemed::Unknown => return Err(ApiError::TicketUnknown.into()),
        Redeemed::Expired => return Err(ApiError::TicketExpired.into()),
        Redeemed::Used { at } => return Err(NotEnrolled { error: ApiError::TicketUsed, at: Some(at) }),
        Redeemed::Withdrawn => return Err(ApiError::Withdrawn.into()),
    };
    context.copy(Kind::Enrolment, request, now).await?;
    tracing::info!(%station, "a station is enrolled");
    context.trust.follow().await?;
    let enrolled = context.store.station(station).await?.ok_or(ApiError::Internal)?;
    let (trust, offers) = context.trust.offered(&enrolled.community).await?;
    let files = trust.files().clone();
    let answer = EnrolmentAnswer {
        station,
        time: now.0,
        root: files.root,
        list: files.list,
        community: files.community,
        revocations: files.revocations.to_vec(),
        policies: files.policies,
    };
    Ok(Enrolled { answer, community: enrolled.community, name: enrolled.name, offers })
}

impl From<ApiError> for NotEnrolled {
    fn from(error: ApiError) -> Self {
        Self { error, at: None }
    }
}

impl From<StoreError> for NotEnrolled {
    fn from(error: StoreError) -> Self {
        ApiError::from(error).into()
    }
}

impl From<CopyError> for NotEnrolled {
    fn from(error: CopyError) -> Self {
        ApiError::from(error).into()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use axum::http::StatusCode;
    use axum::http::header::CONTENT_TYPE;
    use ed25519_dalek::SigningKey;
    use web::RequestError;

    use super::*;
    use crate::api::testing::{NOW, Refusal, TestOffice, provoke, request_for};

    pub(in crate::api) const REFUSALS: &[Refusal] = &[
        Refusal::new(ApiError::Request(RequestError::MediaType), |office| {
            Box::pin(async move { office.post("/v1/enrol", CBOR, Vec::new()).await })
        }),
        Refusal::new(ApiError::Request(RequestError::TooLarge), |office| {
            Box::pin(
                async move { office.post("/v1/enrol", COSE, vec![0; ENROLMENT_REQUEST_BYTES + 1]).await },
            )
        }),
        Refusal::new(ApiError::Malformed, |office| {
            Box::pin(async move { office.post("/v1/enrol", COSE, vec![0; 10]).await })
        }),
        Refusal::new(ApiError::Signature, |office| {
            Box::pin(async move {
                let mut request = request_for([1; 16], &SigningKey::from_bytes(&[1; 32]));
                *request.last_mut().unwrap() ^= 1;
                office.post("/v1/enrol", COSE, request).await
            })
        }),
        Refusal::new(ApiError::TicketUnknown, |office| {
            Box::pin(async move { office.enrol_with([1; 16], 1).await })
        }),
        Refusal::new(ApiError::TicketExpired, |office| {
            Box::pin(async move {
                let secret = office.ticket().await;
                office.set_clock(NOW.plus(TestOffice::TICKET_SECONDS));
                office.enrol_with(secret, 1).await
            })
        }),
        Refusal::new(ApiError::TicketUsed, |office| {
            Box::pin(async move {
                let secret = office.ticket().await;
                assert_eq!(office.enrol_with(secret, 1).await.status(), StatusCode::OK);
                office.enrol_with(secret, 2).await
            })
        }),
        Refusal::new(ApiError::Withdrawn, |office| {
            Box::pin(async move {
                let secret = office.ticket().await;
                assert_eq!(office.enrol_with(secret, 1).await.status(), StatusCode::OK);
                office.withdraw_all().await;
                office.enrol_with(secret, 1).await
            })
        }),
    ];

    #[tokio::test]
    async fn each_refusal_is_provoked() {
        provoke(REFUSALS).await;
    }

    #[tokio::test]
    async fn the_same_request_again_gives_the_same_station() {
        let office = TestOffice::new().await;
        let secret = office.ticket().await;
        let mut stations = Vec::new();
        for _ in 0..2 {
            let response = office.enrol_with(secret, 1).await;
            assert_eq!(response.headers()[CONTENT_TYPE], CBOR);
            let answer = crate::api::testing::body_of(response).await;
            let answer = EnrolmentAnswer::parse(&answer).unwrap();
            assert_eq!(answer.time, NOW.0);
            stations.push(answer.station);
        }
        assert_eq!(stations[0], stations[1]);
    }
}
