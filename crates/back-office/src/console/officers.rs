//! Makes officers of the console's administrators: community files list them.

use super::account::Account;
use crate::store::{Store, StoreError};

/// Tells the store what community files say of these people from now on.
///
/// # Errors
/// [`StoreError`].
pub async fn tell(store: &dyn Store, accounts: &[Account]) -> Result<(), StoreError> {
    let known = store.officers().await?;
    for account in accounts {
        let before = known.iter().find(|officer| officer.id == account.id.0);
        let officer = match (account.officer(), before) {
            (Some(officer), _) => officer,
            // Who was invited anew has no secret: the old one is good no longer.
            (None, Some(before)) => {
                let mut before = before.clone();
                before.active = false;
                before
            }
            (None, None) => continue,
        };
        // Who never was an administrator is in no file.
        if before.is_some_and(|before| *before == officer) || (before.is_none() && !officer.active) {
            continue;
        }
        store.set_officer(officer).await?;
    }
    Ok(())
}

/// Tells the store of everybody: an earlier process may have ended between an account and its officer.
///
/// # Errors
/// [`StoreError`].
pub async fn tell_all(store: &dyn Store) -> Result<(), StoreError> {
    let accounts = store.accounts().await?.iter().map(Account::read).collect::<Result<Vec<_>, _>>()?;
    tell(store, &accounts).await
}
