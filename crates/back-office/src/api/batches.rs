//! `POST /v1/batches`: takes sealed reports, answers with a signed receipt. Batches from a stick go the same way.

use axum::response::Response;
use health_code::{PublicKey, Timestamp, Trust};
use web::{Accepts, Incoming};
use wire::batch::BatchError;
use wire::limits::{BATCH_BYTES, CONTACT_BYTES};
use wire::{Notice, Receipt, RecordId, SignedBatch, StationId, Withdrawn};

use super::{ApiError, COSE, Call, bytes};
use crate::context::Context;
use crate::copies::Kind;
use crate::store::{Accepted, AlertKind, Arrival, Change, StoreError};

const BATCH: Accepts = Accepts { media: COSE, limit: BATCH_BYTES };

/// Commits a batch and returns its receipt, which names the trust files in force.
pub(super) async fn receive_batch(call: Call, body: Incoming) -> Result<Response, ApiError> {
    let body = body.read(BATCH).await?;
    let committed = commit(&call.app.context, &body, call.now()).await?;
    call.app.waker.wake();
    Ok(bytes(COSE, committed.signed))
}

/// A batch that is committed.
#[derive(Debug)]
pub(crate) struct Committed {
    /// What its receipt says.
    pub receipt: Receipt,
    /// The receipt, signed.
    pub signed: Vec<u8>,
}

/// Commits a signed batch, however it came here, and returns its signed receipt.
///
/// The checks come in this order: length, outer form, station, signature, form. The receipt is signed
/// after the commit. Two batches of one station at the same time need no lock here: the store commits one
/// after the other.
///
/// # Errors
/// [`ApiError`]; nothing of the batch is acknowledged then.
pub(crate) async fn commit(context: &Context, signed: &[u8], now: Timestamp) -> Result<Committed, ApiError> {
    let claimed = SignedBatch::claimed_station(signed).map_err(refusal_of)?;
    let station = context.store.station(claimed).await?.ok_or(ApiError::UnknownStation)?;
    let key = PublicKey::from_bytes(&station.key).map_err(|_| ApiError::Internal)?;
    let batch = match SignedBatch::open(signed, &key) {
        Err(BatchError::Malformed(what)) => {
            alert_malformed(context, claimed, &what, now).await?;
            return Err(ApiError::Malformed);
        }
        opened => opened.map_err(refusal_of)?,
    };
    let (trust, offers) = context.trust.offers(&station.community).await?;
    // Looked up before the commit: what is committed but not acknowledged would only come again.
    let (kid, key) = context.keys.receipt(trust.root(), now)?;
    let (station, id, community) = (batch.station, batch.id, station.community);
    // Both have to be on their disks before the receipt; neither waits for the other. A copy of what is
    // not committed after all does no harm: the station signed it, and sends it again.
    let is_empty = batch.reports.is_empty();
    let awaits = batch.awaits.clone();
    // By a clock that is behind, today's reports would look old, and be past their days too early.
    let received = now.max(trust.list().issued);
    let arrival = Arrival { batch, signed: signed.to_vec(), received };
    let accept = context.store.accept(arrival);
    let copy = async { if is_empty { Ok(()) } else { context.copy(Kind::Batch, signed, now).await } };
    let (accepted, copied) = tokio::join!(accept, copy);
    let Accepted { lines, withdrawn } = accepted?;
    copied?;
    // A station hears it when it asks what is new; one that sends all the time needs no more than it keeps.
    let backed_up = if is_empty { context.store.backed_up(station).await? } else { None };
    let notices = notices(context, station, awaits, offers.community.version).await;
    tracing::info!(%station, batch = %id, reports = lines.len(), "a batch is committed");
    lines.iter().for_each(|line| context.metrics.acknowledged(line.status));
    let receipt = Receipt {
        station,
        batch: id,
        time: now.0,
        lines,
        root: offers.root,
        list: offers.list,
        community: offers.community,
        region: community.to_string(),
        pace: context.pacing.pace(),
        withdrawn: withdrawn.map(|since| Withdrawn { since: since.0, contact: contact(&trust) }),
        notices,
        audit: context.audit_head.get(),
        backed_up,
        generation: context.generation,
    };
    let signed = receipt.sign(kid, key);
    Ok(Committed { receipt, signed })
}

