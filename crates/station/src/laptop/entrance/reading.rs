//! What a text is, where a ticket is waited for, and what a ticket says.

use health_code::{Timestamp, code, hcert};
use wire::Ticket;

use super::view::{TicketProblem, TicketView};
use crate::settings::address;

/// Reads a ticket, or says what the text is instead.
pub(super) fn taken(text: &str) -> Result<Box<Ticket>, TicketProblem> {
    if let Ok(ticket) = Ticket::parse(text) {
        return Ok(Box::new(ticket));
    }
    let begins = |prefix: &str| text.trim_start().starts_with(prefix);
    Err(if Ticket::is_meant_by(text) {
        TicketProblem::Broken
    } else if text.trim().is_empty() {
        TicketProblem::Empty
    } else if begins(code::PREFIX) {
        TicketProblem::HealthCode
    } else if begins(hcert::PREFIX) {
        TicketProblem::Certificate
    } else if begins("https://") || begins("http://") {
        TicketProblem::Address
    } else {
        TicketProblem::Other
    })
}

/// Returns what a ticket says, for a person to compare.
pub(super) fn shown(ticket: &Ticket) -> TicketView {
    let (host, port) = address(&ticket.url);
    TicketView {
        community: ticket.community.clone(),
        office: ticket.office.clone(),
        laptop: ticket.laptop.clone(),
        host,
        port,
        expires: Timestamp(ticket.expires),
        fingerprint: ticket.fingerprint().to_vec(),
    }
}
