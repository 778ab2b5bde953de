//! `/sticks`: reports and requests that a stick brought, and the trust files that it takes to one community's laptops.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use health_code::Region;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::App as _;
use wire::limits::ENROLMENT_REQUEST_BYTES;

use crate::api::ApiError;
use crate::console::caller::{Caller, Payload, Right};
use crate::console::error::ConsoleError;
use crate::console::state::Console;
use crate::limits::{STICK_UPLOAD_BYTES, UPLOAD_BODY};
use crate::stick::batches::{Brought, NotBrought, Taken};
use crate::stick::requests::{Answered, Asked};
use crate::stick::trust_files::{NoTrustFiles, TrustOnStick};

/// A file of reports.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StickReports {
    /// `reports.cbor` in base64, 32 MiB at most before that.
    content: String,
}

/// What became of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct StickTaken {
    /// The laptop's id and name.
    station: String,
    name: String,
    /// Batches that were committed.
    batches: usize,
    /// Reports that are new, those that the office had, and those of which it had another one.
    new: usize,
    known: usize,
    conflicts: usize,
    /// Batches that were refused.
    refused: Vec<StickRefused>,
    /// `receipts.cbor` in base64, to be laid beside the reports; absent where no batch was committed.
    receipts: Option<String>,
}

/// A batch that was refused, by its place in the file.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StickRefused {
    batch: usize,
    code: String,
}

/// A laptop's request to be enrolled.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StickRequest {
    /// `request.cbor` in base64, 1 KiB at most before that.
    content: String,
}

/// A laptop that was taken in.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StickAnswered {
    /// The laptop's id and name.
    station: String,
    name: String,
    /// The community of its ticket, by its code and its name.
    community: String,
    place: String,
    /// `answer.cbor` in base64, to be laid beside the request.
    answer: String,
}

/// Which community's trust files.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StickCommunity {
    region: String,
}

/// Commits the batches of a stick as if they had been sent, and returns their receipts. The same file again changes
/// nothing.
#[utoipa::path(post, path = "/sticks/reports", request_body = StickReports, responses(
    (status = 200, body = StickTaken), (status = 404, description = "not-found"),
    (status = 422, description = "invalid: reports is too-large, malformed, other-station")
))]
pub(super) async fn take(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Payload { value, .. }: Payload<StickReports, UPLOAD_BODY>,
) -> Result<Json<StickTaken>, ConsoleError> {
    caller.may(Right::StationsManage)?;
    let bytes = BASE64_STANDARD.decode(value.content).map_err(|_| ConsoleError::Malformed)?;
    if bytes.len() > STICK_UPLOAD_BYTES {
        return Err(ConsoleError::field("reports", "too-large"));
    }
    let brought = Brought::open(&console.context, &bytes).await.map_err(|error| match error {
        NotBrought::Store(error) => error.into(),
        NotBrought::UnknownStation(_) => ConsoleError::NotFound,
        NotBrought::File(_) | NotBrought::OtherStation => ConsoleError::field("reports", error.code()),
    })?;
    // A laptop elsewhere is not said to be there.
    caller.sees(brought.community())?;
    let taken = brought.take(&console.context, console.now()).await;
    let station = brought.station;
    let about = (station.id.to_string(), station.community);
    let words = taken.words(&station.name);
    let note = console.note(Some(caller.account.id), "stick-imported", (&about.0, &about.1), &words)?;
    console.write(vec![note]).await?;
    let Taken { batches, new, known, conflicts, refused, receipts } = taken;
    let refused = refused
        .into_iter()
        .map(|(batch, error)| StickRefused { batch, code: error.problem().code.to_owned() });
    Ok(Json(StickTaken {
        station: about.0,
        name: station.name,
        batches,
        new,
        known,
        conflicts,
        refused: refused.collect(),
        receipts: receipts.map(|receipts| BASE64_STANDARD.encode(receipts)),
    }))
}

