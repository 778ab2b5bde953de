//! An office that serves.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::atomic::AtomicI64;

use health_code::Timestamp;

use super::office::certified_at;
use super::*;
use crate::system::Clock;
use crate::testing::world::{files_with_list, write_keys, write_trust};

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
