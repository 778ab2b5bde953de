//! Entries as JSON lines, for an export that outlives the database.

use health_code::Timestamp;
use serde::{Deserialize, Serialize};
use wire::hex;

use crate::store::Entry;

/// Why a line is no entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a line of an exported audit log")]
pub struct BadLine;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    seq: u64,
    at: i64,
    actor: Option<String>,
    act: String,
    object: String,
    region: String,
    committed: String,
    hash: String,
    salt: Option<String>,
    words: Option<String>,
}

/// Returns an entry as one line of JSON.
#[must_use]
pub fn line(entry: &Entry) -> String {
    let (salt, words) = entry.words.clone().unzip();
    let line = Line {
        seq: entry.seq,
        at: entry.at.0,
        actor: entry.actor.map(|id| id.to_string()),
        act: entry.act.clone(),
        object: entry.object.clone(),
        region: entry.region.to_string(),
        committed: hex::encode(&entry.committed),
        hash: hex::encode(&entry.hash),
        salt: salt.map(|salt| hex::encode(&salt)),
        words,
    };
    // Strings and numbers are always JSON.
    serde_json::to_string(&line).unwrap_or_default()
}

/// Reads a line.
///
/// # Errors
/// [`BadLine`].
pub fn parse_line(text: &str) -> Result<Entry, BadLine> {
    let line: Line = serde_json::from_str(text).map_err(|_| BadLine)?;
    let salt = line.salt.map(|salt| hex::decode_array(&salt).ok_or(BadLine)).transpose()?;
    Ok(Entry {
        seq: line.seq,
        at: Timestamp(line.at),
        actor: line.actor.map(|id| id.parse().map_err(|_| BadLine)).transpose()?,
        act: line.act,
        object: line.object,
        region: line.region.parse().map_err(|_| BadLine)?,
        committed: hex::decode_array(&line.committed).ok_or(BadLine)?,
        hash: hex::decode_array(&line.hash).ok_or(BadLine)?,
        words: salt.zip(line.words),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::check::tests::log;

    #[test]
    fn a_line_is_read_as_it_was_written() {
        for mut entry in log(2) {
            assert_eq!(parse_line(&line(&entry)), Ok(entry.clone()));
            entry.words = None;
            assert_eq!(parse_line(&line(&entry)), Ok(entry));
        }
        for bad in ["", "{}", "[1]", &line(&log(1)[0]).replace("\"hash\":\"", "\"hash\":\"z")] {
            assert_eq!(parse_line(bad), Err(BadLine), "{bad}");
        }
    }
}
