//! A first start, from the word to the office.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, SET_COOKIE};
use axum::response::Response;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sample::NOW;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use web::{Bounds, RequestIds, Room, bounded};

use super::{FirstStart, Host, router};
use crate::config::Layout;
use crate::console::state::{Console, Place};
use crate::context::Context;
use crate::erasure::list::ErasedList;
use crate::keys::Keyring;
use crate::store::{SqliteStore, Store};
use crate::system::Clock;
use crate::testing::world::{self, GENERATION};
use crate::trust::TrustInForce;

const WORD: &str = "ABCD-EFGH-JKMN-PQRS";

#[derive(Debug, Clone)]
struct Process {
    layout: Layout,
    store: Arc<dyn Store>,
    clock: Clock,
    begun: Arc<AtomicI64>,
}

#[async_trait::async_trait]
impl Host for Process {
    async fn open(&self) -> Result<Context, String> {
        let keys = Keyring::open(&self.layout.keys()).map_err(|error| error.to_string())?;
        let trust = TrustInForce::open(self.layout.trust(), self.store.clone(), self.clock.now()).await;
        let trust = trust.map_err(|error| error.to_string())?;
        Ok(Context {
            store: self.store.clone(),
            trust: Arc::new(trust),
            keys: Arc::new(keys),
            generation: GENERATION,
            copies: None,
            erased: Arc::new(ErasedList::of(&self.layout, None)),
            clock: self.clock.clone(),
            pacing: Arc::default(),
            audit_head: Arc::default(),
            metrics: Arc::default(),
            ending: crate::context::Ending::default(),
        })
    }

    async fn begin(&self, _: Arc<Console>) -> Result<(), String> {
        self.begun.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

struct Test {
    process: Process,
    router: Router,
    time: Arc<AtomicI64>,
    folder: tempfile::TempDir,
}

impl Test {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::of(folder.path());
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&layout.database()).unwrap());
        let time = Arc::new(AtomicI64::new(NOW.0));
        let (clock, begun) = (Clock::set_by(time.clone()), Arc::default());
        let process = Process { layout, store, clock, begun };
        let router = Self::router(&process).await;
        Self { process, router, time, folder }
    }

    async fn router(process: &Process) -> Router {
        let place = Place {
            layout: process.layout.clone(),
            url: "http://127.0.0.1:8443".into(),
            page: "http://127.0.0.1:8444/console/".into(),
            tls_ends: None,
        };
        let (store, clock) = (process.store.clone(), process.clock.clone());
        let first = FirstStart::new(Box::new(process.clone()), store, place, clock, WORD).await.unwrap();
        bounded(router(Arc::new(first)), &Room::new(Bounds::default()), RequestIds::new(3))
    }

    async fn ask(&self, cookie: &str, method: &str, path: &str, body: Value) -> Response {
        let uri = format!("/api/v1/first-start{path}");
        let request = Request::builder().method(method).uri(uri).header(HOST, "127.0.0.1:8444");
        let request = request.header("kadian-console", "1").header(COOKIE, cookie);
        let request = request.header(CONTENT_TYPE, "application/json");
        let peer = ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 50_000)));
        let request = request.extension(peer).body(Body::from(body.to_string())).unwrap();
        self.router.clone().oneshot(request).await.unwrap()
    }

    async fn said(&self, cookie: &str, method: &str, path: &str, body: Value) -> (u16, Value) {
        let response = self.ask(cookie, method, path, body).await;
        let status = response.status().as_u16();
        let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap_or_default())
    }

    async fn unlock(&self) -> String {
        let response = self.ask("", "POST", "/unlock", json!({ "word": WORD.to_lowercase() })).await;
        assert_eq!(response.status(), 204);
        response.headers()[SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned()
    }

    async fn state(&self, cookie: &str) -> String {
        self.said(cookie, "GET", "", json!(null)).await.1["state"].as_str().unwrap_or_default().to_owned()
    }
}

fn administrator() -> Value {
    json!({
        "name": "样例甲", "phone": "138 0001 0022", "account": "yangli.jia",
        "passphrase": "three herons walk home", "laptopSecret": "herons walk",
    })
}

/// The sample deployment as files to upload.
fn upload(folder: &std::path::Path) -> Vec<Value> {
    world::write_keys(&folder.join("office"));
    let region = sample::key(sample::REGION).seed();
    std::fs::write(folder.join("office/region.key"), wire::hex::encode(&*region)).unwrap();
    world::write_trust(&folder.join("trust"), &world::files_with_list(7));
    let mut files = Vec::new();
    for sub in ["office", "trust"] {
        for entry in std::fs::read_dir(folder.join(sub)).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("{sub}/{}", path.file_name().unwrap().to_str().unwrap());
            let content = BASE64_STANDARD.encode(std::fs::read(&path).unwrap());
            files.push(json!({ "name": name, "content": content }));
        }
    }
    files
}

#[tokio::test]
async fn the_word_unlocks_for_one_browser_and_the_others_see_nothing() {
    let test = Test::new().await;
    assert_eq!(test.state("").await, "locked");
    let (status, said) = test.said("", "POST", "/unlock", json!({ "word": "x" })).await;
    assert_eq!((status, &said["code"], &said["triesLeft"]), (401, &json!("wrong-word"), &json!(4)));
    let (status, said) = test.said("", "POST", "/administrator", administrator()).await;
    assert_eq!((status, &said["code"]), (401, &json!("signed-out")));
    let cookie = test.unlock().await;
    assert_eq!((test.state(&cookie).await, test.state("").await), ("trust".into(), "locked".into()));
    let (status, said) = test.said("", "POST", "/unlock", json!({ "word": WORD })).await;
    assert_eq!((status, &said["code"]), (403, &json!("word-spent")));
    let (status, said) = test.said(&cookie, "POST", "/ticket", json!({ "community": "x", "hours": 1 })).await;
    assert_eq!((status, &said["code"]), (409, &json!("not-yet")));
}

