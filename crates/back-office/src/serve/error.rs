//! Why an office does not start.

use std::io;
use std::net::IpAddr;

use web::TlsError;

use crate::backup::BackupError;
use crate::ca::CaError;
use crate::copies::CopyError;
use crate::erasure::list::ListError;
use crate::keys::KeyError;
use crate::retention::RetentionError;
use crate::store::StoreError;
use crate::system::NoRandomness;
use crate::trust::TrustError;

/// Why a back office does not start. Each text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Plain HTTP was asked for where others could listen.
    #[error("--plain-http is for loopback only, and {0} is not: leave it out, and TLS is used")]
    PlainHttp(IpAddr),
    /// The local page was to be shown where others could ask for it.
    #[error("--page is for loopback only, and {0} is not")]
    Page(IpAddr),
    /// No certificate can name this host.
    #[error("{0:?} is no host name or address")]
    Host(String),
    /// The first start cannot go on.
    #[error("the first start: {0}")]
    FirstStart(String),
    /// Another process serves from this folder.
    #[error("another back office serves from this folder")]
    AlreadyServing,
    /// The office has none of the private keys that the root file names.
    #[error("the root file names none of this office's keys; see `back-office keys`, or use --import-keys")]
    NotOurRoot,
    /// The file system or the network failed.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// A file cannot be read or written.
    #[error(transparent)]
    Disk(#[from] disk::DiskError),
    /// The office's keys cannot be used.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// No trust files can come into force.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The recipient of backups cannot be kept.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// The folder of copies cannot be written.
    #[error(transparent)]
    Copies(#[from] CopyError),
    /// The list of what was erased cannot be used: without it, the office could show somebody again.
    #[error("the list of what was erased: {0}")]
    Erased(#[from] ListError),
    /// What is past its days cannot be deleted.
    #[error("what is past its days cannot be deleted: {0}")]
    Retention(#[from] RetentionError),
    /// The CA cannot be used.
    #[error(transparent)]
    Ca(#[from] CaError),
    /// The server's certificate cannot be made.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The system gives no random bytes.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}
