//! Whether the chosen relay is there, without opening it.

use std::path::PathBuf;

use rustix::fs::{Access, access};
use rustix::io::Errno;
use scanner::System;

use crate::choice::RelayChoice;
use crate::fault::RelayFault;

/// Returns the path of the chosen relay's port, where it is plugged in and this account may use it. Nothing is
/// opened, so that nothing moves.
///
/// # Errors
/// [`RelayFault`]; [`RelayFault::Absent`] for none, too.
pub fn look(choice: &RelayChoice, system: &System) -> Result<PathBuf, RelayFault> {
    let port = choice.port().ok_or(RelayFault::Absent)?;
    let path = scanner::port_of(port, system).ok_or(RelayFault::Absent)?;
    match access(&path, Access::READ_OK | Access::WRITE_OK) {
        Ok(()) => Ok(path),
        Err(Errno::NOENT | Errno::NODEV | Errno::NXIO) => Err(RelayFault::Absent),
        Err(Errno::ACCESS | Errno::PERM) => Err(RelayFault::NoPermission),
        Err(_) => Err(RelayFault::Unusable),
    }
}

#[cfg(test)]
mod tests {
    use scanner::Port;

    use super::*;
    use crate::choice::Pulse;

    #[test]
    fn a_relay_is_looked_for_where_its_port_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ttyS0");
        let port = Port::Path { path: path.clone() };
        let choice = RelayChoice::Bytes { port, pulse_ms: Pulse::default() };
        let system = System::default();
        assert_eq!(look(&choice, &system), Err(RelayFault::Absent));
        std::fs::write(&path, "").unwrap();
        assert_eq!(look(&choice, &system), Ok(path));
        assert_eq!(look(&RelayChoice::None, &system), Err(RelayFault::Absent));
    }
}