#[cfg(feature = "trial")]
#[tokio::test]
async fn a_trial_leads_to_an_office_with_an_administrator_and_a_ticket() {
    let test = Test::new().await;
    let cookie = test.unlock().await;
    assert_eq!(test.said(&cookie, "POST", "/trial", json!({ "name": "样例试用" })).await.0, 204);
    let (_, state) = test.said(&cookie, "GET", "", json!(null)).await;
    assert_eq!((&state["state"], &state["deployment"]["trial"]), (&json!("administrator"), &json!(true)));
    assert_eq!((&state["top"]["name"], &state["deployment"]["name"]), (&json!("样例省"), &json!("样例试用")));
    let mut bad = administrator();
    (bad["phone"], bad["name"]) = (json!("12"), json!("<b>"));
    let (status, said) = test.said(&cookie, "POST", "/administrator", bad).await;
    assert_eq!((status, said["fields"].as_array().unwrap().len()), (422, 2));
    let (status, said) = test.said(&cookie, "POST", "/administrator", administrator()).await;
    assert_eq!(status, 200);
    assert_eq!(said["totp"]["secret"].as_str().unwrap().len(), 32);
    let (status, said) = test.said(&cookie, "POST", "/administrator/confirm", json!({ "code": "1" })).await;
    assert_eq!((status, &said["code"]), (422, &json!("invalid")));
    let (status, said) = test.said(&cookie, "POST", "/administrator/confirm", json!({ "words": true })).await;
    assert_eq!((status, said["words"].as_array().unwrap().len()), (200, 10));
    let order = json!({ "community": "990106001001", "laptop": "样例 01", "hours": 24 });
    let (status, said) = test.said(&cookie, "POST", "/ticket", order).await;
    assert_eq!(status, 200, "{said}");
    let ticket = wire::Ticket::parse(said["ticket"]["text"].as_str().unwrap()).unwrap();
    assert_eq!((ticket.laptop.as_str(), ticket.community.as_str()), ("样例 01", "钢样社区"));
    assert_eq!(said["card"]["trial"], true);
    assert_eq!(test.process.begun.load(Ordering::SeqCst), 1);
    assert_eq!(test.said(&cookie, "GET", "", json!(null)).await.0, 404);
    let officers = test.process.store.officers().await.unwrap();
    assert_eq!((officers.len(), officers[0].region.as_str()), (1, "99"));
    assert!(!FirstStart::is_due(&test.process.layout, true));
}

#[tokio::test]
async fn uploaded_files_are_looked_at_and_imported_and_bad_ones_cost_nothing() {
    let test = Test::new().await;
    let cookie = test.unlock().await;
    let made = tempfile::tempdir().unwrap();
    let files = upload(made.path());
    let (status, seen) = test.said(&cookie, "POST", "/trust/preview", json!({ "files": files })).await;
    assert_eq!(status, 200, "{seen}");
    assert_eq!((&seen["root"]["keys"], &seen["root"]["threshold"]), (&json!(3), &json!(2)));
    assert_eq!((&seen["delegation"]["code"], &seen["missing"]), (&json!("4201"), &json!([])));
    let without: Vec<_> = files.iter().filter(|file| file["name"] != "office/receipt.key").collect();
    let (_, seen) = test.said(&cookie, "POST", "/trust/preview", json!({ "files": without })).await;
    assert_eq!(seen["missing"], json!(["office/receipt.key"]));
    let (status, said) = test.said(&cookie, "POST", "/trust", json!({ "files": without })).await;
    assert_eq!((status, &said["code"]), (422, &json!("bad-trust")));
    let mut forged = files.clone();
    let root = forged.iter_mut().find(|file| file["name"] == "trust/trust.cose").unwrap();
    root["content"] = json!(BASE64_STANDARD.encode("x"));
    let (status, said) = test.said(&cookie, "POST", "/trust", json!({ "files": forged })).await;
    assert_eq!((status, &said["code"]), (422, &json!("bad-trust")));
    assert!(FirstStart::is_due(&test.process.layout, false) && !test.process.layout.keys().exists());
    let (status, said) = test.said(&cookie, "POST", "/trust", json!({ "files": files })).await;
    assert_eq!(status, 204, "{said}");
    assert_eq!(test.state(&cookie).await, "administrator");
    // Another process goes on from there, under another word.
    let router = Test::router(&test.process).await;
    let next = Test { router, process: test.process.clone(), time: test.time.clone(), folder: test.folder };
    assert!(FirstStart::is_due(&next.process.layout, true));
    let cookie = next.unlock().await;
    assert_eq!(next.state(&cookie).await, "administrator");
    assert_eq!(next.said(&cookie, "POST", "/administrator", administrator()).await.0, 200);
    assert_eq!(
        next.folder
            .path()
            .read_dir()
            .unwrap()
            .filter(|entry| entry.as_ref().unwrap().file_name().to_str().unwrap().starts_with(".tmp"))
            .count(),
        0
    );
    next.time.fetch_add(1, Ordering::SeqCst);
}
