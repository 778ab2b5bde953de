//! The camera's picture: `preview://localhost/frame?ask=N` answers with the newest JPEG.
//!
//! `N` makes each address a new one, so that the page does not show a cached picture. The answer
//! waits a moment for a frame that was not sent before: a page that asks again at once gets each
//! frame when it comes. There is no CORS header, so a page may show the picture and cannot read it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use tauri::http::{Method, Request, Response, StatusCode, header};
use tauri::{Manager, Runtime, UriSchemeContext, UriSchemeResponder};

use crate::WINDOW;
use crate::state::AppState;

/// The name of the scheme.
pub(crate) const SCHEME: &str = "preview";

/// Longest wait for a newer frame.
const WAIT: Duration = Duration::from_secs(1);
/// Number of answers that may wait at a time. A page needs one, and one more while it reloads.
const AT_ONCE: u32 = 4;

static LAST_SENT: AtomicU64 = AtomicU64::new(0);
static WAITING: AtomicU32 = AtomicU32::new(0);

pub(crate) fn answer<R: Runtime>(
    context: UriSchemeContext<'_, R>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    if context.webview_label() != WINDOW || !is_frame(&request) {
        return responder.respond(empty(StatusCode::NOT_FOUND));
    }
    let Some(preview) = context.app_handle().try_state::<AppState>().and_then(|state| state.preview()) else {
        return responder.respond(empty(StatusCode::SERVICE_UNAVAILABLE));
    };
    let Some(slot) = Slot::take() else {
        return responder.respond(empty(StatusCode::TOO_MANY_REQUESTS));
    };
    tauri::async_runtime::spawn_blocking(move || {
        let _slot = slot;
        match preview.newer_than(LAST_SENT.load(Ordering::Relaxed), WAIT) {
            Some((seq, jpeg)) => {
                LAST_SENT.store(seq, Ordering::Relaxed);
                responder.respond(picture(&jpeg));
            }
            None => responder.respond(empty(StatusCode::SERVICE_UNAVAILABLE)),
        }
    });
}

fn is_frame(request: &Request<Vec<u8>>) -> bool {
    request.method() == Method::GET && request.uri().path() == "/frame"
}

fn picture(jpeg: &Arc<[u8]>) -> Response<Vec<u8>> {
    let mut response = Response::new(jpeg.to_vec());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("image/jpeg"));
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, header::HeaderValue::from_static("nosniff"));
    response
}

fn empty(status: StatusCode) -> Response<Vec<u8>> {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = status;
    response
}

/// One of the [`AT_ONCE`] slots, given back when dropped.
struct Slot;

impl Slot {
    fn take() -> Option<Self> {
        WAITING
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| (n < AT_ONCE).then(|| n + 1))
            .ok()
            // `map` and not `then_some`: a `Slot` that is made and dropped would be given back.
            .map(|_| Self)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        WAITING.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: Method, uri: &str) -> Request<Vec<u8>> {
        Request::builder().method(method).uri(uri).body(Vec::new()).unwrap()
    }

    #[test]
    fn only_the_frame_is_served() {
        assert!(is_frame(&request(Method::GET, "preview://localhost/frame?ask=7")));
        assert!(is_frame(&request(Method::GET, "http://preview.localhost/frame")));
        assert!(!is_frame(&request(Method::POST, "preview://localhost/frame")));
        assert!(!is_frame(&request(Method::GET, "preview://localhost/station.key")));
        assert!(!is_frame(&request(Method::GET, "preview://localhost/frame/../x")));
    }

    #[test]
    fn a_picture_is_never_kept_and_never_shared() {
        let response = picture(&Arc::from([0xff_u8, 0xd8].as_slice()));
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        assert!(!response.headers().contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
    }

    #[test]
    fn slots_come_back() {
        let slots: Vec<_> = (0..AT_ONCE).map(|_| Slot::take().unwrap()).collect();
        assert!(Slot::take().is_none());
        drop(slots);
        assert!(Slot::take().is_some());
    }
}
