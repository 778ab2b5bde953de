//! The console: people and roles, stations and tickets, for the people who run the deployment.
//!
//! `docs/console-api.json` describes its API. What decides is pure and has no request in it.

pub mod delays;
pub mod passphrase;
pub mod people;
pub mod regions;
pub mod second_factor;
pub mod words;
