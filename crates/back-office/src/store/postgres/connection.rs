//! Connections: a pool, TLS, and what each session is set to.

use std::sync::Arc;

use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::{Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::PostgresUrl;
use crate::limits::{DATABASE_CONNECTIONS, DATABASE_WAIT, TLS_FILE_BYTES};
use crate::store::StoreError;

/// What each session is set to, whatever the server's defaults are.
///
/// A commit waits until it is durable, also at a synchronous standby where the server has one. Nobody waits
/// longer for a lock than a call to SQLite would. A transaction that its office forgot ends.
const SESSION: &str = "-c synchronous_commit=on -c default_transaction_isolation=read\\ committed \
    -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s -c client_min_messages=warning";

/// Makes the pool. It connects when it is first asked.
pub(super) fn pool(url: &PostgresUrl) -> Result<Pool, StoreError> {
    let config = configured(&url.config);
    let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = match &url.tls {
        None => Manager::from_config(config, NoTls, recycling),
        Some(ca) => {
            let pem = disk::read(ca, TLS_FILE_BYTES).map_err(|error| failed(&error))?;
            Manager::from_config(config, MakeRustlsConnect::new(trusting(&pem)?), recycling)
        }
    };
    let pool = Pool::builder(manager).max_size(DATABASE_CONNECTIONS).runtime(Runtime::Tokio1);
    let pool = pool.wait_timeout(Some(DATABASE_WAIT)).create_timeout(Some(DATABASE_WAIT));
    pool.build().map_err(|error| failed(&error))
}

fn configured(config: &Config) -> Config {
    let mut config = config.clone();
    let asked = config.get_options().unwrap_or_default().to_owned();
    config.options(format!("{asked} {SESSION}").trim_start());
    if config.get_application_name().is_none() {
        config.application_name("kadian back-office");
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(DATABASE_WAIT);
    }
    // A server that vanished is noticed, and not waited for.
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(2 * DATABASE_WAIT);
    }
    config.keepalives_idle(6 * DATABASE_WAIT).keepalives_interval(DATABASE_WAIT).keepalives_retries(3);
    config
}

/// Returns a client that believes what these certificates sign, and nobody else.
fn trusting(pem: &[u8]) -> Result<ClientConfig, StoreError> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|error| failed(&error))?;
        roots.add(certificate).map_err(|error| failed(&error))?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider);
    let config = config.with_safe_default_protocol_versions().map_err(|error| failed(&error))?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

fn failed(error: &dyn std::error::Error) -> StoreError {
    StoreError::Failed(error.to_string())
}
