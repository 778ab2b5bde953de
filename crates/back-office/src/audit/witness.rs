//! What stations saw: heads of the log, as their receipts showed them.

use wire::AuditHead;

/// Why a file is no list of heads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {0} is no head: a number of entries and 64 hexadecimal digits are wanted")]
pub struct BadWitness(pub usize);

/// Reads heads, one a line: how many entries, a space, the hash. Empty lines and what follows # are skipped.
///
/// # Errors
/// [`BadWitness`].
pub fn witnesses(text: &str) -> Result<Vec<AuditHead>, BadWitness> {
    let mut heads = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.is_empty() {
            continue;
        }
        heads.push(line.parse().map_err(|_| BadWitness(number + 1))?);
    }
    Ok(heads)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_read_a_line_each() {
        let hash = "ab".repeat(32);
        let text = format!("# 样例 08\n7 {hash}\n\n  12\t{hash}  # the last\n");
        let counts: Vec<u64> = witnesses(&text).unwrap().iter().map(|head| head.count).collect();
        assert_eq!(counts, [7, 12]);
        assert_eq!(witnesses("7 ab"), Err(BadWitness(1)));
        assert_eq!(witnesses(&format!("\nx {hash}")), Err(BadWitness(2)));
    }
}
