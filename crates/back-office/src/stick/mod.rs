//! What a stick brings to an office and takes back, where stations have no network.
//!
//! Batches are committed by the same function as those of the network ([`batches`]), and their receipts go
//! back. Trust files go out as they are, and a community's file sealed to its stations ([`trust_files`]).
//! Requests of laptops to be enrolled are taken like the network's, and answered ([`requests`]).
//! [`folder`] reads and writes a stick's files by fixed names. `docs/sticks.md` is for whoever carries it.

pub mod batches;
pub mod folder;
pub mod requests;
pub mod trust_files;