/// Returns what became of the changes that a station asks about. A batch that asks about none costs no query,
/// and a store that can't say now is asked again with the next batch.
async fn notices(context: &Context, station: StationId, awaits: Vec<RecordId>, offered: u64) -> Vec<Notice> {
    if awaits.is_empty() {
        return Vec::new();
    }
    match context.store.changes_of(station, awaits).await {
        Ok(changes) => {
            let notice =
                |change: Change| Notice { record: change.key.record, code: change.state.notice(offered) };
            changes.into_iter().map(notice).collect()
        }
        Err(error) => {
            tracing::warn!(%station, %error, "a station is not told what became of its changes");
            Vec::new()
        }
    }
}

/// Raises an alert: a station signed what no program of ours makes. It looks for the report at fault, and sets
/// it aside.
async fn alert_malformed(
    context: &Context,
    station: StationId,
    what: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    tracing::warn!(%station, what, "a signed batch is malformed");
    let detail = format!("a signed batch does not have the expected shape: {what}");
    context.store.raise_alert(station, AlertKind::Malformed, &detail, now).await
}

/// Returns whom people at a station ask, as far as a receipt holds it.
fn contact(trust: &Trust) -> String {
    let contact = &trust.community().contact;
    contact[..contact.floor_char_boundary(CONTACT_BYTES)].to_owned()
}

