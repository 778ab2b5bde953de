//! Finds the program that uses a device.

use std::fs;
use std::path::Path;

use super::list::plain;
use crate::limits;

/// Media daemons. They keep devices open without capturing, so another program is named first.
const DAEMONS: [&str; 3] = ["pipewire", "wireplumber", "pulseaudio"];

/// Returns the name of another program that has the device open. `None` if there is none, or if it
/// runs under an account whose processes this one may not inspect.
pub(super) fn of(node: &Path) -> Option<String> {
    holder(Path::new("/proc"), node, std::process::id())
}

fn holder(proc: &Path, node: &Path, own: u32) -> Option<String> {
    let processes = fs::read_dir(proc).ok()?.flatten().take(limits::PROCESSES);
    let others = processes.filter(|entry| {
        let number = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok());
        number.is_some_and(|number| number != own)
    });
    let holders = others.filter(|process| {
        let open = fs::read_dir(process.path().join("fd")).into_iter().flatten().flatten();
        open.take(limits::OPEN_FILES).any(|file| fs::read_link(file.path()).is_ok_and(|to| to == node))
    });
    let names = holders.filter_map(|process| fs::read_to_string(process.path().join("comm")).ok());
    let mut names: Vec<String> = names.map(|name| plain(&name)).filter(|name| !name.is_empty()).collect();
    names.sort_by_key(|name| DAEMONS.contains(&name.as_str()));
    names.into_iter().next()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn process(proc: &Path, number: &str, name: &str, open: &str) {
        let folder = proc.join(number);
        fs::create_dir_all(folder.join("fd")).unwrap();
        fs::write(folder.join("comm"), format!("{name}\n")).unwrap();
        symlink("/dev/null", folder.join("fd/0")).unwrap();
        symlink(open, folder.join("fd/7")).unwrap();
    }

    #[test]
    fn a_program_is_named_before_a_daemon() {
        let proc = tempfile::tempdir().unwrap();
        let node = Path::new("/dev/video2");
        assert_eq!(holder(proc.path(), node, 1), None);
        process(proc.path(), "1", "kadian-station", "/dev/video2");
        process(proc.path(), "20", "other", "/dev/video3");
        process(proc.path(), "self", "odd", "/dev/video2");
        assert_eq!(holder(proc.path(), node, 1), None);
        process(proc.path(), "30", "wireplumber", "/dev/video2");
        assert_eq!(holder(proc.path(), node, 1).as_deref(), Some("wireplumber"));
        process(proc.path(), "40", "meeting", "/dev/video2");
        assert_eq!(holder(proc.path(), node, 1).as_deref(), Some("meeting"));
    }
}
