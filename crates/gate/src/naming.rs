//! What a checkpoint may be called.

use health_code::Community;
use health_code::trust::CheckpointId;

use crate::limits::CHECKPOINT_NAME_CHARS;
use crate::window::shift::CheckpointProblem;

/// Returns the name that a checkpoint gets, or what is wrong with it. `of` is the one that is renamed.
pub(crate) fn checkpoint_name<'n>(
    name: &'n str,
    of: Option<CheckpointId>,
    community: &Community,
) -> Result<&'n str, CheckpointProblem> {
    let name = name.trim();
    let others = || community.checkpoints.iter().filter(|checkpoint| Some(checkpoint.id) != of);
    let full = of.is_none() && community.checkpoints.len() >= health_code::limits::CHECKPOINTS;
    if !is_name(name) || full {
        Err(CheckpointProblem::BadName)
    } else if others().any(|checkpoint| checkpoint.name == name) {
        Err(CheckpointProblem::Exists)
    } else {
        Ok(name)
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.chars().count() <= CHECKPOINT_NAME_CHARS
        && name.len() <= wire::limits::NAME_BYTES
        && !name.chars().any(char::is_control)
}
