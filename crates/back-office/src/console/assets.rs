//! The console's page: the files of `ui/apps/console/dist`, part of the program.

use axum::Router;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use rust_embed::RustEmbed;

/// Where the page is.
pub const FOLDER: &str = "/console/";

/// What the page may do: its own files and the office's API, nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; \
                      img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'; object-src 'none'";

/// What of the computer the page may use: a camera, for a code that somebody holds before it. A person is asked first.
const DEVICES: &str = "camera=(self), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// The built page. A debug build reads the folder when it is asked; a build without the folder has none.
#[derive(RustEmbed)]
#[folder = "../../ui/apps/console/dist"]
#[allow_missing = true]
struct Files;

/// Returns the routes of the page.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/console", get(|| async { Redirect::permanent(FOLDER) }))
        .route("/console/", get(|| async { file("index.html") }))
        .route("/console/{*path}", get(|Path(path): Path<String>| async move { file(&path) }))
}

fn file(path: &str) -> Response {
    let policy = (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    let Some(file) = Files::get(path) else {
        return if path == "index.html" { not_built(policy) } else { StatusCode::NOT_FOUND.into_response() };
    };
    // Names of assets hold a hash of their content.
    let lasts = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-store" };
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(media(path))),
        (CACHE_CONTROL, HeaderValue::from_static(lasts)),
        (PERMISSIONS_POLICY, HeaderValue::from_static(DEVICES)),
        policy,
    ];
    (headers, file.data.into_owned()).into_response()
}

fn not_built(policy: (HeaderName, HeaderValue)) -> Response {
    let text =
        "This program was built without the console's page. `npm run build` in ui/apps/console makes it.\n";
    let headers = [(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")), policy];
    (headers, text).into_response()
}

fn media(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "json" => "application/json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;
    use tower::ServiceExt as _;

    use super::*;

    #[test]
    fn a_debug_build_reads_the_folder_when_it_is_asked() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/apps/console/dist");
        let probe = format!("probe-{}.json", std::process::id());
        std::fs::write(folder.join(&probe), "{}").unwrap();
        let found = file(&probe).status();
        std::fs::remove_file(folder.join(&probe)).unwrap();
        assert!(cfg!(not(debug_assertions)) || found == StatusCode::OK);
    }

    #[tokio::test]
    async fn the_page_is_there_or_says_why_not_and_nothing_outside_its_folder_is() {
        let ask = async |uri: &str| {
            let request = Request::get(uri).body(Body::empty()).unwrap();
            router::<()>().oneshot(request).await.unwrap()
        };
        let page = ask("/console/").await;
        assert_eq!(page.status(), StatusCode::OK);
        assert!(page.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap().starts_with("default-src 'none'"));
        let devices = page.headers()[PERMISSIONS_POLICY].to_str().unwrap();
        assert!(devices.starts_with("camera=(self), ") && devices.contains("microphone=()"), "{devices}");
        assert_eq!(ask("/console").await.headers()["location"], FOLDER);
        for bad in [
            "/console/nothing.js",
            "/console/../Cargo.toml",
            "/console/%2e%2e/package.json",
            "/console//etc/passwd",
        ] {
            assert_eq!(ask(bad).await.status(), StatusCode::NOT_FOUND, "{bad}");
        }
    }
}