fn refusal_of(error: BatchError) -> ApiError {
    match error {
        BatchError::TooLarge => ApiError::Request(web::RequestError::TooLarge),
        BatchError::Malformed(_) => ApiError::Malformed,
        BatchError::Signature => ApiError::Signature,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::time::Duration;

    use axum::body::Body;
    use axum::http::Request;
    use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
    use ed25519_dalek::SigningKey;
    use web::{Bounds, RequestError};
    use wire::report::{Roster, RosterChange};
    use wire::{Batch, ClockState, NoticeCode, RecordStatus, StreamId};

    use super::*;
    use crate::api::testing::{BATCH_ID, NOW, Refusal, TestOffice, batch, body_of, provoke};
    use crate::store::{ChangeRefusal, ChangeState, Filing, Opened, Outcome, Settled};

    pub(in crate::api) const REFUSALS: &[Refusal] = &[
        Refusal::new(ApiError::Request(RequestError::MediaType), |office| {
            Box::pin(async move { office.post("/v1/batches", "text/plain", Vec::new()).await })
        }),
        Refusal::new(ApiError::Request(RequestError::TooLarge), |office| {
            Box::pin(async move { office.post("/v1/batches", COSE, vec![0; BATCH_BYTES + 1]).await })
        }),
        Refusal::new(ApiError::Request(RequestError::TooLarge), |office| {
            Box::pin(async move {
                let request = Request::post("/v1/batches").header(CONTENT_TYPE, COSE);
                let request = request.header(CONTENT_LENGTH, BATCH_BYTES + 1).body(Body::empty());
                office.send(request.unwrap()).await
            })
        }),
        Refusal::new(ApiError::Request(RequestError::TooSlow), |_| {
            Box::pin(async move {
                let bounds = Bounds { body_grace: Duration::from_millis(20), ..Bounds::default() };
                never_sends_its_body(&TestOffice::bounded(bounds).await).await
            })
        }),
        Refusal::new(ApiError::Malformed, |office| {
            Box::pin(async move { office.post("/v1/batches", COSE, vec![1, 2, 3]).await })
        }),
        Refusal::new(ApiError::Signature, |office| {
            Box::pin(async move {
                let (station, _) = office.enrol().await;
                let stranger = SigningKey::from_bytes(&[99; 32]);
                office.post("/v1/batches", COSE, batch(station, 1, &stranger)).await
            })
        }),
        Refusal::new(ApiError::UnknownStation, |office| {
            Box::pin(async move {
                let (_, key) = office.enrol().await;
                office.post("/v1/batches", COSE, batch(StationId([9; 16]), 1, &key)).await
            })
        }),
        Refusal::new(ApiError::ReceiptKeyTime, |office| {
            Box::pin(async move {
                let (station, key) = office.enrol().await;
                office.set_clock(NOW.plus(10_000 * 86_400));
                office.post("/v1/batches", COSE, batch(station, 1, &key)).await
            })
        }),
        Refusal::new(ApiError::NoReceiptKey, |_| {
            Box::pin(async move {
                let office = TestOffice::with_other_receipt_key().await;
                let (station, key) = office.enrol().await;
                office.post("/v1/batches", COSE, batch(station, 1, &key)).await
            })
        }),
        Refusal::new(ApiError::Store, |office| {
            Box::pin(async move {
                let (station, key) = office.enrol().await;
                office.spoil("DROP TABLE run");
                office.post("/v1/batches", COSE, batch(station, 1, &key)).await
            })
        }),
        Refusal::new(ApiError::Internal, |office| {
            Box::pin(async move {
                let (station, key) = office.enrol().await;
                // No point of the curve has this encoding (RFC 8032 §5.1.3).
                office.spoil(&format!("UPDATE stations SET key = x'{}'", "ff".repeat(32)));
                office.post("/v1/batches", COSE, batch(station, 1, &key)).await
            })
        }),
    ];

    async fn never_sends_its_body(office: &TestOffice) -> Response {
        let request = Request::post("/v1/batches").header(CONTENT_TYPE, COSE);
        office.send(request.body(TestOffice::endless_body()).unwrap()).await
    }

    #[tokio::test]
    async fn each_refusal_is_provoked() {
        provoke(REFUSALS).await;
    }

    fn opened(receipt: &[u8], station: StationId) -> Receipt {
        let key = sample::key(sample::RECEIPTS);
        Receipt::open(receipt, [(key.kid(), key.public())], station, BATCH_ID).unwrap()
    }

    #[tokio::test]
    async fn a_withdrawn_station_hears_it_in_the_signed_word_of_each_receipt() {
        let office = TestOffice::new().await;
        let (station, key) = office.enrol().await;
        office.withdraw_all().await;
        for quarantined in [0, 2] {
            let count = 2 + quarantined as u8;
            let response = office.post("/v1/batches", COSE, batch(station, count, &key)).await;
            let receipt = opened(&body_of(response).await, station);
            let contact = office.context.trust.trust().community().contact.clone();
            assert_eq!(receipt.withdrawn, Some(Withdrawn { since: NOW.0, contact }));
            assert_eq!(receipt.lines.len(), usize::from(count));
            assert_eq!(office.context.store.counts().await.unwrap().quarantined, quarantined);
        }
    }

    #[tokio::test]
    async fn what_arrives_by_a_clock_that_is_behind_arrived_no_earlier_than_the_list_was_signed() {
        let office = TestOffice::new().await;
        let (station, key) = office.enrol().await;
        office.set_clock(NOW.plus(-10 * 86_400));
        office.post("/v1/batches", COSE, batch(station, 1, &key)).await;
        let issued = office.context.trust.trust().list().issued;
        assert_eq!(office.context.store.oldest_waiting().await.unwrap(), Some((station, issued)));
    }

    #[tokio::test]
    async fn a_station_that_asks_what_is_new_hears_how_far_it_is_backed_up() {
        let office = TestOffice::new().await;
        let (station, key) = office.enrol().await;
        for (count, expected) in [(3, None), (0, None), (3, None), (0, Some((StreamId([3; 16]), 2)))] {
            let response = office.post("/v1/batches", COSE, batch(station, count, &key)).await;
            assert_eq!(opened(&body_of(response).await, station).backed_up, expected);
            if count == 0 {
                let store = &office.context.store;
                store.note_backed_up(store.chain_ends().await.unwrap()).await.unwrap();
            }
        }
    }

    /// Files a station's report of this number as a change in this state.
    async fn file_change(office: &TestOffice, number: u8, state: ChangeState) {
        let store = &office.context.store;
        let letters = store.claim(99, NOW, NOW.plus(1)).await.unwrap();
        let opened = letters.into_iter().map(|letter| {
            let settled = letter.reports().unwrap().into_iter().map(|waiting| {
                let change = RosterChange::CheckpointRemoved { id: [number; 8] };
                let roster = Roster { at: NOW.0, clock: ClockState::Trusted, by: [9; 8], change };
                let outcome = Outcome::Filed(Box::new(Filing::Roster { roster, state }));
                Settled { key: waiting.key, outcome, alerts: Vec::new() }
            });
            Opened { settled: settled.collect(), letter }
        });
        let opened: Vec<_> = opened.collect();
        store.settle(opened, NOW).await.unwrap();
    }

    #[tokio::test]
    async fn a_receipt_says_what_became_of_the_changes_that_the_batch_asks_about() {
        let office = TestOffice::new().await;
        let (station, key) = office.enrol().await;
        let offered = office.context.trust.trust().community().version;
        let record = RecordId([0; 16]);
        let ask = async |awaits: Vec<RecordId>| {
            let batch = Batch { station, id: BATCH_ID, reports: Vec::new(), awaits, about: None };
            opened(&body_of(office.post("/v1/batches", COSE, batch.sign(&key).bytes).await).await, station)
        };
        office.post("/v1/batches", COSE, batch(station, 1, &key)).await;
        assert_eq!(ask(vec![record]).await.notices, [], "nobody has opened it yet");
        file_change(&office, 6, ChangeState::Accepted).await;
        let notice = |code| vec![Notice { record, code }];
        assert_eq!(ask(vec![record, RecordId([9; 16])]).await.notices, notice(NoticeCode::Waits));
        assert_eq!(ask(Vec::new()).await.notices, [], "it did not ask");
        for (state, code) in [
            // Another server has signed the file, and this one does not offer it yet.
            (ChangeState::Entered { version: offered + 1 }, NoticeCode::Waits),
            (ChangeState::Entered { version: offered }, NoticeCode::Entered),
            (ChangeState::Refused(ChangeRefusal::NotAllowed), NoticeCode::NotAllowed),
        ] {
            let (number, version, refusal) = state.numbers();
            let version = version.map_or("NULL".to_owned(), |version| format!("x'{version:016x}'"));
            let refusal = refusal.map_or("NULL".to_owned(), |refusal| refusal.to_string());
            office.spoil(&format!(
                "UPDATE roster_changes SET state = {number}, version = {version}, refusal = {refusal}"
            ));
            assert_eq!(ask(vec![record]).await.notices, notice(code));
        }
        // A store that can't say costs the receipt nothing else.
        office.spoil("DROP TABLE roster_changes");
        assert_eq!(ask(vec![record]).await.notices, []);
    }

    #[tokio::test]
    async fn a_batch_that_is_signed_and_malformed_raises_an_alert_and_a_forged_one_does_not() {
        let office = TestOffice::new().await;
        let (station, key) = office.enrol().await;
        let alerts = async || office.context.store.alerts(9).await.unwrap();
        let empty = Batch { station, id: BATCH_ID, reports: Vec::new(), awaits: Vec::new(), about: None };
        let mut reports = SignedBatch::open(&batch(station, 1, &key), &public(&key)).unwrap().reports;
        // A longer seal than there is.
        reports[0].ciphertext.push(0);
        let malformed = Batch { reports, ..empty };
        let stranger = SigningKey::from_bytes(&[99; 32]);
        for (key, raised) in [(&stranger, 0), (&key, 1), (&key, 1)] {
            let response = office.post("/v1/batches", COSE, malformed.sign(key).bytes).await;
            assert!(response.status().is_client_error());
            assert_eq!(alerts().await.len(), raised);
        }
        assert_eq!((alerts().await[0].kind, alerts().await[0].station), (AlertKind::Malformed, station));
    }

    fn public(key: &SigningKey) -> PublicKey {
        PublicKey::from_bytes(&key.verifying_key().to_bytes()).unwrap()
    }

    #[tokio::test]
    async fn a_batch_is_acknowledged_report_by_report() {
        let office = TestOffice::new().await;
        let (station, key) = office.enrol().await;
        for expected in [RecordStatus::Stored, RecordStatus::AlreadyStored] {
            let response = office.post("/v1/batches", COSE, batch(station, 3, &key)).await;
            assert_eq!(response.headers()[CONTENT_TYPE], COSE);
            let receipt = opened(&body_of(response).await, station);
            assert_eq!(
                (receipt.time, receipt.pace, receipt.withdrawn),
                (NOW.0, wire::Pace { pause: 2, poll: 10 }, None)
            );
            assert_eq!((receipt.audit, receipt.backed_up), (wire::AuditHead::EMPTY, None));
            assert_eq!(receipt.generation, office.context.generation);
            let statuses: Vec<_> = receipt.lines.iter().map(|line| line.status).collect();
            assert_eq!(statuses, [expected; 3]);
        }
    }
}
