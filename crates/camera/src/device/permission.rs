//! Finds the command that lets this account open a device.

use std::fs;
use std::path::Path;

use super::list::plain;
use crate::limits;

/// Returns the command with which an administrator lets this account open a device. `None` if no
/// group may open it, or if this account is root: then the cause is another one.
#[cfg(unix)]
pub(super) fn command(node: &Path) -> Option<String> {
    use std::os::unix::fs::MetadataExt as _;
    const GROUP_MAY: u32 = 0o060;
    let node = fs::metadata(node).ok()?;
    // `/proc/self` belongs to the account that runs this program.
    let account = fs::metadata("/proc/self").ok()?.uid();
    if account == 0 || node.gid() == 0 || node.mode() & GROUP_MAY != GROUP_MAY {
        return None;
    }
    let group = name_of(Path::new("/etc/group"), node.gid())?;
    let account = name_of(Path::new("/etc/passwd"), account)?;
    Some(format!("sudo usermod -aG {group} {account}"))
}

#[cfg(not(unix))]
pub(super) fn command(_: &Path) -> Option<String> {
    None
}

/// Looks a number up in `/etc/passwd` or `/etc/group`, and returns its name if a shell needs no
/// quotes for it.
fn name_of(file: &Path, number: u32) -> Option<String> {
    use std::io::Read as _;
    let mut text = String::new();
    fs::File::open(file).ok()?.take(limits::ACCOUNTS_BYTES).read_to_string(&mut text).ok()?;
    let name = text.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(number)).then_some(name)
    })?;
    let is_plain = |char: char| char.is_ascii_alphanumeric() || "._-".contains(char);
    (!name.is_empty() && !name.starts_with('-') && name.chars().all(is_plain)).then(|| plain(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_by_number() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "root:x:0:\nvideo:x:44:a,b\n# odd\nodd:x\n$(x):x:45:\nbad line\n").unwrap();
        assert_eq!(name_of(file.path(), 44).as_deref(), Some("video"));
        assert_eq!(name_of(file.path(), 45), None);
        assert_eq!(name_of(file.path(), 46), None);
        assert_eq!(name_of(Path::new("/nonexistent"), 44), None);
    }

    #[test]
    fn nobody_is_told_to_join_the_administrators() {
        assert_eq!(command(Path::new("/dev/null")), None);
        assert_eq!(command(Path::new("/nonexistent")), None);
    }
}
