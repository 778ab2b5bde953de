//! An office that serves.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::atomic::AtomicI64;

use health_code::Timestamp;

use super::office::certified_at;
use super::*;
use crate::store::{PersonKeys, Reading as _, SqliteStore};
use crate::system::Clock;
use crate::testing::people;
use crate::testing::world::{SEALING, files_with, files_with_list, write_keys, write_trust};

fn config(folder: &Path) -> Config {
    write_keys(&folder.join("keys"));
    write_trust(&folder.join("trust"), &files_with_list(7));
    Config {
        import_keys: Some(folder.join("keys")),
        import_trust: Some(folder.join("trust")),
        clock: Clock::set_by(Arc::new(AtomicI64::new(sample::NOW.0))),
        ..Config::loopback(&folder.join("office"))
    }
}

fn get(addr: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(addr).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_office_serves_alone_until_it_is_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path());
    let running = serve(config.clone()).await.unwrap();
    assert_eq!(running.url, format!("http://127.0.0.1:{}", running.addr.port()));
    assert!(get(running.addr, "/v1/trust/root.cose").starts_with("HTTP/1.1 200"));
    // Over a real connection the peer is known, so this machine's browser sees the page, at its own port.
    assert!(get(running.page, "/").contains("样例社区"));
    assert!(get(running.page, "/console/").starts_with("HTTP/1.1 200"));
    assert!(get(running.page, "/api/v1/deployment").contains("\"fingerprint\":["));
    assert!(get(running.page, "/api/v1/session").starts_with("HTTP/1.1 401"));
    assert!(get(running.addr, "/api/v1/deployment").starts_with("HTTP/1.1 404"));
    assert!(get(running.addr, "/").starts_with("HTTP/1.1 404"));
    assert!(matches!(serve(config.clone()).await, Err(StartError::AlreadyServing)));
    running.shutdown().await.unwrap();
    serve(config).await.unwrap().shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_office_whose_clock_is_outside_its_receipt_keys_time_starts_says_so_and_gives_news() {
    let folder = tempfile::tempdir().unwrap();
    for years in [-40, 40] {
        let now = sample::NOW.plus(years * 365 * 86_400);
        let clock = Clock::set_by(Arc::new(AtomicI64::new(now.0)));
        let config = Config { clock, ..config(folder.path()) };
        let running = serve(config).await.unwrap();
        assert!(get(running.addr, "/v1/trust/root.cose").starts_with("HTTP/1.1 200"));
        let page = get(running.page, "/");
        let key = sample::key(sample::RECEIPTS).kid().to_string();
        assert!(page.contains(&key) && page.contains("stations wait"), "{page}");
        running.shutdown().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_past_its_days_is_gone_before_an_office_answers() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path());
    serve(config.clone()).await.unwrap().shutdown().await.unwrap();
    // As a backup has it that was made before it went.
    let store = SqliteStore::open(&Layout::of(&config.data).database()).unwrap();
    let one = people::claims("990101199001010011", "13800010044", [7; 16]);
    people::Sender::enrol(&store).await.send(&store, &one, SEALING).await;
    people::settle(&store, vec![people::filed(&one, PersonKeys::default())]).await;
    assert_eq!(store.counts().await.unwrap().passages, 1);
    let files = files_with(|deployment| {
        deployment.list.version = 8;
        (deployment.policy.version, deployment.policy.keep_days) = (2, Some(1));
    });
    write_trust(&folder.path().join("trust"), &files);
    let later = Clock::set_by(Arc::new(AtomicI64::new(sample::NOW.plus(3 * 86_400).0)));
    let running = serve(Config { clock: later, ..config }).await.unwrap();
    assert_eq!(store.counts().await.unwrap().passages, 0);
    running.shutdown().await.unwrap();
}