/// Takes a laptop in as if its request had been sent, and returns the answer for the stick. The same request again
/// gives the same laptop.
#[utoipa::path(post, path = "/sticks/requests", request_body = StickRequest, responses(
    (status = 200, body = StickAnswered), (status = 404, description = "not-found"),
    (status = 422, description = "invalid: request is too-large, malformed, signature, ticket-unknown, \
        ticket-expired, ticket-used, withdrawn, no-receipt-key or receipt-key-time")
))]
pub(super) async fn enrol(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Payload { value, .. }: Payload<StickRequest>,
) -> Result<Json<StickAnswered>, ConsoleError> {
    caller.may(Right::StationsManage)?;
    let bytes = BASE64_STANDARD.decode(value.content).map_err(|_| ConsoleError::Malformed)?;
    if bytes.len() > ENROLMENT_REQUEST_BYTES {
        return Err(ConsoleError::field("request", "too-large"));
    }
    let asked = Asked::open(&bytes).map_err(refused)?;
    let community = asked.community(&console.context).await?.ok_or(ApiError::TicketUnknown);
    // A ticket of a community elsewhere is not said to be there.
    caller.sees(&community.map_err(refused)?)?;
    let answered = asked.answer(&console.context, console.now()).await;
    let Answered { station, name, community, file } = answered.map_err(|error| refused(error.error))?;
    let about = station.to_string();
    let note =
        console.note(Some(caller.account.id), "stick-enrolled", (about.as_str(), &community), &name)?;
    console.write(vec![note]).await?;
    let place = console.context.trust.of(&community).map(|trust| trust.community().name.clone());
    let (community, answer) = (community.to_string(), BASE64_STANDARD.encode(file));
    Ok(Json(StickAnswered { station: about, name, community, place: place.unwrap_or_default(), answer }))
}

fn refused(error: ApiError) -> ConsoleError {
    match error {
        ApiError::Internal | ApiError::Store => ConsoleError::Internal,
        error => ConsoleError::field("request", error.problem().code),
    }
}

/// Returns the trust files of a community for a stick, as a tar archive whose files go into its top folder. The
/// community's own file in it opens for its laptops in service alone.
#[utoipa::path(post, path = "/sticks/trust", request_body = StickCommunity, responses(
    (status = 200, description = "The archive", content_type = "application/x-tar"),
    (status = 404, description = "not-found")
))]
pub(super) async fn trust(
    State(console): State<Arc<Console>>,
    caller: Caller,
    Payload { value, .. }: Payload<StickCommunity>,
) -> Result<Response, ConsoleError> {
    caller.may(Right::StationsManage)?;
    let region: Region = value.region.parse().map_err(|_| ConsoleError::NotFound)?;
    caller.sees(&region)?;
    console.context.trust.of(&region).ok_or(ConsoleError::NotFound)?;
    let out = TrustOnStick::of(&console.context, &region).await.map_err(|error| match error {
        NoTrustFiles::Store(error) => error.into(),
        NoTrustFiles::NoRandomness(_) => ConsoleError::Internal,
    })?;
    let archive = archive(&out, console.now().0).map_err(|error| {
        tracing::error!(%error, "an archive could not be made");
        ConsoleError::Internal
    })?;
    let words = format!("{} · {} stations", out.versions.1, out.stations);
    let note = console.note(Some(caller.account.id), "stick-exported", (region.as_str(), &region), &words)?;
    console.write(vec![note]).await?;
    let headers = [
        (CONTENT_TYPE, "application/x-tar".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"kadian-stick-{region}.tar\"")),
    ];
    Ok((headers, archive).into_response())
}

