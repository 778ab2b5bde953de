//! A sample deployment: keys, root, trust list, community, revocations and a code.
//!
//! [`Deployment::new`] holds plain values. A test changes them, then [`Deployment::files`] signs
//! them. The same values give the same bytes: the vectors in `health-code/testdata` come from here.
//!
//! Only tests and `kadian-issue demo` depend on this crate.

mod deployment;
mod keys;
mod rows;

pub use deployment::Deployment;
pub use keys::{
    ABROAD, HUBEI, Keys, NATION, NATIONAL, PUBLISHER, RECEIPTS, REGION, ROOT, STRANGER, WUHAN, key, role_keys,
};
pub use rows::{DAY, DIGITS, HERE, NOW, PHC, PHONE, claims, listed, listed_at, region};
