//! Revocations: salted hashes, which say nothing about the people revoked.

use std::io::BufRead as _;
use std::path::{Path, PathBuf};

use clap::Args;
use health_code::limits::{REVOCATIONS, TRUST_FILE_BYTES};
use health_code::trust::Revocations;
use program::{Failure, say};
use strict_cose::hex;

use crate::files::{self, Access};

/// Add people to revocations.bin
///
/// Reads lines from standard input: an issuer, a tab, and a pseudonym of 32 hex digits. The trust
/// list must be made anew afterwards, because it names the revocations by hash.
#[derive(Args)]
pub struct RevokeArgs {
    /// The salt in the trust list, 32 hex digits
    #[arg(long, value_name = "HEX")]
    salt: String,
    /// revocations.bin; it is made if missing
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// `kadian-issue trust revoke`.
pub fn revoke(arguments: &RevokeArgs) -> Result<(), Failure> {
    let salt: [u8; 16] = hex::decode_array(&arguments.salt).ok_or("--salt: 32 hex digits are wanted")?;
    let before =
        if arguments.file.exists() { read(&arguments.file, salt)? } else { Revocations::new(salt, []) };
    let mut entries = before.bytes().as_chunks::<8>().0.to_vec();
    for (number, line) in std::io::stdin().lock().lines().enumerate() {
        let line = line.map_err(|error| format!("standard input: {error}"))?;
        let pair = line.split_once('\t');
        let pair = pair.and_then(|(iss, pseudonym)| Some((iss, hex::decode_array(pseudonym.trim_end())?)));
        let (iss, pseudonym) = pair.ok_or(format!(
            "line {}: an issuer, a tab and 32 hex digits are wanted; nothing was written",
            number + 1
        ))?;
        entries.push(Revocations::entry(&salt, iss, &pseudonym));
        if entries.len() > REVOCATIONS {
            return Err(format!("more than {REVOCATIONS} entries; nothing was written").into());
        }
    }
    let after = Revocations::new(salt, entries);
    files::write(&arguments.file, after.bytes(), Access::Everyone)?;
    let moved = before.missing(after.index()).len();
    say!("{} entries, {} more; {moved} chunks changed", after.len(), after.len() - before.len())?;
    Ok(())
}

/// Reads the revocations of a file.
pub fn read(path: &Path, salt: [u8; 16]) -> Result<Revocations, String> {
    let bytes = files::read(path, TRUST_FILE_BYTES as u64)?.into();
    Revocations::read_unlisted(salt, &bytes).map_err(|rejection| format!("{}: {rejection}", path.display()))
}
