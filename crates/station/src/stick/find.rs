//! Which sticks are plugged in: file systems that are mounted where a desktop mounts them, or lie on a removable
//! device. Linux tells both in files.

use std::fs;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};

use crate::limits::{MOUNTS_BYTES, STICK_NAME_CHARS, STICKS, SYS_FILE_BYTES};

/// Where desktops mount what is plugged in.
const MEDIA: [&str; 3] = ["/media", "/run/media", "/mnt/usb"];

/// Where the system tells of mounts and devices, and a folder that counts as a stick, too.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    pub mounts: PathBuf,
    pub blocks: PathBuf,
    pub folder: Option<PathBuf>,
}

impl Places {
    /// Returns the system's places.
    pub(crate) fn of_system(folder: Option<PathBuf>) -> Self {
        Self { mounts: "/proc/self/mounts".into(), blocks: "/sys/class/block".into(), folder }
    }

    /// Returns the folders of the sticks that are plugged in, in the order of their mounting.
    pub(crate) fn sticks(&self) -> Vec<PathBuf> {
        let given = self.folder.clone().filter(|folder| folder.is_dir());
        let mounts = disk::read(&self.mounts, MOUNTS_BYTES).unwrap_or_default();
        let mounted = mounts.split(|byte| *byte == b'\n').filter_map(|line| self.stick_of(line));
        given.into_iter().chain(mounted).take(STICKS).collect()
    }

    /// Returns where a stick is mounted, if this line of `mounts` is one's.
    fn stick_of(&self, line: &[u8]) -> Option<PathBuf> {
        let mut fields = line.split(|byte| *byte == b' ');
        let (device, folder) = (unescaped(fields.next()?), unescaped(fields.next()?));
        let device = device.strip_prefix("/dev").ok()?.file_name()?.to_owned();
        let is_media = MEDIA.iter().any(|media| folder.starts_with(media));
        (is_media || self.is_removable(&device)).then_some(folder)
    }

    /// Returns whether a block device, or the one whose partition it is, can be taken out.
    fn is_removable(&self, device: &std::ffi::OsStr) -> bool {
        let Ok(device) = fs::canonicalize(self.blocks.join(device)) else { return false };
        let whole = match device.join("partition").exists() {
            true => device.parent().unwrap_or(&device).to_owned(),
            false => device,
        };
        disk::read(&whole.join("removable"), SYS_FILE_BYTES).is_ok_and(|told| told.trim_ascii() == b"1")
    }
}

/// Returns what a stick is called: by the name of its folder, which desktops take from its label.
pub(crate) fn name_of(folder: &Path) -> String {
    let name = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy();
    name.chars().filter(|character| !character.is_control()).take(STICK_NAME_CHARS).collect()
}

/// Returns a field of `mounts`, in which a blank is `\040`, and so on (proc_mounts(5)).
fn unescaped(field: &[u8]) -> PathBuf {
    let mut bytes = Vec::with_capacity(field.len());
    let mut rest = field;
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..3).filter(|_| *first == b'\\');
        let byte = digits.and_then(|digits| std::str::from_utf8(digits).ok());
        match byte.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(3..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    std::ffi::OsString::from_vec(bytes).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A system with a disk `sda`, a removable `sdb` with a partition, and a removable `mmcblk0`.
    fn system(mounts: &str) -> (tempfile::TempDir, Places) {
        let dir = tempfile::tempdir().unwrap();
        let blocks = dir.path().join("block");
        for (device, removable) in [("sda", "0\n"), ("sdb", "1\n"), ("mmcblk0", "1\n")] {
            fs::create_dir_all(blocks.join(device)).unwrap();
            fs::write(blocks.join(device).join("removable"), removable).unwrap();
        }
        for part in ["sda/sda1", "sdb/sdb1"] {
            fs::create_dir(blocks.join(part)).unwrap();
            fs::write(blocks.join(part).join("partition"), "1\n").unwrap();
            std::os::unix::fs::symlink(part, blocks.join(part.split_once('/').unwrap().1)).unwrap();
        }
        fs::write(dir.path().join("mounts"), mounts).unwrap();
        let places = Places { mounts: dir.path().join("mounts"), blocks, folder: None };
        (dir, places)
    }

    #[test]
    fn what_is_mounted_as_a_desktop_does_or_can_be_taken_out_is_a_stick_and_no_disk_is() {
        let (_dir, places) = system(
            "sysfs /sys sysfs rw 0 0\n\
             /dev/sda1 / ext4 rw 0 0\n\
             /dev/sda2 /home ext4 rw 0 0\n\
             tmpfs /media/none tmpfs rw 0 0\n\
             /dev/sdc1 /media/gate/SAMPLE\\040STICK vfat rw 0 0\n\
             /dev/sdb1 /srv/stick vfat rw 0 0\n\
             /dev/mmcblk0 /srv/card vfat rw 0 0\n\
             broken\n\n",
        );
        let expected = ["/media/gate/SAMPLE STICK", "/srv/stick", "/srv/card"].map(PathBuf::from);
        assert_eq!(places.sticks(), expected);
        assert_eq!(name_of(&expected[0]), "SAMPLE STICK");
        assert_eq!(name_of(Path::new("/media/a\u{7}b")), "ab");
    }

    #[test]
    fn a_folder_that_is_given_counts_and_a_system_that_tells_nothing_has_no_stick() {
        let (dir, places) = system("");
        assert!(places.sticks().is_empty());
        let given = Places { folder: Some(dir.path().to_owned()), ..places.clone() };
        assert_eq!(given.sticks(), [dir.path()]);
        let silent =
            Places { mounts: dir.path().join("none"), folder: Some(dir.path().join("none")), ..places };
        assert!(silent.sticks().is_empty());
    }

    #[test]
    fn the_sticks_that_are_looked_at_are_bounded() {
        let many: String = (0..100).map(|n| format!("/dev/sdc{n} /media/gate/{n} vfat rw 0 0\n")).collect();
        assert_eq!(system(&many).1.sticks().len(), STICKS);
    }
}
