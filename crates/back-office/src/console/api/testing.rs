//! A console for the tests of its endpoints, asked without a network.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, SET_COOKIE};
use axum::response::Response;
use health_code::{PersonId, Region};
use sample::{HERE, NOW};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use web::{App as _, Bounds, RequestIds, Room, bounded};
use wire::StationId;

use crate::config::Layout;
use crate::console::account::{Accepted, Account, Role};
use crate::console::rights::{self, Rights};
use crate::console::state::{Console, Place};
use crate::console::{api, passphrase, second_factor};
use crate::store::{IssuedTicket, Redemption};
use crate::system::Clock;
use crate::testing::world;

/// What the first administrator signs in with.
pub const PASSPHRASE: &str = "three herons walk home";
const SECRET: [u8; second_factor::SECRET] = [7; second_factor::SECRET];

/// A console with one administrator of the whole deployment: `yangli.jia`, 样例甲.
pub struct TestConsole {
    pub console: Arc<Console>,
    clock: Arc<AtomicI64>,
    router: Router,
    count: AtomicU32,
    _folder: tempfile::TempDir,
}

impl TestConsole {
    pub async fn new() -> Self {
        let clock = Arc::new(AtomicI64::new(NOW.0));
        let folder = tempfile::tempdir().unwrap();
        let context = world::context_with_region_key(folder.path(), Clock::set_by(clock.clone())).await;
        let page = "http://127.0.0.1:8444/console/".to_owned();
        let place = Place {
            layout: Layout::of(folder.path()),
            url: "http://127.0.0.1:8443".into(),
            page,
            tls_ends: None,
        };
        let console = Arc::new(Console::new(context, place, false));
        let router = api::router(console.clone());
        let router = bounded(router, &Room::new(Bounds::default()), RequestIds::new(9));
        let this = Self { console, clock, router, count: AtomicU32::new(0), _folder: folder };
        this.keep(this.console.top(), Role::Administrator, "样例甲", "yangli.jia").await;
        this
    }

    /// The same, with the names of the sample's regions.
    pub async fn with_regions() -> Self {
        let this = Self::new().await;
        let csv = include_str!("../../../sample-regions.csv").replace("\n99", "\n42");
        this.console.context.store.set_regions(csv.into_bytes()).await.unwrap();
        this
    }

    /// Keeps somebody who can sign in.
    pub async fn keep(&self, region: Region, role: Role, name: &str, account: &str) -> PersonId {
        let rights = if role == Role::Administrator { rights::all() } else { Rights::new() };
        self.keep_with(region, (role, rights), name, account).await
    }

    /// Keeps somebody with some rights.
    pub async fn keep_with(
        &self,
        region: Region,
        (role, rights): (Role, Rights),
        name: &str,
        account: &str,
    ) -> PersonId {
        static PHC: OnceLock<String> = OnceLock::new();
        let phc = PHC.get_or_init(|| passphrase::hash(PASSPHRASE, &[1; 16]).unwrap());
        let number = self.count.fetch_add(1, Ordering::SeqCst) as u8;
        let id = PersonId([number + 1; 8]);
        let phone = format!("138000100{:02}", u32::from(number) + 22);
        let mut one = Account::new(id, name.into(), phone, role, region);
        one.rights = rights;
        one.invite("", self.console.seal(id, &SECRET).unwrap(), NOW.plus(1));
        let (passphrase, laptop) = (phc.clone(), phc.clone());
        one.accept(Accepted { account: account.into(), passphrase, laptop, step: Some(0), words: vec![] });
        self.console.keep(&[one], Vec::new()).await.unwrap();
        id
    }

    pub fn advance(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }

    /// Returns the present code of everybody's authenticator.
    pub fn code(&self) -> String {
        second_factor::code(&SECRET, self.console.now().0)
    }

    pub async fn account(&self, name: &str) -> Account {
        Account::read(&self.console.context.store.account_named(name).await.unwrap().unwrap()).unwrap()
    }

    /// Signs the first administrator in and returns their cookie.
    pub async fn sign_in(&self) -> String {
        self.sign_in_as("yangli.jia").await
    }

    pub async fn sign_in_as(&self, account: &str) -> String {
        self.advance(30);
        let typed = json!({ "account": account, "passphrase": PASSPHRASE, "code": self.code() });
        let response = self.ask(None, "POST", "/session", typed).await;
        assert_eq!(response.status(), 200);
        Self::cookie_of(&response)
    }

    pub fn cookie_of(response: &Response) -> String {
        let cookie = response.headers()[SET_COOKIE].to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }

    /// Adds another administrator by a pasted line; returns their id and cookie.
    pub async fn second(&self, by: &str, place: &str) -> (String, String) {
        let number = self.count.fetch_add(1, Ordering::SeqCst);
        let text =
            format!("样例{} {place} 139000200{number:02}", ["乙", "丙", "丁", "戊"][number as usize % 4]);
        let pasted = json!({ "text": text, "role": "administrator" });
        let added = json_of(self.ask(Some(by), "POST", "/people", pasted).await).await;
        let person = &added["added"][0];
        let acceptance = json!({
            "word": person["invitation"]["word"], "account": format!("yangli.{number}"),
            "passphrase": "four cranes stand still", "laptopSecret": "cranes still", "words": true,
        });
        let accepted = self.ask(None, "POST", "/invitations/accept", acceptance).await;
        assert_eq!(accepted.status(), 201, "{text}");
        (person["person"]["id"].as_str().unwrap().to_owned(), Self::cookie_of(&accepted))
    }

    /// Makes a ticket for the sample community.
    pub async fn ticket(&self, number: u8) {
        let ticket = IssuedTicket::nameless([number; 32], HERE.parse().unwrap(), NOW, NOW.plus(86_400));
        self.console.context.store.add_ticket(ticket).await.unwrap();
    }

    /// Enrols a station of the sample community and returns its id.
    pub async fn enrol(&self) -> String {
        self.ticket(9).await;
        let (secret_hash, station) = ([9; 32], StationId([1; 16]));
        let redemption =
            Redemption { secret_hash, station, key: [1; 32], sealing: [1; 32], name: "东门".into() };
        self.console.context.store.redeem(redemption, NOW).await.unwrap();
        station.to_string()
    }

    /// Asks as the console's page does. A `null` is no body.
    pub async fn ask(&self, cookie: Option<&str>, method: &str, path: &str, body: Value) -> Response {
        let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        request = request.header(HOST, "localhost:8444").header("kadian-console", "1");
        if let Some(cookie) = cookie {
            request = request.header(COOKIE, cookie);
        }
        let body = match body {
            Value::Null => Body::empty(),
            body => {
                request = request.header(CONTENT_TYPE, "application/json");
                body.to_string().into()
            }
        };
        self.send(request.body(body).unwrap()).await
    }

    pub async fn send(&self, mut request: Request<Body>) -> Response {
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 50_000))));
        self.router.clone().oneshot(request).await.unwrap()
    }
}

pub async fn text_of(response: Response) -> String {
    String::from_utf8(to_bytes(response.into_body(), 1 << 24).await.unwrap().to_vec()).unwrap()
}

pub async fn json_of(response: Response) -> Value {
    let text = text_of(response).await;
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Returns the status and the code of a problem.
pub async fn code_of(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let problem = json_of(response).await;
    assert_eq!(problem["status"], status);
    (status, problem["code"].as_str().unwrap().to_owned())
}
