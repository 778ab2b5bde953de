//! `request`: the ticket by which this laptop asked on a stick, until it is a station.

use disk::{Access, DiskError};
use wire::Ticket;
use wire::limits::{NAME_BYTES, TICKET_CHARS};

use crate::folder::Folder;

/// First line of the file.
const FORMAT: &str = "kadian-request-1";
/// Longest file in bytes: three lines.
const BYTES: u64 = (FORMAT.len() + TICKET_CHARS + NAME_BYTES + 3) as u64;

/// A request that waits for its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pending {
    /// The ticket, which a person confirmed.
    pub ticket: Ticket,
    /// What the laptop is called in it.
    pub name: String,
}

impl Pending {
    /// Reads the request that waits in a folder. One that cannot be read counts as none: the ticket is shown again.
    pub(crate) fn read(folder: &Folder) -> Option<Self> {
        let read = disk::read_if_there(&folder.request(), BYTES);
        let bytes = read.inspect_err(|error| tracing::error!(%error, "the request that waits")).ok()??;
        let mut lines = std::str::from_utf8(&bytes).ok()?.lines();
        let (FORMAT, ticket, name) = (lines.next()?, lines.next()?, lines.next()?) else { return None };
        Some(Self { ticket: Ticket::parse(ticket).ok()?, name: name.to_owned() })
    }

    /// Writes it down, for the owner alone: it holds the ticket's secret. It is durable when this returns.
    pub(crate) fn keep(&self, folder: &Folder) -> Result<(), DiskError> {
        if Self::read(folder).as_ref() == Some(self) {
            return Ok(());
        }
        let text = format!("{FORMAT}\n{}\n{}\n", self.ticket.to_text(), self.name);
        disk::replace(&folder.request(), text.as_bytes(), Access::Owner)
    }
}
