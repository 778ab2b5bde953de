//! `GET /v1/trust/…`: the files in force (`root.cose`, `trust.cose`, `community.cose`), the roots
//! that led there (`N.root.cose`), and chunks of revocations and policies by their hash.

use std::ops::RangeInclusive;

use axum::extract::Path;
use axum::http::header::{ACCEPT_RANGES, CACHE_CONTROL, CONTENT_RANGE, ETAG, IF_NONE_MATCH, IF_RANGE, RANGE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use disk::trust_folder::{COMMUNITY, LIST, ROOT};
use health_code::{PolicyHash, PublicKey, Region};
use http_range_header::parse_range_header;
use sha2::{Digest, Sha256};
use web::RequestError;
use wire::StationToken;
use wire::token::{HEADER, TokenError};

use super::{ApiError, COSE, Call, OCTETS, bytes};

/// Returns a trust file. Root and list are public; a community names people, and each of its stations gets
/// that one by its token.
pub(super) async fn trust_file(
    call: Call,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let of = if name == COMMUNITY { Some(check_token(&call, &headers).await?) } else { None };
    let in_force = &call.app.context.trust;
    in_force.follow().await?;
    let community = of.unwrap_or_else(|| in_force.trust().community().region.clone());
    let (trust, offers) = in_force.offered(&community).await?;
    let (file, offer) = if name == ROOT {
        (&trust.files().root, offers.root)
    } else if name == LIST {
        (&trust.files().list, offers.list)
    } else if name == COMMUNITY {
        (&trust.files().community, offers.community)
    } else {
        return earlier_root(&call, &name, &headers).await;
    };
    Ok(file_of(COSE, file, &offer.hash, &headers))
}

/// Returns the root of version N for the name `N.root.cose`.
async fn earlier_root(call: &Call, name: &str, headers: &HeaderMap) -> Result<Response, ApiError> {
    let version = name.strip_suffix(".root.cose").and_then(|version| version.parse().ok());
    let version: u64 = version.ok_or(RequestError::NotFound)?;
    let root = call.app.context.store.root(version).await?.ok_or(RequestError::NotFound)?;
    Ok(file_of(COSE, &root, &Sha256::digest(&root).into(), headers))
}

/// Returns a chunk of the revocations in force. Its entries are hashes and name nobody.
pub(super) async fn revocations(
    call: Call,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    call.app.context.trust.follow().await?;
    let trust = call.app.context.trust.trust();
    let chunks = &trust.list().revocations.chunks;
    let named = chunks.iter().find(|(_, hash)| wire::hex::encode(*hash) == name);
    let (byte, hash) = named.ok_or(RequestError::NotFound)?;
    Ok(file_of(OCTETS, trust.revocations().chunk(*byte), hash, &headers))
}

/// Returns a policy file that is or was in a set in force. Policies are public.
pub(super) async fn policies(
    call: Call,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    // A hash has one spelling, as in the addresses of revocations.
    let hash: PolicyHash = name.parse().map_err(|_| RequestError::NotFound)?;
    let file = if hash.to_string() == name { call.app.context.store.policy(hash).await? } else { None };
    let file = file.ok_or(RequestError::NotFound)?;
    Ok(file_of(COSE, &file, &Sha256::digest(&file).into(), &headers))
}

/// Returns a file, or the part of it that is asked for (RFC 9110 §14). Its entity tag is its SHA-256.
///
/// A range that is not one range of bytes inside the file, or is of another version, is answered with
/// the whole file, as RFC 9110 §14.2 and §13.1.5 allow.
fn file_of(media: &'static str, file: &[u8], hash: &[u8; 32], headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", wire::hex::encode(hash));
    let is_tag = |name| headers.get(name).map(|named| *named == *tag);
    let range = headers.get(RANGE).and_then(|range| range.to_str().ok());
    let range = range.filter(|_| is_tag(IF_RANGE) != Some(false)).and_then(|range| one_range(range, file));
    let mut response = match range {
        _ if is_tag(IF_NONE_MATCH) == Some(true) => StatusCode::NOT_MODIFIED.into_response(),
        Some(range) => {
            let place = format!("bytes {}-{}/{}", range.start(), range.end(), file.len());
            let mut response = bytes(media, file[range].to_vec());
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            insert(response.headers_mut(), CONTENT_RANGE, &place);
            response
        }
        None => bytes(media, file.to_vec()),
    };
    insert(response.headers_mut(), ETAG, &tag);
    insert(response.headers_mut(), ACCEPT_RANGES, "bytes");
    insert(response.headers_mut(), CACHE_CONTROL, "private, no-cache");
    response
}

/// Returns the range of bytes that a header asks for, if it is one and lies inside the file.
fn one_range(header: &str, file: &[u8]) -> Option<RangeInclusive<usize>> {
    let ranges = parse_range_header(header).ok()?.validate(file.len() as u64).ok()?;
    let [range] = ranges.as_slice() else { return None };
    Some(usize::try_from(*range.start()).ok()?..=usize::try_from(*range.end()).ok()?)
}

/// Sets a header to plain ASCII, which is always a valid value.
fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// Checks a station's token. Returns the community that it belongs to.
async fn check_token(call: &Call, headers: &HeaderMap) -> Result<Region, ApiError> {
    let token = headers.get(HEADER).and_then(|token| token.to_str().ok()).ok_or(ApiError::Signature)?;
    let claimed = StationToken::claimed_station(token).map_err(|_| ApiError::Malformed)?;
    let station = call.app.context.store.station(claimed).await?.ok_or(ApiError::UnknownStation)?;
    let key = PublicKey::from_bytes(&station.key).map_err(|_| ApiError::Internal)?;
    match StationToken::open(token, &key, call.now().0) {
        Err(TokenError::Malformed) => Err(ApiError::Malformed),
        Err(TokenError::Signature) => Err(ApiError::Signature),
        Err(TokenError::Stale) => Err(ApiError::StaleToken),
        Ok(_) if station.withdrawn.is_some() => Err(ApiError::Withdrawn),
        Ok(_) => Ok(station.community),
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

    #[tokio::test]
    async fn each_station_gets_the_file_of_its_own_community() {
        let office = TestOffice::new().await;
        let there: Region = "420106001002".parse().unwrap();
        let mut neighbour = office.context.trust.trust().community().clone();
        neighbour.region = there.clone();
        let file = issuer::sign_community(&neighbour, &[&sample::key(sample::REGION)]);
        office.publish("communities/420106001002.cose", &file);
        assert!(office.context.trust.refresh(NOW).await.unwrap());
        let secret = [43; 16];
        let hash = Sha256::digest(secret).into();
        let ticket = crate::store::IssuedTicket::nameless(hash, there, NOW, NOW.plus(60));
        office.context.store.add_ticket(ticket).await.unwrap();
        let answer = body_of(office.enrol_with(secret, 2).await).await;
        let answer = wire::EnrolmentAnswer::parse(&answer).unwrap();
        assert_eq!(answer.community, file, "enrolment answers with it");
        let key = SigningKey::from_bytes(&[2; 32]);
        assert_eq!(body_of(community(&office, &token(answer.station, 0, &key)).await).await, file);
        // So does a receipt, and the first community's stations get theirs as before.
        let batch = crate::api::testing::batch(answer.station, 1, &key);
        let receipt = body_of(office.post("/v1/batches", COSE, batch).await).await;
        let keys = sample::key(sample::RECEIPTS);
        let id = crate::api::testing::BATCH_ID;
        let receipt =
            wire::Receipt::open(&receipt, [(keys.kid(), keys.public())], answer.station, id).unwrap();
        assert_eq!(receipt.community.hash, <[u8; 32]>::from(Sha256::digest(&file)));
        let (station, key) = office.enrol().await;
        let first = office.context.trust.trust().files().community.clone();
        assert_eq!(body_of(community(&office, &token(station, 0, &key)).await).await, first);
        assert_ne!(first, file);
    }

    #[tokio::test]
    async fn a_file_comes_in_parts_of_one_version() {
        let office = TestOffice::new().await;
        let file = office.context.trust.trust().files().list.clone();
        let policy = office.context.trust.trust().files().policies[0].clone();
        let ask = async |path: &str, range: &str, tag: Option<&HeaderValue>| {
            let mut request = Request::get(path).header(RANGE, range);
            if let Some(tag) = tag {
                request = request.header(IF_RANGE, tag);
            }
            office.send(request.body(Body::empty()).unwrap()).await
        };
        let list = "/v1/trust/trust.cose";
        let first = ask(list, "bytes=0-99", None).await;
        assert_eq!(first.status(), StatusCode::PARTIAL_CONTENT);
        let tag = first.headers()[ETAG].clone();
        assert_eq!(first.headers()[CONTENT_RANGE], format!("bytes 0-99/{}", file.len()));
        assert_eq!(body_of(first).await, &file[..100]);
        let rest = ask(list, "bytes=100-999999", Some(&tag)).await;
        assert_eq!(rest.status(), StatusCode::PARTIAL_CONTENT);
        assert_eq!(body_of(rest).await, &file[100..], "cut to the file's end");
        let root = office.get("/v1/trust/1.root.cose").await.headers()[ETAG].clone();
        for (range, tag) in [
            ("bytes=100-199", Some(&root)),
            ("bytes=0-9,20-29", None),
            ("bytes=9-3", None),
            ("bytes=99999999-", None),
            ("lines=0-9", None),
        ] {
            let whole = ask(list, range, tag).await;
            assert_eq!(whole.status(), StatusCode::OK, "{range}");
            assert_eq!(body_of(whole).await, file, "{range}");
        }
        let path = format!("/v1/trust/policies/{}", PolicyHash::of(&policy));
        let part = ask(&path, "bytes=3-", None).await;
        assert_eq!((part.status(), body_of(part).await), (StatusCode::PARTIAL_CONTENT, policy[3..].to_vec()));
    }
}
