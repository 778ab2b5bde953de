//! `GET /v1/trust/{root,trust,community}.cose`, the files in force; `N.root.cose`, the roots that led
//! there; and chunks of revocations by their hash.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use disk::trust_folder::{COMMUNITY, LIST, ROOT};
use health_code::PublicKey;
use wire::StationToken;
use wire::token::{HEADER, TokenError};

use super::{ApiError, COSE, OCTETS, Office, bytes};
use crate::keys::hex;

/// Root and trust list are public; the community's file names people and is for its stations.
pub(super) async fn trust_file(
    State(office): State<Arc<Office>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    if name == COMMUNITY {
        check_token(&office, &headers).await?;
    }
    let (trust, offers) = office.desk.trust.both();
    let (file, offer) = if name == ROOT {
        (&trust.files().root, offers.root)
    } else if name == LIST {
        (&trust.files().list, offers.list)
    } else if name == COMMUNITY {
        (&trust.files().community, offers.community)
    } else {
        let version = name.strip_suffix(".root.cose").and_then(|version| version.parse().ok());
        let version: u64 = version.ok_or(ApiError::NotFound)?;
        let root = office.with_store(move |store| store.root(version)).await?;
        return root.map(|root| bytes(COSE, root)).ok_or(ApiError::NotFound);
    };
    let tag = format!("\"{}\"", hex(&offer.hash));
    let known = headers.get(IF_NONE_MATCH).is_some_and(|known| *known == *tag);
    let mut response =
        if known { StatusCode::NOT_MODIFIED.into_response() } else { bytes(COSE, file.clone()) };
    // Both values are ASCII of our own making; one that were not would only be left out.
    if let Ok(tag) = tag.parse() {
        response.headers_mut().insert(ETAG, tag);
    }
    if let Ok(private) = "private, no-cache".parse() {
        response.headers_mut().insert(CACHE_CONTROL, private);
    }
    Ok(response)
}

/// A chunk of the revocations in force. It says nothing of whom it is about.
pub(super) async fn revocations(
    State(office): State<Arc<Office>>,
    Path(hash): Path<String>,
) -> Result<Response, ApiError> {
    let trust = office.desk.trust.trust();
    let chunks = &trust.list().revocations.chunks;
    let byte = chunks.iter().find(|(_, named)| hex(*named) == hash).map(|(byte, _)| *byte);
    let chunk = trust.revocations().chunk(byte.ok_or(ApiError::NotFound)?);
    Ok(bytes(OCTETS, chunk.to_vec()))
}

async fn check_token(office: &Office, headers: &HeaderMap) -> Result<(), ApiError> {
    let token = headers.get(HEADER).and_then(|token| token.to_str().ok()).ok_or(ApiError::Signature)?;
    let claimed = StationToken::claimed_station(token).map_err(|_| ApiError::Malformed)?;
    let station = office.with_store(move |store| store.station(claimed)).await?.ok_or(ApiError::Signature)?;
    let key = PublicKey::from_bytes(&station.key).map_err(|_| ApiError::Internal)?;
    match StationToken::open(token, &key, office.desk.clock.now().0) {
        Err(TokenError::Malformed) => Err(ApiError::Malformed),
        Err(TokenError::Signature) => Err(ApiError::Signature),
        Err(TokenError::Stale) => Err(ApiError::StaleToken),
        Ok(_) if station.withdrawn.is_some() => Err(ApiError::Withdrawn),
        Ok(_) => Ok(()),
    }
}
