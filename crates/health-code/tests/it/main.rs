//! Codes and trust files as they come from outside: signed by `issuer`, spoilt by hand.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod attacks;
mod change;
mod code;
mod community_files;
mod days;
mod families;
mod mutants;
mod policies;
mod policy;
mod properties;
mod root_files;
mod testdata;
mod trust_files;
mod unvouched;
mod vectors;
mod verify;
mod world;
