use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Mutex;

use gate::Now;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::*;
use crate::uplink::http::Http;
use crate::uplink::office::{BackOffice as _, COSE, ExchangeError};

/// Moments in seconds since 1970.
const Y1970: i64 = 0;
const Y2026: i64 = 1_770_000_000;
const Y2099: i64 = 4_080_000_000;

/// A clock that stands still.
struct Still(i64, ClockState);

impl Clock for Still {
    fn read(&self) -> (Now, ClockState) {
        (Now { wall: Timestamp(self.0), mono: Duration::ZERO }, self.1)
    }

    fn past(&self) -> Option<Timestamp> {
        None
    }
    fn hear_past(&self, _: Timestamp) {}
    fn hear_issued(&self, _: Timestamp) {}
    fn hear_now(&self, _: Timestamp) {}
    fn assert_now(&self) {}
}

/// A CA and what it signs.
struct Ca {
    params: CertificateParams,
    key: KeyPair,
}

impl Ca {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "a deployment's CA");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        Self { params, key: KeyPair::generate().unwrap() }
    }

    fn der(&self) -> Vec<u8> {
        self.params.self_signed(&self.key).unwrap().der().to_vec()
    }

    /// Signs a server's certificate, as `change` has it.
    fn server(&self, change: impl FnOnce(&mut CertificateParams)) -> (CertificateDer<'static>, KeyPair) {
        let mut params =
            CertificateParams::new(["office.example".to_owned(), "127.0.0.1".to_owned()]).unwrap();
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        valid(&mut params, 2025, 2028);
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &Issuer::from_params(&self.params, &self.key)).unwrap();
        (certificate.der().clone(), key)
    }

    fn intermediate(&self, from: i32, to: i32) -> (Self, CertificateDer<'static>) {
        let mut lower = Self::new();
        lower.params.distinguished_name.push(DnType::CommonName, "a CA below");
        valid(&mut lower.params, from, to);
        let issuer = Issuer::from_params(&self.params, &self.key);
        let certificate = lower.params.signed_by(&lower.key, &issuer).unwrap();
        (lower, certificate.der().clone())
    }
}

fn valid(params: &mut CertificateParams, from: i32, to: i32) {
    (params.not_before, params.not_after) = (date_time_ymd(from, 1, 1), date_time_ymd(to, 1, 1));
}

struct Checked {
    taken: Result<(), Error>,
    objected: Option<Objected>,
}

fn check(ca: &Ca, chain: &[CertificateDer<'static>], name: &str, clock: Still) -> Checked {
    let objection = Objection::default();
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(ca.der())).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let strict = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
    let verifier = Verifier { strict, clock: Arc::new(clock), objection: objection.clone() };
    let name = ServerName::try_from(name).unwrap();
    let taken = verifier.verify_server_cert(&chain[0], &chain[1..], &name, &[], unix(Timestamp(Y2026)));
    Checked { taken: taken.map(drop), objected: objection.take() }
}

#[test]
fn by_a_clock_that_is_not_trusted_a_certificates_dates_are_not_held_against_it() {
    let ca = Ca::new();
    let (certificate, _) = ca.server(|_| ());
    for state in [ClockState::Wrong, ClockState::Asserted] {
        for wall in [Y1970, i64::MIN, Y2026, Y2099] {
            let checked =
                check(&ca, std::slice::from_ref(&certificate), "office.example", Still(wall, state));
            assert_eq!(checked.taken, Ok(()), "{wall} {state:?}");
            assert_eq!(checked.objected, None);
        }
    }
}

#[test]
fn by_a_trusted_clock_they_are_and_that_is_told_apart() {
    let ca = Ca::new();
    let (certificate, _) = ca.server(|_| ());
    let by = |wall| {
        check(&ca, std::slice::from_ref(&certificate), "office.example", Still(wall, ClockState::Trusted))
    };
    assert_eq!(by(Y2026).taken, Ok(()));
    for wall in [Y1970, Y2099] {
        let checked = by(wall);
        assert!(checked.taken.is_err(), "{wall}");
        assert_eq!(checked.objected, Some(Objected::ByTheClock), "{wall}");
    }
    let other = Ca::new();
    let checked = check(
        &other,
        std::slice::from_ref(&certificate),
        "office.example",
        Still(Y2026, ClockState::Trusted),
    );
    assert!(checked.taken.is_err());
    assert_eq!(checked.objected, Some(Objected::Identity(BadIdentity::Authority)));
}

