//! Who asks: the session behind a request, and what its person may do.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use health_code::{Region, Timestamp};
use serde::de::DeserializeOwned;
use web::{Accepts, App as _, Incoming, Received};

use super::account::{Account, State};
use super::delays::Key;
use super::error::ConsoleError;
use super::session::{self, Word};
use super::state::Console;
use crate::limits::CONSOLE_BODY;

pub use super::rights::Right;

/// The header that only the console's own page can send: another site cannot without being asked.
pub const HEADER: &str = "kadian-console";

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who.
    pub account: Account,
    /// The hash of their session's word.
    pub session: [u8; 32],
    /// Whether their region is the deployment's.
    pub at_top: bool,
}

impl Caller {
    /// Returns whether they may do something somewhere in their region.
    #[must_use]
    pub fn has(&self, right: Right) -> bool {
        self.account.has(self.at_top, right)
    }

    /// Returns whose a session is, if it lasts. That it is asked for does not prolong it.
    ///
    /// # Errors
    /// [`ConsoleError::SignedOut`].
    pub async fn of_session(console: &Console, word: [u8; 32]) -> Result<Self, ConsoleError> {
        Ok(Self::found(console, word).await?.0)
    }

    /// Returns whose a session is, and when they last asked for something.
    async fn found(console: &Console, word: [u8; 32]) -> Result<(Self, Timestamp), ConsoleError> {
        let (store, now) = (&console.context.store, console.now());
        let found = store.session(word).await?.ok_or(ConsoleError::SignedOut)?;
        let account = store.account(found.account).await?;
        let account = account.as_ref().map(Account::read).transpose()?;
        // Who has used their last one-use word is still here, and can make new ones.
        let is_here = |account: &Account| matches!(account.state(now), State::Active | State::NoSecondFactor);
        let account = account.filter(is_here).filter(|_| session::lasts(&found, now));
        let Some(account) = account else {
            store.end_session(word).await?;
            return Err(ConsoleError::SignedOut);
        };
        let at_top = account.region.contains(&console.top());
        Ok((Self { account, session: word, at_top }, found.seen))
    }

    /// Checks that they may.
    ///
    /// # Errors
    /// [`ConsoleError::NotAllowed`].
    pub fn may(&self, right: Right) -> Result<(), ConsoleError> {
        if self.has(right) { Ok(()) } else { Err(ConsoleError::NotAllowed) }
    }

    /// Returns their region.
    #[must_use]
    pub fn top(&self) -> &Region {
        &self.account.region
    }

    /// Checks that something lies in their region.
    ///
    /// # Errors
    /// [`ConsoleError::NotFound`]: what is elsewhere is not said to be there.
    pub fn sees(&self, region: &Region) -> Result<(), ConsoleError> {
        if self.top().contains(region) { Ok(()) } else { Err(ConsoleError::NotFound) }
    }

    /// Returns the part of their region that is asked for.
    ///
    /// # Errors
    /// [`ConsoleError::NotFound`].
    pub fn scope(&self, asked: Option<&str>) -> Result<Region, ConsoleError> {
        let Some(asked) = asked.filter(|asked| !asked.is_empty()) else { return Ok(self.top().clone()) };
        let region: Region = asked.parse().map_err(|_| ConsoleError::NotFound)?;
        self.sees(&region)?;
        Ok(region)
    }
}

impl FromRequestParts<Arc<Console>> for Caller {
    type Rejection = ConsoleError;

    async fn from_request_parts(parts: &mut Parts, console: &Arc<Console>) -> Result<Self, ConsoleError> {
        let word = Word::of(&parts.headers, console.secure).ok_or(ConsoleError::SignedOut)?.hash();
        let (caller, seen) = Self::found(console, word).await?;
        let now = console.now();
        if now.0 - seen.0 >= session::NOTED {
            console.context.store.see_session(word, now).await?;
        }
        Ok(caller)
    }
}

/// From where somebody asks who is not signed in, to slow guessers down.
#[derive(Debug, Clone)]
pub struct From(Option<IpAddr>);

impl From {
    /// Returns the key by which tries from there are counted: an address, or the network of an IPv6 one.
    #[must_use]
    pub fn key(&self) -> Key {
        Key::Address(match self.0.map(|ip| ip.to_canonical()) {
            Some(IpAddr::V6(ip)) => {
                let [a, b, c, d, ..] = ip.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}")
            }
            Some(ip) => ip.to_string(),
            None => String::new(),
        })
    }
}

impl<S: Sync> FromRequestParts<S> for From {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip())))
    }
}

/// A JSON body, at most so many bytes long.
#[derive(Debug)]
pub struct Payload<T, const LIMIT: usize = CONSOLE_BODY> {
    /// What it says.
    pub value: T,
    _turn: Received,
}

impl<S: Sync, T: DeserializeOwned, const LIMIT: usize> FromRequest<S> for Payload<T, LIMIT> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let body = Incoming::from_request(request, state).await.map_err(IntoResponse::into_response)?;
        let read = body.read(Accepts { media: "application/json", limit: LIMIT }).await;
        let turn = read.map_err(|error| ConsoleError::from(error).into_response())?;
        let value = serde_json::from_slice(&turn).map_err(|_| ConsoleError::Malformed.into_response())?;
        Ok(Self { value, _turn: turn })
    }
}

/// Refuses requests that change something and that another site's page could have sent.
pub async fn only_from_our_page(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if reads || is_ours(request.headers()) {
        next.run(request).await
    } else {
        ConsoleError::NotFromConsole.into_response()
    }
}

fn is_ours(headers: &HeaderMap) -> bool {
    headers.get(HEADER).is_some_and(|value| value == "1")
}
