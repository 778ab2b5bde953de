//! `GET /v1/trust/…`: the files in force (`root.cose`, `trust.cose`, `community.cose`), the roots
//! that led there (`N.root.cose`), and chunks of revocations and policies by their hash.

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use disk::trust_folder::{COMMUNITY, LIST, ROOT};
use health_code::{PolicyHash, PublicKey};
use web::RequestError;
use wire::StationToken;
use wire::token::{HEADER, TokenError};

use super::{ApiError, COSE, Call, OCTETS, bytes};

/// Returns a trust file. Root and list are public; the community names people, and only its
/// stations get it.
pub(super) async fn trust_file(
    call: Call,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    if name == COMMUNITY {
        check_token(&call, &headers).await?;
    }
    let (trust, offers) = call.app.context.trust.both();
    let (file, offer) = if name == ROOT {
        (&trust.files().root, offers.root)
    } else if name == LIST {
        (&trust.files().list, offers.list)
    } else if name == COMMUNITY {
        (&trust.files().community, offers.community)
    } else {
        return earlier_root(&call, &name).await;
    };
    let tag = format!("\"{}\"", wire::hex::encode(&offer.hash));
    let known = headers.get(IF_NONE_MATCH).is_some_and(|known| *known == *tag);
    let mut response =
        if known { StatusCode::NOT_MODIFIED.into_response() } else { bytes(COSE, file.clone()) };
    // Hexadecimal digits in quotes are always a valid header value.
    if let Ok(tag) = tag.parse() {
        response.headers_mut().insert(ETAG, tag);
    }
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    Ok(response)
}

/// Returns the root of version N for the name `N.root.cose`.
async fn earlier_root(call: &Call, name: &str) -> Result<Response, ApiError> {
    let version = name.strip_suffix(".root.cose").and_then(|version| version.parse().ok());
    let version: u64 = version.ok_or(RequestError::NotFound)?;
    let root = call.app.context.store.root(version).await?;
    Ok(bytes(COSE, root.ok_or(RequestError::NotFound)?))
}

/// Returns a chunk of the revocations in force. Its entries are hashes and name nobody.
pub(super) async fn revocations(call: Call, Path(hash): Path<String>) -> Result<Response, ApiError> {
    let trust = call.app.context.trust.trust();
    let chunks = &trust.list().revocations.chunks;
    let byte = chunks.iter().find(|(_, named)| wire::hex::encode(*named) == hash).map(|(byte, _)| *byte);
    let chunk = trust.revocations().chunk(byte.ok_or(RequestError::NotFound)?);
    Ok(bytes(OCTETS, chunk.to_vec()))
}

/// Returns a policy file that is or was in a set in force. Policies are public.
pub(super) async fn policies(call: Call, Path(name): Path<String>) -> Result<Response, ApiError> {
    // A hash has one spelling, as in the addresses of revocations.
    let hash: PolicyHash = name.parse().map_err(|_| RequestError::NotFound)?;
    let file = if hash.to_string() == name { call.app.context.store.policy(hash).await? } else { None };
    Ok(bytes(COSE, file.ok_or(RequestError::NotFound)?))
}

async fn check_token(call: &Call, headers: &HeaderMap) -> Result<(), ApiError> {
    let token = headers.get(HEADER).and_then(|token| token.to_str().ok()).ok_or(ApiError::Signature)?;
    let claimed = StationToken::claimed_station(token).map_err(|_| ApiError::Malformed)?;
    let station = call.app.context.store.station(claimed).await?.ok_or(ApiError::UnknownStation)?;
    let key = PublicKey::from_bytes(&station.key).map_err(|_| ApiError::Internal)?;
    match StationToken::open(token, &key, call.now().0) {
        Err(TokenError::Malformed) => Err(ApiError::Malformed),
        Err(TokenError::Signature) => Err(ApiError::Signature),
        Err(TokenError::Stale) => Err(ApiError::StaleToken),
        Ok(_) if station.withdrawn.is_some() => Err(ApiError::Withdrawn),
        Ok(_) => Ok(()),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use axum::body::Body;
    use axum::http::Request;
    use ed25519_dalek::SigningKey;
    use wire::StationId;

    use super::*;
    use crate::api::testing::{NOW, Refusal, TestOffice, body_of, provoke};

    pub(in crate::api) const REFUSALS: &[Refusal] = &[
        Refusal::new(ApiError::Request(RequestError::NotFound), |office| {
            Box::pin(async move { office.get("/v1/trust/2.root.cose").await })
        }),
        Refusal::new(ApiError::Request(RequestError::NotFound), |office| {
            Box::pin(async move { office.get("/v1/trust/passwd").await })
        }),
        Refusal::new(ApiError::Request(RequestError::NotFound), |office| {
            Box::pin(async move { office.get(&format!("/v1/trust/revocations/{}", "0".repeat(64))).await })
        }),
        Refusal::new(ApiError::Request(RequestError::NotFound), |office| {
            Box::pin(async move { office.get(&format!("/v1/trust/policies/{}", "0".repeat(64))).await })
        }),
        Refusal::new(ApiError::Signature, |office| {
            Box::pin(async move { office.get("/v1/trust/community.cose").await })
        }),
        Refusal::new(ApiError::Malformed, |office| {
            Box::pin(async move { community(&office, "no token").await })
        }),
        Refusal::new(ApiError::Signature, |office| {
            Box::pin(async move {
                let (station, _) = office.enrol().await;
                let stranger = SigningKey::from_bytes(&[99; 32]);
                community(&office, &token(station, 0, &stranger)).await
            })
        }),
        Refusal::new(ApiError::UnknownStation, |office| {
            Box::pin(async move {
                let (_, key) = office.enrol().await;
                community(&office, &token(StationId([9; 16]), 0, &key)).await
            })
        }),
        Refusal::new(ApiError::StaleToken, |office| {
            Box::pin(async move {
                let (station, key) = office.enrol().await;
                community(&office, &token(station, -601, &key)).await
            })
        }),
        Refusal::new(ApiError::Withdrawn, |office| {
            Box::pin(async move {
                let (station, key) = office.enrol().await;
                office.withdraw_all().await;
                community(&office, &token(station, 0, &key)).await
            })
        }),
    ];

    fn token(station: StationId, late: i64, key: &SigningKey) -> String {
        StationToken { station, time: NOW.0 + late }.sign(key)
    }

    async fn community(office: &TestOffice, token: &str) -> Response {
        let request = Request::get("/v1/trust/community.cose").header(HEADER, token);
        office.send(request.body(Body::empty()).unwrap()).await
    }

    #[tokio::test]
    async fn each_refusal_is_provoked() {
        provoke(REFUSALS).await;
    }

    #[tokio::test]
    async fn a_station_gets_the_files_in_force_and_asks_by_their_tag() {
        let office = TestOffice::new().await;
        let (station, key) = office.enrol().await;
        let files = office.context.trust.trust().files().clone();
        assert_eq!(body_of(community(&office, &token(station, 600, &key)).await).await, files.community);
        assert_eq!(body_of(office.get("/v1/trust/1.root.cose").await).await, files.root);
        let policy = PolicyHash::of(&files.policies[0]);
        assert_eq!(
            body_of(office.get(&format!("/v1/trust/policies/{policy}")).await).await,
            files.policies[0]
        );
        let response = office.get("/v1/trust/root.cose").await;
        let tag = response.headers()[ETAG].clone();
        assert_eq!(body_of(response).await, files.root);
        let again = Request::get("/v1/trust/root.cose").header(IF_NONE_MATCH, tag);
        let again = office.send(again.body(Body::empty()).unwrap()).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    }
}