#[test]
fn nothing_else_is_looser_while_the_clock_is_wrong() {
    let (ca, other) = (Ca::new(), Ca::new());
    let (good, _) = ca.server(|_| ());
    let (foreign, _) = other.server(|_| ());
    let (client, _) = ca.server(|params| {
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    });
    let (own, _) = ca.server(|params| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained));
    let mut altered = good.to_vec();
    let last = altered.len() - 1;
    altered[last] ^= 1;
    let altered = CertificateDer::from(altered);
    let (below, below_certificate) = ca.intermediate(2020, 2040);
    let (chained, _) = below.server(|_| ());
    let cases = [
        ("another CA", vec![foreign], "office.example"),
        ("another name", vec![good.clone()], "other.example"),
        ("a client's certificate", vec![client], "office.example"),
        ("a CA as a server", vec![own], "office.example"),
        ("altered", vec![altered], "office.example"),
        ("a link is missing", vec![chained.clone()], "office.example"),
        ("no certificate", vec![CertificateDer::from(vec![0; 40])], "office.example"),
    ];
    for (what, chain, name) in cases {
        for wall in [Y1970, Y2026, Y2099] {
            let checked = check(&ca, &chain, name, Still(wall, ClockState::Wrong));
            assert!(checked.taken.is_err(), "{what} at {wall}");
            let wrong = if name == "other.example" { BadIdentity::Name } else { BadIdentity::Authority };
            assert_eq!(checked.objected, Some(Objected::Identity(wrong)), "{what} at {wall}");
        }
    }
    let whole = check(&ca, &[chained, below_certificate], "office.example", Still(Y1970, ClockState::Wrong));
    assert_eq!(whole.taken, Ok(()));
}

#[test]
fn certificates_that_were_never_valid_together_are_refused() {
    let ca = Ca::new();
    let (below, certificate) = ca.intermediate(2010, 2012);
    let (chained, _) = below.server(|_| ());
    for wall in [Y1970, Y2026, Y2099] {
        let chain = [chained.clone(), certificate.clone()];
        let checked = check(&ca, &chain, "office.example", Still(wall, ClockState::Wrong));
        assert!(checked.taken.is_err());
        assert_eq!(checked.objected, Some(Objected::Identity(BadIdentity::Validity)));
    }
}

/// Answers one request over TLS by the certificate, whatever the client makes of it.
fn serve(certificate: CertificateDer<'static>, key: &KeyPair) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let config = Arc::new(config);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = StreamOwned::new(connection, stream.unwrap());
            let answer = b"HTTP/1.1 200 OK\r\ncontent-type: application/cose\r\ncontent-length: 2\r\n\r\nok";
            // A client that refuses the certificate hangs up.
            if stream.read(&mut [0; 4096]).is_ok() {
                let _ = stream.write_all(answer);
            }
        }
    });
    url
}

#[tokio::test]
async fn an_exchange_with_the_own_office_survives_a_dead_battery_and_names_a_clock_that_is_ahead() {
    let ca = Ca::new();
    let (certificate, key) = ca.server(|_| ());
    let url = serve(certificate, &key);
    let post = async |clock| {
        let office = Http::new(&url, Some(&ca.der()), Arc::new(clock)).unwrap();
        office.post("/v1/batches", vec![1], COSE, 100).await
    };
    assert_eq!(post(Still(Y1970, ClockState::Wrong)).await.unwrap(), b"ok");
    assert_eq!(post(Still(Y2026, ClockState::Trusted)).await.unwrap(), b"ok");
    let ahead = post(Still(Y2099, ClockState::Trusted)).await;
    assert!(matches!(ahead, Err(ExchangeError::Dates)));
    let other = Http::new(&url, Some(&Ca::new().der()), Arc::new(Still(Y1970, ClockState::Wrong))).unwrap();
    let other = other.post("/v1/batches", vec![1], COSE, 100).await;
    assert_eq!(other, Err(BadIdentity::Authority.into()));
    let plain = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", plain.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut stream, _) = plain.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
    });
    let office = Http::new(&url, Some(&ca.der()), Arc::new(Still(Y2026, ClockState::Wrong))).unwrap();
    let none = office.post("/v1/batches", vec![1], COSE, 100).await;
    assert_eq!(none, Err(BadIdentity::Protocol.into()));
}

#[tokio::test]
async fn a_clock_that_is_set_right_counts_from_the_next_exchange_on() {
    struct Set(Mutex<i64>);
    impl Clock for Set {
        fn read(&self) -> (Now, ClockState) {
            (Now { wall: Timestamp(*self.0.lock().unwrap()), mono: Duration::ZERO }, ClockState::Trusted)
        }
        fn past(&self) -> Option<Timestamp> {
            None
        }
        fn hear_past(&self, _: Timestamp) {}
        fn hear_issued(&self, _: Timestamp) {}
        fn hear_now(&self, _: Timestamp) {}
        fn assert_now(&self) {}
    }
    let ca = Ca::new();
    let (certificate, key) = ca.server(|_| ());
    let clock = Arc::new(Set(Mutex::new(Y2099)));
    let office = Http::new(&serve(certificate, &key), Some(&ca.der()), Arc::clone(&clock) as _).unwrap();
    let refused = office.post("/v1/batches", vec![1], COSE, 100).await;
    assert!(matches!(refused, Err(ExchangeError::Dates)));
    *clock.0.lock().unwrap() = Y2026;
    assert!(office.post("/v1/batches", vec![1], COSE, 100).await.is_ok());
}
