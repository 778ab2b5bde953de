//! The console: people and roles, stations and tickets, for the people who run the deployment.
//!
//! `docs/console-api.json` describes its API. What decides is pure and has no request in it.

pub mod account;
pub mod api;
pub mod assets;
pub mod board;
pub mod caller;
pub mod certificate_page;
pub mod consent;
pub mod consents;
pub mod delays;
pub mod document;
pub mod error;
pub mod filed;
pub mod first_start;
pub mod gates;
pub mod looking;
pub mod names;
pub mod officers;
pub mod pages;
pub mod passphrase;
pub mod people;
pub mod pictured;
pub mod reason;
pub mod regions;
pub mod rights;
pub mod sealed;
pub mod second_factor;
pub mod session;
pub mod shown;
pub mod spreadsheet;
pub mod state;
pub mod stations;
pub mod trace;
pub mod view;
pub mod words;
pub mod work;
