//! Asks for the consent of two people, and takes it.

use health_code::{PersonId, Region, mask};
use web::App as _;
use wire::hex;

use super::account::Account;
use super::caller::{Caller, Right};
use super::consent::{Consented, No, Request, State, TwoPeople};
use super::error::ConsoleError;
use super::looking::DAY;
use super::state::Console;
use crate::limits::{CONSENTS_A_DAY, TWO_PEOPLE_BYTES};
use crate::store::{ConsentRow, Note, StoreError};
use crate::system;

const ASKED: &str = "consent-asked";

/// What somebody wants to do.
#[derive(Debug, Clone)]
pub struct Wish {
    /// What it takes.
    pub right: Right,
    /// Where it is done.
    pub region: Region,
    /// Exactly what, as the act that does it reads it.
    pub ask: String,
    /// Whom it is about, masked; empty where it is about nobody alone.
    pub masked: String,
    /// Why, as the log says it.
    pub line: String,
    /// By which key the words about them are erased; empty likewise.
    pub object: String,
}

/// Whether it may be done now.
#[derive(Debug)]
pub enum Leave {
    /// It may.
    Goes(Consented),
    /// Another one has to agree to this request first.
    Waits(Kept),
}

/// A request, as it is kept.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The row.
    pub row: ConsentRow,
    /// What it says.
    pub request: Request,
}

/// Leave that another one gave, not used yet.
#[derive(Debug)]
pub struct Given {
    /// As it is kept once it is used.
    kept: Kept,
    leave: Consented,
}

/// Returns leave to do it, or begins to wait for another one's consent where the rule says so.
///
/// # Errors
/// [`ConsoleError`].
pub async fn ask(console: &Console, caller: &Caller, wish: Wish) -> Result<Leave, ConsoleError> {
    caller.may(wish.right)?;
    if let Some(leave) = rule(console).alone(wish.right, &wish.region, wish.ask.clone()) {
        return Ok(Leave::Goes(leave));
    }
    let (now, store) = (console.now(), &console.context.store);
    let _turn = console.one_look().await;
    if store.acts_since(caller.account.id, ASKED, now.plus(-DAY)).await? >= CONSENTS_A_DAY {
        return Err(ConsoleError::ConsentsSpent);
    }
    let Wish { right, ask, masked, line, object, .. } = wish;
    let by = caller.account.id;
    let request = Request { right, by, ask, masked, line, asked: now.0, state: State::Waits };
    let row = ConsentRow {
        id: system::random()?,
        rev: 0,
        region: caller.top().clone(),
        asked: now,
        person: object,
        body: String::new(),
    };
    let kept = Kept { row, request };
    keep(console, &kept, note(console, by, ASKED, &kept)?).await?;
    Ok(Leave::Waits(kept))
}

/// Returns the leave that another one gave, which is not used yet: whether the act is possible is looked at first.
///
/// # Errors
/// [`ConsoleError`].
pub async fn given(
    console: &Console,
    caller: &Caller,
    (id, right): (&str, Right),
) -> Result<Given, ConsoleError> {
    caller.may(right)?;
    let mut kept = one(console, id).await?;
    let leave = kept.request.take(caller.account.id, right, console.now()).map_err(refused)?;
    Ok(Given { kept, leave })
}

impl Given {
    /// Returns what may be done.
    pub fn ask(&self) -> &str {
        self.leave.ask()
    }

    /// Takes the leave. It is used from then on, whatever comes of it.
    ///
    /// # Errors
    /// [`ConsoleError`].
    pub async fn take(self, console: &Console) -> Result<Consented, ConsoleError> {
        // What it does is on record by its own act; only one of two who take it at the same moment keeps it.
        keep(console, &self.kept, Vec::new()).await?;
        Ok(self.leave)
    }
}

/// Agrees to a request, or refuses it.
///
/// # Errors
/// [`ConsoleError`].
pub async fn decide(
    console: &Console,
    caller: &Caller,
    (id, agree): (&str, bool),
) -> Result<Kept, ConsoleError> {
    let mut kept = one(console, id).await?;
    // The same region, or a higher one: what is elsewhere is not said to be there.
    caller.sees(&kept.row.region)?;
    caller.may(kept.request.right)?;
    kept.request.decide(caller.account.id, agree, console.now()).map_err(refused)?;
    let act = if agree { "consent-given" } else { "consent-refused" };
    keep(console, &kept, note(console, caller.account.id, act, &kept)?).await?;
    Ok(kept)
}

/// Reads a row.
///
/// # Errors
/// [`StoreError`] for what this program has not written.
pub fn read(row: ConsentRow) -> Result<Kept, StoreError> {
    let request = serde_json::from_str(&row.body)
        .map_err(|error| StoreError::Failed(format!("a request for consent: {error}")))?;
    Ok(Kept { row, request })
}

/// Returns the masked name of somebody of the console.
///
/// # Errors
/// [`StoreError`].
pub async fn name(console: &Console, who: PersonId) -> Result<String, StoreError> {
    let row = console.context.store.account(who).await?;
    let account = row.as_ref().map(Account::read).transpose()?;
    Ok(account.map_or_else(|| who.to_string(), |account| mask::name(&account.name)))
}

/// Returns the rule of this office. One that cannot be read holds everybody back.
fn rule(console: &Console) -> TwoPeople {
    let text = match disk::read_if_there(&console.place.layout.two_people(), TWO_PEOPLE_BYTES) {
        Ok(text) => text.unwrap_or_default(),
        Err(error) => {
            tracing::warn!(%error, "the rule of two people cannot be read: every trace and export needs two");
            return TwoPeople::always();
        }
    };
    let parsed = String::from_utf8(text).map_err(|_| 0).and_then(|text| TwoPeople::parse(&text));
    parsed.unwrap_or_else(|line| {
        tracing::warn!(line, "the rule of two people says something else: every trace and export needs two");
        TwoPeople::always()
    })
}

async fn one(console: &Console, id: &str) -> Result<Kept, ConsoleError> {
    let id = hex::decode_array(id).ok_or(ConsoleError::NotFound)?;
    let row = console.context.store.consent(id).await?.ok_or(ConsoleError::NotFound)?;
    Ok(read(row)?)
}

async fn keep(console: &Console, kept: &Kept, notes: Vec<Note>) -> Result<(), ConsoleError> {
    let body = serde_json::to_string(&kept.request).map_err(|_| ConsoleError::Internal)?;
    let row = ConsentRow { body, ..kept.row.clone() };
    if !console.context.store.put_consent(row, notes).await? {
        return Err(ConsoleError::Changed);
    }
    console.context.audit_head.set(console.context.store.audit_head().await?);
    Ok(())
}

fn note(console: &Console, who: PersonId, act: &str, kept: &Kept) -> Result<Vec<Note>, ConsoleError> {
    let Kept { row, request } = kept;
    let right: &str = request.right.into();
    let words = format!("{}\n{} · {right}\n{}", request.masked, request.line, row.person);
    // The object is the request and names nobody.
    let object = hex::encode(&row.id);
    Ok(vec![console.note(Some(who), act, (&object, &row.region), &words)?])
}

fn refused(no: No) -> ConsoleError {
    match no {
        No::Yourself => ConsoleError::Yourself,
        No::NotYours => ConsoleError::NotFound,
        No::Over => ConsoleError::ConsentOver,
        No::Waits => ConsoleError::ConsentWaits,
    }
}
