use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::routing::{get, post};
use futures_util::stream;
use tokio::time::{Duration, Instant, sleep};
use tower::ServiceExt as _;

use super::*;
use crate::{Accepts, Bounds, Incoming};

const TEXT: Accepts = Accepts { media: "text/plain", limit: 1 << 20 };

/// How long an endpoint works on each request.
const WORK: Duration = Duration::from_secs(1);

async fn take(body: Incoming) -> Result<String, RequestError> {
    let received = body.read(TEXT).await?;
    sleep(WORK).await;
    Ok(received.len().to_string())
}

fn server(bounds: Bounds) -> Router {
    let look = || async { sleep(WORK).await };
    let router = Router::new().route("/take", post(take)).route("/look", get(look));
    bounded(router, &Room::new(bounds), RequestIds::new(1))
}

/// Returns a request whose body comes in pieces of `bytes`, one every `every`.
fn sent(pieces: usize, bytes: usize, every: Duration) -> Request {
    let pieces = stream::unfold(0, move |sent| async move {
        sleep(every).await;
        (sent < pieces).then(|| (Ok::<_, std::io::Error>(vec![0; bytes]), sent + 1))
    });
    Request::post("/take").header(CONTENT_TYPE, "text/plain").body(Body::from_stream(pieces)).unwrap()
}

async fn status(server: &Router, request: Request) -> StatusCode {
    server.clone().oneshot(request).await.unwrap().status()
}

#[tokio::test(start_paused = true)]
async fn a_slow_line_brings_a_large_body_and_a_body_that_stops_does_not_arrive() {
    let server = server(Bounds::default());
    // 2 KB/s: a batch of 400 KB takes three minutes and a half.
    let slow = sent(200, 2048, Duration::from_secs(1));
    assert_eq!(status(&server, slow).await, StatusCode::OK);
    let too_slow = sent(200, 100, Duration::from_secs(1));
    assert_eq!(status(&server, too_slow).await, StatusCode::REQUEST_TIMEOUT);
    let stops = sent(2, 100, Duration::from_secs(3600));
    assert_eq!(status(&server, stops).await, StatusCode::REQUEST_TIMEOUT);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_still_arrives_takes_nobodys_turn() {
    let server = server(Bounds { requests: 1, ..Bounds::default() });
    let slow = status(&server, sent(20, 2048, Duration::from_secs(1)));
    let others = async {
        let began = Instant::now();
        for _ in 0..5 {
            assert_eq!(status(&server, sent(1, 10, Duration::ZERO)).await, StatusCode::OK);
        }
        assert_eq!(began.elapsed(), 5 * WORK, "paused time counts exactly");
    };
    assert_eq!(tokio::join!(slow, others).0, StatusCode::OK);
}

#[tokio::test(start_paused = true)]
async fn who_finds_no_room_waits_and_is_refused_only_in_the_end() {
    let server = server(Bounds { requests: 4, ..Bounds::default() });
    let look = || {
        let request = Request::get("/look").body(Body::empty()).unwrap();
        let server = server.clone();
        tokio::spawn(async move { server.oneshot(request).await.unwrap() })
    };
    // Four at a time, a second each: within the wait there is room for 44 of them, not for 80.
    for (count, refused) in [(40, false), (80, true)] {
        let asked: Vec<_> = (0..count).map(|_| look()).collect();
        let mut busy = 0;
        for asked in asked {
            let response = asked.await.unwrap();
            if response.status() == StatusCode::SERVICE_UNAVAILABLE {
                assert!(response.headers().contains_key(RETRY_AFTER));
                busy += 1;
            }
        }
        assert_eq!(busy > 0, refused, "{busy} of {count}");
    }
}

#[tokio::test(start_paused = true)]
async fn bodies_are_bounded_by_their_bytes_and_what_only_announces_itself_costs_nothing() {
    let bounds = Bounds { body_bytes: 1000, ..Bounds::default() };
    let server = server(bounds);
    // Large bodies, of which little comes.
    let waiting: Vec<_> = (0..50)
        .map(|_| {
            let server = server.clone();
            tokio::spawn(async move { status(&server, sent(9, 10, Duration::from_secs(3600))).await })
        })
        .collect();
    tokio::task::yield_now().await;
    assert_eq!(status(&server, sent(1, 900, Duration::ZERO)).await, StatusCode::OK);
    let two = || status(&server, sent(1, 600, Duration::ZERO));
    assert_eq!(tokio::join!(two(), two()), (StatusCode::OK, StatusCode::OK), "one after the other");
    assert_eq!(status(&server, sent(1, 1001, Duration::ZERO)).await, StatusCode::SERVICE_UNAVAILABLE);
    for waiting in waiting {
        assert_eq!(waiting.await.unwrap(), StatusCode::REQUEST_TIMEOUT);
    }
}

#[tokio::test(start_paused = true)]
async fn work_that_takes_too_long_is_ended_however_long_the_body_took() {
    let server = server(Bounds { work_time: WORK / 2, ..Bounds::default() });
    let began = Instant::now();
    assert_eq!(status(&server, sent(20, 2048, Duration::from_secs(1))).await, StatusCode::REQUEST_TIMEOUT);
    assert!(began.elapsed() > Duration::from_secs(20), "its body was waited for");
}
