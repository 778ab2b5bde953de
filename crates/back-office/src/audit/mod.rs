//! The audit log as a whole: checked, exported, compared with what stations witnessed. `docs/audit-log.md` has
//! the format.

mod check;
mod latest;
mod search;
mod text;
mod witness;

pub use check::{Checked, Follower, check};
pub use latest::LatestHead;
pub use search::{Found, Said, Sought, SoughtText, said, search};
pub use text::{BadLine, line, parse_line};
pub use witness::{BadWitness, witnesses};
