//! Limits against hostile or broken input: devices, drivers, files of the system and of a folder.

use std::time::Duration;

/// Longest side of a frame in pixels.
pub const SIDE: usize = 4096;
/// Largest compressed frame in bytes.
pub const JPEG_BYTES: usize = 8 * 1024 * 1024;

/// Most video devices that are listed.
pub const DEVICES: usize = 64;
/// Longest name of a device or program, in characters.
pub const DEVICE_NAME_CHARS: usize = 64;
/// Most capture modes of one device that are compared.
pub const CAPTURE_MODES: usize = 1024;
/// Most bytes read from a file under `/sys`.
pub const SYS_FILE_BYTES: u64 = 256;
/// Most bytes read from `/etc/passwd` and `/etc/group`.
pub const ACCOUNTS_BYTES: u64 = 1024 * 1024;
/// Most processes that are searched for one that holds a device.
pub const PROCESSES: usize = 4096;
/// Most open files of each process that are searched.
pub const OPEN_FILES: usize = 1024;

/// Longest time to open a device. A device that takes longer is abandoned with its thread.
pub const OPENING: Duration = Duration::from_secs(5);
/// Most capture threads at a time, including abandoned ones that hang in a driver. No device is
/// opened beyond that.
pub const CAPTURE_THREADS: usize = 8;

/// Longest text of a code in the simulated camera's folder, in bytes.
pub const CODE_BYTES: u64 = 8 * 1024;
/// Longest name of a code in that folder, in bytes.
pub const NAME_BYTES: usize = 64;
/// Largest picture file in bytes.
pub const PICTURE_BYTES: u64 = 32 * 1024 * 1024;
/// Most picture files of a folder.
pub const PICTURES: usize = 10_000;
