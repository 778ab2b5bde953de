//! Keeps the process's memory out of files.

use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

/// Switches core dumps off. Other processes of the same user then cannot read this one's memory.
pub(crate) fn keep_private() {
    let no_core = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    let no_dump = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    if let Err(error) = no_core.and(no_dump) {
        tracing::warn!(%error, "core dumps could not be switched off");
    }
}