fn post(addr: SocketAddr, path: &str, cookie: &str, body: &serde_json::Value) -> String {
    let mut stream = TcpStream::connect(addr).unwrap();
    let (body, head) = (body.to_string(), "Host: localhost\r\nConnection: close\r\nKadian-Console: 1");
    let length = body.len();
    write!(
        stream,
        "POST /api/v1{path} HTTP/1.1\r\n{head}\r\nCookie: {cookie}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

fn cookie_of(answer: &str) -> String {
    let line = answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
    line.split(';').next().unwrap().to_owned()
}

/// Asks over TLS, by the office's own CA; returns the answer.
fn ask_over_tls(console: &str, office: &Path, request: &str) -> String {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(crate::ca::certificate(&office.join("tls")).unwrap().unwrap()).unwrap();
    let config =
        rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
    let address = console.strip_prefix("https://").unwrap();
    let mut tls = rustls::ClientConnection::new(Arc::new(config), "127.0.0.1".try_into().unwrap()).unwrap();
    let mut tcp = TcpStream::connect(address).unwrap();
    let mut stream = rustls::Stream::new(&mut tls, &mut tcp);
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    // Not every server says goodbye before it hangs up.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[cfg(feature = "trial")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_start_from_elsewhere_goes_over_tls_and_the_console_serves_there_afterwards() {
    use serde_json::{Value, json};

    let folder = tempfile::tempdir().unwrap();
    let office = folder.path().join("office");
    let console = Some(SocketAddr::from(([127, 0, 0, 1], 0)));
    let closed = serve(Config { console, ..Config::loopback(&office) }).await.unwrap();
    let at = closed.console.clone().unwrap();
    let head = "Host: 127.0.0.1\r\nConnection: close\r\n";
    let shown = |at: &str, path: &str, cookie: &str| {
        let request = format!("GET {path} HTTP/1.1\r\n{head}Kadian-Console: 1\r\nCookie: {cookie}\r\n\r\n");
        ask_over_tls(at, &office, &request)
    };
    assert!(shown(&at, "/console/", "").starts_with("HTTP/1.1 503"), "unless told otherwise");
    assert_eq!(closed.first_start_at, None);
    closed.shutdown().await.unwrap();

    let config = Config { console, first_start_elsewhere: true, ..Config::loopback(&office) };
    let running = serve(config).await.unwrap();
    let (at, word) = (running.console.clone().unwrap(), running.first_word.clone().unwrap());
    let told = running.first_start_at.clone().unwrap();
    assert!(told.starts_with(&format!("{at}/console/")) && told.contains("by the CA"), "{told}");
    assert!(shown(&at, "/console/", "").starts_with("HTTP/1.1 200"));
    let address: SocketAddr = at.strip_prefix("https://").unwrap().parse().unwrap();
    assert!(!get(address, "/console/").contains("200 OK"), "never without TLS");
    let post = |path: &str, cookie: &str, body: Value| {
        let body = body.to_string();
        let request = format!(
            "POST /api/v1/first-start{path} HTTP/1.1\r\n{head}Kadian-Console: 1\r\nCookie: {cookie}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        ask_over_tls(&at, &office, &request)
    };
    let wrong = post("/unlock", "", json!({ "word": "AAAA-BBBB-CCCC-DDDD" }));
    assert!(wrong.starts_with("HTTP/1.1 401") && wrong.contains("\"triesLeft\":4"), "{wrong}");
    let unlocked = post("/unlock", "", json!({ "word": word }));
    assert!(unlocked.contains("set-cookie: __Host-kadian=") && unlocked.contains("Secure"), "{unlocked}");
    let cookie = cookie_of(&unlocked);
    assert!(post("/trial", "", json!({})).starts_with("HTTP/1.1 401"), "only the browser that knew the word");
    assert!(post("/trial", &cookie, json!({})).starts_with("HTTP/1.1 204"));
    let administrator = json!({
        "name": "样例甲", "phone": "13800010022", "account": "yangli.jia",
        "passphrase": "three herons walk home", "laptopSecret": "herons walk",
    });
    assert!(post("/administrator", &cookie, administrator).starts_with("HTTP/1.1 200"));
    assert!(post("/administrator/confirm", &cookie, json!({ "words": true })).starts_with("HTTP/1.1 200"));
    let state = shown(&at, "/api/v1/first-start", &cookie);
    let body: Value = serde_json::from_str(state.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    let community = &body["communities"][0]["code"];
    let made = post("/ticket", &cookie, json!({ "community": community, "hours": 24 }));
    assert!(made.starts_with("HTTP/1.1 200"), "{made}");
    // The console really serves there now, and the browser is signed in.
    let page = shown(&at, "/console/", "");
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("<!doctype html>"), "{page}");
    assert!(shown(&at, "/api/v1/session", &cookie_of(&made)).starts_with("HTTP/1.1 200"));
    assert!(shown(&at, "/api/v1/first-start", &cookie).starts_with("HTTP/1.1 404"));
    assert!(shown(&at, "/ca", "").starts_with("HTTP/1.1 200"));
    running.shutdown().await.unwrap();
}

#[cfg(feature = "trial")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_start_becomes_an_office_in_the_same_process() {
    use serde_json::json;

    let folder = tempfile::tempdir().unwrap();
    let config = Config::loopback(&folder.path().join("office"));
    let mut running = serve(config.clone()).await.unwrap();
    let (page, word) = (running.page, running.first_word.take().unwrap());
    assert!(get(running.addr, "/v1/trust/root.cose").starts_with("HTTP/1.1 503"));
    assert!(get(page, "/console/").starts_with("HTTP/1.1 200"));
    let unlocked = post(page, "/first-start/unlock", "", &json!({ "word": word }));
    let cookie = cookie_of(&unlocked);
    let step =
        |path: &str, body: serde_json::Value| post(page, &format!("/first-start{path}"), &cookie, &body);
    assert!(step("/trial", json!({})).starts_with("HTTP/1.1 204"));
    let administrator = json!({
        "name": "样例甲", "phone": "13800010022", "account": "yangli.jia",
        "passphrase": "three herons walk home", "laptopSecret": "herons walk",
    });
    assert!(step("/administrator", administrator).starts_with("HTTP/1.1 200"));
    assert!(step("/administrator/confirm", json!({ "words": true })).starts_with("HTTP/1.1 200"));
    let ticket = step("/ticket", json!({ "community": "990106001001", "hours": 1 }));
    assert!(ticket.starts_with("HTTP/1.1 200") && ticket.contains("KDT1:"), "{ticket}");
    let cookie = cookie_of(&ticket);
    assert!(get(running.addr, "/v1/trust/root.cose").starts_with("HTTP/1.1 200"));
    let mine = post(page, "/people/preview", &cookie, &json!({ "text": "", "role": "administrator" }));
    assert!(mine.starts_with("HTTP/1.1 200"), "the browser is signed in: {mine}");
    running.shutdown().await.unwrap();
    let again = serve(config).await.unwrap();
    assert_eq!(again.first_word, None, "a folder that has served has no first start");
    assert!(get(again.page, "/api/v1/deployment").contains("\"trial\":true"));
    again.shutdown().await.unwrap();
}

#[tokio::test]
async fn a_certificate_is_made_for_stations_whose_clocks_are_right() {
    let folder = tempfile::tempdir().unwrap();
    let context = crate::testing::world::context(folder.path(), Clock::system()).await;
    let root = context.trust.trust().root().clone();
    let key = &root.receipts[0];
    for (clock, certified) in [
        (sample::NOW, sample::NOW),
        (Timestamp(0), key.not_before),
        (key.not_after, key.not_after.plus(-1)),
        (Timestamp(i64::MAX), key.not_after.plus(-1)),
    ] {
        assert_eq!(certified_at(&context, clock), certified);
    }
}

#[tokio::test]
async fn what_would_not_work_is_refused_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let good = config(folder.path());
    let open = Config { listen: SocketAddr::from(([0, 0, 0, 0], 0)), ..good.clone() };
    assert!(matches!(serve(open).await, Err(StartError::PlainHttp(_))));
    let page = Config { page: SocketAddr::from(([192, 0, 2, 1], 0)), ..good.clone() };
    assert!(matches!(serve(page).await, Err(StartError::Page(_))));
    let host = Config { hosts: vec!["no host".into()], ..good.clone() };
    assert!(matches!(serve(host).await, Err(StartError::Host(_))));
    let keys = Config { import_keys: None, ..good };
    assert!(matches!(serve(keys).await, Err(StartError::NotOurRoot)));
}
