//! Making tickets. A ticket enrols one station; the office need not be serving.

use std::path::Path;

use sha2::{Digest, Sha256};
use wire::Ticket;

use crate::ca::{self, CaError};
use crate::config::Layout;
use crate::store::{self, PostgresUrl, StoreError};
use crate::system::{self, Clock, NoRandomness};

/// Why no ticket is made.
#[derive(Debug, thiserror::Error)]
pub enum TicketError {
    /// The office has no trust files yet.
    #[error("no trust files are in force: start `back-office serve` once, with --import-trust")]
    NoTrust,
    /// The office has never served, so its address is unknown.
    #[error("no address: start `back-office serve` once, or say --url")]
    NoAddress,
    /// A station would refuse the ticket: `https` without a CA, or `http` to another machine.
    #[error(
        "{0}: stations take https with this office's CA (serve once without --plain-http), or http on loopback"
    )]
    Address(String),
    /// A file cannot be read.
    #[error(transparent)]
    Disk(#[from] disk::DiskError),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The CA cannot be used.
    #[error(transparent)]
    Ca(#[from] CaError),
    /// The system gives no random bytes.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// Makes so many tickets, each for one station, and keeps them in `store`, or else in the data folder's
/// database. They are valid for `seconds`, and name `url` or else the address at which the office served last.
///
/// # Errors
/// [`TicketError`]; tickets that were made before it are good, and nobody has seen them.
pub async fn make_tickets(
    data: &Path,
    store: Option<&PostgresUrl>,
    url: Option<&str>,
    seconds: i64,
    count: usize,
    clock: &Clock,
) -> Result<Vec<Ticket>, TicketError> {
    let layout = Layout::of(data);
    let url = match url {
        Some(url) => url.to_owned(),
        None => read_address(&layout)?,
    };
    let store = store::open(&layout.database(), store).await?;
    let files = store.trust(None).await?.ok_or(TicketError::NoTrust)?;
    let ca = if url.starts_with("https://") {
        ca::certificate(&layout.tls())?.map(|ca| ca.to_vec())
    } else {
        None
    };
    let now = clock.now();
    let (root, expires) = (Sha256::digest(&files.root).into(), now.plus(seconds));
    let mut tickets = Vec::with_capacity(count);
    for _ in 0..count {
        let secret: [u8; 16] = system::random()?;
        let names = <(String, String, String)>::default();
        let (community, office, laptop) = names;
        let (url, ca) = (url.clone(), ca.clone());
        let ticket = Ticket { url, ca, root, secret, expires: expires.0, community, office, laptop };
        // A ticket that no station would accept is not handed out.
        if Ticket::parse(&ticket.to_text()).as_ref() != Ok(&ticket) {
            return Err(TicketError::Address(ticket.url));
        }
        store.add_ticket(Sha256::digest(secret).into(), now, expires).await?;
        tickets.push(ticket);
    }
    Ok(tickets)
}

fn read_address(layout: &Layout) -> Result<String, TicketError> {
    match disk::read(&layout.address(), wire::limits::URL_BYTES as u64) {
        Ok(url) => String::from_utf8(url).map_err(|_| TicketError::NoAddress),
        Err(error) if error.is_not_found() => Err(TicketError::NoAddress),
        Err(error) => Err(error.into()),
    }
}
