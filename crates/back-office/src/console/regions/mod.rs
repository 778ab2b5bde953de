//! Regions by name: the imported table, and how a pasted text finds its place in it.

mod find;
mod forms;
mod import;
mod level;
mod table;

pub use find::Found;
pub use import::{Imported, LineError, import};
pub use level::Level;
pub use table::RegionTable;

#[cfg(test)]
pub(in crate::console) use find::tests::table as sample_table;