fn archive(out: &TrustOnStick, now: i64) -> std::io::Result<Vec<u8>> {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, file) in &out.files {
        let mut header = tar::Header::new_ustar();
        header.set_size(file.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(now.unsigned_abs());
        archive.append_data(&mut header, name, file.as_slice())?;
    }
    archive.into_inner()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use axum::body::to_bytes;
    use disk::trust_folder;
    use ed25519_dalek::SigningKey;
    use sample::HERE;
    use serde_json::{Value, json};
    use sha2::Digest as _;
    use wire::stick::{COMMUNITY, Export, Receipts, SealedAnswer, private_key};
    use wire::{SignedBatch, StationId};

    use super::*;
    use crate::api::testing::batch;
    use crate::console::api::testing::{TestConsole, code_of, json_of};
    use crate::store::{IssuedTicket, Redemption};

    /// Enrols a station that signs by a real key.
    async fn enrol(console: &TestConsole, key: &SigningKey) -> StationId {
        console.ticket(9).await;
        let public = health_code::PublicKey::from_bytes(&key.verifying_key().to_bytes()).unwrap();
        let redemption = Redemption {
            secret_hash: [9; 32],
            station: StationId::of(&public),
            key: public.to_bytes(),
            sealing: wire::stick::public_key(key),
            name: "东门".into(),
        };
        console.console.context.store.redeem(redemption.clone(), sample::NOW).await.unwrap();
        redemption.station
    }

    fn sent(station: StationId, batches: Vec<Vec<u8>>) -> Value {
        let batches = batches.into_iter().map(|bytes| SignedBatch { bytes }).collect();
        json!({ "content": BASE64_STANDARD.encode(Export { station, batches }.to_bytes()) })
    }

    #[tokio::test]
    async fn a_sticks_reports_are_taken_on_record_and_their_receipts_come_back() {
        let console = TestConsole::new().await;
        let cookie = console.sign_in().await;
        let key = SigningKey::from_bytes(&[1; 32]);
        let station = enrol(&console, &key).await;
        let bad = batch(station, 1, &SigningKey::from_bytes(&[2; 32]));
        for (new, known) in [(3, 0), (0, 3)] {
            let body = sent(station, vec![bad.clone(), batch(station, 3, &key)]);
            let taken = json_of(console.ask(Some(&cookie), "POST", "/sticks/reports", body).await).await;
            assert_eq!(
                (&taken["new"], &taken["known"], &taken["name"]),
                (&json!(new), &json!(known), &json!("东门"))
            );
            assert_eq!(taken["refused"], json!([{ "batch": 1, "code": "signature" }]));
            let receipts = BASE64_STANDARD.decode(taken["receipts"].as_str().unwrap()).unwrap();
            assert_eq!(Receipts::parse(&receipts).unwrap().receipts.len(), 1);
        }
        let log = json_of(console.ask(Some(&cookie), "GET", "/audit", json!(null)).await).await;
        let acts: Vec<_> = log["entries"].as_array().unwrap().iter().map(|entry| &entry["act"]).collect();
        assert_eq!(acts.iter().filter(|act| **act == "stick-imported").count(), 2, "{acts:?}");
    }

    #[tokio::test]
    async fn a_laptops_request_is_taken_on_record_by_whom_its_ticket_is_in_sight() {
        let console = TestConsole::with_regions().await;
        let cookie = console.sign_in().await;
        let secret = [7; 16];
        let hash = sha2::Sha256::digest(secret).into();
        let ticket = IssuedTicket::nameless(hash, HERE.parse().unwrap(), sample::NOW, sample::NOW.plus(3600));
        console.console.context.store.add_ticket(ticket).await.unwrap();
        let request = |secret, key: u8| {
            let bytes = crate::api::testing::request_for(secret, &SigningKey::from_bytes(&[key; 32]));
            json!({ "content": BASE64_STANDARD.encode(bytes) })
        };
        let ask = async |cookie: &str, body: Value| {
            console.ask(Some(cookie), "POST", "/sticks/requests", body).await
        };
        let role = crate::console::account::Role::Administrator;
        console.keep("420107".parse().unwrap(), role, "样例丙", "else.where").await;
        let elsewhere = console.sign_in_as("else.where").await;
        assert_eq!(code_of(ask(&elsewhere, request(secret, 1)).await).await, (404, "not-found".to_owned()));
        for _ in 0..2 {
            let answered = json_of(ask(&cookie, request(secret, 1)).await).await;
            assert_eq!((&answered["name"], &answered["community"]), (&json!("东门"), &json!(HERE)));
            let answer = BASE64_STANDARD.decode(answered["answer"].as_str().unwrap()).unwrap();
            let sealed = SealedAnswer::parse(&answer).unwrap();
            let opened = sealed.open(&private_key(&SigningKey::from_bytes(&[1; 32]))).unwrap();
            assert_eq!(json!(opened.station.to_string()), answered["station"]);
        }
        assert_eq!(console.console.context.store.stations().await.unwrap().len(), 1);
        for (body, code) in [
            (request(secret, 2), "ticket-used"),
            (request([8; 16], 1), "ticket-unknown"),
            (json!({ "content": BASE64_STANDARD.encode(b"a photograph") }), "malformed"),
            (json!({ "content": BASE64_STANDARD.encode([0; 1025]) }), "too-large"),
        ] {
            let refused = json_of(ask(&cookie, body).await).await;
            assert_eq!(refused["fields"], json!([{ "name": "request", "code": code }]));
        }
        let log = json_of(console.ask(Some(&cookie), "GET", "/audit", json!(null)).await).await;
        let entries = log["entries"].as_array().unwrap().iter();
        assert_eq!(entries.filter(|entry| entry["act"] == "stick-enrolled").count(), 2);
    }

    #[tokio::test]
    async fn another_file_or_a_laptop_elsewhere_is_refused() {
        let console = TestConsole::with_regions().await;
        let cookie = console.sign_in().await;
        let key = SigningKey::from_bytes(&[1; 32]);
        let station = enrol(&console, &key).await;
        let ask = async |cookie: &str, body: Value| {
            console.ask(Some(cookie), "POST", "/sticks/reports", body).await
        };
        let bytes = |bytes: &[u8]| json!({ "content": BASE64_STANDARD.encode(bytes) });
        let refused = json_of(ask(&cookie, bytes(b"a photograph")).await).await;
        assert_eq!(refused["fields"], json!([{ "name": "reports", "code": "malformed" }]));
        let refused = json_of(ask(&cookie, bytes(&vec![0; STICK_UPLOAD_BYTES + 1])).await).await;
        assert_eq!(refused["fields"], json!([{ "name": "reports", "code": "too-large" }]));
        assert_eq!(
            code_of(ask(&cookie, json!({ "content": "%" })).await).await,
            (400, "malformed".to_owned())
        );
        let unknown = sent(StationId([7; 16]), vec![vec![1]]);
        assert_eq!(code_of(ask(&cookie, unknown).await).await, (404, "not-found".to_owned()));
        console
            .keep(
                "420107".parse().unwrap(),
                crate::console::account::Role::Administrator,
                "样例丙",
                "else.where",
            )
            .await;
        let elsewhere = console.sign_in_as("else.where").await;
        let body = sent(station, vec![batch(station, 3, &key)]);
        assert_eq!(code_of(ask(&elsewhere, body).await).await, (404, "not-found".to_owned()));
        assert_eq!(console.console.context.store.counts().await.unwrap().waiting, 0);
        let asked = json!({ "region": HERE });
        let trust = console.ask(Some(&elsewhere), "POST", "/sticks/trust", asked).await;
        assert_eq!(code_of(trust).await, (404, "not-found".to_owned()));
    }

    #[tokio::test]
    async fn a_communitys_trust_files_come_as_one_archive_by_their_fixed_names() {
        let console = TestConsole::new().await;
        let cookie = console.sign_in().await;
        enrol(&console, &SigningKey::from_bytes(&[1; 32])).await;
        let asked = json!({ "region": HERE });
        let response = console.ask(Some(&cookie), "POST", "/sticks/trust", asked).await;
        assert_eq!(response.headers()[CONTENT_TYPE], "application/x-tar");
        let bytes = to_bytes(response.into_body(), 1 << 24).await.unwrap();
        let mut archive = tar::Archive::new(&bytes[..]);
        let mut names = Vec::new();
        for entry in archive.entries().unwrap() {
            let mut entry = entry.unwrap();
            names.push(entry.path().unwrap().display().to_string());
            let mut file = Vec::new();
            entry.read_to_end(&mut file).unwrap();
            // Nobody is revoked in the sample, so that file holds nothing.
            assert_eq!(
                file.is_empty(),
                names.last().is_some_and(|name| name == trust_folder::REVOCATIONS),
                "{names:?}"
            );
        }
        assert!(
            names.iter().any(|name| name == COMMUNITY)
                && names.iter().all(|name| name != trust_folder::COMMUNITY)
        );
        assert!(names.iter().any(|name| name == trust_folder::LIST), "{names:?}");
        let nowhere = json!({ "region": "420106001099" });
        let refused = console.ask(Some(&cookie), "POST", "/sticks/trust", nowhere).await;
        assert_eq!(code_of(refused).await, (404, "not-found".to_owned()));
    }
}
