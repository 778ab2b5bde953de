//! A scanner that is a keyboard, taken from the rest of the system (`EVIOCGRAB`): its keys reach nobody else,
//! and no layout, input method or focus touches them.

mod list;
mod taken;

pub(crate) use list::{candidates, nodes_of};
pub(crate) use taken::{Taken, Typed, take};
