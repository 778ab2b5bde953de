//! New stations, enrolled by tickets.

use std::sync::Arc;

use ed25519_dalek::SigningKey;
use health_code::{PublicKey, RootPin, Trust, TrustFiles};
use rand_chacha::ChaCha20Rng;
use rand_core::Rng as _;
use sha2::{Digest as _, Sha256};
use tokio::task::JoinSet;
use wire::{Enrolment, EnrolmentAnswer, StationId, Ticket};

use super::Progress;
use super::link::Link;

/// Enrolments at the same time.
const AT_ONCE: usize = 16;
/// Stations between two lines of progress.
const SAID_EACH: usize = 100;

/// An enrolled station.
pub struct Station {
    /// Its id.
    pub id: StationId,
    /// Its key.
    pub key: SigningKey,
    /// Its way to the office, not connected yet.
    pub link: Link,
}

/// Enrols a station for each ticket, and returns them with the trust that the office has in force.
///
/// # Errors
/// A sentence: a ticket was refused, or the office has other files than the ticket names.
pub async fn enrol(
    tickets: &[Ticket],
    urls: &[String],
    rng: &mut ChaCha20Rng,
    progress: Progress,
) -> Result<(Vec<Station>, Arc<Trust>), String> {
    let (mut stations, mut trust) = (Vec::with_capacity(tickets.len()), None);
    let mut asked = JoinSet::new();
    let mut left = tickets.iter().enumerate();
    loop {
        while asked.len() < AT_ONCE
            && let Some((number, ticket)) = left.next()
        {
            let mut seed = [0; 32];
            rng.fill_bytes(&mut seed);
            let url = urls.get(number % urls.len().max(1)).unwrap_or(&ticket.url).clone();
            asked.spawn(join(number, ticket.clone(), url, SigningKey::from_bytes(&seed)));
        }
        let Some(joined) = asked.join_next().await else { break };
        let (station, answer, root) = joined.map_err(|error| error.to_string())??;
        // All of them get the same files; one reading is enough.
        if trust.is_none() {
            trust = Some(Arc::new(open(answer, root)?));
        }
        stations.push(station);
        if stations.len() % SAID_EACH == 0 || stations.len() == tickets.len() {
            progress.say(format_args!("{} of {} stations are enrolled", stations.len(), tickets.len()));
        }
    }
    Ok((stations, trust.ok_or("no tickets")?))
}

async fn join(
    number: usize,
    ticket: Ticket,
    url: String,
    key: SigningKey,
) -> Result<(Station, EnrolmentAnswer, [u8; 32]), String> {
    let public = PublicKey::from_bytes(&key.verifying_key().to_bytes()).map_err(|error| error.to_string())?;
    let id = StationId::of(&public);
    let request = Enrolment {
        secret: ticket.secret,
        key: public,
        name: format!("simulated {}", number + 1),
        sealing: wire::stick::public_key(&key),
    };
    let asked = Link::new(&url, ticket.ca.as_deref())?.enrol(request.sign(&key)).await;
    let answer = asked.map_err(|error| format!("ticket {}: {error}", number + 1))?;
    if answer.station != id {
        return Err("the office gave another id than the key's".to_owned());
    }
    // A new one: the first batch connects anew, as after a night.
    Ok((Station { id, key, link: Link::new(&url, ticket.ca.as_deref())? }, answer, ticket.root))
}

fn open(answer: EnrolmentAnswer, pinned: [u8; 32]) -> Result<Trust, String> {
    let EnrolmentAnswer { root, list, community, revocations, policies, .. } = answer;
    if <[u8; 32]>::from(Sha256::digest(&root)) != pinned {
        return Err("the office sent another root than the ticket names".to_owned());
    }
    let files = TrustFiles { root, list, community, revocations: revocations.into(), policies };
    Trust::open(files, &RootPin(pinned)).map_err(|error| error.to_string())
}
