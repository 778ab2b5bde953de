//! An office for the tests of endpoints, which they ask without a network.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::header::{CONTENT_TYPE, HOST, RETRY_AFTER};
use axum::http::{Request, StatusCode};
use axum::response::Response;
use ed25519_dalek::SigningKey;
use health_code::{KeyId, PublicKey, Timestamp};
use sha2::{Digest, Sha256};
use tower::ServiceExt as _;
use web::{Bounds, RequestIds, Room};
use wire::{Batch, BatchId, Enrolment, EnrolmentAnswer, RecordId, SealedReport, StationId, StreamId};

use super::{ApiError, COSE, Office, local_router, router};
use crate::context::Context;
use crate::store::IssuedTicket;
use crate::system::Clock;
use crate::testing::world;
use crate::worker::Waker;

pub(crate) use sample::NOW;

/// A future of a test, on the heap so that requests of many kinds fit one table.
type Sent = Pin<Box<dyn Future<Output = Response> + Send>>;

/// A request that an office refuses.
#[derive(Clone, Copy)]
pub(super) struct Refusal {
    /// What the office answers.
    pub error: ApiError,
    send: fn(TestOffice) -> Sent,
}

impl Refusal {
    /// Joins an error and a request that provokes it at a new office.
    pub const fn new(error: ApiError, send: fn(TestOffice) -> Sent) -> Self {
        Self { error, send }
    }
}

/// Sends each request and checks that the answer is the error that it is meant to provoke.
pub(super) async fn provoke(refusals: &[Refusal]) {
    for refusal in refusals {
        let response = (refusal.send)(TestOffice::new().await).await;
        let problem = refusal.error.problem();
        assert_eq!(response.status(), problem.status, "{}", problem.code);
        assert_eq!(response.headers()[CONTENT_TYPE], web::problem::PROBLEM);
        assert_eq!(response.headers().contains_key(RETRY_AFTER), problem.retry, "{}", problem.code);
        let body: serde_json::Value = serde_json::from_slice(&body_of(response).await).unwrap();
        assert_eq!((&body["code"], &body["retry"]), (&problem.code.into(), &problem.retry.into()));
        assert_eq!(body["status"], problem.status.as_u16());
    }
}

/// An office on a folder of its own, with a clock that stands still.
pub(crate) struct TestOffice {
    /// What the office works with.
    pub context: Context,
    clock: Arc<AtomicI64>,
    router: Router,
    local: Router,
    folder: tempfile::TempDir,
}

impl TestOffice {
    /// How long its tickets are good for.
    pub const TICKET_SECONDS: i64 = 60;

    pub async fn new() -> Self {
        Self::bounded(Bounds::default()).await
    }

    pub async fn bounded(bounds: Bounds) -> Self {
        let clock = Arc::new(AtomicI64::new(NOW.0));
        let folder = tempfile::tempdir().unwrap();
        let context = world::context(folder.path(), Clock::set_by(clock.clone())).await;
        Self::of(context, clock, folder, bounds)
    }

    /// An office whose receipt key the root does not name.
    pub async fn with_other_receipt_key() -> Self {
        let clock = Arc::new(AtomicI64::new(NOW.0));
        let folder = tempfile::tempdir().unwrap();
        let mut context = world::context(folder.path(), Clock::set_by(clock.clone())).await;
        let keys = tempfile::tempdir().unwrap();
        context.keys = Arc::new(crate::keys::Keyring::open(keys.path()).unwrap());
        Self::of(context, clock, folder, Bounds::default())
    }

    fn of(context: Context, clock: Arc<AtomicI64>, folder: tempfile::TempDir, bounds: Bounds) -> Self {
        // Nobody listens: what these tests send is not opened.
        let waker = Waker::default();
        let room = Room::new(bounds);
        let office = Arc::new(Office::new(context.clone(), waker, room.clone()));
        let local = local_router(office.clone(), Router::new(), &room, RequestIds::new(8));
        let router = router(office, RequestIds::new(7));
        Self { context, clock, router, local, folder }
    }

    pub fn set_clock(&self, now: Timestamp) {
        self.clock.store(now.0, Ordering::SeqCst);
    }

    pub async fn send(&self, request: Request<Body>) -> Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// Asks as somebody elsewhere on the network.
    pub async fn get(&self, uri: &str) -> Response {
        self.send(Request::get(uri).body(Body::empty()).unwrap()).await
    }

