//! The password of a cluster.

use std::fs::File;
use std::io::{self, Read as _};

/// Returns 32 random hexadecimal digits.
pub(crate) fn password() -> io::Result<String> {
    let mut bytes = [0; 16];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
