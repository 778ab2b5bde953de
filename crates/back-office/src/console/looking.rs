//! Acts on residents: each is one of so many a day, on record before it shows anything, and over after some minutes.

use health_code::Region;
use web::App as _;

use super::caller::Caller;
use super::error::ConsoleError;
use super::state::Console;
use crate::limits::{EXPORTS_A_DAY, LOOK_SECONDS, LOOKS_A_DAY, PHONES_A_DAY, TRACES_A_DAY};

/// Seconds for which acts count.
pub const DAY: i64 = 24 * 3600;

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
pub enum Act {
    /// Somebody's passages are shown.
    #[strum(serialize = "resident-looked")]
    Looked,
    /// Who passed at the same time is shown.
    #[strum(serialize = "resident-traced")]
    Traced,
    /// Passages of some days leave as a table.
    #[strum(serialize = "resident-exported")]
    Exported,
    /// A phone number is shown.
    #[strum(serialize = "resident-phone-opened")]
    PhoneOpened,
}

impl Act {
    /// Returns how often one person does it within a day.
    #[must_use]
    pub fn most(self) -> u64 {
        match self {
            Self::Looked => LOOKS_A_DAY,
            Self::Traced => TRACES_A_DAY,
            Self::Exported => EXPORTS_A_DAY,
            Self::PhoneOpened => PHONES_A_DAY,
        }
    }

    fn spent(self) -> ConsoleError {
        match self {
            Self::Looked => ConsoleError::LooksSpent,
            Self::Traced => ConsoleError::TracesSpent,
            Self::Exported => ConsoleError::ExportsSpent,
            Self::PhoneOpened => ConsoleError::PhonesSpent,
        }
    }
}

/// What the log says of an act that lasts still.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lasting {
    /// Where the asker looked.
    pub region: Region,
    /// Whom, masked.
    pub masked: String,
    /// By which key the log's words about them are erased.
    pub object: String,
}

/// Returns how often somebody may do it still.
///
/// # Errors
/// [`ConsoleError::Store`].
pub async fn left(console: &Console, caller: &Caller, act: Act) -> Result<u64, ConsoleError> {
    let since = console.now().plus(-DAY);
    let done = console.context.store.acts_since(caller.account.id, act.into(), since).await?;
    Ok(act.most().saturating_sub(done))
}

/// One act that is left, and nobody else's meanwhile: whoever has it may do it, and writes it down.
#[derive(Debug)]
pub struct Turn<'a> {
    console: &'a Console,
    caller: &'a Caller,
    act: Act,
    /// How many are left then.
    left: u64,
    _alone: tokio::sync::MutexGuard<'a, ()>,
}

/// Returns the turn to do it, if one is left.
///
/// # Errors
/// [`ConsoleError`]; where none is left, that is on record, too.
pub async fn turn<'a>(
    console: &'a Console,
    caller: &'a Caller,
    act: Act,
    scope: &Region,
) -> Result<Turn<'a>, ConsoleError> {
    let alone = console.one_look().await;
    let Some(left) = left(console, caller, act).await?.checked_sub(1) else {
        console.look(caller.account.id, "residents-refused", scope).await?;
        return Err(act.spent());
    };
    Ok(Turn { console, caller, act, left, _alone: alone })
}

impl Turn<'_> {
    /// Writes the act down. Returns the number of its entry, and how many are left then.
    ///
    /// # Errors
    /// [`ConsoleError`].
    pub async fn note(
        self,
        (scope, masked, line, object): (&Region, &str, &str, &str),
    ) -> Result<(u64, u64), ConsoleError> {
        // All that names the resident is in the words: so it is erased with them.
        let words = format!("{masked}\n{line}\n{object}");
        let who = Some(self.caller.account.id);
        let note = self.console.note(who, self.act.into(), ("", scope), &words)?;
        Ok((self.console.write(vec![note]).await?.count, self.left))
    }
}

/// Writes an act down, if one is left. Returns the number of its entry, and how many are left then.
///
/// # Errors
/// [`ConsoleError`]; where none is left, that is on record, too.
pub async fn note(
    console: &Console,
    caller: &Caller,
    act: Act,
    about: (&Region, &str, &str, &str),
) -> Result<(u64, u64), ConsoleError> {
    turn(console, caller, act, about.0).await?.note(about).await
}

/// Returns what an act is about that the asker began, and that lasts still.
///
/// # Errors
/// [`ConsoleError::LookOver`] for one that is over, is another's, or whose resident was erased since.
pub async fn lasting(
    console: &Console,
    caller: &Caller,
    (act, entry): (Act, u64),
) -> Result<Lasting, ConsoleError> {
    let after = entry.checked_sub(1).ok_or(ConsoleError::LookOver)?;
    let found = console.context.store.audit_after(after, 1).await?.into_iter().next();
    let name: &str = act.into();
    let (now, who) = (console.now(), Some(caller.account.id));
    let found = found.filter(|found| found.seq == entry && found.actor == who && found.act == name);
    let found = found.filter(|found| (found.at.0..=found.at.0 + LOOK_SECONDS).contains(&now.0));
    let found = found.ok_or(ConsoleError::LookOver)?;
    let (_, words) = found.words.ok_or(ConsoleError::LookOver)?;
    let mut lines = words.lines();
    let masked = lines.next().unwrap_or_default().to_owned();
    let object = lines.next_back().unwrap_or_default().to_owned();
    Ok(Lasting { region: found.region, masked, object })
}
