//! To whom backups are encrypted: chosen at the first start, kept in the data folder.

use disk::Access;

use super::BackupError;
use crate::config::Layout;
use crate::limits::RECIPIENT_BYTES;

/// Keeps a recipient (`age1…`) in the data folder, in place of another.
///
/// # Errors
/// [`BackupError::BadRecipient`], [`BackupError::Disk`].
pub(crate) fn choose(layout: &Layout, recipient: &str) -> Result<(), BackupError> {
    let recipient = parse(recipient)?;
    Ok(disk::replace(&layout.recipient(), format!("{recipient}\n").as_bytes(), Access::Owner)?)
}

/// Returns the recipient that was chosen, if one was.
///
/// # Errors
/// [`BackupError::BadRecipient`], [`BackupError::Disk`].
pub(crate) fn chosen(layout: &Layout) -> Result<Option<age::x25519::Recipient>, BackupError> {
    match disk::read_if_there(&layout.recipient(), RECIPIENT_BYTES)? {
        Some(text) => parse(&String::from_utf8_lossy(&text)).map(Some),
        None => Ok(None),
    }
}

fn parse(text: &str) -> Result<age::x25519::Recipient, BackupError> {
    let text = text.trim();
    text.parse().map_err(|_| BackupError::BadRecipient(text.to_owned()))
}
