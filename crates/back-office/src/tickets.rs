//! Making tickets. A ticket enrols one station; the office need not be serving.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use health_code::{Region, Timestamp, Trust};
use sha2::{Digest, Sha256};
use wire::Ticket;

use crate::ca::{self, CaError};
use crate::config::Layout;
use crate::limits::COMMUNITIES_NAMED;
use crate::store::{self, IssuedTicket, PostgresUrl, Store, StoreError};
use crate::system::{self, Clock, NoRandomness};
use crate::trust::{TrustError, TrustInForce};

/// Why no ticket is made.
#[derive(Debug, thiserror::Error)]
pub enum TicketError {
    /// The office has no trust files yet.
    #[error("no trust files are in force: start `back-office serve` once, with --import-trust")]
    NoTrust,
    /// The office has never served, so its address is unknown.
    #[error("{0}: no address is kept here: start `back-office serve` once, or say --url")]
    NoAddress(PathBuf),
    /// The trust files in force cannot be opened.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// The office has no file of this community.
    #[error("{0}: this office has no file of that community")]
    NoCommunity(Region),
    /// The office has several communities, and none was named.
    #[error("say --community: this office serves {0}")]
    WhichCommunity(String),
    /// A name of a laptop or of the office is no label.
    #[error("a name is at most 128 bytes, without line breaks, and not blank")]
    Name,
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

/// Which tickets to make: one for each laptop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The laptops' names; an empty one is not said.
    pub laptops: Vec<String>,
    /// What the office is called; empty if it is not said.
    pub office: String,
    /// Who asks for them at the console; `None` at the command line.
    pub by: Option<[u8; 8]>,
    /// Seconds for which they are valid.
    pub seconds: i64,
}

impl Order {
    /// Returns the order of so many tickets without names.
    #[must_use]
    pub fn nameless(count: usize, seconds: i64) -> Self {
        Self { laptops: vec![String::new(); count], office: String::new(), by: None, seconds }
    }
}

/// Makes tickets, each for one station of a community, and keeps them in `store`, or else in the data
/// folder's database. They name `url`, or else the address at which the office served last. An office of
/// one community need not be told which.
///
/// # Errors
/// [`TicketError`]; tickets that were made before it are good, and nobody has seen them.
pub async fn make_tickets(
    data: &Path,
    store: Option<&PostgresUrl>,
    url: Option<&str>,
    community: Option<&Region>,
    order: &Order,
    clock: &Clock,
) -> Result<Vec<Ticket>, TicketError> {
    let layout = Layout::of(data);
    // A folder in which no office ever served stays as it is: opening the store would make one there.
    let url = match url {
        Some(url) => url.to_owned(),
        None => read_address(&layout)?,
    };
    let store = store::open(&layout.database(), store).await?;
    let trust = TrustInForce::as_it_is(layout.trust(), store.clone()).await?.ok_or(TicketError::NoTrust)?;
    let trust = chosen(&trust, community)?;
    issue(&*store, &layout, Some(&url), &trust, order, clock.now()).await
}

/// Returns the trust of the community that is named, or of the only one.
///
/// # Errors
/// [`TicketError::NoCommunity`], [`TicketError::WhichCommunity`].
pub(crate) fn chosen(trust: &TrustInForce, community: Option<&Region>) -> Result<Arc<Trust>, TicketError> {
    match community {
        Some(community) => trust.of(community).ok_or_else(|| TicketError::NoCommunity(community.clone())),
        None => match trust.communities().as_slice() {
            [only] => Ok(only.clone()),
            several => Err(TicketError::WhichCommunity(named(several))),
        },
    }
}

/// Makes tickets for stations of this trust's community, as [`make_tickets`] does, for an office that serves.
///
/// # Errors
/// [`TicketError`], likewise.
pub(crate) async fn issue(
    store: &dyn Store,
    layout: &Layout,
    url: Option<&str>,
    trust: &Trust,
    order: &Order,
    now: Timestamp,
) -> Result<Vec<Ticket>, TicketError> {
    let url = match url {
        Some(url) => url.to_owned(),
        None => read_address(layout)?,
    };
    let ca = if url.starts_with("https://") {
        ca::certificate(&layout.tls())?.map(|ca| ca.to_vec())
    } else {
        None
    };
    let (root, expires) = (Sha256::digest(&trust.files().root).into(), now.plus(order.seconds));
    let community = trust.community();
    let mut tickets = Vec::with_capacity(order.laptops.len());
    for laptop in &order.laptops {
        let secret: [u8; 16] = system::random()?;
        let ticket = Ticket {
            url: url.clone(),
            ca: ca.clone(),
            root,
            secret,
            expires: expires.0,
            community: community.name.clone(),
            office: order.office.clone(),
            laptop: laptop.clone(),
        };
        // A ticket that no station would accept is not handed out.
        if Ticket::parse(&ticket.to_text()).as_ref() != Ok(&ticket) {
            let addressed = Ticket { office: String::new(), laptop: String::new(), ..ticket.clone() };
            let is_reachable = Ticket::parse(&addressed.to_text()).as_ref() == Ok(&addressed);
            return Err(if is_reachable { TicketError::Name } else { TicketError::Address(ticket.url) });
        }
        let (secret_hash, region) = (Sha256::digest(secret).into(), community.region.clone());
        let (laptop, by) = (laptop.clone(), order.by);
        let issued = IssuedTicket { secret_hash, community: region, laptop, by, made: now, expires };
        store.add_ticket(issued).await?;
        tickets.push(ticket);
    }
    Ok(tickets)
}

/// Names communities for whoever has to choose, the first few of them.
fn named(several: &[Arc<Trust>]) -> String {
    let names = several.iter().take(COMMUNITIES_NAMED).map(|trust| {
        let community = trust.community();
        format!("{} {}", community.region, community.name)
    });
    names.collect::<Vec<_>>().join(", ")
}

fn read_address(layout: &Layout) -> Result<String, TicketError> {
    let no_address = || TicketError::NoAddress(layout.root().to_owned());
    match disk::read(&layout.address(), wire::limits::URL_BYTES as u64) {
        Ok(url) => String::from_utf8(url).map_err(|_| no_address()),
        Err(error) if error.is_not_found() => Err(no_address()),
        Err(error) => Err(error.into()),
    }
}