    /// Asks as this machine's browser.
    pub async fn get_from_here(&self, uri: &str) -> Response {
        self.get_locally(uri, "accept", "*/*").await
    }

    /// Asks the local page with one more header. With `x-peer` it asks from that address.
    pub async fn get_locally(&self, uri: &str, name: &str, value: &str) -> Response {
        let peer = if name == "x-peer" { value.parse().unwrap() } else { [127, 0, 0, 1].into() };
        let peer = ConnectInfo(SocketAddr::new(peer, 50_000));
        let request = Request::get(uri).header(HOST, "localhost:8444").header(name, value).extension(peer);
        self.local.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    pub async fn post(&self, uri: &str, media: &str, body: Vec<u8>) -> Response {
        self.send(Request::post(uri).header(CONTENT_TYPE, media).body(body.into()).unwrap()).await
    }

    /// Makes a ticket and returns its secret.
    pub async fn ticket(&self) -> [u8; 16] {
        let secret = [42; 16];
        let hash = Sha256::digest(secret).into();
        let expires = NOW.plus(Self::TICKET_SECONDS);
        let ticket = IssuedTicket::nameless(hash, sample::HERE.parse().unwrap(), NOW, expires);
        self.context.store.add_ticket(ticket).await.unwrap();
        secret
    }

    /// Asks for an enrolment by the key of this number.
    pub async fn enrol_with(&self, secret: [u8; 16], key: u8) -> Response {
        self.post("/v1/enrol", COSE, request_for(secret, &SigningKey::from_bytes(&[key; 32]))).await
    }

    /// Enrols a station and returns its id and key.
    pub async fn enrol(&self) -> (StationId, SigningKey) {
        let secret = self.ticket().await;
        let response = self.enrol_with(secret, 1).await;
        assert_eq!(response.status(), StatusCode::OK);
        let answer = EnrolmentAnswer::parse(&body_of(response).await).unwrap();
        (answer.station, SigningKey::from_bytes(&[1; 32]))
    }

    pub async fn withdraw_all(&self) {
        for station in self.context.store.stations().await.unwrap() {
            assert!(self.context.store.withdraw(station.id, NOW).await.unwrap());
        }
    }

    /// Puts a file into the folder of trust files.
    pub fn publish(&self, name: &str, file: &[u8]) {
        let path = crate::config::Layout::of(self.folder.path()).trust().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, file).unwrap();
    }

    /// Changes the database behind the office's back.
    pub fn spoil(&self, statement: &str) {
        let database = crate::config::Layout::of(self.folder.path()).database();
        rusqlite::Connection::open(database).unwrap().execute_batch(statement).unwrap();
    }

    /// Returns a body of which nothing ever arrives.
    pub fn endless_body() -> Body {
        Body::from_stream(futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>())
    }
}

pub(crate) async fn body_of(response: Response) -> Vec<u8> {
    to_bytes(response.into_body(), 1 << 24).await.unwrap().to_vec()
}

/// Returns a signed enrolment request.
pub(crate) fn request_for(secret: [u8; 16], key: &SigningKey) -> Vec<u8> {
    let public = PublicKey::from_bytes(&key.verifying_key().to_bytes()).unwrap();
    let sealing = wire::stick::public_key(key);
    Enrolment { secret, key: public, name: "东门".into(), sealing }.sign(key)
}

/// Returns a signed batch of reports that follow one another. Nobody can open them.
pub(crate) fn batch(station: StationId, reports: u8, key: &SigningKey) -> Vec<u8> {
    let mut link = [0; 32];
    let reports = (0..reports)
        .map(|number| {
            let report = SealedReport {
                stream: StreamId([3; 16]),
                seq: u64::from(number),
                record: RecordId([number; 16]),
                kid: KeyId([4; 8]),
                link,
                ciphertext: vec![number; wire::limits::SEALED_BYTES],
            };
            link = wire::chain(&link, &report.ciphertext);
            report
        })
        .collect();
    Batch { station, id: BATCH_ID, reports, awaits: Vec::new(), about: None }.sign(key).bytes
}

/// The id of every batch that [`batch`] returns.
pub(crate) const BATCH_ID: BatchId = BatchId([5; 16]);
