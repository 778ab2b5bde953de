//! Checkpoints that were added here and that the community's file does not list yet. They outlive a restart.

use std::fmt;
use std::str::FromStr;

use health_code::limits::CHECKPOINTS;
use health_code::trust::CheckpointId;

use crate::limits::CHECKPOINT_NAME_CHARS;
use crate::window::shift::Directions;

/// A checkpoint of the community's file, or one that was added here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) id: CheckpointId,
    pub(crate) name: String,
    pub(crate) directions: Directions,
}

/// The checkpoints that were added here, in the order in which they were.
///
/// As text it is one line for each: `0101010101010101 both 北门`. A name has no line breaks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AddedCheckpoints(pub(super) Vec<Place>);

/// A text that does not hold added checkpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadCheckpoints;

impl fmt::Display for AddedCheckpoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Place { id, name, directions } in &self.0 {
            writeln!(f, "{id} {} {name}", word(*directions))?;
        }
        Ok(())
    }
}

impl FromStr for AddedCheckpoints {
    type Err = BadCheckpoints;

    fn from_str(text: &str) -> Result<Self, BadCheckpoints> {
        let mut added = Vec::new();
        for line in text.lines() {
            let mut parts = line.splitn(3, ' ');
            let (Some(id), Some(directions), Some(name)) = (parts.next(), parts.next(), parts.next()) else {
                return Err(BadCheckpoints);
            };
            let id: CheckpointId = id.parse().map_err(|_| BadCheckpoints)?;
            let all = [Directions::Entry, Directions::Exit, Directions::Both];
            let directions =
                all.into_iter().find(|known| word(*known) == directions).ok_or(BadCheckpoints)?;
            if !is_name(name) || added.len() == CHECKPOINTS {
                return Err(BadCheckpoints);
            }
            added.push(Place { id, name: name.to_owned(), directions });
        }
        Ok(Self(added))
    }
}

impl fmt::Display for BadCheckpoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a list of added checkpoints")
    }
}

impl std::error::Error for BadCheckpoints {}

/// Returns whether a checkpoint may have this name.
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.trim() == name
        && name.chars().count() <= CHECKPOINT_NAME_CHARS
        && name.len() <= wire::limits::NAME_BYTES
        && !name.chars().any(char::is_control)
}

fn word(directions: Directions) -> &'static str {
    match directions {
        Directions::Entry => "entry",
        Directions::Exit => "exit",
        Directions::Both => "both",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let place = |id: u8, name: &str, directions| Place {
            id: CheckpointId([id; 8]),
            name: name.to_owned(),
            directions,
        };
        let added = AddedCheckpoints(vec![
            place(1, "北门", Directions::Both),
            place(2, "gate 2, by the river", Directions::Entry),
            place(3, "西门", Directions::Exit),
        ]);
        assert_eq!(added.to_string().lines().next(), Some("0101010101010101 both 北门"));
        assert_eq!(added.to_string().parse(), Ok(added));
        assert_eq!("".parse(), Ok(AddedCheckpoints::default()));
    }

    #[test]
    fn what_nobody_wrote_is_refused() {
        let line = "0101010101010101 both 北门\n";
        let many = line.repeat(CHECKPOINTS + 1);
        let long = format!("0101010101010101 both {}\n", "门".repeat(CHECKPOINT_NAME_CHARS + 1));
        for bad in ["01 both x", "0101010101010101 both", "0101010101010101 up x", "x", &many, &long] {
            assert_eq!(bad.parse::<AddedCheckpoints>(), Err(BadCheckpoints), "{bad}");
        }
        assert!(format!("{line}0202020202020202 exit a\u{7}b").parse::<AddedCheckpoints>().is_err());
    }
}
