//! What crosses the network between a station and the back office. Pure.
//!
//! A station seals [`Report`]s to the back office's recipient key ([`seal`]), sends them in
//! signed [`Batch`]es, and erases what a signed [`Receipt`] acknowledges. It joins by a
//! [`Ticket`] ([`ticket`], [`enrol`]), and makes itself known again to an office that was restored ([`again`]); a gate without a network has its files carried ([`stick`]). Everything is COSE over canonical CBOR; `docs/wire.md` is the
//! protocol for implementers.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod about;
mod addressed;
pub mod again;
pub mod audit_head;
pub mod batch;
pub mod enrol;
pub mod erasure;
pub mod ids;
mod label;
pub mod limits;
pub mod notice;
pub mod receipt;
pub mod report;
pub mod seal;
pub mod stick;
#[cfg(test)]
mod testing;
pub mod ticket;
pub mod token;

pub use about::About;
pub use again::{Again, AgainAnswer};
pub use audit_head::AuditHead;
pub use batch::{Batch, SignedBatch};
pub use enrol::{Enrolment, EnrolmentAnswer};
pub use erasure::ErasureReceipt;
pub use ids::{BatchId, Generation, RecordId, StationId, StreamId};
pub use notice::{Notice, NoticeCode};
pub use receipt::{Offer, Pace, Receipt, ReceiptLine, RecordStatus, Withdrawn};
pub use report::{
    Carried, ClockState, Direction, Directions, Health, Outcome, Passage, Report, Roster, Shift, Shown,
};
pub use seal::{SealedReport, chain};
pub use strict_cose::hex;
pub use ticket::Ticket;
pub use token::StationToken;
