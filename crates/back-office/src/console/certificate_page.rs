//! `/ca`: explains the deployment's own CA to who met a browser's warning.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{Html, IntoResponse as _, Response};
use maud::{DOCTYPE, html};
use sha2::{Digest, Sha256};

use super::error::ConsoleError;
use super::state::Console;
use crate::ca;

/// Shows the CA's fingerprint, and what to compare it with.
pub async fn page(State(console): State<Arc<Console>>) -> Result<Response, ConsoleError> {
    let ca = ca::certificate(&console.place.layout.tls()).ok().flatten().ok_or(ConsoleError::NotFound)?;
    let groups = wire::ticket::fingerprint(&Sha256::digest(&ca).into());
    let page = html! {
        (DOCTYPE)
        html lang="zh" {
            head { meta charset="utf-8"; title { "证书 · Certificate" } }
            body {
                h1 { "本系统自己的证书机构 · This deployment's own certificate authority" }
                p { "浏览器不认识它，所以会警告。请把下面八组字符与打印的部署卡片上的比较；完全一致，才可以信任它。" }
                p {
                    "Browsers don't know it, and warn. Compare these eight groups with the printed card of the \
                     deployment. Only if all are the same may it be trusted."
                }
                p { strong { (groups.join(" ")) } }
                p { a href="/ca.pem" { "ca.pem" } }
            }
        }
    };
    let policy = "default-src 'none'; frame-ancestors 'none'";
    Ok(([(CONTENT_SECURITY_POLICY, policy)], Html(page.into_string())).into_response())
}

/// Returns the CA's certificate.
pub async fn certificate(State(console): State<Arc<Console>>) -> Result<Response, ConsoleError> {
    let pem = disk::read(&console.place.layout.tls().join("ca.pem"), crate::limits::TLS_FILE_BYTES);
    let pem = pem.map_err(|_| ConsoleError::NotFound)?;
    let headers =
        [(CONTENT_TYPE, "application/x-pem-file"), (CONTENT_DISPOSITION, "attachment; filename=\"ca.pem\"")];
    Ok((headers, pem).into_response())
}
